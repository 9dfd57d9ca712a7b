"""Business cases by hand; bounds that come from whole paths and are not added up."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.errors import InputError
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.cases import bound, business_cases, joint_bound
from costlib.roadmap.ranges import Range
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Baseline


def plan(*initiatives: dict, months: int = 12, **header) -> Plan:
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": months, "paths": 400, "discount_rate": 0.0, **header},
            "initiatives": list(initiatives),
            "baseline": [{"segment": {"x_Team": "A"}, "monthly": [1000] * months}],
        }
    )


def test_a_case_by_hand():
    """From March 200 a month for 10 months at 500 once and 50 a month: 2,000 - 500 - 500 = 1,000 on an outlay of 1,000.

    -350, then +150 a month: -350, -200, -50, +100 in the fourth month.
    """
    one = {"id": "a", "saving": 0.2, "start": "2026-03", "one_off_cost": 500, "running_cost": 50, "stage": "L2"}
    (case,) = business_cases(simulate(plan(one)))
    assert (case.outlay, case.one_off, case.gross, case.net) == pytest.approx((1000, 500, 2000, 1000))
    assert (case.roi, case.npv) == pytest.approx((1.0, 1000))
    assert (case.payback_month, case.time_to_value) == (4, 1)
    assert (case.market_impact, case.failure, case.stage) == (None, 0, "L2")
    assert case.irr and case.irr > 1


def test_value_comes_with_cash_and_not_with_freed_capacity():
    late = {"id": "a", "saving": 0.2, "start": "2026-02", "releases": {"what": "node", "month": "2026-06"}}
    (case,) = business_cases(simulate(plan(late)))
    assert (case.time_to_value, case.gross) == (5, pytest.approx(1400))


def test_a_benefit_is_market_impact_and_no_saving():
    """Grow: 300 a month earned for 100 a month of new spend; ROI = (3,600 - 1,200) / 1,200."""
    grow = {"id": "g", "bucket": "grow", "benefit": {"low": 100, "likely": 300, "high": 500}, "added_spend": 100}
    (case,) = business_cases(simulate(plan(grow, paths=40_000)))
    assert case.market_impact == Range(100, 300, 500)
    assert (case.gross, case.net) == (0, 0)
    assert case.benefit == pytest.approx(3600, rel=0.01)
    assert case.roi == pytest.approx(2.0, rel=0.02)


def test_a_benefit_that_may_come_to_nothing_is_market_impact_all_the_same():
    (case,) = business_cases(simulate(plan({"id": "g", "benefit": {"low": 0, "likely": 100, "high": 500}})))
    assert case.market_impact == Range(0, 100, 500)


@pytest.mark.parametrize("factor", [1e-3, 150.0])
def test_in_another_currency_only_money_changes(factor):
    """What one yen and one dollar buy differs; months, rates and shares do not."""

    def of(unit: float):
        one = {"id": "a", "saving": 0.2, "start": "2026-03", "one_off_cost": 500 * unit, "running_cost": 50 * unit}
        held = plan(one, discount_rate=0.1).model_copy(update={"baseline": None})
        return business_cases(simulate(held, Baseline([{"x_Team": "A"}], np.full((1, 12, 4), 1000.0 * unit))))[0]

    dollars, other = of(1.0), of(factor)
    for name in ("gross", "net", "npv", "outlay", "one_off"):
        assert getattr(other, name) == pytest.approx(factor * getattr(dollars, name))
    assert (other.payback_month, other.time_to_value) == (dollars.payback_month, dollars.time_to_value) == (4, 1)
    assert (other.roi, other.irr) == pytest.approx((dollars.roi, dollars.irr))


def test_what_never_brings_anything_has_no_time_to_value_and_no_payback():
    (case,) = business_cases(simulate(plan({"id": "a", "one_off_cost": 10})))
    assert (case.time_to_value, case.payback_month, case.irr, case.roi) == (None, None, None, -1)


def test_failure_is_no_success_or_a_roll_back():
    risky = {"id": "a", "saving": 0.2, "probability": 0.8}
    risky["guardrail"] = {"metric": "precision", "failure_probability": 0.25}
    (case,) = business_cases(simulate(plan(risky)))
    assert case.failure == pytest.approx(0.4)


UNCERTAIN = {"saving": {"low": 0.0, "likely": 0.2, "high": 0.4}, "probability": 0.7}


def test_the_bound_of_independent_initiatives_is_narrower_than_their_bounds_added():
    ones = [{"id": f"i{at}", **UNCERTAIN} for at in range(6)]
    alone = [bound(simulate(plan(one, paths=4000))) for one in ones]
    all_together = bound(simulate(plan(*ones, paths=4000)))
    width = all_together.gross.high - all_together.gross.low
    assert width < 0.6 * sum(one.gross.high - one.gross.low for one in alone)
    assert all_together.gross.low > sum(one.gross.low for one in alone)


def test_years_are_fiscal_and_their_means_add_up_to_the_whole():
    found = bound(simulate(plan({"id": "a", **UNCERTAIN}, months=18, fiscal_year_start=7)))
    assert [one.year for one in found.years] == [2026, 2027]
    assert sum(one.gross.likely for one in found.years) == pytest.approx(found.gross.likely)


def test_two_plans_on_one_forecast_share_its_paths():
    """Spend of A and B rises and falls against each other: a tenth of both is certain, a tenth of either is not."""
    swing = np.linspace(0.5, 1.5, 200)
    paths = np.stack([1000 * swing, 1000 * (2 - swing)])[:, None, :].repeat(12, axis=1)
    forecast = Baseline([{"x_Team": "A"}, {"x_Team": "B"}], paths)

    def of(team: str):
        one = {"id": team, "scope": {"x_Team": team}, "saving": 0.1}
        return simulate(plan(one).model_copy(update={"baseline": None}), forecast)

    a, b = of("A"), of("B")
    both = joint_bound([a, b])
    assert both.gross.high - both.gross.low == pytest.approx(0, abs=1e-6)
    assert bound(a).gross.high - bound(a).gross.low > 500
    assert both.gross.likely == pytest.approx(2400)


def test_plans_of_different_shape_are_refused():
    one, other = simulate(plan({"id": "a"})), simulate(plan({"id": "a"}, months=6))
    with pytest.raises(InputError, match="same forecast"):
        joint_bound([one, other])


def test_the_chance_of_a_loss_is_a_share_of_paths():
    """Costs 600; saves 1,200 with probability 3/4."""
    found = bound(simulate(plan({"id": "a", "saving": 0.1, "probability": 0.75, "one_off_cost": 600}, paths=20_000)))
    assert found.probability_of_loss == pytest.approx(0.25, abs=0.015)
