"""How far an initiative is, who may say so, and what an approval freezes.

Conventions: L0 idea, L1 identified (owner, value), L2 validated (business case), L3 approved and in flight, L4 actions
done (provisional), L5 signed off. One step up at a time, any number down with a reason. Finance alone moves to L3,
which freezes the reference (monthly spend in scope, decimal text in the plan's currency) for a budget or reforecast
cycle, and to L5. Everything here is pure: who, role and moment are arguments.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from costlib.money import exact
from costlib.state.roles import APPROVE, MOVE_STAGE, SIGN_OFF, Act, NotAllowed, Role, a_role, check_role
from costlib.wording import capital

Stage = Literal["L0", "L1", "L2", "L3", "L4", "L5"]
STAGES: tuple[Stage, ...] = ("L0", "L1", "L2", "L3", "L4", "L5")
#: What people call each stage.
NAMES = {
    "L0": "idea",
    "L1": "identified",
    "L2": "validated",
    "L3": "approved and in flight",
    "L4": "done, provisional",
    "L5": "signed off by finance",
}
APPROVED: Stage = "L3"
DONE: Stage = "L4"
SIGNED_OFF: Stage = "L5"


class Kept(BaseModel):
    """A part of a record: unknown fields are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _decimal(value: object) -> object:
    """Floats are refused: money in a record is decimal text."""
    if isinstance(value, float):
        raise ValueError("money is decimal text, not a binary number")
    return value


Money = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(allow_inf_nan=False),
    PlainSerializer(lambda amount: exact(amount), return_type=str),
]


class Approval(Kept):
    """What was approved: the reference it is measured against, for which cycle, when, and by whom."""

    reference: Money
    cycle: Annotated[str, Field(min_length=1)]
    at: datetime
    by: str


class Move(Kept):
    """One move of an initiative from a stage to another."""

    from_stage: Stage
    to_stage: Stage
    at: datetime
    by: str
    role: Role
    why: str = ""


def check_move(from_stage: Stage, to_stage: Stage, role: Role, why: str = "") -> None:
    """Refuse a move that is not the next one or not this role's.

    >>> check_move("L1", "L2", "lead")
    >>> check_move("L4", "L5", "lead")
    Traceback (most recent call last):
    ...
    costlib.state.roles.NotAllowed: A lead cannot move to L5 (signed off by finance). Expected: finance. Ask finance, \
or change the role under Who is editing? on Roadmap
    """
    step = STAGES.index(to_stage) - STAGES.index(from_stage)
    check_role(role, MOVE_STAGE)
    if step > 0:
        check_role(role, act_of(to_stage), f"{capital(a_role(role))} cannot move to {to_stage} ({NAMES[to_stage]})")
    if step == 0:
        raise NotAllowed(f"It is at {to_stage} already", fix="Choose another stage.")
    if step > 1:
        following = STAGES[STAGES.index(from_stage) + 1]
        raise NotAllowed(
            f"{to_stage} does not follow {from_stage}",
            expected=f"{following} ({NAMES[following]})",
            fix="Go one step at a time: each has its own review.",
        )
    if from_stage == SIGNED_OFF:
        check_role(role, SIGN_OFF, "What finance signed off is finance's to take back")
    if step < 0 and not why.strip():
        raise NotAllowed(f"A move back to {to_stage} needs a reason", fix="Say why.")


def act_of(to_stage: Stage) -> Act:
    """What a move up to the stage is, as roles have it.

    >>> act_of("L3").roles, act_of("L4").roles
    (('finance',), ('lead', 'finance', 'admin'))
    """
    return {APPROVED: APPROVE, SIGNED_OFF: SIGN_OFF}.get(to_stage, MOVE_STAGE)


def is_done(stage: Stage) -> bool:
    """Whether the actions of an initiative at this stage are done, signed off or not.

    >>> is_done("L3"), is_done("L4"), is_done("L5")
    (False, True, True)
    """
    return STAGES.index(stage) >= STAGES.index(DONE)


def stays_approved(to_stage: Stage) -> bool:
    """Whether an approval outlives a move to this stage.

    >>> stays_approved("L4"), stays_approved("L2")
    (True, False)
    """
    return STAGES.index(to_stage) >= STAGES.index(APPROVED)
