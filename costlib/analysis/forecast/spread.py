"""How far forecasts were off at past origins, and what that says of this one.

Conventions: working scale; errors are actual less forecast, ``[series, origin, step]``, NaN where the series had not
begun long enough before the origin. A *rank* is the place of an origin's error among those of the same series and
step, 0 to 1.

Method: errors over each series' own size of error are pooled over the panel into one set of signed quantiles a step
(a single series has too few past origins for its own). A sample path takes one past origin for all series at once, and
each series takes the rank it had at that origin, step by step, through the pooled quantiles: each period has the
calibrated distribution, and periods and series keep the dependence they showed (Schaake shuffle, Clark et al. 2004).
A path's mean error over the horizon, its *level part*, is seen in a few independent stretches of history only and is
further off than they show where noise hides it: it is stretched, the more the smaller its share of the errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.dependence import WALK_SHARE, Places, level_share, places_of

Array = NDArray[np.float64]

#: Probabilities at which the pooled quantiles are kept.
GRID = np.concatenate([[0.001, 0.0025, 0.005, 0.01, 0.025], np.arange(1, 20) / 20, [0.975, 0.99, 0.995, 0.9975, 0.999]])
#: Evidence of a past origin halves over this part of the way back to the oldest.
HALF = 0.3
#: Beyond the last step that history can test, the spread grows with this power of the step.
GROWTH = 0.65
#: Own evidence of size: blocks of the horizon that count as much as the panel's typical size.
_OWN_HALF = 1.0
#: However thin the evidence, the size is not below this part of a series' own past errors.
_OWN_LEAST = 0.1
#: Stretches of history, each as long as the step, that count as much as the panel's growth of errors; the least growth.
_GROWTH_HALF, _GROWTH_LEAST = 4.0, 0.02
#: What is allowed beyond the largest error of a few.
_BEYOND = 3.0
_OTHER = 0.5
_SEEN, _WANDER, _UNKNOWN = 2.0, 2.0, 0.1
#: Stretch of the level part where it is all, as in a random walk, and beyond.
_STRETCH_LEAST, _STRETCH_HIDDEN = 0.02, 0.08
#: The same for a series that lived none of the past origins.
_STRETCH_YOUNG = 0.3
#: Parts of an origin's rank that paths tell apart.
_CELLS = 16
#: Errors that are pooled for one step, at most and at least, and for all steps together.
_POOL_MOST, _POOL_LEAST, _POOL_ALL = 20_000, 4_000, 1_200_000
#: Errors that count as much as the standard shape when a small panel's quantiles are made.
_SHAPE_HALF = 150.0


@dataclass(frozen=True)
class Spread:
    """``size`` and ``stretch`` of the level part, one a series; ``quantiles`` ``[step, probability]`` of GRID in sizes.

    ``places`` is ``[series, origin, step]``: 0 for the lowest of a series' errors at that step. ``cells`` is
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
        return int(self.places.shape[1])

    def of(self, rows: NDArray[np.intp]) -> Spread:
        """The spread of some of the series."""
        return Spread(self.size[:, rows], self.limit[:, rows], self.quantiles, self.places[rows], self.stretch[rows], self.cells)

    def until(self, horizon: int) -> Spread:
        """The spread of the first steps."""
        return Spread(
            self.size[:, :, :horizon], self.limit[:, :, :horizon], self.quantiles[:horizon], self.places[:, :, :horizon], self.stretch, self.cells[:horizon]
        )

    def along(self, origins: NDArray[np.intp], jitter: Array) -> Array:
        """Errors on paths that follow past origins, ``[series, path, step]``; jitter 0 to 1 within an origin's rank."""
        steps, cells = self.cells.shape
        inside = np.minimum((jitter * _CELLS).astype(np.int32), _CELLS - 1)
        cell = self.places[:, origins].astype(np.int32)
        cell *= _CELLS
        cell += inside[:, None] + np.arange(steps, dtype=np.int32) * cells
        followed: Array = np.take(self.cells, cell)
        below, above = self.size[:, :, None, :]
        least, most = self.limit[:, :, None, :]
        high = np.maximum(followed, 0.0)
        np.minimum(followed, 0.0, out=followed)
        high *= above
        np.minimum(high, most, out=high)
        followed *= below
        np.maximum(followed, -least, out=followed)
        followed += high
        followed += (self.stretch - 1.0)[:, None, None] * followed.mean(axis=2, keepdims=True)
        return followed


def spread_of(
    errors: Array, fallback: Array, horizon: int, spacing: int, optimism: Array, together: float, room: tuple[Array, Array]
) -> Spread:
    """The spread of forecasts for ``horizon`` steps.

    ``errors`` may have fewer steps than the horizon; ``fallback`` is each series' size of one-step change, for series
    without errors; ``spacing`` the periods between origins; ``optimism`` the factor by which the future is further off
    than past errors of settings that were fitted to the past, one a series; ``together`` how far the series' changes
    agree, 0 to 1 (dependence.py).
    """
    size = _sizes(errors, fallback, spacing)
    ratio = errors / np.where(size > 0, size, np.nan)[:, None, :]
    most = min(max(_POOL_ALL // errors.shape[2], _POOL_LEAST), _POOL_MOST)
    quantiles = np.array([_pooled(ratio[:, :, step], step + 1, most) for step in range(errors.shape[2])])
    quantiles = _ordered(quantiles)
    scaled = errors / np.where(size > 0, size, np.nan).mean(axis=1)[:, None, None]
    places = places_of(scaled, spacing, together)
    tested = errors.shape[2]
    beyond = horizon - tested
    quantiles = np.pad(quantiles, ((0, beyond), (0, 0)), mode="edge")
    places = np.concatenate([places, np.repeat(places[:, :, -1:], beyond, axis=2)], axis=2)
    growth = np.maximum(np.arange(1, horizon + 1) / tested, 1.0) ** (GROWTH * _walk(errors)[:, None])
    size = np.pad(size, ((0, 0), (0, beyond)), mode="edge") * growth
    stretches = _stretches(errors, spacing, horizon)
    limits = _limits(errors, stretches, size, growth, room)
    sizes = _tapered(size, limits, stretches, quantiles)
    return Spread(
        sizes * optimism[:, None],
        limits * optimism[:, None],
        quantiles,
        places,
        _stretch(scaled),
        _cells(quantiles, places.shape[1]),
    )


def _cells(quantiles: Array, origins: int) -> Array:
    """The quantiles of each step at the parts of the origins' ranks, ``[step, cell]``."""
    count = origins * _CELLS
    probability = (np.arange(count) + 0.5) / count
    return np.array([np.interp(probability, GRID, row) for row in quantiles])


def _sizes(errors: Array, fallback: Array, spacing: int) -> Array:
    """Size of error, ``[series, step]``: a series' own mean absolute errors, drawn to the panel's where it has few."""
    steps = errors.shape[2]
    known = np.isfinite(errors)
    profile = _profile(errors, known)
    count = known.sum(axis=(1, 2))
    size = np.where(known, np.abs(errors), 0.0)
    weight = known * recency(errors.shape[1])[None, :, None]
    own = (size / profile * weight).sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    blocks = _stretches(errors, spacing, steps)[:, -1]
    usable = (count > 0) & (own > 0) & (fallback > 0)
    typical = np.median(own[usable] / fallback[usable]) if usable.any() else 1.0
    share = blocks / (blocks + _OWN_HALF)
    mixed = np.exp(
        share * np.log(np.maximum(own, 1e-300)) + (1 - share) * np.log(np.maximum(fallback * typical, 1e-300))
    )
    mixed = np.maximum(mixed, _OWN_LEAST * own)
    level = np.where(usable, mixed, np.where(count > 0, own, fallback * typical))
    return level[:, None] * _growth(size, errors, known, profile, own, spacing)


def _growth(size: Array, errors: Array, known: NDArray[np.bool_], profile: Array, own: Array, spacing: int) -> Array:
    """How each series' errors grow with the step, ``[series, step]``, in sizes of the series.

    The panel's profile where a series has lived few stretches as long as the step, its own where it has lived many: a
    noisy series is off by as much tomorrow as in two months, one that moves in steps is not.
    """
    count = known.sum(axis=1)
    mean = size.sum(axis=1) / np.maximum(count, 1)
    own_growth = np.divide(mean, own[:, None], out=np.ones_like(mean), where=(own > 0)[:, None])
    stretches = _stretches(errors, spacing, errors.shape[2])
    share = stretches / (stretches + _GROWTH_HALF)
    share = np.where((count > 0) & (own > 0)[:, None], share, 0.0)
    grown: Array = np.exp(share * np.log(np.maximum(own_growth, _GROWTH_LEAST)) + (1 - share) * np.log(profile))
    return grown


def _stretches(errors: Array, spacing: int, horizon: int) -> Array:
    """How many independent errors each series has shown so many steps ahead, ``[series, step]``.

    A level that wanders is seen once in as many periods as the step is far, noise around it anew at each origin.
    """
    count = np.isfinite(errors).sum(axis=1)
    count = np.pad(count, ((0, 0), (0, horizon - count.shape[1])), mode="edge")
    apart = np.minimum(count, count * spacing / np.arange(1.0, horizon + 1))
    noise = 1.0 - _walk(errors)[:, None]
    independent: Array = apart + noise * (count - apart)
    return independent


def _walk(errors: Array) -> Array:
    """How much each series' errors are those of a random walk, 0 for noise to 1."""
    walk: Array = np.clip(level_share(errors) / WALK_SHARE, 0.0, 1.0)
    return walk


def _limits(errors: Array, stretches: Array, size: Array, growth: Array, room: tuple[Array, Array]) -> Array:
    """How far off a forecast can be, below and above, ``[side, series, step]``."""
    known = np.isfinite(errors)
    tested, horizon = errors.shape[2], size.shape[1]
    sides = [np.maximum.accumulate(np.where(known, one, 0.0).max(axis=1, initial=0.0), axis=1) for one in (-errors, errors)]
    far = np.pad(np.array(sides), ((0, 0), (0, 0), (0, horizon - tested)), mode="edge")
    largest = far * growth
    largest = np.maximum(largest, _OTHER * largest.max(axis=0))
    live = known.any(axis=(1, 2))
    wander = _WANDER * np.median(size[live], axis=0) if live.any() else _UNKNOWN * np.sqrt(np.arange(1, horizon + 1))
    unseen = np.maximum(room[0] + wander, largest)
    ceiling = np.maximum(room[0] + room[1], far)
    seen = largest * (1.0 + _BEYOND / np.sqrt(np.maximum(stretches, 1.0)))
    limits: Array = np.where(stretches >= _SEEN, np.minimum(seen, ceiling), unseen)
    return limits


def _tapered(size: Array, limits: Array, stretches: Array, quantiles: Array) -> Array:
    """Sizes below and above, ``[side, series, step]``."""
    inside = 1.0 / (stretches + 1.0)
    tails = [
        np.array([np.interp(place, GRID, row) for place, row in zip(at.T, quantiles, strict=True)]).T
        for at in (inside, 1.0 - inside)
    ]
    reach = [np.maximum(size * np.abs(tail), 1e-300) for tail in tails]
    return np.array([size * np.minimum(1.0, limit / one) for limit, one in zip(limits, reach, strict=True)])


def _stretch(ratio: Array) -> Array:
    """Factor by which the level part of each series' paths is stretched: least for a random walk, all level."""
    known = np.isfinite(ratio).all(axis=2)
    share = level_share(ratio)
    hidden = np.clip(1.0 - share / WALK_SHARE, 0.0, 1.0)
    young = 1.0 - known.sum(axis=1) / max(known.shape[1], 1)
    stretched: Array = 1.0 + _STRETCH_LEAST + _STRETCH_HIDDEN * hidden + _STRETCH_YOUNG * young
    return stretched


def _profile(errors: Array, known: NDArray[np.bool_]) -> Array:
    """How the size of errors grows with the step, 1 on average."""
    mean = np.where(known, np.abs(errors), 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    level = mean.mean(axis=1, keepdims=True)
    relative = mean[(level > 0)[:, 0]] / level[level > 0][:, None]
    steps = errors.shape[2]
    profile = relative.mean(axis=0) if len(relative) else np.sqrt(np.arange(1.0, steps + 1))
    relative_to_mean: Array = np.maximum(profile / profile.mean(), 1e-3)
    return relative_to_mean


def _pooled(ratio: Array, step: int, most: int) -> Array:
    """Quantiles of GRID of the errors known at one step, median 0; a standard shape where few are known."""
    live = np.isfinite(ratio)
    known = ratio[live]
    if not known.size:
        none: Array = _LAPLACE * np.sqrt(step)
        return none
    weight = np.broadcast_to(recency(ratio.shape[1]), ratio.shape)[live]
    thin = -(-known.size // most)
    found = _weighted_quantiles(known[::thin], weight[::thin])
    found = found - found[GRID.size // 2]
    share = known.size / (known.size + _SHAPE_HALF)
    mean = float(np.abs(known).mean())
    mixed: Array = share * found + (1 - share) * _LAPLACE * mean
    return mixed


def recency(origins: int) -> Array:
    """Weight of each past origin, the newest last: half at HALF of the way back.

    >>> recency(4).round(2).tolist()
    [0.18, 0.31, 0.56, 1.0]
    """
    return 0.5 ** (np.arange(origins)[::-1] / max(HALF * origins, 1.0))


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
