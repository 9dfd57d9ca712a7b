"""Plans as the state holds them: one record for the head of a plan, one for each initiative, and back again.

Conventions: a record of kind ``plan`` holds what a plan file holds without its initiatives (plan, capacity, budget,
baseline); one of kind ``initiative``, key ``plan-id/initiative-id``, holds the initiative as a plan file does, its
place in the plan, its moves and its approval. What was approved is kept whole, so that later edits show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from costlib.errors import InputError, did_you_mean
from costlib.roadmap.plan_file import held, plan_from
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.compare import changed_fields
from costlib.state.records import Record, View
from costlib.state.stages import Approval, Move

PLAN, INITIATIVE, DECISION = "plan", "initiative", "decision"
Body = dict[str, Any]


@dataclass(frozen=True)
class SavedInitiative:
    """One initiative of a saved plan, with what has been said about it."""

    initiative: Initiative
    position: int
    version: int
    changed_at: datetime
    changed_by: str
    moves: tuple[Move, ...] = ()
    approval: Approval | None = None
    approved: Body | None = None

    @property
    def changed_since_approval(self) -> list[str]:
        """Dotted names of the fields that differ from what was approved; the stage is not one of them."""
        if self.approved is None:
            return []
        return [name for name in changed_fields(self.approved, held(self.initiative)) if name != "stage"]

    def body(self, initiative: Initiative, position: int | None = None) -> Body:
        """The record's body with another initiative or place; moves and approval stay."""
        place = self.position if position is None else position
        return initiative_body(initiative, place, self.moves, self.approval, self.approved)


@dataclass(frozen=True)
class SavedPlan:
    """A plan as it is saved; ``sequence`` names the moment for the trace of its figures."""

    id: str
    plan: Plan
    version: int
    changed_at: datetime
    changed_by: str
    sequence: int
    initiatives: Mapping[str, SavedInitiative]
    approval: Approval | None = None
    approved: Body | None = None
    variant_of: str | None = None

    @property
    def changed_since_approval(self) -> list[str]:
        """Dotted names of the head's fields that differ from what was approved."""
        return [] if self.approved is None else changed_fields(self.approved, head_of(self.plan))

    def body(self, plan: Plan) -> Body:
        """The record's body with another head; the approval stays."""
        return plan_body(plan, self.approval, self.approved, self.variant_of)

    def initiative(self, name: str) -> SavedInitiative:
        """The initiative with this id; raises InputError where there is none."""
        if name not in self.initiatives:
            fix = did_you_mean(name, self.initiatives) or "Look at the plan with plan show."
            raise InputError(f"{self.id} has no initiative {name}", expected="one of the plan's ids", fix=fix)
        return self.initiatives[name]


def key_of(plan_id: str, initiative_id: str) -> str:
    """The key of an initiative's record."""
    return f"{plan_id}/{initiative_id}"


def head_of(plan: Plan) -> Body:
    """What a plan file holds, without the initiatives."""
    return {name: value for name, value in held(plan).items() if name != "initiatives"}


def plan_body(
    plan: Plan, approval: Approval | None = None, approved: Body | None = None, variant_of: str | None = None
) -> Body:
    """The body of a plan's record."""
    kept = {"approval": _kept(approval), "approved": approved, "variant_of": variant_of}
    return head_of(plan) | {name: value for name, value in kept.items() if value is not None}


def initiative_body(
    initiative: Initiative,
    position: int,
    moves: tuple[Move, ...] = (),
    approval: Approval | None = None,
    approved: Body | None = None,
) -> Body:
    """The body of an initiative's record."""
    kept = {"approval": _kept(approval), "approved": approved, "moves": [_kept(move) for move in moves] or None}
    return {"initiative": held(initiative), "position": position} | {
        name: value for name, value in kept.items() if value is not None
    }


def saved_plan(view: View, plan_id: str) -> SavedPlan:
    """The plan in the records of one moment; raises InputError where there is none of this name."""
    heads = {record.key: record for record in view.records if record.kind == PLAN}
    if plan_id not in heads:
        fix = did_you_mean(plan_id, heads) or "Import it with plan import."
        expected = f"one of {', '.join(sorted(heads))}" if heads else "a saved plan, and there is none yet"
        raise InputError(f"There is no plan {plan_id}", expected=expected, fix=fix)
    head = heads[plan_id]
    rows = [one for one in view.records if one.kind == INITIATIVE and one.key.startswith(f"{plan_id}/")]
    rows.sort(key=lambda one: (one.body["position"], one.key))
    fields = {name: value for name, value in head.body.items() if name in Plan.model_fields}
    plan = plan_from(fields | {"initiatives": [one.body["initiative"] for one in rows]}, plan_id)
    return SavedPlan(
        id=plan_id,
        plan=plan,
        version=head.version,
        changed_at=head.changed_at,
        changed_by=head.changed_by,
        sequence=view.sequence,
        initiatives={
            one.id: _saved_initiative(record, one) for record, one in zip(rows, plan.initiatives, strict=True)
        },
        approval=_approval(head.body),
        approved=head.body.get("approved"),
        variant_of=head.body.get("variant_of"),
    )


def _saved_initiative(record: Record, initiative: Initiative) -> SavedInitiative:
    return SavedInitiative(
        initiative=initiative,
        position=record.body["position"],
        version=record.version,
        changed_at=record.changed_at,
        changed_by=record.changed_by,
        moves=tuple(Move.model_validate(one) for one in record.body.get("moves", ())),
        approval=_approval(record.body),
        approved=record.body.get("approved"),
    )


def _approval(body: Mapping[str, Any]) -> Approval | None:
    return Approval.model_validate(body["approval"]) if "approval" in body else None


def _kept(part: Approval | Move | None) -> Body | None:
    return None if part is None else part.model_dump(mode="json")
