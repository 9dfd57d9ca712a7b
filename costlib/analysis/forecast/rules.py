"""Simple rules: a series whose own past clearly favours repeating its last season, or its run rate, gets that.

Conventions: working scale (scale.py); errors are actual less forecast, ``[series, origin, step]``, NaN where they are
no evidence; origins are positions of periods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.portions import portions
from costlib.analysis.forecast.rhythm import Rhythm
from costlib.analysis.forecast.scale import Scale

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: A rule is used where its past error is below this part of ours, at this share of origins, of so many blocks.
_CLEARLY, _OFTEN, _BLOCKS = 0.8, 0.75, 3.0


@dataclass(frozen=True)
class Rule:
    """What a rule says: ``now`` ``[series, step]``; ``past`` of some series ``[series, origin, step]``."""

    name: str
    now: Array
    past: Callable[[Positions], Array]


def with_rules(
    y: Array, working: Array, scale: Scale, now: Array, errors: Array, origins: Positions, spacing: int, rhythm: Rhythm
) -> tuple[Array, tuple[str, ...]]:
    """The forecast and the method of each series, those of a rule where it was clearly better on the series' own past.

    ``errors``, those of ``now`` at ``origins`` that are ``spacing`` periods apart, become those of the rule there.
    """
    methods = np.full(len(y), "smoothing", dtype=object)
    steps = errors.shape[2]
    if len(origins) * spacing / steps < _BLOCKS:
        return now, tuple(methods.tolist())
    targets = origins[:, None] + np.arange(1, steps + 1)
    best = np.abs(errors).mean(axis=2)
    for rule in (_seasonal_naive(working, now, targets, rhythm), _run_rate(y, working, scale, origins, now, rhythm)):
        missed = _mean_errors(rule, working, targets)
        missed[np.isnan(best)] = np.nan
        better = np.flatnonzero(_is_better(missed, best, spacing / steps))
        now = now.copy()
        now[better] = rule.now[better]
        errors[better] = np.where(np.isnan(errors[better]), np.nan, working[better][:, targets] - rule.past(better))
        best[better] = missed[better]
        methods[better] = rule.name
    return now, tuple(methods.tolist())


def _is_better(missed: Array, best: Array, blocks: float) -> NDArray[np.bool_]:
    """Whether a rule was clearly and mostly better, by mean errors ``[series, origin]``; ``blocks`` is an origin's."""
    live = np.isfinite(missed)
    count = live.sum(axis=1)
    wins = ((missed < best) & live).sum(axis=1) / np.maximum(count, 1)
    ratio = np.where(live, missed, 0.0).sum(axis=1) / np.maximum(np.where(live, best, 0.0).sum(axis=1), 1e-12)
    return np.asarray((count * blocks >= _BLOCKS) & (ratio < _CLEARLY) & (wins >= _OFTEN))


def _mean_errors(rule: Rule, working: Array, targets: Positions) -> Array:
    """Mean absolute error of each origin, ``[series, origin]``; NaN where not all steps are known."""
    mean = np.empty((len(working), len(targets)))
    for portion in portions(len(working), targets.size):
        rows = np.arange(portion.start, portion.stop)
        off = working[rows].take(targets, axis=1)
        off -= rule.past(rows)
        mean[rows] = np.abs(off, out=off).mean(axis=2)
    return mean


def _seasonal_naive(working: Array, now: Array, targets: Positions, rhythm: Rhythm) -> Rule:
    """The last season, repeated; ``now`` where there is none."""

    def past(rows: Positions) -> Array:
        said: Array = working[rows].take(np.maximum(places, 0), axis=1)
        said[:, places < 0] = np.nan
        return said

    ago = rhythm.season * -(-np.arange(1, now.shape[1] + 1) // rhythm.season)
    places = targets - ago[: targets.shape[1]]
    newest = working.shape[1] + np.arange(now.shape[1]) - ago
    repeated = working[:, newest] if newest.min() >= 0 else now
    return Rule("seasonal naive", np.where(np.isnan(repeated), now, repeated), past)


def _run_rate(y: Array, working: Array, scale: Scale, origins: Positions, now: Array, rhythm: Rhythm) -> Rule:
    """The mean of the newest periods, repeated; a step of the whole panel since then is in it."""
    window, ends = rhythm.run_rate, np.append(origins + 1, y.shape[1])
    sums = np.cumsum(np.pad(np.where(np.isnan(y), 0.0, y), ((0, 0), (1, 0))), axis=1)
    rates = scale.forward((sums[:, ends] - sums[:, np.maximum(ends - window, 0)]) / window)
    rates = rates + (working - scale.forward(y))[:, ends - 1]
    return Rule("run rate", np.broadcast_to(rates[:, -1:], now.shape), lambda rows: rates[rows, :-1, None])
