"""The sample's days, and the curves of demand drawn over them.

A curve is a float array with one value per usage day, the first being ``FIRST``. Usage days run from 1 November
2024 to 20 October 2026, both inclusive, in UTC; they make twenty-four billing months, the last of them still open.
Noise comes from named streams of one fixed seed, so a part of the sample never shifts when another is edited.
Levels of a ramp are said for the latest year; the year before leads up to them unevenly (``_PATH``).
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from costlib.periods import add_months

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
#: What arithmetic on curves gives back, as NumPy types it.
Curve = npt.NDArray[np.floating[Any]]
BoolArray = npt.NDArray[np.bool_]

FIRST: Final = date(2024, 11, 1)
LAST: Final = date(2026, 10, 20)
COUNT: Final = (LAST - FIRST).days + 1
MONTHS: Final = tuple(add_months(FIRST, number) for number in range(24))
#: Where the latest year begins, and the days before it.
LATEST: Final = date(2025, 11, 1)
EARLIER: Final = (LATEST - FIRST).days
SEED: Final = 20261020

#: Mean days in a month: turns a monthly figure into a daily one.

#: Days of the retail peaks of both years: the week of Black Friday, and the weeks before Christmas.
_PEAKS: Final = (
    ("2024-11-25", "2024-12-02", 1.0),
    ("2024-12-03", "2024-12-20", 0.45),
    ("2025-11-24", "2025-12-01", 1.0),
    ("2025-12-02", "2025-12-20", 0.45),
)

#: How far the company had come by a day of the earlier year, on the scale on which the ten months from November 2025
#: to September 2026 are 1: a slow winter, a busy spring, a hiring freeze over the summer, a hurried autumn.
_PATH: Final = (
    ("2024-11-01", -1.08),
    ("2025-01-06", -1.02),
    ("2025-03-01", -0.90),
    ("2025-06-01", -0.47),
    ("2025-09-01", -0.40),
    ("2025-11-01", -15 / 304),
)


def stream(name: str) -> np.random.Generator:
    """The random numbers of one part of the sample."""
    return np.random.Generator(np.random.PCG64([SEED, zlib.crc32(name.encode())]))


def index(day: date | str) -> int:
    """Position of a day, given as a date or in ISO form.

    >>> index("2025-11-01"), index(LAST)
    (365, 718)
    """
    return ((date.fromisoformat(day) if isinstance(day, str) else day) - FIRST).days


def dates() -> list[date]:
    """Every usage day in order."""
    return [FIRST + timedelta(days=number) for number in range(COUNT)]


def month_of() -> IntArray:
    """For each day, the position of its month in ``MONTHS``."""
    return np.array([(day.year - FIRST.year) * 12 + day.month - FIRST.month for day in dates()], dtype=np.int64)


def month_days() -> FloatArray:
    """For each day, the number of days in its month: what a GB-month is divided by."""
    lengths = np.array([(add_months(month, 1) - month).days for month in MONTHS], dtype=np.float64)
    return lengths[month_of()]


def weekday() -> IntArray:
    """For each day, 0 for Monday to 6 for Sunday."""
    return (np.arange(COUNT, dtype=np.int64) + FIRST.weekday()) % 7


def flat(value: float) -> FloatArray:
    """The same value every day."""
    return np.full(COUNT, value, dtype=np.float64)


def ramp(start: float, end: float) -> FloatArray:
    """Growth from ``start``, the level of November 2025, to ``end``, the level of September 2026.

    Steady in the latest year; in the year before it leads up to ``start`` along ``_PATH``.

    >>> curve = ramp(100.0, 200.0)
    >>> [float(curve[index(day)].round()) for day in ("2024-11-01", "2025-11-16", "2026-09-16")]
    [47.0, 100.0, 200.0]
    """
    begin, finish = index("2025-11-16"), index("2026-09-16")
    progress = (np.arange(COUNT) - begin) / (finish - begin)
    knots = [index(day) for day, _ in _PATH]
    progress[:EARLIER] = np.interp(np.arange(EARLIER), knots, [reached for _, reached in _PATH])
    return start * np.power(end / start, progress)


def steps(first: float, *changes: tuple[str, float]) -> FloatArray:
    """A level that holds until the day of the next change.

    >>> steps(1.0, ("2024-11-03", 5.0))[:4].tolist()
    [1.0, 1.0, 5.0, 5.0]
    """
    curve = flat(first)
    for day, level in changes:
        curve[index(day) :] = level
    return curve


def between(first: str, last: str) -> BoolArray:
    """True from the first day to the last, both included."""
    number = np.arange(COUNT)
    return (number >= index(first)) & (number <= index(last))


def since(first: str) -> BoolArray:
    """True from the first day on."""
    return np.arange(COUNT) >= index(first)


def on_weekdays(*numbers: int) -> BoolArray:
    """True on the given days of the week, 0 being Monday."""
    return np.isin(weekday(), numbers)


def weekly(weekend: float) -> FloatArray:
    """The rhythm of a week: the weekend's level relative to a working day's, with mean 1 over the week.

    >>> sorted(set(weekly(0.3).round(4).tolist()))
    [0.375, 1.25]
    """
    shape = np.where(weekday() >= 5, weekend, 1.0)
    return shape * (7 / (5 + 2 * weekend))


def campaign(strength: float) -> FloatArray:
    """1 on a normal day; 1 + ``strength`` in the week of Black Friday, less before Christmas."""
    curve = flat(1.0)
    for first, last, share in _PEAKS:
        curve[between(first, last)] += strength * share
    return curve


def draws(rng: np.random.Generator) -> FloatArray:
    """A number between 0 and 1 a day; those of the earlier year come from a stream of their own."""
    (earlier,) = rng.spawn(1)
    return np.concatenate([earlier.random(EARLIER), rng.random(COUNT - EARLIER)])


def noise(rng: np.random.Generator, spread: float) -> FloatArray:
    """Factors spread evenly over 1 - ``spread`` to 1 + ``spread``."""
    return 1 + spread * (2 * draws(rng) - 1)


def hours(curve: FloatArray, most: float = 24.0) -> FloatArray:
    """The curve as hours that one machine can run in a day, to the second's order.

    >>> hours(flat(31.2))[0], hours(flat(0.33333333))[0]
    (np.float64(24.0), np.float64(0.3333))
    """
    return np.clip(curve, 0.0, most).round(4)
