"""A tornado in words: the base, and the inputs that move it most."""

from __future__ import annotations

from costlib.charts.spec.tornado import Swing, Tornado
from costlib.charts.words.parts import SPOKEN, Table, Words, cell, unknown_note


def words(chart: Tornado) -> Words:
    """The tornado as text."""
    unknown = [
        f"{swing.name}, {name}"
        for name, ends in chart.columns
        for swing, end in zip(chart.ranked, ends, strict=True)
        if end is None
    ]
    return Words(_table(chart), unknown_note(unknown), _said(chart))


def _table(chart: Tornado) -> Table:
    """One row per input, the widest swing first: the result at both ends, and the base."""
    header = (chart.dimension, "Currency", chart.low_name, chart.high_name, chart.base.name)
    rows: list[tuple[str, ...]] = [
        (swing.name, chart.currency, cell(swing.low), cell(swing.high), cell(chart.base.amount))
        for swing in chart.ranked
    ]
    return header, rows


def _said(chart: Tornado) -> str:
    count = len(chart.swings)
    many = f"{count} inputs, widest swing first" if count > 1 else "One input"
    told = "; ".join(_swing(chart, swing) for swing in chart.ranked[:SPOKEN])
    return f"{many}. {chart.base.name} {chart.label(chart.base.amount)}. {told}."


def _swing(chart: Tornado, swing: Swing) -> str:
    low, high = (f" ({at})" if at else "" for at in (swing.low_at, swing.high_at))
    return f"{swing.name} {chart.label(swing.low)}{low} to {chart.label(swing.high)}{high}"
