"""Run funds Grow funds Transform: what is released, what is spent of it, and what has to be asked for, month by month.

Conventions: mean money a month in the plan's currency, from one simulation. *Released* is the net saving in cash of the
Run initiatives: their credit less their own costs; freed capacity is no cash and funds nothing. An initiative that says
which share of its saving is reinvested keeps back the rest. Grow may spend only what is released, Transform only
Grow's net margin (benefit and credit less everything Grow costs, earned back from the first month on). What is not
spent waits for later months; what is missing is asked for in the month in which it is missing, whoever misses it, and
is not paid back out of later savings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.periods import add_months, fiscal_year
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import Simulation

Floats = NDArray[np.float64]

BUCKETS = ("run", "grow", "transform")


@dataclass(frozen=True)
class Funding:
    """Flows between the buckets in a stretch of time (a month or a fiscal year), money.

    ``released`` + ``ask_run`` - ``kept`` - ``into_grow`` is what waits on the Run side; likewise ``grow_margin`` -
    ``into_transform`` on Grow's. ``wanted_*`` = ``into_*`` + ``ask_*``. ``waiting_*`` is at the end of the stretch.
    """

    start: date
    released: float
    kept: float
    ask_run: float
    wanted_grow: float
    into_grow: float
    ask_grow: float
    grow_margin: float
    wanted_transform: float
    into_transform: float
    ask_transform: float
    waiting_run: float
    waiting_grow: float

    @property
    def ask(self) -> float:
        """Money that has to be asked for: for Run's own costs, for Grow and for Transform."""
        return self.ask_run + self.ask_grow + self.ask_transform


@dataclass(frozen=True)
class Sides:
    """What the buckets bring and want, one amount a month."""

    released: Floats
    kept: Floats
    wanted_grow: Floats
    grow_margin: Floats
    wanted_transform: Floats


def sides(result: Simulation) -> Sides:
    """What each bucket of a simulated plan brings and wants."""
    months = result.plan.plan.months
    net = {bucket: np.zeros(months) for bucket in BUCKETS}
    outlay = {bucket: np.zeros(months) for bucket in BUCKETS}
    kept, other = np.zeros(months), np.zeros(months)
    for at, one in enumerate(result.plan.initiatives):
        own = result.credit[at] - result.flows[at].cost
        net[one.bucket] += own
        outlay[one.bucket] += result.flows[at].outlay
        if one.bucket == "grow":
            other += result.flows[at].other
        if one.bucket == "run" and one.reinvest:
            kept += np.maximum(own, 0.0) * (1 - one.reinvest.share)
    return Sides(
        released=net["run"],
        kept=kept,
        wanted_grow=outlay["grow"],
        grow_margin=net["grow"] + other,
        wanted_transform=outlay["transform"],
    )


@dataclass(frozen=True)
class Reinvested:
    """What one initiative puts into another by its own word: its share of what it saves net, by fiscal year."""

    giver: str
    receiver: str
    share: float
    years: tuple[float, ...]


def reinvested(result: Simulation) -> list[Reinvested]:
    """One entry for each initiative that says where its saving goes, in the plan's order; years as in ``by_year``."""
    header = result.plan.plan
    year_of = [fiscal_year(add_months(header.start, t), header.fiscal_year_start) for t in range(header.months)]
    found = []
    for at, one in enumerate(result.plan.initiatives):
        if one.reinvest:
            flow = np.maximum(result.credit[at] - result.flows[at].cost, 0.0) * one.reinvest.share
            years = {year: float(flow[[of == year for of in year_of]].sum()) for year in dict.fromkeys(year_of)}
            found.append(Reinvested(one.id, one.reinvest.to, one.reinvest.share, tuple(years.values())))
    return found


def reinvestment(result: Simulation) -> list[Funding]:
    """Flows between the buckets of a simulated plan, one entry a month."""
    return fund(sides(result), result.plan.plan.start)


def fund(wanted: Sides, start: date) -> list[Funding]:
    """Flows from what the buckets bring and want, one entry a month from ``start`` on."""
    rows = []
    run = grow = 0.0
    for t in range(len(wanted.released)):
        run += float(wanted.released[t] - wanted.kept[t])
        ask_run, run = max(-run, 0.0), max(run, 0.0)
        into_grow = min(run, float(wanted.wanted_grow[t]))
        run -= into_grow
        grow += float(wanted.grow_margin[t])
        into_transform = min(max(grow, 0.0), float(wanted.wanted_transform[t]))
        grow -= into_transform
        rows.append(
            Funding(
                start=add_months(start, t),
                released=float(wanted.released[t]),
                kept=float(wanted.kept[t]),
                ask_run=ask_run,
                wanted_grow=float(wanted.wanted_grow[t]),
                into_grow=into_grow,
                ask_grow=float(wanted.wanted_grow[t]) - into_grow,
                grow_margin=float(wanted.grow_margin[t]),
                wanted_transform=float(wanted.wanted_transform[t]),
                into_transform=into_transform,
                ask_transform=float(wanted.wanted_transform[t]) - into_transform,
                waiting_run=run,
                waiting_grow=grow,
            )
        )
    return rows


def by_year(months: Sequence[Funding], plan: Plan) -> list[Funding]:
    """The months added up to fiscal years; what waits is that of the year's last month.

    ``start`` is the first month of the year that the plan holds.
    """
    years: dict[int, list[Funding]] = {}
    for one in months:
        years.setdefault(fiscal_year(one.start, plan.plan.fiscal_year_start), []).append(one)
    return [_added(held) for held in years.values()]


def _added(months: Sequence[Funding]) -> Funding:
    flows = {
        name: sum(float(getattr(one, name)) for one in months)
        for name in vars(months[0])
        if name != "start" and not name.startswith("waiting")
    }
    last = months[-1]
    return Funding(start=months[0].start, waiting_run=last.waiting_run, waiting_grow=last.waiting_grow, **flows)
