"""A roadmap in words: how many initiatives over which time, what they save together, and the largest."""

from __future__ import annotations

from costlib.charts.spec.roadmap import Initiative, Roadmap
from costlib.charts.words.parts import SPOKEN, Table, Words, cell, unknown_note
from costlib.periods import Grain, add_months, period_name


def words(chart: Roadmap) -> Words:
    """The roadmap as text."""
    return Words(_table(chart), unknown_note([f"saving of {one.name}" for one in chart.unknown]), _said(chart))


def _table(chart: Roadmap) -> Table:
    """One row per initiative, from top to bottom; days are ISO, savings a year at full run."""
    header = (chart.track_name, "Initiative", "Owner", "Start", "Full saving from", "Currency", chart.saving_name)
    rows: list[tuple[str, ...]] = [
        (
            one.track,
            one.name,
            one.owner,
            one.start.isoformat(),
            one.ramp_end.isoformat(),
            chart.currency,
            cell(one.saving),
        )
        for one in chart.rows
    ]
    return header, rows


def _said(chart: Roadmap) -> str:
    count = len(chart.initiatives)
    many = f"{count} initiatives" if count > 1 else "one initiative"
    by_size = sorted(chart.rows, key=lambda one: (one.saving is None, -(one.saving or 0)))[:SPOKEN]
    lead = "Largest: " if count > SPOKEN else ""
    last = period_name(add_months(chart.end, -1), Grain.MONTH)
    span = f"{period_name(chart.first, Grain.MONTH)} to {last}" if chart.months > 1 else last
    told = "; ".join(_initiative(chart, one) for one in by_size)
    return f"Roadmap of {many}, {span}, {chart.saving_name} {chart.total_text} in all. {lead}{told}."


def _initiative(chart: Roadmap, one: Initiative) -> str:
    owner = f", {one.owner}" if one.owner else ""
    return f"{one.name} {chart.label(one)} ({chart.when(one)}{owner})"
