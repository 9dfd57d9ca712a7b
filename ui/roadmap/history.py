"""The history of a plan: who changed what, when and why, the way to undo it and to bring back what was undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from costlib import money
from costlib.errors import CostError
from costlib.state.compare import changed_fields, flat
from costlib.state.records import Entry
from costlib.state.roles import EDIT_PLAN
from ui.editing.editor import Editor, barred, field_name, refuses
from ui.editing.fields import as_typed
from ui.editing.form import SAID, close_form
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of
from ui.tables import figures_table
from ui.undo import line, reason, undo_button, undo_told, when

#: Changes that are listed, and fields that one of them names.
_SHOWN: Final = 25
_NAMED: Final = 4
#: Where the chosen change is kept, and that the newest is to be chosen: what was undone can be brought back at once.
_CHOSEN, _NEWEST = "undo-seq", "undo-newest"
#: Parts of a record that say how it is kept, not what somebody changed.
_HIDDEN: Final = ("position", "approved.", "moves", "approval.")


def history_panel(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the changes, newest first, and undo the chosen one or bring back what it undid."""
    history = plans_of(chosen.page).history(chosen.saved.id)
    shown = {one.seq: one for one in history[:_SHOWN]}
    st.header(f"{_count(len(shown))} on record, newest first", anchor=False)
    lines = {seq: line(one, history, change_words) for seq, one in shown.items()}
    rows = [[str(one.seq), when(one.at), one.who, lines[one.seq], reason(one, history)] for one in shown.values()]
    figures_table("Changes to this plan", ("Change", "When", "Who", "What", "Why"), rows)
    if st.session_state.pop(_NEWEST, False):
        st.session_state[_CHOSEN] = history[0].seq
    seq = st.selectbox("Change", list(shown), format_func=lambda one: f"{one}: {lines[one]}", key=_CHOSEN, width=460)
    if seq is None:
        return
    seen = undo_button(shown[seq], history, change_words, "undo", **barred(editor, EDIT_PLAN))
    if seen is not None:
        _undo(chosen, {one.seq: one for one in history}[seen], history, editor)


def _undo(chosen: ChosenPlan, one: Entry, history: Sequence[Entry], editor: Editor) -> None:
    if refuses(editor, EDIT_PLAN):
        return
    try:
        plans_of(chosen.page).undo(chosen.saved.id, one.seq, who=editor.name)
    except CostError as error:
        is_alone = sum(other.batch == one.batch for other in history) == 1
        refusal(error, _name(one) if is_alone else "")
        return
    close_form()
    st.session_state[SAID] = undo_told(one, history, change_words)
    st.session_state[_NEWEST] = True
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
