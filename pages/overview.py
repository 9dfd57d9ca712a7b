"""What do we spend, where is it heading, and who moved it?"""

from __future__ import annotations

import streamlit as st

from ui.anomalies.panel import few
from ui.cards import cards
from ui.exhibit import draw
from ui.guard import guard
from ui.markdown import literal
from ui.overview.heading import Heading, heading_panel
from ui.overview.names import names_panel
from ui.overview.page import Overview
from ui.overview.standing import standing_panel
from ui.selection import choose
from ui.status import data_line
from ui.tables import figures_table
from ui.tour import tour

page = guard()
head = st.container()
overview = Overview(selection := choose(page))
heading = Heading(selection)
with head:
    st.title(literal(overview.finding()), anchor=False)
    st.caption(data_line(selection, overview.days.limits, heading.limits))
    if said := heading.sentence():
        st.markdown(literal(said))
    tour()

cards(overview.cards())
left, right = st.columns([3, 2], gap="small")
with left:
    draw(overview.by_month(), "by-month")
with right, st.container(border=True, height="stretch"):
    st.header(literal(overview.movers_finding()), anchor=False)
    if table := overview.movers_table():
        figures_table(*table)
    else:
        st.write(overview.why_no_movers())
    names_panel(overview)
heading_panel(heading)
standing_panel(page, selection.currency, heading.limits)
few(overview.anomalies(), overview.recent_words)
draw(overview.by_day(), "by-day", height=300)
