"""Axes of two measures on paper, for charts of points."""

from __future__ import annotations

from costlib.charts.printed.frame import GAP, Paper, Plot, money_axis, money_room, within
from costlib.charts.printed.marks import Anchor, Line, Mark
from costlib.charts.spec.measure import Measure
from costlib.charts.ticks import Scale


def numbers_plot(y_scale: Scale, paper: Paper, top: float, pad: float) -> Plot:
    """Where points lie: what two rows below, the heading above and ``pad`` for marks at the ends leave."""
    left = money_room(y_scale, paper) + pad
    above = top + 1.6 * paper.row + pad
    return Plot(left, above, paper.width - 2 * GAP - pad, paper.height - 2.3 * paper.row - pad)


def numbers_axes(
    plot: Plot, pad: float, x: Measure, x_scale: Scale, y: Measure, y_scale: Scale, paper: Paper
) -> list[Mark]:
    """Grid, ticks and the headings of both measures: over the upright one, under the other."""
    palette = paper.palette
    low, high = plot.bottom + pad, plot.top - pad
    marks = money_axis(Plot(plot.left - pad, plot.top, plot.right + pad, plot.bottom), y_scale, paper)
    widest = max(paper.wide(text) for text in x_scale.texts) + 2 * GAP
    pitch = plot.width / (len(x_scale.ticks) - 1)
    every = next(step for step in (1, 2, 5, 10, len(x_scale.ticks)) if step * pitch >= widest)
    for index, (tick, text) in enumerate(zip(x_scale.ticks, x_scale.texts, strict=True)):
        place = plot.left + x_scale.fraction(tick) * plot.width
        tint = palette.baseline if tick == 0 else palette.grid
        marks.append(Line(((place, high), (place, low)), tint, 0.6))
        if index % every == 0:
            centre = within(place, paper.wide(text), 0, paper.width)
            marks.append(paper.text(centre, low + paper.row, text, palette.muted, anchor=Anchor.MIDDLE))
    y_heading, x_heading = (paper.cut(measure.heading, paper.width, bold=True) for measure in (y, x))
    marks.append(paper.text(0, high - paper.row * 0.7, y_heading, palette.muted, bold=True))
    end = plot.right + pad
    return [*marks, paper.text(end, low + 2.1 * paper.row, x_heading, palette.muted, anchor=Anchor.END, bold=True)]
