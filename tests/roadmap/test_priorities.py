"""RICE beside NPV, the tornado, leakage by stage, quality by phase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.leakage import PRIOR, Outcome, leakage
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.prioritise import priorities
from costlib.roadmap.quality import joint_effects
from costlib.roadmap.report import simulate_document
from costlib.roadmap.simulate import simulate
from costlib.roadmap.tornado import SPEND, tornado


def test_rice_and_npv_side_by_side(plan_of):
    plan = plan_of(
        {"id": "quick", "saving": 0.1, "effort": {"ml": 1}},
        {"id": "heavy", "saving": 0.4, "effort": {"ml": 40}},
        {"id": "mid", "saving": 0.2, "effort": {"ml": 4}},
    )
    rows = {one.id: one for one in priorities(simulate(plan))}
    assert {name: one.rice for name, one in rows.items()} == pytest.approx({"quick": 100, "heavy": 10, "mid": 50})
    assert {name: one.rice_classic for name, one in rows.items()} == pytest.approx(
        {"quick": 1000, "heavy": 75, "mid": 500}
    )
    assert [one.id for one in priorities(simulate(plan))] == ["heavy", "mid", "quick"]
    assert (rows["heavy"].rice_rank, rows["heavy"].npv_rank) == (3, 1)
    assert "its effort, 16.0 times that of those it puts before it" in rows["heavy"].reason
    assert rows["quick"].reason == "it takes little work, which only RICE rewards"
    assert rows["mid"].reason is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"one_off_cost": 2900}, "its costs take most"),
        ({"start": "2026-12"}, "it starts late"),
        ({"releases": {"what": "node", "month": "2026-12"}}, "much of it frees capacity"),
    ],
)
def test_the_reason_names_what_rice_leaves_out(plan_of, change, reason):
    others = [{"id": name, "saving": 0.25, "effort": {"ml": 4}, "scope": {"x_Team": [name]}} for name in "BC"]
    plan = plan_of(
        {"id": "a", "saving": 0.3, "effort": {"ml": 3}, "scope": {"x_Team": ["A"]}, **change},
        *others,
        spend={"A": 1000, "B": 1000, "C": 1000},
    )
    row = next(one for one in priorities(simulate(plan)) if one.id == "a")
    assert (row.rice_rank, row.npv_rank) == (1, 3)
    assert row.reason.startswith(reason)


def test_an_initiative_without_effort_is_ranked_last_by_rice(plan_of):
    plan = plan_of(
        {"id": "free", "saving": 0.5},
        {"id": "b", "saving": 0.1, "effort": {"x": 1}},
        {"id": "c", "saving": 0.2, "effort": {"x": 1}},
    )
    row = priorities(simulate(plan))[0]
    assert (row.id, row.rice, row.rice_rank, row.reason) == ("free", None, 3, "RICE says nothing without an effort")


def test_an_initiative_without_effort_is_never_praised_for_the_little_work(plan_of):
    """RICE is silent on `free` and `good`: in its order they stand as in the file, far from their place by value."""
    plan = plan_of(
        {"id": "free", "saving": 0.01},
        {"id": "good", "saving": 0.02},
        *({"id": name, "saving": 0.1 + at / 10, "effort": {"x": 1 + at}} for at, name in enumerate("bcd")),
        {"id": "idle", "saving": 0.05},
        {"id": "best", "saving": 0.3},
    )
    said = {one.id: one.reason for one in priorities(simulate(plan)) if one.rice is None and one.reason}
    assert "best" in said and set(said.values()) == {"RICE says nothing without an effort"}


def test_effort_is_held_against_that_of_the_initiatives_that_rice_prefers(plan_of):
    """12 person-weeks beside 2 and 3, whose median is 2.5; those that state none, and one worth more, stand apart."""
    plan = plan_of(
        {"id": "a", "saving": 0.05, "effort": {"ml": 2}},
        {"id": "b", "saving": 0.06, "effort": {"ml": 3}},
        {"id": "heavy", "saving": 0.1, "effort": {"ml": 12}},
        {"id": "more", "saving": 0.9, "effort": {"ml": 20}},
        *({"id": f"none{at}", "saving": 0.01} for at in range(4)),
    )
    row = next(one for one in priorities(simulate(plan)) if one.id == "heavy")
    assert (row.rice_rank, row.npv_rank) == (4, 2)
    assert row.reason == (
        "RICE divides by its effort, 4.8 times that of those it puts before it; NPV does not count people"
    )


@pytest.mark.parametrize(
    ("weeks", "told"), [(3, "lose more"), (3.2, "lose more"), (3.4, "1.1 times"), (6, "2.0 times")]
)
def test_an_effort_like_that_of_others_is_no_reason(plan_of, weeks, told):
    """`b` and `c` would save twice as much and more, and it goes into what they cost: not the work tells them apart."""
    dear = {"saving": 0.6, "effort": {"ml": 3}, "one_off_cost": 6000}
    plan = plan_of(
        {"id": "a", "saving": 0.25, "effort": {"ml": weeks}, "scope": {"x_Team": ["A"]}},
        *({"id": name, **dear, "scope": {"x_Team": [name.upper()]}} for name in "bc"),
        spend={"A": 1000, "B": 1000, "C": 1000},
    )
    row = next(one for one in priorities(simulate(plan)) if one.id == "a")
    assert (row.rice_rank, row.npv_rank) == (3, 1)
    assert told in row.reason


def test_a_lever_that_shares_its_spend_is_overrated_by_rice(plan_of):
    """Alone `a` would save 30 %; beside one of 95 % on the same spend its credit is ln 0.7 / ln 0.035 = 11 % of 965."""
    others = [{"id": name, "saving": 0.2, "effort": {"ml": 5}, "scope": {"x_Team": [name]}} for name in "BC"]
    plan = plan_of(
        {"id": "a", "saving": 0.3, "effort": {"ml": 3}, "scope": {"x_Team": ["A"]}},
        {"id": "over", "saving": 0.95, "effort": {"ml": 90}, "scope": {"x_Team": ["A"]}},
        *others,
        spend={"A": 1000, "B": 1000, "C": 1000},
    )
    row = next(one for one in priorities(simulate(plan)) if one.id == "a")
    assert (row.rice_rank, row.npv_rank) == (1, 4)
    assert row.reason == "others save on the same spend; RICE sees it alone"


def test_a_slow_ramp_is_as_late_as_half_of_it(plan_of):
    """Over 11 of 12 months a ramp loses as much as a start five and a half months later."""
    late = {"delay_months": 3}
    others = [{"id": name, "saving": 0.2, "effort": {"ml": 4}, "scope": {"x_Team": [name]}} for name in "BC"]
    plan = plan_of(
        {"id": "a", "saving": 0.3, "effort": {"ml": 3}, "scope": {"x_Team": ["A"]}, "ramp_months": 11, **late},
        *others,
        spend={"A": 1000, "B": 1000, "C": 1000},
    )
    row = next(one for one in priorities(simulate(plan)) if one.id == "a")
    assert (row.rice_rank, row.npv_rank) == (1, 3)
    assert row.reason == "it starts late or ramps slowly; RICE counts a full month"


def test_the_tornado_by_hand(plan_of):
    plan = plan_of(
        {"id": "a", "saving": {"low": 0.1, "likely": 0.2, "high": 0.3}, "probability": 0.5, "one_off_cost": 100},
        discount_rate=0,
    )
    rows = {one.input: one for one in tornado(plan)}
    planned = 12_000 * 0.2 * 0.5 - 100
    assert [one.planned for one in rows.values()] == pytest.approx([planned] * 4)
    assert (rows["saving"].low, rows["saving"].high) == (pytest.approx(500), pytest.approx(1700))
    assert (rows["probability"].low, rows["probability"].high) == (pytest.approx(-100), pytest.approx(2300))
    assert (rows["one_off_cost"].low, rows["one_off_cost"].high) == (pytest.approx(1120), pytest.approx(1080))
    assert (rows[SPEND].low, rows[SPEND].high) == (pytest.approx(980), pytest.approx(1220))
    assert [one.input for one in tornado(plan)] == ["probability", "saving", SPEND, "one_off_cost"]


def test_the_tornado_leaves_out_what_is_certain(plan_of):
    assert [one.input for one in tornado(plan_of({"id": "a", "saving": 0.2}))] == [SPEND]


def test_a_swing_in_a_predecessor_reaches_its_dependents(plan_of):
    plan = plan_of({"id": "a", "probability": 0.5}, {"id": "b", "saving": 0.5, "depends_on": ["a"]}, discount_rate=0)
    (swing,) = [one for one in tornado(plan) if one.input == "probability"]
    assert (swing.low, swing.planned, swing.high) == (0, pytest.approx(2750), pytest.approx(5500))


def test_leakage_is_the_prior_until_there_is_history():
    assert {one.stage: one.share for one in leakage([])} == PRIOR
    assert all(one.outcomes == 0 for one in leakage([]))


def test_leakage_learns_by_money_and_by_stage():
    history = [Outcome("L2", 100, 90), Outcome("L2", 300, 150)]
    found = {one.stage: one for one in leakage(history)}
    assert found["L2"].share == pytest.approx(1 - (240 + 1000 * 0.65) / 1400)
    assert found["L3"].share == PRIOR["L3"]
    many = {one.stage: one.share for one in leakage([Outcome("L2", 100, 60)] * 10_000)}
    assert many["L2"] == pytest.approx(0.4, abs=1e-3)


@given(
    st.lists(st.tuples(st.sampled_from(list(PRIOR)), st.floats(0.01, 1e6), st.floats(-1e6, 1e6)), max_size=8),
    st.sampled_from([0.001, 7.5, 1e4]),
)
def test_leakage_is_the_same_in_any_currency(history, factor):
    there, back = (
        [one.share for one in leakage([Outcome(stage, k * planned, k * came) for stage, planned, came in history])]
        for k in (1, factor)
    )
    assert back == pytest.approx(there, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("wrong", [Outcome("L9", 1, 1), Outcome("L1", 0, 1)])
def test_a_record_that_cannot_be_counted_is_refused(wrong):
    with pytest.raises(PlanError, match="cannot be counted"):
        leakage([wrong])


def lever(name: str, phase: str, effect: float, **rail: float) -> Initiative:
    return Initiative.model_validate(
        {
            "id": name, "phase": phase, "scope": {"x_Model": ["ranker"]},
            "quality_effect": {"metric": "ndcg", "likely": effect},
            "guardrail": {"metric": "ndcg", **rail},
        }
    )  # fmt: skip


def test_quality_effects_add_up_from_phase_to_phase_against_the_floor():
    plan = [
        lever("late", "governance", -0.02, floor=0.90),
        lever("first", "containment", -0.01, floor=0.88, level=0.92),
    ]
    found = joint_effects(plan)
    assert [(one.phase, one.effect) for one in found] == [
        ("containment", pytest.approx(-0.01)),
        ("governance", pytest.approx(-0.03)),
    ]
    assert {(one.floor, one.level) for one in found} == {(0.90, 0.92)}
    assert [one.holds for one in found] == [True, False]


def test_without_todays_level_the_floor_is_not_judged():
    (one,) = joint_effects([lever("a", "containment", -0.5, floor=0.9)])
    assert (one.floor, one.level, one.holds) == (0.9, None, None)


def test_the_detail_of_the_document_tells_quality_and_ranges(plan_of):
    effect = {"metric": "recall", "likely": -0.1, "value_per_point": 10}
    plan = plan_of({"id": "a", "saving": 0.2, "quality_effect": effect, "probability": 0.5}, paths=1000)
    detail = simulate_document(plan, detail=True)["detail"]
    (quality,) = detail["quality"]
    assert (quality["metric"], quality["phase"], quality["effect"]) == ("recall", "optimisation", -0.1)
    assert quality["model"] is None and quality["holds"] is None
    assert detail["npv_range"]["p10"] == 0 and detail["npv_range"]["p90"] > 0
    assert (detail["benefit"], detail["freed_capacity"], detail["reference"]) == (0, 0, None)
