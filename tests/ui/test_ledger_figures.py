"""What a saved decision counts in the ledger: its promises as money, its own months, and nothing of other plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.roadmap.savings.booked import Booking, Entry
from costlib.state.asks import as_counted
from costlib.state.decisions import DO, LEAVE, Decision, Option, SavedDecision
from ui.portfolio import ledger

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
#: Every initiative that the plan ever held.
KNOWN = {"a", "b", "gone"}


def saved(figures: dict[str, str], **more: Any) -> SavedDecision:
    """An ask whose second option promises more than its first, which is the one that counts."""
    options = (Option(name=DO, figures=figures), Option(name=LEAVE, figures={"a": "99999"}))
    return SavedDecision(
        "plan", "ask-1", 3, Decision(what="Do it", options=options, generation="g", sequence=1, **more)
    )


def counted(figures: dict[str, str], **more: Any) -> Any:
    return as_counted(saved(figures, **more), KNOWN)


class TestPromised:
    def test_what_its_initiatives_were_promised_to_save_each_by_itself(self) -> None:
        assert counted({"a": "1000.50", "b": "-20", "gone": "7"}).promised == {"a": 1000.5, "b": -20.0, "gone": 7.0}

    def test_shares_words_and_what_no_plan_ever_held_are_no_promise(self) -> None:
        assert counted({"a": "30%", "b": "soon", "npv": "5000", "gone": ""}).promised == {}

    @pytest.mark.parametrize("chosen", [None, DO])
    def test_open_or_approved_it_promises(self, chosen: str | None) -> None:
        assert counted({"a": "5"}, chosen=chosen).promised == {"a": 5.0}

    def test_refused_it_promises_nothing(self) -> None:
        one = counted({"a": "5"}, chosen=LEAVE, on=JULY)
        assert (one.promised, one.approved, one.decided) == ({}, False, JULY)

    @pytest.mark.parametrize(("chosen", "approved"), [(None, None), (DO, True), ("A third way", True), (LEAVE, False)])
    def test_whether_it_was_approved(self, chosen: str | None, approved: bool | None) -> None:
        assert counted({"a": "5"}, chosen=chosen).approved is approved


class TestDays:
    def test_its_deadline_else_the_day_it_was_decided_else_none_that_can_pass(self) -> None:
        deadlines = [counted({}, **days).deadline for days in ({"deadline": JUNE, "on": JULY}, {"on": JULY}, {})]
        assert deadlines == [JUNE, JULY, date.max]

    def test_who_decides_what(self) -> None:
        one = counted({}, owner="CFO")
        assert (one.id, one.ask, one.owner, one.decided) == ("ask-1", "Do it", "CFO", None)


class TestOfThePlan:
    """Entries name an initiative by its plan and id; the ledger of a plan knows its ids alone."""

    def test_entries_of_the_plan_by_their_ids(self) -> None:
        given = [Entry("plan/a", JUNE, 5.0), Entry("plan-b/a", JUNE, 7.0), Entry("other/a", JUNE, 9.0)]
        assert ledger._own("plan", given) == [Entry("a", JUNE, 5.0)]
        assert ledger._own("none", given) == []

    def test_signed_months_keep_who_signed_them_and_when(self) -> None:
        given = [Booking("plan/a", JUNE, 5.0, "Cleo", JULY), Booking("planning/a", JUNE, 7.0, "Dan", JULY)]
        assert ledger._own("plan", given) == [Booking("a", JUNE, 5.0, "Cleo", JULY)]


@pytest.mark.parametrize(
    ("text", "amount"), [("1000", 1000.0), ("-0.5", -0.5), ("1e3", 1000.0), ("30%", None), ("", None), ("1,000", None)]
)
def test_the_money_in_a_figure(text: str, amount: float | None) -> None:
    assert counted({"a": text}).promised == ({} if amount is None else {"a": amount})


def test_a_figure_is_read_as_it_was_written_down() -> None:
    assert counted({"a": str(D("131000.25"))}).promised == {"a": 131000.25}
