"""A heat table in words: its size, and the cells with the highest and the lowest number."""

from __future__ import annotations

from decimal import Decimal

from costlib.charts.spec.heat import HeatTable
from costlib.charts.words.parts import Table, Words, cell, unknown_note


def words(chart: HeatTable) -> Words:
    """The table as text."""
    unknown = [
        f"{name}, {column}"
        for name, row in zip(chart.rows, chart.values, strict=True)
        for column, value in zip(chart.columns, row, strict=True)
        if value is None
    ]
    return Words(_table(chart), unknown_note(unknown), _said(chart))


def _table(chart: HeatTable) -> Table:
    """The table itself, its numbers exact, and the currency of money; shares are ratios."""
    currency = chart.measure.currency
    header, own = (("Currency",), (currency,)) if currency else ((), ())
    rows = [(name, *own, *map(cell, row)) for name, row in zip(chart.rows, chart.values, strict=True)]
    return (chart.dimension, *header, *chart.columns), rows


def _said(chart: HeatTable) -> str:
    rows, columns = len(chart.rows), len(chart.columns)
    size = f"{rows} {'rows' if rows > 1 else 'row'} by {columns} {'columns' if columns > 1 else 'column'}"
    figures = [
        (value, f"{name}, {column}")
        for name, row in zip(chart.rows, chart.values, strict=True)
        for column, value in zip(chart.columns, row, strict=True)
        if value is not None
    ]
    lead = f"Table of {chart.measure.heading}, {size}."
    if not figures:
        return f"{lead} No number is known."
    high, low = max(figures, key=_value), min(figures, key=_value)
    lowest = f", lowest {low[1]} {chart.measure.text(low[0])}" if low[0] != high[0] else ""
    return f"{lead} Highest {high[1]} {chart.measure.text(high[0])}{lowest}."


def _value(figure: tuple[Decimal, str]) -> Decimal:
    return figure[0]
