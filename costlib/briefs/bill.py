"""The bill behind a document: its closed months by team, stage and model, what changed, and how good forecasts were.

Conventions: effective cost in one currency; months are closed ones, named by their first day, oldest first. The change
is between two stretches of equally many closed months, the later one ending with the last of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis.bridge import Bridge
from costlib.analysis.record import Figures
from costlib.analysis.trend import Series
from costlib.briefs.exhibits import segment_name
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import MEASURE, Setting
from costlib.documents.model import Basis
from costlib.periods import Grain, Window, add_months, period_name, period_starts, window_name

TEAM, STAGE, MODEL = "x_Team", "x_Stage", "x_Model"
#: A bill is told over at most so many months, and compared over stretches of so many.
MOST_MONTHS = 24
STRETCHES = (12, 6, 3, 1)


@dataclass(frozen=True)
class Record:
    """How good past forecasts of the whole were, by months ahead; ``kind`` is locked or replayed.

    ``bridged_days`` of unknown cost count in forecasts like the days around them.
    """

    figures: tuple[Figures, ...]
    kind: str
    bridged_days: int = 0


@dataclass(frozen=True)
class Change:
    """Two stretches of the bill and the way from the earlier to the later one."""

    before: Window
    after: Window
    bridge: Bridge


@dataclass(frozen=True)
class Bill:
    """What documents tell of the bill; ``setting.subject`` is whose spend it is ("AI spend")."""

    setting: Setting
    months: tuple[date, ...]
    by: Mapping[str, tuple[Series, ...]]
    change: Change | None
    record: Record

    @property
    def year(self) -> int:
        """How many of the last closed months a document adds up: twelve, or what there is."""
        return min(12, len(self.months))

    @property
    def lacking(self) -> tuple[date, ...]:
        """The months of that year of which no bill is loaded."""
        return tuple(month for month in self.months[-self.year :] if month in self.setting.missing)

    @property
    def span(self) -> str:
        """That year in words, with what it lacks."""
        lacking = ", ".join(period_name(month, Grain.MONTH) for month in self.lacking)
        return window_name(self.last(self.year)) + (f" without {lacking}" if lacking else "")

    def last(self, months: int) -> Window:
        """The window of the last closed months."""
        return Window(self.months[-months], add_months(self.months[-1], 1))

    def ranked(self, dimension: str) -> list[tuple[str, Decimal]]:
        """What each value of a dimension cost in the last year of closed months, largest first; named ones first."""
        found = [(one.name, money.exact_sum(one.values[-self.year :])) for one in self.by[dimension]]
        found.sort(key=lambda pair: (pair[0] is None, -pair[1]))
        return [(segment_name(dimension, name), amount) for name, amount in found if amount]

    def nameless(self, dimension: str) -> int | None:
        """The place in ``ranked``, counted from 1, of what has no value of the dimension; None where all has one."""
        ranked, last = self.ranked(dimension), segment_name(dimension, None)
        return len(ranked) if ranked and ranked[-1][0] == last else None

    def total(self, months: int) -> Decimal:
        """What the last closed months cost."""
        return money.exact_sum(amount for one in self.by[TEAM] for amount in one.values[-months:])


def stretch(closed: Sequence[date], missing: Collection[date] = ()) -> int | None:
    """How many of the closed months are compared with as many before them, none of them ``missing``; None without two.

    >>> months = [date(2026, month, 1) for month in range(1, 13)]
    >>> stretch(months), stretch(months[:5]), stretch(months[:1]), stretch(months, [date(2026, 3, 1)])
    (6, 1, None, 3)
    """
    for months in STRETCHES:
        if 2 * months <= len(closed) and not {*closed[-2 * months :]} & {*missing}:
            return months
    return None


def put_bill(book: FigureBook, bill: Bill) -> None:
    """Put down the figures of the bill: the last year, its largest parts, the change and the record."""
    said, currency_basis = bill.setting.subject, Basis.BILL
    span = bill.span
    whole = bill.total(bill.year)
    book.amount("bill.year", whole, f"{said}, {span}, {MEASURE}", currency_basis)
    book.words("bill.span", span, "closed months that are added up", currency_basis)
    for dimension, key in ((TEAM, "team"), (STAGE, "stage"), (MODEL, "model")):
        for at, (name, amount) in enumerate(bill.ranked(dimension), start=1):
            book.words(f"bill.{key}.{at}.name", name, f"{key} number {at} by spend, {span}", currency_basis)
            book.amount(f"bill.{key}.{at}", amount, f"{name}, {said}, {span}, {MEASURE}", currency_basis)
            share = money.ratio(amount, whole)
            book.percent(f"bill.{key}.{at}.share", share, f"share of {name} in {said}, {span}", currency_basis)
    _put_change(book, bill)
    put_record(book, bill.record)


def _put_change(book: FigureBook, bill: Bill) -> None:
    change = bill.change
    if change is None:
        return
    before, after = window_name(change.before), window_name(change.after)
    found, said = change.bridge, bill.setting.subject
    book.words("change.before.span", before, "earlier stretch of the comparison", Basis.BILL)
    months = len(period_starts(change.after, Grain.MONTH))
    book.number("change.months", months, "months of each stretch of the comparison", Basis.BILL)
    book.words("change.after.span", after, "later stretch of the comparison", Basis.BILL)
    book.amount("change.before", found.cost0, f"{said}, {before}, {MEASURE}", Basis.BILL)
    book.amount("change.after", found.cost1, f"{said}, {after}, {MEASURE}", Basis.BILL)
    book.amount("change", abs(found.change), f"{said}, {after} less {before}, {MEASURE}", Basis.BILL)
    share = money.ratio(abs(found.change), found.cost0)
    book.percent("change.share", share, f"{said}, {after} against {before}", Basis.BILL)
    for name, amount in found.parts.by_name().items():
        meaning = f"change of {said} by {name}, {after} against {before}"
        book.amount(f"change.{name}", amount, meaning, Basis.BILL, signed=True)


def put_record(book: FigureBook, record: Record) -> None:
    """Put down how far off past forecasts were, by months ahead."""
    for one in record.figures:
        if one.variance is None:
            continue
        key, said = f"record.{one.ahead}", f"{record.kind} forecasts {one.ahead} months ahead"
        book.number(f"{key}.months", one.ahead, "months ahead of the forecast", Basis.RECORD)
        book.number(f"{key}.count", one.versions, f"{said} whose month has closed", Basis.RECORD)
        book.percent(f"{key}.off", one.variance, f"{said}: mean distance of actual from forecast", Basis.RECORD)
        book.percent(f"{key}.held", one.hit_rate, f"{said}: how often actual lay within the range", Basis.RECORD)
        bias = money.percent(one.bias, sign=True)
        book.words(f"{key}.bias", bias, f"{said}: mean of actual over forecast with its sign", Basis.RECORD)
