"""A new initiative without history: spend from its component workloads, volume x consumption x price.

Conventions: a component costs volume (units of work a month) x consumption (units of a resource for each unit of work)
x price (money for each unit of the resource); each is a low / likely / high estimate with its assumption and its owner.
Volume may grow by a share a month and ramp up. Every input has a random stream of its own, named after it: the same
seed gives the same draws, and a component changes those of no other. A volume that several components state alike, in
one unit, is one figure: drawn once, and turned once. Months are named by their first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.ranges import ThreePoint, amount, certain, stream
from costlib.errors import InputError
from costlib.periods import months_between

Array = NDArray[np.float64]

PATHS = 2000
VOLUME, CONSUMPTION, PRICE, GROWTH = "volume", "consumption", "price", "growth"


def ramp(months: Sequence[date], start: date, ramp_months: int) -> Array:
    """Share reached in each month: 0 before the start, then equal steps up to 1.

    >>> ramp([date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)], date(2026, 2, 1), 1).tolist()
    [0.0, 0.5, 1.0]
    """
    reached: Array = np.clip((_since(months, start) + 1) / (ramp_months + 1), 0.0, 1.0)
    return reached


def _since(months: Sequence[date], start: date) -> NDArray[np.intp]:
    return np.array([months_between(start, month) for month in months])


@dataclass(frozen=True)
class Input:
    """One estimate of a component: in ``unit``, with what it assumes and who answers for it."""

    unit: str
    estimate: ThreePoint
    assumption: str
    owner: str


@dataclass(frozen=True)
class Component:
    """One workload of an initiative. ``growth`` is the share by which volume changes a month; ``ramp_months`` equal
    steps lead up to the volume."""

    name: str
    volume: Input
    consumption: Input
    price: Input
    growth: Input | None = None
    ramp_months: int = 0

    @property
    def inputs(self) -> Mapping[str, Input]:
        """Its inputs by name."""
        found = {VOLUME: self.volume, CONSUMPTION: self.consumption, PRICE: self.price}
        return {**found, GROWTH: self.growth} if self.growth else found


@dataclass(frozen=True)
class Assumption:
    """A row of the list that a reader signs."""

    component: str
    input: str
    unit: str
    estimate: ThreePoint
    assumption: str
    owner: str


@dataclass(frozen=True)
class Swing:
    """Spend over all months with one input at its ends and all others likely, as money.

    ``component`` names the components that share the input.
    """

    component: str
    input: str
    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Initiative:
    """A new initiative as the sum of its components."""

    name: str
    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.components]
        twice = next((name for name in names if names.count(name) > 1), None)
        if not names or twice is not None:
            raise InputError(
                f"Initiative {self.name!r} has {f'two components called {twice!r}' if names else 'no component'}",
                expected="at least one component, each with a name of its own",
            )
        for one in self.components:
            for name, given in one.inputs.items():
                if given.estimate.low < (-1 if name == GROWTH else 0):
                    raise InputError(f"The {name} of {one.name!r} may be below 0", expected="0 or more")

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every input with its estimate, assumption and owner."""
        return tuple(
            Assumption(one.name, name, given.unit, given.estimate, given.assumption, given.owner)
            for one in self.components
            for name, given in one.inputs.items()
        )

    def paths(self, months: Sequence[date], start: date, seed: int = 1, count: int = PATHS) -> Array:
        """Spend of each component, ``[component, month, path]``: 0 before ``start``."""
        return np.array([self._component(one, months, start, seed, count) for one in self.components])

    def _component(self, one: Component, months: Sequence[date], start: date, seed: int, count: int) -> Array:
        drawn = {
            name: given.estimate.drawn(stream(seed, self.name, *self._stream(one, name)), count)
            for name, given in one.inputs.items()
        }
        reached = ramp(months, start, one.ramp_months)[:, None]
        grown = (1.0 + drawn.get(GROWTH, np.zeros(count))) ** np.maximum(_since(months, start), 0)[:, None]
        spend: Array = reached * grown * (drawn[VOLUME] * drawn[CONSUMPTION] * drawn[PRICE])
        return spend

    def _stream(self, one: Component, name: str) -> tuple[str, str]:
        """What an input's random stream is named after: the first component that states it."""
        return self.sharing(one, name)[0].name, name

    def sharing(self, one: Component, name: str) -> tuple[Component, ...]:
        """The components that mean the same figure by an input: volumes stated alike in one unit, else its own."""
        if name != VOLUME or not one.volume.unit:
            return (one,)
        return tuple(
            other
            for other in self.components
            if (other.volume.unit, other.volume.estimate) == (one.volume.unit, one.volume.estimate)
        )


def tornado(initiative: Initiative, months: Sequence[date], start: date) -> tuple[Swing, ...]:
    """Each uncertain input at its low and its high, all others at their likely, the widest first."""
    likely = [_settled(one) for one in initiative.components]
    planned = _sum(initiative, likely, months, start)
    found = []
    for one in initiative.components:
        for name, given in one.inputs.items():
            shared = initiative.sharing(one, name)
            if given.estimate.low == given.estimate.high or shared[0] != one:
                continue
            held = {other.name for other in shared}
            ends = []
            for value in (given.estimate.low, given.estimate.high):
                parts = [_at(part, name, value) if part.name in held else part for part in likely]
                ends.append(_sum(initiative, parts, months, start))
            names = ", ".join(other.name for other in shared)
            found.append((abs(ends[1] - ends[0]), Swing(names, name, *map(amount, (ends[0], planned, ends[1])))))
    return tuple(swing for _, swing in sorted(found, key=lambda pair: -pair[0]))


def _settled(one: Component) -> Component:
    """The component with every input at its likely value."""
    for name, given in one.inputs.items():
        one = _at(one, name, given.estimate.likely)
    return one


def _at(one: Component, name: str, value: float) -> Component:
    """The component with one input certain."""
    changed: Any = {name: replace(one.inputs[name], estimate=certain(value))}
    return replace(one, **changed)


def _sum(initiative: Initiative, components: Sequence[Component], months: Sequence[date], start: date) -> float:
    return float(replace(initiative, components=tuple(components)).paths(months, start, count=1).sum())
