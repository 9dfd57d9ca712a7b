"""The form of one initiative: what was opened, what the reader entered, and how it is saved.

Conventions: a form keeps what it was opened on (version and body) for the session, so that a save which somebody else
overtook is noticed, and what the reader entered stays in the form. "My changes on top of theirs" saves the fields that
the reader changed, and no others, on what is saved now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import streamlit as st

from costlib.briefs import roadmap_words as words
from costlib.briefs.exhibits import segment_name
from costlib.errors import CostError
from costlib.focus import label
from costlib.roadmap.plan_model import Initiative
from costlib.state.errors import Conflict
from costlib.state.saved import SavedInitiative
from ui.editing import Editor, asks_for_name, conflict_panel
from ui.editing_fields import (
    FIELDS,
    GROUPS,
    SCOPE_COLUMNS,
    Body,
    Field,
    Kind,
    body_of,
    changed,
    initiative_of,
    shown,
    with_named,
)
from ui.panels import literal, refusal
from ui.plan import ChosenPlan, plans_of

OPENED, CONFLICT, SAID = "opened", "edit-conflict", "said"
#: Roles that the form asks for where a plan names none.
_ROLES: Final = ("ml_engineer", "platform_engineer", "data_engineer")
_TALL: Final = 90


@dataclass(frozen=True)
class Opened:
    """What a form was opened on; ``count`` tells one opening of it from the next."""

    plan: str
    id: str
    version: int
    body: Body
    count: int

    def key(self, name: str) -> str:
        """The key of a widget of this opening."""
        return f"edit-{self.count}-{self.plan}-{self.id}-{name}"


def opened_on(chosen: ChosenPlan, saved: SavedInitiative) -> Opened:
    """What the reader's form was opened on: kept until it is saved or another initiative is chosen."""
    held: Opened | None = st.session_state.get(OPENED)
    if held and (held.plan, held.id) == (chosen.saved.id, saved.initiative.id):
        return held
    count = int(st.session_state.get("openings", 0)) + 1
    found = Opened(chosen.saved.id, saved.initiative.id, saved.version, body_of(saved.initiative), count)
    st.session_state["openings"], st.session_state[OPENED] = count, found
    st.session_state.pop(CONFLICT, None)
    return found


def edit_form(chosen: ChosenPlan, saved: SavedInitiative, editor: Editor) -> None:
    """Draw the form of an initiative and save what was entered."""
    opened = opened_on(chosen, saved)
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict:
        conflict_panel(conflict)
        _settle(opened, saved)
    elif saved.version != opened.version:
        st.info(literal(f"{saved.changed_by} saved this initiative after you opened it."))
    with st.form(opened.key("form"), border=False):
        seen = Initiative.model_validate(opened.body)
        before = {field.path: shown(opened.body, seen, field) for field in FIELDS}
        after: dict[str, Any] = {}
        for group in GROUPS:
            if group is GROUPS[1]:
                with st.expander("Where it acts", expanded=True):
                    scope = _scope(chosen, opened)
            with st.expander(group.title, expanded=group.open):
                grid = st.grid(min_column_width=215, gap="small", key=opened.key(group.title))
                for field in group.fields:
                    after[field.path] = _ask(grid, field, before[field.path], opened, chosen)
                if group.title == "What it takes":
                    effort = _effort(chosen, opened)
        why = st.text_input(
            "Why", key=opened.key("why"), placeholder="Needed where something approved changes", max_chars=300
        )
        with st.container(horizontal=True):
            pressed = st.form_submit_button("Save", type="primary")
            on_top = conflict is not None and st.form_submit_button("Save my changes on top of theirs")
    if pressed or on_top:
        merged = replace(opened, version=saved.version, body=body_of(saved.initiative)) if on_top else opened
        body = changed(merged.body, before, after)
        for name, entered in (("scope", scope), ("effort", effort)):
            body = with_named(body, name, opened.body.get(name, {}), entered)
        _save(chosen, merged, body, editor, why or "")


def _settle(opened: Opened, saved: SavedInitiative) -> None:
    """The way out of a conflict that keeps theirs; the other one is a button of the form."""
    if st.button(f"Take what {literal(saved.changed_by)} saved", key=opened.key("theirs")):
        close_form()
        st.rerun()


def close_form() -> None:
    """Forget what was opened: the form shows what is saved."""
    st.session_state.pop(OPENED, None)
    st.session_state.pop(CONFLICT, None)


def _save(chosen: ChosenPlan, opened: Opened, body: Body, editor: Editor, why: str) -> None:
    if asks_for_name(editor):
        return
    try:
        wanted = initiative_of(chosen.saved.plan, chosen.saved.plan.plan.name, body)
        plans_of(chosen.page).save_initiative(
            chosen.saved.id, wanted, who=editor.name, why=why, expected=opened.version
        )
    except Conflict as conflict:
        st.session_state[CONFLICT] = conflict
    except CostError as error:
        refusal(error)
        return
    else:
        close_form()
        st.session_state[SAID] = f"{words.title_of(wanted)} is saved"
    st.rerun()


def _ask(place: Any, field: Field, value: Any, opened: Opened, chosen: ChosenPlan) -> Any:
    """One field as its widget; what the reader entered."""
    key, said = opened.key(field.path), field.help or None
    match field.kind:
        case Kind.TEXT:
            return place.text_input(field.label, value=value or "", key=key, help=said) or None
        case Kind.LONG:
            return place.text_area(field.label, value=value or "", key=key, help=said, height=_TALL) or None
        case Kind.PERCENT:
            return place.number_input(field.label, 0.0, 100.0, value, step=1.0, format="%g", key=key, help=said)
        case Kind.MONEY:
            name = f"{field.label}, {chosen.currency}"
            return place.number_input(name, 0.0, None, value, step=1000.0, format="%.0f", key=key, help=said)
        case Kind.NUMBER:
            return place.number_input(field.label, None, None, value, step=0.01, format="%g", key=key, help=said)
        case Kind.WHOLE:
            return place.number_input(field.label, 0, None, value, step=1, key=key, help=said)
        case Kind.MONTH:
            return _month(place, field, value, key, chosen)
        case Kind.CHOICE:
            return place.selectbox(
                field.label,
                field.options,
                index=field.options.index(value),
                format_func=str.capitalize,
                key=key,
                help=said,
            )
        case Kind.OTHERS:
            names = {one.id: words.title_of(one) for one in chosen.saved.plan.initiatives if one.id != opened.id}
            return place.multiselect(
                field.label,
                [*names, *(one for one in value if one not in names)],
                default=value,
                format_func=lambda name: names.get(name, name),
                key=key,
                help=said,
            )


def _month(place: Any, field: Field, value: str | None, key: str, chosen: ChosenPlan) -> str | None:
    months = chosen.saved.plan.months
    options = months if value is None or value in months else [value, *months]
    index = None if value is None else options.index(value)
    found: str | None = place.selectbox(
        field.label, options, index=index, format_func=words.month_words, key=key, help=field.help or None
    )
    return found


def _scope(chosen: ChosenPlan, opened: Opened) -> dict[str, list[str]]:
    """The spend that the initiative acts on: values of each dimension; none means all of them."""
    held: Mapping[str, list[str]] = opened.body.get("scope", {})
    columns = list(dict.fromkeys([*SCOPE_COLUMNS, *held]))
    grid = st.grid(min_column_width=215, gap="small", key=opened.key("scope"))
    found = {}
    for column in columns:
        chosen_values = list(held.get(column, ()))
        known = [value for value in chosen.page.snapshot.reader.values(column) if value]
        found[column] = grid.multiselect(
            label(column),
            [*known, *(value for value in chosen_values if value not in known)],
            default=chosen_values,
            format_func=partial(segment_name, column),
            key=opened.key(f"scope.{column}"),
            placeholder="All",
        )
    return found


def _effort(chosen: ChosenPlan, opened: Opened) -> dict[str, float | None]:
    """Person-weeks by role: the plan's roles, or the usual ones where it names none."""
    plan = chosen.saved.plan
    named = [*plan.capacity, *(role for one in plan.initiatives for role in one.effort)]
    held: Mapping[str, float] = opened.body.get("effort", {})
    grid = st.grid(min_column_width=215, gap="small", key=opened.key("effort"))
    return {
        role: grid.number_input(
            f"{words.role_name(role)}, person-weeks",
            0.0,
            None,
            float(held[role]) if role in held else None,
            step=0.5,
            format="%g",
            key=opened.key(f"effort.{role}"),
        )
        for role in dict.fromkeys([*(named or _ROLES), *held])
    }


def say_what_was_done() -> None:
    """Tell once what the last change did."""
    if said := st.session_state.pop(SAID, None):
        st.success(literal(said))
