"""What an edit may do to a plan: pure rules over saved plans and the ones people want to save.

Conventions: what was approved may be edited with a reason, and shows; the reference that an approval froze moves only
with the next approval; stages are moved, never edited, and a plan file confers no approval.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from costlib.errors import InputError
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.roles import NotAllowed
from costlib.state.saved import SavedInitiative, SavedPlan
from costlib.state.stages import APPROVED, STAGES

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def plan_name(text: str) -> str:
    """The text as the name of a plan: small letters, digits and hyphens.

    >>> plan_name("Fraud: minus 30 %")
    'fraud-minus-30'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def check_name(plan_id: str) -> str:
    """The name where it can be one; raises InputError where it cannot."""
    if not _NAME.fullmatch(plan_id):
        fix = f"Call it {plan_name(plan_id)}." if plan_name(plan_id) else "Choose another name."
        raise InputError(f"{plan_id!r} is no name for a plan", expected="small letters, digits and hyphens", fix=fix)
    return plan_id


def unapproved(initiative: Initiative) -> Initiative:
    """The initiative at the last stage that needs no approval, if it was beyond.

    >>> unapproved(Initiative(id="a", stage="L4")).stage, unapproved(Initiative(id="a", stage="L1")).stage
    ('L2', 'L1')
    """
    if initiative.stage < APPROVED:
        return initiative
    return initiative.model_copy(update={"stage": STAGES[STAGES.index(APPROVED) - 1]})


def check_reason(saved: SavedPlan | SavedInitiative, why: str) -> None:
    """Refuse to change without a reason what was approved."""
    if saved.approval is not None and not why.strip():
        name = saved.id if isinstance(saved, SavedPlan) else saved.initiative.id
        raise NotAllowed(
            f"{name} was approved by {saved.approval.by} for {saved.approval.cycle}",
            expected="a reason for changing what was approved",
            fix="Say why; the change is shown beside what was approved.",
        )


def check_stage(saved: Initiative, wanted: Initiative) -> None:
    """Refuse an edit that moves the stage."""
    if saved.stage != wanted.stage:
        raise NotAllowed(
            f"{wanted.id} is at {saved.stage} and an edit does not move it to {wanted.stage}",
            expected=f"stage {saved.stage}",
            fix="Save the edit first, then move the stage: each stage has its review.",
        )


def check_undo(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Refuse to undo a move or an approval: it is taken back by a move, which has its rules.

    What was taken out whole comes back as it was, with what it was approved for.
    """
    if before is None or after is None:
        return
    if any(before.get(name) != after.get(name) for name in ("moves", "approval")):
        raise NotAllowed(
            "An approval or a move of the stage is not undone",
            expected="an edit",
            fix="Move the stage back and say why.",
        )


def frozen(plan: Plan, reference: Decimal) -> Plan:
    """The plan with its target, if it has one, measured against ``reference`` (money a month)."""
    if plan.plan.target is None:
        return plan
    target = plan.plan.target.model_copy(update={"reference_value": float(reference)})
    return plan.model_copy(update={"plan": plan.plan.model_copy(update={"target": target})})


def held_to_reference(saved: SavedPlan, wanted: Plan) -> Plan:
    """The plan with the reference that was approved, filled in where it has none; refuse another one."""
    if saved.approval is None or wanted.plan.target is None:
        return wanted
    approved = frozen(wanted, saved.approval.reference)
    if wanted.plan.target.reference_value not in (None, approved.plan.target and approved.plan.target.reference_value):
        raise NotAllowed(
            f"The reference of {saved.id} was frozen by the approval for {saved.approval.cycle}",
            expected=f"{saved.approval.reference} a month",
            fix="Approve the plan again for the next cycle to measure it against another one.",
        )
    return approved
