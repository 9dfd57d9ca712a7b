"""The JSON documents of ``plan show --json``: a saved plan, and the list of them.

Conventions: ``file`` is the plan as a plan file holds it; money of approvals is decimal text; times are UTC.
``sequence`` names the moment for the trace of figures.
"""

from __future__ import annotations

from typing import Any

from costlib.roadmap.plan_file import held
from costlib.state.saved import SavedInitiative, SavedPlan
from costlib.state.stages import Kept

Document = dict[str, Any]


def plan_entry(saved: SavedPlan) -> Document:
    """One line of the list of plans."""
    return {
        "id": saved.id,
        "name": saved.plan.plan.name,
        "initiatives": len(saved.initiatives),
        "approved_for": saved.approval.cycle if saved.approval else None,
        **_saved(saved),
    }


def plan_document(saved: SavedPlan) -> Document:
    """A saved plan, with what was approved and what has changed since."""
    return {
        "id": saved.id,
        "sequence": saved.sequence,
        "variant_of": saved.variant_of,
        **_saved(saved),
        **_approval(saved),
        "file": held(saved.plan),
        "initiatives": [_initiative(one) for one in saved.initiatives.values()],
    }


def _initiative(saved: SavedInitiative) -> Document:
    moves = [move.model_dump(mode="json") for move in saved.moves]
    stage = {"id": saved.initiative.id, "stage": saved.initiative.stage}
    return stage | _saved(saved) | _approval(saved) | {"moves": moves}


def _saved(saved: SavedPlan | SavedInitiative) -> Document:
    return {"version": saved.version, "changed_at": saved.changed_at.isoformat(), "changed_by": saved.changed_by}


def _approval(saved: SavedPlan | SavedInitiative) -> Document:
    approval: Kept | None = saved.approval
    return {
        "approval": approval.model_dump(mode="json") if approval else None,
        "changed_since_approval": saved.changed_since_approval,
    }
