"""Planned changes on the Forecast page: scenarios side by side, what each change brings, and the form that adds one."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costlib.briefs.exhibits import segment_name
from costlib.briefs.plan_words import CHANGE_HEADER, SCENARIO_HEADER, brought, scenario_rows, where_words
from costlib.errors import CostError
from costlib.focus import label
from costlib.periods import Grain, add_months, month_start, period_name
from costlib.state.layers import KIND, Change, SavedChange, Type, remove_change, save_change, undo_last
from ui.ahead import SPLITS
from ui.forecast import Choices, figures
from ui.forecast_layers import HISTORY, Plan, hidden_changes
from ui.panels import literal, refusal
from ui.selection import Selection
from ui.tables import figures_table
from ui.who import reader_name

_ALL: Final = "All"
_ESTIMATES: Final = {
    Type.LAUNCH: "{currency} a month",
    Type.ONE_OFF: "{currency}, negative for a credit",
    Type.PRICE: "% of today's price, negative where it falls",
    Type.GROWTH: "% a month, on top of what history shows",
    Type.CONTROL: "% saved of what it acts on",
}
_RAMPED: Final = (Type.LAUNCH, Type.CONTROL)
_MONEY: Final = (Type.LAUNCH, Type.ONE_OFF)
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
        _form(selection)


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
                st.rerun()


def _form(selection: Selection) -> None:
    with st.expander("Add a planned change", key="add-change"):
        type_ = (
            st.selectbox("What is planned", list(Type), format_func=str, key="change-type", width=260) or Type.LAUNCH
        )
        with st.form("change-form", border=False):
            change = _entered(selection, type_)
            if not st.form_submit_button("Add it", type="primary"):
                return
        try:
            save_change(selection.page.workspace.state(), change, who=reader_name())
        except CostError as error:
            refusal(error)
        else:
            st.rerun()


def _entered(selection: Selection, type_: Type) -> Change:
    """The change that the form holds."""
    name = st.text_input("Name", key="change-name", placeholder="Agent launch")
    places = st.grid(min_column_width=200, key="change-where")
    where = [(dimension, _place(selection, dimension, places, type_)) for dimension in SPLITS]
    months = [add_months(month_start(selection.page.today), step) for step in range(37)]
    start = places.selectbox("From", months, index=1, format_func=_month, key="change-start")
    unit = _ESTIMATES[type_].format(currency=selection.currency)
    figures_row = st.grid(min_column_width=200, key="change-estimates")
    low, likely, high = (
        figures_row.number_input(f"{words}, {unit}", value=0.0, key=f"change-{words}")
        for words in ("Low", "Likely", "High")
    )
    people = st.grid(min_column_width=200, key="change-people")
    ramp = people.number_input("Months to full effect", 0, 36, 0, key="change-ramp") if type_ in _RAMPED else 0
    owner = people.text_input("Owner", key="change-owner")
    assumption = people.text_input("Assumption", key="change-assumption")
    scale = 1.0 if type_ in _MONEY else 0.01
    return Change(
        type_,
        name.strip(),
        owner.strip(),
        assumption.strip(),
        selection.currency,
        {dimension: value for dimension, (named, value) in where if named},
        start,
        low * scale,
        likely * scale,
        high * scale,
        int(ramp),
    )


def _place(selection: Selection, dimension: str, place: DeltaGenerator, type_: Type) -> tuple[bool, str | None]:
    """Whether the reader named a value of the dimension, and which; a launch may name one that no bill has yet."""
    options = {segment_name(dimension, value): value for value in selection.page.snapshot.reader.values(dimension)}
    adds = type_ in _MONEY
    offered = list(options) if adds else [_ALL, *options]
    key = f"change-{dimension}-{adds}"
    chosen = place.selectbox(label(dimension), offered, key=key, accept_new_options=adds)
    if chosen is None or (chosen == _ALL and not adds):
        return adds, None
    return True, options.get(chosen, chosen)


def _month(month: date) -> str:
    return period_name(month, Grain.MONTH)
