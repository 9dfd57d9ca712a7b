"""Series that come and go: the rate is forecast, the pattern drawn again, and sums are as uncertain as the rate."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.intermittent import best_windows, patterns, rates
from costlib.analysis.forecast.rhythm import MONTHLY, Frequency

Array = NDArray[np.float64]


def bursts(series: int, days: int, seed: int, growth: float = 0.0) -> Array:
    """A burst once a week, whose size wanders and may grow, and beside them as many series that run every day."""
    random = np.random.default_rng(seed)
    level = np.exp(4 + growth * np.arange(days) + random.normal(0, 0.01, (2 * series, days)).cumsum(axis=1))
    level[:series, np.arange(days) % 7 != 3] = 0.0
    return level


def test_the_rate_is_the_mean_of_what_is_known_and_begins_with_the_series() -> None:
    history = np.array([[np.nan, np.nan, 4.0, 0.0, np.nan, 2.0]])
    np.testing.assert_allclose(rates(history, 3), [[np.nan, np.nan, 4.0, 2.0, 2.0, 1.0]])


def test_the_pattern_is_each_period_over_the_mean_around_it() -> None:
    history = np.array([[0.0, 6.0, 0.0, 0.0, 12.0, 0.0]])
    # Around the last period only two are known: 12 and 0, so its mean is 6 and it is 0 of it.
    np.testing.assert_allclose(patterns(history, 3, MONTHLY), [[0.0, 3.0, 0.0, 0.0, 3.0, 0.0]])


def test_a_weekly_burst_is_measured_by_the_week_and_a_random_one_over_more() -> None:
    weekly = bursts(5, 700, 1, growth=0.001)[:5]
    rare = np.where(np.random.default_rng(2).random((20, 700)) < 0.05, 100.0, 0.0)
    chosen = best_windows(np.concatenate([weekly, rare]), [7, 28, 91])
    assert set(chosen[:5].tolist()) == {7}
    assert (chosen[5:] == 91).mean() > 0.5 and (chosen[5:] > 7).all()


def test_a_young_series_is_measured_by_the_longest_window() -> None:
    assert best_windows(np.array([[0.0, 5.0, 0.0, 5.0]]), [2, 8]).tolist() == [8]


def test_a_series_that_comes_and_goes_keeps_its_mean_and_says_so() -> None:
    random = np.random.default_rng(3)
    y = np.where(random.random((12, 360)) < 0.25, random.uniform(80, 120, (12, 360)), 0.0)
    ahead = forecast(y, 28, Frequency.DAY)
    assert ahead.mean.mean() == pytest.approx(y.mean(), rel=0.1)
    assert ahead.totals(80).mean.sum() == pytest.approx(ahead.mean.sum())
    said = "Comes and goes: half of its periods or more are 0, so its average rate and pattern are forecast"
    assert all(said in notes for notes in ahead.notes)


def test_its_paths_come_and_go() -> None:
    paths = forecast(bursts(3, 400, 4), 56, Frequency.DAY).paths(50, seed=1)[:3]
    assert ((paths > 0).sum(axis=2) == 8).all()


def test_growth_is_carried_on() -> None:
    y = bursts(6, 728 + 91, 5, growth=0.002)
    said, actual = forecast(y[:, :728], 91, Frequency.DAY).totals(80).p50[:6], y[:6, 728:].sum(axis=1)
    last_year = y[:6, 364:728].mean(axis=1) * 91
    assert np.abs(said / actual - 1).mean() < 0.5 * np.abs(last_year / actual - 1).mean()


@pytest.mark.parametrize("days", [30, 180])
def test_totals_of_bursts_are_covered(days: int) -> None:
    """Drawing last year's amounts again covered 62 and 12 % of such totals."""
    inside = []
    for seed in range(5):
        y = bursts(8, 700 + days, 30 + seed, growth=0.0005)
        total, actual = forecast(y[:, :700], days, Frequency.DAY).totals(80), y[:, 700:].sum(axis=1)
        inside += ((total.lower <= actual) & (actual <= total.upper))[:8].tolist()
    assert 0.6 <= np.mean(inside) <= 0.97


def test_a_year_ahead_is_never_known_for_certain() -> None:
    total = forecast(bursts(4, 728, 6), 364, Frequency.DAY).totals(80)
    assert (total.upper[:4] > 1.1 * total.lower[:4]).all()


def test_what_is_beside_it_is_not_changed_by_how_it_is_forecast() -> None:
    y = bursts(4, 400, 7)
    paths = forecast(y, 20, Frequency.DAY).paths(100, seed=2)
    total = forecast(y, 20, Frequency.DAY).totals_of([range(8)], 80)
    drawn = np.quantile(paths.sum(axis=(0, 2)), [0.1, 0.9])
    assert drawn == pytest.approx([total.lower[0], total.upper[0]], rel=0.1)
