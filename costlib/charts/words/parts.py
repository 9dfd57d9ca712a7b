"""What the words of every chart share: names of periods, short amounts, what is open and what is unknown.

Conventions: a sentence holds the short form of ``costlib.money``; an open period is compared with none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from costlib import money
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import Line, Role, Segment, known
from costlib.charts.spec.trend import Trend
from costlib.charts.timeline import Periods
from costlib.periods import Grain
from costlib.wording import capital

SPOKEN = 3
_LAST_DIGIT = Decimal(1).scaleb(-money.SCALE)
_WIDE = Context(prec=100)

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


@dataclass(frozen=True)
class Words:
    """A chart as text: its table, what a reader must know, and what it shows in a sentence or two."""

    table: Table
    notes: tuple[str, ...]
    said: str


def timed_table(periods: Periods, currency: str, series: Sequence[Line | Segment]) -> Table:
    """One row per period, one column per line or part."""
    header = (str(periods.grain).capitalize(), "Currency", *(part.name for part in series))
    rows = [
        (start.isoformat(), currency, *(cell(part.values[index]) for part in series))
        for index, start in enumerate(periods.starts)
    ]
    return header, rows


def timed_words(chart: Trend | StackedColumns, said: str) -> Words:
    """What is said, with the table and the unknown amounts of its lines or parts."""
    unknown = [
        f"{part.name} {when(chart.periods, index)}"
        for part in chart.series
        for index, value in enumerate(part.values)
        if value is None
    ]
    notes = (*open_note(chart.periods), *unknown_note(unknown))
    return Words(timed_table(chart.periods, chart.currency, chart.series), notes, said)


def cell(amount: Decimal | None) -> str:
    """An exact amount, empty where it is unknown; a quotient as fine as the store keeps money.

    >>> cell(Decimal("1.50")), cell(None), cell(Decimal(2) / Decimal(3))
    ('1.5', '', '0.666666666666666667')
    """
    return money.exact(None if amount is None else _WIDE.quantize(amount, _LAST_DIGIT)) or ""


def open_note(periods: Periods) -> tuple[str, ...]:
    """Which period is not complete."""
    if periods.open_index is None:
        return ()
    name = periods.names[periods.open_index]
    return (f"{capital(name)} holds data {periods.open_note} only",)


def unknown_note(places: Sequence[str]) -> tuple[str, ...]:
    """Which amounts are unknown: named where they are few, else counted."""
    if len(places) > SPOKEN:
        return (f"{len(places)} amounts are unknown and left blank",)
    return (f"Unknown and left blank: {', '.join(places)}",) if places else ()


def closed(periods: Periods, figures: list[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """The figures of complete periods; an open one is told only where there is no other."""
    return [figure for figure in figures if figure[0] != periods.open_index] or figures


def when(periods: Periods, index: int) -> str:
    """A period as a sentence names it."""
    name = periods.names[index]
    match periods.grain:
        case Grain.DAY:
            return f"on {name}"
        case Grain.WEEK:
            return f"in the {name}"
    return f"in {name}"


def span(periods: Periods) -> str:
    """From the first period to the last."""
    names = periods.names
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def last_amount(line: Line, periods: Periods, currency: str) -> str:
    """The amount at the end of a line, and until when it holds data.

    A bill that ends before the axis says of when its last amount is; a plan or a forecast ends where it was meant to.
    """
    figures = known(line.values)
    if not figures:
        return money.UNKNOWN
    index, amount = figures[-1]
    early = index < len(periods) - 1 and line.role in (Role.ACTUAL, Role.PREVIOUS)
    note = periods.open_note if index == periods.open_index and line.role is Role.ACTUAL else ""
    note = note or (periods.labels[index] if early else "")
    return " ".join(part for part in (money.short(amount, currency), note) if part)
