"""What waits for a decision: which launches, plans and savings are open, and how it is said."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.briefs.words.launch import Reviewed
from costlib.briefs.words.waiting import (
    NOTHING_WAITS,
    Asks,
    Waiting,
    asks_waiting,
    launches_waiting,
    plans_waiting,
    savings_waiting,
    waiting_finding,
)
from costlib.roadmap.portfolio.launch import Decided, Launch

BEFORE, SHIPPED, AFTER = date(2026, 3, 9), date(2026, 4, 1), date(2026, 5, 2)
RANGE = {"low": 7_470, "likely": 10_700, "high": 14_400}


def launch(what: str = "Voice agent", verdict: str | None = None, **fields: object) -> Reviewed:
    decision = Decided(verdict=verdict, by="CFO", on=BEFORE, why="worth it") if verdict else None
    one = Launch(what=what, currency="USD", scope={"x_Model": "voice"}, monthly=RANGE, decision=decision, **fields)
    return Reviewed(one, one.estimate())


def test_a_proposed_model_is_said_with_its_cost() -> None:
    (found,) = launches_waiting([launch()])
    assert found == Waiting("Voice agent is proposed: $10.7K a month likely, $7.47K to $14.4K", "launch_review")


def test_what_its_components_come_to_is_expected() -> None:
    """Calls of 500, 1,000 or 3,000 are 1,250 on average, at a cent each."""
    calls = {"calls": {"low": 500, "likely": 1_000, "high": 3_000}}
    part = {"name": "Calls", "volume": "calls", "consumption": {"likely": 1}, "price": {"likely": 0.01}}
    one = Launch(what="Ranker", currency="USD", scope={"x_Model": "r"}, volumes=calls, components=[part])
    (found,) = launches_waiting([Reviewed(one, one.estimate())])
    assert found.said.startswith("Ranker is proposed: $12.50 a month expected, ")


@pytest.mark.parametrize("verdict", ["approved", "declined"])
def test_what_is_decided_does_not_wait(verdict: str) -> None:
    assert launches_waiting([launch(verdict=verdict)]) == []


def test_what_runs_without_an_approval_comes_first() -> None:
    late = launch("Ranker", shipped=SHIPPED)
    found = launches_waiting([launch(), late, launch("Old", verdict="approved", shipped=AFTER)])
    assert [one.said.partition(":")[0] for one in found] == [
        "Ranker runs without an approval",
        "Voice agent is proposed",
    ]


def test_plans_nobody_approved_are_one_decision_and_changed_ones_one_each() -> None:
    found = plans_waiting(["Fraud", "Search"], ["Company", "Start-up"])
    assert [one.said for one in found] == [
        "Company changed since it was approved",
        "Start-up changed since it was approved",
        "Not approved yet: Fraud; Search",
    ]
    assert {one.page for one in found} == {"roadmap"}
    assert plans_waiting([], []) == []


@pytest.mark.parametrize(("amount", "count"), [(132_103.34, 1), (0.0, 0), (-5.0, 0)])
def test_only_money_that_was_saved_waits_for_a_signature(amount: float, count: int) -> None:
    found = savings_waiting([], amount, "EUR")
    assert len(found) == count
    assert all(one.said == "€132K is saved and not signed off by finance" for one in found)


def test_an_alarm_is_said_as_it_is_and_before_the_signature() -> None:
    alarm = "Spot retraining is slipping away: checked 30 days after it was in full effect"
    first, second = savings_waiting([alarm], 10.0, "USD")
    assert (first.said, first.page) == (alarm, "savings")
    assert second.said.startswith("$10")


def test_the_finding_counts() -> None:
    one = Waiting("x", "roadmap")
    assert [waiting_finding([one] * count) for count in (0, 1, 2)] == [
        NOTHING_WAITS,
        "1 decision waits",
        "2 decisions wait",
    ]


@pytest.mark.parametrize(
    ("overdue", "late"), [(0, "open: "), (1, "open, 1 of them overdue: "), (2, "open, and overdue: ")]
)
def test_asks_say_how_many_for_how_much_and_which(overdue: int, late: str) -> None:
    (found,) = asks_waiting([Asks("USD", ("Buy spot", "Batch"), 791_000, overdue)])
    assert found.said == f"2 asks for $791K are {late}“Buy spot” and “Batch”"
    assert (found.page, found.count) == ("portfolio", 2)


def test_of_many_asks_the_first_are_named_and_all_count() -> None:
    (found,) = asks_waiting([Asks("EUR", ("a", "b", "c", "d", "e"), 5, 0)])
    assert found.said == "5 asks for €5.00 are open: “a”, “b”, “c” and 2 more"
    assert waiting_finding([found, Waiting("Old", "launch_review")]) == "6 decisions wait"


def test_asks_in_two_currencies_are_two_sentences_and_none_is_no_sentence() -> None:
    both = [Asks(code, ("a",), 5, 0) for code in ("USD", "EUR")]
    assert [one.said.partition(" is ")[0] for one in asks_waiting(both)] == ["1 ask for $5.00", "1 ask for €5.00"]
    assert asks_waiting([]) == []
