"""The business case of each initiative and the bounds of the whole portfolio, from one simulation.

Conventions: means over paths, money in the plan's currency; the flow behind ROI, NPV, IRR and payback is credit in cash
- own costs + benefit - added spend; ROI = its sum over the outlay (one-off and running cost, added spend). Months are
counted from the initiative's planned start, the first being 1. Bounds come from whole paths: on one path every
initiative and every segment has the same draw of chance, so what offsets or hits all together is in them. Bounds of
initiatives are not worked out, and would not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from costlib.errors import InputError
from costlib.periods import add_months, fiscal_year
from costlib.roadmap import returns
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.ranges import Range, range_of
from costlib.roadmap.simulate import Simulation


@dataclass(frozen=True)
class BusinessCase:
    """What one initiative takes and brings over the plan's months.

    ``outlay`` is one-off and running cost and added spend. ``time_to_value``: months to the first saving in cash or
    benefit; None where neither comes. ``market_impact`` is the benefit a month once in force, as estimated; None
    without one. ``failure`` is the probability that it brings nothing or is rolled back, its predecessors left out. Of
    one that is not estimated the money is its costs alone: what it saves and brings is not known.
    """

    id: str
    title: str
    bucket: str
    stage: str
    objective: str
    outlay: float
    one_off: float
    gross: float
    net: float
    benefit: float
    roi: float | None
    npv: float
    irr: float | None
    payback_month: int | None
    time_to_value: int | None
    market_impact: Range | None
    failure: float
    is_estimated: bool = True


@dataclass(frozen=True)
class YearBound:
    """Gross saving in cash of all initiatives in one fiscal year, jointly over paths."""

    year: int
    gross: Range


@dataclass(frozen=True)
class Bound:
    """The portfolio as a whole, jointly over paths: NPV, gross saving, gross saving by fiscal year."""

    npv: Range
    gross: Range
    years: tuple[YearBound, ...]
    probability_of_loss: float


def business_cases(result: Simulation) -> list[BusinessCase]:
    """One entry an initiative, in the plan's order."""
    return [_case(result, at, one) for at, one in enumerate(result.plan.initiatives)]


def bound(result: Simulation) -> Bound:
    """The range of the whole plan."""
    return joint_bound([result])


def joint_bound(results: Sequence[Simulation]) -> Bound:
    """The range of several plans together, added path by path; raises InputError unless their paths belong together.

    Paths belong together where the plans were simulated on the same forecast (or given spend): path p of one is then
    path p of the other, and they share months and number of paths.
    """
    first = results[0]
    if any(one.gross.shape != first.gross.shape or one.plan.months != first.plan.months for one in results):
        raise InputError(
            "the plans differ in months or number of paths",
            expected="plans simulated on one and the same forecast",
            fix="Simulate them again with the same start, months and forecast.",
        )
    npv = np.sum([one.npv_paths for one in results], axis=0)
    gross = np.sum([one.gross for one in results], axis=0)
    header = first.plan.plan
    year_of = np.array(
        [fiscal_year(add_months(header.start, t), header.fiscal_year_start) for t in range(header.months)]
    )
    return Bound(
        npv=range_of(npv),
        gross=range_of(gross.sum(axis=0)),
        years=tuple(YearBound(int(y), range_of(gross[year_of == y].sum(axis=0))) for y in np.unique(year_of)),
        probability_of_loss=float((npv < 0).mean()),
    )


def _case(result: Simulation, at: int, one: Initiative) -> BusinessCase:
    money, credit = result.flows[at], result.credit[at]
    flow = credit - money.cost + money.other
    invested = float(money.outlay.sum())
    start = result.plan.start_of(one)
    coming = np.flatnonzero(credit + money.benefit > 0)
    paid_back = returns.payback_month(flow[start:], money.outlay[start:])
    benefit = one.benefit
    return BusinessCase(
        id=one.id,
        title=one.title,
        bucket=one.bucket,
        stage=one.stage,
        objective=one.objective,
        outlay=invested,
        one_off=float(money.one_off.sum()),
        gross=float(credit.sum()),
        net=float((credit - money.cost).sum()),
        benefit=float(money.benefit.sum()),
        roi=returns.roi(flow, money.outlay),
        npv=returns.npv(result.plan.plan.discount_rate, flow),
        irr=returns.irr(flow),
        payback_month=paid_back,
        time_to_value=int(coming[0]) - start + 1 if len(coming) else None,
        market_impact=Range(benefit.low, benefit.likely, benefit.high) if benefit.high > 0 else None,
        failure=1 - one.probability * (1 - (one.guardrail.failure_probability if one.guardrail else 0.0)),
        is_estimated=one.is_estimated,
    )
