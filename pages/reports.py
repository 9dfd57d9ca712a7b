"""Which document do we carry into the room, is every figure in it traced, and is an earlier one still true?"""

from __future__ import annotations

import streamlit as st

from costlib.errors import CostError
from ui.guard import guard
from ui.panels import literal, refusal
from ui.plan import plan_line
from ui.reports import choose_order, composed, kind_of, purpose_of
from ui.reports_check import check_panel
from ui.reports_pages import downloads, preview
from ui.reports_words import words_panel
from ui.trace import trace_panel

page = guard()
head = st.container()
order = choose_order(page)
if order is None:
    with head:
        st.title("No plan is saved yet that a document could tell of", anchor=False)
        st.caption(plan_line(page))
    st.write("Save a plan first, from a plan file:")
    st.code("python -m costlib plan import --plan my-plan.yaml", language="bash")
    check_panel(page)
    st.stop()

try:
    with st.spinner("Composing the document from the bills and the plan"):
        report = composed(page, order)
except CostError as error:
    with head:
        st.title(literal(f"{kind_of(order.kind).name} on {order.story} cannot be written yet"), anchor=False)
        st.caption(plan_line(page))
    refusal(error)
    check_panel(page)
    st.stop()

with head:
    st.title(literal(report.document.title), anchor=False)
    st.caption(plan_line(page))
    st.write(literal(purpose_of(order.kind)))
with st.spinner("Setting the pages"):
    downloads(report)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        preview(report)
with right:
    words_panel(report)
trace_panel(report)
check_panel(page)
