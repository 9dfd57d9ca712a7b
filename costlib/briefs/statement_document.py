"""The showback statement of a team: what it is charged for a month, what that is made of, and what nobody is charged.

Conventions: amounts to the cent, as on an invoice; the headline is short. One billing month, one currency; change is
against the month before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib import money
from costlib.attribution.showback import KIND_TITLES, Cost, Statement, StatementLine
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import MEASURE, Setting
from costlib.briefs.words.findings import STEADY
from costlib.briefs.words.rounding import rounding_words
from costlib.charts.spec import Bar, Caption, RankedBars, leading
from costlib.documents.model import (
    Basis,
    Block,
    Document,
    Exhibit,
    Figure,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.focus import DIRECT, IDLE, SHARED

KIND = "statement"
_MOST_LINES = 12


@dataclass(frozen=True)
class Shown:
    """A team's statement and that of the month before, where it was shown one and the two can be compared.

    ``is_open`` says that the month goes on, ``is_lacking`` that a bill of it may be missing. The setting's absences are
    those of the team in either month.
    """

    setting: Setting
    now: Statement
    before: Statement | None
    is_open: bool = False
    is_lacking: bool = False

    @property
    def extent(self) -> str:
        """How much of the month is charged, where that is not all of it."""
        return ", as far as it is billed" if self.is_lacking else " so far" if self.is_open else ""


def statement_document(found: Shown, book: FigureBook, shape: Shape = Shape.A4) -> Document:
    """The statement on one page."""
    put_statement(book, found)
    now, setting = found.now, found.setting
    blocks: list[Block] = [_kpis(book, found)]
    if now.lines:
        blocks += [Exhibit("lines", statement_chart(found)), _lines(book, now)]
    if now.not_charged:
        blocks.append(_not_charged(book, now))
    blocks.append(Paragraph(tuple(remarks(book, found))))
    name = f"{now.team}, {now.month:%B %Y}"
    page = Page("statement", f"Showback statement: {name}", title(book, found), "", tuple(blocks), _source(setting))
    return Document(KIND, f"Showback statement: {name}", shape, (page,), setting.data_date, setting.standing)


def put_statement(book: FigureBook, found: Shown) -> None:
    """Put down the charges, by kind and line, and the change against the month before."""
    now, month = found.now, f"{found.now.month:%b %Y}"
    said = f"{now.team}, {month}"
    book.words("team", now.team, "team that the statement is for", Basis.BILL)
    book.month("month", now.month, "billing month of the statement", Basis.BILL)
    book.amount("charge", now.charge, f"charged to {said}, {MEASURE}", Basis.BILL)
    book.amount("cost", now.cost, f"cost of {said} on the bill, {MEASURE}", Basis.BILL)
    book.amount("rate-variance", now.rate_variance, f"cost less charge of {said}", Basis.BILL, signed=True)
    for kind in (DIRECT, SHARED, IDLE):
        book.amount(f"of.{kind}", now.sum_of(kind), f"{kind} charges of {said}", Basis.BILL)
    if found.before is not None:
        change = money.difference(now.charge, found.before.charge)
        size = None if change is None else abs(change)
        book.amount("before", found.before.charge, f"charged to {now.team} a month before {month}", Basis.BILL)
        book.amount("change", size, f"{said}: change against the month before", Basis.BILL)
        share = money.ratio(change, found.before.charge)
        book.percent(
            "change.share", None if share is None else abs(share), f"{said} against a month before", Basis.BILL
        )


def title(book: FigureBook, found: Shown) -> Sentence:
    """What the team is charged, and whether that is more than the month before."""
    charge, before = found.now.charge, found.before.charge if found.before else None
    if charge is None:
        return book.say("title", "What {team} is charged for {month} is unknown" + found.extent)
    start = "{team} is charged {charge} for {month}" + found.extent
    if before is None or before <= 0:
        return book.say("title", start)
    change = charge - before
    if abs(change) < STEADY * before:
        return book.say("title", f"{start}, about as much as the month before")
    return book.say("title", f"{start}, {{change.share}} {'more' if change > 0 else 'less'} than the month before")


def statement_chart(found: Shown) -> RankedBars:
    """The lines of the statement, largest first, beside the month before."""
    bars = [Bar(name, charge) for name, charge in _by_name(found.now).items()]
    shown = leading(bars, 6)
    caption = Caption(
        _chart_title(bars, found.now.team),
        f"charges, {found.now.month:%b %Y}, {MEASURE}, {found.setting.currency}",
        f"{found.setting.company}, {found.setting.standing}",
    )
    return RankedBars(caption, found.setting.currency, shown, amount_name=f"{found.now.month:%b %Y}", dimension="Line")


def remarks(book: FigureBook, found: Shown) -> list[Text]:
    """What a team needs to know to dispute a line or to bring it down."""
    said: list[Text] = []
    if found.setting.absences:
        said.append("A bill of the team may be missing, so nothing is compared with the month before.")
    if found.now.unknown:
        book.number("unknown", found.now.unknown, "line items without a known cost", Basis.BILL)
        text = (
            "line item has no known cost yet and is"
            if found.now.unknown == 1
            else "line items have no known cost yet and are"
        )
        said.append(book.say("unknown-line", f"{{unknown}} {text} not in the sum."))
    shown, rest = _parted(found.now)
    if rounded := rounding_words([[*(line.charge for line in shown), _whole(rest)]]):
        said.append(rounded)
    if variance := found.now.rate_variance:
        who = "no team is charged the difference" if variance > 0 else "the team is charged more than it cost"
        said.append(book.say("variance-line", f"Cost less charge at agreed rates is {{rate-variance}}: {who}."))
    if found.now.not_charged:
        said.append("Cost that no team is charged is shown so that the statements of all teams add up to the bill.")
    said.append("A line that is not yours: say so to the platform team; next month's rule will know.")
    return said


def _kpis(book: FigureBook, found: Shown) -> Kpis:
    figure = book.figures
    kpis = [
        Kpi("Direct", figure[f"of.{DIRECT}"], context="what the team runs itself"),
        Kpi("Shared", figure[f"of.{SHARED}"], context="its part of the pools"),
    ]
    if found.now.sum_of(IDLE):
        kpis.append(Kpi("Idle", figure[f"of.{IDLE}"], context="by the pool's policy"))
    elif found.before is not None:
        kpis.append(Kpi("The month before", figure["before"], context="all charges"))
    return Kpis(tuple(kpis))


def _lines(book: FigureBook, now: Statement) -> Table:
    shown, rest = _parted(now)
    rows = [_row(book, now, at, line) for at, line in enumerate(shown, start=1)]
    if rest:
        rows.append(("", f"{len(rest)} smaller lines", "", _cents(book, "rest", _whole(rest), now, "smaller lines")))
    rows.append(("Total", "", "", _cents(book, "total", now.charge, now, "all lines")))
    header = ("Kind", "What", "Quantity", "Charge")
    return Table("What it is made of", header, tuple(rows), (False, False, True, True), emphasis=len(rows) - 1)


def _parted(now: Statement) -> tuple[list[StatementLine], list[StatementLine]]:
    """The lines that have a row of their own, the largest first, and those that share one."""
    ordered = sorted(now.lines, key=lambda line: -(line.charge or Decimal(0)))
    return ordered[:_MOST_LINES], ordered[_MOST_LINES:]


def _whole(lines: Sequence[StatementLine]) -> Decimal | None:
    return money.total(line.charge for line in lines)


def _row(book: FigureBook, now: Statement, at: int, line: StatementLine) -> tuple[Text, ...]:
    kind = KIND_TITLES[line.cost.kind].split(",")[0]
    quantity: Text = ""
    if line.cost.quantity is not None and line.cost.unit:
        said = f"{line.cost.name}: {line.cost.unit}s of {now.team}, {now.month:%b %Y}"
        shown = f"{line.cost.quantity:,.0f} {line.cost.unit}s"
        quantity = book.put(Figure(f"quantity.{at}", shown, money.exact(line.cost.quantity), said, Basis.BILL))
    name = line.cost.name or "not named"
    return kind, name, quantity, _cents(book, f"line.{at}", line.charge, now, name)


def _not_charged(book: FigureBook, now: Statement) -> Table:
    rows = [
        (_kind(cost), cost.name or "", _cents(book, f"open.{at}", cost.amount, now, f"{cost.kind} {cost.name or ''}"))
        for at, cost in enumerate(now.not_charged, start=1)
    ]
    return Table("What no team is charged", ("Kind", "What", "All teams together"), tuple(rows), (False, False, True))


def _kind(cost: Cost) -> str:
    return cost.kind.capitalize()


def _cents(book: FigureBook, id: str, amount: Decimal | None, now: Statement, what: str) -> Figure:
    meaning = f"{what.strip()}, {now.team}, {now.month:%b %Y}, {MEASURE}, {now.currency}"
    return book.put(Figure(id, money.full(amount, now.currency), money.exact(amount), meaning, Basis.BILL))


def _by_name(now: Statement) -> dict[str, Decimal | None]:
    """Charges by what a reader calls the line; lines of one name are added."""
    found: dict[str, Decimal | None] = {}
    for line in now.lines:
        name = line.cost.name or KIND_TITLES[line.cost.kind]
        found[name] = money.total((found.get(name), line.charge))
    return {name: None if amount is None else money.cents(amount) for name, amount in found.items()}


def _chart_title(bars: list[Bar], team: str) -> str:
    known = [bar for bar in bars if bar.amount is not None]
    if not known:
        return f"No line of {team} has a known charge"
    return f"{max(known, key=lambda bar: bar.amount or Decimal(0)).name} is the largest line of {team}"


def _source(setting: Setting) -> str:
    whole = "Charges add up to the team's part of the bill."
    return f"Source: {setting.company}, {setting.standing}. {whole}{setting.limits}"
