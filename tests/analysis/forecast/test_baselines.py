"""The simple rules, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.analysis.forecast import baselines

HISTORY = np.array([[2.0, 4.0, 6.0, 8.0], [np.nan, np.nan, 5.0, 7.0]])


def test_naive_repeats_the_newest_value() -> None:
    assert baselines.naive(HISTORY, 2).tolist() == [[8.0, 8.0], [7.0, 7.0]]


def test_seasonal_naive_repeats_the_newest_season_and_goes_round() -> None:
    assert baselines.seasonal_naive(HISTORY, 5, 3)[0].tolist() == [4.0, 6.0, 8.0, 4.0, 6.0]


def test_seasonal_naive_of_a_young_series_falls_back_to_its_newest_value() -> None:
    assert baselines.seasonal_naive(HISTORY, 3, 3)[1].tolist() == [7.0, 5.0, 7.0]
    assert baselines.seasonal_naive(HISTORY, 2, 12)[1].tolist() == [7.0, 7.0]


def test_run_rate_is_the_mean_of_the_newest_known_periods() -> None:
    assert baselines.run_rate(HISTORY, 1, 3)[:, 0].tolist() == [6.0, 6.0]


def test_linear_trend_goes_through_known_points_only() -> None:
    line, deviation = baselines.linear_trend(HISTORY, 2)
    np.testing.assert_allclose(line, [[10.0, 12.0], [9.0, 11.0]])
    np.testing.assert_allclose(deviation, 0.0, atol=1e-9)


def test_linear_trend_of_one_point_is_flat() -> None:
    assert baselines.linear_trend(np.array([[np.nan, 3.0]]), 2)[0].tolist() == [[3.0, 3.0]]


def test_naive2_without_a_season_is_naive() -> None:
    noise = np.random.default_rng(0).uniform(90, 110, (1, 60))
    assert baselines.naive2(noise, 12, 12).tolist() == baselines.naive(noise, 12).tolist()


def test_naive2_with_a_clear_season_carries_it_on() -> None:
    season = np.array([50.0, 100.0, 150.0, 100.0])
    history = np.tile(season, 8)[None]
    np.testing.assert_allclose(baselines.naive2(history, 6, 4)[0], np.r_[season, season[:2]], rtol=1e-9)


def test_naive2_needs_three_seasons_to_see_one() -> None:
    history = np.tile([50.0, 100.0, 150.0, 100.0], 2)[None]
    assert baselines.naive2(history, 4, 4)[0].tolist() == [100.0] * 4


@pytest.mark.parametrize("horizon", [1, 5, 30])
def test_every_rule_answers_every_series_for_every_step(horizon: int) -> None:
    for said in (
        baselines.naive(HISTORY, horizon),
        baselines.seasonal_naive(HISTORY, horizon, 2),
        baselines.run_rate(HISTORY, horizon, 2),
        baselines.linear_trend(HISTORY, horizon)[0],
        baselines.naive2(HISTORY, horizon, 2),
    ):
        assert said.shape == (2, horizon) and np.isfinite(said).all()
