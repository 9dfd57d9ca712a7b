"""The method applied to a panel: the forecast, and its errors at past origins.

Conventions: as in engine.py; working scale throughout (scale.py). A series whose own past clearly favours a simple rule
gets that, with the errors of that (rules.py).
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
from costlib.analysis.forecast.rules import Lived, with_rules
from costlib.analysis.forecast.scale import Scale, bridged, scale_of, shared_steps
from costlib.analysis.forecast.season import seasonal_figures

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

#: Periods that every past origin has behind it.
_WARM_UP = 11
#: What a series moves by in one period where nothing is known, in parts of its level.
_UNKNOWN_CHANGE = 0.1
#: Past errors that are kept a series: with a long horizon, fewer origins.
_ERRORS_A_SERIES = 8_000


@dataclass(frozen=True)
class Past:
    """``now`` ``[series, step]``; ``errors`` ``[series, origin, step]``, origins ``spacing`` periods apart.

    ``change`` is the mean absolute change a period and ``methods`` what each series got, one entry a series;
    ``together`` is how far their changes agree, 0 to 1; ``room`` where the series have been around ``now``; ``stepped``
    those whose level stepped once and stayed.
    """

    now: Array
    errors: Array
    spacing: int
    change: Array
    scale: Scale
    methods: tuple[str, ...]
    together: float
    room: Room
    stepped: NDArray[np.bool_]


def past_of(history: Array, kinds: Kinds, horizon: int, rhythm: Rhythm) -> Past:
    """The forecast and its past errors, in working scale."""
    y = _startable(bridged(history, rhythm.gap_season))
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
    errors = values.take(targets, axis=1)
    errors -= ahead[:, :-1, :tested]
    errors[origins - (periods - kinds.length)[:, None] < NEW] = np.nan
    errors[:, ~_clear(origins, targets, steps, rhythm)] = np.nan
    spacing = rhythm.stride * thin
    lived = Lived(y, working, values, future, scale, origins, spacing, rhythm)
    now, methods = with_rules(lived, now, errors)
    now = np.where(kinds.constant[:, None], working[:, -1:], now)
    errors[kinds.constant] = np.nan
    now = np.maximum(now, scale.nothing[:, None])
    change = np.where(kinds.constant, 0.0, _change(values))
    return Past(now, errors, spacing, change, scale, methods, agreement(values), room_of(working, now), parts.stepped)


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


def _clear(origins: Positions, targets: Positions, steps: Array, rhythm: Rhythm) -> NDArray[np.bool_]:
    """Errors ``[origin, step]`` that no step of the whole panel lies in; all, where none would be left at some step."""
    clear = np.ones(targets.shape, dtype=bool)
    for jump in np.flatnonzero(np.diff(steps)) + 1:
        clear &= (origins[:, None] >= jump) | (targets < jump - rhythm.season // 3)
    return clear if clear.any(axis=0).all() else np.ones_like(clear)


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
