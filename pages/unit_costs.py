"""What does one inference, one token, one training run cost, and what moved it?"""

from __future__ import annotations

import streamlit as st

from costlib.briefs.unit_words import BASIS_HELP, alarm_words, unknown_words
from ui.exhibit import Exhibit, draw
from ui.guard import guard
from ui.panels import literal
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.tables import figures_table
from ui.units import FILTERED, OneUnit, Units, choose_unit, choose_view, period_words
from ui.units_estimate import estimate_panel
from ui.units_idle import idle_panel
from ui.units_panel import every_unit_panel, how_to_load, moved_panel
from ui.units_prices import elsewhere_panel
from ui.units_value import value_panel

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
        st.caption(data_line(page, selection))
    how_to_load()
    idle_panel(found)
    st.stop()
one = OneUnit(found, choose_unit(found.offered, row))
with head:
    st.title(literal(one.finding()), anchor=False)
    st.caption(data_line(page, selection))

for alarm in found.alarms():
    st.warning(literal(alarm_words(alarm)))
for metric in found.twice():
    st.warning(literal(f"Two sources count {metric} on the same days: they count twice until one is left out."))
if chart := one.trend():
    draw(Exhibit(chart, selection, "x_Model"), "units", titled=False)
with st.container(border=True, key="models"):
    st.header(literal(f"All models: {one.unit.name}"), anchor=False, help=BASIS_HELP)
    figures_table(f"Cost of {one.one} {period_words(found)}, {selection.currency}, on both bases", *one.table())
    with st.expander("By team", key="teams"):
        figures_table(f"Cost of {one.one} by team {period_words(found)}, {selection.currency}", *one.teams())
    if words := unknown_words(one.uncounted, one.unit.name):
        st.caption(literal(words))
estimate_panel(found)
moved_panel(one)
value_panel(found)
idle_panel(found)
elsewhere_panel(found)
every_unit_panel(found)
if not found.loaded:
    how_to_load()
