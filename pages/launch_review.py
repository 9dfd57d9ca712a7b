"""What will a new model cost a month, was it approved before it shipped, and what did it come to?"""

from __future__ import annotations

import streamlit as st

from costlib.briefs.words.launch import ESTIMATE_HELP, launch_finding
from ui.editing.editor import choose_editor
from ui.editing.form import say_what_was_done
from ui.guard import guard
from ui.launches.decide import decision_panel, history_panel
from ui.launches.form import propose_panel
from ui.launches.page import choose_launch, estimate_panel, launches_table, months_panel, shown_launches
from ui.markdown import literal
from ui.plan import plan_line, plan_selection

page = guard()
currency = plan_selection(page).currency
found = shown_launches(page)
st.title(literal(launch_finding([one.reviewed for one in found])), anchor=False)
st.caption(plan_line(page, currency))
with st.container(horizontal=True, vertical_alignment="bottom", key="launch-bar"):
    chosen = choose_launch(found) if found else None
    editor = choose_editor()
say_what_was_done()
if found:
    with st.container(border=True, key="launches"):
        launches_table(found)
if chosen:
    with st.container(border=True, key="launch-card"):
        st.header(literal(chosen.saved.launch.what), anchor=False, help=ESTIMATE_HELP)
        estimate_panel(chosen.reviewed)
        decision_panel(page, chosen, editor)
        months_panel(chosen.reviewed)
        history_panel(page, chosen, editor)
if chosen and chosen.saved.launch.decision is None:
    with st.expander("Change the proposal"):
        propose_panel(page, chosen.saved, editor, currency)
elif chosen is None:
    with st.expander("Propose a model", expanded=not found):
        propose_panel(page, None, editor, currency)
