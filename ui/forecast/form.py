"""The form of a planned change on the Forecast page: a new one, or another text of one that is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costlib.briefs.exhibits import segment_name
from costlib.errors import CostError
from costlib.focus import label
from costlib.periods import Grain, add_months, month_start, period_name
from costlib.state.errors import Conflict
from costlib.state.layers import ADDING, Change, SavedChange, Type, save_change
from costlib.state.roles import EDIT_FORECAST
from ui.forecast.ahead import SPLITS
from ui.forecast.workloads import choose_count, component, workload_fields
from ui.markdown import literal
from ui.panels import refusal
from ui.selection import Selection
from ui.who import barred_here, reader_for

_ALL: Final = "All"
_ESTIMATES: Final = {
    Type.LAUNCH: "{currency} a month",
    Type.ONE_OFF: "{currency}, negative for a credit",
    Type.PRICE: "% of today's price, negative where it falls",
    Type.GROWTH: "% a month, on top of what history shows",
    Type.CONTROL: "% saved of what it acts on",
}
#: Where the session keeps which change is being altered, and the version of it that its reader saw.
_SEEN: Final = "change-seen"
_RAMPED: Final = (Type.LAUNCH, Type.INITIATIVE, Type.CONTROL)
_WORDS: Final = ("Low", "Likely", "High")
_TYPE_HELP: Final = (
    "A launch states its cost a month. A new initiative is made of workloads, each so many units a month, what a unit "
    "uses, and a price."
)


def change_form(selection: Selection, held: Sequence[SavedChange]) -> None:
    """Draw the form; what it holds is kept when its button is pressed."""
    with st.expander("Add or alter a planned change" if held else "Add a planned change", key="add-change"):
        saved = _chosen(held)
        form = _Form(selection, saved.change.type if saved else _type(), saved, _seen(saved))
        known = saved.change.components if saved else ()
        count = choose_count(form.key, known) if form.type is Type.INITIATIVE else 0
        with st.form(f"{form.key}-form", border=False):
            change = form.entered()
            workloads = workload_fields(form.key, known, count, selection.currency)
            if not st.form_submit_button(
                "Save it" if saved else "Add it", type="primary", **barred_here(EDIT_FORECAST)
            ):
                return
        try:
            whole = replace(change, components=tuple(component(one) for one in workloads))
            save_change(selection.page.workspace.state(), whole, who=reader_for(EDIT_FORECAST), seen=form.seen)
        except Conflict as error:
            refusal(error, change.name)
            forget_seen()
        except CostError as error:
            refusal(error)
        else:
            forget_seen()
            st.rerun()


def forget_seen() -> None:
    """Let the form show what is saved now, not what its reader began to alter."""
    st.session_state.pop(_SEEN, None)


def _seen(saved: SavedChange | None) -> int | None:
    """The version that the reader began to alter: what others save meanwhile does not change it."""
    if saved is None:
        forget_seen()
        return None
    name, version = st.session_state.get(_SEEN, ("", 0))
    if name != saved.change.name:
        version = saved.version
        st.session_state[_SEEN] = saved.change.name, version
    return int(version)


def _chosen(held: Sequence[SavedChange]) -> SavedChange | None:
    """The planned change to alter; None for a new one."""
    if not held:
        return None
    names = {one.change.name: one for one in held}
    chosen = st.selectbox(
        "Which one", [None, *names], format_func=lambda name: name or "A new one", key="change-which", width=260
    )
    return names.get(chosen) if chosen else None


def _type() -> Type:
    kinds = list(Type)
    chosen = st.selectbox(
        "What is planned", kinds, format_func=str, key="change-type", width=260, index=0, help=_TYPE_HELP
    )
    return chosen or Type.LAUNCH


@dataclass(frozen=True)
class _Form:
    """The fields of one type of change, filled with what is saved where it is altered."""

    selection: Selection
    type: Type
    saved: SavedChange | None
    seen: int | None

    @property
    def key(self) -> str:
        """The beginning of every field's key: another change, or another version of it, has fields of its own."""
        return f"change-{self.saved.change.name}-{self.seen}" if self.saved else "change"

    def entered(self) -> Change:
        """The change that the fields hold, without workloads."""
        selection, was = self.selection, self.saved.change if self.saved else None
        if was is None:
            name = st.text_input("Name", key=f"{self.key}-name", placeholder="Agent launch")
        else:
            name = was.name
            st.write(literal(f"{was.name}, {was.type.value.lower()}"))
        places = st.grid(min_column_width=200, key=f"{self.key}-where")
        where = {one: value for one in SPLITS for named, value in [self._place(one, places)] if named}
        start = self._start(places)
        low, likely, high = self._estimates() if self.type in _ESTIMATES else (0.0, 0.0, 0.0)
        people = st.grid(min_column_width=200, key=f"{self.key}-people")
        ramp = was.ramp_months if was else 0
        if self.type in _RAMPED:
            ramp = int(people.number_input("Months to full effect", 0, 36, ramp, key=f"{self.key}-ramp"))
        owner = people.text_input("Owner", value=was.owner if was else "", key=f"{self.key}-owner")
        assumption = people.text_input("Assumption", value=was.assumption if was else "", key=f"{self.key}-assumption")
        about = name.strip(), owner.strip(), assumption.strip(), selection.currency
        return Change(self.type, *about, where, start, low, likely, high, ramp)

    def _start(self, place: DeltaGenerator) -> date:
        running = month_start(self.selection.page.today)
        months = [add_months(running, step) for step in range(37)]
        if self.saved and self.saved.change.start not in months:
            months = [self.saved.change.start, *months]
        at = months.index(self.saved.change.start) if self.saved else 1
        return place.selectbox("From", months, index=at, format_func=_month, key=f"{self.key}-start") or months[at]

    def _estimates(self) -> tuple[float, float, float]:
        unit = _ESTIMATES[self.type].format(currency=self.selection.currency)
        scale = 1.0 if self.type in ADDING else 0.01
        was = self.saved.change if self.saved else None
        row = st.grid(min_column_width=200, key=f"{self.key}-estimates")
        low, likely, high = (
            row.number_input(f"{words}, {unit}", value=round(value / scale, 8), key=f"{self.key}-{words}") * scale
            for words, value in zip(_WORDS, (was.low, was.likely, was.high) if was else (0.0, 0.0, 0.0), strict=True)
        )
        return low, likely, high

    def _place(self, dimension: str, place: DeltaGenerator) -> tuple[bool, str | None]:
        """Whether a value of the dimension is named, and which; added money may name one that no bill has yet."""
        known = self.selection.page.snapshot.reader.values(dimension)
        options = {segment_name(dimension, value): value for value in known}
        adds = self.type in ADDING
        offered = list(options) if adds else [_ALL, *options]
        at = 0
        if self.saved and dimension in self.saved.change.where:
            held = segment_name(dimension, self.saved.change.where[dimension])
            offered = offered if held in offered else [*offered, held]
            at = offered.index(held)
        key = f"{self.key}-{dimension}-{adds}"
        chosen = place.selectbox(label(dimension), offered, index=at, key=key, accept_new_options=adds)
        if chosen is None or (chosen == _ALL and not adds):
            return adds, None
        return True, options.get(chosen, chosen)


def _month(month: date) -> str:
    return period_name(month, Grain.MONTH)
