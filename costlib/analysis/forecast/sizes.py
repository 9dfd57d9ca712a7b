"""How far off each series' forecasts were at past origins, by step, and how much of that is evidence.

Conventions: working scale; errors are actual less forecast, ``[series, origin, step]``, NaN where the series had not
begun long enough before the origin; ``spacing`` is the periods between origins.

Method: a series' own mean absolute error, drawn to the panel's where it has lived few independent stretches. So is the
way in which it grows with the step: one that moves in steps or trends is off by more the further ahead, one that is
noisy or comes in gaps is off by as much tomorrow as in two months, and would explode with the growth of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.dependence import WALK_SHARE, level_share

Array = NDArray[np.float64]

#: Evidence of a past origin halves over this part of the way back to the oldest.
HALF = 0.3
#: Beyond the last step that history can test, the errors of a random walk grow with this power of the step.
GROWTH = 0.65
#: Own evidence of size: blocks of the horizon that count as much as the panel's typical size.
_OWN_HALF = 1.0
#: Errors and changes under this part of a series' mean size are those of arithmetic.
_NOTHING = 1e-9
#: However thin the evidence, the size is not below this part of a series' own past errors.
_OWN_LEAST = 0.1
#: What is usually kept of a series' distance from the panel's typical size; series and blocks that tell as much.
_USUAL_KEPT, _USUAL_SERIES, _USUAL_BLOCKS = 0.8, 20.0, 2.0
#: Other series draw a size by n / (n + this), by at most so much in logs; the older half holds this part of the newer.
_COMPANY_HALF, _DRAWN_MOST, _HALF_KNOWN = 4.0, 0.4, 0.5
#: Own evidence of growth: independent errors that count as much as the panel's growth; the least growth.
_GROWTH_HALF, _GROWTH_LEAST = 16.0, 0.02


@dataclass(frozen=True)
class Evidence:
    """What past errors show: how many each series has at each step, and their mean size, ``[series, step]`` each.

    ``level`` is their share of level (dependence.py), one a series.
    """

    count: Array
    mean: Array
    level: Array

    @property
    def walk(self) -> Array:
        """How far each series' errors are those of a random walk, 0 (noise) to 1; 1 where nothing is known."""
        walk: Array = np.clip(self.level / WALK_SHARE, 0.0, 1.0)
        return walk


def evidence_of(errors: Array) -> Evidence:
    """The evidence in errors ``[series, origin, step]``."""
    count = np.isfinite(errors).sum(axis=1, dtype=np.float64)
    mean = np.nansum(np.abs(errors), axis=1) / np.maximum(count, 1.0)
    return Evidence(count, mean, level_share(errors))


def sizes_of(errors: Array, evidence: Evidence, fallback: Array, spacing: int) -> Array:
    """Size of error of each series, ``[series, step]``; ``fallback`` is the size of one-step change, one a series."""
    steps = errors.shape[2]
    count = evidence.count.sum(axis=1)
    profile = _profile(evidence.mean)
    whole, known = np.nansum(np.abs(errors) / profile, axis=2), np.isfinite(errors).sum(axis=2)
    own = _mean(whole, known, recency(errors.shape[1]))
    blocks = count / steps * spacing / steps
    usable = (count > 0) & (own > _NOTHING) & (fallback > _NOTHING)
    typical = min(np.median(own[usable] / fallback[usable]), steps) if usable.any() else 1.0
    share = blocks / (blocks + _OWN_HALF)
    mixed = np.exp(
        share * np.log(np.maximum(own, 1e-300)) + (1 - share) * np.log(np.maximum(fallback * typical, 1e-300))
    )
    mixed = np.maximum(mixed, _OWN_LEAST * own)
    level = np.where(usable, mixed, np.where(count > 0, own, fallback * typical))
    history = errors.shape[1] * spacing / steps
    level[usable] *= drawn_in(level[usable], *_halves(whole[usable], known[usable]), history)
    sizes: Array = level[:, None] * _growth(evidence.mean, own, profile, stretches(evidence, spacing, steps))
    return sizes


def _mean(whole: Array, known: NDArray[np.intp], weight: Array) -> Array:
    """The mean of sums ``[series, origin]`` over so many known errors, each origin by its weight; 0 where none is."""
    mean: Array = whole @ weight / np.maximum(known @ weight, 1e-9)
    return mean


def _halves(whole: Array, known: NDArray[np.intp]) -> tuple[Array, Array]:
    """Mean size of error in the older and the newer half of the origins; 0 where a half is hardly known."""
    newer = np.arange(whole.shape[1]) >= whole.shape[1] // 2
    older_mean, newer_mean = _mean(whole, known, ~newer * 1.0), _mean(whole, known, newer * 1.0)
    tested = known @ ~newer >= _HALF_KNOWN * (known @ newer)
    return np.where(tested, older_mean, 0.0), newer_mean


def drawn_in(level: Array, older: Array, newer: Array, blocks: float) -> Array:
    """Factors that draw each series' size of error to the panel's typical one as far as sizes came nearer to it before.

    The quietest series of a panel were partly lucky, the wildest unlucky. How much so the panel's own past tells: it is
    what is missing to 1 in the slope of the newer sizes over the older ones, in logs. A usual slope counts beside it,
    the more the fewer series there are, and the fewer ``blocks`` of the horizon their past holds.
    """
    live = (older > _NOTHING) & (newer > _NOTHING)
    slope, count = _slope(np.log(older[live]), np.log(newer[live])) if live.any() else 0.0, int(live.sum())
    told = count / (count + _USUAL_SERIES) * blocks / (blocks + _USUAL_BLOCKS)
    kept = told * np.clip(slope, 0.0, 1.0) + (1.0 - told) * _USUAL_KEPT
    size = np.log(level)
    away = size - np.median(size) if size.size else size
    company = level.size / (level.size + _COMPANY_HALF)
    factors: Array = np.exp(np.clip(-(1.0 - kept) * company * away, -_DRAWN_MOST, _DRAWN_MOST))
    return factors


def _slope(older: Array, newer: Array) -> float:
    """The slope of newer over older figures around their medians, both cut at three usual deviations of the older."""
    x, y = older - np.median(older), newer - np.median(newer)
    most = 3 * 1.4826 * np.median(np.abs(x))
    x, y = np.clip(x, -most, most), np.clip(y, -most - 1.0, most + 1.0)
    return float(x @ y / max(float(x @ x), 1e-12))


def stretches(evidence: Evidence, spacing: int, horizon: int) -> Array:
    """How many independent errors each series has shown so many steps ahead, ``[series, step]``.

    A level that wanders is seen once in as many periods as the step is far, noise around it anew at each origin. Steps
    further than the errors are as the last of them.

    >>> wanders = np.ones((1, 12, 4))
    >>> stretches(evidence_of(wanders), 1, 6).tolist()
    [[12.0, 6.0, 4.0, 3.0, 2.4, 2.0]]
    """
    count = np.pad(evidence.count, ((0, 0), (0, horizon - evidence.count.shape[1])), mode="edge")
    apart = np.minimum(count, count * spacing / np.arange(1.0, horizon + 1))
    independent: Array = apart + (1.0 - evidence.walk[:, None]) * (count - apart)
    return independent


def recency(origins: int) -> Array:
    """Weight of each past origin, the newest last: half at HALF of the way back.

    >>> recency(4).round(2).tolist()
    [0.18, 0.31, 0.56, 1.0]
    """
    return 0.5 ** (np.arange(origins)[::-1] / max(HALF * origins, 1.0))


def _growth(mean: Array, own: Array, profile: Array, independent: Array) -> Array:
    """How errors grow with the step, ``[series, step]``, in sizes of the series."""
    live = (own > 0) & (mean > 0).any(axis=1)
    grown = np.divide(mean, own[:, None], out=np.ones_like(mean), where=live[:, None])
    share = np.where(live[:, None], independent / (independent + _GROWTH_HALF), 0.0)
    growth: Array = np.exp(share * np.log(np.maximum(grown, _GROWTH_LEAST)) + (1 - share) * np.log(profile))
    return growth


def _profile(mean: Array) -> Array:
    """How the panel's size of errors grows with the step, 1 on average."""
    level = mean.mean(axis=1, keepdims=True)
    relative = mean[(level > 0)[:, 0]] / level[level > 0][:, None]
    profile = relative.mean(axis=0) if len(relative) else np.sqrt(np.arange(1.0, mean.shape[1] + 1))
    relative_to_mean: Array = np.maximum(profile / profile.mean(), 1e-3)
    return relative_to_mean
