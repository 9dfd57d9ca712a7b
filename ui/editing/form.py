"""The form of one initiative: what was opened, what the reader entered, and how it is saved.

Conventions: a form keeps what it was opened on (version and body) for the session, so that a save which somebody else
overtook is noticed, and what the reader entered stays in the form. "My changes on top of theirs" saves the fields that
the reader changed, and no others, on what is saved now. Numbers have no bounds in the form: a browser holds back a
form with a number outside them without a word, and the plan refuses it by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from costlib.briefs.words import roadmap as words
from costlib.errors import CostError
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_file import held
from costlib.roadmap.plan_model import Initiative
from costlib.state.errors import Conflict
from costlib.state.roles import EDIT_PLAN
from costlib.state.saved import SavedInitiative
from ui.editing.criteria import ask_criteria, lines_of, with_criteria
from ui.editing.editor import Editor, barred, conflict_panel, is_same, refuses
from ui.editing.fields import Body, changed, in_unit, initiative_of, shown, with_named
from ui.editing.groups import BET, FIELDS, GROUPS, TAKES, Field, Kind, place_of
from ui.editing.scope import ask_effort, ask_scope
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of

OPENED, CONFLICT, REFUSED, UNSAVED, SAID = "opened", "edit-conflict", "edit-refused", "edit-unsaved", "said"
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
    kept: Opened | None = st.session_state.get(OPENED)
    if kept and (kept.plan, kept.id) == (chosen.saved.id, saved.initiative.id):
        return kept
    count = int(st.session_state.get("openings", 0)) + 1
    found = Opened(chosen.saved.id, saved.initiative.id, saved.version, held(saved.initiative), count)
    st.session_state["openings"], st.session_state[OPENED] = count, found
    st.session_state.pop(CONFLICT, None)
    st.session_state.pop(REFUSED, None)
    return found


def edit_form(chosen: ChosenPlan, saved: SavedInitiative, editor: Editor) -> None:
    """Draw the form of an initiative and save what was entered."""
    opened = opened_on(chosen, saved)
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict:
        conflict_panel(conflict, words.title_of(saved.initiative))
        _settle(opened, saved)
    elif saved.version != opened.version:
        st.info(literal(f"{saved.changed_by} saved this initiative after you opened it."))
    wrong = _refused()
    if st.session_state.pop(UNSAVED, False):
        st.toast("Not saved: the reason stands at the head of the form.", icon=":material/error:")
    with st.form(opened.key("form"), border=False):
        seen = Initiative.model_validate(opened.body)
        before = {field.path: shown(opened.body, seen, field) for field in FIELDS}
        kill = lines_of(opened.body)
        after: dict[str, Any] = {}
        for group in GROUPS:
            if group is GROUPS[1]:
                with st.expander("Where it acts", expanded=True):
                    scope = ask_scope(chosen, opened.body, opened.key)
            with st.expander(group.title, expanded=group.open or group.title == wrong):
                grid = st.grid(min_column_width=215, gap="small", key=opened.key(group.title))
                for field in group.fields:
                    after[field.path] = _ask(grid, field, before[field.path], opened, chosen)
                if group.title == TAKES:
                    effort = ask_effort(chosen, opened.body, opened.key)
                if group.title == BET:
                    kept = ask_criteria(kill, opened.key)
        why = st.text_input(
            "Why", key=opened.key("why"), placeholder="Needed where something approved changes", max_chars=300
        )
        with st.container(horizontal=True):
            kept_out = barred(editor, EDIT_PLAN)
            pressed = st.form_submit_button("Save", type="primary", **kept_out)
            on_top = conflict is not None and st.form_submit_button("Save my changes on top of theirs", **kept_out)
    if pressed or on_top:
        on_theirs = conflict and on_top and conflict.version
        merged = replace(opened, version=on_theirs, body=held(saved.initiative)) if on_theirs else opened
        body = changed(merged.body, before, after)
        for name, entered in (("scope", scope), ("effort", effort)):
            body = with_named(body, name, opened.body.get(name, {}), entered)
        body = with_criteria(body, kill, kept)
        _save(chosen, merged, body, editor, why or "")


def _settle(opened: Opened, saved: SavedInitiative) -> None:
    """The way out of a conflict that keeps theirs; the other one is a button of the form."""
    if st.button(f"Take what {literal(saved.changed_by)} saved", key=opened.key("theirs")):
        close_form()
        st.rerun()


def close_form() -> None:
    """Forget what was opened: the form shows what is saved."""
    for name in (OPENED, CONFLICT, REFUSED):
        st.session_state.pop(name, None)


def _refused() -> str | None:
    """Say why the last save was refused and in which field; the title of its group."""
    error: CostError | None = st.session_state.get(REFUSED)
    if error is None:
        return None
    found = place_of(error.place[2:]) if isinstance(error, PlanError) else None
    if not isinstance(error, PlanError) or found is None:
        refusal(error)
        return BET if isinstance(error, PlanError) and "kill_criteria" in error.place else None
    group, field = found
    st.error(literal(f"{field.label}: {in_unit(error.told, field)}"))
    if error.expected:
        st.write(f"Expected: {literal(in_unit(error.expected, field))}.")
    st.write(literal(f"Look at {field.label}, under {group.title}. Your other entries are still in the form."))
    return group.title


def _save(chosen: ChosenPlan, opened: Opened, body: Body, editor: Editor, why: str) -> None:
    st.session_state.pop(REFUSED, None)
    if refuses(editor, EDIT_PLAN):
        return
    try:
        wanted = initiative_of(chosen.saved.plan, chosen.saved.plan.plan.name, body)
        plans_of(chosen.page).save_initiative(
            chosen.saved.id, wanted, who=editor.name, why=why, expected=opened.version
        )
    except Conflict as conflict:
        if is_same(conflict):
            _saved(wanted)
        else:
            st.session_state[CONFLICT], st.session_state[UNSAVED] = conflict, True
    except CostError as error:
        st.session_state[REFUSED], st.session_state[UNSAVED] = error, True
    else:
        _saved(wanted)
    st.rerun()


def _saved(wanted: Initiative) -> None:
    close_form()
    st.session_state[SAID] = f"{words.title_of(wanted)} is saved"


def _ask(place: Any, field: Field, value: Any, opened: Opened, chosen: ChosenPlan) -> Any:
    """One field as its widget; what the reader entered."""
    key, said = opened.key(field.path), field.help or None
    match field.kind:
        case Kind.TEXT:
            return place.text_input(field.label, value=value or "", key=key, help=said) or None
        case Kind.LONG:
            return place.text_area(field.label, value=value or "", key=key, help=said, height=_TALL) or None
        case Kind.PERCENT:
            return place.number_input(field.label, value=value, step=1.0, format="%g", key=key, help=said)
        case Kind.MONEY:
            name = f"{field.label}, {chosen.currency}"
            return place.number_input(name, value=value, step=1000.0, format="%.0f", key=key, help=said)
        case Kind.NUMBER:
            return place.number_input(field.label, None, None, value, step=0.01, format="%g", key=key, help=said)
        case Kind.WHOLE:
            return place.number_input(field.label, value=value, step=1, key=key, help=said)
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
        case Kind.OPTIONAL:
            return place.selectbox(
                field.label,
                field.options,
                index=None if value is None else field.options.index(value),
                format_func=str.capitalize,
                key=key,
                help=said,
                placeholder="Not stated",
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
    """A month of the plan, or one of the field's own words."""
    known = [*field.options, *chosen.saved.plan.months]
    options = known if value is None or value in known else [value, *known]
    index = None if value is None else options.index(value)
    found: str | None = place.selectbox(
        field.label,
        options,
        index=index,
        format_func=lambda one: one.capitalize() if one in field.options else words.month_words(one),
        key=key,
        help=field.help or None,
        placeholder="Not stated",
    )
    return found


def say_what_was_done() -> None:
    """Tell once what the last change did, at the head of the page and wherever the reader is on it."""
    if said := st.session_state.pop(SAID, None):
        st.success(literal(said))
        st.toast(literal(said))
