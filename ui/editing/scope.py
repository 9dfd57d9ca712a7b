"""Where an initiative acts and whose work it takes, as its form asks for them: values of dimensions, weeks by role.

Conventions: no value of a dimension means all of it; a role that is left empty takes no part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import streamlit as st

from costlib.briefs.exhibits import segment_name
from costlib.briefs.words import roadmap as words
from costlib.focus import label
from ui.editing.fields import Body
from ui.editing.groups import SCOPE_COLUMNS
from ui.plan import ChosenPlan

#: Names a widget of this opening of the form.
Key = Callable[[str], str]
#: Roles that the form asks for where a plan names none.
_ROLES: Final = ("ml_engineer", "platform_engineer", "data_engineer")


def ask_scope(chosen: ChosenPlan, body: Body, key: Key) -> dict[str, list[str]]:
    """The spend that the initiative acts on: values of each dimension; none means all of them."""
    held: Mapping[str, list[str]] = body.get("scope", {})
    columns = list(dict.fromkeys([*SCOPE_COLUMNS, *held]))
    grid = st.grid(min_column_width=215, gap="small", key=key("scope"))
    found = {}
    for column in columns:
        chosen_values = list(held.get(column, ()))
        known = [value for value in chosen.page.snapshot.reader.values(column) if value]
        found[column] = grid.multiselect(
            label(column),
            [*known, *(value for value in chosen_values if value not in known)],
            default=chosen_values,
            format_func=partial(segment_name, column),
            key=key(f"scope.{column}"),
            placeholder="All",
        )
    return found


def ask_effort(chosen: ChosenPlan, body: Body, key: Key) -> dict[str, float | None]:
    """Person-weeks by role: the plan's roles, or the usual ones where it names none."""
    plan = chosen.saved.plan
    named = [*plan.capacity, *(role for one in plan.initiatives for role in one.effort)]
    held: Mapping[str, float] = body.get("effort", {})
    grid = st.grid(min_column_width=215, gap="small", key=key("effort"))
    return {
        role: grid.number_input(
            f"{words.role_name(role)}, person-weeks",
            0.0,
            None,
            float(held[role]) if role in held else None,
            step=0.5,
            format="%g",
            key=key(f"effort.{role}"),
        )
        for role in dict.fromkeys([*(named or _ROLES), *held])
    }
