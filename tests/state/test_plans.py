"""The plan store: a plan is what was saved, two editors cannot break it, and what was approved stays recognisable."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.errors import InputError
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_file import parse_plan, plan_text
from costlib.roadmap.plan_model import Initiative
from costlib.state.errors import Conflict
from costlib.state.plans import NotReady, PlanStore
from costlib.state.roles import NotAllowed

FRAUD = """\
plan:
  name: Fraud minus 30 %
  start: 2026-11
  months: 6
  target: {reduction: 0.3, by: 2027-04}
capacity: {ml_engineer: 8}
initiatives:
- id: quantise
  title: Quantise the scorer
  owner: Head of Fraud ML
  scope:
    x_Model: [fraud-scorer]
  saving: {low: 0.2, likely: 0.3, high: 0.45}
  start: 2026-12
  one_off_cost: 20000
  running_cost: 0
  effort: {ml_engineer: 6}
  guardrail: {metric: precision, floor: 0.91}
  ab_test: {metric: precision, days: 14}
  fallback: keep the old endpoint warm
  stage: L2
  case: {basis: own benchmark, evidence: load test of October 2026}
- id: batch
  title: Batch the night's scores
  depends_on: [quantise]
"""
SEGMENTS = [{"x_Model": "fraud-scorer"}]


@pytest.fixture
def store(state):
    """A store with the fraud plan."""
    plans = PlanStore(state)
    plans.create("fraud", parse_plan(FRAUD), who="Head of ML", why="first draft")
    return plans


def changed(store: PlanStore, name: str, **fields: object) -> Initiative:
    """The saved initiative with other values."""
    return store.read("fraud").initiative(name).initiative.model_copy(update=fields)


def approved(store: PlanStore) -> None:
    """Finance approves the first initiative, in version 2 from then on."""
    store.move("fraud", "quantise", "L3", who="CFO", role="finance", expected=1, segments=SEGMENTS,
               reference=Decimal("98034.13"), cycle="FY27 budget")  # fmt: skip


def test_export_is_what_was_imported(store):
    saved = store.read("fraud")
    assert plan_text(saved.plan) == FRAUD
    assert (saved.version, saved.sequence, saved.changed_by) == (1, 3, "Head of ML")
    assert list(saved.initiatives) == ["quantise", "batch"]


def test_an_unknown_plan_or_initiative_is_refused_with_a_hint(store):
    with pytest.raises(InputError, match=r"There is no plan frued.*Did you mean fraud\?"):
        store.read("frued")
    with pytest.raises(InputError, match=r"fraud has no initiative batsh.*Did you mean batch\?"):
        store.read("fraud").initiative("batsh")


@pytest.mark.parametrize("name", ["", "Fraud", "a/b", "-a", "a b"])
def test_a_name_that_is_none_is_refused(store, name):
    with pytest.raises(InputError, match="is no name for a plan"):
        store.create(name, parse_plan(FRAUD), who="A")


def test_a_name_is_taken_once(store):
    with pytest.raises(Conflict, match="plan fraud was saved by Head of ML"):
        store.create("fraud", parse_plan(FRAUD), who="B")
    assert store.state.sequence == 3


def test_an_edit_is_saved_and_leaves_the_rest(store):
    saved = store.save_initiative("fraud", changed(store, "batch", owner="Head of Data"), who="B", expected=1)
    assert (saved.version, saved.position, saved.initiative.owner) == (2, 1, "Head of Data")
    assert store.read("fraud").initiative("quantise").version == 1


def test_the_second_editor_of_an_initiative_is_told(store):
    one, other = changed(store, "batch", owner="A"), changed(store, "batch", owner="B")
    store.save_initiative("fraud", one, who="A", expected=1)
    with pytest.raises(Conflict, match=r"saved by A .* initiative\.owner is A there and B here"):
        store.save_initiative("fraud", other, who="B", expected=1)
    assert store.read("fraud").initiative("batch").initiative.owner == "A"


def test_a_new_initiative_comes_last_and_its_id_is_taken_once(store):
    store.save_initiative("fraud", Initiative(id="autoscale"), who="A")
    assert [one.id for one in store.read("fraud").plan.initiatives] == ["quantise", "batch", "autoscale"]
    with pytest.raises(Conflict):
        store.save_initiative("fraud", Initiative(id="autoscale"), who="B")


def test_an_edit_that_contradicts_the_plan_is_refused_and_nothing_is_saved(store):
    with pytest.raises(PlanError, match=r"fraud, initiatives\[batch\]\.depends_on: .* depends on quantize"):
        store.save_initiative("fraud", changed(store, "batch", depends_on=("quantize",)), who="B", expected=1)
    with pytest.raises(PlanError, match="depends on quantise"):
        store.remove_initiative("fraud", "quantise", who="B", expected=1)
    assert store.state.sequence == 3


def test_two_edits_that_are_each_right_cannot_make_a_circle(store):
    store.save_initiative("fraud", Initiative(id="c"), who="A")
    seen = changed(store, "c", depends_on=("batch",))
    store.save_initiative("fraud", changed(store, "batch", depends_on=("c",)), who="A", expected=1)
    with pytest.raises(PlanError, match="wait for each other"):
        store.save_initiative("fraud", seen, who="B", expected=1)
    assert store.read("fraud").plan.initiatives[1].depends_on == ("c",)


def test_the_head_is_saved_apart_from_the_initiatives(store):
    plan = store.read("fraud").plan
    wider = plan.model_copy(update={"capacity": {"ml_engineer": 10.0}})
    assert store.save_head("fraud", wider, who="B", expected=1).plan.capacity == {"ml_engineer": 10}
    with pytest.raises(Conflict, match=r"capacity\.ml_engineer is 10 there and 8 here"):
        store.save_head("fraud", plan, who="C", expected=1)
    shorter = plan.model_copy(update={"plan": plan.plan.model_copy(update={"months": 2})})
    with pytest.raises(PlanError, match="lies outside the plan"):
        store.save_head("fraud", shorter, who="C", expected=2)


def test_a_variant_is_a_plan_of_its_own(store):
    approved(store)
    variant = store.duplicate("fraud", "fraud-faster", title="Fraud, faster", who="B")
    assert (variant.plan.plan.name, variant.variant_of, variant.approval) == ("Fraud, faster", "fraud", None)
    assert [one.stage for one in variant.plan.initiatives] == ["L2", "L0"]
    store.remove_initiative("fraud-faster", "batch", who="B", expected=1)
    assert (store.names(), len(store.read("fraud").plan.initiatives)) == (["fraud", "fraud-faster"], 2)


def test_a_name_that_begins_like_another_is_another(store):
    store.create("fraud-2", parse_plan(FRAUD), who="A")
    store.remove("fraud", who="A", expected=1)
    assert list(store.read("fraud-2").initiatives) == ["quantise", "batch"]
    assert [entry.key for entry in store.history("fraud-2")] == ["fraud-2/batch", "fraud-2/quantise", "fraud-2"]


def test_a_removed_plan_comes_back_whole(store):
    store.remove("fraud", who="A", why="by mistake", expected=1)
    assert store.names() == []
    assert plan_text(store.undo("fraud", store.history("fraud")[0].seq, who="A").plan) == FRAUD


def test_undo_of_an_import_takes_the_plan_away_unless_it_has_grown(store):
    assert store.undo("fraud", 1, who="A") is None
    assert store.names() == []
    store.create("fraud", parse_plan(FRAUD), who="A")
    store.save_initiative("fraud", Initiative(id="c"), who="B")
    with pytest.raises(InputError, match="fraud has other initiatives by now"):
        store.undo("fraud", store.history("fraud")[-1].seq + 6, who="A")
    assert len(store.read("fraud").initiatives) == 3


def test_undo_is_refused_where_the_plan_would_contradict_itself(store):
    store.save_initiative("fraud", Initiative(id="c"), who="A")
    store.save_initiative("fraud", changed(store, "batch", depends_on=("c",)), who="B", expected=1)
    with pytest.raises(PlanError, match="depends on c"):
        store.undo("fraud", 4, who="A")
    with pytest.raises(InputError, match="fraud has no change 9"):
        store.undo("fraud", 9, who="A")


def test_import_of_the_same_file_changes_nothing(store):
    done = store.import_plan("fraud", parse_plan(FRAUD), who="B")
    assert (done.created, done.changed, done.removed, done.stages_kept) == ((), (), (), ())
    assert store.state.sequence == 3


def test_import_saves_what_differs_and_keeps_stages(store):
    text = FRAUD.replace("title: Batch the night's scores", "title: Batch").replace("stage: L2", "stage: L4")
    text += "- {id: autoscale, stage: L3}\n"
    done = store.import_plan("fraud", parse_plan(text), who="B")
    assert (done.created, done.changed, done.stages_kept) == (("autoscale",), ("batch",), ("quantise", "autoscale"))
    assert [one.stage for one in done.plan.plan.initiatives] == ["L2", "L0", "L2"]
    assert {entry.batch for entry in store.history("fraud")[:2]} == {4}
    done = store.import_plan("fraud", parse_plan(FRAUD.partition("- id: batch")[0]), who="B")
    assert done.removed == ("batch", "autoscale")


def test_import_in_another_order_moves_the_initiatives(store):
    head, first, second = (
        FRAUD.partition("- id: quantise")[0],
        *FRAUD.partition("initiatives:\n")[2].split("- id: batch"),
    )
    done = store.import_plan("fraud", parse_plan(f"{head}- id: batch{second}{first}"), who="B")
    assert set(done.changed) == {"quantise", "batch"}
    assert list(done.plan.initiatives) == ["batch", "quantise"]


def test_finance_approves_and_the_reference_is_frozen(store):
    approved(store)
    saved = store.read("fraud").initiative("quantise")
    assert saved.initiative.stage == "L3"
    assert (saved.approval.reference, saved.approval.cycle, saved.approval.by) == (
        Decimal("98034.13"), "FY27 budget", "CFO")  # fmt: skip
    (move,) = saved.moves
    assert (move.from_stage, move.to_stage, move.by, move.role) == ("L2", "L3", "CFO", "finance")
    assert saved.changed_since_approval == []
    assert store.state.get("initiative", "fraud/quantise").body["approval"]["reference"] == "98034.13"


def test_an_edit_after_approval_needs_a_reason_and_shows(store):
    approved(store)
    wanted = changed(store, "quantise", one_off_cost=25000)
    with pytest.raises(NotAllowed, match="quantise was approved by CFO for FY27 budget"):
        store.save_initiative("fraud", wanted, who="B", expected=2)
    saved = store.save_initiative("fraud", wanted, who="B", why="new offer", expected=2)
    assert saved.changed_since_approval == ["one_off_cost"]
    assert saved.approval is not None
    with pytest.raises(NotAllowed, match="Expected: a reason"):
        store.remove_initiative("fraud", "quantise", who="B", expected=3)


def test_a_stage_is_moved_and_not_edited(store):
    with pytest.raises(NotAllowed, match="batch is at L0 and an edit does not move it to L1"):
        store.save_initiative("fraud", changed(store, "batch", stage="L1"), who="B", expected=1)
    assert store.save_initiative("fraud", Initiative(id="c", stage="L5"), who="B").initiative.stage == "L2"


def test_what_is_not_ready_is_not_moved_and_every_gap_is_said(store):
    with pytest.raises(
        NotReady, match=r"batch is not ready for L1.*Name who answers for it\. Give the range"
    ) as caught:
        store.move("fraud", "batch", "L1", who="B", role="lead", expected=1)
    assert [gap.field for gap in caught.value.gaps] == ["owner", "saving"]
    with pytest.raises(NotReady, match="no spend has x_Model fraud-scorer"):
        store.move("fraud", "quantise", "L3", who="CFO", role="finance", expected=1, segments=[{"x_Model": "other"}],
                   reference=Decimal(1), cycle="FY27")  # fmt: skip


def test_an_approval_says_against_what_and_for_which_cycle(store):
    with pytest.raises(InputError, match="An approval needs what it is measured against"):
        store.move("fraud", "quantise", "L3", who="CFO", role="finance", expected=1, segments=SEGMENTS)


def test_all_the_way_to_signed_off_and_back(store):
    approved(store)
    store.move("fraud", "quantise", "L4", who="B", role="lead", expected=2, segments=SEGMENTS)
    with pytest.raises(NotAllowed, match="A lead cannot move to L5"):
        store.move("fraud", "quantise", "L5", who="B", role="lead", expected=3, segments=SEGMENTS)
    signed = store.move("fraud", "quantise", "L5", who="CFO", role="finance", expected=3, segments=SEGMENTS)
    assert [move.to_stage for move in signed.moves] == ["L3", "L4", "L5"]
    back = store.move("fraud", "quantise", "L2", who="CFO", role="finance", expected=4, why="measured again")
    assert (back.approval, back.approved, len(back.moves)) == (None, None, 4)
    assert store.history("fraud")[0].why == "measured again"


def test_moves_and_approvals_are_not_undone(store):
    approved(store)
    with pytest.raises(NotAllowed, match="is not undone"):
        store.undo("fraud", 4, who="A")


def test_an_approved_initiative_that_was_taken_out_comes_back_as_it_was(store):
    approved(store)
    before = store.read("fraud").initiative("quantise")
    leaning = store.read("fraud").initiative("batch")  # depends on it
    store.remove_initiative("fraud", "batch", who="B", why="not now", expected=leaning.version)
    store.remove_initiative("fraud", "quantise", who="B", why="not now", expected=before.version)
    removal = store.history("fraud")[0].seq
    back = store.undo("fraud", removal, who="B").initiative("quantise")
    assert (back.initiative, back.moves, back.approval) == (before.initiative, before.moves, before.approval)
    store.undo("fraud", store.history("fraud")[0].seq, who="B")
    assert "quantise" not in store.read("fraud").initiatives


def test_an_approved_plan_is_measured_against_its_frozen_reference(store):
    with pytest.raises(NotAllowed, match="A plan is not approved by a lead"):
        store.approve("fraud", reference=Decimal(120000), cycle="FY27 budget", who="B", role="lead", expected=1)
    done = store.approve(
        "fraud", reference=Decimal("120000.5"), cycle="FY27 budget", who="CFO", role="finance", expected=1
    )
    assert done.plan.plan.target.reference_value == 120000.5
    assert (done.approval.reference, done.changed_since_approval) == (Decimal("120000.5"), [])
    wider = done.plan.model_copy(update={"capacity": {"ml_engineer": 10.0}})
    with pytest.raises(NotAllowed, match="fraud was approved by CFO"):
        store.save_head("fraud", wider, who="B", expected=2)
    assert store.save_head("fraud", wider, who="B", why="hired", expected=2).changed_since_approval == [
        "capacity.ml_engineer"
    ]


def test_only_the_next_approval_moves_the_reference(store):
    store.approve("fraud", reference=Decimal(120000), cycle="FY27 budget", who="CFO", role="finance", expected=1)
    other = parse_plan(FRAUD.replace("by: 2027-04", "by: 2027-04, reference_value: 90000"))
    with pytest.raises(NotAllowed, match=r"frozen by the approval for FY27 budget.*120000 a month"):
        store.import_plan("fraud", other, who="B", why="restated")
    assert store.import_plan("fraud", parse_plan(FRAUD), who="B").changed == ()
    again = store.approve(
        "fraud", reference=Decimal(90000), cycle="Q2 reforecast", who="CFO", role="finance", expected=2
    )
    assert again.plan.plan.target.reference_value == 90000


def test_another_process_reads_the_same_plan(store, url):
    from costlib.state.records import State

    other = State(url)
    assert PlanStore(other).read("fraud") == store.read("fraud")
    other.close()
