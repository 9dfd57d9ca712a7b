"""What have initiatives truly saved, beside what was promised, and what of it did finance sign off?"""

from __future__ import annotations

import streamlit as st

from ui.cards import cards
from ui.editing.editor import choose_editor
from ui.editing.form import say_what_was_done
from ui.guard import guard
from ui.markdown import literal
from ui.plan import plan_line
from ui.savings.page import NOTHING, alarms, checks_panel, review_panel, savings_of, standing_table
from ui.savings.proof import proof_panel
from ui.savings.sign import go_live_panel, sign_panel, take_back_panel
from ui.selection import choose_currency

page = guard()
head = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="savings-bar"):
    currency = choose_currency(page)
    editor = choose_editor()
savings = savings_of(page, currency)
with head:
    st.title(literal(savings.finding()), anchor=False)
    st.caption(plan_line(page, currency))
say_what_was_done()
if not savings.live:
    st.write(NOTHING)
    st.stop()
alarms(savings)
if savings.measured:
    cards(savings.cards())
    with st.container(border=True, key="standings"):
        standing_table(savings)
    checks_panel(savings)
    chosen = proof_panel(savings)
    if chosen:
        sign_panel(savings, chosen, editor)
    take_back_panel(savings, editor)
    review_panel(savings)
go_live_panel(savings, editor)
