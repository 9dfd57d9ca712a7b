"""A launch held against its bill, month by month: what each component came to, and whether the month lay in the range.

Conventions: money and quantities a whole calendar month. A row of the bill belongs to the first component one of whose
words stands in the meter's name; what none claims was not foreseen. ``months`` is a volume of 1 a month. A volume that
nobody counted is unknown, and quantities in several units do not add up: the month is then held against the range, and
not taken apart by cause. A month of which the bills do not tell the cost is held against nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from costlib.periods import Window, add_months, month_start, whole_months
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch_review import (
    Component,
    LaunchEstimate,
    Measured,
    Outcome,
    held_against,
    launch_estimate,
)
from costlib.roadmap.ranges import Range

#: The volume of what is there whether or not anybody uses it.
MONTHS = "months"
_WHOLE = "all of it"


@dataclass(frozen=True)
class Workloads:
    """What a launch's cost is estimated from, with the words of each component's meters on the bill, by name."""

    volumes: Mapping[str, Estimate]
    components: tuple[Component, ...]
    meters: Mapping[str, tuple[str, ...]]

    def estimate(self, seed: int = 1) -> LaunchEstimate:
        """A month's cost, with its range."""
        return launch_estimate(self.volumes, self.components, seed)

    @property
    def counted(self) -> list[str]:
        """The volumes that somebody has to count; a month needs no counting."""
        return [name for name in self.volumes if name != MONTHS]


@dataclass(frozen=True)
class BilledMeter:
    """What a meter came to in a month in one unit; ``quantity`` is None where the bill does not say."""

    meter: str
    quantity: float | None
    cost: float
    unit: str = ""


@dataclass(frozen=True)
class LaunchMonth:
    """One month of the bill beside the estimate.

    ``causes`` is None where a volume or quantity is unknown, or where a component is billed in several units: ``mixed``
    holds what each of these came to, by component and unit.
    """

    month: date
    actual: float
    low: float
    high: float
    causes: Outcome | None
    mixed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def beyond(self) -> float:
        """Money above the range's high end (positive) or below its low end (negative); 0 inside."""
        return self.actual - self.high if self.actual > self.high else min(self.actual - self.low, 0.0)


@dataclass(frozen=True)
class UntoldMonth:
    """A closed month whose cost the bills do not tell: of an account in ``accounts`` a bill may be missing, none of the
    month is loaded (``is_missing``), or ``unknown`` line items have no cost. Without any of these nothing was billed.
    """

    month: date
    accounts: tuple[str, ...] = ()
    unknown: int = 0
    is_missing: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether the bills are there, and no line item of the launch is on them."""
        return not (self.accounts or self.unknown or self.is_missing)


def stated_estimate(low: float, likely: float, high: float) -> LaunchEstimate:
    """An estimate that somebody gave as a range a month: taken as it is said."""
    return LaunchEstimate(Range(low, likely, high), {_WHOLE: likely}, {})


def closed_months(shipped: date, window: Window) -> list[Window]:
    """The whole months of the bill since a model shipped, oldest first; the month in which it did counts if whole.

    >>> [month.start for month in closed_months(date(2026, 2, 10), Window(date(2026, 1, 1), date(2026, 5, 20)))]
    [datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)]
    """
    start = month_start(shipped)
    first = max(start if shipped == start else add_months(start, 1), window.start)
    return [Window(month, add_months(month, 1)) for month in whole_months(Window(first, window.end))]


def launch_month(
    month: date,
    estimate: LaunchEstimate,
    workloads: Workloads | None,
    rows: Sequence[BilledMeter],
    volumes: Mapping[str, float],
) -> LaunchMonth:
    """A month's bill held against the estimate; ``volumes`` holds those that were counted."""
    monthly = estimate.monthly
    actual = sum(row.cost for row in rows)
    outcome, mixed = None, several_units(workloads, rows) if workloads else {}
    if workloads and all(name in volumes for name in workloads.counted):
        found = measured_by(workloads, rows, {MONTHS: 1.0, **volumes})
        outcome = held_against(workloads.volumes, workloads.components, found) if found else None
    return LaunchMonth(month, actual, monthly.low, monthly.high, outcome, mixed)


def measured_by(
    workloads: Workloads, rows: Sequence[BilledMeter], volumes: Mapping[str, float]
) -> dict[str, Measured] | None:
    """What each component came to, and under their meters what none claims; None where a quantity is not known.

    A charge without a quantity, such as a credit, beside others of its meter only costs.
    """
    if several_units(workloads, rows):
        return None
    found: dict[str, Measured] = {one.name: Measured(volumes[one.volume], 0.0, 0.0) for one in workloads.components}
    counted = {row.meter for row in rows if row.quantity is not None}
    for row in rows:
        name = claimed_by(workloads, row.meter)
        if name is None:
            before = found.get(row.meter, Measured(0.0, 0.0, 0.0))
            found[row.meter] = Measured(0.0, 0.0, before.cost + row.cost)
            continue
        if row.meter not in counted:
            return None
        before = found[name]
        found[name] = Measured(before.volume, before.consumption + (row.quantity or 0.0), before.cost + row.cost)
    return found


def several_units(workloads: Workloads, rows: Iterable[BilledMeter]) -> dict[str, dict[str, float]]:
    """Quantities by component and unit, of the components that are billed in more than one unit.

    Units are the same in any case of their letters.
    """
    held: dict[str, dict[str, float]] = {}
    spelt: dict[str, str] = {}
    for row in rows:
        name = claimed_by(workloads, row.meter)
        if name is not None and row.quantity is not None:
            unit = spelt.setdefault(row.unit.casefold(), row.unit)
            sums = held.setdefault(name, {})
            sums[unit] = sums.get(unit, 0.0) + row.quantity
    return {name: sums for name, sums in held.items() if len(sums) > 1}


def claimed_by(workloads: Workloads, meter: str) -> str | None:
    """The component that a meter of the bill belongs to; None where none claims it."""
    said = meter.casefold()
    for one in workloads.components:
        if any(word.casefold() in said for word in workloads.meters.get(one.name, ())):
            return one.name
    return None
