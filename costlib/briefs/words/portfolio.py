"""The words and charts of the Portfolio page: what Run frees, what Grow and Transform want, what has to be asked for.

Conventions: means over paths in the plan's currency; ranges are those of the whole portfolio, worked out path by path.
Run keeps going, Grow earns more, Transform changes the business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.briefs.initiative_figures import NOT_ESTIMATED
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words.budget import chance_words
from costlib.briefs.words.roadmap import amount
from costlib.charts.spec import Bubble, Bucket, Caption, Investment, Measure, Segment, StackedColumns
from costlib.charts.spec.bubble import MOST_INVESTMENTS
from costlib.charts.timeline import Periods
from costlib.periods import Grain, Window, add_months, fiscal_year, period_start, period_starts
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.portfolio.cases import Bound, BusinessCase
from costlib.roadmap.portfolio.reinvest import BUCKETS, Funding
from costlib.roadmap.simulate import Simulation

BUCKET_HELP: Final = (
    "Run keeps the business going for less, Grow earns more, Transform changes the business. Grow may spend only what "
    "Run has freed, Transform only what Grow has earned beyond its cost; what is missing has to be asked for. "
    "What Run frees and Grow earns is net of their own costs."
)
ROI_HELP: Final = "Return on investment: what it brings net, over everything it takes, in the plan's months."
CASE_HELP: Final = (
    "Payback and first value in months from its start. Market impact is the benefit a month as estimated by its team. "
    "Failure is the chance that it brings nothing or is taken back."
)
_MANY: Final = 10
CASE_HEADER: Final = (
    "Initiative",
    "Purpose",
    "Stage",
    "Takes",
    "NPV",
    "ROI",
    "Pays back",
    "First value",
    "Market impact a month",
    "Failure",
)
FLOW_HEADER: Final = (
    "Year", "Run frees", "Grow wants", "Grow gets", "Grow earns", "Transform wants", "Transform gets", "To be asked for"
)  # fmt: skip


def portfolio_finding(flows: Sequence[Funding], name: str, currency: str) -> str:
    """What Run frees, what of it the others want, and the gap as an ask."""
    freed = sum(one.released for one in flows)
    wanted = sum(one.wanted_grow + one.wanted_transform for one in flows)
    ask = sum(one.ask for one in flows)
    said = f"Run frees {amount(freed, currency)} by {name}"
    if wanted <= 0:
        return f"{said}; nothing is planned yet to grow or transform with it"
    want = f"Grow and Transform want {amount(wanted, currency)}"
    gap = f"{amount(ask, currency)} has to be asked for" if ask >= 1 else "nothing has to be asked for"
    return f"{said}; {want}, and {gap}"


def bubble_chart(found: PlanFigures, cases: Sequence[BusinessCase]) -> Bubble | None:
    """Investments by when their first value comes, counted from the plan's start, and by NPV, their money as the size;
    None where none has a value.
    """
    currency, plan = found.setting.currency, found.case.plan
    names = names_of(found)
    begins = {one.id: plan.start_of(one) for one in plan.initiatives}
    known = [one for one in cases if one.is_estimated]
    ranked = sorted(known, key=lambda one: -one.outlay)[:MOST_INVESTMENTS]
    shown = tuple(
        Investment(
            name=names[one.id],
            x=None if one.time_to_value is None else Decimal(begins[one.id] + one.time_to_value),
            y=_cents(one.npv),
            size=_cents(one.outlay),
            bucket=Bucket(one.bucket),
        )
        for one in ranked
    )
    if all(one.x is None for one in shown):
        return None
    best = max(known, key=lambda one: one.npv)
    caption = Caption(
        f"{names[best.id]} is worth most: {amount(best.npv, currency)}",
        f"first value, NPV and outlay of each initiative over {money.counted(plan.plan.months, 'month')}, {currency}",
        found.source,
    )
    return Bubble(
        caption,
        Measure("First value, from the plan's start", unit="months"),
        Measure("NPV", currency=currency),
        Measure("Investment", currency=currency),
        shown,
        dimension="Initiative",
    )


def shift_chart(found: PlanFigures) -> StackedColumns | None:
    """What each purpose takes by fiscal quarter; None where nothing is spent."""
    result, header = found.case.recommended.result, found.case.plan.plan
    fiscal, currency = header.fiscal_year_start, found.setting.currency
    end = add_months(header.start, header.months)
    first = period_start(header.start, Grain.QUARTER, fiscal)
    quarters = period_starts(Window(first, end), Grain.QUARTER, fiscal)
    spent = _outlay(result, quarters, fiscal)
    if not any(any(values) for values in spent.values()):
        return None
    totals = {bucket: sum(values) for bucket, values in spent.items()}
    whole = sum(totals.values())
    later = totals["grow"] + totals["transform"]
    title = f"{money.percent(later / whole)} of the {amount(whole, currency)} that initiatives take grows or transforms"
    subtitle = f"one-off, running and added spend of initiatives by fiscal quarter and purpose, {currency}"
    return StackedColumns(
        Caption(title, subtitle, found.source),
        Periods(tuple(quarters), Grain.QUARTER, fiscal),
        currency,
        tuple(
            Segment(bucket.capitalize(), tuple(_cents(value) for value in values))
            for bucket, values in spent.items()
            if any(values)
        ),
    )


def _outlay(result: Simulation, quarters: Sequence[date], fiscal: int) -> dict[str, list[float]]:
    """Outlay by purpose and quarter, means over paths."""
    header = result.plan.plan
    places = {start: at for at, start in enumerate(quarters)}
    found = {bucket: [0.0] * len(quarters) for bucket in BUCKETS}
    for one, flow in zip(result.plan.initiatives, result.flows, strict=True):
        for month in range(header.months):
            quarter = period_start(add_months(header.start, month), Grain.QUARTER, fiscal)
            found[one.bucket][places[quarter]] += float(flow.outlay[month])
    return found


def case_rows(cases: Sequence[BusinessCase], currency: str) -> list[list[str]]:
    """One row an initiative: what it takes and brings, when, and what may go wrong."""
    order = {bucket: at for at, bucket in enumerate(BUCKETS)}
    return [
        [
            one.title or one.id,
            one.bucket.capitalize(),
            one.stage,
            amount(one.outlay, currency),
            *_worth(one, currency),
            "–" if one.market_impact is None else
            f"{amount(one.market_impact.low, currency)} to {amount(one.market_impact.high, currency)}",
            money.percent(one.failure),
        ]
        for one in sorted(cases, key=lambda one: (order[one.bucket], -one.npv))
    ]  # fmt: skip


def _worth(one: BusinessCase, currency: str) -> list[str]:
    """NPV, return, payback and first value; not estimated where nobody stated what it saves or brings."""
    if not one.is_estimated:
        return [NOT_ESTIMATED] * 4
    return [amount(one.npv, currency), return_words(one.roi), _months(one.payback_month), _months(one.time_to_value)]


def flow_rows(years: Sequence[Funding], fiscal_start: int, currency: str) -> list[list[str]]:
    """What flows between the purposes, a row a fiscal year and one for all of them."""
    rows = [[f"FY{fiscal_year(one.start, fiscal_start) % 100:02d}", *_flow(one, currency)] for one in years]
    names = ("released", "wanted_grow", "into_grow", "grow_margin", "wanted_transform", "into_transform", "ask")
    sums = [amount(sum(float(getattr(one, name)) for one in years), currency) for name in names]
    return [*rows, ["All", *sums]]


def _flow(one: Funding, currency: str) -> list[str]:
    figures = (
        one.released,
        one.wanted_grow,
        one.into_grow,
        one.grow_margin,
        one.wanted_transform,
        one.into_transform,
        one.ask,
    )
    return [amount(value, currency) for value in figures]


def flow_finding(years: Sequence[Funding], fiscal_start: int, currency: str) -> str:
    """In which year most has to be asked for, or that the portfolio pays for itself."""
    most = max(years, key=lambda one: one.ask)
    if most.ask < 1:
        return "The portfolio pays for itself in every year"
    year = f"FY{fiscal_year(most.start, fiscal_start) % 100:02d}"
    return f"Most has to be asked for in {year}: {amount(most.ask, currency)} that nothing has freed by then"


def bound_words(found: Bound, currency: str) -> str:
    """The range of the portfolio's NPV, and the chance that it loses money.

    A share of drawn outcomes that rounds to none or all of them is no certainty.
    """
    low, high = amount(found.npv.low, currency), amount(found.npv.high, currency)
    return f"{low} to {high}; loss risk {chance_words(found.probability_of_loss)}"


def names_of(found: PlanFigures) -> dict[str, str]:
    """What the initiatives are called, by id."""
    return names_by_id(found.case.plan.initiatives)


def return_words(roi: float | None) -> str:
    """A return on investment as per cent, or as so many times where that says more.

    >>> return_words(0.99), return_words(9.99), return_words(10), return_words(None)
    ('99%', '999%', '10 times', '–')
    """
    if roi is None:
        return "–"
    return f"{roi:.0f} times" if roi >= _MANY else money.percent(roi)


def _months(value: int | None) -> str:
    if value is None:
        return "not in these months"
    return "at once" if value == 0 else f"month {value}"


def _cents(value: float) -> Decimal:
    return money.cents(Decimal(repr(float(value))))
