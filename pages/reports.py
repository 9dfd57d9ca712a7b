"""Which document do we carry into the room, is every figure in it traced, and is an earlier one still true?"""

from __future__ import annotations

import streamlit as st

from costlib.errors import CostError
from ui.guard import guard
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import plan_line
from ui.reports.check import check_panel
from ui.reports.choices import choose_order, purpose_of, title_of
from ui.reports.final import final_panel
from ui.reports.page import composed
from ui.reports.pages import choose_page, downloads, preview
from ui.reports.schedule import schedule_panel
from ui.reports.trace import trace_panel
from ui.reports.words import words_panel

page = guard()
head = st.container()
order = choose_order(page)
if order is None:
    with head:
        st.title("There is nothing yet that a document could tell of", anchor=False)
        st.caption(plan_line(page))
    st.write("Documents tell of a saved plan, of a team in a closed month, or of a closed quarter. A plan comes in by:")
    st.code("python -m costlib plan import --plan my-plan.yaml", language="bash")
    check_panel(page)
    st.stop()

with head:
    st.title(literal(title_of(page, order)), anchor=False)
    st.caption(plan_line(page))
    st.write(literal(purpose_of(order.kind)))
try:
    with st.spinner("Composing the document from the bills and the plan", show_time=True):
        report = composed(page, order)
except CostError as error:
    refusal(error)
    check_panel(page)
    st.stop()

with st.spinner("Setting the pages"):
    downloads(report)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        preview(report, shown := choose_page(report))
with right:
    words_panel(report, shown)
    final_panel(report)
    schedule_panel(report)
    check_panel(page)
trace_panel(report)
