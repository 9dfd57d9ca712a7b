"""A step of one series is no growth: taken out where it came once and stayed, left where it is how the series grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.own_steps import without_step
from costlib.analysis.forecast.rhythm import DAILY, MONTHLY, Frequency

Array = NDArray[np.float64]
MONTHS, DAYS = MONTHLY.run_rate, DAILY.run_rate


def logs(*levels: float) -> Array:
    return np.log(np.array([levels]))


def noisy(days: int, seed: int = 1, noise: float = 0.04) -> Array:
    """Logs of 100 a day."""
    return np.log(100) + np.random.default_rng(seed).normal(0, noise, (1, days))


class TestMonths:
    @pytest.mark.parametrize(
        "values",
        [
            pytest.param(logs(*[20] * 9, *[100] * 6), id="up"),
            pytest.param(logs(*[100] * 9, *[20] * 6), id="down"),
            pytest.param(logs(*[20] * 14, 100), id="in the newest month"),
            pytest.param(logs(20, *[100] * 14), id="in the first"),
            pytest.param(logs(*[20] * 9, 60, *[100] * 5), id="in the middle of a month"),
        ],
    )
    def test_one_step_leaves_the_new_level(self, values: Array) -> None:
        found, stepped = without_step(values, MONTHS)
        assert stepped.tolist() == [True]
        np.testing.assert_allclose(found, values[0, -1])

    @pytest.mark.parametrize(
        "values",
        [
            pytest.param(logs(*[100] * 15), id="level"),
            pytest.param(logs(*(100 * 1.06**month for month in range(15))), id="growth"),
            pytest.param(logs(*[100] * 7, 900, *[100] * 7), id="once"),
            pytest.param(logs(*[20] * 5, *[40] * 5, *[80] * 5), id="a staircase"),
            pytest.param(logs(*[100] * 8, *[110] * 7), id="a tenth"),
            pytest.param(logs(100, 500, 100), id="too few months to tell"),
        ],
    )
    def test_anything_else_stays(self, values: Array) -> None:
        found, stepped = without_step(values, MONTHS)
        assert found is values or np.array_equal(found, values)
        assert not stepped.any()

    def test_months_before_a_series_stay_unknown(self) -> None:
        young = np.concatenate([np.full((1, 5), np.nan), logs(*[20] * 6, *[100] * 4)], axis=1)
        found, stepped = without_step(np.concatenate([young, logs(*[50] * 15)]), MONTHS)
        assert stepped.tolist() == [True, False]
        assert np.isnan(found[0, :5]).all()
        np.testing.assert_allclose(found[0, 5:], np.log(100))
        np.testing.assert_allclose(found[1], np.log(50))


class TestDays:
    @pytest.mark.parametrize("ago", [20, 45, 150])
    @pytest.mark.parametrize("height", [-0.5, 0.4, 1.6])
    def test_a_step_is_found_in_noise(self, ago: int, height: float) -> None:
        values = noisy(450)
        values[0, -ago:] += height
        found, stepped = without_step(values, DAYS)
        assert stepped.all()
        np.testing.assert_array_equal(found[0, -ago + 2 :], values[0, -ago + 2 :])
        before, after = found[0, : -ago - 2].mean(), found[0, -ago + 2 :].mean()
        assert before == pytest.approx(after, abs=0.05)

    def test_a_level_of_six_days_is_not_believed_yet(self) -> None:
        values = noisy(450)
        values[0, -6:] += 1.6
        assert not without_step(values, DAYS)[1].any()

    def test_an_outage_of_a_week_is_none(self) -> None:
        values = noisy(450)
        values[0, 300:307] -= 3
        assert not without_step(values, DAYS)[1].any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99))
def test_a_wandering_level_hardly_ever_steps(seed: int) -> None:
    wandering = np.random.default_rng(seed).normal(0, 0.05, (20, 400)).cumsum(axis=1)
    assert without_step(wandering, DAYS)[1].sum() <= 2


class TestForecast:
    """Seven months after a step from 20 to 100 the year ahead stays at 100; it went to 190 in twelve months."""

    def test_months(self) -> None:
        random = np.random.default_rng(3)
        y = np.array([[20.0] * 8 + [100.0] * 7, [50.0] * 15]) * np.exp(random.normal(0, 0.01, (2, 15)))
        ahead = forecast(y, 12, Frequency.MONTH)
        assert ahead.stepped.tolist() == [True, False]
        np.testing.assert_allclose(ahead.p50[0], 100, rtol=0.08)
        np.testing.assert_allclose(ahead.p50[1], 50, rtol=0.04)
        low, high = ahead.interval(80)
        assert (low[0] < 100).all() and (high[0] > 100).all()

    def test_days(self) -> None:
        y = np.exp(noisy(450))
        y[0, :-60] /= 3
        assert forecast(y, 90, Frequency.DAY).p50[0].mean() == pytest.approx(100, rel=0.04)
