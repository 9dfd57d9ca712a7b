"""What proves a saving: since when an initiative is live, what drives its cost, and which months finance signed.

Conventions: an initiative is named by its plan and id; money is decimal text in the plan's currency. What finance
signed is booked and nothing else is; a month is signed once, and again only after finance took it back. Cost avoidance
never was on a bill: it is kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from costlib.errors import InputError
from costlib.roadmap.savings.booked import Booking, Entry
from costlib.state.records import Record, State
from costlib.state.roles import BOOK, TAKE_BACK, NotAllowed, Role, check_role
from costlib.state.saved import key_of
from costlib.state.stages import Kept, Money

GO_LIVE, SIGNED = "go-live", "signed month"


class Avoided(Kept):
    """A cost that never came onto a bill, in one month."""

    month: date
    amount: Money
    what: Annotated[str, Field(min_length=1)]


class GoLive(Kept):
    """Since when an initiative acts, from when on in full, and the volume that drives what it acts on.

    ``volume`` names a metric (conversations) and ``volume_of`` its model; without them the scope's own trend is used.
    """

    since: date
    full_from: date
    volume: str = ""
    volume_of: str = ""
    avoided: tuple[Avoided, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> GoLive:
        if self.full_from < self.since:
            raise ValueError("it cannot act in full before it is live")
        return self


class SignedMonth(Kept):
    """What finance signed of one month."""

    month: date
    amount: Money
    by: Annotated[str, Field(min_length=1)]
    signed_on: date


@dataclass(frozen=True)
class SavedGoLive:
    """A go-live as it is saved, with the version for the next edit."""

    go_live: GoLive
    version: int


class Proof:
    """Go-lives and signed months of one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def go_lives(self, plan_id: str) -> dict[str, SavedGoLive]:
        """Since when the plan's initiatives are live, by id."""
        records = _of(plan_id, self.state.all(GO_LIVE))
        return {name: SavedGoLive(_read(GoLive, record), record.version) for name, record in records.items()}

    def set_go_live(
        self, plan_id: str, initiative_id: str, go_live: GoLive, *, who: str, expected: int | None = None
    ) -> None:
        """Say since when an initiative is live; raises Conflict where somebody else did meanwhile."""
        body = go_live.model_dump(mode="json")
        self.state.put(GO_LIVE, key_of(plan_id, initiative_id), body, who=who, expected=expected)

    def bookings(self, plan_id: str) -> list[Booking]:
        """What finance signed of the plan's initiatives, oldest month first."""
        found = []
        for name, record in _of(plan_id, self.state.all(SIGNED)).items():
            one = _read(SignedMonth, record)
            initiative = name.rpartition("/")[0]
            found.append(Booking(initiative, one.month, float(one.amount), one.by, one.signed_on))
        return sorted(found, key=lambda one: (one.month, one.initiative))

    def avoided(self, plan_id: str) -> list[Entry]:
        """Cost avoidance of the plan's initiatives, month by month."""
        found = self.go_lives(plan_id).items()
        return [Entry(name, one.month, float(one.amount)) for name, saved in found for one in saved.go_live.avoided]

    def sign(
        self,
        plan_id: str,
        initiative_id: str,
        month: date,
        amount: Decimal,
        *,
        who: str,
        role: Role,
        on: date,
        why: str = "",
    ) -> None:
        """Book a month, with a reason if there is one.

        Raises NotAllowed unless finance signs, and Conflict where the month is signed already.
        """
        check_role(role, BOOK)
        signed = SignedMonth(month=month, amount=amount, by=who, signed_on=on)
        key = signed_key(plan_id, initiative_id, month)
        self.state.put(SIGNED, key, signed.model_dump(mode="json"), who=who, why=why.strip() or "signed off")

    def take_back(self, plan_id: str, initiative_id: str, month: date, *, who: str, role: Role, why: str) -> None:
        """Take the sign-off of a month back; the history keeps it, and the month can be signed again.

        Raises NotAllowed unless finance does so and says why, and InputError where the month is not signed.
        """
        check_role(role, TAKE_BACK)
        if not why.strip():
            raise NotAllowed("A sign-off is taken back without a reason", expected="why", fix="Say why.")
        key = signed_key(plan_id, initiative_id, month)
        found = self.state.get(SIGNED, key)
        if found is None:
            raise InputError(f"{month:%b %Y} is not signed off", fix="Look at the month again.")
        self.state.remove(SIGNED, key, who=who, why=why, expected=found.version)


def signed_key(plan_id: str, initiative_id: str, month: date) -> str:
    """The key of a signed month's record."""
    return f"{key_of(plan_id, initiative_id)}/{month:%Y-%m}"


def _of(plan_id: str, records: Sequence[Record]) -> dict[str, Record]:
    prefix = f"{plan_id}/"
    return {one.key.removeprefix(prefix): one for one in records if one.key.startswith(prefix)}


def _read(kind: Any, record: Record) -> Any:
    try:
        return kind.model_validate(record.body)
    except ValidationError as error:
        raise InputError(f"The {record.kind} {record.key} cannot be read: {error.errors()[0]['msg']}") from None
