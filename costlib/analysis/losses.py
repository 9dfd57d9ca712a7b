"""How far forecasts were off, by the definitions of the M4 competition.

Conventions: every function takes arrays of shape ``[series, step]`` (``actual``, ``forecast``, ``lower``, ``upper``,
``history``) and returns one figure a series; a mean over series is taken by the caller. A NaN is a value that is
not known and is left out; ``history`` may begin with NaN where a series is younger than the others. ``scale`` is the
mean absolute seasonal difference of the history, in the series' own units, NaN where it is 0 or cannot be known: a
scaled figure is then NaN too, never 0. Per cent are 0 to 200 (sMAPE); coverage is a share from 0 to 1.

Source: Makridakis, Spiliotis, Assimakopoulos (2020), The M4 Competition, International Journal of Forecasting 36.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def smape(actual: Array, forecast: Array) -> Array:
    """Symmetric mean absolute percentage error, 0 to 200; a step where both are 0 is no error.

    >>> smape(np.array([[100.0, 0.0]]), np.array([[50.0, 0.0]])).round(2).tolist()
    [33.33]
    """
    size = np.abs(actual) + np.abs(forecast)
    error = np.abs(actual - forecast)
    return _mean(200.0 * np.divide(error, size, out=error * 0.0, where=size > 0))


def seasonal_scale(history: Array, season: int) -> Array:
    """Mean absolute difference of the history at the lag of one season, in the series' units.

    >>> seasonal_scale(np.array([[1.0, 2.0, 4.0]]), 1).tolist()
    [1.5]
    """
    if history.shape[1] <= season:
        return np.full(len(history), np.nan)
    scale = _mean(np.abs(history[:, season:] - history[:, :-season]))
    return np.where(scale > 0, scale, np.nan)


def mase(actual: Array, forecast: Array, scale: Array) -> Array:
    """Mean absolute error over the scale; 1 is as good as repeating the last season within the history.

    >>> mase(np.array([[3.0, 5.0]]), np.array([[4.0, 4.0]]), np.array([2.0])).tolist()
    [0.5]
    """
    return _mean(np.abs(actual - forecast)) / scale


def msis(actual: Array, lower: Array, upper: Array, scale: Array, level: int) -> Array:
    """Mean scaled interval score of an interval at ``level`` per cent: its width, and what escapes it weighed.

    >>> low, high = np.array([[2.0, 2.0]]), np.array([[4.0, 4.0]])
    >>> msis(np.array([[3.0, 9.0]]), low, high, np.array([1.0]), 80).round(9).tolist()
    [27.0]
    """
    penalty = 2.0 / (1.0 - level / 100.0)
    below, above = np.maximum(lower - actual, 0.0), np.maximum(actual - upper, 0.0)
    return _mean(upper - lower + penalty * (below + above)) / scale


def coverage(actual: Array, lower: Array, upper: Array) -> Array:
    """Share of known actuals inside the interval, ends included.

    >>> coverage(np.array([[3.0, 9.0]]), np.array([[2.0, 2.0]]), np.array([[4.0, 4.0]])).tolist()
    [0.5]
    """
    inside = np.where(np.isnan(actual), np.nan, (lower <= actual) & (actual <= upper))
    return _mean(inside)


def owa(smape_of: float, mase_of: float, naive_smape: float, naive_mase: float) -> float:
    """Overall weighted average: the mean of both errors as ratios to those of Naive2; below 1 is better than it.

    >>> round(owa(9.0, 2.0, 10.0, 2.5), 9)
    0.85
    """
    return (smape_of / naive_smape + mase_of / naive_mase) / 2


def wape(actual: Array, forecast: Array) -> Array:
    """Absolute error over the absolute actuals, a share; NaN where the actuals are all 0.

    >>> wape(np.array([[10.0, 30.0]]), np.array([[20.0, 30.0]])).tolist()
    [0.25]
    """
    error, size = np.nansum(np.abs(actual - forecast), axis=1), np.nansum(np.abs(actual), axis=1)
    share: Array = np.divide(error, size, out=np.full(len(size), np.nan), where=size > 0)
    return share


def _mean(values: Array) -> Array:
    """The mean of what is known in each row; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        mean: Array = np.nanmean(values, axis=1)
    return mean
