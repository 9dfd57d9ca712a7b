"""The optimiser against every choice there is, its three goals, its limits and its reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.limits import Limits
from costlib.roadmap.optimise import Optimum, optimise
from costlib.roadmap.plan_errors import NoBaseline, PlanError
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.report import optimise_document
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import baseline_of
from tests.roadmap import exhaustive


def starts_of(found: Optimum) -> dict[str, str]:
    return {one.id: one.start for one in found.chosen}


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_never_worse_than_one_per_cent_from_the_best_of_every_choice(first):
    for seed in range(first, first + 20):
        held = exhaustive.random_plan(seed)
        plan = Plan.model_validate(held)
        found = optimise(plan)
        months = {one.id: plan.months.index(one.start) for one in found.chosen}
        starts = tuple(months.get(one["id"], -1) for one in held["initiatives"])
        best = exhaustive.best_npv(held)
        assert exhaustive.allowed(held, starts), f"plan {seed} breaks a limit"
        assert found.objective == pytest.approx(exhaustive.npv(held, starts), abs=1e-6)
        assert found.objective >= best - 0.01 * abs(best) - 1e-9, f"plan {seed}: {found.objective} of {best}"
        assert found.objective <= best + 1e-6, f"plan {seed} is better than possible"


@pytest.mark.parametrize("seed", range(400, 420))
def test_more_people_or_money_is_never_worse(seed):
    held = exhaustive.dear_plan(seed)
    npv = optimise(Plan.model_validate(held)).npv
    richer = {**held, "budget": {name: 1.5 * most for name, most in held["budget"].items()}}
    larger = {**held, "capacity": {role: most + 2 for role, most in held["capacity"].items()}}
    for more in (richer, larger, {**richer, "capacity": larger["capacity"]}, {**held, "budget": {}, "capacity": {}}):
        assert optimise(Plan.model_validate(more)).npv >= npv * (1 - 1e-6)


def test_effort_is_spread_over_the_ramp(plan_of):
    lever = {"id": "a", "saving": 0.5, "ramp_months": 3, "effort": {"ml": 12}}
    assert starts_of(optimise(plan_of(lever, capacity={"ml": 4})))
    assert not starts_of(optimise(plan_of(lever, capacity={"ml": 3.9})))


def test_quarters_follow_the_fiscal_year(plan_of):
    two = [{"id": name, "saving": 0.5, "one_off_cost": 80} for name in "ab"]
    found = optimise(plan_of(*two, budget={"one_off_per_quarter": 100}, fiscal_year_start=2))
    assert sorted(starts_of(found).values()) == ["2026-01", "2026-02"]
    assert {(one.kind, one.when) for one in found.binding} == {("one_off_per_quarter", "Q4 FY26")}


def test_a_worthless_predecessor_is_done_for_what_it_opens(plan_of):
    plan = plan_of(
        {"id": "base", "saving": 0, "one_off_cost": 100, "ramp_months": 1, "delay_months": 1},
        {"id": "top", "saving": 0.5, "depends_on": ["base"]},
    )
    found = optimise(plan)
    assert starts_of(found) == {"base": "2026-01", "top": "2026-04"}
    assert found.chosen[0].worth == pytest.approx(found.npv)


def large_plan(seed: int) -> Plan:
    """40 initiatives on a dozen teams in a year: more starts than the programme goes through one by one."""
    chance = np.random.default_rng(seed)
    teams = [f"T{number}" for number in range(12)]
    initiatives = []
    for number in range(40):
        low, likely, high = sorted(chance.uniform(0.05, 0.5, 3).round(3).tolist())
        scope = [str(team) for team in chance.choice(teams, int(chance.integers(1, 4)), replace=False)]
        initiatives.append(
            {
                "id": f"i{number:02d}", "scope": {"x_Team": scope}, "ramp_months": int(chance.integers(0, 4)),
                "saving": {"low": low, "likely": likely, "high": high}, "probability": 0.5 + number / 80,
                "one_off_cost": float(chance.integers(50, 900)), "effort": {"ml": float(chance.integers(0, 6))},
                "depends_on": [f"i{number - 1:02d}"] if number % 7 == 3 else [],
                "alternative_group": f"g{number // 10}" if number % 10 < 2 else None,
            }
        )  # fmt: skip
    monthly = chance.uniform(100, 800, (12, 12)).round(1).tolist()
    baseline = [{"segment": {"x_Team": team}, "monthly": row} for team, row in zip(teams, monthly, strict=True)]
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 12, "paths": 10},
            "capacity": {"ml": 8}, "budget": {"one_off": 6000}, "initiatives": initiatives, "baseline": baseline,
        }
    )  # fmt: skip


def test_no_step_betters_a_large_plan_and_no_limit_is_broken():
    """Each initiative left out, or begun in each month, with all others as they are."""
    plan = large_plan(1)
    found = optimise(plan)
    expectation = Expectation.of(plan, baseline_of(plan))
    limits, aim = Limits.of(plan, expectation.initiatives), expectation.npv_aim()
    begun = {one.id: plan.months.index(one.start) for one in found.chosen}
    starts = np.array([begun.get(one.id, OUT) for one in expectation.initiatives])
    assert limits.kept(starts) and 10 < len(begun) < 40
    assert found.npv == pytest.approx(expectation.value(starts, aim))
    for at in range(40):
        for month in range(OUT, 12):
            tried = starts.copy()
            tried[at] = month
            assert not limits.kept(tried) or expectation.value(tried, aim) <= found.npv * (1 + 1e-9)
    assert all(one.worth is not None and 0 <= one.worth < found.npv for one in found.chosen)


def test_starts_are_free_but_not_before_the_earliest(plan_of):
    assert starts_of(optimise(plan_of({"id": "a", "saving": 0.5, "start": "2026-09"}))) == {"a": "2026-01"}
    later = {"id": "a", "saving": 0.5, "earliest_start": "2026-04"}
    assert starts_of(optimise(plan_of(later))) == {"a": "2026-04"}


def test_a_joint_quality_effect_stays_above_its_floor(plan_of):
    def lever(name: str, saving: float) -> dict[str, Any]:
        return {
            "id": name, "saving": saving, "scope": {"x_Team": ["A"]},
            "quality_effect": {"metric": "precision", "likely": -0.02},
            "guardrail": {"metric": "precision", "floor": 0.91, "level": 0.94},
        }  # fmt: skip

    found = optimise(plan_of(lever("a", 0.3), lever("b", 0.4)))
    assert starts_of(found) == {"b": "2026-01"}
    assert [(one.kind, one.gain, one.unit) for one in found.binding] == [("quality", None, "quality")]


def test_a_benefit_moves_with_its_initiative(plan_of):
    lever = {"id": "grow", "start": "2026-05", "one_off_cost": 10, "benefit": {"likely": 100, "start": "2026-07"}}
    found = optimise(plan_of(lever, discount_rate=0))
    assert starts_of(found) == {"grow": "2026-01"}
    assert found.npv == pytest.approx(10 * 100 - 10)
    assert found.plan.initiatives[0].benefit.start.month == 3


TARGET = {"reduction": 0.5, "by": "2026-08", "reference": "baseline"}


def test_the_earliest_month_on_target(plan_of):
    """A alone saves 40 %, B alone 30 %, and people are short: both are in place in the third month at the soonest."""
    plan = plan_of(
        {"id": "a", "saving": 0.4, "effort": {"ml": 2}, "one_off_cost": 9000},
        {"id": "b", "saving": 0.3, "effort": {"ml": 2}, "ramp_months": 1},
        {"id": "weak", "saving": 0.01, "effort": {"ml": 2}},
        capacity={"ml": 2}, target=TARGET,
    )  # fmt: skip
    found = optimise(plan, goal="earliest")
    assert found.objective == "2026-02" or found.objective == "2026-03"
    assert found.objective == _soonest(plan)
    assert {"a", "b"} <= set(starts_of(found))
    assert "a" not in starts_of(optimise(plan))


def _soonest(plan: Plan) -> str:
    months = [
        month
        for first in range(4)
        for second in range(4)
        if first != second
        for month, spend in enumerate(simulate(plan.restarted({"a": first, "b": second})).spend.mean(axis=1))
        if spend <= 500 + 1e-6
    ]
    return plan.months[min(months)]


def test_a_target_out_of_reach_has_no_month_and_the_nearest_plan(plan_of):
    plan = plan_of({"id": "a", "saving": 0.4, "one_off_cost": 1e6}, target=TARGET)
    found = optimise(plan, goal="earliest")
    assert found.objective is None and starts_of(found)


def test_the_likeliest_plan_prefers_the_surer_lever(plan_of):
    """The risky lever is worth more on average; the sure one meets the target."""
    plan = plan_of(
        {"id": "risky", "saving": 0.9, "probability": 0.7, "alternative_group": "g"},
        {"id": "sure", "saving": 0.55, "alternative_group": "g"},
        target=TARGET, paths=2000,
    )  # fmt: skip
    assert starts_of(optimise(plan)) == {"risky": "2026-01"}
    found = optimise(plan, goal="probability")
    assert (starts_of(found), found.objective) == ({"sure": "2026-01"}, 1.0)


def test_the_probability_is_that_of_the_simulation(plan_of):
    plan = plan_of(
        {"id": "a", "saving": {"low": 0.2, "likely": 0.4, "high": 0.8}, "probability": 0.9},
        {"id": "b", "saving": 0.3, "probability": 0.6, "depends_on": ["a"], "one_off_cost": 5000},
        target=TARGET, paths=3000,
    )  # fmt: skip
    document = optimise_document(plan, goal="probability")
    assert document["objective"] == document["p_target"]
    assert 0.5 < document["objective"] < 0.9
    assert {one["id"] for one in document["chosen"]} == {"a", "b"}


def test_the_goal_stands_in_the_plan(plan_of):
    plan = plan_of({"id": "a", "saving": 0.6}, target=TARGET, goal="earliest")
    assert optimise(plan).objective == "2026-01"


def test_a_goal_that_needs_a_target_says_so(plan_of):
    for goal in ("earliest", "probability"):
        with pytest.raises(PlanError) as refused:
            optimise(plan_of({"id": "a", "saving": 0.6}), goal=goal)
        assert refused.value.problem == f"the goal {goal} needs a target, and the plan has none"
        assert refused.value.expected == "target: with reduction and by"
        assert refused.value.fix == "Add a target to the plan, or optimise for npv."


def test_without_a_baseline_it_is_refused(plan_of):
    with pytest.raises(NoBaseline):
        optimise(plan_of({"id": "a", "saving": 0.6}).model_copy(update={"baseline": None}))


def test_the_document_adds_to_that_of_the_simulation(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5, "start": "2026-06"}, {"id": "b", "saving": 0.1, "one_off_cost": 1e6})
    document = optimise_document(plan, detail=True)
    assert document["chosen"] == [{"id": "a", "start": "2026-01"}]
    assert document["objective"] == pytest.approx(document["saving"]["npv"])
    assert [one["id"] for one in document["initiatives"]] == ["a"]
    assert document["binding"] == []
    assert document["detail"]["omitted"][0]["id"] == "b"
    assert list(optimise_document(plan))[-3:] == ["chosen", "objective", "binding"]


def test_the_order_of_the_file_does_not_change_the_choice():
    for seed in (3, 8, 21):
        held = exhaustive.random_plan(seed)
        turned = {**held, "initiatives": held["initiatives"][::-1]}
        one, other = optimise(Plan.model_validate(held)), optimise(Plan.model_validate(turned))
        assert starts_of(one) == starts_of(other)
        assert one.objective == other.objective


def test_the_same_plan_gives_the_same_answer():
    plan = Plan.model_validate(exhaustive.random_plan(5))
    assert optimise_document(plan) == optimise_document(plan)


def test_uncertain_delays_are_weighed(plan_of):
    """A delay of 0-2 months costs on average its mean saving; the optimiser's NPV is that of the simulation."""
    lever = {"id": "a", "saving": 0.5, "delay_months": {"low": 0, "likely": 1, "high": 2}, "one_off_cost": 70}
    plan = plan_of(lever, paths=40_000)
    result = simulate(plan)
    noise = result.npv_paths.std() / np.sqrt(40_000)
    assert abs(optimise(plan).npv - result.npv_paths.mean()) < 4 * noise
