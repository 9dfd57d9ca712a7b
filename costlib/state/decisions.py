"""The decision ledger: what was decided, between which options, on what figures, and what was expected of it.

Conventions: an option's figures are text as they were shown at the time (money as decimal text, shares as per cent);
they are kept, never worked out again. ``generation`` names the bills and ``sequence`` the state that the figures came
from. A decision belongs to a plan; an ask is one without a choice yet, with a deadline and the cost of a week's delay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.state.records import Record, State
from costlib.state.saved import DECISION, key_of
from costlib.state.stages import Kept, Money

Name = Annotated[str, Field(min_length=1)]


class Option(Kept):
    """One thing that could be done, with its figures at the time."""

    name: Name
    figures: Mapping[str, str] = Field(default_factory=dict)


class Decision(Kept):
    """One decision, or one that is asked for (``chosen`` is None)."""

    what: Name
    options: Annotated[tuple[Option, ...], Field(min_length=1)]
    owner: str = ""
    deadline: date | None = None
    week_of_delay: Money | None = None
    chosen: str | None = None
    by: str = ""
    on: date | None = None
    generation: str
    sequence: int
    expected: str = ""


@dataclass(frozen=True)
class SavedDecision:
    """A decision as it is saved: its plan, its id in the plan, and the version for the next edit."""

    plan: str
    id: str
    version: int
    decision: Decision


class Ledger:
    """The decisions of one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def all(self, plan_id: str) -> list[SavedDecision]:
        """The decisions and asks of a plan, by id."""
        records = self.state.all(DECISION)
        return [_saved(record) for record in records if record.key.startswith(f"{plan_id}/")]

    def save(
        self,
        plan_id: str,
        decision_id: str,
        decision: Decision,
        *,
        who: str,
        why: str = "",
        expected: int | None = None,
    ) -> SavedDecision:
        """Save a decision; without ``expected`` it is a new one. Raises Conflict and InputError."""
        check(decision)
        body = decision.model_dump(mode="json", exclude_none=True)
        record = self.state.put(DECISION, key_of(plan_id, decision_id), body, who=who, why=why, expected=expected)
        return _saved(record)


def check(decision: Decision) -> None:
    """Refuse a choice that was not among the options, or that nobody made on any day."""
    names = [option.name for option in decision.options]
    if len(set(names)) < len(names):
        raise InputError("Two options have one name", expected="a name for each option", fix="Rename one.")
    if decision.chosen is None:
        return
    if decision.chosen not in names:
        raise InputError(f"{decision.chosen} was not an option", expected=f"one of {', '.join(names)}", fix="Add it.")
    if not decision.by.strip() or decision.on is None or not decision.expected.strip():
        raise InputError(
            "A decision says who made it, on which day, and what is expected of it",
            expected="by, on and expected",
            fix="Fill them in: the review comes back to them.",
        )


def _saved(record: Record) -> SavedDecision:
    plan_id, _, decision_id = record.key.partition("/")
    try:
        decision = Decision.model_validate(record.body)
    except ValidationError as error:
        raise InputError(f"The decision {record.key} cannot be read: {error.errors()[0]['msg']}") from None
    return SavedDecision(plan_id, decision_id, record.version, decision)
