"""A step of one series: a credit that ran out, a reservation that ended, a price that fell. It is no growth.

Conventions: working scale (scale.py), ``[series, period]``, NaN before a series begins. The slope of a series that was
level, stepped once and is level again would carry the step on, month after month. So the slope is measured without it.
Steps that come more than once are how the series grows, and stay.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.scale import known_median

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A change of level that is a step: at least this in logs, and this many deviations from the usual change.
_LEAST, _DEVIATIONS = 0.15, 8.0
#: The part of a step by which the level after it stays apart from the one before.
_LASTS = 0.5
#: Changes below which nothing tells what is usual.
_FEWEST = 6


def without_step(values: Array, window: int) -> tuple[Array, Flags]:
    """The series, each with its one lasting step taken out of the periods before it, and which of them have one.

    A level is the median of half a ``window`` of periods; it lasts where that of a whole one agrees.

    >>> told, stepped = without_step(np.array([[0.0, 0, 0, 0, 0, 0, 2, 2, 2]]), 3)
    >>> told.tolist(), stepped.tolist()
    ([[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]], [True])
    """
    half, stepped = max(window // 2, 1), np.zeros(len(values), dtype=bool)
    if values.shape[1] < 2 * half + _FEWEST:
        return values, stepped
    change = _changes(values, half)
    away = change - known_median(change)[:, None]
    deviation = 1.4826 * known_median(np.abs(away))[:, None]
    jumps = np.abs(away) > np.maximum(_DEVIATIONS * deviation, _LEAST)
    told = (~np.isnan(change)).sum(axis=1) >= _FEWEST
    steady = values.copy()
    for row in np.flatnonzero(jumps.any(axis=1) & told).tolist():
        found = [_narrowed(one, away[row], half) for one in _stretches(jumps[row])]
        lasting = [one for one in found if _lasts(values[row], one, float(np.abs(away[row, one]).max()), window)]
        if len(lasting) == 1:
            steady[row, : lasting[0].stop] += _heights(away[row], lasting[0])
            stepped[row] = True
    return steady, stepped


def _changes(values: Array, half: int) -> Array:
    """The level after each period less the one up to it, NaN where one of them is not known, ``[series, period]``."""
    windows = np.lib.stride_tricks.sliding_window_view(values, half, axis=1)
    levels = np.median(windows, axis=2)
    change = np.full(values.shape, np.nan)
    change[:, half - 1 : -half] = levels[:, half:] - levels[:, :-half]
    return change


def _stretches(jumps: Flags) -> list[slice]:
    """Runs of changes that are jumps."""
    edges = np.flatnonzero(np.diff(np.pad(jumps.astype(np.int8), 1)))
    return [slice(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _narrowed(jump: slice, away: Array, half: int) -> slice:
    """The largest change of a run, because levels of several periods see one step as often; else the whole of it: a
    step in the middle of a month is two.
    """
    if half == 1:
        return jump
    peak = jump.start + int(np.argmax(np.abs(away[jump])))
    return slice(peak, peak + 1)


def _lasts(values: Array, jump: slice, largest: float, window: int) -> bool:
    """Whether the level after the jumps, over some periods, is apart from the one before by more than half of them."""
    before, after = values[: jump.start + 1][-window:], values[jump.stop :][:window]
    return bool(abs(known_median(after[None])[0] - known_median(before[None])[0]) > _LASTS * largest)


def _heights(away: Array, jump: slice) -> Array:
    """What to add to each period up to the last one before the new level, ``[period]``."""
    height: Array = away[jump][::-1].cumsum()[::-1]
    return np.concatenate([np.full(jump.start, height[0]), height])
