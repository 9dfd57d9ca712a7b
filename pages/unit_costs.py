"""What does one inference, one token, one training run cost, and what moved it?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from costlib.briefs.words.unit import alarm_words, unbilled_words
from ui.guard import guard
from ui.markdown import literal
from ui.parts import draw_open_part
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.units.estimate import estimate_panel
from ui.units.idle import idle_panel
from ui.units.one import OneUnit
from ui.units.page import FILTERED, Units, choose_unit, choose_view, same_work_words, twice_words
from ui.units.panel import cost_panel, every_unit_panel, how_to_load, moved_panel
from ui.units.prices import elsewhere_panel, price_alarms
from ui.units.value import value_panel

page = guard()
head = st.container()
selection = choose(page)
row = st.container(horizontal=True, vertical_alignment="bottom")
choices = choose_view(page, row)
selection = selection.narrowed(*choose_filters(page, FILTERED))
found = Units(selection, choices)
if not found.offered:
    with head:
        st.title("Nothing was counted, so no cost can be put on one unit", anchor=False)
        st.caption(data_line(selection, window=choices.window))
    how_to_load(filtered=bool(selection.filters))
    for words in map(unbilled_words, found.unbilled_now):
        st.caption(literal(words))
    idle_panel(found)
    st.stop()
one = OneUnit(found, choose_unit(found.offered, row))
with head:
    st.title(literal(one.finding()), anchor=False)
    st.caption(data_line(selection, window=choices.window))
same = (*map(twice_words, found.twice()), *map(same_work_words, found.same_work()))
for words in (*map(alarm_words, found.alarms()), *same, *price_alarms(found)):
    st.warning(literal(words))
for words in map(unbilled_words, found.unbilled_now):
    st.caption(literal(words))
draw_open_part(
    {
        "Cost of a unit": partial(cost_panel, one),
        "What moved it": partial(moved_panel, one),
        "Cost and value": partial(value_panel, found),
        "Idle": partial(idle_panel, found),
        "Since the bill": partial(estimate_panel, found),
        "Other models": partial(elsewhere_panel, found),
        "All figures": partial(every_unit_panel, found),
    }
)
