"""The launch review: what a proposed model will cost a month, approved before it ships, later held against the bill.

Conventions: money a month in one currency. A component costs volume x consumption x price: requests a month, tokens (or
hours, gigabytes) a request, money a token; each is low / likely / high (PERT). Components that name one volume share
its draw: twice the requests are twice the tokens and twice the hours. The expected cost is the product of the means,
exactly; its range comes from draws, the same seed giving the same range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from costlib.errors import InputError
from costlib.roadmap.draws import pert
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.ranges import Range, range_of

DRAWS = 10_000


class Fit(StrEnum):
    """How an estimate stands to what may be spent."""

    WITHIN = "within, even at the high end"
    LIKELY = "within if it goes as expected"
    BEYOND = "beyond what may be spent"


class Status(StrEnum):
    """Where a launch stands."""

    OPEN = "not decided"
    APPROVED = "approved"
    REFUSED = "refused"
    UNAPPROVED = "shipped without approval"


@dataclass(frozen=True)
class Component:
    """One cost of a model: so much consumption for each unit of the named volume, at a price for each unit of it."""

    name: str
    volume: str
    consumption: Estimate
    price: Estimate

    @property
    def unit_cost(self) -> float:
        """Expected money for one unit of the volume."""
        return self.consumption.mean * self.price.mean


@dataclass(frozen=True)
class LaunchEstimate:
    """A month's cost with its range, the expected cost by component, and that of one unit of each volume."""

    monthly: Range
    components: Mapping[str, float]
    unit_cost: Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """What a component came to in a month: volume, consumption in all, money."""

    volume: float
    consumption: float
    cost: float


@dataclass(frozen=True)
class Deviation:
    """Actual less expected of one component, by cause; the three add up to ``total``, positive is dearer."""

    name: str
    expected: float
    actual: float
    volume: float
    consumption: float
    price: float

    @property
    def total(self) -> float:
        """Actual less expected."""
        return self.actual - self.expected


@dataclass(frozen=True)
class Outcome:
    """A launch held against its estimate: what the month came to, and where the difference comes from.

    ``unforeseen`` is money of components that the estimate did not have.
    """

    actual: float
    deviations: tuple[Deviation, ...]
    unforeseen: Mapping[str, float]


def launch_estimate(volumes: Mapping[str, Estimate], components: Sequence[Component], seed: int = 1) -> LaunchEstimate:
    """What a month will cost; raises InputError for an unknown volume, a repeated name or a negative figure."""
    _checked(volumes, components)
    streams = np.random.SeedSequence(seed).spawn(len(volumes) + 2 * len(components))
    draws = iter(np.random.Generator(np.random.PCG64(one)) for one in streams)
    driven = {name: pert(volumes[name], next(draws), DRAWS) for name in sorted(volumes)}
    paths = np.zeros(DRAWS)
    for one in sorted(components, key=lambda component: component.name):
        paths += driven[one.volume] * pert(one.consumption, next(draws), DRAWS) * pert(one.price, next(draws), DRAWS)
    expected = {one.name: volumes[one.volume].mean * one.unit_cost for one in components}
    drawn = range_of(paths)
    units = {name: sum(one.unit_cost for one in components if one.volume == name) for name in volumes}
    return LaunchEstimate(Range(drawn.low, math.fsum(expected.values()), drawn.high), expected, units)


def fit(estimate: LaunchEstimate, limit: float) -> Fit:
    """How the estimate stands to what may be spent a month."""
    if estimate.monthly.high <= limit:
        return Fit.WITHIN
    return Fit.LIKELY if estimate.monthly.likely <= limit else Fit.BEYOND


def status(approved: bool | None, decided: date | None, shipped: date | None) -> Status:
    """Where a launch stands; what shipped before it was approved, or after it was refused, is said.

    >>> status(True, date(2026, 3, 9), date(2026, 3, 2)).value
    'shipped without approval'
    """
    if shipped is not None and (not approved or decided is None or decided > shipped):
        return Status.UNAPPROVED
    if approved is None or decided is None:
        return Status.OPEN
    return Status.APPROVED if approved else Status.REFUSED


def held_against(
    volumes: Mapping[str, Estimate], components: Sequence[Component], actual: Mapping[str, Measured]
) -> Outcome:
    """What was estimated against a month of the bill, by component and cause.

    volume = (V1 - V0) x c0 x p0, consumption = (c1 - c0) x V1 x p0, price = (p1 - p0) x C1, with c consumption for a
    unit of volume and C consumption in all. A component that is not in the bill counts as nothing consumed.
    """
    nothing = Measured(0.0, 0.0, 0.0)
    deviations = tuple(_deviation(one, volumes[one.volume].mean, actual.get(one.name, nothing)) for one in components)
    names = {one.name for one in components}
    total = sum(one.cost for one in actual.values())
    return Outcome(
        actual=total,
        deviations=deviations,
        unforeseen={name: one.cost for name, one in actual.items() if name not in names},
    )


def _deviation(one: Component, volume: float, actual: Measured) -> Deviation:
    consumption, price = one.consumption.mean, one.price.mean
    by_volume = (actual.volume - volume) * consumption * price
    by_consumption = (actual.consumption - actual.volume * consumption) * price
    return Deviation(
        name=one.name,
        expected=volume * consumption * price,
        actual=actual.cost,
        volume=by_volume,
        consumption=by_consumption,
        price=actual.cost - actual.consumption * price,
    )


def _checked(volumes: Mapping[str, Estimate], components: Sequence[Component]) -> None:
    names = [one.name for one in components]
    for one in components:
        if one.volume not in volumes or names.count(one.name) > 1:
            said = "stands twice" if names.count(one.name) > 1 else f"is driven by {one.volume}, which is not estimated"
            raise InputError(
                f"the component {one.name} {said}",
                expected=f"a name of its own and a volume of {', '.join(volumes) or 'those estimated'}",
                fix="Correct the component.",
            )
    figures = [*volumes.values(), *(figure for one in components for figure in (one.consumption, one.price))]
    if any(figure.low < 0 for figure in figures):
        raise InputError("a volume, consumption or price is negative", expected="0 or more", fix="Correct the figure.")
