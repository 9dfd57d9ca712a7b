"""Asks that wait for their decision: how many, over how much money, and how many are late.

Conventions: money over the months of the ask's plan, in its currency, as written down when it was asked for. An
initiative that several decisions name counts with the one that was decided first (``portfolio.ledger``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from costlib.roadmap.portfolio import ledger
from costlib.state.decisions import SavedDecision

#: Deadline of an ask that names none: never overdue.
_FAR = date.max


@dataclass(frozen=True)
class OpenAsk:
    """An ask that nobody has decided: who is to by when, and the money that is asked for."""

    what: str
    owner: str
    deadline: date | None
    amount: float
    overdue: bool


def open_asks(held: Sequence[SavedDecision], known: Container[str], today: date) -> list[OpenAsk]:
    """The open asks among a plan's decisions, the earliest deadline first; ``known`` are all initiatives it ever held.

    A decision whose deadline is past today is overdue; one on its day is not.
    """
    counted = ledger.counted_once([as_counted(one, known) for one in in_order(held)])[0]
    found = [
        OpenAsk(one.ask, one.owner, None if one.deadline == _FAR else one.deadline, amount, today > one.deadline)
        for one in counted
        if one.approved is None
        for amount in [sum(one.promised.values())]
    ]
    return sorted(found, key=lambda one: (one.deadline or _FAR, -one.amount, one.what))


def as_counted(one: SavedDecision, known: Container[str]) -> ledger.Decision:
    """The decision as the ledger counts it; refused, it promises nothing."""
    held = one.decision
    return ledger.Decision(
        id=one.id,
        ask=held.what,
        owner=held.owner,
        deadline=held.deadline or held.on or _FAR,
        promised={name: float(value) for name, value in held.promised(known).items()},
        decided=held.on,
        approved=held.approved,
    )


def in_order(held: Iterable[SavedDecision]) -> list[SavedDecision]:
    """Decisions in the order of the states in which they were made, which is that of the ledger."""
    return sorted(held, key=lambda one: one.decision.sequence)
