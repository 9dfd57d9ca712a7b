"""Charges that come on the same day of every month: support, subscriptions, reservations.

Conventions: daily cost, ``[series, day]`` in money, NaN where it is unknown, which says neither that a charge came nor
that it did not; ``end`` is the day after the last column. A day of the month is 1 to 28, or the month's last. A charge
is what its day costs beyond the days around it. A smoothing over days would spread it, or take it for noise: it is
taken out before, and put back on the days on which it falls due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.scale import bridged, known_median

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]

#: A charge has come in each of the last so many months, and in at least this share of those before.
_MONTHS, _SHARE = 3, 0.75
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


def monthly_charges(y: Array, end: date, horizon: int) -> tuple[Array, Charges | None]:
    """The cost without its monthly charges, and those ahead; None where no series has any.

    >>> y = np.full((1, 120), 10.0); y[0, [0, 31, 59, 90]] = 510.0
    >>> rest, ahead = monthly_charges(y, date(2026, 5, 1), 31)
    >>> float(rest.max()), float(ahead.likely[0, 0]), float(ahead.likely[0, 1:].max())
    (10.0, 500.0, 0.0)
    """
    coming = _days_of_month([end + timedelta(days=step) for step in range(horizon)])
    around = _around(y)
    rest, likely = y.copy(), np.zeros((len(y), horizon))
    found: dict[int, list[float]] = {}
    for one in _charges(y, around, end):
        expected, misses = _expected(y[one.row, one.came] - around[one.row, one.came])
        rest[one.row, one.came] = around[one.row, one.came]
        likely[one.row, coming == one.day] += expected
        found.setdefault(one.row, []).extend(misses)
    return (rest, Charges(likely, _rectangle(found, len(y)))) if found else (y, None)


def bridged_days(y: Array, end: date, week: int) -> Array:
    """The cost with gaps inside a series bridged (``scale.bridged``), its monthly charges apart: one that fell due on
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


@dataclass(frozen=True)
class _Charge:
    """A charge of one series: its day of the month, the columns on which it came, and the unknown ones of that day."""

    row: int
    day: int
    came: Positions
    unknown: Positions


def _charges(y: Array, around: Array, end: date) -> Iterator[_Charge]:
    periods = y.shape[1]
    days = _days_of_month([end - timedelta(days=periods - place) for place in range(periods)])
    known, high = ~np.isnan(y), _high(y - around, around)
    for day in (*range(1, 29), _LAST):
        places = np.flatnonzero(days == day)
        for row in _charged(high, known, places).tolist() if len(places) >= _MONTHS else ():
            yield _Charge(row, day, places[high[row, places]], places[~known[row, places]])


def _days_of_month(days: list[date]) -> Positions:
    """1 to 28, and _LAST for the last day of a longer month; other days are none that a charge comes on."""
    return np.array([_LAST if (day + timedelta(days=1)).day == 1 and day.day > 28 else day.day for day in days])


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


def _charged(high: Flags, known: Flags, places: Positions) -> Positions:
    """Series that are high on these days, month after month as far as they are known, and hardly on others."""
    on_day, told = high[:, places], known[:, places]
    since_last = told[:, ::-1].cumsum(axis=1)[:, ::-1]
    recent = (on_day | ~told | (since_last > _MONTHS)).all(axis=1) & (told.sum(axis=1) >= _MONTHS)
    others = high.sum(axis=1) - on_day.sum(axis=1)
    often = _share_since_first(on_day, told) >= _SHARE
    return np.flatnonzero(recent & often & (others <= _RESTLESS * high.shape[1] + len(places)))


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
