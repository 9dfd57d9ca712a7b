"""The review of an initiative and the rules of its stages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.plan_file import parse_plan
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.review import checklist, missing_for
from costlib.state.roles import NotAllowed
from costlib.state.stages import STAGES, check_move

READY = """\
plan: {start: 2026-11, months: 6}
initiatives:
- id: quantise
  title: Quantise the scorer
  owner: Head of Fraud ML
  scope: {x_Model: [fraud-scorer]}
  saving: {low: 0.2, likely: 0.3, high: 0.45}
  start: 2026-12
  one_off_cost: 20000
  running_cost: 0
  effort: {ml_engineer: 6}
  guardrail: {metric: precision, floor: 0.91}
  ab_test: {metric: precision, days: 14}
  fallback: keep the old endpoint warm
  case: {basis: own benchmark, evidence: load test of October 2026}
"""
SEGMENTS = [{"x_Model": "fraud-scorer", "x_Stage": "training"}, {"x_Model": None}]


def gaps(text: str, stage: str, segments=SEGMENTS) -> dict[str, str]:
    plan = parse_plan(text)
    return {gap.field: gap.sentence for gap in missing_for(stage, plan, plan.initiatives[0], segments)}


def test_what_is_complete_has_no_gap():
    assert gaps(READY, "L5") == {}


MISSING = [
    ("  owner: Head of Fraud ML\n", "", "L1", "owner", "Name who answers for it."),
    ("Head of Fraud ML", '" "', "L1", "owner", "Name who answers for it."),
    ("  title: Quantise the scorer\n", "", "L1", "title", "Say in a few words what is done."),
    ("  saving: {low: 0.2, likely: 0.3, high: 0.45}\n", "", "L1", "saving", "Give the range of what it saves"),
    ("{low: 0.2, likely: 0.3, high: 0.45}", "0.3", "L2", "saving.low", "nothing that is not done yet is certain"),
    ("basis: own benchmark, ", "", "L2", "case.basis", "Say how the range was arrived at."),
    (", evidence: load test of October 2026", "", "L2", "case.evidence", "Name the evidence: who measured it"),
    ("  one_off_cost: 20000\n", "", "L2", "one_off_cost", "State what it costs once; 0 if nothing."),
    ("  running_cost: 0\n", "", "L2", "running_cost", "State what it costs every month; 0 if nothing."),
    ("  effort: {ml_engineer: 6}\n", "", "L2", "effort", "person-weeks"),
    ("  start: 2026-12\n", "", "L3", "start", "Say in which month it starts."),
    (", floor: 0.91", "", "L3", "guardrail", "Set a guardrail with its metric and floor"),
    ("  guardrail: {metric: precision, floor: 0.91}\n", "", "L3", "guardrail", "or say why no quality can suffer"),
    (", days: 14", "", "L3", "ab_test", "Plan an A/B test with its metric and days"),
    ("  ab_test: {metric: precision, days: 14}\n", "", "L3", "ab_test", "or say why there is none"),
    ("  fallback: keep the old endpoint warm\n", "", "L3", "fallback", "Say what is done if it fails."),
    ("[fraud-scorer]", "[fraud-scorre]", "L3", "scope", "no spend has x_Model fraud-scorre."),
    ("  start: 2026-12\n", "  start: 2026-12\n  bucket: grow\n", "L3", "kill_criteria", "Agree on what ends it"),
]  # fmt: skip


@pytest.mark.parametrize(("there", "instead", "stage", "field", "said"), MISSING)
def test_each_thing_that_is_missing_is_said_once_from_its_stage_on(there, instead, stage, field, said):
    assert there in READY
    text = READY.replace(there, instead)
    found = gaps(text, stage)
    assert list(found) == [field]
    assert said in found[field]
    before = STAGES[STAGES.index(stage) - 1]
    assert gaps(text, before) == {}
    assert list(gaps(text, "L5")) == [field]


def test_a_reason_stands_in_for_guardrail_and_test():
    text = READY.replace("  guardrail: {metric: precision, floor: 0.91}\n", "").replace(
        "  ab_test: {metric: precision, days: 14}\n", ""
    )
    assert gaps(text.replace("case: {", "case: {no_guardrail: serves nobody, no_ab_test: serves nobody, "), "L3") == {}


def test_a_scope_that_nobody_held_against_spend_is_a_gap_unless_the_plan_brings_spend():
    assert "was not held against any spend" in gaps(READY, "L3", None)["scope"]
    own = "baseline: [{segment: {x_Model: fraud-scorer}, monthly: [1, 1, 1, 1, 1, 1]}]\n"
    assert gaps(READY + own, "L3", None) == {}
    assert gaps(READY.replace("  scope: {x_Model: [fraud-scorer]}\n", ""), "L3", []) == {
        "scope": "There is no spend to save on."
    }


def test_a_benefit_needs_no_spend_to_save_on():
    text = READY.replace("saving: {", "benefit: {").replace("[fraud-scorer]", "[new-model]")
    assert gaps(text, "L3") == {}


def test_a_dependency_outside_the_plan_is_a_gap():
    plan = Plan(plan={"start": "2026-11", "months": 6})
    found = missing_for("L3", plan, Initiative(id="a", depends_on=("b",)))
    assert "b is not an initiative of this plan." in [gap.sentence for gap in found]


@given(st.sampled_from(STAGES), st.sampled_from(STAGES), st.sets(st.sampled_from(range(len(MISSING)))))
def test_a_later_stage_never_asks_for_less(one, other, left_out):
    text = READY
    for number in left_out:
        text = text.replace(MISSING[number][0], MISSING[number][1])
    earlier, later = sorted([one, other])
    assert set(gaps(text, earlier)) <= set(gaps(text, later))


UP = list(itertools.pairwise(STAGES))


@pytest.mark.parametrize("role", ["viewer", "lead", "finance", "admin"])
@pytest.mark.parametrize(("before", "after"), UP)
def test_who_may_take_the_next_step(role, before, after):
    finance_only = after in ("L3", "L5")
    allowed = role == "finance" if finance_only else role != "viewer"
    if allowed:
        check_move(before, after, role)
    else:
        with pytest.raises(NotAllowed):
            check_move(before, after, role)


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in STAGES for b in STAGES if (a, b) not in UP])
def test_no_stage_is_skipped_and_the_way_back_needs_a_reason(before, after):
    if after >= before:
        with pytest.raises(NotAllowed, match=r"does not follow|already"):
            check_move(before, after, "finance", "because")
        return
    with pytest.raises(NotAllowed, match="needs a reason"):
        check_move(before, after, "finance", " ")
    check_move(before, after, "finance", "measured again")


def test_only_finance_takes_back_what_it_signed_off():
    with pytest.raises(NotAllowed, match="finance's to take back"):
        check_move("L5", "L3", "admin", "measured again")


def test_a_bet_with_a_kill_criterion_is_complete():
    kill = "  bucket: transform\n  kill_criteria: [{metric: users, at_least: 10, by: 2027-01-31}]\n"
    assert gaps(READY + kill, "L5") == {}


@pytest.mark.parametrize("stage", STAGES)
def test_the_checklist_asks_what_the_review_asks_and_misses_what_it_misses(stage):
    """Whatever is taken out, the lines that are open say exactly what the review finds missing."""
    for there, instead, *_ in MISSING:
        plan = parse_plan(READY.replace(there, instead))
        (one,) = plan.initiatives
        items = checklist(stage, plan, one, SEGMENTS)
        found = [sentence for item in items for sentence in item.missing]
        assert sorted(found) == sorted(gap.sentence for gap in missing_for(stage, plan, one, SEGMENTS))
        assert [item.stage for item in items] == sorted(item.stage for item in items)
        assert {item.stage for item in items} == {name for name in STAGES[1:4] if name <= stage}
