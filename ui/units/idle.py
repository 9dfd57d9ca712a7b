"""The panel of Unit costs that tells what stood idle, in money, by endpoint and team."""

from __future__ import annotations

import streamlit as st

from costlib.analysis.units.idle import IdleFound
from costlib.briefs.words.idle import (
    BY_ENDPOINT,
    BY_TEAM,
    COMMAND,
    HELP,
    further_words,
    how_to_load_words,
    idle_chart,
    idle_finding,
    idle_rows,
    idle_subject,
    team_rows,
)
from costlib.charts.spec import Caption
from costlib.focus import label
from costlib.metrics.idle import idle, on_bill
from costlib.metrics.utilisation.readings import all_readings
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.tables import figures_table
from ui.units.page import Units, period_words

_BY = {BY_ENDPOINT: "ResourceId", BY_TEAM: "x_Team"}


def idle_panel(page: Units) -> None:
    """Draw what stood idle in the period of the page, or that no machine is on the bill and none was measured."""
    found, unmatched = page.once(lambda: _found(page), "idle")
    if not found.stood and not found.unmeasured:
        st.write(literal(f"No accelerator and no machine that serves requests is on the bill {period_words(page)}."))
        return
    if found.stood:
        _exhibit(page, found)
    _table(page, found, unmatched)


def _found(page: Units) -> tuple[IdleFound, tuple[str, ...]]:
    selection, window = page.selection, page.now
    reader, readings = page.questions.reader, all_readings(page.root)
    found = idle(reader, selection.conditions, window, readings, selection.measure)
    _, unmatched = on_bill(reader, window, readings)
    return found, tuple(unmatched)


def _exhibit(page: Units, found: IdleFound) -> None:
    selection = page.selection
    by = st.segmented_control(
        "Idle by", list(_BY), default=BY_ENDPOINT, required=True, key="idle-by", bind="query-params"
    )
    by = by or BY_ENDPOINT
    title = idle_finding(found, selection.currency, period_words(page))
    what = idle_subject(found, by, selection.currency)
    caption = Caption(title, page.basis.subtitle(what, page.now), page.basis.source)
    draw(Exhibit(idle_chart(found, by, caption, selection.currency), selection, _BY[by]), "idle")


def _table(page: Units, found: IdleFound, unmatched: tuple[str, ...]) -> None:
    currency, period = page.selection.currency, period_words(page)
    with st.container(border=True, key="idle-table"):
        st.header("What stood idle", anchor=False, help=HELP)
        if found.stood:
            figures_table(f"Idle money by endpoint, pool and team {period}, {currency}", *idle_rows(found, currency))
            with st.expander(f"By {label('x_Team').lower()}", key="idle-teams"):
                figures_table(f"Idle money by team {period}, {currency}", *team_rows(found, currency))
        else:
            st.write(literal(idle_finding(found, currency, period) + "."))
        if words := further_words(found, unmatched, currency):
            st.caption(literal(words))
        if found.unmeasured:
            with st.expander("How to measure the rest", key="idle-how") if found.stood else st.container():
                st.write(how_to_load_words())
                st.code(COMMAND, language="bash")
