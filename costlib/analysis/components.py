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

from costlib.analysis.ranges import LEVEL, Line, Range, amount, certain, line_of, stream
from costlib.errors import InputError

Array = NDArray[np.float64]

PATHS = 2000
VOLUME, CONSUMPTION, PRICE, GROWTH = "volume", "consumption", "price", "growth"


@dataclass(frozen=True)
class Input:
    """One estimate of a component: in ``unit``, with what it assumes and who answers for it."""

    unit: str
    estimate: Range
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
    estimate: Range
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
        since = np.array([(month.year - start.year) * 12 + month.month - start.month for month in months])
        return np.array([self._component(one, since, seed, count) for one in self.components])

    def _component(self, one: Component, since: NDArray[np.intp], seed: int, count: int) -> Array:
        drawn = {
            name: given.estimate.drawn(stream(seed, self.name, *self._stream(one, name)), count)
            for name, given in one.inputs.items()
        }
        reached = np.clip((since + 1) / (one.ramp_months + 1), 0.0, 1.0)[:, None]
        grown = (1.0 + drawn.get(GROWTH, np.zeros(count))) ** np.maximum(since, 0)[:, None]
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


@dataclass(frozen=True)
class Estimated:
    """What an initiative costs: a line a month, the whole of all months, each component's whole, and what moves it."""

    months: tuple[date, ...]
    monthly: Line
    total: Line
    components: Mapping[str, Line]
    tornado: tuple[Swing, ...]
    assumptions: tuple[Assumption, ...]


def estimated(
    initiative: Initiative,
    months: Sequence[date],
    start: date,
    seed: int = 1,
    count: int = PATHS,
    level: float = LEVEL,
) -> Estimated:
    """The initiative's spend with its range, drawn ``count`` times, and its inputs by how much they move it.

    >>> unit, month = Input("", certain(10), "counted", "Ada"), date(2026, 1, 1)
    >>> found = estimated(Initiative("chat", (Component("api", unit, unit, unit),)), [month], month)
    >>> found.total.p50
    (Decimal('1000.00'),)
    """
    paths = initiative.paths(months, start, seed, count)
    return Estimated(
        months=tuple(months),
        monthly=line_of(paths.sum(axis=0), level),
        total=_whole(paths.sum(axis=0), level),
        components={one.name: _whole(spend, level) for one, spend in zip(initiative.components, paths, strict=True)},
        tornado=tornado(initiative, months, start),
        assumptions=initiative.assumptions,
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


def _whole(paths: Array, level: float) -> Line:
    return line_of(paths.sum(axis=0, keepdims=True), level)
