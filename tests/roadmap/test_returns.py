"""NPV, IRR, payback and RICE by hand and by the documented cases of numpy-financial."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.returns import classic_impact, discount_factors, irr, irr_per_period, npv, payback_month, rice, roi


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.28095),
        ([-100, 0, 0, 74], -0.0955),
        ([-100, 100, 0, -7], -0.0833),
        ([-100, 100, 0, 7], 0.06206),
        ([-5, 10.5, 1, -8, 1], 0.0886),
    ],
)
def test_irr_of_the_documented_cases(flow, rate):
    assert irr_per_period(flow) == pytest.approx(rate, abs=5e-5)


def test_irr_is_the_yearly_rate_of_the_monthly_one():
    assert irr([-100, 39, 59, 55, 20]) == pytest.approx(1.28095**12 - 1, rel=1e-3)


@pytest.mark.parametrize("flow", [[1, 2], [-1, -2], [0, 0], [], [0, 5]])
def test_no_irr_without_a_change_of_sign(flow):
    assert irr(flow) is None


def test_no_irr_where_no_rate_breaks_even():
    assert irr_per_period([-1, 1, -1]) is None


def test_npv_at_the_irr_is_nothing():
    rng = np.random.default_rng(4)
    for _ in range(200):
        flow = np.concatenate([-rng.uniform(1, 100, 3), rng.uniform(0, 30, 30)])
        rate = irr(flow)
        assert rate is not None
        assert npv(rate, flow) == pytest.approx(0, abs=1e-6 * np.abs(flow).sum())


def test_leading_months_without_money_leave_the_irr_as_it_is():
    assert irr([0, 0, -100, 60, 60]) == pytest.approx(irr([-100, 60, 60]))


def test_npv_by_hand():
    assert npv(0.1, [100] * 3) == pytest.approx(100 + 100 / 1.1 ** (1 / 12) + 100 / 1.1 ** (2 / 12))
    assert npv(0.0, [1, 2, 3]) == 6.0
    assert discount_factors(0.5, 25)[24] == pytest.approx(1 / 2.25)


@pytest.mark.parametrize(
    ("flow", "outlay", "month"),
    [
        ([-100, 50, 50, 50], [100, 0, 0, 0], 3),
        ([-100, 50, 49, 0], [100, 0, 0, 0], None),
        ([50, 50, -80, 30], [0, 0, 80, 0], 3),
        ([50, 50, -150, 60], [0, 0, 150, 0], 4),
        ([-100, 150, -100, 60], [100, 0, 100, 0], 4),
        ([10, 10], [1, 1], 1),
        ([10, 10], [0, 0], 0),
        ([0, 0, -100, 100], [0, 0, 100, 0], 4),
    ],
)
def test_payback_by_hand(flow, outlay, month):
    assert payback_month(flow, outlay) == month


def test_rounding_noise_does_not_delay_payback():
    assert payback_month([-0.3, 0.1, 0.1, 0.1], [0.3, 0, 0, 0]) == 4


@pytest.mark.parametrize(
    ("flow", "outlay", "by_hand"),
    [([-100, 60, 60], [100, 0, 0], 0.2), ([-50, 0], [50, 0], -1.0), ([9], [0], None), ([9], [5e-324], None)],
)
def test_return_on_investment_by_hand(flow, outlay, by_hand):
    assert roi(flow, outlay) == (by_hand if by_hand is None else pytest.approx(by_hand))


def test_rice_by_hand():
    assert rice(50_000, 0.2, 0.5, 4) == 1250
    assert rice(50_000, 0.2, 0.5, 0) is None


def test_classic_impact_by_its_scale():
    assert [classic_impact(x) for x in (0.0, 0.049, 0.1, 0.2, 0.399, 0.9)] == [0.25, 0.25, 1, 2, 2, 3]
