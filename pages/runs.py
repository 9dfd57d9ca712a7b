"""What does an experiment cost, how good is what it made, and what went into runs without a result?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui.guard import guard
from ui.markdown import literal
from ui.parts import draw_open_part
from ui.runs.page import FILTERED, Runs, choose_view
from ui.runs.panel import check_panel, cost_panel, every_run_panel, how_to_load, quality_panel, wasted_panel
from ui.selection import choose, choose_filters
from ui.status import data_line

page = guard()
head = st.container()
selection = choose(page)
choices = choose_view(page)
runs = Runs(selection, choose_filters(page, FILTERED), choices)
with head:
    st.title(literal(runs.finding()), anchor=False)
    st.caption(data_line(selection, window=choices.window))
if not runs.costs:
    how_to_load()
    st.stop()
draw_open_part(
    {
        "Cost": partial(cost_panel, runs),
        "Cost and quality": partial(quality_panel, runs),
        "Failed and cancelled": partial(wasted_panel, runs),
        "All runs": partial(every_run_panel, runs),
        "Check against the bill": partial(check_panel, runs),
    }
)
