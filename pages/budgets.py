"""Which budgets are locked, how did closed quarters come out against them, and how does a new one come in?"""

from __future__ import annotations

import streamlit as st

from costlib.periods import day_name
from costlib.state.budgets import budgets
from ui.budgets.locked import finding, locked_panel
from ui.budgets.page import review_panel, upload_panel
from ui.editing.editor import choose_editor
from ui.editing.form import say_what_was_done
from ui.guard import guard
from ui.markdown import literal
from ui.status import line_of

page = guard()
held = budgets(page.workspace.state())
st.title(literal(finding(held)), anchor=False)
st.caption(line_of(page, f"Budgets by team and month, against usage to {day_name(page.today)} (UTC)"))
editor = choose_editor()
say_what_was_done()
locked_panel(page, held, editor)
if held:
    review_panel(page, held)
upload_panel(page, editor)
