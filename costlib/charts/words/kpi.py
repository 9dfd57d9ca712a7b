"""A row of figures in words: each with its change, what the change means, and its context."""

from __future__ import annotations

from costlib.charts.spec.kpi import Kpi, KpiRow, Mood
from costlib.charts.words.parts import Table, Words

_MEANT = {Mood.GOOD: " (good)", Mood.BAD: " (bad)", Mood.NEUTRAL: ""}


def words(chart: KpiRow) -> Words:
    """The figures as text."""
    return Words(_table(chart), (), f"{'; '.join(_figure(kpi) for kpi in chart.kpis)}.")


def _table(chart: KpiRow) -> Table:
    """One row per figure."""
    return ("Figure", "Value", "Change", "Context"), [(kpi.label, kpi.value, kpi.delta, kpi.sub) for kpi in chart.kpis]


def _figure(kpi: Kpi) -> str:
    delta = f"{kpi.delta}{_MEANT[kpi.mood]}" if kpi.delta else ""
    return ", ".join(part for part in (f"{kpi.label} {kpi.value}", delta, kpi.sub) if part)
