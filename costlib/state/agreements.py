"""What two teams agreed on a shared pool: how it is split from now on, and what both watch.

Conventions: one agreement a pool, the newest counts and the history keeps the earlier ones. Shares and quotas are
decimal text by receiver, a quota as a share of the pool's highest capacity of the day. The agreement says what was
agreed; the version of the rule file that was saved with it (``change`` in the history) does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.state.records import Record, State
from costlib.state.stages import Kept, Money

KIND: Final = "agreement"
Words = Annotated[str, Field(min_length=1)]


class Agreement(Kept):
    """One agreement. ``leads`` are the role or name of who signed, by team; ``change`` is the rule version's number."""

    pool: Words
    driver: Words
    idle: Words
    quotas: Mapping[str, Money] = Field(default_factory=dict)
    shares: Mapping[str, Money] = Field(default_factory=dict)
    kpi: Words
    start: date
    leads: Mapping[str, Words]
    generation: Words
    change: int
    swing: Mapping[str, Money] = Field(default_factory=dict)


@dataclass(frozen=True)
class SavedAgreement:
    """An agreement with its version, and who typed it in when."""

    agreement: Agreement
    version: int
    who: str
    at: datetime


def agreement_on(state: State, pool: str) -> SavedAgreement | None:
    """The newest agreement on a pool; None where there is none."""
    record = state.get(KIND, pool)
    return _saved(record) if record else None


def check(leads: Mapping[str, str], kpi: str) -> None:
    """Refuse an agreement that not both sides signed, or that names nothing to watch."""
    unsigned = [team for team, lead in leads.items() if not lead.strip()]
    if len(leads) != 2 or unsigned:
        who = (
            f"{' and '.join(unsigned)} {'have' if len(unsigned) > 1 else 'has'} not signed"
            if unsigned
            else "it takes two teams"
        )
        raise InputError(f"The agreement is not complete: {who}", expected="both leads", fix="Enter role or name.")
    if not kpi.strip():
        raise InputError(
            "The agreement names nothing that both watch", expected="a shared KPI", fix="Such as: used GPU hours."
        )


def agree(state: State, agreement: Agreement, *, who: str) -> SavedAgreement:
    """Save the agreement as the pool's newest.

    Raises InputError for one that is not complete, and Conflict where somebody else saved one at the same moment.
    """
    check(agreement.leads, agreement.kpi)
    found = state.get(KIND, agreement.pool)
    why = f"agreed by {' and '.join(agreement.leads.values())}"
    body = agreement.model_dump(mode="json")
    return _saved(state.put(KIND, agreement.pool, body, who=who, why=why, expected=found.version if found else None))


def _saved(record: Record) -> SavedAgreement:
    try:
        agreement = Agreement.model_validate(record.body)
    except ValidationError as error:
        raise InputError(f"The agreement on {record.key} cannot be read: {error.errors()[0]['msg']}") from None
    return SavedAgreement(agreement, record.version, record.changed_by, record.changed_at)
