"""Simple rules: a series whose own past clearly favours repeating its last season, its run rate or its own trend,
carried on in full, gets that.

Conventions: working scale (scale.py); errors are actual less forecast, ``[series, origin, step]``, NaN where they are
no evidence; origins are positions of periods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.lines import Line, line_of
from costlib.analysis.forecast.portions import portions
from costlib.analysis.forecast.rhythm import Rhythm
from costlib.analysis.forecast.scale import Scale

Array = NDArray[np.float64]
Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]

#: A rule is used where its past error is below this part of ours, at this share of origins, of so many blocks.
_CLEARLY, _OFTEN, _BLOCKS = 0.8, 0.75, 3.0
#: By how much less clearly a trend may be better over all tested steps than over the next ones.
_FURTHER = 0.2
#: How much further off the future of a trend is than the past that it was chosen for.
_FLATTERED = 1.2
#: The part of the horizon that history must be able to test before a run rate is believed: nothing grows in one step.
_TESTED = 0.25
OWN_TREND = "own trend"


@dataclass(frozen=True)
class Rule:
    """What a rule says: ``now`` ``[series, step]``; ``past`` of some series ``[series, origin, step]``.

    Errors of what was chosen for its small errors flatter: they count ``flattered`` times.
    """

    name: str
    now: Array
    past: Callable[[Positions], Array]
    flattered: float = 1.0


@dataclass(frozen=True)
class Lived:
    """What rules are made from: money ``y``, it in working scale, that without its season, and the season ahead.

    ``[series, period]`` each, ``season_ahead`` ``[series, step]``; ``spacing`` periods lie between two origins.
    """

    y: Array
    working: Array
    values: Array
    season_ahead: Array
    scale: Scale
    origins: Positions
    spacing: int
    rhythm: Rhythm

    @property
    def seen(self) -> Array:
        """Periods since each series began, before the newest."""
        seen: Array = self.values.shape[1] - 1.0 - np.argmax(~np.isnan(self.values), axis=1)
        return seen


def with_rules(lived: Lived, now: Array, errors: Array) -> tuple[Array, tuple[str, ...]]:
    """The forecast and the method of each series, those of a rule where it was clearly better on the series' own past.

    ``errors``, those of ``now`` at the origins, become those of the rule there.
    """
    methods = np.full(len(now), "smoothing", dtype=object)
    now = now.copy()

    def take(rule: Rule, better: Positions) -> None:
        now[better] = rule.now[better]
        came = lived.working[better][:, _targets(lived, errors)]
        errors[better] = np.where(np.isnan(errors[better]), np.nan, rule.flattered * (came - rule.past(better)))
        methods[better] = rule.name

    tested, horizon = errors.shape[2], now.shape[1]
    if len(lived.origins) * lived.spacing / tested >= _BLOCKS:
        flat = [_run_rate(lived, now)] if tested >= _TESTED * horizon else []
        for simple in (_seasonal_naive(lived, now, errors), *flat):
            take(simple, np.flatnonzero(_is_better_by_period(simple, lived, errors)))
    for window in lived.rhythm.lines:
        line = line_of(lived.values, lived.origins, window)
        take(_own_trend(line, lived, errors), np.flatnonzero(_is_better_in_level(line, lived, errors)))
    return now, tuple(methods.tolist())


def _targets(lived: Lived, errors: Array) -> Positions:
    """The periods that each origin's errors are of, ``[origin, step]``."""
    return lived.origins[:, None] + np.arange(1, errors.shape[2] + 1)


def _is_better_by_period(rule: Rule, lived: Lived, errors: Array) -> Flags:
    """Whether a rule was clearly and mostly better at the periods, one by one."""
    best = np.abs(errors).mean(axis=2)
    missed = _mean_errors(rule, lived.working, _targets(lived, errors))
    missed[np.isnan(best)] = np.nan
    return _is_better(missed, best, lived.spacing / errors.shape[2], _CLEARLY)


def _is_better_in_level(line: Line, lived: Lived, errors: Array) -> Flags:
    """Whether a line was clearly and mostly better in the sum of the next periods, and better further ahead too.

    Noise from period to period hides a level that is always too low; sums show it.
    """
    rhythm, steps = lived.rhythm, errors.shape[2]
    near = max(1, min(steps, rhythm.line_steps, int(len(lived.origins) * lived.spacing / _BLOCKS)))
    ours, whole = np.abs(errors[:, :, :near].mean(axis=2)), np.abs(errors.mean(axis=2))
    missed = np.where(np.isnan(ours), np.nan, line.missed(lived.values, lived.origins, near, rhythm))
    further = np.where(np.isnan(whole), np.nan, line.missed(lived.values, lived.origins, steps, rhythm))
    clearly = _is_better(missed, ours, lived.spacing / near, rhythm.line_clearly)
    return clearly & (_ratio(further, whole) < rhythm.line_clearly + _FURTHER)


def _is_better(missed: Array, best: Array, blocks: float, clearly: float) -> Flags:
    """Whether a rule was clearly and mostly better, by mean errors ``[series, origin]``; ``blocks`` is an origin's."""
    live = np.isfinite(missed)
    count = live.sum(axis=1)
    wins = ((missed < best) & live).sum(axis=1) / np.maximum(count, 1)
    return np.asarray((count * blocks >= _BLOCKS) & (_ratio(missed, best) < clearly) & (wins >= _OFTEN))


def _ratio(missed: Array, best: Array) -> Array:
    """Errors of a rule in parts of ours, of the origins where it has any."""
    live = np.isfinite(missed)
    ratio: Array = np.where(live, missed, 0.0).sum(axis=1) / np.maximum(np.where(live, best, 0.0).sum(axis=1), 1e-12)
    return ratio


def _mean_errors(rule: Rule, working: Array, targets: Positions) -> Array:
    """Mean absolute error of each origin, ``[series, origin]``; NaN where not all steps are known."""
    mean = np.empty((len(working), len(targets)))
    for portion in portions(len(working), targets.size):
        rows = np.arange(portion.start, portion.stop)
        off = working[rows].take(targets, axis=1)
        off -= rule.past(rows)
        mean[rows] = np.abs(off, out=off).mean(axis=2)
    return mean


def _seasonal_naive(lived: Lived, now: Array, errors: Array) -> Rule:
    """The last season, repeated; ``now`` where there is none."""
    working, season, targets = lived.working, lived.rhythm.season, _targets(lived, errors)

    def past(rows: Positions) -> Array:
        said: Array = working[rows].take(np.maximum(places, 0), axis=1)
        said[:, places < 0] = np.nan
        return said

    ago = season * -(-np.arange(1, now.shape[1] + 1) // season)
    places = targets - ago[: targets.shape[1]]
    newest = working.shape[1] + np.arange(now.shape[1]) - ago
    repeated = working[:, newest] if newest.min() >= 0 else now
    return Rule("seasonal naive", np.where(np.isnan(repeated), now, repeated), past)


def _run_rate(lived: Lived, now: Array) -> Rule:
    """The mean of the newest periods, repeated; a step of the whole panel since then is in it."""
    y, scale, window = lived.y, lived.scale, lived.rhythm.run_rate
    ends = np.append(lived.origins + 1, y.shape[1])
    sums = np.cumsum(np.pad(np.where(np.isnan(y), 0.0, y), ((0, 0), (1, 0))), axis=1)
    rates = scale.forward((sums[:, ends] - sums[:, np.maximum(ends - window, 0)]) / window)
    rates = rates + (lived.working - scale.forward(y))[:, ends - 1]
    return Rule("run rate", np.broadcast_to(rates[:, -1:], now.shape), lambda rows: rates[rows, :-1, None])


def _own_trend(line: Line, lived: Lived, errors: Array) -> Rule:
    """The series' own line, with its season."""
    season, targets = lived.working - lived.values, _targets(lived, errors)

    def past(rows: Positions) -> Array:
        said: Array = line.past(rows, targets.shape[1], lived.rhythm) + season[rows].take(targets, axis=1)
        return said

    ahead = line.ahead(lived.season_ahead.shape[1], lived.seen, lived.rhythm)
    return Rule(OWN_TREND, ahead + lived.season_ahead, past, _FLATTERED)
