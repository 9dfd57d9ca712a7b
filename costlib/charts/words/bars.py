"""Ranked bars in words: the largest, what they were before, the credits, and what is unknown."""

from __future__ import annotations

from costlib import money
from costlib.charts.spec.bars import Bar, RankedBars
from costlib.charts.words.parts import SPOKEN, Table, Words, cell, unknown_note


def words(chart: RankedBars) -> Words:
    """The ranking as text."""
    unknown = [
        f"{bar.name} in {name}"
        for name, amounts in chart.columns
        for bar, amount in zip(chart.ranked, amounts, strict=True)
        if amount is None
    ]
    return Words(_table(chart), unknown_note(unknown), _said(chart))


def _table(chart: RankedBars) -> Table:
    """One row per bar, largest first: its amount and the earlier one."""
    header = (chart.dimension, "Currency", *(name for name, _ in chart.columns))
    rows = [
        (bar.name, chart.currency, *(cell(amounts[index]) for _, amounts in chart.columns))
        for index, bar in enumerate(chart.ranked)
    ]
    return header, rows


def _said(chart: RankedBars) -> str:
    count = f"{len(chart.bars)} bars, largest first" if len(chart.bars) > 1 else "One bar"
    compared = f" compared with {chart.previous_name}" if chart.previous_name is not None else ""
    named = [bar for bar in chart.ranked if not bar.other]
    told = [*named[:SPOKEN], *(bar for bar in chart.ranked if bar.other)]
    credit = next((bar for bar in reversed(named[SPOKEN:]) if bar.amount is not None and bar.amount < 0), None)
    last = f"; lowest {_bar(chart, credit)}" if credit is not None else ""
    return f"{count}, {chart.amount_name}{compared}. {'; '.join(_bar(chart, bar) for bar in told)}{last}."


def _bar(chart: RankedBars, bar: Bar) -> str:
    before = f" (before {money.short(bar.previous, chart.currency)})" if bar.previous is not None else ""
    return f"{bar.name} {money.short(bar.amount, chart.currency)}{before}"
