"""The forecast itself, made at the newest period and, by the same rule, at past origins.

Conventions: working scale without season, ``[series, period]``; a result is ``[series, origin, step]``. What a forecast
from an origin uses is known at that origin, the seasonal figures, weights and spike clipping excepted: these are
of the whole history, and the intervals are widened for it (spread.py).

Method: the averaged level, plus parts of the distance to slower and faster components (fading where the level moves
fast: a random walk has no slow level), plus damped Holt, plus drift from the series' own slope and the panel's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.own_steps import without_step
from costlib.analysis.forecast.portions import portions
from costlib.analysis.forecast.rhythm import Rhythm
from costlib.analysis.forecast.scale import clipped
from costlib.analysis.forecast.smooth import DAMPING, States, smoothed

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: The panel's slope counts fully only for many series: by n / (n + this).
_PANEL_HALF = 4.0
#: A slope is measured between the means of the first and last sixth of its window.
_ENDS = 6
#: Periods before an origin without which there is no slope.
_SLOPE_LEAST = 3
#: Beyond a year the drift goes on at this part of its pace.
_LATE_DRIFT = 0.5
_LAST_YEAR_SERIES, _LAST_YEAR_WINDOW, _LAST_YEAR_BASE = 10, 15, 28


@dataclass(frozen=True)
class Drift:
    """Slopes a period, of each series and of the panel, and for how many periods each goes on.

    ``[series, origin]`` each. Ten days that rose threefold say nothing of a quarter that would rise a thousandfold.
    """

    own: Array
    own_most: Array
    common: Array
    common_most: Array

    def after(self, wanted: Positions, step: Array, year: int) -> Array:
        """The change from the origins to so many steps after them, ``[series, origin, step]``."""
        steps = late_damped(step, year)
        both = ((self.own, self.own_most), (self.common, self.common_most))
        one, other = (slope[:, wanted, None] * np.minimum(steps, most[:, wanted, None]) for slope, most in both)
        drift: Array = np.add(one, other, out=one)
        return drift

    def of(self, rows: slice) -> Drift:
        """The drift of some of the series."""
        return Drift(self.own[rows], self.own_most[rows], self.common[rows], self.common_most[rows])


@dataclass(frozen=True)
class Components:
    """Everything a forecast at the origins is put together from, ``[series, origin]`` each."""

    flat: Array
    holt_slopes: tuple[Array, ...]
    drift: Drift
    middle: Array
    origins: Positions
    stepped: NDArray[np.bool_]
    """The series whose level stepped once and stayed."""

    def of(self, rows: slice) -> Components:
        """The components of some of the series."""
        slopes, drift = tuple(one[rows] for one in self.holt_slopes), self.drift.of(rows)
        return Components(self.flat[rows], slopes, drift, self.middle[rows], self.origins, self.stepped[rows])


def components(values: Array, origins: Positions, rhythm: Rhythm) -> Components:
    """Components at each origin; the last origin is the newest period."""
    steady = values if rhythm.clip is None else clipped(values, rhythm.clip, rhythm.doubted)
    states = smoothed(steady, origins, rhythm.steps)
    speed = states.speed[:, None]
    factor, power = rhythm.gate
    gate = np.clip((1.0 - speed) * factor, 0.0, 1.0) ** power
    flat = states.level + rhythm.holt * (states.holt_level - states.level)
    flat = flat + gate * _slow_parts(values, states, origins, rhythm)
    pace = 1.0 - rhythm.drift_gate * (1.0 - speed)
    unstepped, stepped = without_step(steady, rhythm.run_rate)
    drift = _drift(unstepped, origins, pace, rhythm)
    slopes = tuple(rhythm.holt * slope for slope in states.holt_slopes)
    return Components(flat, slopes, drift, states.middle, origins, stepped)


def forecasts(
    parts: Components, values: Array, belief: Array, wanted: Positions, horizon: int, rhythm: Rhythm
) -> Array:
    """Forecasts for 1 to ``horizon`` steps after the wanted ones of the origins, ``[series, origin, step]``."""
    step = np.arange(1, horizon + 1, dtype=np.float64)
    ahead = np.empty((len(values), wanted.size, horizon))
    for rows in portions(len(values), wanted.size * horizon):
        some = parts.of(rows)
        said = some.drift.after(wanted, step, rhythm.year)
        said += some.flat[:, wanted, None]
        for phi, slope in zip(DAMPING, some.holt_slopes, strict=True):
            said += slope[:, wanted, None] * np.cumsum(phi**step)
        for back, share in enumerate(rhythm.recent_seasons, start=1):
            weight = share * belief[rows, None, None] ** 2
            said += weight * _season_ago(some, values[rows], wanted, horizon, rhythm.season * back)
        ahead[rows] = said
    return ahead


def late_damped(step: Array, year: int) -> Array:
    """Steps as the drift counts them: fully for a year, at half pace after it.

    >>> late_damped(np.array([1.0, 12.0, 14.0]), 12).tolist()
    [1.0, 12.0, 13.0]
    """
    return np.minimum(step, year) + _LATE_DRIFT * np.maximum(step - year, 0.0)


def last_year_together(values: Array, horizon: int, rhythm: Rhythm) -> Array:
    """What the panel did together in the same periods last year, from its level a year ago: one figure a step.

    0 where there are fewer than ten series with that much history.
    """
    periods = values.shape[1]
    then = periods - 1 - rhythm.year
    half = _LAST_YEAR_WINDOW // 2
    if not rhythm.last_year or then < 2 * _LAST_YEAR_BASE:
        return np.zeros(horizon)
    old = values[~np.isnan(values[:, then - _LAST_YEAR_BASE])]
    if len(old) < _LAST_YEAR_SERIES:
        return np.zeros(horizon)
    base = np.median(old[:, then - _LAST_YEAR_BASE + 1 : then + 1], axis=1)
    middles = then + 1 + np.arange(min(horizon, rhythm.year - half))
    windows = old.take(middles[:, None] + np.arange(-half, half + 1), axis=1)
    windows.partition(half, axis=2)
    together = np.median(windows[:, :, half] - base[:, None], axis=0)
    return rhythm.last_year * np.pad(together, (0, horizon - together.size))


def _slow_parts(values: Array, states: States, origins: Positions, rhythm: Rhythm) -> Array:
    parts = rhythm.slow * (states.slow - states.level) + rhythm.fast * (states.fast - states.level)
    for window, share in rhythm.medians.items():
        parts += share * (_running_median(values, origins, window, states.level) - states.level)
    return parts


def _running_median(values: Array, origins: Positions, window: int, otherwise: Array) -> Array:
    """The median of the ``window`` periods up to each origin, of as many as there are in a younger series.

    ``otherwise`` where it has not begun.
    """
    places = origins[:, None] + np.arange(1 - window, 1)
    taken = values[:, np.maximum(places, 0)].astype(np.float32)
    taken.partition((window - 1) // 2, axis=2)
    middle = taken[:, :, (window - 1) // 2].astype(np.float64)
    if window % 2 == 0:
        middle = (middle + taken[:, :, window // 2 :].min(axis=2)) / 2
    lived = origins + 1 - np.argmax(~np.isnan(values), axis=1)[:, None]
    for length in np.unique(lived[(lived > 0) & (lived < window)]):
        row, place = np.nonzero(lived == length)
        middle[row, place] = np.median(values[row[:, None], origins[place, None] + np.arange(1 - length, 1)], axis=1)
    return np.where(lived > 0, middle, otherwise)


def _drift(values: Array, origins: Positions, pace: Array, rhythm: Rhythm) -> Drift:
    """Own and common slopes, weighed."""
    count = len(values)
    share = count / (count + _PANEL_HALF) * pace
    own, common = np.zeros((2, count, len(origins)))
    for window in {**rhythm.slopes, **rhythm.common_slopes}:
        slope, live = slopes(values, origins, window)
        own += rhythm.slopes.get(window, 0.0) * slope
        common += rhythm.common_slopes.get(window, 0.0) * _live_median(slope, live)
    seen = np.maximum(origins - np.argmax(~np.isnan(values), axis=1)[:, None], 0.0)
    usual = _live_median(seen, seen >= _SLOPE_LEAST)
    return Drift(
        pace * own,
        rhythm.carried * seen,
        share * common,
        np.broadcast_to(rhythm.carried * usual, seen.shape),
    )


def _live_median(values: Array, live: NDArray[np.bool_]) -> Array:
    """The median of the live series at each origin; 0 where there are none."""
    return np.array([np.median(one[some]) if some.any() else 0.0 for one, some in zip(values.T, live.T, strict=True)])


def slopes(values: Array, origins: Positions, window: int) -> tuple[Array, NDArray[np.bool_]]:
    """Mean change a period over the last ``window`` periods (fewer where the series is young), and where it is known.

    >>> line = np.arange(12.0)[None]
    >>> slopes(line, np.array([11]), 6)[0].tolist()
    [[1.0]]
    """
    known = ~np.isnan(values)
    begin = np.argmax(known, axis=1)[:, None]
    sums = np.cumsum(np.pad(np.where(known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    length = np.clip(origins - begin, 0, window)
    ends = np.maximum(1, length // _ENDS)
    after = np.broadcast_to(origins + 1, length.shape)
    first = after - 1 - length
    newest = np.take_along_axis(sums, after, axis=1) - np.take_along_axis(sums, np.maximum(after - ends, 0), axis=1)
    oldest = np.take_along_axis(sums, np.maximum(first + ends, 0), axis=1) - np.take_along_axis(sums, first, axis=1)
    live = length >= _SLOPE_LEAST
    slope = (newest - oldest) / ends / np.maximum(length + 1 - ends, 1)
    return np.where(live, slope, 0.0), live


def _season_ago(parts: Components, values: Array, wanted: Positions, horizon: int, longest: int) -> Array:
    """Distance from the level of ``longest`` periods before each step; 0 where that lies before the first origin."""
    places = parts.origins[wanted][:, None] + np.arange(1, horizon + 1) - longest
    nearest = np.searchsorted(parts.origins, places).clip(0, len(parts.origins) - 1)
    away = values.take(places.clip(0, parts.origins[-1]), axis=1)
    away -= parts.middle.take(nearest, axis=1)
    away[:, (places < parts.origins[0]) | (places > parts.origins[-1])] = 0.0
    return np.where(np.isfinite(away), away, 0.0)
