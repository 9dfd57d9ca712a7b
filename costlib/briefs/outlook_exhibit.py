"""The outlook as a chart: what was spent month by month, what is likely, its range, and a budget where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from costlib.analysis.ranges import LEVEL
from costlib.briefs.ahead import Ahead
from costlib.briefs.exhibits import Basis
from costlib.briefs.words.outlook import bridged_words
from costlib.charts.spec import Amount, Band, BandTrend, Caption, Line, Role
from costlib.charts.timeline import Periods
from costlib.periods import Grain, Window, next_period


def outlook_chart(
    title: str,
    what: str,
    basis: Basis,
    months: Sequence[date],
    actual: Mapping[date, Amount],
    found: Ahead,
    budget: Mapping[date, Decimal] | None = None,
    bridged_days: int = 0,
) -> BandTrend:
    """Months from the past to the horizon; ``actual`` holds what was spent, the running month so far included.

    ``months`` run without a hole to the last month of ``found``; ``bridged_days`` are days of unknown cost behind it.
    """
    spans = dict(zip(found.months, found.by_month, strict=True))
    window = Window(months[0], next_period(months[-1], Grain.MONTH))
    shown = [spans.get(month) for month in months]
    axis = Periods(tuple(months), Grain.MONTH, data_until=basis.data_date)
    plan = None if not budget else Line("Budget", tuple(budget.get(month) for month in months), Role.PLAN)
    return BandTrend(
        Caption(title, basis.subtitle(what, window), basis.source),
        axis,
        basis.currency,
        actual=Line("Actual", tuple(actual.get(month) if month <= basis.data_date else None for month in months)),
        forecast=Line("Likely", tuple(span.likely if span else None for span in shown), Role.FORECAST),
        band=Band(
            f"{LEVEL}% range",
            tuple(span.low if span else None for span in shown),
            tuple(span.high if span else None for span in shown),
        ),
        plan=plan,
        note=bridged_words(bridged_days),
    )
