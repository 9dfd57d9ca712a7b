"""What a day was expected to cost: a robust line through eight weeks of history, and the rhythm of the week.

Arrays are float, [segment, day], money a day. The line runs through weekly means (Theil and Sen: the median of all
slopes, then the median of all intercepts), so that a week with one strange day hardly moves it; the rhythm is the
median distance of each weekday from the line. Nothing looks ahead: the expectation of a day uses earlier days only.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]

WEEK = 7
WEEKS = 8
#: Days of history that an expectation looks back on, and without which there is none.
MEMORY = WEEKS * WEEK
FEWEST_DAYS = 3 * WEEK
#: A slope is drawn from this many weeks on; before, the level is taken as steady.
_SLOPE_WEEKS = 4
#: Median absolute deviation to standard deviation of a normal distribution.
_NORMAL = 1.4826
#: Spread below this share of the level is not believed: no bill is that regular for ever.
_LEAST_SPREAD = 0.01
#: A spread from n days is taken larger by this over n.
_FEW = 3.0
#: Days further than this many spreads from their weekday's median are replaced in the first weeks.
_CLIP = 6.0


def expected(history: Array) -> tuple[Array, Array]:
    """Expected cost of the day after ``history``, and the level of its last weeks; history is [segment, day].

    >>> weeks = np.tile([10.0, 10, 10, 10, 10, 2, 2], 4)[None, :]
    >>> [float(value[0].round(6)) for value in expected(weeks)]
    [10.0, 7.714286]
    """
    weeks = min(history.shape[1] // WEEK, WEEKS)
    recent = history[:, history.shape[1] - weeks * WEEK :].reshape(history.shape[0], weeks, WEEK)
    means = recent.mean(axis=2)
    slope = _slope(means)
    middle = np.arange(weeks) * WEEK + (WEEK - 1) / 2
    start = np.median(means - slope[:, None] * middle, axis=1)
    days = np.arange(weeks * WEEK).reshape(weeks, WEEK)
    line = start[:, None, None] + slope[:, None, None] * days
    cost = _with_rhythm(start + slope * weeks * WEEK, recent[:, :, 0], line[:, :, 0], line.min(axis=(1, 2)))
    level = np.median(np.abs(means), axis=1)
    return _floored(cost, recent), level


def spreads(residuals: Array, expectations: Array, level: Array, cost: Array) -> tuple[Array, Array]:
    """Spread of a day that is expected to cost ``cost``, and of the mean of a week, from past residuals.

    The larger of the spread in money and the spread as a share of what was expected, so that a weekly peak may differ
    by more than a quiet day.
    """
    size = np.abs(residuals)
    absolute = _NORMAL * np.median(size, axis=1)
    base = np.maximum(np.abs(expectations), 0.5 * level[:, None])
    busy = np.abs(expectations) >= 0.5 * level[:, None]
    share = _NORMAL * _median_of(np.divide(size, base, out=np.zeros_like(size), where=base > 0), busy)
    least = _LEAST_SPREAD * np.maximum(level, np.abs(cost))
    day = np.maximum(np.maximum(absolute, share * np.abs(cost)), least)
    means = weekly_means(residuals)
    week = _NORMAL * np.median(np.abs(means), axis=1) if means.shape[1] >= WEEK else absolute
    return day, np.maximum(week, np.maximum(share * level, np.maximum(absolute, least)) / np.sqrt(WEEK))


def _median_of(values: Array, chosen: npt.NDArray[np.bool_]) -> Array:
    """The median of each row's chosen values, larger where they are few; 0 where there are none."""
    count = chosen.sum(axis=1)
    ordered = np.sort(np.where(chosen, values, np.inf), axis=1)
    middle = ordered[np.arange(values.shape[0]), np.maximum(count - 1, 0) // 2]
    upper = ordered[np.arange(values.shape[0]), np.minimum(count // 2, values.shape[1] - 1)]
    few = 1 + _FEW / np.maximum(count, 1)
    return np.where(count > 0, few * (middle + upper) / 2, 0.0)


def weekly_means(residuals: Array) -> Array:
    """The mean of every seven days in a row, [segment, window]."""
    sums = np.cumsum(np.pad(residuals, ((0, 0), (1, 0))), axis=1)
    means: Array = (sums[:, WEEK:] - sums[:, :-WEEK]) / WEEK
    return means


def cleaned(first: Array) -> tuple[Array, Array]:
    """The first weeks with strange days replaced by their weekday's median, and their residuals, [segment, day].

    A day that is its weekday's median has no residual of its own; it gets the mean size of the others'.
    """
    weeks = first.shape[1] // WEEK
    by_week = first.reshape(first.shape[0], weeks, WEEK)
    typical = np.median(by_week, axis=1, keepdims=True)
    residual = by_week - typical
    others = np.abs(residual).sum(axis=1, keepdims=True) / (weeks - 1) * np.where(np.arange(WEEK) % 2, 1, -1)
    residual = np.where(residual == 0, others, residual)
    least = _LEAST_SPREAD * np.mean(np.abs(typical), axis=(1, 2), keepdims=True)
    spread = np.maximum(_NORMAL * np.median(np.abs(residual), axis=(1, 2), keepdims=True), least)
    strange = np.abs(by_week - typical) > _CLIP * spread
    return np.where(strange, typical, by_week).reshape(first.shape), residual.reshape(first.shape)


def fitted(first: Array, before: int) -> Array:
    """The line and rhythm of ``first`` (whole weeks of one segment), drawn over it and ``before`` days before it.

    >>> fitted(np.tile([1.0, 1, 1, 1, 1, 0, 0], 3), 3)[:3].round(6).tolist()
    [1.0, 0.0, 0.0]
    """
    weeks = first.size // WEEK
    means = first.reshape(weeks, WEEK).mean(axis=1)
    slope = (means[-1] - means[0]) / (WEEK * (weeks - 1)) if weeks > 1 else 0.0
    line = means.mean() + slope * (np.arange(-before, first.size) - (first.size - 1) / 2)
    rhythm = np.mean((first - line[before:]).reshape(weeks, WEEK), axis=0)
    return np.asarray(line + rhythm[np.arange(-before, first.size) % WEEK], dtype=np.float64)


def _with_rhythm(ahead: Array, weekday: Array, line: Array, lowest: Array) -> Array:
    """The line's value ``ahead`` with the rhythm of its weekday: a share of the line where all is above zero."""
    share = np.median(np.divide(weekday, line, out=np.ones_like(line), where=line > 0), axis=1)
    step = np.median(weekday - line, axis=1)
    as_share = (weekday.min(axis=1) >= 0) & (lowest > 0) & (ahead > 0)
    return np.where(as_share, ahead * share, ahead + step)


def _slope(means: Array) -> Array:
    weeks = means.shape[1]
    if weeks < _SLOPE_WEEKS:
        return np.zeros(means.shape[0])
    pairs = list(combinations(range(weeks), 2))
    early, late = np.array(pairs).T
    slopes: Array = np.median((means[:, late] - means[:, early]) / ((late - early) * WEEK), axis=1)
    return slopes


def _floored(cost: Array, recent: Array) -> Array:
    """A line is not followed below zero where nothing was ever below zero."""
    positive = recent.min(axis=(1, 2)) >= 0
    return np.where(positive, np.maximum(cost, 0.0), cost)
