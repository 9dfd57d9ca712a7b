"""What a forecast has to beat: naive forecasts, the line that dashboards draw, the run rate.

Conventions: ``history`` is ``[series, period]`` in money or any unit, the newest period last, NaN before a series
begins; a result is ``[series, step]`` for ``horizon`` steps after the newest period. Series without any value get
NaN. ``season`` is in periods (7 for days, 12 for months, 1 for none).
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: z of a one-sided 95 % normal: the seasonality test of the M4 competition's Naive2.
_Z = 1.645


def naive(history: Array, horizon: int) -> Array:
    """The newest value, repeated.

    >>> naive(np.array([[1.0, 5.0]]), 2).tolist()
    [[5.0, 5.0]]
    """
    return np.repeat(history[:, -1:], horizon, axis=1)


def seasonal_naive(history: Array, horizon: int, season: int) -> Array:
    """The newest season, repeated; the newest value where there is less than a season of history.

    >>> seasonal_naive(np.array([[9.0, 1.0, 2.0, 3.0]]), 4, 3).tolist()
    [[1.0, 2.0, 3.0, 1.0]]
    """
    if season == 1 or history.shape[1] < season:
        return naive(history, horizon)
    steps = history.shape[1] - season + np.arange(horizon) % season
    last = history[:, steps]
    return np.where(np.isnan(last), naive(history, horizon), last)


def run_rate(history: Array, horizon: int, window: int) -> Array:
    """The mean of the newest ``window`` periods, repeated.

    >>> run_rate(np.array([[0.0, 4.0, 6.0]]), 2, 2).tolist()
    [[5.0, 5.0]]
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        mean = np.nanmean(history[:, -window:], axis=1, keepdims=True)
    return np.repeat(mean, horizon, axis=1)


def linear_trend(history: Array, horizon: int) -> tuple[Array, Array]:
    """The least-squares line through the whole history carried on, and its residual standard deviation.

    >>> linear_trend(np.array([[1.0, 2.0, 3.0]]), 2)[0].round(9).tolist()
    [[4.0, 5.0]]
    """
    time = np.arange(history.shape[1], dtype=np.float64)
    known = ~np.isnan(history)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    filled = np.where(known, history, 0.0)
    centre = (known * time).sum(axis=1, keepdims=True) / count
    mean = filled.sum(axis=1, keepdims=True) / count
    away = np.where(known, time - centre, 0.0)
    spread = (away**2).sum(axis=1, keepdims=True)
    slope = np.divide((away * filled).sum(axis=1, keepdims=True), spread, out=np.zeros_like(spread), where=spread > 0)
    residual = np.where(known, history - mean - slope * away, 0.0)
    deviation = np.sqrt((residual**2).sum(axis=1, keepdims=True) / np.maximum(count - 2, 1))
    ahead = time.size + np.arange(horizon) - centre
    return mean + slope * ahead, deviation


def naive2(history: Array, horizon: int, season: int) -> Array:
    """The newest value, seasonally adjusted where the M4 test finds a season: the yardstick of OWA.

    >>> naive2(np.array([[1.0, 5.0]]), 2, 1).tolist()
    [[5.0, 5.0]]
    """
    if season == 1:
        return naive(history, horizon)
    rows = [_naive2_row(row[~np.isnan(row)], horizon, season) for row in history]
    return np.array(rows).reshape(len(history), horizon)


def _naive2_row(values: Array, horizon: int, season: int) -> Array:
    if values.size < 3 * season or not _is_seasonal(values, season):
        return np.full(horizon, values[-1] if values.size else np.nan)
    figures = _multiplicative_figures(values, season)
    last = values.size - 1
    phases = (last + 1 + np.arange(horizon)) % season
    adjusted: Array = values[-1] / figures[last % season] * figures[phases]
    return adjusted


def _is_seasonal(values: Array, season: int) -> bool:
    """The M4 test: autocorrelation at the season beyond what the lags before it explain."""
    away = values - values.mean()
    whole = float(away @ away)
    if whole <= 0:
        return False
    lags = np.array([away[lag:] @ away[:-lag] for lag in range(1, season + 1)]) / whole
    limit = _Z * np.sqrt((1 + 2 * (lags[:-1] ** 2).sum()) / values.size)
    return bool(abs(lags[-1]) > limit)


def _multiplicative_figures(values: Array, season: int) -> Array:
    """Classical multiplicative seasonal figures with mean 1, by position in the season counted from the first value."""
    weights = np.ones(season) if season % 2 else np.r_[0.5, np.ones(season - 1), 0.5]
    trend = np.convolve(values, weights / weights.sum(), mode="valid")
    begin = weights.size // 2
    inner = values[begin : begin + trend.size]
    ratio = np.divide(inner, trend, out=np.full(trend.size, np.nan), where=trend != 0)
    phase = (begin + np.arange(trend.size)) % season
    figures = np.array([_known_mean(ratio[phase == one]) for one in range(season)])
    figures = figures / figures.mean()
    return np.where(figures > 0, figures, 1.0) if np.isfinite(figures).all() else np.ones(season)


def _known_mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else 1.0
