"""A grid of exponential smoothing settings, run over all series in one pass and averaged.

Conventions: working scale without season; ``[series, period]``, NaN before a series begins. States are kept at
``origins``, positions of periods after which a forecast could have been made; a state at an origin knows nothing later
than it.

Method: simple smoothing and damped Holt (Gardner 1985). The simple ones are weighed by how far their level was off some
steps ahead at past origins, the Holt ones by the likelihood of their one-step errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Positions = NDArray[np.intp]

ALPHAS = (0.03, 0.06, 0.1, 0.16, 0.25, 0.36, 0.5, 0.65, 0.8, 0.95)
SLOW, FAST, MIDDLE = 1, 8, 4
DAMPING = (0.9, 0.97)
HOLT = tuple((alpha, beta, phi) for alpha in (0.2, 0.4, 0.6, 0.85) for beta in (0.05, 0.15, 0.4) for phi in DAMPING)

#: Periods before one-step errors count, and the most that count as evidence for a setting.
_WARM_UP, _EVIDENCE = 11, 200
_START = 4


@dataclass(frozen=True)
class States:
    """Averaged states at the origins, ``[series, origin]`` each.

    ``level`` of simple smoothing, ``speed`` its averaged setting (one a series, 0 to 1), ``slow``, ``middle`` and
    ``fast`` single settings; ``holt_level`` and, for each damping, ``holt_slopes``.
    """

    level: Array
    speed: Array
    slow: Array
    middle: Array
    fast: Array
    holt_level: Array
    holt_slopes: tuple[Array, ...]


def smoothed(values: Array, origins: Positions, steps: Sequence[int]) -> States:
    """Averaged smoothing states at each origin; the last origin is the newest period."""
    levels, slopes, squares, count = _run(values, origins)
    simple = len(ALPHAS)
    by_level = _level_weights(values, levels[:, :simple], origins, steps)
    by_holt = _likelihood_weights(squares[simple:], count)
    holt = levels[:, simple:]
    damping = np.array([phi for _, _, phi in HOLT])
    return States(
        level=np.einsum("gn,kgn->nk", by_level, levels[:, :simple]),
        speed=np.array(ALPHAS) @ by_level,
        slow=levels[:, SLOW].T,
        middle=levels[:, MIDDLE].T,
        fast=levels[:, FAST].T,
        holt_level=np.einsum("gn,kgn->nk", by_holt, holt),
        holt_slopes=tuple(np.einsum("gn,kgn->nk", by_holt * (damping == phi)[:, None], slopes) for phi in DAMPING),
    )


def _run(values: Array, origins: Positions) -> tuple[Array, Array, Array, Array]:
    """Levels of all settings and slopes of the Holt ones at the origins, summed squares and their count."""
    series, periods = values.shape
    simple = len(ALPHAS)
    alpha = np.array([*ALPHAS, *(one[0] for one in HOLT)])[:, None]
    gain = np.array([a * b for a, b, _ in HOLT])[:, None]
    damping = np.array([phi for _, _, phi in HOLT])[:, None]
    begin = np.argmax(~np.isnan(values), axis=1)
    start = _start_levels(values, begin)
    level = np.tile(start, (len(alpha), 1))
    slope = np.zeros((len(HOLT), series))
    squares, count = np.zeros((len(alpha), series)), np.zeros(series)
    levels = np.empty((len(origins), len(alpha), series))
    slopes = np.empty((len(origins), len(HOLT), series))
    kept = {int(origin): place for place, origin in enumerate(origins)}
    columns = np.ascontiguousarray(values.T)
    for period in range(periods):
        slope *= damping
        level[simple:] += slope
        error = columns[period] - level
        live = begin <= period
        if not live.all():
            error[:, ~live] = 0.0
        level += alpha * error
        slope += gain * error[simple:]
        if period >= _WARM_UP:
            squares += error * error
            count += live
        if period in kept:
            levels[kept[period]], slopes[kept[period]] = level, slope
    return levels, slopes, squares, count


def _start_levels(values: Array, begin: Positions) -> Array:
    """The mean of the first four known values."""
    places = np.minimum(begin[:, None] + np.arange(_START), values.shape[1] - 1)
    first = np.take_along_axis(values, places, axis=1)
    start: Array = np.where(np.isnan(first), 0.0, first).mean(axis=1)
    return start


def _level_weights(values: Array, levels: Array, origins: Positions, steps: Sequence[int]) -> Array:
    """Weights of the simple settings, ``[setting, series]``: a likelihood of Laplace errors, averaged over steps."""
    begin = np.argmax(~np.isnan(values), axis=1)
    spacing = float(np.median(np.diff(origins))) if len(origins) > 1 else 1.0
    score = np.zeros(levels.shape[1:])
    for step in steps:
        past = origins[(origins + step < values.shape[1]) & (origins >= _START)]
        if not past.size:
            continue
        live = (past[:, None] >= begin)[:, None]
        error = np.abs(values[:, past + step].T[:, None] - levels[np.isin(origins, past)])
        error = np.where(live & np.isfinite(error), error, 0.0)
        count = live.sum(axis=0)
        mean = error.sum(axis=0) / np.maximum(count, 1)
        score -= np.minimum(count * spacing, _EVIDENCE) / np.sqrt(step) * np.log(mean + 1e-9)
    return _normalised(score / len(steps))


def _likelihood_weights(squares: Array, count: Array) -> Array:
    """Weights by the Gaussian likelihood of one-step errors, ``[setting, series]``."""
    mean = squares / np.maximum(count, 1)
    return _normalised(-0.5 * np.minimum(count, _EVIDENCE) * np.log(mean + 1e-12))


def _normalised(score: Array) -> Array:
    weights = np.exp(score - score.max(axis=0))
    result: Array = weights / weights.sum(axis=0)
    return result
