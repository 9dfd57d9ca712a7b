"""The outlook itself on the Forecast page: the way there month by month, and what each part is likely to cost."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui.budgets.year import budget_by_month, budget_of, measure_words
from ui.exhibit import Exhibit, draw
from ui.forecast.page import RANGE_HELP, Forecast
from ui.markdown import literal
from ui.tables import figures_table

_PARTS_HELP: Final = (
    f"{RANGE_HELP} The last column counts the finest parts (team, model and stage) that are forecast their own way: "
    "new ones, those that come and go, those whose own trend, run rate or last season was closer to what came."
)


def outlook_panel(forecast: Forecast) -> None:
    """Draw months spent and months ahead, beside the budget where there is one, and the table of parts."""
    held = budget_of(forecast.selection)
    chart = forecast.chart(budget_by_month(held.budget) if held else None)
    made_of = {"budget": held.budget.version} if held else {}
    draw(Exhibit(chart, forecast.selection, made_of=made_of), "outlook", titled=False)
    if said := measure_words(forecast.selection):
        st.caption(said)
    if forecast.found:
        with st.container(border=True, key="parts"):
            st.header(literal(forecast.parts_finding(forecast.found)), anchor=False, help=_PARTS_HELP)
            figures_table(*forecast.parts_table(forecast.found))
