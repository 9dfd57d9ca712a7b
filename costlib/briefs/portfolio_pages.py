"""The portfolio of a plan in a deck: business cases, what is run, grown and changed, and who pays for whom.

Conventions: net present value and return over the plan's months, money in the plan's currency, means over outcomes;
time to value in months from the start of an initiative. Run funds Grow, Grow funds Transform; what is missing is asked
for. Fiscal years are named by the calendar year in which they end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.briefs.figure_book import decimal
from costlib.briefs.funding import put_funding
from costlib.briefs.initiative_figures import NOT_ESTIMATED, NOTHING_ESTIMATED
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words.portfolio import return_words
from costlib.charts.spec import Bubble, Bucket, Caption, Investment, Measure, Segment, StackedColumns
from costlib.charts.timeline import Periods
from costlib.documents.model import Basis, Figure, Paragraph, Sentence, Table, Text
from costlib.periods import Grain, add_months, period_start
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.portfolio.cases import Bound, BusinessCase, bound, business_cases
from costlib.roadmap.portfolio.reinvest import BUCKETS

_MOST = 12


def put_portfolio(found: PlanFigures) -> None:
    """Put down business cases, the range of the whole, and the flows between buckets by fiscal year."""
    book, result = found.book, found.case.recommended.result
    for one in business_cases(result):
        _put_case(found, one)
    whole: Bound = bound(result)
    book.amount("portfolio.npv-low", whole.npv.low, "portfolio: net present value, low end of eight in ten", Basis.PLAN)
    book.amount("portfolio.npv-high", whole.npv.high, "portfolio: net present value, high end", Basis.PLAN)
    book.percent("portfolio.loss", whole.probability_of_loss, "chance that the portfolio loses money", Basis.PLAN)
    book.number(
        "portfolio.outcomes", len(result.npv_paths), "outcomes that the portfolio was played through", Basis.PLAN
    )
    put_funding(found)
    buckets = dict.fromkeys(BUCKETS, 0.0)
    for one in business_cases(result):
        buckets[one.bucket] += one.npv
    for bucket, npv in buckets.items():
        book.amount(f"bucket.{bucket}.npv", npv, f"{bucket} initiatives: net present value", Basis.PLAN)


def _put_case(found: PlanFigures, one: BusinessCase) -> None:
    book, said = found.book, f"{one.title or one.id}"
    book.amount(f"{one.id}.outlay", one.outlay, f"{said}: one-off, running and added spend", Basis.PLAN)
    roi = "none needed" if one.roi is None else return_words(one.roi)
    figures = {
        "npv": (money.short(decimal(one.npv), book.currency), one.npv, f"net present value, {book.currency}"),
        "roi": (roi, one.roi, "return over outlay"),
        "payback": (_months(one.payback_month), one.payback_month, "months from its start until it has paid back"),
        "value": (
            _months(one.time_to_value),
            one.time_to_value,
            "months from its start to its first saving or benefit",
        ),
    }
    for key, (shown, value, meaning) in figures.items():
        exact = money.exact(decimal(value)) if one.is_estimated else None
        shown = shown if one.is_estimated else NOT_ESTIMATED
        book.put(Figure(f"{one.id}.{key}", shown, exact, f"{said}: {meaning}", Basis.PLAN))


def _months(months: int | None) -> str:
    """A time in months, as a cell shows it.

    >>> _months(None), _months(0), _months(1), _months(7)
    ('not within the plan', 'at once', '1 month', '7 months')
    """
    if months is None:
        return "not within the plan"
    return "at once" if months == 0 else "1 month" if months == 1 else f"{months} months"


def ranked_cases(found: PlanFigures) -> list[BusinessCase]:
    """The business cases by value, the best first, those that are not estimated last."""
    return sorted(business_cases(found.case.recommended.result), key=lambda one: (not one.is_estimated, -one.npv))


def cases_title(found: PlanFigures) -> Sentence:
    """Which case is worth most, and how many lose money."""
    cases = [one for one in ranked_cases(found) if one.is_estimated]
    if not cases:
        return found.book.say("cases-title", NOTHING_ESTIMATED)
    losing = [one for one in cases if one.npv < 0]
    name = names_by_id(found.case.plan.initiatives)[cases[0].id]
    text = f"{name} is worth most: {{{cases[0].id}.npv}}"
    if losing:
        found.book.number("cases.losing", len(losing), "initiatives with a negative net present value", Basis.PLAN)
        text += "; {cases.losing} of {recommended.count} cost more than they bring"
    return found.book.say("cases-title", text)


def cases_table(found: PlanFigures) -> Table:
    """Return, value, payback and time to value of every initiative, the most valuable first."""
    rows: list[tuple[Text, ...]] = []
    cases = ranked_cases(found)
    for one in cases if len(cases) <= _MOST else cases[: _MOST - 1]:
        figures = (found.figure(f"{one.id}.{name}") for name in ("outlay", "npv", "roi", "payback", "value"))
        rows.append((one.title or one.id, one.bucket.capitalize(), *figures))
    if rest := cases[len(rows) :]:
        rows.append(_rest(found, rest))
    header = ("Initiative", "For", "Outlay", "Value", "Return", "Pays back", "First value")
    return Table("", header, tuple(rows), (False, False, True, True, True, True, True))


def _rest(found: PlanFigures, rest: Sequence[BusinessCase]) -> tuple[Text, ...]:
    """One row for the cases without one, with what they take and are worth together."""
    book = found.book
    taken, known = sum(one.outlay for one in rest), [one.npv for one in rest if one.is_estimated]
    said = f"{len(rest)} cases of the least value"
    return (
        f"{len(rest)} more",
        "",
        book.amount("cases.rest.outlay", taken, f"{said}: one-off, running and added spend", Basis.PLAN),
        book.amount("cases.rest.npv", sum(known), f"{said}: net present value", Basis.PLAN) if known else NOT_ESTIMATED,
        "",
        "",
        "",
    )


def portfolio_title(found: PlanFigures) -> Sentence:
    """Where the value lies, by the purposes for which something is planned."""
    held = {one.bucket for one in found.case.plan.initiatives}
    first, *others = [bucket for bucket in BUCKETS if bucket in held] or ["run"]
    said = ", ".join(f"{bucket.capitalize()} {{bucket.{bucket}.npv}}" for bucket in others)
    text = f"{first.capitalize()} is worth {{bucket.{first}.npv}}, {said or f'all of the plan is {first.capitalize()}'}"
    return found.book.say("portfolio-title", text)


def portfolio_words(found: PlanFigures) -> Paragraph:
    """The range of the whole."""
    lost = "the chance that it loses money is {portfolio.loss}"
    if not (found.case.recommended.result.npv_paths < 0).any():
        lost = "none of the {portfolio.outcomes} outcomes that were played through loses money"
    text = "Together the portfolio is worth {portfolio.npv-low} to {portfolio.npv-high} in eight outcomes of ten; "
    return Paragraph((found.book.say("portfolio-words", f"{text}{lost}."),))


def portfolio_chart(found: PlanFigures) -> Bubble:
    """Every initiative that is estimated by effort and worth, its outlay as the size."""
    weeks = {one.id: one.person_weeks for one in found.case.plan.initiatives}
    names = names_by_id(found.case.plan.initiatives)
    investments = tuple(
        Investment(
            names[one.id],
            Decimal(repr(round(weeks[one.id], 1))),
            _cents(one.npv),
            _cents(one.outlay),
            Bucket(one.bucket),
        )
        for one in ranked_cases(found)[:_MOST]
        if one.is_estimated
    )
    setting = found.setting
    span = money.counted(found.case.plan.plan.months, "month")
    caption = Caption(
        "The portfolio by value and effort",
        f"net present value over {span}, size is outlay, {setting.currency}",
        found.source,
    )
    return Bubble(
        caption,
        Measure("Effort", unit="person-weeks"),
        Measure("Value", currency=setting.currency),
        Measure("Outlay", currency=setting.currency),
        investments,
        dimension="Initiative",
    )


def shift_chart(found: PlanFigures) -> StackedColumns:
    """Money by quarter of the plan: the bill after savings, what Grow and Transform take, by purpose."""
    result, plan = found.case.recommended.result, found.case.plan
    spend = result.spend.mean(axis=1)
    outlay = {"grow": 0 * spend, "transform": 0 * spend}
    for at, one in enumerate(plan.initiatives):
        if one.bucket in outlay:
            outlay[one.bucket] = outlay[one.bucket] + result.flows[at].outlay
    starts, places = _quarters(found)
    named = (("Run", spend), ("Grow", outlay["grow"]), ("Transform", outlay["transform"]))
    segments = tuple(Segment(name, tuple(_cents(float(flow[held].sum())) for held in places)) for name, flow in named)
    setting = found.setting
    caption = Caption(
        "Where the money goes, by purpose",
        f"{found.subject} with the plan and outlay for Grow and Transform, by quarter, {setting.currency}",
        found.source,
    )
    return StackedColumns(
        caption, Periods(starts, Grain.QUARTER, plan.plan.fiscal_year_start), setting.currency, segments
    )


def _quarters(found: PlanFigures) -> tuple[tuple[date, ...], list[list[int]]]:
    """The fiscal quarters that lie wholly in the plan, and the positions of their months."""
    plan = found.case.plan
    groups: dict[date, list[int]] = {}
    for at in range(plan.plan.months):
        start = period_start(add_months(plan.plan.start, at), Grain.QUARTER, plan.plan.fiscal_year_start)
        groups.setdefault(start, []).append(at)
    whole = {start: held for start, held in groups.items() if len(held) == 3} or groups
    return tuple(whole), list(whole.values())


def put_shift(found: PlanFigures) -> None:
    """Put down the first and last quarter of the shift, by purpose."""
    chart = shift_chart(found)
    for name, at in (("first", 0), ("last", -1)):
        whole = money.exact_sum(segment.values[at] for segment in chart.segments)
        quarter = chart.periods.names[at]
        found.book.words(f"shift.{name}.quarter", quarter, f"{name} whole quarter of the plan", Basis.PLAN)
        for segment in chart.segments:
            share = money.ratio(segment.values[at], whole)
            meaning = f"share of {segment.name} in the money of {quarter}"
            found.book.percent(f"shift.{name}.{segment.name.lower()}", share, meaning, Basis.PLAN)


def shift_title(found: PlanFigures) -> Sentence:
    """From how much for Run to how much; that all of it is for Run where nothing else is planned."""
    if not any(one.bucket != "run" for one in found.case.plan.initiatives):
        return found.book.say("shift-title", "All of the money is for Run: nothing is planned to grow or transform")
    text = "Run takes {shift.first.run} of the money in {shift.first.quarter}"
    if found.figure("shift.first.quarter").shown != found.figure("shift.last.quarter").shown:
        text += " and {shift.last.run} in {shift.last.quarter}"
    return found.book.say("shift-title", text)


def _cents(value: float) -> Decimal:
    return money.cents(Decimal(repr(value)))
