"""Stacked columns in words: the first and the last total, and the largest parts of the last."""

from __future__ import annotations

from costlib import money
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import known
from costlib.charts.words.parts import SPOKEN, Words, closed, span, timed_words, when


def words(chart: StackedColumns) -> Words:
    """The stack as text."""
    return timed_words(chart, _said(chart))


def _said(chart: StackedColumns) -> str:
    parts = f"{len(chart.segments)} parts" if len(chart.segments) > 1 else "one part"
    lead = f"Stacked columns of {parts} by {chart.periods.grain}, {span(chart.periods)}."
    totals = closed(chart.periods, known(chart.totals))
    if not totals:
        return f"{lead} No total is known."
    (first, first_total), (last, last_total) = totals[0], totals[-1]
    sentence = f"Total {money.short(first_total, chart.currency)} {when(chart.periods, first)}"
    if first != last:
        sentence += f" and {money.short(last_total, chart.currency)} {when(chart.periods, last)}"
    return f"{lead} {sentence}{_largest_parts(chart, last)}."


def _largest_parts(chart: StackedColumns, index: int) -> str:
    figures = [(segment.values[index], segment.name) for segment in chart.segments]
    parts = sorted(((value, name) for value, name in figures if value), key=lambda part: -abs(part[0]))[:SPOKEN]
    told = ", ".join(f"{name} {money.short(value, chart.currency)}" for value, name in parts)
    return f", of which {told}" if told else ""
