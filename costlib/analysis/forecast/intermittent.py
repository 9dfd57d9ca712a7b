"""Series that come and go: their rate is forecast like any series, and the pattern around it is drawn again.

Conventions: as in engine.py. The *rate* is the mean of the newest periods up to each, in the series' unit: of a week,
of four weeks or of a quarter, whichever came nearest to the mean of the quarter after it. The *pattern* is each period
of the newest year over the rate around it, without unit. A path is the path of a rate times a stretch of the pattern:
a sum over a long horizon is as uncertain as the rate is, where drawing the amounts of last year again would know the
sum of a year for certain, and carry no growth.

Means that share periods say nothing of how far off a rate may be: steps nearer than its window have the errors of the
step that is a window away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.kinds import fitted_part, kinds_of
from costlib.analysis.forecast.past import past_of
from costlib.analysis.forecast.rhythm import Rhythm
from costlib.analysis.forecast.scale import Scale
from costlib.analysis.forecast.spread import Spread, spread_of

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: The rate is a mean over one of these parts of a year; the last is the one where nothing can be compared.
_PARTS = (52, 13, 4)
#: Points that stand for the pattern's and the rate's distribution where they are multiplied.
_PATTERN_POINTS, _RATE_POINTS = 40, 9


@dataclass(frozen=True)
class ComesAndGoes:
    """The series at ``rows`` of a panel, in the order of ``rows``."""

    rows: Positions
    horizon: int
    _now: Array
    _scale: Scale
    _spread: Spread
    _pattern: Array

    @property
    def mean(self) -> Array:
        """The mean rate of the middle third times the mean pattern, ``[series, step]``."""
        middle = self._rate((np.arange(12) + 0.5) / 36 + 1 / 3).mean(axis=2)
        mean: Array = middle * self._pattern.mean(axis=1, keepdims=True)
        return mean

    def at(self, probabilities: Array) -> Array:
        """Quantiles of rate times pattern, ``[series, step, probability]``."""
        rate = self._rate((np.arange(_RATE_POINTS) + 0.5) / _RATE_POINTS)
        places = (np.arange(_PATTERN_POINTS) + 0.5) / _PATTERN_POINTS
        pattern = np.quantile(self._pattern, places, axis=1, method="inverted_cdf").T
        products = [
            (one[:, :, None] * shape).reshape(self.horizon, -1) for one, shape in zip(rate, pattern, strict=True)
        ]
        return np.array([np.quantile(one, probabilities, axis=1).T for one in products])

    def along(self, some: Positions, place: Array) -> Array:
        """Paths of some of the series, ``[series, step, path]``; ``place`` 0 to 1 is how far along the past each is."""
        spread, scale = self._spread.of(some), self._scale.of(some)
        origin = place * spread.origins
        errors = spread.along(origin.astype(np.intp), origin % 1.0)
        rate = scale.back(self._now[some][:, :, None] + errors)
        pattern = self._pattern[some]
        starts = (place * pattern.shape[1]).astype(np.intp)
        paths: Array = rate * pattern[:, (starts + np.arange(self.horizon)[:, None]) % pattern.shape[1]]
        return paths

    def _rate(self, probabilities: Array) -> Array:
        rate: Array = self._scale.back(self._now[:, :, None] + self._spread.at(probabilities))
        return np.sort(rate, axis=2)


def comes_and_goes(history: Array, rows: Positions, horizon: int, rhythm: Rhythm) -> tuple[ComesAndGoes, ...]:
    """The forecasts of the series at ``rows`` of ``history``, ``[series, period]``: one a window of the rate."""
    windows = [rhythm.year // part for part in _PARTS if rhythm.year // part > 1]
    chosen = best_windows(history[rows], windows)
    return tuple(
        _of_window(history, rows[chosen == window], window, horizon, rhythm) for window in windows if window in chosen
    )


def best_windows(history: Array, windows: list[int]) -> Positions:
    """Of each series, the window whose mean came nearest to that of the longest window after it, on the average.

    The longest where a series is too young to tell.

    >>> best_windows(np.array([[0.0, 2.0] * 4 + [0.0, 4.0] * 4]), [2, 8]).tolist()
    [2]
    """
    longest = windows[-1]
    ahead = rates(history, longest)[:, longest:]
    old_enough = (~np.isnan(history)).cumsum(axis=1)[:, : ahead.shape[1]] >= longest
    off = [np.abs(rates(history, window)[:, : ahead.shape[1]] - ahead) for window in windows]
    missed = np.array([np.where(old_enough, one, 0.0).sum(axis=1) for one in off])
    missed[-1, ~old_enough.any(axis=1)] = -1.0
    best: Positions = np.array(windows, dtype=np.intp)[missed.argmin(axis=0)]
    return best


def _of_window(history: Array, rows: Positions, window: int, horizon: int, rhythm: Rhythm) -> ComesAndGoes:
    """The forecast of series whose rate is a mean over ``window`` periods."""
    settled = _settled(rates(history[rows], window), window)
    kinds = kinds_of(settled, rhythm)
    ahead = max(horizon, window)
    past = past_of(settled, kinds, ahead, rhythm)
    near = min(window, past.errors.shape[2])
    past.errors[:, :, :near] = past.errors[:, :, near - 1 : near]
    spread = spread_of(
        past.errors, past.change, ahead, past.spacing, fitted_part(kinds, rhythm), past.together, past.room
    ).until(horizon)
    pattern = patterns(history[rows], window, rhythm)
    return ComesAndGoes(rows, horizon, past.now[:, :horizon], past.scale, spread, pattern)


def rates(history: Array, window: int) -> Array:
    """The mean of the known ones of the newest ``window`` periods, at each period; NaN before a series begins.

    >>> rates(np.array([[np.nan, 6.0, 0.0, 0.0, 0.0, 9.0]]), 3).tolist()
    [[nan, 6.0, 3.0, 2.0, 0.0, 3.0]]
    """
    known = ~np.isnan(history)
    mean = _sums(np.where(known, history, 0.0), window) / np.maximum(_sums(known.astype(np.float64), window), 1.0)
    return np.where(np.logical_or.accumulate(known, axis=1), mean, np.nan)


def patterns(history: Array, window: int, rhythm: Rhythm) -> Array:
    """Each period of the newest year over the mean of the ``window`` around it, 0 where that is 0.

    A period that is not known is the mean of those that are.

    >>> from costlib.analysis.forecast.rhythm import MONTHLY
    >>> patterns(np.array([[0.0, 0.0, 6.0]]), 3, MONTHLY).tolist()
    [[0.0, 0.0, 2.0]]
    """
    known = ~np.isnan(history)
    half = window // 2
    ahead = np.pad(history, ((0, 0), (0, half)), constant_values=np.nan)
    around = rates(ahead, window)[:, half:]
    over = np.divide(history, around, out=np.zeros_like(history), where=known & (around != 0))[:, -rhythm.year :]
    lately = known[:, -rhythm.year :]
    mean = over.sum(axis=1, keepdims=True) / np.maximum(lately.sum(axis=1, keepdims=True), 1)
    return np.where(lately, over, mean)


def _settled(rate: Array, window: int) -> Array:
    """Rates without those of the first quarter of a life, or of the first window: they are means of too little."""
    age = (~np.isnan(rate)).cumsum(axis=1)
    return np.where(age > np.minimum(age[:, -1:] // 4, window), rate, np.nan)


def _sums(values: Array, window: int) -> Array:
    """Sums of the newest ``window`` periods up to each."""
    whole = np.cumsum(values, axis=1)
    sums = whole.copy()
    sums[:, window:] -= whole[:, :-window]
    return sums
