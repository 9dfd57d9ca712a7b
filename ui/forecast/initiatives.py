"""New initiatives on the Forecast page: what each is likely to add, by which workloads, on whose assumptions."""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.briefs.outlook_exhibit import outlook_chart
from costlib.briefs.words.initiative import (
    ASSUMPTION_HEADER,
    WORKLOAD_HEADER,
    assumption_rows,
    initiative_ahead,
    initiative_finding,
    moved_by,
    workload_rows,
)
from costlib.briefs.words.plan import where_words
from costlib.periods import Grain, Window, add_months, month_start, period_name, period_starts, window_name
from costlib.state.layers import Change, Type
from ui.exhibit import Exhibit, draw
from ui.forecast.scenarios import Scenarios
from ui.markdown import literal
from ui.selection import Selection
from ui.tables import figures_table


def initiatives_panel(selection: Selection, scenarios: Scenarios) -> None:
    """Draw each new initiative that is planned in the selection, or how to plan one."""
    planned = [saved.change for saved in scenarios.changes if saved.change.type is Type.INITIATIVE]
    if not planned:
        st.write("No new initiative is planned in this spend. Add one under Drivers and scenarios, by its workloads.")
    for change in planned:
        _initiative(selection, change)


def _initiative(selection: Selection, change: Change) -> None:
    initiative, currency = change.initiative, selection.currency
    found = initiative_ahead(initiative, month_start(selection.page.window.end), change.start)
    window = Window(change.start, add_months(found.months[-1], 1))
    basis = selection.basis
    months = period_starts(Window(found.months[0], window.end), Grain.MONTH)
    what = f"{change.name} by month, from its workloads"
    chart = outlook_chart(initiative_finding(change.name, found, currency), what, basis, months, {}, found)
    draw(Exhibit(chart, selection), f"initiative-{change.name}", height=300)
    with st.container(border=True, key=f"workloads-{change.name}"):
        st.header(literal(f"{change.name}: workloads and assumptions"), anchor=False)
        start = period_name(change.start, Grain.MONTH)
        ramp = f", full effect after {money.counted(change.ramp_months, 'month')}" if change.ramp_months else ""
        st.caption(literal(f"{where_words(change.where)}, from {start}{ramp}; {change.assumption}; {change.owner}"))
        caption = f"Volume x consumption x price, {window_name(window)}, {currency}; likely amounts add up"
        figures_table(caption, WORKLOAD_HEADER, workload_rows(initiative, found, currency))
        if said := moved_by(initiative, change.start, currency):
            st.write(literal(said))
        figures_table(
            "What it assumes, and who answers for it", ASSUMPTION_HEADER, assumption_rows(initiative.assumptions)
        )
