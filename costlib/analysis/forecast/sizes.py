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
    own = _recent_mean(errors, profile)
    blocks = count / steps * spacing / steps
    usable = (count > 0) & (own > _NOTHING) & (fallback > _NOTHING)
    typical = min(np.median(own[usable] / fallback[usable]), steps) if usable.any() else 1.0
    share = blocks / (blocks + _OWN_HALF)
    mixed = np.exp(
        share * np.log(np.maximum(own, 1e-300)) + (1 - share) * np.log(np.maximum(fallback * typical, 1e-300))
    )
    mixed = np.maximum(mixed, _OWN_LEAST * own)
    level = np.where(usable, mixed, np.where(count > 0, own, fallback * typical))
    sizes: Array = level[:, None] * _growth(evidence.mean, own, profile, stretches(evidence, spacing, steps))
    return sizes


def _recent_mean(errors: Array, profile: Array) -> Array:
    """Mean absolute error over the panel's profile of each series, recent origins weighing more; 0 without any."""
    weight = recency(errors.shape[1])
    whole = np.nansum(np.abs(errors) / profile, axis=2) @ weight
    known: Array = np.isfinite(errors).sum(axis=2) @ weight
    mean: Array = whole / np.maximum(known, 1e-9)
    return mean


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
