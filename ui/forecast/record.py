"""The record on the Forecast page: past forecasts against what was spent, and the form that locks a new one."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from costlib import money
from costlib.analysis.daily import DailySpend
from costlib.analysis.month_end import Skill, month_end_record
from costlib.analysis.outlook import Outlook
from costlib.analysis.record import Figures, Version, locked, record
from costlib.analysis.replay import actuals_of, replayed
from costlib.briefs.words.record import (
    MONTH_END_HEADER,
    RECORD_HEADER,
    RECORD_HELP,
    month_end_finding,
    month_end_rows,
    record_finding,
    record_rows,
)
from costlib.errors import CostError
from costlib.periods import day_name
from costlib.state.forecasts import LockedForecast, lock_forecast, locked_forecasts
from costlib.state.roles import EDIT_FORECAST
from ui.forecast.ahead import Question, days_of, question_of
from ui.markdown import literal
from ui.panels import refusal
from ui.selection import Selection
from ui.tables import figures_table
from ui.who import barred_here, reader_for

KINDS = "Locked forecasts were kept when they were made. Replayed ones were made later from what was known then."


@st.fragment(parallel=True)
def record_panel(selection: Selection, outlook: Outlook | None) -> None:
    """Draw how good past forecasts were with the way to lock the one that the page shows, then past month ends."""
    daily = days_of(selection)
    if daily is None or outlook is None:
        with st.container(border=True, key="record"):
            st.header("There is nothing to hold a forecast against", anchor=False)
        return
    again = _replayed(daily, question_of(selection))
    with st.container(border=True, key="record"):
        _record(selection, daily, again)
        if selection.filters:
            st.caption("Remove the filters to lock a forecast: a version is kept of the whole spend.")
        else:
            _lock_form(selection, outlook)
    if skills := _month_ends(daily, question_of(selection)):
        with st.container(border=True, key="month-ends"):
            st.header(literal(month_end_finding(skills)), anchor=False)
            caption = "How past month ends came out, by the day of the month on which they were told"
            figures_table(caption, MONTH_END_HEADER, month_end_rows(skills))


def _record(selection: Selection, daily: DailySpend, again: tuple[Figures, ...]) -> None:
    """The record of locked forecasts beside that of replayed ones."""
    kept = _kept(selection)
    own = record([one.version for one in kept], actuals_of(daily))
    shown = own if any(one.versions for one in own) else again
    st.header(literal(record_finding(shown)), anchor=False, help=RECORD_HELP)
    rows = [*record_rows(own, "locked"), *record_rows(again, "replayed")]
    if rows:
        figures_table(KINDS, RECORD_HEADER, rows)
    else:
        st.write("A record needs 60 days of bills and a month that closed after them.")
    st.caption(literal(_kept_words(kept)))


def _kept(selection: Selection) -> list[LockedForecast]:
    """The locked versions of the whole spend; none where filters narrow it."""
    if selection.filters:
        return []
    state = selection.page.workspace.state()
    return locked_forecasts(state, selection.scope, selection.measure, selection.currency)


def _kept_words(kept: list[LockedForecast]) -> str:
    if not kept:
        return "No forecast is locked yet."
    last = kept[-1]
    count = f"{money.counted(len(kept), 'forecast')} locked"
    return f"{count}; the last is {last.version.version}, usage to {day_name(last.version.data_until)}, by {last.who}."


def _lock_form(selection: Selection, outlook: Outlook) -> None:
    with (
        st.popover("Lock this forecast", key="lock"),
        st.form("lock-form", border=False),
    ):
        st.write("A locked forecast keeps its figures and the bills it was made from. It is never changed.")
        name = st.text_input("Name", value=f"Usage to {day_name(selection.page.today)}", key="lock-name")
        if not st.form_submit_button("Lock it", type="primary", **barred_here(EDIT_FORECAST)):
            return
        page = selection.page
        version = locked(
            outlook,
            name.strip(),
            datetime.now(UTC).date(),
            page.today,
            page.snapshot.state.generation,
            selection.measure,
            selection.currency,
        )
        try:
            lock_forecast(page.workspace.state(), version, selection.scope, who=reader_for(EDIT_FORECAST))
        except CostError as error:
            refusal(error)
        else:
            st.rerun()


@st.cache_data(max_entries=32, show_spinner="Holding past forecasts against what was spent")
def _replayed(_daily: DailySpend, question: Question) -> tuple[Figures, ...]:
    versions: tuple[Version, ...] = replayed(_daily, question.measure, question.currency, question.generation)
    return record(versions, actuals_of(_daily))


@st.cache_data(max_entries=32, show_spinner="Looking how past month ends came out")
def _month_ends(_daily: DailySpend, question: Question) -> tuple[Skill, ...]:
    del question  # names the days of spend in the key of the cache
    return month_end_record(_daily)
