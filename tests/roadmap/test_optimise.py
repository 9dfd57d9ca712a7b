"""The optimiser against every choice there is, its three goals, its limits and its reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costlib.roadmap.optimise import Optimum, optimise
from costlib.roadmap.plan_errors import NoBaseline, PlanError
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.report import optimise_document
from costlib.roadmap.simulate import simulate
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


def test_the_budget_binds_and_ten_thousand_more_buys_the_second(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "one_off_cost": 60_000},
        {"id": "b", "saving": 0.4, "one_off_cost": 50_000, "scope": {"x_Team": ["B"]}},
        spend={"A": 20_000, "B": 30_000}, budget={"one_off": 100_000}, discount_rate=0,
    )  # fmt: skip
    found = optimise(plan)
    assert starts_of(found) == {"a": "2026-01"}
    (limit,) = found.binding
    assert (limit.kind, limit.most, limit.used, limit.unit) == ("one_off", 100_000, 60_000, "10,000 USD")
    both = 12 * (20_000 * 0.5 + 30_000 * (1 - 0.5 * 0.6)) - 110_000
    assert limit.gain == pytest.approx(both - found.npv)
    assert found.npv == pytest.approx(12 * 25_000 - 60_000)
    assert [(one.id, one.reason) for one in found.omitted] == [("b", "no room: one-off budget")]


def test_people_bind_and_one_more_person_week_is_priced(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "scope": {"x_Team": ["A"]}, "effort": {"ml": 3}},
        {"id": "b", "saving": 0.5, "scope": {"x_Team": ["B"]}, "effort": {"ml": 2}},
        spend={"A": 1000, "B": 600}, capacity={"ml": 4}, discount_rate=0,
    )  # fmt: skip
    found = optimise(plan)
    assert starts_of(found) == {"a": "2026-01", "b": "2026-02"}
    (limit,) = found.binding
    assert (limit.what, limit.when, limit.used, limit.unit) == ("ml", "2026-01", 3.0, "1 person-week")
    assert limit.gain == pytest.approx(300)


def test_effort_is_spread_over_the_ramp(plan_of):
    lever = {"id": "a", "saving": 0.5, "ramp_months": 3, "effort": {"ml": 12}}
    assert starts_of(optimise(plan_of(lever, capacity={"ml": 4})))
    assert not starts_of(optimise(plan_of(lever, capacity={"ml": 3.9})))


def test_quarters_follow_the_fiscal_year(plan_of):
    two = [{"id": name, "saving": 0.5, "one_off_cost": 80} for name in "ab"]
    found = optimise(plan_of(*two, budget={"one_off_per_quarter": 100}, fiscal_year_start=2))
    assert sorted(starts_of(found).values()) == ["2026-01", "2026-02"]
    assert {(one.kind, one.when) for one in found.binding} == {("one_off_per_quarter", "Q4 FY26")}


def test_one_of_the_alternatives_is_chosen_and_the_other_explained(plan_of):
    plan = plan_of(
        {"id": "small", "saving": 0.3, "alternative_group": "g"}, {"id": "big", "saving": 0.5, "alternative_group": "g"}
    )
    found = optimise(plan)
    assert starts_of(found) == {"big": "2026-01"}
    assert found.omitted[0].reason == "big, its alternative, is done"
    (chosen,) = found.chosen
    assert chosen.instead == ("small",)
    assert chosen.worth == pytest.approx(found.npv * (1 - 0.3 / 0.5))


def test_a_worthless_predecessor_is_done_for_what_it_opens(plan_of):
    plan = plan_of(
        {"id": "base", "saving": 0, "one_off_cost": 100, "ramp_months": 1, "delay_months": 1},
        {"id": "top", "saving": 0.5, "depends_on": ["base"]},
    )
    found = optimise(plan)
    assert starts_of(found) == {"base": "2026-01", "top": "2026-04"}
    assert found.chosen[0].worth == pytest.approx(found.npv)


def test_reasons_call_initiatives_people_and_months_as_a_reader_does(plan_of):
    kind = {"saving": 0.5, "alternative_group": "g"}
    plan = plan_of({"id": "a", "title": "Rent less", **kind}, {"id": "b", "title": "Own more", **kind, "saving": 0.3})
    assert optimise(plan).omitted[0].reason == "Rent less, its alternative, is done"
    weeks = {"effort": {"ml_engineer": 3}}
    two = [{"id": name, "saving": 0.5, "scope": {"x_Team": [name.upper()]}, **weeks} for name in "ab"]
    (left,) = optimise(plan_of(*two, spend={"A": 900, "B": 800}, capacity={"ml_engineer": 3}, months=1)).omitted
    assert left.reason == "no room: ml engineer in Jan 2026"


def test_a_predecessor_that_does_not_pay_keeps_its_dependent_out(plan_of):
    plan = plan_of(
        {"id": "base", "saving": 0, "one_off_cost": 100_000}, {"id": "top", "saving": 0.5, "depends_on": ["base"]}
    )
    found = optimise(plan)
    assert found.chosen == [] and found.objective == 0.0
    reasons = {one.id: one.reason for one in found.omitted}
    assert reasons["top"] == "base, which it depends on, is not done"
    assert reasons["base"] == "it costs more than it would still save beside the others"


def test_a_dependent_for_which_no_month_is_left_is_not_said_to_cost_too_much(plan_of):
    """Base has its ramp in both months of the plan; top, which costs nothing, could begin in the third."""
    plan = plan_of(
        {"id": "base", "saving": 0.2, "ramp_months": 1}, {"id": "top", "saving": 0.5, "depends_on": ["base"]}, months=2
    )
    (left,) = optimise(plan).omitted
    assert (left.id, left.reason) == ("top", "no month of the plan is left for it")


def test_what_costs_nothing_and_has_nothing_to_save_is_not_said_to_cost_too_much(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}, {"id": "elsewhere", "saving": 0.5, "scope": {"x_Team": ["Gone"]}})
    (left,) = optimise(plan).omitted
    assert (left.id, left.reason) == ("elsewhere", "it would save nothing beside the others")


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
    assert [(one.kind, one.gain) for one in found.binding] == [("quality", None)]


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
        with pytest.raises(PlanError, match="needs a target"):
            optimise(plan_of({"id": "a", "saving": 0.6}), goal=goal)


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
