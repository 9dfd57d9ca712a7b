"""A bridge in words: both ends, the change between them, and the largest steps."""

from __future__ import annotations

from costlib import money
from costlib.charts.spec.bridge import Bridge, Step
from costlib.charts.words.parts import SPOKEN, Table, Words, cell


def words(chart: Bridge) -> Words:
    """The bridge as text; nothing in it can be unknown."""
    return Words(_table(chart), (), _said(chart))


def _table(chart: Bridge) -> Table:
    """One row per column: the change of a step, and the running total after it."""
    rows: list[tuple[str, ...]] = [
        (column.name, chart.currency, "" if column.is_level else cell(column.amount), cell(column.after))
        for column in chart.columns
    ]
    return ("Step", "Currency", "Change", "Total"), rows


def _said(chart: Bridge) -> str:
    steps = f"{len(chart.steps)} steps" if len(chart.steps) > 1 else "one step"
    ends = (
        f"{chart.start.name} {money.short(chart.start.amount, chart.currency)} to "
        f"{chart.end.name} {money.short(chart.end.amount, chart.currency)}"
    )
    by_size = sorted(chart.steps, key=lambda step: step.amount.copy_abs(), reverse=True)[:SPOKEN]
    lead = "Largest: " if len(chart.steps) > SPOKEN else ""
    told = ", ".join(_step(chart, step) for step in by_size)
    change = money.signed(chart.change, chart.currency)
    return f"Bridge of {steps}, {ends}, a change of {change}. {lead}{told}."


def _step(chart: Bridge, step: Step) -> str:
    return f"{step.name} {money.signed(step.amount, chart.currency)}"
