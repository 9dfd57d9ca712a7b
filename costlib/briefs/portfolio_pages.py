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
from costlib.briefs.plan_figures import PlanFigures
from costlib.charts.spec import Bubble, Bucket, Caption, Investment, Measure, Segment, StackedColumns
from costlib.charts.timeline import Periods
from costlib.documents.model import Basis, Figure, Paragraph, Sentence, Table, Text
from costlib.periods import Grain, add_months, fiscal_year, period_start
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.portfolio.cases import Bound, BusinessCase, bound, business_cases
from costlib.roadmap.portfolio.reinvest import Funding, by_year, reinvestment

_MOST = 12


def put_portfolio(found: PlanFigures) -> None:
    """Put down business cases, the range of the whole, and the flows between buckets by fiscal year."""
    book, result = found.ledger, found.case.recommended.result
    for one in business_cases(result):
        _put_case(found, one)
    whole: Bound = bound(result)
    book.amount("portfolio.npv-low", whole.npv.low, "portfolio: net present value, low end of eight in ten", Basis.PLAN)
    book.amount("portfolio.npv-high", whole.npv.high, "portfolio: net present value, high end", Basis.PLAN)
    book.percent("portfolio.loss", whole.probability_of_loss, "chance that the portfolio loses money", Basis.PLAN)
    for at, year in enumerate(funding_years(found), start=1):
        for name in ("released", "into_grow", "grow_margin", "into_transform", "ask"):
            meaning = f"{_year(found, year)}: {name.replace('_', ' ')}, {_MEANT[name]}"
            book.amount(f"funding.{at}.{name.replace('_', '-')}", _flow(year, name), meaning, Basis.PLAN)
    years = funding_years(found)
    for name in ("released", "wanted_grow", "wanted_transform", "ask"):
        amount = sum(_flow(year, name) for year in years)
        book.amount(f"funding.{name.replace('_', '-')}", amount, f"whole plan: {_MEANT[name]}", Basis.PLAN)
    buckets = dict.fromkeys(("run", "grow", "transform"), 0.0)
    for one in business_cases(result):
        buckets[one.bucket] += one.npv
    for bucket, npv in buckets.items():
        book.amount(f"bucket.{bucket}.npv", npv, f"{bucket} initiatives: net present value", Basis.PLAN)


_MEANT = {
    "released": "what Run saves in cash net of its cost",
    "into_grow": "what Grow spends of it",
    "grow_margin": "what Grow brings net of its cost",
    "into_transform": "what Transform spends of that",
    "wanted_grow": "what Grow needs",
    "wanted_transform": "what Transform needs",
    "ask": "what has to be asked for",
}


def _put_case(found: PlanFigures, one: BusinessCase) -> None:
    book, said = found.ledger, f"{one.title or one.id}"
    book.amount(f"{one.id}.investment", one.investment, f"{said}: one-off, running and added spend", Basis.PLAN)
    book.amount(f"{one.id}.npv", one.npv, f"{said}: net present value", Basis.PLAN)
    roi = "none needed" if one.roi is None else f"{one.roi:,.1f}×"
    exact = None if one.roi is None else f"{one.roi:.12g}"
    book.put(Figure(f"{one.id}.roi", roi, exact, f"{said}: return over outlay", Basis.PLAN))
    for key, months, meaning in (
        ("payback", one.payback_month, "months from its start until it has paid back"),
        ("value", one.time_to_value, "months from its start to its first saving or benefit"),
    ):
        shown = _months(months)
        text = None if months is None else str(months)
        book.put(Figure(f"{one.id}.{key}", shown, text, f"{said}: {meaning}", Basis.PLAN))


def _months(months: int | None) -> str:
    """A time in months, as a cell shows it.

    >>> _months(None), _months(0), _months(1), _months(7)
    ('not within the plan', 'at once', '1 month', '7 months')
    """
    if months is None:
        return "not within the plan"
    return "at once" if months == 0 else "1 month" if months == 1 else f"{months} months"


def funding_years(found: PlanFigures) -> list[Funding]:
    """Flows between the buckets by fiscal year."""
    return by_year(reinvestment(found.case.recommended.result), found.case.plan)


def _flow(year: Funding, name: str) -> float:
    return float(getattr(year, name))


def _year(found: PlanFigures, year: Funding) -> str:
    return f"FY{fiscal_year(year.start, found.case.plan.plan.fiscal_year_start) % 100:02d}"


def ranked_cases(found: PlanFigures) -> list[BusinessCase]:
    """The business cases by value, the best first."""
    return sorted(business_cases(found.case.recommended.result), key=lambda one: -one.npv)


def cases_title(found: PlanFigures) -> Sentence:
    """Which case is worth most, and how many lose money."""
    cases = ranked_cases(found)
    losing = [one for one in cases if one.npv < 0]
    name = names_by_id(found.case.plan.initiatives)[cases[0].id]
    text = f"{name} is worth most: {{{cases[0].id}.npv}}"
    if losing:
        found.ledger.number("cases.losing", len(losing), "initiatives with a negative net present value", Basis.PLAN)
        text += "; {cases.losing} of {recommended.count} cost more than they bring"
    return found.ledger.say("cases-title", text)


def cases_table(found: PlanFigures) -> Table:
    """Return, value, payback and time to value of every initiative, the most valuable first."""
    rows: list[tuple[Text, ...]] = []
    cases = ranked_cases(found)
    for one in cases if len(cases) <= _MOST else cases[: _MOST - 1]:
        figures = (found.figure(f"{one.id}.{name}") for name in ("investment", "npv", "roi", "payback", "value"))
        rows.append((one.title or one.id, one.bucket.capitalize(), *figures))
    if rest := cases[len(rows) :]:
        rows.append(_rest(found, rest))
    header = ("Initiative", "For", "Outlay", "Value", "Return", "Pays back", "First value")
    return Table("", header, tuple(rows), (False, False, True, True, True, True, True))


def _rest(found: PlanFigures, rest: Sequence[BusinessCase]) -> tuple[Text, ...]:
    """One row for the cases without one, with what they take and are worth together."""
    book = found.ledger
    taken, worth = sum(one.investment for one in rest), sum(one.npv for one in rest)
    said = f"{len(rest)} cases of the least value"
    return (
        f"{len(rest)} more",
        "",
        book.amount("cases.rest.investment", taken, f"{said}: one-off, running and added spend", Basis.PLAN),
        book.amount("cases.rest.npv", worth, f"{said}: net present value", Basis.PLAN),
        "",
        "",
        "",
    )


def portfolio_title(found: PlanFigures) -> Sentence:
    """Where the value lies, and how likely a loss is."""
    text = "Run is worth {bucket.run.npv}, Grow {bucket.grow.npv}, Transform {bucket.transform.npv}"
    return found.ledger.say("portfolio-title", text)


def portfolio_words(found: PlanFigures) -> Paragraph:
    """The range of the whole."""
    text = (
        "Together the portfolio is worth {portfolio.npv-low} to {portfolio.npv-high} in eight outcomes of ten; "
        "the chance that it loses money is {portfolio.loss}."
    )
    return Paragraph((found.ledger.say("portfolio-words", text),))


def portfolio_chart(found: PlanFigures) -> Bubble:
    """Every initiative by effort and worth, its outlay as the size."""
    weeks = {one.id: one.person_weeks for one in found.case.plan.initiatives}
    names = names_by_id(found.case.plan.initiatives)
    investments = tuple(
        Investment(
            names[one.id],
            Decimal(repr(round(weeks[one.id], 1))),
            _cents(one.npv),
            _cents(one.investment),
            Bucket(one.bucket),
        )
        for one in ranked_cases(found)[:_MOST]
    )
    setting = found.setting
    caption = Caption(
        "The portfolio by value and effort",
        f"net present value over {found.case.plan.plan.months} months, size is outlay, {setting.currency}",
        f"{setting.company}, {setting.standing}",
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
        f"{setting.subject} with the plan and outlay for Grow and Transform, by quarter, {setting.currency}",
        f"{setting.company}, {setting.standing}",
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
        found.ledger.words(f"shift.{name}.quarter", quarter, f"{name} whole quarter of the plan", Basis.PLAN)
        for segment in chart.segments:
            share = money.ratio(segment.values[at], whole)
            meaning = f"share of {segment.name} in the money of {quarter}"
            found.ledger.percent(f"shift.{name}.{segment.name.lower()}", share, meaning, Basis.PLAN)


def shift_title(found: PlanFigures) -> Sentence:
    """From how much for Run to how much."""
    text = (
        "Run takes {shift.first.run} of the money in {shift.first.quarter} and {shift.last.run} in {shift.last.quarter}"
    )
    return found.ledger.say("shift-title", text)


def funding_title(found: PlanFigures) -> Sentence:
    """Whether what is saved pays for what is new, or what gap is asked for."""
    gap = sum(_flow(year, "ask") for year in funding_years(found))
    released = sum(_flow(year, "released") for year in funding_years(found))
    if released <= 0:
        return found.ledger.say(
            "funding-title", "Run releases nothing: all of {funding.ask} for Grow and Transform is an ask"
        )
    if gap < 0.005 * released:
        return found.ledger.say(
            "funding-title", "What Run saves, {funding.released}, pays for all that Grow and Transform need"
        )
    return found.ledger.say(
        "funding-title", "Run frees {funding.released}; {funding.ask} for Grow and Transform remains to be asked for"
    )


def funding_table(found: PlanFigures) -> Table:
    """By fiscal year: what Run frees, what Grow and Transform take of it, and the gap."""
    names = ("released", "into-grow", "grow-margin", "into-transform", "ask")
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (_year(found, year), *(found.figure(f"funding.{at}.{name}") for name in names))
        for at, year in enumerate(funding_years(found), start=1)
    )
    header = ("Fiscal year", "Run frees", "Grow takes of it", "Grow brings", "Transform takes of it", "To be asked for")
    return Table("Run funds Grow, Grow funds Transform", header, rows, (False, *(True,) * 5))


def funding_words() -> Paragraph:
    """How the table is read."""
    return Paragraph(
        ("A gap is asked for in the month in which it is missing and is not paid back out of later savings.",)
    )


def _cents(value: float) -> Decimal:
    return money.cents(Decimal(repr(value)))
