"""A trend in words: each line's first, last and highest amount."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.spec.parts import Line, known
from costlib.charts.spec.trend import Trend
from costlib.charts.words.parts import SPOKEN, Words, closed, span, timed_words, when


def words(chart: Trend) -> Words:
    """The trend as text; of many lines the three that end highest are told."""
    return timed_words(chart, _said(chart))


def _said(chart: Trend) -> str:
    lines = f"{len(chart.lines)} lines" if len(chart.lines) > 1 else "One line"
    told = chart.lines if len(chart.lines) <= SPOKEN else _largest_last(chart)
    figures = "; ".join(_line(chart, line) for line in told)
    lead = "" if len(told) == len(chart.lines) else "Highest at the end: "
    return f"{lines} by {chart.periods.grain}, {span(chart.periods)}. {lead}{figures}."


def _line(chart: Trend, line: Line) -> str:
    figures = closed(chart.periods, known(line.values))
    if not figures:
        return f"{line.name} unknown"
    (first, first_value), (last, last_value) = figures[0], figures[-1]
    if first == last:
        return f"{line.name} {_at(chart, last, last_value)}"
    text = f"{line.name} from {_at(chart, first, first_value)} to {_at(chart, last, last_value)}"
    top, top_value = max(figures, key=lambda figure: (figure[1], figure[0]))
    return text if top in (first, last) else f"{text}, highest {_at(chart, top, top_value)}"


def _at(chart: Trend, index: int, amount: Decimal) -> str:
    return f"{money.short(amount, chart.currency)} {when(chart.periods, index)}"


def _largest_last(chart: Trend) -> tuple[Line, ...]:
    def last(line: Line) -> float:
        figures = known(line.values)
        return float(figures[-1][1]) if figures else float("-inf")

    return tuple(sorted(chart.lines, key=last, reverse=True)[:SPOKEN])
