"""A chart as text: its figures as a table, what a reader must know, and a description for who cannot see it.

Conventions: a table holds exact amounts, a sentence the short form of ``costlib.money``; the caption is read
separately and not repeated.
"""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.spec import Amount, Chart, Line, StackedColumns, Trend, known
from costlib.periods import Grain

_SPOKEN = 3

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def table(chart: Chart) -> Table:
    """Header and rows of the figures behind a chart: one row per period, for CSV and for a screen reader.

    Dates are ISO, amounts exact decimal text in the named currency, an unknown amount is an empty cell.
    Names are given as they are: a writer of spreadsheets must store them as text.
    """
    header = (str(chart.periods.grain).capitalize(), "Currency", *(part.name for part in chart.series))
    rows = [
        (start.isoformat(), chart.currency, *(money.exact(part.values[index]) or "" for part in chart.series))
        for index, start in enumerate(chart.periods.starts)
    ]
    return header, rows


def notes(chart: Chart) -> tuple[str, ...]:
    """What a reader must know before comparing: an open period, unknown amounts."""
    said = []
    open_index = chart.periods.open_index
    if open_index is not None:
        name = chart.periods.names[open_index]
        said.append(f"{name[0].upper()}{name[1:]} holds data {chart.periods.open_note} only")
    unknown = [(part.name, index) for part in chart.series for index, v in enumerate(part.values) if v is None]
    if len(unknown) > _SPOKEN:
        said.append(f"{len(unknown)} amounts are unknown and left blank")
    elif unknown:
        told = ", ".join(f"{name} {_when(chart, index)}" for name, index in unknown)
        said.append(f"Unknown and left blank: {told}")
    return tuple(said)


def alt_text(chart: Chart) -> str:
    """What the chart shows: kind, span, first, last and highest figures, and what is missing."""
    said = _trend(chart) if isinstance(chart, Trend) else _stack(chart)
    extra = "; ".join(notes(chart))
    return f"{said} {extra}." if extra else said


def _trend(chart: Trend) -> str:
    lines = f"{len(chart.lines)} lines" if len(chart.lines) > 1 else "One line"
    told = chart.lines if len(chart.lines) <= _SPOKEN else _largest_last(chart)
    figures = "; ".join(_line(chart, line) for line in told)
    lead = "" if len(told) == len(chart.lines) else "Highest at the end: "
    return f"{lines} by {chart.periods.grain}, {_span(chart)}. {lead}{figures}."


def _line(chart: Trend, line: Line) -> str:
    figures = _closed(chart, known(line.values))
    if not figures:
        return f"{line.name} unknown"
    (first, first_value), (last, last_value) = figures[0], figures[-1]
    if first == last:
        return f"{line.name} {_short(chart, last_value)} {_when(chart, last)}"
    text = (
        f"{line.name} from {_short(chart, first_value)} {_when(chart, first)}"
        f" to {_short(chart, last_value)} {_when(chart, last)}"
    )
    top, top_value = max(figures, key=lambda figure: (figure[1], figure[0]))
    return text if top in (first, last) else f"{text}, highest {_short(chart, top_value)} {_when(chart, top)}"


def _largest_last(chart: Trend) -> tuple[Line, ...]:
    def last(line: Line) -> float:
        figures = known(line.values)
        return float(figures[-1][1]) if figures else float("-inf")

    return tuple(sorted(chart.lines, key=last, reverse=True)[:_SPOKEN])


def _stack(chart: StackedColumns) -> str:
    parts = f"{len(chart.segments)} parts" if len(chart.segments) > 1 else "one part"
    lead = f"Stacked columns of {parts} by {chart.periods.grain}, {_span(chart)}."
    totals = _closed(chart, known(chart.totals))
    if not totals:
        return f"{lead} No total is known."
    (first, first_total), (last, last_total) = totals[0], totals[-1]
    sentence = f"Total {_short(chart, first_total)} {_when(chart, first)}"
    if first != last:
        sentence += f" and {_short(chart, last_total)} {_when(chart, last)}"
    return f"{lead} {sentence}{_largest_parts(chart, last)}."


def _largest_parts(chart: StackedColumns, index: int) -> str:
    figures = [(segment.values[index], segment.name) for segment in chart.segments]
    parts = sorted(((value, name) for value, name in figures if value), key=lambda part: -abs(part[0]))[:_SPOKEN]
    told = ", ".join(f"{name} {_short(chart, value)}" for value, name in parts)
    return f", of which {told}" if told else ""


def _closed(chart: Chart, figures: list[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """The figures of complete periods; an open one is told only where there is no other."""
    return [figure for figure in figures if figure[0] != chart.periods.open_index] or figures


def _when(chart: Chart, index: int) -> str:
    name = chart.periods.names[index]
    match chart.periods.grain:
        case Grain.DAY:
            return f"on {name}"
        case Grain.WEEK:
            return f"in the {name}"
    return f"in {name}"


def _span(chart: Chart) -> str:
    names = chart.periods.names
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def _short(chart: Chart, amount: Amount) -> str:
    return money.short(amount, chart.currency)
