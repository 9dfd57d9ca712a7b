"""How did spend develop, by any dimension, and what is behind a figure?"""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.briefs.words.findings import when
from ui.anomalies.found import Anomalies
from ui.anomalies.panel import panel
from ui.exhibit import Exhibit, draw
from ui.guard import guard
from ui.markdown import literal
from ui.other_bills import by_use_words
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.trends.bridge import bridge_panel
from ui.trends.drill import line_items_panel
from ui.trends.page import FILTERED, Trends, choose_view, number_columns

page = guard()
head = st.container()
selection = choose(page)
choices = choose_view(page)
selection = selection.narrowed(*choose_filters(page, FILTERED))
trends = Trends(selection, choices)
with head:
    st.title(literal(trends.finding()), anchor=False)
    st.caption(data_line(selection, window=choices.window))

if choices.lacks_comparison:
    st.info("The bills loaded do not reach back to the earlier window, so there is nothing to compare with.")
if choices.widened:
    st.info(literal(choices.widened))
if not trends.series:
    st.info("Nothing was spent under these choices. Remove a filter or choose other days.")
    st.stop()
draw(Exhibit(trends.chart(), selection, choices.dimension), "trend", titled=False)
rows = trends.table()
st.caption("Choose a cell to see the line items behind it.")
chosen = st.dataframe(
    rows,
    column_config=number_columns(rows),
    hide_index=True,
    on_select="rerun",
    selection_mode="single-cell",
    key="segments",
    placeholder=money.UNKNOWN,
    alt="Spend by segment and period",
)
for told in filter(None, (trends.rounding(), by_use_words(selection, choices.window))):
    st.caption(literal(told))
if chosen.selection.cells:
    row, column = chosen.selection.cells[0]
    line_items_panel(*trends.drill(row, column))

if choices.earlier:
    bridge_panel(selection, choices.dimension, choices.window, choices.earlier)
panel(Anomalies(selection, choices.dimension, choices.window), when(choices.window))
