"""What does an experiment cost, how good is what it made, and what went into runs without a result?"""

from __future__ import annotations

import streamlit as st

from costlib.briefs.findings import when
from costlib.briefs.run_words import HOW_HELP, bill_rows, tie_words
from ui.exhibit import Exhibit, draw
from ui.guard import guard
from ui.panels import literal
from ui.runs import FILTERED, Runs, choose_view
from ui.runs_panel import how_to_load, quality_panel, runs_panel
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.tables import figures_table

page = guard()
head = st.container()
selection = choose(page)
choices = choose_view(page)
found = Runs(selection, choose_filters(page, FILTERED), choices)
with head:
    st.title(literal(found.finding()), anchor=False)
    st.caption(data_line(page, selection))
if not found.found:
    how_to_load()
    st.stop()
if chart := found.chart():
    draw(Exhibit(chart, selection, "x_Model"), "runs", titled=False)
with st.container(border=True, key="groups"):
    st.header(literal(f"Cost by {choices.by.lower()}"), anchor=False, help=HOW_HELP)
    figures_table(f"Runs that started {when(choices.window)}, {selection.currency}", *found.table())
    st.caption(literal(found.sources()))
quality_panel(found)
runs_panel(found)
with st.container(border=True, key="check"):
    st.header("Check against the bill", anchor=False)
    bill = found.tagged()
    caption = f"Everything on the bill that has a model, {when(choices.window)}, {selection.currency}"
    figures_table(caption, ("", "Cost"), bill_rows(bill.runs, bill.rest, bill.total, selection.currency))
    st.caption(literal(tie_words(bill.total, bill.billed, selection.currency)))
