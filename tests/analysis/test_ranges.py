"""Estimates, quantiles as money, scopes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.analysis.ranges import ThreePoint, amount, certain, in_scope, line_of, stream, together
from costlib.errors import InputError


@pytest.mark.parametrize("figures", [(2, 1, 3), (1, 4, 3), (float("nan"), 1, 2), (0, 1, float("inf"))])
def test_an_estimate_out_of_order_is_refused(figures: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="not in order"):
        ThreePoint(*figures)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), st.integers(0, 1000))
def test_draws_stay_inside_and_have_the_mean_of_pert(figures: list[float], seed: int) -> None:
    estimate = ThreePoint(*sorted(figures))
    drawn = estimate.drawn(np.random.default_rng(seed), 4000)
    width = estimate.high - estimate.low
    assert (drawn >= estimate.low - 1e-9 * width).all() and (drawn <= estimate.high + 1e-9 * width).all()
    assert abs(drawn.mean() - estimate.mean) <= 0.02 * width + 1e-9


def test_a_certain_estimate_is_drawn_without_width() -> None:
    assert certain(3.5).drawn(np.random.default_rng(0), 3).tolist() == [3.5] * 3


def test_a_stream_is_that_of_its_name() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert (
        len({stream(1, "a").random(), stream(1, "b").random(), stream(2, "a").random(), stream(1, "a", "b").random()})
        == 4
    )


def test_a_line_is_median_and_interval_by_month() -> None:
    paths = np.array([np.arange(11.0), np.full(11, 7.005)])
    found = line_of(paths)
    assert found.p50 == (Decimal("5.00"), Decimal("7.01"))
    assert found.lower == (Decimal("1.00"), Decimal("7.01"))
    assert found.upper == (Decimal("9.00"), Decimal("7.01"))


def test_what_is_not_known_is_none_and_a_sum_leaves_it_out() -> None:
    paths = np.array([[[1.0, 2.0]], [[np.nan, np.nan]]])
    assert line_of(paths[1]).p50 == (None,)
    assert together(paths).tolist() == [[1.0, 2.0]]
    assert amount(float("nan")) is None


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ({}, [True, True, True]),
        ({"x_Team": ["Ads"]}, [True, True, False]),
        ({"x_Team": ["Ads"], "x_Stage": ["storage"]}, [False, True, False]),
        ({"x_Team": [None]}, [False, False, True]),
        ({"x_Model": ["ranker"]}, [False, False, False]),
    ],
)
def test_a_scope_holds_segments_with_one_of_its_values_in_each_column(scope: dict, held: list[bool]) -> None:
    keys = [("Ads", "training"), ("Ads", "storage"), (None, "storage")]
    assert in_scope(scope, ["x_Team", "x_Stage"], keys).tolist() == held
