"""The decision ledger: options with the figures of their time, a choice among them, and who made it when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from costlib.errors import InputError
from costlib.state.decisions import DO, LEAVE, Decision, Ledger, Option
from costlib.state.errors import Conflict

OPTIONS = (
    Option(name="recommended", figures={"one-off": "50000", "net": "174000"}),
    Option(name="minimum", figures={"one-off": "4000", "net": "118000"}),
)
ASK = Decision(
    what="Which of the two for fraud?",
    options=OPTIONS,
    owner="CFO",
    deadline=date(2026, 11, 30),
    week_of_delay=Decimal("8300.50"),
    generation="a1b2c3",
    sequence=12,
)


def decided(**fields: object) -> Decision:
    made = {"chosen": "recommended", "by": "CFO", "on": date(2026, 11, 24), "expected": "30 % less by April 2027"}
    return ASK.model_copy(update=made | fields)


def test_an_ask_becomes_a_decision_and_keeps_its_figures(state):
    ledger = Ledger(state)
    asked = ledger.save("fraud", "which", ASK, who="Head of ML")
    assert (asked.plan, asked.id, asked.version, asked.decision) == ("fraud", "which", 1, ASK)
    made = ledger.save("fraud", "which", decided(), who="CFO", why="board of 24 November", expected=1)
    assert ledger.all("fraud") == [made]
    assert made.decision.options[0].figures["net"] == "174000"
    assert made.decision.week_of_delay == Decimal("8300.5")
    assert state.get("decision", "fraud/which").body["week_of_delay"] == "8300.5"
    assert [entry.why for entry in state.history("decision")] == ["board of 24 November", ""]


def test_decisions_of_another_plan_are_not_shown(state):
    ledger = Ledger(state)
    ledger.save("fraud", "which", ASK, who="A")
    ledger.save("fraud-2", "which", ASK, who="A")
    assert [one.plan for one in ledger.all("fraud")] == ["fraud"]


def test_two_people_decide_and_the_second_is_told(state):
    ledger = Ledger(state)
    ledger.save("fraud", "which", ASK, who="A")
    ledger.save("fraud", "which", decided(), who="CFO", expected=1)
    with pytest.raises(Conflict, match=r"saved by CFO .* chosen is recommended there and minimum here"):
        ledger.save("fraud", "which", decided(chosen="minimum"), who="CEO", expected=1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"chosen": "ambitious"}, "ambitious was not an option"),
        ({"by": " "}, "says who made it"),
        ({"on": None}, "says who made it"),
        ({"expected": ""}, "what is expected of it"),
        ({"options": (OPTIONS[0], OPTIONS[0])}, "Two options have one name"),
    ],
)
def test_a_decision_that_cannot_be_reviewed_is_refused(state, fields, said):
    with pytest.raises(InputError, match=said):
        Ledger(state).save("fraud", "which", decided(**fields), who="A")
    assert state.sequence == 0


def test_money_is_no_binary_number():
    with pytest.raises(ValidationError, match="money is decimal text"):
        Decision(what="a", options=OPTIONS, generation="g", sequence=1, week_of_delay=0.1)


def test_a_decision_that_was_damaged_is_named(state):
    state.put("decision", "fraud/which", {"what": ""}, who="A")
    with pytest.raises(InputError, match="The decision fraud/which cannot be read"):
        Ledger(state).all("fraud")


class TestOneDecisionAnInitiative:
    """The plan holds Stop canary (a) and b, which has no title."""

    @pytest.fixture
    def ledger(self, state):
        for name, title in (("a", "Stop canary"), ("b", "")):
            state.put("initiative", f"past/{name}", {"initiative": {"id": name, "title": title}}, who="A")
        return Ledger(state)

    def ask(self, what, *names, **more):
        options = (Option(name=DO, figures=dict.fromkeys(names, "100")), Option(name=LEAVE))
        return Decision(what=what, options=options, generation="g", sequence=1, **more)

    def closed(self, what, *names, chosen=DO):
        return self.ask(what, *names, chosen=chosen, by="CFO", on=date(2026, 11, 24), expected="less")

    @pytest.mark.parametrize(("first", "state_of_it"), [("ask", "is still open"), ("closed", "is approved")])
    def test_a_second_ask_is_refused_and_nothing_is_saved(self, state, ledger, first, state_of_it):
        ledger.save("past", "first", getattr(self, first)("Fund it", "a", "b"), who="A")
        before = state.sequence
        with pytest.raises(InputError) as refused:
            ledger.save("past", "second", self.ask("Viewer asks", "a", "b"), who="B")
        assert refused.value.problem == f"“Fund it” names “Stop canary” and “b” already and {state_of_it}"
        assert refused.value.fix == "Leave “Stop canary” and “b” out of “Viewer asks”."
        assert [one.id for one in ledger.all("past")] == ["first"] and state.sequence == before

    def test_what_was_refused_may_be_asked_for_again(self, ledger):
        ledger.save("past", "first", self.closed("Fund it", "a", chosen=LEAVE), who="A")
        assert ledger.save("past", "second", self.ask("Again", "a"), who="A").version == 1

    def test_other_initiatives_shares_and_other_plans_are_no_repeat(self, state, ledger):
        ledger.save("past", "first", self.ask("Fund it", "a", "npv"), who="A")
        ledger.save("past", "second", self.ask("More", "b", "npv"), who="A")
        state.put("initiative", "other/a", {"initiative": {"id": "a"}}, who="A")
        assert ledger.save("other", "third", self.ask("Elsewhere", "a"), who="A").version == 1

    def test_deciding_an_ask_is_no_repeat_of_itself(self, ledger):
        ledger.save("past", "first", self.ask("Fund it", "a"), who="A")
        assert ledger.save("past", "first", self.closed("Fund it", "a"), who="A", expected=1).version == 2

    def test_where_two_asks_repeat_already_one_is_refused_and_then_the_other_approved(self, state, ledger):
        """As older versions saved them: written around the ledger."""
        for name in ("first", "second"):
            state.put("decision", f"past/{name}", self.ask(name, "a").model_dump(mode="json"), who="A")
        with pytest.raises(InputError, match="Decide “second” as Refused first"):
            ledger.save("past", "first", self.closed("first", "a"), who="A", expected=1)
        ledger.save("past", "second", self.closed("second", "a", chosen=LEAVE), who="A", expected=1)
        assert ledger.save("past", "first", self.closed("first", "a"), who="A", expected=1).version == 2
