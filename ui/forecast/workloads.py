"""The workloads of a new initiative in the form of planned changes: volume, consumption and price, three figures each.

Conventions: an estimate is entered as low, likely and high in the unit beside it; nothing is read into an empty field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from costlib.analysis.components import CONSUMPTION, PRICE, VOLUME, Component, Input
from costlib.analysis.ranges import ThreePoint
from costlib.errors import InputError

#: Most workloads that the form takes.
MOST: Final = 6
_HELP: Final = (
    "Each workload costs volume x consumption x price. A volume that several workloads state alike, in one unit, is "
    "one figure: it is high or low for all of them together."
)
#: What each input is called, and an example of its unit.
_INPUTS: Final = {
    VOLUME: ("Volume a month", "calls"),
    CONSUMPTION: ("Consumption for each", "GPU hours a call"),
    PRICE: ("Price", "{currency} a GPU hour"),
}


@dataclass(frozen=True)
class Entered:
    """One input as it stands in the form."""

    unit: str
    estimate: tuple[float, float, float]
    owner: str
    assumption: str


#: A workload as it stands in the form: its name, and each input.
Workload = tuple[str, dict[str, Entered]]


def choose_count(key: str, known: Sequence[Component]) -> int:
    """How many workloads the initiative has; outside the form, because the form grows with it."""
    return int(st.number_input("Workloads", 1, MOST, max(len(known), 1), key=f"{key}-count", width=160, help=_HELP))


def workload_fields(key: str, known: Sequence[Component], count: int, currency: str) -> list[Workload]:
    """Draw the fields of so many workloads, filled with those that are known."""
    found = []
    for number in range(count):
        was = known[number] if number < len(known) else None
        place = f"{key}-workload-{number}"
        with st.container(border=True, key=place):
            name = st.text_input(
                f"Workload {number + 1}", value=was.name if was else "", key=f"{place}-name", placeholder="Answers"
            )
            inputs = {one: _input(f"{place}-{one}", one, was.inputs[one] if was else None, currency) for one in _INPUTS}
        found.append((name.strip(), inputs))
    return found


def _input(key: str, name: str, was: Input | None, currency: str) -> Entered:
    title, unit = _INPUTS[name]
    row = st.grid(min_column_width=150, key=key)
    held = row.text_input(
        f"{title}: unit", value=was.unit if was else "", key=f"{key}-unit", placeholder=unit.format(currency=currency)
    )
    values = (was.estimate.low, was.estimate.likely, was.estimate.high) if was else (0.0, 0.0, 0.0)
    low, likely, high = (
        row.number_input(word, min_value=0.0, value=value, key=f"{key}-{word}", format="%.10g", step=None)
        for word, value in zip(("Low", "Likely", "High"), values, strict=True)
    )
    owner = row.text_input("Owner", value=was.owner if was else "", key=f"{key}-owner")
    assumption = row.text_input("Assumption", value=was.assumption if was else "", key=f"{key}-assumption")
    return Entered(held.strip(), (low, likely, high), owner.strip(), assumption.strip())


def component(entered: Workload) -> Component:
    """The workload that the fields hold. Raises ``InputError`` for one without a name, an owner or an assumption.

    >>> one = Entered("calls", (1.0, 2.0, 3.0), "Ada", "pilot of May")
    >>> component(("Answers", {VOLUME: one, CONSUMPTION: one, PRICE: one})).volume.estimate.likely
    2.0
    """
    name, inputs = entered
    if not name:
        raise InputError("A workload has no name", expected="a name such as Answers", fix="Give it one.")
    for one, given in inputs.items():
        missing = [word for word, text in (("owner", given.owner), ("assumption", given.assumption)) if not text]
        if missing:
            raise InputError(
                f"The {one} of {name} has no {' and no '.join(missing)}",
                expected="who answers for the figure, and what it rests on",
                fix="Fill it in.",
            )
    return Component(name, _made(inputs[VOLUME]), _made(inputs[CONSUMPTION]), _made(inputs[PRICE]))


def _made(entered: Entered) -> Input:
    return Input(entered.unit, ThreePoint(*entered.estimate), entered.assumption, entered.owner)
