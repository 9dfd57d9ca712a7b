"""Small multiples in words: every panel's last figure, the largest first."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.multiples import SmallMultiples
from costlib.charts.spec.parts import Amount, known
from costlib.charts.spec.trend import Trend
from costlib.charts.words.parts import SPOKEN, Table, Words, cell, closed, open_note, span, unknown_note, when

_Figure = tuple[int, Decimal]


def words(chart: SmallMultiples) -> Words:
    """The panels as text."""
    unknown = [
        f"{panel.name}, {part.name} {when(chart.periods, index)}"
        for panel in chart.panels
        for part in panel.parts
        for index, value in enumerate(part.values)
        if value is None
    ]
    notes = (*open_note(chart.periods), *unknown_note(unknown))
    return Words(_table(chart), notes, _said(chart))


def _table(chart: SmallMultiples) -> Table:
    """One row per panel and period, one column per line or part."""
    periods = chart.periods
    header = ("Panel", str(periods.grain).capitalize(), "Currency", *(part.name for part in chart.parts))
    rows = [
        (panel.name, start.isoformat(), chart.currency, *(cell(part.values[index]) for part in panel.parts))
        for panel in chart.panels
        for index, start in enumerate(periods.starts)
    ]
    return header, rows


def _said(chart: SmallMultiples) -> str:
    count = len(chart.panels)
    many = f"{count} panels" if count > 1 else "One panel"
    kind = "stacked columns" if chart.stacked else "lines"
    ends = {drawn.caption.title: _ends(chart, drawn) for drawn in chart.charts}
    ranked = sorted(ends, key=lambda name: ends[name][-1][1] if ends[name] else Decimal("-Infinity"), reverse=True)
    told = "; ".join(_panel(chart, name, ends[name]) for name in ranked[:SPOKEN])
    lead = "Highest at the end: " if count > SPOKEN else ""
    return f"{many} of {kind} by {chart.periods.grain}, one scale, {span(chart.periods)}. {lead}{told}."


def _ends(chart: SmallMultiples, drawn: Trend | StackedColumns) -> list[_Figure]:
    """The known figures of complete periods: of a stack its totals, of lines the first one's."""
    values: tuple[Amount, ...] = drawn.totals if isinstance(drawn, StackedColumns) else drawn.lines[0].values
    return closed(chart.periods, known(values))


def _panel(chart: SmallMultiples, name: str, figures: list[_Figure]) -> str:
    if not figures:
        return f"{name} unknown"
    (first, first_value), (last, last_value) = figures[0], figures[-1]
    lead = f"from {_at(chart, first, first_value)} to " if first != last else ""
    return f"{name} {lead}{_at(chart, last, last_value)}"


def _at(chart: SmallMultiples, index: int, amount: Decimal) -> str:
    return f"{money.short(amount, chart.currency)} {when(chart.periods, index)}"
