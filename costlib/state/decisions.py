"""The decision ledger: what was decided, between which options, on what figures, and what was expected of it.

Conventions: an option's figures are text as they were shown at the time (money as decimal text, shares as per cent);
they are kept, never worked out again. ``generation`` names the bills and ``sequence`` the state that the figures came
from. A decision belongs to a plan; an ask is one without a choice yet, with a deadline and the cost of a week's delay.
The first option is to do it: its figures of money by initiative are what is promised. An initiative is asked for and
decided once: a second decision that names it is refused when it is saved, unless the first was refused.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Annotated, Final

from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.state.records import Look, Put, Record, State
from costlib.state.saved import DECISION, INITIATIVE, key_of
from costlib.state.stages import Kept, Money
from costlib.wording import listed

#: What an ask can be decided as.
DO: Final = "Approved"
LEAVE: Final = "Refused"

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

    @property
    def approved(self) -> bool | None:
        """Whether it is to be done; None while it is open."""
        return None if self.chosen is None else self.chosen != LEAVE

    def promised(self, initiatives: Container[str]) -> dict[str, Decimal]:
        """What each of these initiatives is promised to save, money, as written down; refused, it promises nothing.

        Shares and words among the figures are no promise.
        """
        figures = {} if self.approved is False else self.options[0].figures
        amounts = {name: _money(text) for name, text in figures.items() if name in initiatives}
        return {name: amount for name, amount in amounts.items() if amount is not None}


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
        return _of_plan(self.state.all(DECISION), plan_id)

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
        """Save a decision; without ``expected`` it is a new one.

        Raises Conflict, and InputError where it cannot be reviewed or names an initiative that another one names.
        """
        check(decision)
        body = decision.model_dump(mode="json", exclude_none=True)
        put = Put(DECISION, key_of(plan_id, decision_id), body, expected)
        (record,) = self.state.put_all([put], who=who, why=why, check=partial(_refuse_repeat, put))
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


def _refuse_repeat(put: Put, look: Look) -> None:
    """Refuse a decision that names an initiative which another decision of the plan names and did not refuse."""
    plan_id, _, decision_id = put.key.partition("/")
    records = look(DECISION, INITIATIVE).records
    bodies = [one.body["initiative"] for one in records if one.kind == INITIATIVE and one.key.startswith(f"{plan_id}/")]
    titles = {one["id"]: one.get("title") or one["id"] for one in bodies}
    by_id = {one.id: one for one in _of_plan([one for one in records if one.kind == DECISION], plan_id)}
    saved = by_id.pop(decision_id)
    wanted = saved.decision.promised(titles)
    for other in by_id.values():
        both = [titles[name] for name in wanted if name in other.decision.promised(titles)]
        if both:
            raise _repeated(both, saved.decision, other.decision, is_new=put.expected is None)


def _repeated(titles: Sequence[str], wanted: Decision, other: Decision, *, is_new: bool) -> InputError:
    """What is said of a decision that names these initiatives again."""
    names = listed([f"“{title}”" for title in titles])
    state = "is still open" if other.approved is None else "is approved"
    refuse = f"Decide “{wanted.what if other.approved else other.what}” as {LEAVE} first."
    return InputError(
        f"“{other.what}” names {names} already and {state}",
        expected="each initiative in one decision",
        fix=f"Leave {names} out of “{wanted.what}”." if is_new else refuse,
    )


def _of_plan(records: Sequence[Record], plan_id: str) -> list[SavedDecision]:
    return [_saved(record) for record in records if record.key.startswith(f"{plan_id}/")]


def _money(text: str) -> Decimal | None:
    """The money in a figure of a decision; None where it is a share or a word."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _saved(record: Record) -> SavedDecision:
    plan_id, _, decision_id = record.key.partition("/")
    try:
        decision = Decision.model_validate(record.body)
    except ValidationError as error:
        raise InputError(f"The decision {record.key} cannot be read: {error.errors()[0]['msg']}") from None
    return SavedDecision(plan_id, decision_id, record.version, decision)
