"""The season of each series, believed only as far as its noise allows.

Conventions: working scale (scale.py); figures are ``[series, position]``, position 0 the first period after the
history; they sum to 0.

Method: distance from a centred moving average over one season, averaged by position with recent seasons weighing more;
then shrunk towards no season by the ratio of the figures' noise to their size (James and Stein 1961).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def seasonal_figures(working: Array, season: int, half_life: float, caution: float) -> tuple[Array, Array]:
    """Seasonal figures by position after the history, and how far each series' are believed, 0 to 1.

    Both are 0 under two seasons of history.

    >>> week = np.tile([0.0, 0, 0, 0, 0, 3, 4], 9)[None]
    >>> seasonal_figures(week, 7, 26.0, 1.0)[0].round(9).tolist()
    [[-1.0, -1.0, -1.0, -1.0, -1.0, 2.0, 3.0]]
    """
    series, periods = working.shape
    if periods < 2 * season + 2:
        return np.zeros((series, season)), np.zeros(series)
    away = _from_moving_average(working, season)
    weight = np.where(np.isnan(away), 0.0, 0.5 ** ((periods - 1 - np.arange(periods)) / season / half_life))
    away = np.where(weight > 0, away, 0.0)
    figures, noise = _by_position(away, weight, season)
    figures -= figures.mean(axis=1, keepdims=True)
    size = (figures**2).sum(axis=1)
    lost = caution * noise.sum(axis=1) * (season - 1) / season * (season - 3) / (season - 1)
    kept = np.clip(1.0 - lost / np.maximum(size, 1e-12), 0.0, 1.0)
    kept = np.where((~np.isnan(working)).sum(axis=1) >= 2 * season + 2, kept, 0.0)
    return figures * kept[:, None], kept


def _from_moving_average(working: Array, season: int) -> Array:
    """Distance from the centred moving average over one season, NaN where that is not known."""
    span = season if season % 2 else season + 1
    sums = np.cumsum(np.pad(np.where(np.isnan(working), 0.0, working), ((0, 0), (1, 0))), axis=1)
    unknown = np.cumsum(np.pad(np.isnan(working), ((0, 0), (1, 0))), axis=1)
    whole = sums[:, span:] - sums[:, :-span]
    half = span // 2
    inner = working[:, half : working.shape[1] - half]
    if span != season:
        first, last = working[:, : -(span - 1)], working[:, span - 1 :]
        whole = whole - (np.nan_to_num(first) + np.nan_to_num(last)) / 2
    whole = np.where(unknown[:, span:] > unknown[:, :-span], np.nan, whole)
    away = np.full_like(working, np.nan)
    away[:, half : half + whole.shape[1]] = inner - whole / season
    return away


def _by_position(away: Array, weight: Array, season: int) -> tuple[Array, Array]:
    """Weighted mean by position, and the variance of that mean."""
    series, periods = away.shape
    seasons = -(-periods // season)
    missing = seasons * season - periods
    shape = (series, seasons, season)
    values = np.pad(away, ((0, 0), (missing, 0))).reshape(shape)
    weights = np.pad(weight, ((0, 0), (missing, 0))).reshape(shape)
    total = weights.sum(axis=1)
    safe = np.maximum(total, 1e-9)
    mean = (weights * values).sum(axis=1) / safe
    spread = (weights * (values - mean[:, None]) ** 2).sum(axis=1) / safe
    effective = total**2 / np.maximum((weights**2).sum(axis=1), 1e-9)
    return np.where(total > 0, mean, 0.0), spread / np.maximum(effective - 1.0, 0.5)
