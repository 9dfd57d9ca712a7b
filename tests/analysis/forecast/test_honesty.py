"""Calibration on series whose future is known because they were drawn: intervals cover what they say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis import losses
from costlib.analysis.forecast.baselines import naive2, seasonal_naive
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency

Array = NDArray[np.float64]


def walk(random: np.random.Generator, count: int, length: int) -> Array:
    """Random walks in logs."""
    made: Array = np.exp(5 + random.normal(0, 0.03, (count, length)).cumsum(axis=1))
    return made


def level(random: np.random.Generator, count: int, length: int) -> Array:
    """Noise around a level that hardly moves, with a season of seven."""
    season = np.tile(random.normal(0, 0.2, (count, 7)), (1, length // 7 + 1))[:, :length]
    drift = random.normal(0, 0.005, (count, length)).cumsum(axis=1)
    made: Array = np.exp(5 + season + drift + random.normal(0, 0.1, (count, length)))
    return made


def money(random: np.random.Generator, count: int, length: int) -> Array:
    """Costs and credits mixed: an additive level with noise."""
    made: Array = random.normal(0, 1, (count, length)).cumsum(axis=1) * 0.3 + random.normal(0, 2, (count, length))
    return made


@pytest.mark.parametrize("draw", [walk, level, money])
@pytest.mark.parametrize("level_of_interval", [80, 95])
def test_daily_intervals_cover_what_they_say(
    draw: Callable[[np.random.Generator, int, int], Array], level_of_interval: int
) -> None:
    covered, inside = [], []
    for seed in range(21, 25):
        y = draw(np.random.default_rng(seed), 80, 430)
        history, actual = y[:, :400], y[:, 400:]
        ahead = forecast(history, 30, Frequency.DAY)
        covered.append(losses.coverage(actual, *ahead.interval(level_of_interval)).mean())
        total, happened = ahead.totals(level_of_interval), actual.sum(axis=1)
        inside.append(((total.lower <= happened) & (happened <= total.upper)).mean())
    slack = 0.05 if level_of_interval == 80 else 0.03
    assert abs(np.mean(covered) - level_of_interval / 100) < slack
    assert abs(np.mean(inside) - level_of_interval / 100) < 0.08


def test_the_total_of_series_that_move_together_is_covered() -> None:
    """Each of 40 panels of 10 series shares half of its movement; independent ranges would be far too narrow."""
    random = np.random.default_rng(5)
    inside, independent = [], []
    for _ in range(40):
        shared = random.normal(0, 0.02, 330).cumsum()
        own = random.normal(0, 0.02, (10, 330)).cumsum(axis=1)
        y = np.exp(5 + shared + own)
        ahead = forecast(y[:, :300], 30, Frequency.DAY)
        happened = y[:, 300:].sum()
        total = ahead.totals_of([range(10)], 80)
        inside.append(total.lower[0] <= happened <= total.upper[0])
        each = ahead.totals(80)
        half = np.sqrt((((each.upper - each.lower) / 2) ** 2).sum())
        independent.append(abs(each.p50.sum() - happened) <= half)
    assert 0.65 <= np.mean(inside) <= 0.95
    assert np.mean(inside) > np.mean(independent) + 0.1


def test_monthly_intervals_cover_what_they_say() -> None:
    random = np.random.default_rng(9)
    growth = random.normal(0.005, 0.03, (200, 84)).cumsum(axis=1)
    season = np.tile(random.normal(0, 0.1, (200, 12)), (1, 7))
    y = np.exp(6 + growth + season + random.normal(0, 0.04, (200, 84)))
    ahead = forecast(y[:, :72], 12, Frequency.MONTH)
    assert 0.72 <= losses.coverage(y[:, 72:], *ahead.interval(80)).mean() <= 0.88


def test_it_beats_repeating_the_last_season_on_noisy_levels() -> None:
    y = level(np.random.default_rng(2), 60, 330)
    history, actual = y[:, :300], y[:, 300:]
    ours = losses.smape(actual, forecast(history, 30, Frequency.DAY).p50).mean()
    assert ours < 0.9 * losses.smape(actual, seasonal_naive(history, 30, 7)).mean()


def test_it_is_no_worse_than_naive_on_random_walks() -> None:
    y = walk(np.random.default_rng(3), 150, 330)
    history, actual = y[:, :300], y[:, 300:]
    ours = losses.smape(actual, forecast(history, 30, Frequency.DAY).p50).mean()
    assert ours < 1.05 * losses.smape(actual, naive2(history, 30, 1)).mean()
