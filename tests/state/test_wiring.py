"""One workspace, one state: in the store by default, elsewhere by GLIDEPATH_STATE; and a saved plan as a document."""

from __future__ import annotations

import json
from decimal import Decimal

from costlib.roadmap.plan_file import parse_plan
from costlib.state.documents import plan_document, plan_entry
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace

PLAN = "plan: {name: A, start: 2026-11, months: 2, target: {reduction: 0.1, by: 2026-12}}\ninitiatives: [{id: a}]\n"


def test_the_state_lies_in_the_store_and_is_the_same_for_all(tmp_path, monkeypatch):
    monkeypatch.delenv("GLIDEPATH_STATE", raising=False)
    state = Workspace(tmp_path / "store").state()
    assert (tmp_path / "store" / "state.db").exists()
    assert Workspace(tmp_path / "store").state() is state
    assert Workspace(tmp_path / "other").state() is not state
    state.close()


def test_the_setting_names_another_database(url, tmp_path, monkeypatch):
    monkeypatch.setenv("GLIDEPATH_STATE", url)
    one, other = Workspace(tmp_path / "one").state(), Workspace(tmp_path / "other").state()
    one.put("plan", "a", {}, who="A")
    assert other.sequence == 1
    assert not (tmp_path / "one").exists()
    one.close()


def test_a_document_shows_what_was_approved_and_what_has_changed_since(state):
    store = PlanStore(state)
    store.create("a", parse_plan(PLAN), who="A")
    saved = store.approve("a", reference=Decimal("1234.50"), cycle="FY27 budget", who="CFO", role="finance", expected=1)
    longer = saved.plan.model_copy(update={"plan": saved.plan.plan.model_copy(update={"months": 3})})
    document = plan_document(store.save_head("a", longer, who="B", why="one month more", expected=2))
    assert json.loads(json.dumps(document)) == document
    assert document["approval"] == {
        "reference": "1234.5", "cycle": "FY27 budget", "at": document["approval"]["at"], "by": "CFO"}  # fmt: skip
    assert document["changed_since_approval"] == ["plan.months"]
    assert document["file"]["plan"]["target"]["reference_value"] == 1234.5
    assert document["initiatives"][0]["stage"] == "L0"
    assert plan_entry(store.read("a"))["approved_for"] == "FY27 budget"
