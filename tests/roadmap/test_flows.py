"""Costs, benefit, added spend and quality of one initiative, month by month and path by path."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.draws import Draws, draw
from costlib.roadmap.flows import cash_months, flows, path_value
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.returns import discount_factors
from costlib.roadmap.timing import NEVER, Timing, timings


def plan_with(months: int = 5, **fields: object) -> Plan:
    return Plan.model_validate(
        {"plan": {"start": "2026-01", "months": months}, "initiatives": [{"id": "a", "start": "2026-02", **fields}]}
    )


def two_paths(success: tuple[bool, bool] = (True, True)) -> Draws:
    return Draws(np.array(success), np.full(2, 0.3), np.zeros(2, int), np.zeros(2, bool), np.array([10.0, 30.0]))


AT_ONCE = Timing(np.array([1, 1]), np.array([NEVER, NEVER]))
ONE_LATE = Timing(np.array([1, 3]), np.array([NEVER, NEVER]))
ONE_BACK = Timing(np.array([1, 1]), np.array([NEVER, 3]))


@pytest.mark.parametrize(
    ("timing", "one_off", "running"),
    [
        (AT_ONCE, [0, 80, 0, 0, 0], [0, 6, 6, 6, 6]),
        (ONE_LATE, [0, 40, 0, 40, 0], [0, 3, 3, 6, 6]),
        (ONE_BACK, [0, 80, 0, 0, 0], [0, 6, 6, 3, 3]),
        (Timing(np.array([1, NEVER]), np.array([NEVER, NEVER])), [0, 40, 0, 0, 0], [0, 3, 3, 3, 3]),
        (Timing(np.array([1, 1]), np.array([1, 1])), [0, 80, 0, 0, 0], [0, 0, 0, 0, 0]),
    ],
)
def test_costs_do_not_ask_for_success(timing, one_off, running):
    plan = plan_with(one_off_cost=80, running_cost=6, added_spend=2)
    for success in ((True, True), (False, False)):
        found = flows(plan, plan.initiatives[0], timing, two_paths(success))
        assert found.one_off.tolist() == pytest.approx(one_off)
        assert found.running.tolist() == pytest.approx(running)
        assert found.added_spend.tolist() == pytest.approx([amount / 3 for amount in running])
        assert found.outlay.tolist() == pytest.approx(np.add(one_off, np.multiply(running, 4 / 3)).tolist())


def test_a_benefit_comes_with_success_on_its_own_ramp():
    plan = plan_with(benefit={"likely": 20, "start": "2026-03", "ramp_months": 1})
    (one,) = plan.initiatives
    assert flows(plan, one, AT_ONCE, two_paths()).benefit.tolist() == pytest.approx([0, 0, 10, 20, 20])
    assert flows(plan, one, AT_ONCE, two_paths((False, True))).benefit.tolist() == pytest.approx([0, 0, 7.5, 15, 15])
    assert flows(plan, one, ONE_LATE, two_paths()).benefit.tolist() == pytest.approx([0, 0, 2.5, 5, 5 + 7.5])
    assert flows(plan, one, ONE_BACK, two_paths()).benefit.tolist() == pytest.approx([0, 0, 2.5 + 7.5, 5, 5])


def test_a_benefit_without_a_start_begins_with_its_initiative():
    plan = plan_with(benefit=20)
    assert flows(plan, plan.initiatives[0], AT_ONCE, two_paths()).benefit.tolist() == [0, 20, 20, 20, 20]


def test_quality_is_ramped_signed_and_part_of_cost():
    plan = plan_with(ramp_months=1, quality_effect={"metric": "m", "likely": -0.5, "value_per_point": 40})
    found = flows(plan, plan.initiatives[0], AT_ONCE, two_paths())
    assert found.quality.tolist() == [0, -10, -20, -20, -20]
    assert found.cost.tolist() == [0, 10, 20, 20, 20]
    better = plan_with(quality_effect={"metric": "m", "likely": 0.5, "value_per_point": 40})
    assert flows(better, better.initiatives[0], AT_ONCE, two_paths((True, False))).cost.tolist() == [
        0,
        -10,
        -10,
        -10,
        -10,
    ]


def test_weights_count_like_repeated_paths():
    plan = plan_with(one_off_cost=80, running_cost=6, benefit=20)
    (one,) = plan.initiatives
    weighted = flows(plan, one, ONE_LATE, two_paths((True, False)), np.array([0.75, 0.25]))
    four = Timing(np.array([1, 1, 1, 3]), np.full(4, NEVER))
    draws = Draws(np.array([True] * 3 + [False]), np.zeros(4), np.zeros(4, int), np.zeros(4, bool), np.full(4, 10.0))
    repeated = flows(plan, one, four, draws)
    for name in ("one_off", "running", "benefit", "added_spend", "quality"):
        assert getattr(weighted, name).tolist() == pytest.approx(getattr(repeated, name).tolist())


@pytest.mark.parametrize("seed", range(5))
def test_the_value_of_paths_has_the_mean_of_the_flows(seed):
    plan = plan_with(
        months=14, one_off_cost=80, running_cost=6, added_spend=3, probability=0.6, ramp_months=2,
        benefit={"low": 1, "likely": 5, "high": 40, "start": "2026-04"},
        delay_months={"low": 0, "likely": 2, "high": 6},
        quality_effect={"metric": "m", "likely": -1, "value_per_point": 4},
        guardrail={"metric": "m", "failure_probability": 0.4, "detect_months": 3},
    )  # fmt: skip
    (one,) = plan.initiatives
    draws = draw(one, seed, 500)
    timing = timings([one], {"a": 1}, {"a": draws})["a"]
    discount = discount_factors(0.1, 14)
    money = flows(plan, one, timing, draws)
    assert path_value(plan, one, timing, draws, discount).mean() == pytest.approx(discount @ (money.other - money.cost))


@pytest.mark.parametrize(
    ("releases", "cash"),
    [
        (None, [1, 1, 1, 1, 1]),
        ("instance", [1, 1, 1, 1, 1]),
        ({"what": "node", "month": "2026-04"}, [0, 0, 0, 1, 1]),
        ({"what": "node", "month": "2025-04"}, [1, 1, 1, 1, 1]),
        ({"what": "commitment", "month": "2028-01"}, [0, 0, 0, 0, 0]),
        ({"what": "commitment", "month": "never"}, [0, 0, 0, 0, 0]),
    ],
)
def test_months_of_cash(releases, cash):
    plan = plan_with(releases=releases)
    assert cash_months(plan, plan.initiatives[0]).tolist() == cash
