"""What shall be done about spend, when and by whom, what does it bring, and how likely is the target met?"""

from __future__ import annotations

import streamlit as st

from ui.cards import cards
from ui.editing.card import add_initiative, initiative_card
from ui.editing.editor import choose_editor
from ui.editing.form import say_what_was_done
from ui.guard import guard
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import choose_plan, plan_cards, plan_line
from ui.roadmap.files import plan_menu
from ui.roadmap.page import NO_PLAN, Roadmap, charts, initiatives_table
from ui.roadmap.target import target_menu
from ui.roadmap.views import views

page = guard()
head = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="plan-bar"):
    chosen = choose_plan(page)
    aim, menu = st.container(width="content"), st.container(width="content")
    editor = choose_editor()
with menu:
    plan_menu(page, chosen, editor)
if chosen:
    with aim:
        target_menu(chosen, editor)
say_what_was_done()
if chosen is None:
    head.title(NO_PLAN, anchor=False)
    head.caption(plan_line(page))
    st.write("Start one under Plans, or bring in a plan file. The sample company comes with four that are worked out.")
    st.stop()
roadmap = Roadmap(chosen)
with head:
    st.title(literal(roadmap.finding()), anchor=False)
    st.caption(plan_line(page, chosen.currency, chosen.found))
    if approval := roadmap.approval():
        st.caption(literal(approval))
if chosen.problem:
    refusal(chosen.problem)
if chosen.found:
    st.write(literal(roadmap.situation() or ""))
    cards(plan_cards(chosen.found))
    charts(chosen, chosen.found)
name = initiatives_table(chosen)
add_initiative(chosen, editor)
if name:
    initiative_card(chosen, name, editor)
views(chosen, editor)
