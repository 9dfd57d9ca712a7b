"""What waits for a decision: models that are proposed, asks, plans nobody approved, savings finance has not signed.

Conventions: one sentence a decision, the most pressing first, and one for all asks of a currency; money in the currency
of what it is about, likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib import money
from costlib.briefs.words.launch import Reviewed
from costlib.briefs.words.roadmap import amount
from costlib.roadmap.portfolio.launch_review import Status
from costlib.wording import listed

NOTHING_WAITS = "Nothing waits for a decision"
#: Asks that are named; the others are counted.
_NAMED = 3


@dataclass(frozen=True)
class Waiting:
    """An open decision in a sentence, or so many of them, and the page where they are made."""

    said: str
    page: str
    count: int = 1


@dataclass(frozen=True)
class Asks:
    """The open asks in one currency by what is asked, the earliest deadline first, and how many are ``overdue``."""

    currency: str
    names: tuple[str, ...]
    amount: float
    overdue: int


def waiting_finding(found: Sequence[Waiting]) -> str:
    """How many decisions are open.

    >>> waiting_finding([]), waiting_finding([Waiting("Voice agent", "launch_review")])
    ('Nothing waits for a decision', '1 decision waits')
    """
    if not found:
        return NOTHING_WAITS
    count = sum(one.count for one in found)
    return "1 decision waits" if count == 1 else f"{count} decisions wait"


def launches_waiting(found: Sequence[Reviewed]) -> list[Waiting]:
    """Models that run without an approval, and those that are proposed, with what they are likely to cost a month."""
    late = [one for one in found if one.launch.status is Status.UNAPPROVED]
    open_ones = [one for one in found if one.launch.status is Status.OPEN]
    said = [f"{one.launch.what} runs without an approval: {_monthly(one)}" for one in late]
    said += [f"{one.launch.what} is proposed: {_monthly(one)}" for one in open_ones]
    return [Waiting(one, "launch_review") for one in said]


def asks_waiting(found: Sequence[Asks]) -> list[Waiting]:
    """Asks of the decision ledger that nobody has decided: how many, for how much, which, and how many are late.

    >>> asks_waiting([Asks("USD", ("Buy spot",), 791_000, 1)])[0].said
    '1 ask for $791K is open, and overdue: “Buy spot”'
    """
    return [Waiting(_asks_words(one), "portfolio", len(one.names)) for one in found]


def _asks_words(one: Asks) -> str:
    count, wanted = len(one.names), amount(one.amount, one.currency)
    late = "" if not one.overdue else ", and overdue" if one.overdue == count else f", {one.overdue} of them overdue"
    names = listed([f"“{name}”" for name in one.names], _NAMED)
    return f"{money.counted(count, 'ask')} for {wanted} {'is' if count == 1 else 'are'} open{late}: {names}"


def plans_waiting(fresh: Sequence[str], changed: Sequence[str]) -> list[Waiting]:
    """Plans by name that changed since they were approved, and those that nobody approved.

    >>> [one.said for one in plans_waiting(["Fraud", "Search"], [])]
    ['Not approved yet: Fraud; Search']
    """
    said = [f"{name} changed since it was approved" for name in changed]
    said += [f"Not approved yet: {'; '.join(fresh)}"] if fresh else []
    return [Waiting(one, "roadmap") for one in said]


def savings_waiting(alarms: Sequence[str], provisional: float, currency: str) -> list[Waiting]:
    """Savings that are going away again, in the words of their alarms, and money that finance has not signed."""
    said = list(alarms)
    if provisional > 0:
        said.append(f"{amount(provisional, currency)} is saved and not signed off by finance")
    return [Waiting(one, "savings") for one in said]


def _monthly(one: Reviewed) -> str:
    found, currency = one.estimate.monthly, one.launch.currency
    low, likely, high = (amount(value, currency) for value in (found.low, found.likely, found.high))
    return f"{likely} a month {'likely' if one.launch.monthly else 'expected'}, {low} to {high}"
