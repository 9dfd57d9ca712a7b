"""A plan that was carried out before it came into Glidepath: brought in with its stages, sign-offs and booked months.

Conventions: the plan is a plan file; the record beside it says, by initiative, the moves with their dates, the approval
(reference a month, cycle), the go-live and the months that finance signed, and which decisions were taken. Nothing is
judged again: what happened then is taken as recorded, and the history says who brought it in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.roadmap.plan_file import held
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.decisions import Decision
from costlib.state.proof import GO_LIVE, SIGNED, GoLive, SignedMonth, signed_key
from costlib.state.records import Put, State
from costlib.state.saved import DECISION, INITIATIVE, PLAN, initiative_body, key_of, plan_body
from costlib.state.stages import APPROVED, Approval, Kept, Move


class PastInitiative(Kept):
    """What is on record of one initiative."""

    moves: Annotated[tuple[Move, ...], Field(min_length=1)]
    approval: Approval | None = None
    go_live: GoLive | None = None
    signed: tuple[SignedMonth, ...] = ()


class Past(Kept):
    """The record of a plan: by initiative, and the decisions taken, by id."""

    initiatives: dict[str, PastInitiative]
    decisions: dict[str, Decision] = Field(default_factory=dict)


def read_past(path: Path) -> Past:
    """The record in a YAML file; raises InputError that names the field."""
    try:
        return Past.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{path.name}, {where}: {first['msg']}", fix="Correct it there.") from None


def save_past(state: State, plan_id: str, plan: Plan, past: Past, *, who: str, why: str) -> None:
    """Save the plan with its record, all or nothing; raises Conflict where the plan is there already."""
    puts = [Put(PLAN, plan_id, plan_body(plan))]
    for position, one in enumerate(plan.initiatives):
        known = past.initiatives.get(one.id)
        puts.append(Put(INITIATIVE, key_of(plan_id, one.id), _body(one, position, known)))
        if known and known.go_live:
            puts.append(Put(GO_LIVE, key_of(plan_id, one.id), known.go_live.model_dump(mode="json")))
        for month in known.signed if known else ():
            puts.append(Put(SIGNED, signed_key(plan_id, one.id, month.month), month.model_dump(mode="json")))
    for name, decision in past.decisions.items():
        body = decision.model_dump(mode="json", exclude_none=True)
        puts.append(Put(DECISION, key_of(plan_id, name), body))
    state.put_all(puts, who=who, why=why)


def _body(one: Initiative, position: int, known: PastInitiative | None) -> dict[str, object]:
    """The record's body at the stage of the last move."""
    if known is None:
        return initiative_body(one, position)
    stage = known.moves[-1].to_stage
    moved = one.model_copy(update={"stage": stage})
    approved = held(moved.model_copy(update={"stage": APPROVED})) if known.approval else None
    return initiative_body(moved, position, known.moves, known.approval, approved)
