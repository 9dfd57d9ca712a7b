"""Forecast errors: figures worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis import losses

ACTUAL = np.array([[10.0, 20.0, 30.0]])
#: Off by 2, 5 and 0.
SAID = np.array([[12.0, 15.0, 30.0]])


def test_smape_is_the_mean_of_200_times_error_over_both_sizes() -> None:
    expected = (200 * 2 / 22 + 200 * 5 / 35 + 0) / 3
    assert losses.smape(ACTUAL, SAID)[0] == pytest.approx(expected)


def test_smape_of_nothing_forecast_as_nothing_is_no_error() -> None:
    assert losses.smape(np.zeros((1, 3)), np.zeros((1, 3)))[0] == 0.0


def test_smape_of_something_forecast_as_nothing_is_200() -> None:
    assert losses.smape(ACTUAL, np.zeros((1, 3)))[0] == 200.0


def test_seasonal_scale_is_the_mean_change_over_one_season() -> None:
    history = np.array([[1.0, 10.0, 3.0, 14.0]])
    assert losses.seasonal_scale(history, 2)[0] == pytest.approx((2 + 4) / 2)
    assert losses.seasonal_scale(history, 1)[0] == pytest.approx((9 + 7 + 11) / 3)


def test_seasonal_scale_leaves_out_what_came_before_a_young_series() -> None:
    history = np.array([[np.nan, np.nan, 5.0, 8.0]])
    assert losses.seasonal_scale(history, 1)[0] == pytest.approx(3.0)


@pytest.mark.parametrize("history", [[[7.0, 7.0, 7.0]], [[7.0]], [[np.nan, np.nan, 7.0]]])
def test_without_a_change_there_is_no_scale_and_no_scaled_error(history: list[list[float]]) -> None:
    scale = losses.seasonal_scale(np.array(history), 1)
    assert math.isnan(scale[0])
    assert math.isnan(losses.mase(ACTUAL, SAID, scale)[0])


def test_mase_is_the_mean_error_over_the_scale() -> None:
    assert losses.mase(ACTUAL, SAID, np.array([2.0]))[0] == pytest.approx((2 + 5 + 0) / 3 / 2)


def test_an_unknown_actual_is_left_out() -> None:
    actual = np.array([[10.0, np.nan, 30.0]])
    assert losses.mase(actual, SAID, np.array([1.0]))[0] == pytest.approx(1.0)
    assert losses.coverage(actual, SAID - 1, SAID + 1)[0] == pytest.approx(0.5)


def test_msis_charges_width_and_ten_times_what_escapes_an_80_per_cent_interval() -> None:
    lower, upper = np.array([[8.0, 21.0, 20.0]]), np.array([[12.0, 25.0, 29.0]])
    expected = ((4 + 0) + (4 + 10 * 1) + (9 + 10 * 1)) / 3 / 2
    assert losses.msis(ACTUAL, lower, upper, np.array([2.0]), 80)[0] == pytest.approx(expected)


def test_coverage_counts_the_ends_as_inside() -> None:
    assert losses.coverage(ACTUAL, ACTUAL, ACTUAL + 1)[0] == 1.0
    assert losses.coverage(ACTUAL, ACTUAL + 0.1, ACTUAL + 1)[0] == 0.0


def test_owa_of_naive2_itself_is_one() -> None:
    assert losses.owa(9.161, 2.777, 9.161, 2.777) == 1.0


def test_wape_by_hand() -> None:
    assert losses.wape(ACTUAL, SAID)[0] == pytest.approx(7 / 60)


def test_wape_of_nothing_spent_is_unknown_not_zero() -> None:
    assert math.isnan(losses.wape(np.zeros((1, 2)), np.ones((1, 2)))[0])


values = st.floats(min_value=0.01, max_value=1e6)


@given(st.lists(st.tuples(values, values), min_size=1, max_size=8), st.floats(min_value=1e-3, max_value=1e3))
def test_scaling_money_changes_no_relative_error(pairs: list[tuple[float, float]], factor: float) -> None:
    actual, said = np.array([[one for one, _ in pairs]]), np.array([[one for _, one in pairs]])
    assert losses.smape(actual * factor, said * factor) == pytest.approx(losses.smape(actual, said))
    assert losses.wape(actual * factor, said * factor) == pytest.approx(losses.wape(actual, said))


@given(st.lists(st.tuples(values, values), min_size=1, max_size=8))
def test_smape_stays_between_0_and_200_and_does_not_mind_which_is_which(pairs: list[tuple[float, float]]) -> None:
    actual, said = np.array([[one for one, _ in pairs]]), np.array([[one for _, one in pairs]])
    assert 0.0 <= losses.smape(actual, said)[0] <= 200.0
    assert losses.smape(actual, said) == pytest.approx(losses.smape(said, actual))
