"""A launch estimated, decided and held against the bill; every figure worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch_review import (
    Component,
    Fit,
    Measured,
    Status,
    fit,
    held_against,
    launch_estimate,
    status,
)


def sure(value: float) -> Estimate:
    return Estimate(low=value, likely=value, high=value)


def about(low: float, likely: float, high: float) -> Estimate:
    return Estimate(low=low, likely=likely, high=high)


VOLUMES = {"requests": sure(1e6), "documents": sure(2e5)}
TOKENS = Component("tokens", "requests", sure(800), sure(3e-6))
HOURS = Component("hours", "requests", sure(0.002), sure(1.2))
INDEX = Component("index", "documents", sure(0.01), sure(0.5))


def test_a_certain_estimate_is_a_product():
    """1e6 x 800 x 3e-6 = 2,400; 1e6 x 0.002 x 1.2 = 2,400; 2e5 x 0.01 x 0.5 = 1,000."""
    found = launch_estimate(VOLUMES, [TOKENS, HOURS, INDEX])
    assert found.components == pytest.approx({"tokens": 2400, "hours": 2400, "index": 1000})
    monthly = found.monthly
    assert (monthly.low, monthly.likely, monthly.high) == pytest.approx((5800, 5800, 5800))
    assert found.unit_cost == pytest.approx({"requests": 0.0048, "documents": 0.005})


UNSURE = {"requests": about(5e5, 1e6, 3e6), "documents": sure(2e5)}


def test_the_likely_cost_is_the_product_of_means():
    """PERT mean of the requests: (0.5 + 4 + 3) / 6 = 1.25 million."""
    found = launch_estimate(UNSURE, [TOKENS, HOURS])
    assert found.monthly.likely == pytest.approx(1.25e6 * 0.0048)
    assert found.monthly.low < found.monthly.likely < found.monthly.high


def test_components_that_share_a_volume_rise_and_fall_together():
    """One volume behind both: the range of the sum is the sum of the ranges. Two volumes: it is narrower."""
    joint = launch_estimate(UNSURE, [TOKENS, HOURS]).monthly
    single = launch_estimate(UNSURE, [TOKENS]).monthly
    assert joint.high - joint.low == pytest.approx(2 * (single.high - single.low), rel=0.02)
    apart = {"requests": UNSURE["requests"], "others": UNSURE["requests"]}
    loose = launch_estimate(apart, [TOKENS, Component("hours", "others", HOURS.consumption, HOURS.price)]).monthly
    assert loose.high - loose.low < 0.85 * (joint.high - joint.low)


def test_the_same_seed_and_any_order_give_the_same_range():
    parts = [TOKENS, Component("hours", "requests", about(0.001, 0.002, 0.004), sure(1.2)), INDEX]
    assert launch_estimate(UNSURE, parts, 7).monthly == launch_estimate(UNSURE, parts[::-1], 7).monthly


@pytest.mark.parametrize(("limit", "said"), [(5_800, Fit.WITHIN), (5_799.99, Fit.BEYOND)])
def test_to_the_cent_what_may_be_spent_is_within(limit, said):
    """A certain 5,800 a month is never likely only: it is within the limit or beyond it."""
    assert fit(launch_estimate(VOLUMES, [TOKENS, HOURS, INDEX]), limit) is said


@pytest.mark.parametrize(("limit", "said"), [(9e9, Fit.WITHIN), (6_100, Fit.LIKELY), (5_000, Fit.BEYOND)])
def test_how_it_stands_to_what_may_be_spent(limit, said):
    assert fit(launch_estimate(UNSURE, [TOKENS, HOURS]), limit) is said


MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("approved", "decided", "shipped", "said"),
    [
        (None, None, None, Status.OPEN),
        (True, MARCH, None, Status.APPROVED),
        (True, MARCH, MARCH, Status.APPROVED),
        (True, APRIL, MARCH, Status.UNAPPROVED),
        (False, MARCH, None, Status.REFUSED),
        (False, MARCH, APRIL, Status.UNAPPROVED),
        (None, None, MARCH, Status.UNAPPROVED),
    ],
)
def test_nothing_ships_before_it_is_approved_without_being_noticed(approved, decided, shipped, said):
    assert status(approved, decided, shipped) is said


def test_a_deviation_by_hand():
    """Expected 1e6 x 800 x 3e-6 = 2,400. Came 1.2e6 requests, 1.2e9 tokens (1,000 each), 3,000 (2.5e-6 each).

    Volume 0.2e6 x 800 x 3e-6 = 480, consumption 200 x 1.2e6 x 3e-6 = 720, price -0.5e-6 x 1.2e9 = -600.
    """
    found = held_against(VOLUMES, [TOKENS], {"tokens": Measured(1.2e6, 1.2e9, 3000)})
    (one,) = found.deviations
    assert (one.volume, one.consumption, one.price) == pytest.approx((480, 720, -600))
    assert (one.expected, one.actual, one.total) == pytest.approx((2400, 3000, 600))
    assert found.unforeseen == {}


def test_what_nobody_foresaw_is_named_and_counts():
    actual = {"tokens": Measured(1e6, 8e8, 2400), "egress": Measured(0, 0, 90)}
    found = held_against(VOLUMES, [TOKENS], actual)
    assert (found.actual, found.unforeseen) == (2490, {"egress": 90})


@given(volume=st.floats(0, 1e9), consumption=st.floats(0, 1e12), cost=st.floats(0, 1e9))
def test_causes_add_up_to_the_difference(volume, consumption, cost):
    (one,) = held_against(VOLUMES, [TOKENS], {"tokens": Measured(volume, consumption, cost)}).deviations
    scale = volume * 800 * 3e-6 + consumption * 3e-6 + cost + 2400
    assert one.volume + one.consumption + one.price == pytest.approx(one.total, abs=1e-9 * scale)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([TOKENS, TOKENS], "tokens stands twice"),
        ([Component("x", "calls", sure(1), sure(1))], "driven by calls, which is not estimated"),
        ([Component("x", "requests", sure(-1), sure(1))], "negative"),
        ([Component("x", "requests", about(-1, 1, 2), sure(1))], "negative"),
    ],
)
def test_what_cannot_be_estimated_is_refused(parts, said):
    with pytest.raises(InputError, match=said):
        launch_estimate(VOLUMES, parts)
