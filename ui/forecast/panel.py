"""Planned changes on the Forecast page: scenarios side by side, what each change brings, and the way to another."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costlib import money
from costlib.analysis.layers import Planned
from costlib.briefs.words.plan import CHANGE_HEADER, SCENARIO_HEADER, brought, scenario_rows, where_words
from costlib.errors import CostError
from costlib.periods import Grain, add_months, period_name
from costlib.state.layers import KIND, SavedChange, remove_change
from costlib.state.records import Entry
from costlib.state.roles import EDIT_FORECAST
from ui.forecast.controls import controls_panel
from ui.forecast.form import change_form, forget_seen
from ui.forecast.page import Choices, figures
from ui.forecast.scenarios import HISTORY, Scenarios
from ui.markdown import literal
from ui.panels import refusal
from ui.selection import Selection
from ui.tables import figures_table
from ui.undo import line, taken_back, undo_button
from ui.who import barred_here, reader_for

_HELP: Final = (
    "History knows no launch, price change or control that is still to come. Each is a layer of its own with an owner "
    "and an assumption; the forecast from history stays as it is underneath."
)


def planned_panels(selection: Selection, choices: Choices, scenarios: Scenarios) -> None:
    """Draw scenarios, planned changes and the form, then what the planned controls buy."""
    layers_panel(selection, choices, scenarios)
    controls_panel(selection, choices.horizon, scenarios)


def layers_panel(selection: Selection, choices: Choices, scenarios: Scenarios) -> None:
    """Draw scenarios, planned changes and the form."""
    with st.container(border=True, key="planned"):
        count = len(scenarios.changes)
        nothing = f"Nothing is planned {'in this spend' if selection.filters else f'in {selection.currency} yet'}"
        title = money.counted(count, "planned change") if count else nothing
        st.header(f"{title} on top of history", anchor=False, help=_HELP)
        with st.container():  # there without a change too: what comes after keeps its place, and the keyboard with it
            if planned := scenarios.planned():
                _scenarios(selection, choices, scenarios)
                _changes(selection, choices, scenarios, planned)
        _undo(selection)
        change_form(selection, scenarios.changes)


def _scenarios(selection: Selection, choices: Choices, scenarios: Scenarios) -> None:
    found = {
        name: seen
        for name in scenarios.names
        if (seen := figures(selection, scenarios.outlook(name), choices.horizon, choices.dimension))
    }
    if HISTORY in found:
        caption = selection.basis.subtitle(f"{selection.subject} by scenario", choices.horizon.covered)
        figures_table(caption, SCENARIO_HEADER, scenario_rows(found, HISTORY, selection.currency))
    end = choices.horizon.window.end
    if all(one.change.start >= end for one in scenarios.changes):
        until = period_name(add_months(end, -1), Grain.MONTH)
        st.caption(f"What is planned begins after {until}: look further ahead to tell the scenarios apart.")


def _changes(selection: Selection, choices: Choices, scenarios: Scenarios, planned: Planned) -> None:
    rows = []
    for saved in scenarios.changes:
        change = saved.change
        adds = brought(planned, change.name, choices.horizon.window, selection.currency)
        start = period_name(change.start, Grain.MONTH)
        where = where_words(change.where)
        rows.append([change.name, change.type.value, where, start, adds, change.owner, change.assumption])
    figures_table("Planned changes and what each adds over the horizon", CHANGE_HEADER, rows)
    with st.popover("Remove a change", type="tertiary", key="remove-change"):
        for saved in scenarios.changes:
            if st.button(
                f"Remove {literal(saved.change.name)}", key=f"remove {saved.change.name}", **barred_here(EDIT_FORECAST)
            ):
                _remove(selection, saved)


def _remove(selection: Selection, saved: SavedChange) -> None:
    try:
        remove_change(selection.page.workspace.state(), saved, who=reader_for(EDIT_FORECAST))
    except CostError as error:
        refusal(error, saved.change.name)
    else:
        st.rerun()


def _undo(selection: Selection) -> None:
    """The last change of the plan, and the way back; a press is of the change that its reader saw."""
    state = selection.page.workspace.state()
    entries = state.history(KIND)
    if not entries:
        return
    last = entries[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        seen = undo_button(last, entries, _change_words, "undo-change", type="tertiary", **barred_here(EDIT_FORECAST))
        if taken_back(last, entries):
            st.caption(literal(f"Last {line(last, entries, _change_words)}, by {last.who}"), width="content")
    if seen not in (None, last.seq):
        st.info("The plan was changed meanwhile, so nothing was undone. The button says what a press undoes now.")
    elif seen:
        _take_back(selection, seen)


def _take_back(selection: Selection, change: int) -> None:
    try:
        selection.page.workspace.state().undo(change, who=reader_for(EDIT_FORECAST))
    except CostError as error:
        refusal(error)
    else:
        forget_seen()
        st.rerun()


def _change_words(one: Entry) -> str:
    return f"{one.key} {one.why}"
