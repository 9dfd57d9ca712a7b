"""Expectations worked out without paths: by hand, against drawn paths, and what is kept between choices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Baseline, baseline_of


def expectation_of(plan: Plan) -> Expectation:
    return Expectation.of(plan, baseline_of(plan))


def npv_of(plan: Plan, *starts: int) -> float:
    expectation = expectation_of(plan)
    return expectation.value(list(starts), expectation.npv_aim())


def chancy_plan(seed: int) -> Plan:
    """Four initiatives with everything uncertain, the third after the first, the fourth after the second and third."""
    chance = np.random.default_rng(seed)

    def initiative(number: int, depends_on: list[str]) -> dict[str, Any]:
        low, likely, high = sorted(chance.uniform(0, 0.9, 3))
        return {
            "id": f"i{number}",
            "scope": [{}, {"x_Team": ["A"]}, {"x_Team": ["B"]}][int(chance.integers(3))],
            "saving": {"low": low, "likely": likely, "high": high},
            "probability": float(chance.uniform(0.3, 1)),
            "start": f"2026-0{int(chance.integers(1, 5))}",
            "ramp_months": int(chance.integers(0, 3)),
            "delay_months": {"low": 0, "likely": 0, "high": int(chance.integers(0, 3))},
            "one_off_cost": float(chance.uniform(0, 60)),
            "running_cost": float(chance.uniform(0, 5)),
            "added_spend": float(chance.uniform(0, 5)),
            "benefit": {"low": 0, "likely": 5, "high": 20, "ramp_months": 1},
            "quality_effect": {"metric": "m", "likely": -0.1, "value_per_point": 20},
            "guardrail": {"metric": "m", "failure_probability": 0.2, "detect_months": 2},
            "depends_on": depends_on,
        }

    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 9, "paths": 6000, "seed": seed},
            "initiatives": [initiative(0, []), initiative(1, []), initiative(2, ["i0"]), initiative(3, ["i1", "i2"])],
            "baseline": [{"segment": {"x_Team": team}, "monthly": [100.0] * 9} for team in "AB"],
        }
    )


@pytest.mark.parametrize("seed", range(25))
def test_the_expectation_is_the_mean_of_the_simulation(seed):
    """Fixed seeds: 4.5 standard errors leave one false alarm in 100,000."""
    plan = chancy_plan(seed)
    result = simulate(plan)
    expectation = expectation_of(plan)
    starts = [plan.start_of(one) for one in expectation.initiatives]
    noise = result.npv_paths.std() / np.sqrt(result.npv_paths.size)
    assert noise > 0
    assert abs(expectation.value(starts, expectation.npv_aim()) - result.npv_paths.mean()) <= 4.5 * noise


def test_dependents_share_the_fate_of_what_they_wait_for(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "probability": 0.5, "one_off_cost": 100},
        {"id": "b", "saving": 0.5, "depends_on": ["a"], "one_off_cost": 40},
        discount_rate=0, months=2,
    )  # fmt: skip
    assert npv_of(plan, 0, 0) == pytest.approx(0.5 * (500 + 750 - 40) - 100)
    assert npv_of(plan, 0, OUT) == pytest.approx(0.5 * 1000 - 100)
    assert npv_of(plan, OUT, OUT) == 0.0


def test_the_size_of_a_saving_enters_by_its_pert_mean(plan_of):
    plan = plan_of({"id": "a", "saving": {"low": 0, "likely": 0.3, "high": 0.9}, "probability": 0.5}, discount_rate=0)
    assert npv_of(plan, 2) == pytest.approx(10 * 1000 * 0.5 * (0 + 1.2 + 0.9) / 6)


def test_overlapping_levers_multiply(plan_of):
    plan = plan_of({"id": "a", "saving": 0.6}, {"id": "b", "saving": 0.6, "probability": 0.5}, discount_rate=0)
    assert npv_of(plan, 0, 0) == pytest.approx(12_000 * (1 - 0.4 * 0.7))


def test_the_paths_of_a_forecast_enter_by_their_mean(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}, months=2, discount_rate=0).model_copy(update={"baseline": None})
    paths = np.array([[[100.0, 300.0, 500.0], [0.0, 0.0, 30.0]]])
    expectation = Expectation.of(plan, Baseline([{"x_Team": "A"}], paths))
    assert expectation.value([0], expectation.npv_aim()) == pytest.approx(150 + 5)


def test_one_month_of_the_targets_scope_is_an_aim(plan_of):
    target = {"reduction": 0.1, "by": "2026-06", "reference": "baseline", "scope": {"x_Team": ["B"]}}
    plan = plan_of({"id": "a", "saving": 0.5, "ramp_months": 1}, spend={"A": 1000, "B": 60}, target=target)
    expectation = expectation_of(plan)
    aim = expectation.month_aim(3)
    assert [expectation.value([start], aim) for start in (2, 3, 4)] == pytest.approx([30, 15, 0])


def test_cash_that_comes_later_is_shared_out_by_credit(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.6}, {"id": "b", "saving": 0.6, "releases": {"what": "node", "month": "2026-12"}},
        discount_rate=0,
    )  # fmt: skip
    assert npv_of(plan, 0, 0) == pytest.approx(5040 + 420)
    assert not expectation_of(plan).all_cash


def test_a_release_month_is_a_date_and_does_not_move_with_the_start(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5, "releases": {"what": "node", "month": "2026-07"}}, discount_rate=0)
    assert [npv_of(plan, start) for start in (0, 6, 8)] == pytest.approx([3000, 3000, 2000])


def test_alone_is_scaled_by_the_chance_of_what_it_waits_for(plan_of):
    plan = plan_of(
        {"id": "a", "probability": 0.5}, {"id": "b", "probability": 0.5, "depends_on": ["a"]},
        {"id": "c", "saving": 0.4, "depends_on": ["b"], "one_off_cost": 80}, months=3,
    )  # fmt: skip
    expectation = expectation_of(plan)
    share, money = expectation.alone(2, 1)
    assert share.tolist() == pytest.approx([0, 0.1, 0.1])
    assert money.tolist() == pytest.approx([0, -20, 0])
    assert expectation.ancestors(2) == {0, 1} and expectation.predecessors(2) == [1]


def test_a_dependent_whose_predecessor_is_out_never_starts(plan_of):
    plan = plan_of({"id": "a", "saving": 0.1}, {"id": "b", "saving": 0.5, "depends_on": ["a"], "one_off_cost": 9})
    assert npv_of(plan, OUT, 0) == 0.0


def test_initiatives_come_with_predecessors_first_else_by_name(plan_of):
    plan = plan_of({"id": "z"}, {"id": "a", "depends_on": ["z"]}, {"id": "m"})
    assert [one.id for one in expectation_of(plan).initiatives] == ["m", "z", "a"]


def test_changed_figures_of_one_leave_the_others(plan_of):
    plan = plan_of({"id": "a", "saving": 0.2, "one_off_cost": 10}, {"id": "b", "saving": 0.5}, discount_rate=0)
    expectation = expectation_of(plan)
    aim = expectation.npv_aim()
    before = expectation.value([0, 0], aim)
    dearer = expectation.changed(plan.initiatives[0].model_copy(update={"one_off_cost": 110.0}))
    assert dearer.value([0, 0], aim) == pytest.approx(before - 100)
    assert expectation.value([0, 0], aim) == before
    assert dearer.value([OUT, 0], aim) == expectation.value([OUT, 0], aim)


def test_a_changed_chance_changes_the_fates(plan_of):
    """Of 2,400 in a year, 0.9 become 0.3."""
    plan = plan_of({"id": "a", "saving": 0.2, "probability": 0.9}, {"id": "b", "saving": 0.5}, discount_rate=0)
    expectation = expectation_of(plan)
    rarer = expectation.changed(plan.initiatives[0].model_copy(update={"probability": 0.3}))
    assert expectation.value([0, OUT], expectation.npv_aim()) == pytest.approx(0.9 * 2400)
    assert rarer.value([0, OUT], rarer.npv_aim()) == pytest.approx(0.3 * 2400)


def test_a_month_of_the_target_counts_savings_and_no_other_money(plan_of):
    target = {"reduction": 0.1, "by": "2026-06", "reference": "baseline"}
    lever = {"id": "a", "saving": 0.5, "running_cost": 70, "one_off_cost": 90, "benefit": {"likely": 30}}
    expectation = expectation_of(plan_of(lever, target=target))
    assert expectation.value([0], expectation.month_aim(0)) == pytest.approx(500)


def test_a_dependent_that_is_left_out_shares_no_cash(plan_of):
    """Its machines would be given back in December alone; a's saving is cash in every month."""
    late = {"what": "node", "month": "2026-12"}
    plan = plan_of(
        {"id": "a", "saving": 0.5}, {"id": "b", "saving": 0.5, "depends_on": ["a"], "releases": late}, discount_rate=0
    )
    assert npv_of(plan, 0, OUT) == pytest.approx(6000)


def test_a_large_family_is_drawn_within_its_noise(plan_of):
    """Six links of two fates and three delays each would be 46,656 joint fates."""
    chain = [
        {
            "id": f"i{number}",
            "saving": 0.2,
            "probability": 0.8,
            "delay_months": {"low": 0, "likely": 1, "high": 2},
            "depends_on": [f"i{number - 1}"] if number else [],
        }
        for number in range(6)
    ]
    plan = plan_of(*chain, months=20, paths=20_000, discount_rate=0)
    result = simulate(plan)
    noise = result.npv_paths.std() * np.sqrt(1 / 20_000 + 1 / 4096)
    assert abs(npv_of(plan, *[0] * 6) - result.npv_paths.mean()) < 4.5 * noise


def test_many_choices_do_not_pile_up(plan_of):
    expectation = expectation_of(plan_of({"id": "a", "saving": 0.2}, {"id": "b", "saving": 0.2}, months=24))
    aim = expectation.npv_aim()
    values = {(a, b): expectation.value([a, b], aim) for a in range(24) for b in range(24)}
    assert all(expectation.value([a, b], aim) == value for (a, b), value in values.items())
    assert len(expectation._kept) <= 256
