"""The outlook itself on the Forecast page: the way there month by month, and what each part is likely to cost."""

from __future__ import annotations

import streamlit as st

from ui.budgets.year import budget_by_month, budget_of, measure_words
from ui.exhibit import Exhibit, draw
from ui.forecast.page import RANGE_HELP, Forecast
from ui.panels import literal
from ui.tables import figures_table


def outlook_panel(forecast: Forecast) -> None:
    """Draw months spent and months ahead, beside the budget where there is one, and the table of parts."""
    held = budget_of(forecast.selection)
    chart = forecast.chart(budget_by_month(held.budget) if held else None)
    draw(Exhibit(chart, forecast.selection), "outlook", titled=False)
    if said := measure_words(forecast.selection):
        st.caption(said)
    if forecast.found:
        with st.container(border=True, key="parts"):
            st.header(literal(forecast.parts_finding(forecast.found)), anchor=False, help=RANGE_HELP)
            figures_table(*forecast.parts_table(forecast.found))
