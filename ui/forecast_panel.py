"""Planned changes on the Forecast page: scenarios side by side, what each change brings, and the way to another."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costlib.briefs.plan_words import CHANGE_HEADER, SCENARIO_HEADER, brought, scenario_rows, where_words
from costlib.errors import CostError
from costlib.periods import Grain, period_name
from costlib.state.layers import KIND, SavedChange, remove_change, undo_last
from ui.forecast import Choices, figures
from ui.forecast_form import change_form, forget_seen
from ui.forecast_layers import HISTORY, Plan, hidden_changes
from ui.panels import literal, refusal
from ui.selection import Selection
from ui.tables import figures_table
from ui.who import reader_name

_HELP: Final = (
    "History knows no launch, price change or control that is still to come. Each is a layer of its own with an owner "
    "and an assumption; the forecast from history stays as it is underneath."
)


def layers_panel(selection: Selection, choices: Choices, plan: Plan) -> None:
    """Draw scenarios, planned changes and the form."""
    with st.container(border=True, key="planned"):
        count = len(plan.changes)
        counted = f"{count} planned change{'' if count == 1 else 's'} on top of history"
        title = counted if count else "Nothing is planned yet on top of history"
        st.header(title, anchor=False, help=_HELP)
        if plan.planned:
            _scenarios(selection, choices, plan)
            _changes(selection, choices, plan)
        if hidden := hidden_changes(selection):
            st.caption(f"{hidden} planned on segments that these filters cannot tell apart; left out here.")
        _undo(selection)
        change_form(selection, plan.changes)


def _scenarios(selection: Selection, choices: Choices, plan: Plan) -> None:
    found = {
        name: seen
        for name, outlook in plan.outlooks.items()
        if (seen := figures(selection, outlook, choices.horizon, choices.dimension))
    }
    if HISTORY in found:
        caption = selection.basis.subtitle(f"{selection.scope} by scenario", choices.horizon.window)
        figures_table(caption, SCENARIO_HEADER, scenario_rows(found, HISTORY, selection.currency))


def _changes(selection: Selection, choices: Choices, plan: Plan) -> None:
    assert plan.planned
    rows = []
    for saved in plan.changes:
        change = saved.change
        adds = brought(plan.planned, change.name, choices.horizon.window, selection.currency)
        start = period_name(change.start, Grain.MONTH)
        where = where_words(change.where)
        rows.append([change.name, change.type.value, where, start, adds, change.owner, change.assumption])
    figures_table("Planned changes and what each adds over the horizon", CHANGE_HEADER, rows)
    with st.popover("Remove a change", type="tertiary", key="remove-change"):
        for saved in plan.changes:
            if st.button(f"Remove {literal(saved.change.name)}", key=f"remove {saved.change.name}"):
                _remove(selection, saved)


def _remove(selection: Selection, saved: SavedChange) -> None:
    try:
        remove_change(selection.page.workspace.state(), saved, who=reader_name())
    except CostError as error:
        refusal(error)
    else:
        st.rerun()


def _undo(selection: Selection) -> None:
    """The last change of the plan, and the way back."""
    state = selection.page.workspace.state()
    entries = state.history(KIND)
    if not entries:
        return
    last = entries[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(literal(f"Last: {last.key} {last.why} by {last.who}"), width="content")
        if st.button("Undo", key="undo-change", type="tertiary"):
            try:
                undo_last(state, who=reader_name())
            except CostError as error:
                refusal(error)
            else:
                forget_seen()
                st.rerun()
