"""Charges that come on the same day of every month, quarter, half-year or year: support, subscriptions, reservations.

Conventions: daily cost, ``[series, day]`` in money, NaN where it is unknown, which says neither that a charge came nor
that it did not; ``end`` is the day after the last column. A day of the month is 1 to 28, or the month's last. A charge
is what its day costs beyond the days around it. A smoothing over days would spread it, or take it for noise: it is
taken out before, and put back on the days on which it falls due.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.scale import bridged, known_median

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]

#: Months from one charge to the next, and how often in a row one has come lately; monthly ones are looked for first.
_CAME = {1: 3, 3: 3, 6: 2, 12: 2}
MONTHLY, SELDOM = (1,), (3, 6, 12)
#: The share of all its days, since the first, on which a charge has come.
_SHARE = 0.75
#: It is this many times what the days around cost, and this many usual deviations from them.
_TIMES, _DEVIATIONS = 1.0, 6.0
#: Other days as high as that, as a share of all: above it the series is merely restless.
_RESTLESS = 0.02
#: Days to either side that a day is held against, and weight of each newer charge in the expected one.
_AROUND, _NEWER = 4, 0.5
_LAST = 0


@dataclass(frozen=True)
class Charges:
    """Charges ahead: ``likely`` ``[series, step]``, and by how much past ones missed, sorted, ``[series, miss]``.

    A miss is a factor; on a path it is one for all charges to come.
    """

    likely: Array
    misses: Array

    def at(self, probability: Array) -> Array:
        """Charges at probabilities, ``[series, step, probability]``."""
        return self.likely[:, :, None] * self._miss(probability)[:, None, :]

    def along(self, rows: Positions, place: Array) -> Array:
        """Charges on paths at places 0 to 1 among the misses, ``[series, step, path]``."""
        return self.likely[rows][:, :, None] * self._miss(place)[rows][:, None, :]

    def _miss(self, place: Array) -> Array:
        cut = (np.arange(self.misses.shape[1]) + 0.5) / self.misses.shape[1]
        factors: Array = np.array([np.interp(place, cut, row) for row in self.misses])
        return factors


def fixed_charges(
    y: Array, end: date, horizon: int, every: Sequence[int] = (*MONTHLY, *SELDOM)
) -> tuple[Array, Charges | None]:
    """The cost without the charges that come every so many months, and those ahead; None where no series has any.

    >>> y = np.full((1, 120), 10.0); y[0, [0, 31, 59, 90]] = 510.0
    >>> rest, ahead = fixed_charges(y, date(2026, 5, 1), 31)
    >>> float(rest.max()), float(ahead.likely[0, 0]), float(ahead.likely[0, 1:].max())
    (10.0, 500.0, 0.0)
    """
    coming = _Calendar.of([end + timedelta(days=step) for step in range(horizon)])
    around = _around(y)
    rest, likely = y.copy(), np.zeros((len(y), horizon))
    found: dict[int, list[float]] = {}
    for one in _charges(y, around, end, every):
        expected, misses = _expected(y[one.row, one.came] - around[one.row, one.came])
        rest[one.row, one.came] = around[one.row, one.came]
        likely[one.row, coming.on(one.day, one.every, one.month)] += expected
        found.setdefault(one.row, []).extend(misses)
    return (rest, Charges(likely, _rectangle(found, len(y)))) if found else (y, None)


def bridged_days(y: Array, end: date, week: int) -> Array:
    """The cost with gaps inside a series bridged (``scale.bridged``), its charges apart: one that fell due on
    an unknown day is taken to be what the next one is.

    >>> y = np.full((1, 151), 10.0); y[0, [0, 31, 59, 90, 120]] = 510.0; y[0, 59:90] = np.nan
    >>> float(bridged_days(y, date(2026, 6, 1), 7)[0, 59:90].sum())
    810.0
    """
    if not np.isnan(y).any():
        return y
    around = _around(y)
    rest, charges = y.copy(), np.zeros(y.shape)
    for one in _charges(y, around, end):
        charges[one.row, one.came] = y[one.row, one.came] - around[one.row, one.came]
        charges[one.row, one.unknown], _ = _expected(charges[one.row, one.came])
        rest[one.row, one.came] = around[one.row, one.came]
    return bridged(rest, week) + charges


def one_offs(y: Array, end: date) -> Array:
    """What single days cost more or less than those around them, ``[series, day]``: a refund, a fee for a year.

    0 on all other days, for charges that come again, and in a series where such days are nothing special.

    >>> y = np.full((1, 120), 10.0); y[0, [0, 31, 59, 90]] = 510.0; y[0, 100] = -290.0
    >>> one_offs(y, date(2026, 5, 1))[0, [90, 99, 100]].tolist()
    [0.0, 0.0, -300.0]
    """
    rest, _ = fixed_charges(y, end, 1)
    around = _around(rest)
    beyond = rest - around
    apart = _high(np.abs(beyond), around)
    rare = apart.sum(axis=1) <= _RESTLESS * y.shape[1]
    return np.where(apart & rare[:, None], beyond, 0.0)


@dataclass(frozen=True)
class _Charge:
    """A charge of one series: its day of the month, the months from one to the next and the place of its own among
    them, the columns on which it came, and the unknown ones on which it would have.
    """

    row: int
    day: int
    every: int
    month: int
    came: Positions
    unknown: Positions


@dataclass(frozen=True)
class _Calendar:
    """The days of some columns: 1 to 28, _LAST for the last of a longer month, others none that a charge comes on;
    months are counted.
    """

    days: Positions
    months: Positions

    @classmethod
    def of(cls, days: list[date]) -> _Calendar:
        """The calendar of these days."""
        lasts = [(day + timedelta(days=1)).day == 1 and day.day > 28 for day in days]
        named = [_LAST if last else day.day for day, last in zip(days, lasts, strict=True)]
        return cls(np.array(named), np.array([day.year * 12 + day.month for day in days]))

    def on(self, day: int, every: int, month: int) -> Flags:
        """Which columns are this day of one month in so many."""
        return np.asarray((self.days == day) & (self.months % every == month))


def _charges(y: Array, around: Array, end: date, every: Sequence[int] = (*MONTHLY, *SELDOM)) -> Iterator[_Charge]:
    periods = y.shape[1]
    calendar = _Calendar.of([end - timedelta(days=periods - place) for place in range(periods)])
    known, high = ~np.isnan(y), _high(y - around, around)
    for months in every:
        left = high.copy()
        for day, month in product((*range(1, 29), _LAST), range(months)):
            places = np.flatnonzero(calendar.on(day, months, month))
            for row in _charged(high, known, places, months).tolist() if len(places) >= _CAME[months] else ():
                came = places[high[row, places]]
                left[row, came] = False
                yield _Charge(row, day, months, month, came, places[~known[row, places]])
        high = left


def _around(y: Array) -> Array:
    """The median of the days to either side of each, the day itself left out."""
    padded = np.pad(y, ((0, 0), (_AROUND, _AROUND)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1, axis=1)
    others = np.concatenate([windows[:, :, :_AROUND], windows[:, :, _AROUND + 1 :]], axis=2)
    return known_median(others.reshape(-1, 2 * _AROUND)).reshape(y.shape)


def _high(beyond: Array, around: Array) -> Flags:
    """Days that cost far more than those around; none in a series where that is nothing special."""
    usual = known_median(np.abs(beyond))[:, None]
    limit = np.maximum(_TIMES * np.abs(around), _DEVIATIONS * usual)
    return np.asarray(beyond > limit)


def _charged(high: Flags, known: Flags, places: Positions, months: int) -> Positions:
    """Series that are high on these days, time after time as far as they are known, and hardly on others.

    What came in few months may be chance in a series that has many such days.
    """
    on_day, told, enough = high[:, places], known[:, places], _CAME[months]
    if not (on_day.sum(axis=1) >= enough).any():
        return np.empty(0, dtype=np.intp)
    since_last = told[:, ::-1].cumsum(axis=1)[:, ::-1]
    recent = (on_day | ~told | (since_last > enough)).all(axis=1) & (told.sum(axis=1) >= enough)
    others = high.sum(axis=1) - on_day.sum(axis=1)
    usual = _RESTLESS * high.shape[1] + len(places) if months == 1 else on_day.sum(axis=1) // 2
    often = _share_since_first(on_day, told) >= _SHARE
    return np.flatnonzero(recent & often & (others <= usual))


def _share_since_first(on_day: Flags, told: Flags) -> Array:
    since = np.logical_or.accumulate(on_day, axis=1) & told
    share: Array = on_day.sum(axis=1) / np.maximum(since.sum(axis=1), 1)
    return share


def _expected(amounts: Array) -> tuple[float, list[float]]:
    """The next charge, and by which factor each past one missed what was expected of it."""
    expected, misses = float(amounts[0]), []
    for one in amounts[1:].tolist():
        misses.append(one / expected)
        expected += _NEWER * (one - expected)
    return expected, misses


def _rectangle(found: dict[int, list[float]], series: int) -> Array:
    """Misses as rows of one length, sorted, with a median of 1; 1 throughout for series without charges."""
    length = max(map(len, found.values()))
    misses = np.ones((series, length))
    for row, each in found.items():
        ordered = np.sort(each) / np.median(each)
        misses[row] = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(ordered)), ordered)
    return misses
