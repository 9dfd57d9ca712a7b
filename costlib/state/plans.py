"""The plan store: plans and their initiatives, edited by several people, imported from and exported to plan files.

Conventions: every save is held against the whole plan in the same transaction, so that two saves that are each right
can never leave a plan that contradicts itself. ``expected`` is the version that the editor saw. The rules of edits are
in ``rules``, of stages in ``stages``, of the review in ``review``; who and role are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib.errors import CostError, InputError
from costlib.roadmap.plan_file import held
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.spend import Segment
from costlib.state.edits import check_name, check_reason, check_stage, check_undo, frozen, held_to_reference, unapproved
from costlib.state.importing import Changes, changed_plan, new_plan
from costlib.state.records import Entry, Look, Put, State
from costlib.state.review import Gap, missing_for
from costlib.state.roles import APPROVE_PLAN, Role, check_role
from costlib.state.saved import (
    INITIATIVE,
    PLAN,
    SavedInitiative,
    SavedPlan,
    head_of,
    initiative_body,
    key_of,
    plan_body,
    saved_plan,
)
from costlib.state.stages import APPROVED, Approval, Move, Stage, check_move, stays_approved


class NotReady(CostError):
    """The review found something missing; ``gaps`` lists it."""

    def __init__(self, name: str, stage: Stage, gaps: Sequence[Gap]) -> None:
        self.gaps = tuple(gaps)
        told = " ".join(gap.sentence for gap in gaps)
        super().__init__(f"{name} is not ready for {stage}", expected="every question of the review answered", fix=told)


@dataclass(frozen=True)
class Imported:
    """What an import did: ids of the initiatives it made, changed and removed.

    ``stages_kept`` are those whose stage in the file is not the one saved: a file confers no approval.
    """

    plan: SavedPlan
    created: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    stages_kept: tuple[str, ...]


class PlanStore:
    """The plans of one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def names(self) -> list[str]:
        """Names of the saved plans, in order."""
        return [record.key for record in self.state.all(PLAN)]

    def titles(self) -> dict[str, str]:
        """Titles of the saved plans by their names."""
        return {name: self.read(name).plan.plan.name for name in self.names()}

    def read(self, plan_id: str) -> SavedPlan:
        """The plan, all of it at one moment; raises InputError where there is none of this name."""
        return saved_plan(self.state.view(PLAN, INITIATIVE), plan_id)

    def create(self, plan_id: str, plan: Plan, *, who: str, why: str = "") -> SavedPlan:
        """Save a new plan with its initiatives, none of them above L2; raises Conflict where the name is taken."""
        self._save(plan_id, new_plan(check_name(plan_id), plan).puts, who, why)
        return self.read(plan_id)

    def duplicate(self, plan_id: str, as_id: str, *, title: str, who: str) -> SavedPlan:
        """A variant of a plan: the same initiatives under another name and title, not approved."""
        plan = self.read(plan_id).plan
        plan = plan.model_copy(update={"plan": plan.plan.model_copy(update={"name": title})})
        self._save(as_id, new_plan(check_name(as_id), plan, variant_of=plan_id).puts, who, f"variant of {plan_id}")
        return self.read(as_id)

    def remove(self, plan_id: str, *, who: str, why: str = "", expected: int) -> None:
        """Remove a plan and its initiatives; the history keeps them."""
        saved = self.read(plan_id)
        check_reason(saved, why)
        for one in saved.initiatives.values():
            check_reason(one, why)
        puts = [Put(PLAN, plan_id, None, expected)]
        puts += [Put(INITIATIVE, key_of(plan_id, name), None, one.version) for name, one in saved.initiatives.items()]
        self._save(plan_id, puts, who, why)

    def save_head(self, plan_id: str, plan: Plan, *, who: str, why: str = "", expected: int) -> SavedPlan:
        """Save everything of a plan but its initiatives; raises Conflict, PlanError and NotAllowed."""
        saved = self.read(plan_id)
        if saved.version == expected:
            check_reason(saved, why)
            plan = held_to_reference(saved, plan)
        self._save(plan_id, [Put(PLAN, plan_id, saved.body(plan), expected)], who, why)
        return self.read(plan_id)

    def save_initiative(
        self, plan_id: str, initiative: Initiative, *, who: str, why: str = "", expected: int | None = None
    ) -> SavedInitiative:
        """Save an initiative; without ``expected`` it is a new one, at the end of the plan.

        Raises Conflict, PlanError where the plan would contradict itself, and NotAllowed where the stage is not the
        saved one (stages are moved) or something approved is changed without a reason.
        """
        plan = self.read(plan_id)
        saved = plan.initiatives.get(initiative.id)
        if saved is None or expected is None:
            last = max((one.position for one in plan.initiatives.values()), default=-1)
            body = initiative_body(unapproved(initiative), last + 1)
        else:
            body = saved.body(initiative)
            if saved.version == expected:
                check_reason(saved, why)
                check_stage(saved.initiative, initiative)
        self._save(plan_id, [Put(INITIATIVE, key_of(plan_id, initiative.id), body, expected)], who, why)
        return self.read(plan_id).initiative(initiative.id)

    def remove_initiative(self, plan_id: str, initiative_id: str, *, who: str, why: str = "", expected: int) -> None:
        """Remove an initiative; raises Conflict, and PlanError where another one depends on it."""
        check_reason(self.read(plan_id).initiative(initiative_id), why)
        self._save(plan_id, [Put(INITIATIVE, key_of(plan_id, initiative_id), None, expected)], who, why)

    def move(
        self,
        plan_id: str,
        initiative_id: str,
        stage: Stage,
        *,
        who: str,
        role: Role,
        expected: int,
        why: str = "",
        reference: Decimal | None = None,
        cycle: str = "",
        segments: Sequence[Segment] | None = None,
    ) -> SavedInitiative:
        """Move an initiative to a stage; to L3 with the monthly spend in its scope as ``reference``, and the ``cycle``.

        Raises NotAllowed (role, order, reason), NotReady with what the review found missing, and Conflict.
        """
        plan = self.read(plan_id)
        saved = plan.initiative(initiative_id)
        before = saved.initiative.stage
        check_move(before, stage, role, why)
        gaps = missing_for(stage, plan.plan, saved.initiative, segments) if stage > before else []
        if gaps:
            raise NotReady(initiative_id, stage, gaps)
        moved = saved.initiative.model_copy(update={"stage": stage})
        approval, approved = (saved.approval, saved.approved) if stays_approved(stage) else (None, None)
        if stage == APPROVED and before < stage:
            approval, approved = self._approval(reference, cycle, who), held(moved)
        move = Move(from_stage=before, to_stage=stage, at=self.state.now(), by=who, role=role, why=why)
        body = initiative_body(moved, saved.position, (*saved.moves, move), approval, approved)
        put = Put(INITIATIVE, key_of(plan_id, initiative_id), body, expected)
        self._save(plan_id, [put], who, why or f"{before} to {stage}")
        return self.read(plan_id).initiative(initiative_id)

    def approve(
        self, plan_id: str, *, reference: Decimal, cycle: str, who: str, role: Role, expected: int
    ) -> SavedPlan:
        """Approve a plan for a budget or reforecast cycle: its target is measured against ``reference`` from now on.

        ``reference`` is money a month in the plan's currency. Raises NotAllowed where the role is not finance.
        """
        check_role(role, APPROVE_PLAN)
        saved = self.read(plan_id)
        plan = frozen(saved.plan, reference)
        body = plan_body(plan, self._approval(reference, cycle, who), head_of(plan), saved.variant_of)
        self._save(plan_id, [Put(PLAN, plan_id, body, expected)], who, f"approved for {cycle}")
        return self.read(plan_id)

    def import_plan(self, plan_id: str, plan: Plan, *, who: str, why: str = "") -> Imported:
        """Make the saved plan what a plan file says, in one transaction; what is the same is not touched.

        Raises NotAllowed where something approved would change without a reason, and Conflict.
        """
        known = plan_id in self.names()
        found = changed_plan(self.read(plan_id), plan, why) if known else new_plan(check_name(plan_id), plan)
        if found.puts:
            self._save(plan_id, found.puts, who, why or "imported from a plan file")
        return _imported(self.read(plan_id), found)

    def history(self, plan_id: str) -> list[Entry]:
        """What was changed in a plan and its initiatives, newest first."""
        keys = (plan_id, f"{plan_id}/")
        found = self.state.history(PLAN, plan_id) + self.state.history(INITIATIVE)
        found = [one for one in found if one.key == keys[0] or one.key.startswith(keys[1])]
        return sorted(found, key=lambda one: -one.seq)

    def undo(self, plan_id: str, seq: int, *, who: str) -> SavedPlan | None:
        """Put back a change of the plan's history and all saved with it; None where that takes the plan away.

        Raises Conflict where it was changed since, PlanError where the plan would contradict itself, and NotAllowed
        for moves and approvals, which are taken back by a move.
        """
        history = self.history(plan_id)
        batch = {one.seq: one.batch for one in history}
        if seq not in batch:
            raise InputError(f"{plan_id} has no change {seq}", expected="a number of its history", fix="Look it up.")
        for one in history:
            if one.batch == batch[seq]:
                check_undo(one.before, one.after)
        self.state.undo(seq, who=who, together=True, check=lambda look: _whole(look, plan_id))
        return self.read(plan_id) if plan_id in self.names() else None

    def _approval(self, reference: Decimal | None, cycle: str, who: str) -> Approval:
        if reference is None or not cycle.strip():
            raise InputError(
                "An approval needs what it is measured against and for which cycle",
                expected="a monthly reference and a cycle such as FY27 budget",
                fix="Fill both in.",
            )
        return Approval(reference=reference, cycle=cycle, at=self.state.now(), by=who)

    def _save(self, plan_id: str, puts: Sequence[Put], who: str, why: str) -> None:
        """Save, unless what results is no plan."""
        self.state.put_all(puts, who=who, why=why, check=lambda look: _whole(look, plan_id))


def _whole(look: Look, plan_id: str) -> None:
    """Refuse a plan that contradicts itself, and initiatives without a plan."""
    view = look(PLAN, INITIATIVE)
    if any(record.kind == PLAN and record.key == plan_id for record in view.records):
        saved_plan(view, plan_id)
    elif any(record.key.startswith(f"{plan_id}/") for record in view.records):
        raise InputError(f"{plan_id} has other initiatives by now", expected="none", fix="Remove them first.")


def _imported(plan: SavedPlan, found: Changes) -> Imported:
    created, changed, removed = tuple(found.created), tuple(found.changed), tuple(found.removed)
    return Imported(plan, created, changed, removed, tuple(found.stages_kept))
