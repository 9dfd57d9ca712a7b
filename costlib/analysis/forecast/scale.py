"""From money to the scale the method works on, and back.

Conventions: ``y`` is ``[series, period]``, newest last, NaN before a series begins; gaps inside it are bridged by
straight lines. A series that is positive throughout works in logs; one with zeros in logs of itself plus a part of its
mean; one that is negative throughout (credits) like a positive one, mirrored; one with both signs stays additive. All
four divide by the series' own mean size, so that money times a factor is the forecast times that factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Part of a series' mean that is added before logs where it holds zeros.
_OFFSET = 0.3
#: No forecast leaves e**12 times the mean size, 160,000-fold: beyond that logs are no longer evidence.
_LIMIT = 12.0
#: A step that the whole panel takes at once: at least this in logs, and this many deviations from usual.
_STEP, _STEP_DEVIATIONS, _STEP_AGREE = 0.15, 8.0, 0.8
_STEP_SERIES, _STEP_PERIODS, _STEP_LEVEL = 20, 12, 6
_CLIP_WINDOW = 7


@dataclass(frozen=True)
class Scale:
    """How each series was brought to working scale: one entry a series."""

    size: Array
    offset: Array
    sign: Array
    additive: Flags

    def forward(self, y: Array) -> Array:
        """Money to working scale; ``y`` is ``[series, period]``."""
        plain = y / self.size[:, None]
        shifted = np.maximum(plain * self.sign[:, None] + self.offset[:, None], 1e-12)
        return np.where(self.additive[:, None], plain, np.log(shifted))

    def back(self, values: Array) -> Array:
        """Working scale to money; the first axis is the series, whatever follows."""
        shape = (-1, *[1] * (values.ndim - 1))
        money = np.minimum(values, _LIMIT)
        np.exp(money, out=money)
        if self.offset.any():
            money -= self.offset.reshape(shape)
            np.maximum(money, 0.0, out=money)
        money *= (self.sign * self.size).reshape(shape)
        if self.additive.any():
            money[self.additive] = values[self.additive] * self.size[self.additive].reshape(shape)
        return money

    @property
    def nothing(self) -> Array:
        """0 in working scale where a series holds zeros, minus infinity where it does not: the least there is."""
        held = self.offset > 0
        least: Array = np.log(self.offset, out=np.full(len(self.offset), -np.inf), where=held)
        return np.where(self.additive, -np.inf, least)

    def of(self, rows: NDArray[np.intp]) -> Scale:
        """The scale of some of the series."""
        return Scale(self.size[rows], self.offset[rows], self.sign[rows], self.additive[rows])


def scale_of(y: Array) -> Scale:
    """The working scale of each series.

    >>> one = scale_of(np.array([[1.0, 4.0]]))
    >>> one.back(one.forward(np.array([[1.0, 4.0]]))).round(9).tolist()
    [[1.0, 4.0]]
    """
    known = ~np.isnan(y)
    count = np.maximum(known.sum(axis=1), 1)
    filled = np.where(known, y, 0.0)
    size = np.abs(filled).sum(axis=1) / count
    size = np.where((size > 0) & np.isfinite(size), size, 1.0)
    lowest, highest = filled.min(axis=1), filled.max(axis=1)
    zeros = (known & (y == 0)).any(axis=1)
    negative = (highest <= 0) & (lowest < 0)
    mixed = (highest > 0) & (lowest < 0)
    offset = np.where(zeros, _OFFSET, 0.0)
    return Scale(size, offset, np.where(negative, -1.0, 1.0), mixed)


def bridged(y: Array, season: int = 1) -> Array:
    """The series with gaps inside them filled; what is before a series stays NaN.

    A gap takes a straight line between the periods of the same place in a season (days: the same weekdays) before and
    after it, goes on as the last one where none is after it, and takes the line between its neighbours where none is
    before it.

    >>> bridged(np.array([[np.nan, 1.0, np.nan, 3.0]])).tolist()
    [[nan, 1.0, 2.0, 3.0]]
    >>> bridged(np.array([[1.0, 9.0, np.nan, np.nan, 3.0, 7.0]]), 2).tolist()
    [[1.0, 9.0, 2.0, 8.0, 3.0, 7.0]]
    """
    known = ~np.isnan(y)
    rows = np.flatnonzero((np.maximum.accumulate(known, axis=1) & ~known).any(axis=1))
    if not rows.size:
        return y
    filled = y.copy()
    for row in rows:
        for place in range(season):
            _fill(filled[row, place::season])
        _fill(filled[row])
    return filled


def _fill(values: Array) -> None:
    """Put a straight line into the gaps of one series after its first value, in place."""
    known = np.flatnonzero(~np.isnan(values))
    if known.size:
        inside = np.arange(known[0], len(values))
        values[inside] = np.interp(inside, known, values[known])


def shared_steps(working: Array, season: int) -> Array:
    """What to add to each period so that a step which the whole panel took at once is no longer in the history.

    A change of definition, a price change for all: it is no growth to carry on and no season. Needs 20 series that
    agree, a level that stays, and no like step a season before or after; 0 where there is none. One figure a period.
    """
    periods = working.shape[1]
    change = np.diff(working, axis=1)
    count = (~np.isnan(change)).sum(axis=0)
    wide = count >= _STEP_SERIES
    if wide.sum() < _STEP_PERIODS:
        return np.zeros(periods)
    median, agree = np.zeros(periods - 1), np.zeros(periods - 1)
    together = np.ascontiguousarray(change[:, wide].T)
    median[wide] = known_median(together)
    agree[wide] = np.abs((together > 0).sum(axis=1) - (together < 0).sum(axis=1)) / count[wide]
    usual = np.median(median[wide])
    away = np.abs(median - usual)
    deviation = 1.4826 * np.median(away[wide])
    jump = wide & (away > _STEP_DEVIATIONS * deviation) & (away > _STEP) & (agree > _STEP_AGREE)
    step = median - usual
    lasting = [
        place for place in np.flatnonzero(jump) if _lasts(step, int(place)) and not _recurs(step, int(place), season)
    ]
    jump[:] = False
    jump[lasting] = True
    later = np.where(jump, step, 0.0)[::-1].cumsum()[::-1]
    return np.append(later, 0.0)


def _lasts(step: Array, place: int) -> bool:
    """Whether the level after the step, over some periods, is apart from the one before by more than half of it."""
    level = np.append(0.0, step.cumsum())
    before = np.median(level[max(place + 1 - _STEP_LEVEL, 0) : place + 1])
    after = np.median(level[place + 1 : place + 1 + _STEP_LEVEL])
    return bool((after - before) * np.sign(step[place]) > abs(step[place]) / 2)


def _recurs(step: Array, place: int, season: int) -> bool:
    """Whether the panel took half such a step, the same way, a season before or after."""
    others = [other for other in (place - season, place + season) if 0 <= other < step.size]
    return any(step[other] * np.sign(step[place]) > abs(step[place]) / 2 for other in others)


def clipped(values: Array, deviations: float, doubted: bool) -> Array:
    """The series with isolated spikes cut at so many robust deviations from a running median of 7 periods.

    ``doubted``: the newest periods are held against those before them, so that a new level is believed once it has
    lasted three periods; else what came last is believed at once.

    >>> spike = np.array([[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 90.0]])
    >>> clipped(spike, 6.0, doubted=True).round(1).tolist()[0][-1], clipped(spike, 6.0, doubted=False).tolist()[0][-1]
    (9.9, 90.0)
    """
    half = _CLIP_WINDOW // 2
    padded = np.pad(values, ((0, 0), (half, half)), mode="edge")
    if doubted and values.shape[1] > half:
        padded[:, -half:] = values[:, -2 : -half - 2 : -1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, _CLIP_WINDOW, axis=1)
    median = np.partition(windows, half, axis=2)[:, :, half]
    away = values - np.where(np.isnan(windows).any(axis=2), values, median)
    limit = deviations * np.maximum(1.4826 * known_median(np.abs(away)), 1e-9)[:, None]
    return values - away + np.clip(away, -limit, limit)


def known_median(values: Array) -> Array:
    """The median of what is known in each row; 0 where nothing is.

    >>> known_median(np.array([[np.nan, 1.0, 3.0], [np.nan, np.nan, np.nan]])).tolist()
    [2.0, 0.0]
    """
    ordered = np.sort(values, axis=1)
    count = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(len(values))
    low, high = np.maximum(count - 1, 0) // 2, np.maximum(count, 1) // 2
    return np.where(count > 0, (ordered[rows, low] + ordered[rows, high]) / 2, 0.0)
