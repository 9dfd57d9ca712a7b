"""The quarterly variance review: what was to be spent, what was, by whom, why, and how well forecasts hold.

Conventions: variance = actual - budget, positive is overspend. Where no budget is locked the quarter is held against
the last forecast made before it, and every page says so; a replayed forecast is one made later from what was known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from costlib import money
from costlib.analysis.budget import Actual, Budget, Status
from costlib.analysis.review import ReviewRow, quarterly_review
from costlib.briefs.bill import Bill, Change, put_bill
from costlib.briefs.bill_exhibits import change_chart, change_title
from costlib.briefs.exhibits import segment_name
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import MEASURE
from costlib.briefs.record_document import record_blocks
from costlib.briefs.words.savings import checks_finding
from costlib.charts.spec import Bar, Caption, RankedBars, leading
from costlib.documents.model import (
    Ask,
    Basis,
    Block,
    Bullets,
    Document,
    Exhibit,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.fiscal import Fiscal
from costlib.periods import Grain, add_months, months_name
from costlib.roadmap.savings.booked import Review, whole_quarter
from costlib.roadmap.savings.slipback import Check

KIND = "variance"
_TEAM = "x_Team"
#: Teams that are named where an overspend is to be explained.
_MOST_NAMED = 3


class Against(StrEnum):
    """What the quarter is held against."""

    BUDGET = "budget"
    FORECAST = "forecast"
    REPLAYED = "replayed forecast"


@dataclass(frozen=True)
class Quarter:
    """A closed fiscal quarter: its budget or forecast, what was spent, and the change against the quarter before."""

    bill: Bill
    months: tuple[date, ...]
    budget: Budget
    against: Against
    actual: Actual
    change: Change | None
    savings: tuple[tuple[str, Review], ...] = ()
    """What past decisions promised for the quarter and what came of it, by the names of their initiatives."""
    checks: tuple[tuple[Check, ...], ...] = ()
    """Whether each saving was still there 30 and 90 days after its full effect."""
    bridged_days: int = 0
    """Days of unknown cost that the forecast which it is held against counts like the days around them."""
    fiscal: Fiscal | None = None
    """The organisation's fiscal calendar, where it is not the budget's: under one of weeks the name says months."""

    @property
    def source(self) -> str:
        """The foot of a page that holds the quarter against its budget or forecast."""
        return self.bill.setting.bridging(self.bridged_days).source

    @property
    def name(self) -> str:
        """The quarter as a reader calls it."""
        return self.quarter_name(self.months[0])

    def quarter_name(self, month: date) -> str:
        """What a reader calls the fiscal quarter that begins with the month."""
        return months_name(month, Grain.QUARTER, self.fiscal or self.budget.fiscal_start)

    @property
    def held_to(self) -> str:
        """What the quarter is held against, as the head of a column."""
        return "Budget" if self.against is Against.BUDGET else "Forecast"

    @property
    def reference(self) -> str:
        """What the quarter is held against, as it stands in a sentence."""
        return f"budget {self.budget.version}" if self.against is Against.BUDGET else self.budget.version

    @property
    def rows(self) -> tuple[ReviewRow, ...]:
        """A row a team, largest overspend first, then all together."""
        return quarterly_review(self.budget, self.actual, self.months[0])


def variance_review(found: Quarter, book: FigureBook, shape: Shape = Shape.SLIDE) -> Document:
    """The review: the answer, by team, why, and what follows."""
    rows = found.rows
    _put(book, found, rows)
    bill = Bill(found.bill.setting, found.bill.months, found.bill.by, found.change, found.bill.record)
    put_bill(book, bill)
    setting = found.bill.setting
    eyebrow = f"Quarterly variance review: {found.name}"
    pages = [
        Page("answer", eyebrow, title(book, rows), basis_words(book, found), _answer(book, found), found.source),
        Page("teams", eyebrow, team_title(book, rows), "", _teams(book, found, rows), found.source),
    ]
    if found.change is not None:
        blocks: tuple[Block, ...] = (Exhibit("change", change_chart(bill), titled=False),)
        pages.append(
            Page("causes", eyebrow, change_title(book, bill), "against the quarter before", blocks, setting.source)
        )
    if found.savings:
        pages.append(savings_page(book, found, eyebrow))
    held = setting.bridging(found.bill.record.bridged_days)
    pages.append(Page("record", eyebrow, *record_blocks(book, found.bill.record), held.source))
    return Document(KIND, eyebrow, shape, tuple(pages), setting.data_date, setting.standing)


def savings_page(book: FigureBook, found: Quarter, eyebrow: str) -> Page:
    """What past decisions promised for the quarter, what was saved, and what finance signed of it."""
    whole = whole_quarter([one for _, one in found.savings])
    ordered = sorted(found.savings, key=lambda one: (-one[1].promised, one[0]))
    rows = [_saved_row(book, f"saved.{at}", *one) for at, one in enumerate(ordered, start=1)]
    rows.append(_saved_row(book, "saved.all", "All", whole))
    text = "{saved.all.promised} was promised for {quarter}; {saved.all.realised} is saved, {saved.all.booked} signed"
    header = ("What was done", "Promised", "Saved, likely", "Signed off", "Saved less promised")
    lasting = book.words("saved.lasting", checks_finding(found.checks), "checks after 30 and 90 days", Basis.RECORD)
    table = Table("", header, tuple(rows), (False, *(True,) * 4), emphasis=len(rows) - 1)
    blocks = (table, Bullets("Checked after 30 and 90 days", (lasting,)))
    return Page("savings", eyebrow, book.say("savings-title", text), "", blocks, found.bill.setting.source)


def _saved_row(book: FigureBook, id: str, name: str, one: Review) -> tuple[Text, ...]:
    """A row of the page on savings, its amounts rounded to cents."""
    said = {"promised": "promised", "realised": "saved, likely", "booked": "signed off", "variance": "saved - promised"}
    figures = []
    for kind, meaning in said.items():
        value: float | None = getattr(one, kind)
        exact = None if value is None else money.cents(Decimal(repr(float(value))))
        meant = f"{name}, quarter from {one.quarter:%Y-%m}: {meaning}"
        figures.append(book.amount(f"{id}.{kind}", exact, meant, Basis.RECORD, signed=kind == "variance"))
    return (name, *figures)


def _put(book: FigureBook, found: Quarter, rows: tuple[ReviewRow, ...]) -> None:
    book.words("quarter", found.name, "fiscal quarter of the review", Basis.BILL)
    basis = Basis.BUDGET if found.against is Against.BUDGET else Basis.FORECAST
    book.words("against", found.reference, "what the quarter is held against", basis)
    for at, row in enumerate(rows, start=1):
        one = row.variance
        key, name = ("all", "All teams") if one.every else (f"team.{at}", segment_name(_TEAM, one.team))
        said = f"{name}, {found.name}, {MEASURE}"
        book.words(f"{key}.name", name, "team of the row", Basis.BILL)
        book.amount(f"{key}.budget", one.budget, f"{said}: {found.budget.version}", basis)
        book.amount(f"{key}.actual", one.actual, f"{said}: spent", Basis.BILL)
        size = None if one.variance is None else abs(one.variance)
        book.amount(f"{key}.size", size, f"{said}: distance from {found.budget.version}", basis)
        book.amount(f"{key}.variance", one.variance, f"{said}: spent less {found.budget.version}", basis, signed=True)
        share = money.percent(one.share, sign=True)
        book.words(f"{key}.share", share, f"{said}: variance over {found.budget.version}", basis)


def title(book: FigureBook, rows: tuple[ReviewRow, ...]) -> Sentence:
    """Over, on or under, in money."""
    whole = rows[-1].variance
    if whole.variance is None:
        return book.say("title", "What {quarter} cost is not known in full, so it is not held against the {against}")
    if whole.status is Status.ON:
        return book.say("title", "{quarter} came to {all.actual}, on the {against} of {all.budget}")
    side = "over" if whole.variance > 0 else "under"
    return book.say(
        "title", f"{{quarter}} came to {{all.actual}}, {{all.size}} {side} the {{against}} of {{all.budget}}"
    )


def basis_words(book: FigureBook, found: Quarter) -> Sentence:
    """What the quarter is held against, and that no budget is locked where none is."""
    if found.against is Against.BUDGET:
        return book.say("basis", "Held against the locked {against}.")
    text = "No budget is locked for this quarter, so it is held against the {against}"
    later = ", made again later from what was known then" if found.against is Against.REPLAYED else ""
    return book.say("basis", f"{text}{later}.")


def team_title(book: FigureBook, rows: tuple[ReviewRow, ...]) -> Sentence:
    """Who is furthest over, or that nobody is; that it is not known where a team's spend is not."""
    first = rows[0].variance
    if _is_unknown(rows):
        return book.say("team-title", "What the teams spent is not known in full")
    if not first.every and first.variance is not None and first.status is Status.OVER:
        return book.say("team-title", "{team.1.name} is furthest over: {team.1.size} more than the {against}")
    if not first.every and first.status is Status.UNBUDGETED:
        return book.say("team-title", "{team.1.name} spent {team.1.actual} that the {against} does not name")
    return book.say("team-title", "No team is over the {against} by more than a twentieth")


def _is_unknown(rows: Sequence[ReviewRow]) -> bool:
    """Whether a team's spend is not known."""
    return any(row.variance.status is Status.UNKNOWN for row in rows)


def _answer(book: FigureBook, found: Quarter) -> tuple[Block, ...]:
    figure, whole = book.figures, found.rows[-1].variance
    mood = {Status.OVER: "bad", Status.UNDER: "good"}.get(whole.status, "neutral")
    kpis = Kpis(
        (
            Kpi("Spent", figure["all.actual"], context=f"three months from {found.months[0]:%b %Y}"),
            Kpi(found.held_to, figure["all.budget"], context=found.budget.version),
            Kpi("Difference", figure["all.variance"], figure["all.share"], mood, "above zero is overspend"),
        )
    )
    return (kpis, Exhibit("variance", variance_chart(found)), next_steps(book, found))


def next_steps(book: FigureBook, found: Quarter) -> Ask:
    """What the review asks for: an owner for each overspend, missing bills, or a budget for who spent without one."""
    over = [row for row in found.rows[:-1] if row.variance.status is Status.OVER and row.variance.team is not None]
    without = [row for row in found.rows[:-1] if _spent_without_budget(row)]
    if over:
        names = _names(book, over, "teams over their budget beside those that are named")
        sentence = book.say("next", f"{names}: explain the overspend and say by when it ends.")
    elif _is_unknown(found.rows):
        sentence = book.say("next", "Load the bills of the quarter that are missing, then review it again.")
    elif without and found.against is Against.BUDGET:
        names = _names(book, without, "teams without a budget beside those that are named")
        sentence = book.say("next", f"{names}: agree on a budget for what was spent without one.")
    else:
        sentence = book.say("next", "No team needs to explain an overspend.")
    support: list[Text] = []
    if found.against is not Against.BUDGET:
        following = found.quarter_name(add_months(found.months[-1], 1))
        support.append(f"Lock a budget for {following}, so that the next review has one.")
    return Ask("What follows", sentence, tuple(support))


def _spent_without_budget(row: ReviewRow) -> bool:
    return row.variance.status is Status.UNBUDGETED and bool(row.variance.actual and row.variance.actual > 0)


def _names(book: FigureBook, rows: Sequence[ReviewRow], others: str) -> str:
    """The teams of the first rows by name, and how many more there are."""
    names = ", ".join(segment_name(_TEAM, row.variance.team) for row in rows[:_MOST_NAMED])
    if (more := len(rows) - _MOST_NAMED) <= 0:
        return names
    book.number("next.more", more, others, Basis.BUDGET)
    return names + " and {next.more} more " + ("team" if more == 1 else "teams")


def variance_chart(found: Quarter) -> RankedBars:
    """What each team spent, beside what it was to spend."""
    bars = [
        Bar(segment_name(_TEAM, row.variance.team), _cents(row.variance.actual), _cents(row.variance.budget))
        for row in found.rows[:-1]
    ]
    caption = Caption(
        f"Spent in {found.name} beside the {found.reference}",
        f"by team, {MEASURE}, {found.budget.currency}",
        f"{found.bill.setting.company}, {found.bill.setting.standing}",
    )
    return RankedBars(caption, found.budget.currency, leading(bars, 8), "Spent", found.held_to, "Team")


def _teams(book: FigureBook, found: Quarter, rows: tuple[ReviewRow, ...]) -> tuple[Block, ...]:
    said: list[tuple[Text, ...]] = []
    for at, row in enumerate(rows, start=1):
        key = "all" if row.variance.every else f"team.{at}"
        names = ("budget", "actual", "variance", "share")
        budget, actual, apart, share = (book.figures[f"{key}.{name}"] for name in names)
        figures = (budget, actual, apart, share) if row.variance.budget is not None else ("none", actual, apart, "–")
        verdict = row.variance.status.value if found.against is Against.BUDGET else _verdict(row.variance.status)
        said.append((book.figures[f"{key}.name"], verdict, *figures))
    header = ("Team", "Verdict", found.held_to, "Spent", "Over or under", "In percent")
    table = Table("", header, tuple(said), (False, False, True, True, True, True), emphasis=len(said) - 1)
    return (table, Paragraph((basis_words(book, found),)))


def _verdict(status: Status) -> str:
    """The verdict where a forecast stands in for the budget.

    >>> _verdict(Status.OVER), _verdict(Status.UNBUDGETED)
    ('over forecast', 'not forecast')
    """
    return status.value.replace("not budgeted", "not forecast").replace("budget", "forecast")


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else money.cents(amount)
