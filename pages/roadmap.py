"""What shall be done about spend, when and by whom, what does it bring, and how likely is the target met?"""

from __future__ import annotations

import streamlit as st

from ui.cards import cards
from ui.guard import guard
from ui.panels import literal, refusal
from ui.plan import choose_plan, plan_cards, plan_line, plans_of
from ui.roadmap import NO_PLAN, Roadmap, charts, initiatives_table

page = guard()
head = st.container()
chosen = choose_plan(page, plans_of(page).names())
if chosen is None:
    head.title(NO_PLAN, anchor=False)
    head.caption(plan_line(page))
    st.stop()
roadmap = Roadmap(chosen)
with head:
    st.title(literal(roadmap.finding()), anchor=False)
    st.caption(plan_line(page, chosen.currency))
if chosen.problem:
    refusal(chosen.problem)
if chosen.found:
    st.write(literal(roadmap.situation() or ""))
    cards(plan_cards(chosen.found))
    charts(chosen, chosen.found)
initiative = initiatives_table(chosen)
