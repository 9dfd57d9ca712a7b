"""How far forecasts were off at past origins, and what that says of this one.

Conventions: working scale; errors are actual less forecast, ``[series, origin, step]``, NaN where the series had not
begun long enough before the origin. A *rank* is the place of an origin's error among those of the same series and
step, 0 to 1.

Method: errors over each series' own size of error (sizes.py) are pooled over the panel into one set of signed quantiles
a step (a single series has too few past origins for its own), and kept inside what each series has done (limits.py). A
sample path takes one past origin for all series at once, and each series takes the rank it had at that origin, step by
step, through the pooled quantiles: each period has the calibrated distribution, and periods and series keep the
dependence they showed (Schaake shuffle, Clark et al. 2004).
A path's mean error over the horizon, its *level part*, is seen in a few independent stretches of history only and is
further off than they show where noise hides it: it is stretched, the more the smaller its share of the errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.dependence import Places, places_of
from costlib.analysis.forecast.limits import ENOUGH, Room, limits_of
from costlib.analysis.forecast.sizes import GROWTH, Evidence, evidence_of, recency, sizes_of, stretches

Array = NDArray[np.float64]

#: Probabilities at which the pooled quantiles are kept.
GRID = np.concatenate([[0.001, 0.0025, 0.005, 0.01, 0.025], np.arange(1, 20) / 20, [0.975, 0.99, 0.995, 0.9975, 0.999]])
#: Stretch of the level part where it is all, as in a random walk, and beyond.
_STRETCH_LEAST, _STRETCH_HIDDEN = 0.02, 0.08
#: The same for a series that lived none of the past origins.
_STRETCH_YOUNG = 0.3
#: Future errors of settings for which hardly anything was fitted, in past ones; the most that near errors count.
_OPTIMISM, _NEAREST = 0.94, 2.5
#: Probability of what lies beyond the limit of a series that history hardly tested.
_UNTESTED = 0.1
#: Parts of an origin's rank that paths tell apart.
_CELLS = 16
#: Errors that are pooled for one step, at most and at least, and for all steps together.
_POOL_MOST, _POOL_LEAST, _POOL_ALL = 20_000, 4_000, 1_200_000
#: Errors that count as much as the standard shape when a small panel's quantiles are made.
_SHAPE_HALF = 150.0


@dataclass(frozen=True)
class Spread:
    """``quantiles`` ``[step, probability]`` of GRID in sizes; ``stretch`` of the level part, one a series.

    ``size`` and ``limit``, the furthest, are ``[side, series, step]``: of errors below the forecast, and above it.
    ``places`` is ``[series, step, origin]``: 0 for the lowest of a series' errors at that step. ``cells`` is
    ``[step, cell]``: the same quantiles at each part of each origin's rank.
    """

    size: Array
    limit: Array
    quantiles: Array
    places: Places
    stretch: Array
    cells: Array

    def at(self, probability: Array) -> Array:
        """Errors at probabilities ``[probability]``, working scale: ``[series, step, probability]``."""
        shape = np.array([np.interp(probability, GRID, row) for row in self.quantiles])
        below, above = self.size[:, :, :, None]
        least, most = self.limit[:, :, :, None]
        errors: Array = np.clip(np.minimum(shape, 0) * below + np.maximum(shape, 0) * above, -least, most)
        return errors

    @property
    def origins(self) -> int:
        """How many past origins a path can follow."""
        return int(self.places.shape[2])

    def of(self, rows: NDArray[np.intp]) -> Spread:
        """The spread of some of the series."""
        return Spread(
            self.size[:, rows], self.limit[:, rows], self.quantiles, self.places[rows], self.stretch[rows], self.cells
        )

    def until(self, horizon: int) -> Spread:
        """The spread of the first steps."""
        size, limit, places = self.size[:, :, :horizon], self.limit[:, :, :horizon], self.places[:, :horizon]
        return Spread(size, limit, self.quantiles[:horizon], places, self.stretch, self.cells[:horizon])

    def along(self, origins: NDArray[np.intp], jitter: Array) -> Array:
        """Errors on paths that follow past origins, ``[series, step, path]``; jitter 0 to 1 within an origin's rank."""
        steps, cells = self.cells.shape
        first = self.places.astype(np.intp)
        first *= _CELLS
        first += (np.arange(steps) * cells)[:, None]
        cell = first.take(origins, axis=2)
        cell += np.minimum((jitter * _CELLS).astype(np.intp), _CELLS - 1)
        followed: Array = self.cells.take(cell, mode="clip")
        tight = np.flatnonzero(self._is_tight())
        held = self._held_in(followed[tight], tight)
        followed *= self.size[1, :, :, None]
        followed[tight] = held
        followed += (self.stretch - 1.0)[:, None, None] * followed.mean(axis=1, keepdims=True)
        return followed

    def _is_tight(self) -> NDArray[np.bool_]:
        """Series whose sizes differ below and above, or whose limits cut an error."""
        below, above = self.size
        cut = (-self.cells[:, 0] * below > self.limit[0]) | (self.cells[:, -1] * above > self.limit[1])
        return np.asarray((cut | (below != above)).any(axis=1))

    def _held_in(self, followed: Array, rows: NDArray[np.intp]) -> Array:
        """Errors of some series inside their limits, from errors in sizes."""
        below, above = self.size[:, rows, :, None]
        least, most = self.limit[:, rows, :, None]
        sized = np.where(followed < 0, below, above)
        sized *= followed
        inside: Array = np.clip(sized, -least, most, out=sized)
        return inside


def spread_of(
    errors: Array, fallback: Array, horizon: int, spacing: int, fitted: Array, together: float, room: Room
) -> Spread:
    """The spread of forecasts for ``horizon`` steps.

    ``errors`` may have fewer steps than the horizon; ``fallback`` is each series' size of one-step change, for series
    without errors; ``spacing`` the periods between origins; ``fitted`` what was fitted to each series as a part of its
    history: past errors of settings that were fitted to the past are smaller than those of the future; ``together`` how
    far the series' changes agree, 0 to 1 (dependence.py); ``room`` where they have been (limits.py).
    """
    evidence = evidence_of(errors)
    size = sizes_of(errors, evidence, fallback, spacing)
    tested = errors.shape[2]
    usual = np.where(size > 0, size, np.nan)
    quantiles = _quantiles(errors, usual)
    further = ((0, 0), (0, horizon - tested))
    quantiles = np.pad(quantiles, further[::-1], mode="edge")
    relative = errors / usual.mean(axis=1)[:, None, None]
    places = np.pad(places_of(relative, evidence.level, spacing, together), (*further, (0, 0)), mode="edge")
    growth = np.maximum(np.arange(1, horizon + 1) / tested, 1.0) ** (GROWTH * evidence.walk[:, None])
    size = np.pad(size, further, mode="edge") * growth
    independent = stretches(evidence, spacing, horizon)
    limits = limits_of(errors, independent, size, growth, room)
    sizes = _inside(size, limits, independent, quantiles)
    optimism = optimism_of(fitted, size)
    return Spread(
        sizes * optimism,
        limits * optimism,
        quantiles,
        places,
        _stretch(errors, evidence),
        _cells(quantiles, places.shape[2]),
    )


def optimism_of(fitted: Array, size: Array) -> Array:
    """How much further off the future is than the past that settings were fitted to, ``[series, step]``.

    What a fit misses is the same at every step: it is a larger part of the small errors that are near.
    """
    mean = size.mean(axis=1, keepdims=True)
    nearness = np.divide(mean, size, out=np.ones_like(size), where=size > 0)
    optimism: Array = _OPTIMISM + fitted[:, None] * np.clip(nearness, 1.0, _NEAREST)
    return optimism


def _cells(quantiles: Array, origins: int) -> Array:
    """The quantiles of each step at the parts of the origins' ranks, ``[step, cell]``."""
    count = origins * _CELLS
    probability = (np.arange(count) + 0.5) / count
    return np.array([np.interp(probability, GRID, row) for row in quantiles])


def _inside(size: Array, limits: Array, independent: Array, quantiles: Array) -> Array:
    """Sizes below and above, ``[side, series, step]``, so that the largest of so many errors lies inside the limit.

    Where hardly any error is known the ends of the 80 % range do.
    """
    beyond = np.where(independent >= ENOUGH, 1.0 / (independent + 1.0), _UNTESTED)
    tails = np.array([_at(beyond, quantiles), _at(1.0 - beyond, quantiles)])
    reach = np.maximum(size * np.abs(tails), 1e-300)
    inside: Array = size * np.minimum(1.0, limits / reach)
    return inside


def _at(probability: Array, quantiles: Array) -> Array:
    """Quantiles at a probability for each series and step."""
    return np.array([np.interp(at, GRID, row) for at, row in zip(probability.T, quantiles, strict=True)]).T


def _stretch(errors: Array, evidence: Evidence) -> Array:
    """Factor by which the level part of each series' paths is stretched: least for a random walk, all level."""
    known = np.isfinite(errors.mean(axis=2))
    young = 1.0 - known.sum(axis=1) / max(known.shape[1], 1)
    stretched: Array = 1.0 + _STRETCH_LEAST + _STRETCH_HIDDEN * (1.0 - evidence.walk) + _STRETCH_YOUNG * young
    return stretched


def _quantiles(errors: Array, size: Array) -> Array:
    """The pooled quantiles of errors over their size, ``[step, probability]`` of GRID."""
    tested = errors.shape[2]
    most = min(max(_POOL_ALL // tested, _POOL_LEAST), _POOL_MOST)
    weight = np.broadcast_to(recency(errors.shape[1]), errors.shape[:2])
    by_step = np.divide(errors.transpose(2, 0, 1), size.T[:, :, None], order="C")
    return _ordered(np.array([_pooled(ratio, weight, step, most) for step, ratio in enumerate(by_step, start=1)]))


def _pooled(ratio: Array, weight: Array, step: int, most: int) -> Array:
    """Quantiles of GRID of the errors known at one step, median 0; a standard shape where few are known."""
    live = np.isfinite(ratio)
    known = ratio[live]
    if not known.size:
        none: Array = _LAPLACE * np.sqrt(step)
        return none
    thin = -(-known.size // most)
    found = _weighted_quantiles(known[::thin], weight[live][::thin])
    found = found - found[GRID.size // 2]
    share = known.size / (known.size + _SHAPE_HALF)
    mean = float(np.abs(known).mean())
    mixed: Array = share * found + (1 - share) * _LAPLACE * mean
    return mixed


def _weighted_quantiles(values: Array, weight: Array) -> Array:
    order = values.argsort()
    reached = weight[order].cumsum()
    place = (reached - 0.5 * weight[order]) / reached[-1]
    quantiles: Array = np.interp(GRID, place, values[order])
    return quantiles


def _ordered(quantiles: Array) -> Array:
    """Quantiles that never fall with the probability."""
    ordered: Array = np.maximum.accumulate(quantiles, axis=1)
    return ordered


#: Signed quantiles of a Laplace distribution with mean absolute size 1.
_LAPLACE = np.where(GRID < 0.5, np.log(2 * np.minimum(GRID, 0.5)), -np.log(2 * np.minimum(1 - GRID, 0.5)))
