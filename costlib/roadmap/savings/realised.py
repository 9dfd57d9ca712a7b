"""What an initiative has saved: counterfactual less actual, whole and by month, and where it came from.

Conventions: money in the currency of the cost measured, a saving is positive; the 80 % interval is that of the
counterfactual, because what was spent is known. Ranges of months are never added up: the whole has its own.

The split: with p unit cost, q consumption for a unit of work, V work, 0 without and 1 with the initiative,

    rate = (p0 - p1) x Q1        volume = p0 x q0 x (V0 - V1)        efficiency = p0 x (q0 x V1 - Q1)

adds up to the saving exactly. V0 is the work asked for; V1 the work done, and V0 - V1 the work that the initiative made
unnecessary (cache hits, stopped runs). A rise or fall in what is asked for is ``demand``: it moves the counterfactual,
is shown beside the saving and is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.periods import Grain, Window, add_months, period_starts
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.counterfactual import Counterfactual, Placebo, counterfactual
from costlib.roadmap.savings.measured import Basis, Measured


@dataclass(frozen=True)
class Split:
    """A saving by cause; the parts add up to it."""

    rate: float
    volume: float
    efficiency: float


@dataclass(frozen=True)
class MonthSaving:
    """One calendar month: ``periods`` of it were measured, ``counterfactual`` and ``actual`` are of those."""

    month: date
    periods: int
    counterfactual: float
    actual: float
    saving: Range


@dataclass(frozen=True)
class Realised:
    """What an initiative has saved since the end of its ramp.

    ``demand``: what the change in volume since before go-live adds to the cost, None where no volume is known.
    ``split`` is None where the consumed quantity is unknown. ``unknown`` periods are left out on both sides; a period
    has ``days`` days, 1 or 7.
    """

    saving: Range
    counterfactual: Range
    actual: float
    share: Range
    split: Split | None
    demand: float | None
    months: tuple[MonthSaving, ...]
    basis: Basis
    placebos: tuple[Placebo, ...]
    unknown: int
    days: int

    @property
    def certain(self) -> bool:
        """Whether the whole interval is above nothing."""
        return self.saving.low > 0


def realised(measured: Measured, go_live: date, ramp_end: date | None = None) -> Realised:
    """What was saved from the end of the ramp to the end of the series; raises TooLittleHistory.

    The split needs ``quantity``; where ``work_done`` is left out, all work asked for was done.
    """
    found = counterfactual(measured, go_live, ramp_end)
    saving = _saving(found, found.known)
    without, actual = found.total(found.known), float(found.actual[found.known].sum())
    return Realised(
        saving=saving,
        counterfactual=without,
        actual=actual,
        share=_share(saving, without),
        split=_split(found, go_live, ramp_end),
        demand=_demand(found, go_live),
        months=tuple(_months(found)),
        basis=found.basis,
        placebos=found.placebos,
        unknown=int((~found.known).sum()),
        days=found.measured.days,
    )


def split(without: float, quantity_without: float, actual: float, quantity: float, avoided: float = 0.0) -> Split:
    """The saving ``without - actual`` by cause; ``avoided`` is the share of the work asked for that was not needed.

    By hand: 1,000 units at 2 became 600 units at 1.5 for 90 % of the work.

    >>> split(2000, 1000, 900, 600, 0.1)
    Split(rate=300.0, volume=200.0, efficiency=600.0)
    """
    unit_cost = without / quantity_without
    return Split(
        rate=unit_cost * quantity - actual,
        volume=without * avoided,
        efficiency=unit_cost * (quantity_without * (1 - avoided) - quantity),
    )


def _saving(found: Counterfactual, periods: NDArray[np.bool_]) -> Range:
    return found.total(periods).less(float(found.actual[periods].sum()))


def _share(saving: Range, without: Range) -> Range:
    """The saving as a share of the counterfactual, bound by bound."""
    pairs = ((saving.low, without.low), (saving.likely, without.likely), (saving.high, without.high))
    return Range(*(part / whole if whole else 0.0 for part, whole in pairs))


def _months(found: Counterfactual) -> list[MonthSaving]:
    """One entry a calendar month with at least one known period, weeks counted where they begin."""
    days = found.dates()
    rows = []
    for month in period_starts(Window(days[0], days[-1] + timedelta(days=1)), Grain.MONTH):
        inside = found.within(month, add_months(month, 1))
        if inside.any():
            spent = float(found.actual[inside].sum())
            without = float(found.expected[inside].sum())
            rows.append(MonthSaving(month, int(inside.sum()), without, spent, _saving(found, inside)))
    return rows


def _split(found: Counterfactual, go_live: date, ramp_end: date | None) -> Split | None:
    """By cause; None unless quantity and work are known wherever the cost is."""
    series, known = found.measured, found.known
    avoided = _avoided(found)
    if series.quantity is None or avoided is None:
        return None
    used = counterfactual(replace(series, cost=series.quantity), go_live, ramp_end)
    if not known.any() or not used.known[known].all():
        return None
    return split(
        float(found.expected[known].sum()),
        float(used.expected[known].sum()),
        float(found.actual[known].sum()),
        float(used.actual[known].sum()),
        avoided,
    )


def _avoided(found: Counterfactual) -> float | None:
    """Share of the work asked for that was not done; None where it is unknown in a period."""
    series = found.measured
    if series.work_done is None:
        return 0.0
    if series.volume is None:
        return None
    asked = float(series.volume[found.first :][found.known].sum())
    done = float(series.work_done[found.first :][found.known].sum())
    return 1 - done / asked if np.isfinite(done) and asked > 0 else None


def _demand(found: Counterfactual, go_live: date) -> float | None:
    """Expected cost of the known periods less that of the same at the mean volume before go-live."""
    volume = found.measured.volume
    if volume is None:
        return None
    level = float(np.nanmean(volume[: found.measured.index(go_live)]))
    relative = volume[found.first :][found.known] / level
    expected = found.expected[found.known]
    return float((expected - expected / (1 - found.moving + found.moving * relative)).sum())
