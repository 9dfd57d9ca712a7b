"""What does Run free for Grow and Transform, what has to be asked for, and what came of past decisions?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui.cards import cards
from ui.editing.editor import choose_editor
from ui.editing.form import say_what_was_done
from ui.guard import guard
from ui.markdown import literal
from ui.panels import refusal
from ui.parts import draw_open_part
from ui.plan import choose_plan, plan_line
from ui.portfolio.ledger import ledger_panel
from ui.portfolio.page import (
    NO_PLAN,
    Portfolio,
    bets_panel,
    cases_panel,
    charts,
    flows_panel,
    objectives_panel,
)

page = guard()
head = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="portfolio-bar"):
    chosen = choose_plan(page)
    editor = choose_editor()
say_what_was_done()
portfolio = Portfolio(chosen, chosen.found) if chosen and chosen.found and chosen.saved.initiatives else None
with head:
    st.title(literal(portfolio.finding() if portfolio else NO_PLAN), anchor=False)
    found = portfolio.found if portfolio else None
    st.caption(plan_line(page, chosen.currency if chosen else None, found))
if chosen and chosen.problem:
    refusal(chosen.problem)
if chosen is None or portfolio is None:
    st.write("Start a plan on the Roadmap and give its initiatives a purpose: Run, Grow or Transform.")
    st.stop()
cards(portfolio.cards())
charts(portfolio)
parts: dict[str, Callable[[], None]] = {
    "Money by year": partial(flows_panel, portfolio),
    "Business cases": partial(cases_panel, portfolio),
    "Objectives": partial(objectives_panel, portfolio),
    "Bets": partial(bets_panel, portfolio),
    "Decisions": partial(ledger_panel, chosen, editor),
}
draw_open_part(parts)
