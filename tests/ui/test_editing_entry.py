"""Entries that are kept until they are saved, presses that are kept as they were seen, and the reader's words."""

from __future__ import annotations

from decimal import Decimal as D
from typing import ClassVar

import pytest
import streamlit as st

from costlib.errors import InputError
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.prioritise import Priority
from costlib.state.decisions import DO, Decision, Option, SavedDecision
from costlib.state.roles import BOOK, EDIT_PLAN
from ui.editing.editor import Editor, barred, field_name
from ui.editing.entry import emptied, is_done, press, pressed
from ui.plan import is_estimated
from ui.portfolio.ledger import free_id
from ui.roadmap.views import ranked_words
from ui.savings.sign import check_near


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the session holds, begun empty."""
    held: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", held)
    return held


class TestEntries:
    EMPTY: ClassVar[dict[str, object]] = {"title": "", "months": 12}

    def test_a_form_begins_empty_and_keeps_what_was_entered(self, session: dict[str, object]) -> None:
        emptied("new", self.EMPTY)
        assert session == self.EMPTY
        session["title"] = "Mine"
        emptied("new", self.EMPTY)
        assert session == {"title": "Mine", "months": 12}

    def test_only_the_form_that_was_saved_is_emptied_and_once(self, session: dict[str, object]) -> None:
        session |= {"title": "Mine", "months": 7}
        is_done("other")
        emptied("new", self.EMPTY)
        assert session["title"] == "Mine"
        is_done("new")
        emptied("new", self.EMPTY)
        assert (session["title"], session["months"]) == ("", 12)
        session["title"] = "Next"
        emptied("new", self.EMPTY)
        assert session["title"] == "Next"

    def test_a_press_is_answered_once(self) -> None:
        press("sign", ("July", 3621))
        assert pressed("decide") is None
        assert pressed("sign") == ("July", 3621)
        assert pressed("sign") is None


@pytest.mark.parametrize(("role", "out_of_use"), [("viewer", True), ("lead", False), ("finance", False)])
def test_a_control_is_out_of_use_with_the_reason(role: str, out_of_use: bool) -> None:
    found = barred(Editor("Vic", role), EDIT_PLAN, "Saves it")  # type: ignore[arg-type]
    assert found["disabled"] is out_of_use
    assert found["help"] == "Saves it" or "A plan is not changed by a viewer" in str(found["help"])


def test_of_finance_alone_it_says_so() -> None:
    assert "Expected: finance" in str(barred(Editor("Ada", "admin"), BOOK)["help"])


@pytest.mark.parametrize(
    ("dotted", "said"),
    [
        ("initiative.scope.x_Team", "scope, team"),
        ("plan.target.scope.x_BusinessUnit", "target, scope, business unit"),
        ("initiative.owner", "owner"),
    ],
)
def test_a_field_in_a_readers_words(dotted: str, said: str) -> None:
    assert field_name(dotted) == said


@pytest.mark.parametrize(("amount", "measured"), [("74", 100), ("126", 100), ("-100", 100), ("1", 0), ("100", -100)])
def test_far_from_what_was_measured_it_needs_a_reason(amount: str, measured: float) -> None:
    with pytest.raises(InputError, match="is not what was measured"):
        check_near(D(amount), measured, "USD", " ")
    check_near(D(amount), measured, "USD", "the invoice was restated")


@pytest.mark.parametrize(("amount", "measured"), [("75", 100), ("125", 100), ("0", 0), ("-80", -100)])
def test_near_what_was_measured_it_needs_none(amount: str, measured: float) -> None:
    check_near(D(amount), measured, "USD", "")


class TestAsks:
    def held(self, id: str, what: str, chosen: str | None = None) -> SavedDecision:
        return SavedDecision(
            "plan", id, 1, Decision(what=what, options=(Option(name=DO),), chosen=chosen, generation="g", sequence=0)
        )

    def test_a_title_of_its_own_has_an_id_of_its_own(self) -> None:
        held = [self.held("phase-1", "Phase 1"), self.held("phase-1-2", "Phase: 1")]
        assert [free_id(what, held) for what in ("Phase (1)", "Phase 2", "??")] == ["phase-1-3", "phase-2", "ask"]

    @pytest.mark.parametrize(
        ("chosen", "stands", "fix"),
        [
            (None, "and is still open", "Give this one another title, or decide the other first."),
            (DO, "and is decided: Approved", "Give this one another title."),
        ],
    )
    def test_one_that_is_taken_is_refused(self, chosen: str | None, stands: str, fix: str) -> None:
        with pytest.raises(InputError, match=stands) as found:
            free_id(" phase  1 ", [self.held("phase-1", "Phase 1", chosen)])
        assert found.value.fix == fix


class TestUnknown:
    def plan(self, *initiatives: Initiative) -> Plan:
        return Plan(plan={"start": "2026-01", "months": 6}, initiatives=initiatives)

    def ranked(self, id: str, rice: float | None) -> Priority:
        return Priority(id=id, rice=rice, rice_classic=None, npv=10.0, rice_rank=1, npv_rank=1, reason=None)

    def test_one_estimate_is_enough(self) -> None:
        assert is_estimated(self.plan(Initiative(id="a"), Initiative(id="b", saving=0.1)))
        assert not is_estimated(self.plan(Initiative(id="a"), Initiative(id="b")))

    def test_ranks_of_which_none_has_rice_do_not_agree(self) -> None:
        plan = self.plan(Initiative(id="a", title="Batch", saving=0.1))
        assert ranked_words(plan, [self.ranked("a", None)]) == (
            "Batch is worth most; RICE is unknown until somebody states the person-weeks"
        )
        assert ranked_words(plan, [self.ranked("a", 3.0)]) == "Batch is worth most; NPV and RICE agree on the order"

    def test_where_nothing_is_estimated_nothing_comes_first(self) -> None:
        plan = self.plan(Initiative(id="a", title="Batch"))
        assert "none comes first" in ranked_words(plan, [self.ranked("a", None)])
