"""The method applied to a panel: the forecast, and its errors at past origins.

Conventions: as in engine.py; working scale throughout (scale.py). A segment whose own past clearly favours repeating
its last season or its run rate gets that, with the errors of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.dependence import agreement
from costlib.analysis.forecast.kinds import NEW, Kinds
from costlib.analysis.forecast.limits import Room, room_of
from costlib.analysis.forecast.point import components, forecasts, last_year_together
from costlib.analysis.forecast.rhythm import Rhythm
from costlib.analysis.forecast.scale import Scale, bridged, scale_of, shared_steps
from costlib.analysis.forecast.season import seasonal_figures

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: Periods that every past origin has behind it.
_WARM_UP = 11
#: A simple rule is used where its past error is below this part of ours, at this share of origins, of so many blocks.
_CLEARLY, _OFTEN, _BLOCKS = 0.8, 0.75, 3.0
#: What a series moves by in one period where nothing is known, in parts of its level.
_UNKNOWN_CHANGE = 0.1
#: Past errors that are kept a series: with a long horizon, fewer origins.
_ERRORS_A_SERIES = 8_000
RULES = ("seasonal naive", "run rate")


@dataclass(frozen=True)
class Past:
    """``now`` ``[series, step]``; ``errors`` ``[series, origin, step]``, origins ``spacing`` periods apart.

    ``change`` is the mean absolute change a period and ``methods`` what each series got, one entry a series;
    ``together`` is how far their changes agree, 0 to 1; ``room`` where the series have been around ``now``.
    """

    now: Array
    errors: Array
    spacing: int
    change: Array
    scale: Scale
    methods: tuple[str, ...]
    together: float
    room: Room


def past_of(history: Array, kinds: Kinds, horizon: int, rhythm: Rhythm) -> Past:
    """The forecast and its past errors, in working scale."""
    y = _startable(bridged(history))
    scale = scale_of(y)
    raw = scale.forward(y)
    steps = shared_steps(raw, rhythm.season)
    working = raw + steps
    periods = y.shape[1]
    figures, belief = seasonal_figures(working, rhythm.season, rhythm.season_half_life, rhythm.season_caution)
    values = working - figures[:, (np.arange(periods) - periods) % rhythm.season]
    tested = max(1, min(horizon, (periods - _WARM_UP - 1) // 2))
    every = _origins(periods, tested, rhythm)
    chosen = np.flatnonzero(every < periods - tested)
    thin = max(1, chosen.size * tested // _ERRORS_A_SERIES)
    chosen = chosen[::-thin][::-1]
    origins = every[chosen]
    parts = components(values, every, rhythm)
    ahead = forecasts(parts, values, belief, np.append(chosen, len(every) - 1), horizon, rhythm)
    future = figures[:, np.arange(horizon) % rhythm.season]
    now = ahead[:, -1] + last_year_together(values, horizon, rhythm) + future
    targets = origins[:, None] + np.arange(1, tested + 1)
    errors = values[:, targets] - ahead[:, :-1, :tested]
    usable = _usable(origins, targets, kinds, steps, periods, rhythm)
    errors = np.where(usable, errors, np.nan)
    spacing = rhythm.stride * thin
    now, errors, methods = _rules(y, working, scale, now, errors, origins, spacing, rhythm)
    now = np.where(kinds.constant[:, None], working[:, -1:], now)
    errors[kinds.constant] = np.nan
    now = np.maximum(now, scale.nothing[:, None])
    change = np.where(kinds.constant, 0.0, _change(values))
    return Past(now, errors, spacing, change, scale, methods, agreement(values), room_of(working, now))


def _startable(y: Array) -> Array:
    """A series without any value becomes 0 in its last period, so that arithmetic runs; it is blanked at the end."""
    empty = np.isnan(y).all(axis=1)
    started = y.copy()
    started[empty, -1] = 0.0
    return started


def _origins(periods: int, tested: int, rhythm: Rhythm) -> Positions:
    """The newest period and origins before it, oldest first; enough of them with a whole tested horizon after them."""
    back = np.arange(periods - 1, _WARM_UP - 1, -rhythm.stride, dtype=np.intp)[
        : rhythm.origins + tested // rhythm.stride
    ]
    return back[::-1] if back.size else np.array([periods - 1], dtype=np.intp)


def _usable(
    origins: Positions, targets: Positions, kinds: Kinds, steps: Array, periods: int, rhythm: Rhythm
) -> NDArray[np.bool_]:
    """Errors that are evidence: the series had begun, and no step of the whole panel lies between."""
    begun = origins - (periods - kinds.length)[:, None] >= NEW
    jumps = np.flatnonzero(np.diff(steps)) + 1
    clear = np.ones(targets.shape, dtype=bool)
    for jump in jumps:
        clear &= (origins[:, None] >= jump) | (targets < jump - rhythm.season // 3)
    if clear.any(axis=0).all():
        return np.asarray(begun[:, :, None] & clear)
    return np.broadcast_to(begun[:, :, None], (len(begun), *targets.shape))


def _change(values: Array) -> Array:
    """Mean absolute change from one period to the next, the panel's typical one for series that have none."""
    change = np.abs(np.diff(values, axis=1))
    known = ~np.isnan(change)
    count = known.sum(axis=1)
    mean = np.where(known, change, 0.0).sum(axis=1) / np.maximum(count, 1)
    measured = count >= NEW - 1
    typical = float(np.median(mean[measured])) if measured.any() else _UNKNOWN_CHANGE
    share = count / (count + NEW)
    shrunk: Array = np.where(measured, mean, share * mean + (1 - share) * typical)
    return shrunk


def _rules(
    y: Array, working: Array, scale: Scale, now: Array, errors: Array, origins: Positions, spacing: int, rhythm: Rhythm
) -> tuple[Array, Array, tuple[str, ...]]:
    """Where a simple rule was clearly better on a series' own past, its forecast and errors."""
    tested = errors.shape[2]
    blocks = len(origins) * spacing / tested
    methods = np.full(len(y), "smoothing", dtype=object)
    if blocks < _BLOCKS:
        return now, errors, tuple(methods.tolist())
    best = _mean_error(errors)
    for name, (rule_now, rule_past) in zip(
        RULES, _rule_forecasts(y, working, scale, now, origins, rhythm), strict=True
    ):
        actual = working[:, origins[:, None] + np.arange(1, tested + 1)]
        rule_errors = np.where(np.isnan(errors), np.nan, actual - rule_past[:, :, :tested])
        rule = _mean_error(rule_errors)
        live = np.isfinite(rule) & np.isfinite(best)
        wins = ((rule < best) & live).sum(axis=1) / np.maximum(live.sum(axis=1), 1)
        ratio = _live_mean(rule, live) / np.maximum(_live_mean(best, live), 1e-12)
        enough = live.sum(axis=1) * spacing / tested >= _BLOCKS
        better = enough & (ratio < _CLEARLY) & (wins >= _OFTEN)
        now, errors = np.where(better[:, None], rule_now, now), np.where(better[:, None, None], rule_errors, errors)
        best = np.where(better[:, None], rule, best)
        methods[better] = name
    return now, errors, tuple(methods.tolist())


def _rule_forecasts(
    y: Array, working: Array, scale: Scale, now: Array, origins: Positions, rhythm: Rhythm
) -> list[tuple[Array, Array]]:
    """For each rule, its forecast now and at the past origins."""
    horizon, last = now.shape[1], working.shape[1] - 1
    ago = np.arange(1, horizon + 1) - rhythm.season * -(-np.arange(1, horizon + 1) // rhythm.season)
    places = origins[:, None] + ago
    repeated = np.where(places >= 0, working[:, np.maximum(places, 0)], np.nan)
    newest = last + ago
    repeated_now = working[:, newest] if newest.min() >= 0 else now
    window = rhythm.run_rate
    sums = np.cumsum(np.pad(np.where(np.isnan(y), 0.0, y), ((0, 0), (1, 0))), axis=1)
    ends = np.append(origins, last) + 1
    rates = scale.forward((sums[:, ends] - sums[:, np.maximum(ends - window, 0)]) / window)
    rates = rates + (working - scale.forward(y))[:, ends - 1]
    flat = np.repeat(rates[:, :, None], horizon, axis=2)
    return [(np.where(np.isnan(repeated_now), now, repeated_now), repeated), (flat[:, -1], flat[:, :-1])]


def _mean_error(errors: Array) -> Array:
    """Mean absolute error of each origin, ``[series, origin]``; NaN where not all steps are known."""
    mean: Array = np.abs(errors).mean(axis=2)
    return mean


def _live_mean(values: Array, live: NDArray[np.bool_]) -> Array:
    mean: Array = np.where(live, values, 0.0).sum(axis=1) / np.maximum(live.sum(axis=1), 1)
    return mean
