"""Who pays for what: how much of the spend has an owner, and what is behind the part that has none?"""

from __future__ import annotations

import streamlit as st

from ui.allocation import FILTERED, Allocation, amount_columns, choose_view
from ui.allocation_pipeline import pipeline_panel
from ui.allocation_pools import pools_panel
from ui.allocation_tags import hygiene_panel
from ui.allocation_unowned import unowned_panel
from ui.cards import cards
from ui.exhibit import Exhibit, draw
from ui.guard import guard
from ui.panels import literal
from ui.selection import choose, choose_filters
from ui.status import data_line

page = guard()
head = st.container()
selection = choose(page)
choices = choose_view(page)
selection = selection.narrowed(*choose_filters(page, FILTERED))
found = Allocation(selection, choices)
with head:
    st.title(literal(found.finding()), anchor=False)
    st.caption(data_line(page, selection))
    if found.is_known:
        st.caption(literal(found.identity()))
if not found.rows:
    st.info("Nothing was spent under these choices. Remove a filter or choose other days.")
    st.stop()
cards(found.cards())
if not found.is_known:
    st.info("No line item says what it cost under this measure, so nothing can be told of its owners.")
    st.caption(literal(found.heat().caption.subtitle))
    st.stop()
draw(Exhibit(found.heat(), selection, choices.dimension), "allocation", titled=False)
rows = found.table()
st.dataframe(
    rows,
    column_config=amount_columns(rows),
    hide_index=True,
    key="owners",
    alt="Spend by business unit, team, model and stage, and by kind of cost",
)
pools_panel(selection, choices.window)
unowned_panel(selection, choices.window)
hygiene_panel(selection, page.workspace.rules(), choices.window)
pipeline_panel(selection, choices.window)
