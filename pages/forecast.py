"""Where is spend heading, how sure is that, and how good were past forecasts?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from ui.cards import cards
from ui.forecast.initiatives import initiatives_panel
from ui.forecast.outlook import outlook_panel
from ui.forecast.page import Forecast, choose_outlook
from ui.forecast.panel import planned_panels
from ui.forecast.record import record_panel
from ui.forecast.scenarios import aside, choose_scenario, near_and_far
from ui.guard import guard
from ui.markdown import literal
from ui.parts import draw_open_part
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.trends.page import FILTERED

page = guard()
head = st.container()
selection = choose(page)
row = st.container(horizontal=True, vertical_alignment="bottom")
with row:
    choices = choose_outlook(page)
selection = selection.narrowed(*choose_filters(page, FILTERED))
near, far = near_and_far(selection, choices.horizon.beyond(page.window))
with row:
    scenario = choose_scenario(near)
if near.history and (left_out := aside(selection)):
    st.caption(left_out)
forecast = Forecast(selection, choices, far.outlook(scenario))
with head:
    st.title(literal(forecast.finding()), anchor=False)
    st.caption(data_line(selection))
for caution in forecast.cautions():
    st.info(literal(caution))
cards(forecast.cards(near.outlook(scenario)))
parts: dict[str, Callable[[], None]] = {
    "Outlook": partial(outlook_panel, forecast),
    "Record": partial(record_panel, selection, near.outlook(scenario)),
}
if forecast.found:
    parts |= {
        "Drivers and scenarios": partial(planned_panels, selection, choices, far),
        "New initiatives": partial(initiatives_panel, selection, far),
    }
draw_open_part(parts)
