"""The card of one initiative: its form, its stage, the way out of the plan; and the way in for a new one."""

from __future__ import annotations

import streamlit as st

from costlib.briefs.words import roadmap as words
from costlib.errors import CostError
from costlib.roadmap.plan_model import Initiative
from costlib.state.edits import plan_name
from costlib.state.errors import Conflict
from costlib.state.roles import EDIT_PLAN
from costlib.state.saved import SavedInitiative
from ui.editing.editor import Editor, barred, refuses
from ui.editing.entry import emptied, is_done, press, pressed
from ui.editing.form import SAID, close_form, edit_form
from ui.editing.stage import stage_panel
from ui.editing.summary import glance_panel
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import ChosenPlan, plans_of
from ui.roadmap.page import NEXT_INITIATIVE


def initiative_card(chosen: ChosenPlan, name: str, editor: Editor) -> None:
    """Draw the form and the stage of an initiative side by side."""
    saved = chosen.saved.initiative(name)
    with st.container(border=True, key="initiative-card"):
        st.header(literal(words.title_of(saved.initiative)), anchor=False)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            edit_form(chosen, saved, editor)
        with right:
            glance_panel(saved.initiative, chosen.page.today, chosen.saved.plan.initiatives)
            stage_panel(chosen, saved, editor)
            _remove(chosen, saved, editor)


def _remove(chosen: ChosenPlan, saved: SavedInitiative, editor: Editor) -> None:
    """Draw the way out of the plan; what was changed since it was drawn is told before it can be taken out."""
    seen: SavedInitiative | None = pressed("remove")
    with st.popover("Take it out of the plan", type="tertiary", key="remove"):
        st.write("The history keeps it, and undo brings it back.")
        why = st.text_input("Why", key="remove-why")
        bar = barred(editor, EDIT_PLAN)
        st.button("Take it out", key="remove-now", on_click=press, args=("remove", saved), **bar)
        if seen is None or seen.initiative.id != saved.initiative.id or refuses(editor, EDIT_PLAN):
            return
        title = words.title_of(seen.initiative)
        try:
            plans_of(chosen.page).remove_initiative(
                chosen.saved.id, seen.initiative.id, who=editor.name, why=why or "", expected=seen.version
            )
        except Conflict as conflict:
            st.error(literal(conflict.of(title)))
            st.write("It is still in the plan, as it stands now. Whoever still wants it out takes it out once more.")
            return
        except CostError as error:
            refusal(error)
            return
        close_form()
        st.session_state[SAID] = f"{title} is out of the plan"
        st.rerun()


def add_initiative(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the way in for an idea: a title is enough to begin with."""
    emptied("add-initiative", {"new-title": "", "new-owner": ""})
    with st.popover("Add an initiative", key="add"), st.form("add-initiative", border=False):
        title = st.text_input("What is to be done", key="new-title", max_chars=120)
        owner = st.text_input("Owner", key="new-owner")
        if not st.form_submit_button("Add it, at L0", **barred(editor, EDIT_PLAN)) or not title:
            return
        if refuses(editor, EDIT_PLAN):
            return
        one = Initiative(id=_free_id(chosen, title), title=title, **({"owner": owner} if owner else {}))
        try:
            plans_of(chosen.page).save_initiative(chosen.saved.id, one, who=editor.name)
        except CostError as error:
            refusal(error, title)
            return
        is_done("add-initiative")
        st.session_state[NEXT_INITIATIVE] = one.id
        st.session_state[SAID] = f"{title} is in the plan, as an idea"
        st.rerun()


def _free_id(chosen: ChosenPlan, title: str) -> str:
    """An id from the title that the plan does not hold yet."""
    name = plan_name(title) or "initiative"
    taken = chosen.saved.initiatives
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 1000))) if one not in taken)
