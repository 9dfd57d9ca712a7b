"""Planned changes on the forecast, kept: new initiatives, launches, price changes, growth drivers, controls, one-offs.

Conventions: one record a change, by its name. Estimates are low / likely / high: money a month for a launch, money for
a one-off, a share for the others (0.05 is 5 %; of growth: a month, on top of what history shows). ``where`` is a value
a dimension: a launch and a one-off fall on one segment and name them all (None is unallocated); the others hold for
every segment that carries the values they name. A new initiative is the sum of its workloads, each volume a month x
consumption x price, with estimates, assumptions and owners of their own; its own low, likely and high stay 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from costlib.analysis.components import Component, Initiative, Input
from costlib.analysis.layers import Control, GrowthDriver, Launch, Layer, OneOff, PriceChange, Workload
from costlib.analysis.ranges import ThreePoint
from costlib.errors import InputError
from costlib.periods import months_between
from costlib.state.errors import Conflict
from costlib.state.records import Record, State

KIND: Final = "forecast layer"
#: Months that a growth driver is written out for.
_MONTHS = 60


class Type(StrEnum):
    """What a planned change is."""

    LAUNCH = "Launch"
    INITIATIVE = "New initiative"
    PRICE = "Price change"
    GROWTH = "Growth driver"
    CONTROL = "Control"
    ONE_OFF = "One-off amount"


#: Changes that are money on a segment of their own.
ADDING: Final = (Type.LAUNCH, Type.INITIATIVE, Type.ONE_OFF)


@dataclass(frozen=True)
class Change:
    """A planned change as it was entered."""

    type: Type
    name: str
    owner: str
    assumption: str
    currency: str
    where: Mapping[str, str | None]
    start: date
    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0
    ramp_months: int = 0
    components: tuple[Component, ...] = ()

    @property
    def adds_segment(self) -> bool:
        """Whether it is money on a segment of its own, and no factor on what others cost."""
        return self.type in ADDING

    @property
    def initiative(self) -> Initiative:
        """Its workloads, all with its ramp. Raises ``InputError`` without one, or for one that cannot be."""
        return Initiative(self.name, tuple(replace(one, ramp_months=self.ramp_months) for one in self.components))


@dataclass(frozen=True)
class SavedChange:
    """A planned change as it is kept."""

    change: Change
    who: str
    version: int


def save_change(state: State, change: Change, *, who: str, seen: int | None = None) -> None:
    """Keep a change: a new one, or another text of the one whose version ``seen`` the editor looked at.

    Raises ``InputError`` where its name is empty or taken, or its estimate is not in order, and ``Conflict`` where
    somebody else changed it since.
    """
    if not change.name.strip():
        raise InputError("The change has no name", expected="a name such as Agent launch", fix="Give it one.")
    layer_of(change, tuple(change.where), change.start)
    body = {name: value for name, value in asdict(change).items() if name != "name"}
    why = "planned" if seen is None else "changed"
    try:
        state.put(KIND, change.name.strip(), body, who=who, why=why, expected=seen)
    except Conflict as conflict:
        if seen is not None:
            raise
        raise InputError(
            f"A change called {change.name} is planned already", expected="a name of its own", fix="Rename this one."
        ) from conflict


def remove_change(state: State, saved: SavedChange, *, who: str) -> None:
    """Take a change out of the forecast; the history keeps it. Raises ``Conflict`` where it was changed since."""
    state.remove(KIND, saved.change.name, who=who, why="removed", expected=saved.version)


def changes(state: State, currency: str) -> list[SavedChange]:
    """The planned changes in that currency, by name."""
    found = [SavedChange(_change(one), one.changed_by, one.version) for one in state.all(KIND)]
    return [one for one in found if one.change.currency == currency]


def layer_of(change: Change, by: Sequence[str], first: date) -> Layer:
    """The change as a layer on an outlook of the dimensions ``by`` whose first month is ``first``.

    Raises ``InputError`` for an estimate that is not in order.
    """
    named = change.name, change.owner, change.assumption
    estimate = ThreePoint(change.low, change.likely, change.high)
    key = tuple(change.where.get(name) for name in by)
    scope = {name: [value] for name, value in change.where.items()}
    match change.type:
        case Type.INITIATIVE:
            return Workload(*named, key, change.start, change.initiative)
        case Type.LAUNCH:
            return Launch(*named, key, change.start, estimate, change.ramp_months)
        case Type.ONE_OFF:
            return OneOff(*named, key, change.start, estimate)
        case Type.PRICE:
            return PriceChange(*named, scope, change.start, estimate)
        case Type.CONTROL:
            return Control(*named, scope, change.start, estimate, change.ramp_months)
        case Type.GROWTH:
            return GrowthDriver(*named, scope, "volume, today 1", 1.0, _volumes(change, first))


def _volumes(change: Change, first: date) -> tuple[ThreePoint, ...]:
    """The volume of each month beside today's, growing by the estimate from the month of the start on."""
    before = months_between(first, change.start)
    steps = [max(month - before + 1, 0) for month in range(_MONTHS)]
    return tuple(
        ThreePoint((1 + change.low) ** step, (1 + change.likely) ** step, (1 + change.high) ** step) for step in steps
    )


def read_changes(content: bytes) -> list[Change]:
    """The changes that a JSON file lists, each with the fields of ``Change``: how a sample brings some."""
    return [_of(body.pop("name"), body) for body in json.loads(content)]


def _change(record: Record) -> Change:
    return _of(record.key, record.body)


def _of(name: str, body: Mapping[str, Any]) -> Change:
    parts = tuple(_component(one) for one in body.get("components", ()))
    start = date.fromisoformat(body["start"])
    return Change(**{**body, "type": Type(body["type"]), "start": start, "name": name, "components": parts})


def _component(body: Mapping[str, Any]) -> Component:
    growth = _input(body["growth"]) if body.get("growth") else None
    volume, consumption, price = (_input(body[name]) for name in ("volume", "consumption", "price"))
    return Component(body["name"], volume, consumption, price, growth)


def _input(body: Mapping[str, Any]) -> Input:
    estimate = ThreePoint(**{name: float(value) for name, value in body["estimate"].items()})
    return Input(body["unit"], estimate, body["assumption"], body["owner"])
