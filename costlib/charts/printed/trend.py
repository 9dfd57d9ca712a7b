"""A trend on paper: its lines, named in the right margin where they end."""

from __future__ import annotations

from costlib.charts.palette import line_colours
from costlib.charts.printed.frame import (
    Label,
    Paper,
    Plot,
    money_axis,
    money_room,
    points_in_time,
    side_labels,
    side_room,
    time_axis,
    time_room,
)
from costlib.charts.printed.lines import line_marks
from costlib.charts.printed.marks import Mark
from costlib.charts.spec.parts import Role, known
from costlib.charts.spec.trend import Trend
from costlib.charts.words.parts import last_amount


def marks(chart: Trend, paper: Paper) -> list[Mark]:
    """Axes, lines and their names."""
    labels = _labels(chart, paper)
    plot = Plot(
        money_room(chart.scale, paper),
        paper.size,
        paper.width - side_room(labels, paper),
        paper.height - time_room(chart.periods, paper),
    )
    places = points_in_time(plot, len(chart.periods))
    drawn = money_axis(plot, chart.scale, paper) + time_axis(plot, places, chart.periods, paper)
    for line, colour in reversed(list(zip(chart.lines, line_colours(chart.lines, paper.palette), strict=True))):
        height, opened = plot.heights(chart.scale), chart.periods.open_index
        drawn += line_marks(line, line.values, places, height, colour, paper.palette, opened)
    return drawn + side_labels(labels, plot, paper)


def _labels(chart: Trend, paper: Paper) -> list[Label]:
    palette, labels = paper.palette, []
    for line, colour in zip(chart.lines, line_colours(chart.lines, palette), strict=True):
        figures = known(line.values)
        at = chart.scale.fraction(figures[-1][1]) if figures else 0.0
        tint = palette.muted if line.role in (Role.PREVIOUS, Role.PLAN) else palette.ink
        amount = last_amount(line, chart.periods, chart.currency)
        labels.append(Label(at, line.name, tint, (amount,), colour if chart.needs_mark(line) else None))
    return labels
