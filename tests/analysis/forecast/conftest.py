"""Small panels that every test of the forecast shares: made here, the same on every run."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]


def bills(series: int, days: int, seed: int) -> Array:
    """Daily bills with a level that wanders, a quiet weekend and noise, all positive."""
    random = np.random.default_rng(seed)
    level = random.normal(5.0, 1.0, (series, 1)) + random.normal(0.0, 0.01, (series, days)).cumsum(axis=1)
    weekend = np.where(np.arange(days) % 7 >= 5, -0.3, 0.0)
    made: Array = np.exp(level + weekend + random.normal(0.0, 0.08, (series, days)))
    return made


def months(series: int, count: int, seed: int) -> Array:
    """Monthly bills that grow by about 1 % a month, with a December peak and noise."""
    random = np.random.default_rng(seed)
    growth = random.normal(0.01, 0.02, (series, count)).cumsum(axis=1)
    peak = np.where(np.arange(count) % 12 == 11, 0.4, 0.0)
    made: Array = np.exp(random.normal(7.0, 1.0, (series, 1)) + growth + peak + random.normal(0.0, 0.05, growth.shape))
    return made


@pytest.fixture(scope="session")
def daily() -> Array:
    """24 series of 300 days."""
    return bills(24, 300, seed=11)


@pytest.fixture(scope="session")
def monthly() -> Array:
    """30 series of 60 months."""
    return months(30, 60, seed=12)
