"""Why a plan is as it is: what each initiative is worth, why others are left out, which limits hold it back."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.explain import Breach
from costlib.roadmap.optimise import Optimum, optimise
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.report import optimise_document
from costlib.roadmap.simulate import simulate
from tests.roadmap import exhaustive


def starts_of(found: Optimum) -> dict[str, str]:
    return {one.id: one.start for one in found.chosen}


@pytest.mark.parametrize("first", range(300, 340, 10))
def test_worth_and_shadow_prices_are_those_of_every_choice(first):
    """An initiative's worth against the best without it, a limit's price against the best of the plan with one more."""
    for seed in range(first, first + 10):
        held = exhaustive.dear_plan(seed)
        found = optimise(Plan.model_validate(held))
        close = 0.01 * found.npv + 1e-6
        for one in found.chosen:
            rival = max(exhaustive.npv(held, starts) for starts in exhaustive.without(held, one.id))
            assert one.worth == pytest.approx(found.npv - rival, abs=close), f"plan {seed}, {one.id}"
        for limit in found.binding:
            if limit.kind == "one_off":
                looser = {**held, "budget": {**held["budget"], "one_off": held["budget"]["one_off"] + 10_000}}
                gain = exhaustive.best_npv(looser) - found.npv
                assert limit.gain == pytest.approx(gain, abs=close), f"plan {seed}"


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


def test_what_is_done_instead_and_what_the_document_says_of_it(plan_of):
    """Without b there is room for c: 12 x (500 + 180) against 12 x (500 + 60)."""
    levers = [
        {"id": name, "saving": saving, "scope": {"x_Team": [name.upper()]}, "one_off_cost": cost}
        for name, saving, cost in (("a", 0.5, 0), ("b", 0.3, 100), ("c", 0.1, 100))
    ]
    plan = plan_of(*levers, spend={"A": 1000, "B": 600, "C": 600}, budget={"one_off": 100}, discount_rate=0)
    chosen = {one["id"]: one for one in optimise_document(plan, detail=True)["detail"]["chosen"]}
    assert chosen == {
        "a": {"id": "a", "start": "2026-01", "worth": pytest.approx(6000), "instead": ()},
        "b": {"id": "b", "start": "2026-01", "worth": pytest.approx(1440), "instead": ("c",)},
    }


def test_reasons_call_initiatives_people_and_months_as_a_reader_does(plan_of):
    kind = {"saving": 0.5, "alternative_group": "g"}
    plan = plan_of({"id": "a", "title": "Rent less", **kind}, {"id": "b", "title": "Own more", **kind, "saving": 0.3})
    assert optimise(plan).omitted[0].reason == "Rent less, its alternative, is done"
    weeks = {"effort": {"ml_engineer": 3}}
    two = [{"id": name, "saving": 0.5, "scope": {"x_Team": [name.upper()]}, **weeks} for name in "ab"]
    (left,) = optimise(plan_of(*two, spend={"A": 900, "B": 800}, capacity={"ml_engineer": 3}, months=1)).omitted
    assert left.reason == "no room: ml engineer in Jan 2026"


def test_the_limit_that_is_broken_is_named_and_not_one_that_is_just_kept(plan_of):
    """Beside a, b needs all the people that are left, of which there are enough, and more money than there is."""
    levers = [
        {"id": name, "saving": saving, "scope": {"x_Team": [name.upper()]}, "effort": {"ml": 1}, "one_off_cost": 60}
        for name, saving in (("a", 0.5), ("b", 0.3))
    ]
    plan = plan_of(*levers, spend={"A": 900, "B": 900}, capacity={"ml": 2}, budget={"one_off": 100}, months=1)
    found = optimise(plan)
    assert [(one.id, one.reason) for one in found.omitted] == [("b", "no room: one-off budget")]
    assert [one.kind for one in found.binding] == ["one_off"]


def test_a_dozen_limits_are_named_the_dearest_first(plan_of):
    """a takes everybody for all of its 14 months; b could begin in any of them, the sooner the better."""
    levers = [
        {"id": "a", "saving": 0.5, "scope": {"x_Team": ["A"]}, "ramp_months": 14, "effort": {"ml": 14}},
        {"id": "b", "saving": 0.5, "scope": {"x_Team": ["B"]}, "effort": {"ml": 1}},
    ]
    plan = plan_of(*levers, spend={"A": 9000, "B": 100}, capacity={"ml": 1}, months=14, discount_rate=0)
    found = optimise(plan)
    assert [one.when for one in found.binding] == plan.months[:12]
    assert [one.gain for one in found.binding] == pytest.approx([50 * (14 - month) for month in range(12)])


def test_a_better_start_that_a_limit_keeps_out_is_a_limit_too(plan_of):
    """b is done, a month later than it would be with two people more."""
    levers = [
        {"id": "a", "saving": 0.5, "scope": {"x_Team": ["A"]}, "effort": {"ml": 2}},
        {"id": "b", "saving": 0.3, "scope": {"x_Team": ["B"]}, "effort": {"ml": 1}},
    ]
    found = optimise(plan_of(*levers, spend={"A": 900, "B": 100}, capacity={"ml": 2}, discount_rate=0))
    assert starts_of(found) == {"a": "2026-01", "b": "2026-02"}
    assert [(one.when, one.used, one.gain) for one in found.binding] == [("2026-01", 2, pytest.approx(30))]


def test_a_predecessor_that_does_not_pay_keeps_its_dependent_out(plan_of):
    plan = plan_of(
        {"id": "base", "saving": 0, "one_off_cost": 100_000}, {"id": "top", "saving": 0.5, "depends_on": ["base"]}
    )
    found = optimise(plan)
    assert found.chosen == [] and found.objective == 0.0
    reasons = {one.id: one.reason for one in found.omitted}
    assert reasons["top"] == "base, which it depends on, is not done"
    assert reasons["base"] == "it costs more than it would still save beside the others"


def test_several_that_are_missing_are_all_named(plan_of):
    costly = [{"id": name, "saving": 0, "one_off_cost": 100_000} for name in "ab"]
    found = optimise(plan_of(*costly, {"id": "top", "saving": 0.5, "depends_on": ["a", "b"]}))
    reasons = {one.id: one.reason for one in found.omitted}
    assert reasons["top"] == "a and b, which it depends on, are not done"


def test_what_may_begin_later_and_does_not_pay_costs_too_much(plan_of):
    """Its months are left for it from the third on, and none of them pays."""
    lever = {"id": "late", "saving": 0.1, "one_off_cost": 5000, "earliest_start": "2026-03"}
    (left,) = optimise(plan_of(lever)).omitted
    assert left.reason == "it costs more than it would still save beside the others"


def test_of_the_months_without_room_the_best_one_is_named(plan_of):
    """a takes everybody in all three months; b would bring most from the first."""
    levers = [
        {"id": "a", "saving": 0.5, "scope": {"x_Team": ["A"]}, "ramp_months": 3, "effort": {"ml": 6}},
        {"id": "b", "saving": 0.5, "scope": {"x_Team": ["B"]}, "effort": {"ml": 1}},
    ]
    (left,) = optimise(plan_of(*levers, spend={"A": 9000, "B": 100}, capacity={"ml": 2}, months=3)).omitted
    assert left.reason == "no room: ml in Jan 2026"


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


class TestWhatThePlanAsItStandsBreaks:
    def test_people_and_a_start_before_its_time(self, plan_of):
        plan = plan_of(
            {"id": "a", "saving": 0.5, "effort": {"ml": 3}, "start": "2026-02"},
            {"id": "b", "saving": 0.4, "effort": {"ml": 2}, "start": "2026-02", "earliest_start": "2026-04"},
            capacity={"ml": 4},
        )  # fmt: skip
        assert optimise(plan).broken == (
            Breach("earliest_start", "b", "2026-04", 3.0, 1.0),
            Breach("capacity", "ml", "2026-02", 4.0, 5.0),
        )

    def test_a_plan_within_its_limits_breaks_none(self, plan_of):
        plan = plan_of({"id": "a", "saving": 0.5, "effort": {"ml": 4}, "start": "2026-02"}, capacity={"ml": 4})
        assert optimise(plan).broken == ()

    def test_a_surer_plan_on_the_page_is_one_that_breaks_a_limit(self, plan_of):
        """Both at once are sure to halve spend and cost 120; either alone, all that 100 pays for, never does."""
        levers = [{"id": name, "saving": 0.3, "one_off_cost": 60} for name in "ab"]
        target = {"reduction": 0.5, "by": "2026-08", "reference": "baseline"}
        plan = plan_of(*levers, target=target, budget={"one_off": 100})
        found = optimise(plan, goal="probability")
        assert (found.objective, simulate(plan).p_target) == (0.0, 1.0)
        assert found.broken == (Breach("one_off", "one-off budget", "", 100.0, 120.0),)


@pytest.mark.parametrize("goal", ["npv", "earliest", "probability"])
def test_a_plan_that_keeps_its_limits_is_never_better_than_the_best(goal):
    """The plan as it stands is any choice within the limits, drawn at random."""
    for seed in range(8):
        held = exhaustive.random_plan(seed)
        header = held["plan"]
        header["target"] = {"reduction": 0.2, "by": f"2026-{1 + header['months']:02d}", "reference": "baseline"}
        every = [starts for starts in exhaustive.feasible(held) if max(starts) >= 0]
        starts = every[int(np.random.default_rng(seed).integers(len(every)))]
        done = {one["id"]: start for one, start in zip(held["initiatives"], starts, strict=True) if start >= 0}
        plan = Plan.model_validate(held).restarted(done)
        found = optimise(plan, goal=goal)
        assert found.broken == ()
        if goal == "npv":
            assert found.npv >= exhaustive.npv(held, starts) - 1e-9, f"plan {seed}"
        elif goal == "probability":
            assert found.objective >= simulate(plan).p_target
        else:
            saved = sum(chance * saving for chance, saving, _ in exhaustive.fates(held, starts))
            alone = np.sum([one["monthly"] for one in held["baseline"]], axis=0)
            kept = [month for month in range(header["months"]) if (saved[month:] >= 0.2 * alone[month:]).all()]
            assert not kept or found.plan.months.index(str(found.objective)) <= kept[0]
