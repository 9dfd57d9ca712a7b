"""What goes with what on the paths: the place that each series' error takes at each step of each past origin.

Conventions: errors are ``[series, origin, step]``, NaN where the series had not begun long enough before the origin. A
*place* is the rank of an origin's error among those of the same series and step, 0 for the lowest; places are
``[series, step, origin]``, so that those which are compared lie side by side.

Method: places of past errors, at one origin for all series (Schaake shuffle, Clark et al. 2004). Stretches of history
that overlap are no new evidence: a horizon that fits into the history a few times only tells little of how steps and
series hang together, and makes errors that last look as if they cancelled out. The fewer independent stretches there
are, the more weight has what is known without them: errors build up like a random walk, and the walks of two series go
together as far as their changes from one period to the next do.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.portions import portions

Array = NDArray[np.float64]
Places = NDArray[np.int16]
Scores = NDArray[np.float32]

#: Share of the squared errors of a random walk that is level.
WALK_SHARE = 2 / 3
#: Stretches of history that count as much as the random walk, and those that need it no more.
_HALF, _ENOUGH = 2.0, 12.0
#: Origins below which their ranks say nothing, and walks on which paths follow at least.
_FEWEST, _WALKS = 2, 64
#: Walks that series share out among themselves, each in an order of its own.
_BANK = 512
#: Origins that a young series did not live are matched with its own at this stride, so that no two series agree.
_STRIDE = 37
#: A change counts as at most so many times its usual size, and how many series the panel's agreement needs.
_MOST, _SERIES_HALF = 3.0, 4.0


def agreement(values: Array) -> float:
    """How far the changes of the series from one period to the next go together, 0 to 1: their mean correlation.

    ``values`` is ``[series, period]`` in working scale without season. Drawn towards 0 where there are few series.

    >>> agreement(np.array([[1.0, 2.0, 1.0, 3.0], [5.0, 6.0, 5.0, 7.0]])).__round__(2)
    0.33
    """
    change = np.diff(values, axis=1)
    known = ~np.isnan(change)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    change = np.where(known, change - np.where(known, change, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    size = np.sqrt((change**2).sum(axis=1, keepdims=True) / count)
    usual = np.clip(np.divide(change, size, out=np.zeros_like(change), where=size > 1e-12), -_MOST, _MOST)
    live = known & (size > 1e-12)
    many = live.sum(axis=0)
    pairs = (many * (many - 1)).sum()
    both = (usual.sum(axis=0) ** 2 - (usual**2).sum(axis=0)).sum()
    each = (usual**2).sum() / max(int(live.sum()), 1)
    series = len(values)
    found = both / pairs / each if pairs and each > 0 else 0.0
    return float(np.clip(found, 0.0, 1.0)) * series / (series + _SERIES_HALF)


def places_of(errors: Array, level: Array, spacing: int, together: float) -> Places:
    """Places on the paths, ``[series, step, origin]``, of errors in any unit; ``spacing`` is periods between origins.

    ``level`` is the errors' ``level_share``, one a series, and ``together`` their series' ``agreement``.
    Where history holds few independent stretches there are more origins in the answer than were given.
    """
    origins, steps = errors.shape[1:]
    stretches = origins * spacing / steps
    if stretches >= _ENOUGH:
        return _ranked(errors)
    weight = stretches / (stretches + _HALF) if origins >= _FEWEST else 0.0
    count = max(_WALKS, origins)
    normal = np.array([NormalDist().inv_cdf((place + 0.5) / origins) for place in range(origins)], dtype=np.float32)
    normal *= np.float32(np.sqrt(weight))
    followed = np.arange(count) * origins // count
    measured, walks = _ranked(errors), _Walks.drawn(level, _turns(errors), count, steps, together)
    places = np.empty((len(errors), steps, count), dtype=np.int16)
    for rows in portions(len(places), places.shape[1] * places.shape[2]):
        scores = walks.of(rows)
        scores *= np.float32(np.sqrt(1.0 - weight))
        if weight:
            scores += normal[measured[rows].take(followed, axis=2)]
        places[rows] = _rank(scores)
    return places


def level_share(errors: Array) -> Array:
    """Share of each series' squared errors that is the mean over the steps of its origin; of a walk where unknown."""
    mean = errors.mean(axis=2)
    known = np.isfinite(mean)
    level = np.where(known, mean, 0.0) ** 2
    whole = np.where(known, np.einsum("nks,nks->nk", errors, errors), 0.0).sum(axis=1) / errors.shape[2]
    share: Array = np.divide(level.sum(axis=1), whole, out=np.full(len(errors), WALK_SHARE), where=whole > 0)
    return share


def _turns(errors: Array) -> NDArray[np.intp]:
    """A number for each series that comes of its errors alone, so that their order in a panel plays no part."""
    drift = np.nansum(errors, axis=(1, 2))
    turns: NDArray[np.intp] = drift.argsort().argsort()
    return turns


@dataclass(frozen=True)
class _Walks:
    """Random walks under noise, of unit size at each step, that series share out among themselves.

    They hold as much level as ``share`` says, one a series, and agree as far as ``together`` does.
    """

    common: NDArray[np.float32]
    own: NDArray[np.float32]
    noise: NDArray[np.float32]
    order: NDArray[np.intp]
    level: NDArray[np.float32]
    together: np.float32

    @classmethod
    def drawn(cls, share: Array, turns: NDArray[np.intp], count: int, steps: int, together: float) -> _Walks:
        """Walks for series in the order of their turns."""
        random = np.random.default_rng(0)
        walks = random.standard_normal((count + _BANK, steps), dtype=np.float32).cumsum(axis=1)
        walks /= np.sqrt(np.arange(1, steps + 1, dtype=np.float32))
        noise = random.standard_normal((_BANK, steps), dtype=np.float32)
        order = random.integers(0, _BANK, (2, len(share), count))[:, turns]
        level = np.clip(share / WALK_SHARE, 0.0, 1.0).astype(np.float32)[:, None, None]
        return cls(walks[:count], walks[count:], noise, order, level, np.float32(together))

    def of(self, rows: slice) -> Scores:
        """The walks of some of the series, ``[series, step, walk]``."""
        level = self.level[rows]
        found = self.own[self.order[0, rows]]
        found *= np.sqrt((1.0 - self.together) * level)
        found += np.sqrt(self.together * level) * self.common
        found += np.sqrt(1.0 - level) * self.noise[self.order[1, rows]]
        return np.ascontiguousarray(found.transpose(0, 2, 1))


def _ranked(errors: Array) -> Places:
    """Place of each origin among a series' own; one that a series did not live is one of those it did, each in turn."""
    series, origins, steps = errors.shape
    known = np.isfinite(errors)
    places = np.empty((series, steps, origins), dtype=np.int16)
    for rows in portions(len(places), places.shape[1] * places.shape[2]):
        places[rows] = _rank(np.where(known[rows], errors[rows], np.inf).astype(np.float32).transpose(0, 2, 1))
    for row in np.flatnonzero(~known.all(axis=(1, 2))):
        lived = known[row].all(axis=1)
        if lived.any():
            others, own = np.flatnonzero(~lived), np.flatnonzero(lived)
            places[row][:, others] = places[row][:, own[(_STRIDE * (others + row)) % own.size]]
            spread_out = places[row] * origins // np.maximum(known[row].sum(axis=0), 1)[:, None]
            places[row] = np.minimum(spread_out, origins - 1)
    return places


def _rank(scores: Scores) -> Places:
    """Rank of each origin among those of its series and step, ``[series, step, origin]``; the older first among equals.

    A score and its origin make one whole number, so that sorting plain numbers, which processors do fast, is enough:
    the bits of a float rise with it once those of negative ones are turned round.
    """
    bits = (scores + np.float32(0.0)).view(np.int32)
    bits ^= (bits >> 31) & np.int32(0x7FFFFFFF)
    order = bits.astype(np.int64, order="C")
    order <<= 16
    order |= np.arange(order.shape[2])
    order.sort(axis=2)
    order &= 0xFFFF
    series, steps, origins = order.shape
    order += (np.arange(series * steps) * origins).reshape(series, steps, 1)
    places = np.empty(order.shape, dtype=np.int16)
    places.reshape(-1)[order] = np.arange(origins, dtype=np.int16)
    return places
