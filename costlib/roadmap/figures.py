"""The figures that a plan is judged by, taken from its simulation.

Conventions: money in the plan's currency, means over paths; ``net`` and every saving leave out benefit and added spend,
which NPV, IRR, payback and ROI take in (they share one monthly flow: net + benefit - added spend). An outlay is one-off
or running cost or added spend. ``in_year`` covers the months of the fiscal year that holds the plan's start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from costlib.periods import Grain, next_period, period_start
from costlib.roadmap import returns
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.simulate import Simulation


@dataclass(frozen=True)
class Headline:
    """Figures of the whole plan over its months."""

    gross: float
    net: float
    in_year: float
    run_rate: float
    npv: float
    irr: float | None
    payback_month: int | None
    freed_capacity: float
    benefit: float
    added_spend: float
    roi: float | None


@dataclass(frozen=True)
class Share:
    """Figures of one initiative: its credit, and its credit less its own costs."""

    id: str
    gross: float
    net: float
    npv: float
    rice: float | None
    freed_capacity: float


def headline(result: Simulation) -> Headline:
    """The whole plan's figures."""
    plan, months = result.plan, result.plan.plan.months
    gross = result.credit.sum(axis=0)
    cost = sum((one.cost for one in result.flows), np.zeros(months))
    other = sum((one.other for one in result.flows), np.zeros(months))
    outlay = sum((one.outlay for one in result.flows), np.zeros(months))
    flow = gross - cost + other
    return Headline(
        gross=float(gross.sum()),
        net=float((gross - cost).sum()),
        in_year=float(gross[: fiscal_months(plan)].sum()),
        run_rate=float(gross[-1] * 12),
        npv=returns.npv(plan.plan.discount_rate, flow),
        irr=returns.irr(flow),
        payback_month=returns.payback_month(flow, outlay),
        freed_capacity=float(result.freed.sum()),
        benefit=float(sum(one.benefit.sum() for one in result.flows)),
        added_spend=float(sum(one.added_spend.sum() for one in result.flows)),
        roi=returns.roi(flow, outlay),
    )


def shares(result: Simulation) -> list[Share]:
    """One entry an initiative, in the plan's order; gross, net and NPV add up to the plan's.

    Of an initiative that nobody has estimated they hold its costs alone.
    """
    found = []
    rate = result.plan.plan.discount_rate
    for at, one in enumerate(result.plan.initiatives):
        money, credit = result.flows[at], result.credit[at]
        rice = returns.rice(float(result.reach[at]), one.saving.likely, one.probability, one.person_weeks)
        found.append(
            Share(
                id=one.id,
                gross=float(credit.sum()),
                net=float((credit - money.cost).sum()),
                npv=returns.npv(rate, credit - money.cost + money.other),
                rice=rice if one.is_estimated else None,
                freed_capacity=float(result.freed[at].sum()),
            )
        )
    return found


def fiscal_months(plan: Plan) -> int:
    """Months of the plan that lie in the fiscal year of its first month.

    >>> fiscal_months(Plan(plan={"start": "2026-08", "months": 24, "fiscal_year_start": 10}))
    2
    """
    start = plan.plan.start
    year_end = next_period(period_start(start, Grain.YEAR, plan.plan.fiscal_year_start), Grain.YEAR)
    return min(plan.month_index(year_end), plan.plan.months)
