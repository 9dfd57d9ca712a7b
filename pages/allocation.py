"""Who pays for what: how much of the spend has an owner, and what is behind the part that has none?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui.allocation.page import FILTERED, Allocation, choose_view, owners_panel
from ui.allocation.pipeline import pipeline_panel
from ui.allocation.pools import pools_panel
from ui.allocation.tags import hygiene_panel
from ui.allocation.unowned import unowned_panel
from ui.cards import cards
from ui.guard import guard
from ui.markdown import literal
from ui.parts import draw_open_part
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
    st.caption(data_line(selection, window=choices.window))
    if found.is_known:
        st.caption(literal(found.identity()))
if not found.rows:
    st.info("Nothing was spent under these choices. Remove a filter or choose other days.")
    st.stop()
cards(found.cards(), width=200)
if not found.is_known:
    st.info("No line item says what it cost under this measure, so nothing can be told of its owners.")
    st.caption(literal(found.heat().caption.subtitle))
    st.stop()
parts: dict[str, Callable[[], None]] = {
    "Owners": partial(owners_panel, found),
    "Shared pools": partial(pools_panel, selection, choices.window),
    "Without an owner": partial(unowned_panel, selection, choices.window),
    "Tags": partial(hygiene_panel, selection, page.workspace.rules(), choices.window),
    "Pipelines": partial(pipeline_panel, selection, choices.window),
}
draw_open_part(parts)
