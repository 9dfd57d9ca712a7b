"""What each role may do, and what is said to whom may not: the one place that knows.

Conventions: a viewer looks. Lead and admin edit; finance edits too, and alone approves, signs off and books. Until
sign-in is switched on, a role is taken as it was said. Everything here is pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from costlib.errors import CostError

Role = Literal["viewer", "lead", "finance", "admin"]
EDITORS: Final[tuple[Role, ...]] = ("lead", "finance", "admin")
FINANCE: Final[tuple[Role, ...]] = ("finance",)


class NotAllowed(CostError):
    """This is not this person's to do, or not the next thing to do."""


@dataclass(frozen=True)
class Act:
    """Something that not every role may do: what is refused to the others, and the roles that may."""

    refused: str
    roles: tuple[Role, ...]


EDIT_PLAN: Final = Act("A plan is not changed", EDITORS)
MOVE_STAGE: Final = Act("A stage is not moved", EDITORS)
APPROVE: Final = Act("An initiative is not approved", FINANCE)
SIGN_OFF: Final = Act("An initiative is not signed off", FINANCE)
APPROVE_PLAN: Final = Act("A plan is not approved", FINANCE)
DECIDE_ASK: Final = Act("A decision is not put on record", EDITORS)
LOCK_BUDGET: Final = Act("A budget is not locked or withdrawn", EDITORS)
EDIT_LAUNCH: Final = Act("A launch is not changed", EDITORS)
DECIDE_LAUNCH: Final = Act("A launch is not decided", FINANCE)
SAY_LIVE: Final = Act("An initiative is not said to be live", EDITORS)
BOOK: Final = Act("A saving is not booked", FINANCE)
TAKE_BACK: Final = Act("A sign-off is not taken back", FINANCE)
EDIT_RULES: Final = Act("Rules are not changed", EDITORS)
EDIT_RATES: Final = Act("Rates are not changed", EDITORS)
SIGN_AGREEMENT: Final = Act("An agreement is not signed", EDITORS)
EDIT_FORECAST: Final = Act("A forecast is not changed or locked", EDITORS)
EDIT_DOCUMENT: Final = Act("A document is not changed", EDITORS)
MARK_FINAL: Final = Act("A document is not marked final", FINANCE)


def may(role: Role, act: Act) -> bool:
    """Whether the role may do it.

    >>> may("viewer", EDIT_PLAN), may("admin", EDIT_PLAN), may("admin", BOOK), may("finance", BOOK)
    (False, True, False, True)
    """
    return role in act.roles


def check_role(role: Role, act: Act, problem: str = "") -> None:
    """Raise NotAllowed where the role may not do it, with who may and what to do; ``problem`` says it otherwise.

    >>> check_role("admin", BOOK)
    Traceback (most recent call last):
    ...
    costlib.state.roles.NotAllowed: A saving is not booked by an admin. Expected: finance. Ask finance, or change the \
role under Who is editing? on Roadmap
    """
    if may(role, act):
        return
    *others, last = act.roles
    raise NotAllowed(
        problem or f"{act.refused} by {a_role(role)}",
        expected=f"{', '.join(others)} or {last}" if others else last,
        fix=f"Ask {'one of them' if others else last}, or change the role under Who is editing? on Roadmap",
    )


def a_role(role: Role) -> str:
    """The role with its article, as a sentence has it.

    >>> a_role("admin"), a_role("viewer"), a_role("finance")
    ('an admin', 'a viewer', 'finance')
    """
    if role == "finance":
        return role
    return f"an {role}" if role == "admin" else f"a {role}"
