"""The history of a plan: who changed what, when and why, and the way to undo it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from costlib import money
from costlib.errors import CostError
from costlib.state.compare import changed_fields, flat
from costlib.state.records import Entry
from ui.editing.editor import Editor, asks_for_name, field_name
from ui.editing.fields import as_typed
from ui.editing.form import SAID, close_form
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of
from ui.tables import figures_table

#: Changes that are listed, and fields that one of them names.
_SHOWN: Final = 25
_NAMED: Final = 4
#: Parts of a record that say how it is kept, not what somebody changed.
_HIDDEN: Final = ("position", "approved.", "moves", "approval.")


def history_panel(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the changes, newest first, and undo the chosen one."""
    entries = plans_of(chosen.page).history(chosen.saved.id)[:_SHOWN]
    st.header(f"{_count(len(entries))} on record, newest first", anchor=False)
    rows = [[str(one.seq), f"{one.at:%-d %b %Y %H:%M} UTC", one.who, change_words(one), one.why] for one in entries]
    figures_table("Changes to this plan", ("Change", "When", "Who", "What", "Why"), rows)
    named = {one.seq: change_words(one) for one in entries}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seq = st.selectbox(
            "Change", list(named), format_func=lambda one: f"{one}: {named[one]}", key="undo-seq", width=460
        )
        pressed = st.button("Undo this change", key="undo")
    if pressed and seq is not None:
        _undo(chosen, seq, named[seq], editor)


def _undo(chosen: ChosenPlan, seq: int, what: str, editor: Editor) -> None:
    if asks_for_name(editor):
        return
    try:
        plans_of(chosen.page).undo(chosen.saved.id, seq, who=editor.name)
    except CostError as error:
        refusal(error)
        return
    close_form()
    st.session_state[SAID] = f"Undone: {what}"
    st.rerun()


def change_words(one: Entry) -> str:
    """What one change did, in a line."""
    name = _name(one)
    if one.before is None:
        return f"{name} added"
    if one.after is None:
        return f"{name} removed"
    before, after = flat(one.before), flat(one.after)
    if before.get("initiative.stage") != after.get("initiative.stage"):
        return f"{name}: {before.get('initiative.stage')} to {after.get('initiative.stage')}"
    fields = [field for field in changed_fields(one.before, one.after) if not field.startswith(_HIDDEN)]
    said = [f"{field_name(f)} {as_typed(f, before.get(f))} → {as_typed(f, after.get(f))}" for f in fields[:_NAMED]]
    more = [f"{len(fields) - _NAMED} more"] if len(fields) > _NAMED else []
    return f"{name}: {'; '.join([*said, *more]) or 'order'}"


def _name(one: Entry) -> str:
    """What the record is called: an initiative by its title, else the plan."""
    body: Mapping[str, Any] = one.after or one.before or {}
    held = body.get("initiative")
    return str(held.get("title") or held.get("id")) if held else "The plan"


def _count(number: int) -> str:
    return money.counted(number, "change")
