"""A trade-off in words: the choices on the front from left to right, and the one that is chosen."""

from __future__ import annotations

from costlib.charts.spec.scatter import Placed, Scatter
from costlib.charts.words.parts import Table, Words, cell, unknown_note


def words(chart: Scatter) -> Words:
    """The trade-off as text."""
    return Words(_table(chart), unknown_note([point.name for point in chart.unknown]), _said(chart))


def _table(chart: Scatter) -> Table:
    """One row per choice, in the order given; "yes" where no other choice beats it on both numbers."""
    front = {one.name for one in chart.front}
    header = (chart.dimension, chart.x.heading, chart.y.heading, "On the front", "Chosen")
    rows: list[tuple[str, ...]] = [
        (point.name, cell(point.x), cell(point.y), _yes(point.name in front), _yes(point.chosen))
        for point in chart.points
    ]
    return header, rows


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _said(chart: Scatter) -> str:
    count = len(chart.placed)
    many = f"{count} choices" if count > 1 else "One choice"
    front = "; ".join(_point(chart, one) for one in chart.front)
    beaten = [one for one in chart.placed if one.chosen and not one.front]
    chosen = f" Chosen but beaten: {'; '.join(_point(chart, one) for one in beaten)}." if beaten else ""
    return f"{many} by {chart.x.name} and {chart.y.name}. Not beaten on both: {front}.{chosen}"


def _point(chart: Scatter, one: Placed) -> str:
    mark = " (chosen)" if one.chosen and one.front else ""
    return f"{one.name}{mark} {chart.x.text(one.x)}, {chart.y.text(one.y)}"
