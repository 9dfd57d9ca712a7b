"""Open asks of a plan: which they are, the money counted once, what is late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.state.asks import OpenAsk, open_asks
from costlib.state.decisions import DO, LEAVE, Decision, Option, SavedDecision

TODAY, KNOWN = date(2026, 10, 20), {"a", "b", "c"}
APPROVED = {"chosen": DO, "by": "CFO", "on": date(2026, 9, 1), "expected": "less"}
REFUSED = APPROVED | {"chosen": LEAVE}


def ask(id: str, sequence: int = 1, figures: dict[str, str] | None = None, **more: Any) -> SavedDecision:
    """An ask of 100 for initiative ``a``; ``more`` decides it or says owner and deadline."""
    options = (Option(name=DO, figures=figures or {"a": "100"}), Option(name=LEAVE))
    return SavedDecision("p", id, 1, Decision(what=id, options=options, generation="g", sequence=sequence, **more))


def test_an_ask_says_its_owner_its_deadline_and_what_it_asks_for() -> None:
    one = ask("Buy spot", figures={"a": "100.50", "b": "20", "gone": "9", "c": "12%"}, owner="CFO", deadline=TODAY)
    assert open_asks([one], KNOWN, TODAY) == [OpenAsk("Buy spot", "CFO", TODAY, 120.5, overdue=False)]


@pytest.mark.parametrize(
    ("deadline", "overdue"), [(None, False), (TODAY, False), (date(2026, 10, 19), True), (date(2026, 10, 21), False)]
)
def test_it_is_late_the_day_after_its_deadline_and_never_without_one(deadline: date | None, overdue: bool) -> None:
    (found,) = open_asks([ask("one", deadline=deadline)], KNOWN, TODAY)
    assert (found.overdue, found.deadline) == (overdue, deadline)


@pytest.mark.parametrize("decided", [APPROVED, REFUSED])
def test_what_was_decided_waits_no_more(decided: dict[str, Any]) -> None:
    assert open_asks([ask("one", **decided)], KNOWN, TODAY) == []
    assert open_asks([], KNOWN, TODAY) == []


def test_the_first_to_be_decided_comes_first() -> None:
    days = {"late": date(2026, 9, 1), "soon": date(2026, 11, 1), "whenever": None}
    asks = [ask(name, figures={name: "1"}, deadline=day) for name, day in days.items()][::-1]
    assert [one.what for one in open_asks(asks, set(days), TODAY)] == ["late", "soon", "whenever"]


def test_what_a_decision_names_already_is_asked_for_once() -> None:
    """Of two asks the earlier keeps it, whatever their names; of an approval and an ask the approval."""
    first, again = ask("z", 1, {"a": "100"}), ask("m", 2, {"a": "90", "b": "5"})
    for order in ([first, again], [again, first]):
        assert {one.what: one.amount for one in open_asks(order, KNOWN, TODAY)} == {"z": 100, "m": 5}
    assert [one.amount for one in open_asks([first, ask("done", 3, **APPROVED)], KNOWN, TODAY)] == [0]
    assert [one.amount for one in open_asks([first, ask("no", 3, **REFUSED)], KNOWN, TODAY)] == [100]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 900)), max_size=6))
def test_no_money_is_asked_for_twice(named: list[tuple[str, int]]) -> None:
    asks = [ask(f"n{at}", at, {name: str(amount)}) for at, (name, amount) in enumerate(named)]
    firsts = dict(reversed(named))
    assert sum(one.amount for one in open_asks(asks, KNOWN, TODAY)) == sum(firsts.values())
