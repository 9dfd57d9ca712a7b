"""Where is spend heading, how sure is that, and how good were past forecasts?"""

from __future__ import annotations

import streamlit as st

from ui.ahead import outlook_of
from ui.budget import budget_by_month, budget_of
from ui.cards import cards
from ui.exhibit import Exhibit, draw
from ui.forecast import RANGE_HELP, Forecast, choose_outlook
from ui.forecast_controls import controls_panel
from ui.forecast_initiatives import initiatives_panel
from ui.forecast_layers import choose_scenario, plan_of
from ui.forecast_panel import layers_panel
from ui.forecast_record import record_panel
from ui.guard import guard
from ui.panels import literal
from ui.selection import choose, choose_filters
from ui.status import data_line
from ui.tables import figures_table
from ui.trends import FILTERED

page = guard()
head = st.container()
selection = choose(page)
choices = choose_outlook(page)
selection = selection.narrowed(*choose_filters(page, FILTERED))
near = plan_of(selection, outlook_of(selection))
far = plan_of(selection, outlook_of(selection, choices.horizon.beyond(page.window)))
scenario = choose_scenario(near)
forecast = Forecast(selection, choices, far.outlooks.get(scenario))
with head:
    st.title(literal(forecast.finding()), anchor=False)
    st.caption(data_line(page, selection))

for caution in forecast.cautions():
    st.info(literal(caution))
cards(forecast.tiles(near.outlooks.get(scenario)))
held = budget_of(selection)
chart = forecast.chart(budget_by_month(selection, held.budget) if held else None)
draw(Exhibit(chart, selection), "outlook", titled=False)
if forecast.found:
    with st.container(border=True, key="parts"):
        st.header(literal(forecast.parts_finding(forecast.found)), anchor=False, help=RANGE_HELP)
        figures_table(*forecast.parts_table(forecast.found))
    layers_panel(selection, choices, far)
    controls_panel(selection, choices.horizon, far)
    initiatives_panel(selection, far)
record_panel(selection, near.outlooks.get(scenario))
