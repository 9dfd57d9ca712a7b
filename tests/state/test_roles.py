"""Roles: viewers only look, lead and admin edit, finance alone approves, books and signs off; refusals teach."""

from __future__ import annotations

from typing import get_args

import pytest

from costlib.state import roles
from costlib.state.roles import Act, NotAllowed, Role, check_role, may
from costlib.state.stages import STAGES, act_of

ACTS = {name: one for name, one in vars(roles).items() if isinstance(one, Act)}
FINANCE_ALONE = {"APPROVE", "SIGN_OFF", "APPROVE_PLAN", "DECIDE_LAUNCH", "BOOK", "TAKE_BACK", "MARK_FINAL"}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_who_may(name: str) -> None:
    found = {role for role in get_args(Role) if may(role, ACTS[name])}
    assert found == ({"finance"} if name in FINANCE_ALONE else {"lead", "finance", "admin"})


def test_every_act_of_finance_is_known() -> None:
    assert set(ACTS) > FINANCE_ALONE


@pytest.mark.parametrize(
    ("role", "act", "said"),
    [
        (
            "viewer",
            roles.EDIT_PLAN,
            "A plan is not changed by a viewer. Expected: lead, finance or admin. Ask one of them, or change the role "
            "under Who is editing? on Roadmap",
        ),
        (
            "admin",
            roles.DECIDE_LAUNCH,
            "A launch is not decided by an admin. Expected: finance. Ask finance, or change the role under Who is "
            "editing? on Roadmap",
        ),
    ],
)
def test_a_refusal_says_who_may_and_what_to_do(role: Role, act: Act, said: str) -> None:
    with pytest.raises(NotAllowed) as found:
        check_role(role, act)
    assert str(found.value) == said


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("name", sorted(ACTS))
def test_it_refuses_just_those_who_may_not(role: Role, name: str) -> None:
    if may(role, ACTS[name]):
        check_role(role, ACTS[name])
        return
    with pytest.raises(NotAllowed, match=ACTS[name].refused):
        check_role(role, ACTS[name])


def test_a_move_up_is_an_approval_a_signature_or_neither() -> None:
    assert [stage for stage in STAGES if act_of(stage).roles == ("finance",)] == ["L3", "L5"]
