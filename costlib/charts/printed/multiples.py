"""Small multiples on paper: a grid of small charts with one scale, each under its name and its last amount."""

from __future__ import annotations

from costlib.charts.palette import line_colours, part_colours, segment_colours
from costlib.charts.printed.columns import column_marks
from costlib.charts.printed.frame import (
    GAP,
    Paper,
    Plot,
    money_axis,
    money_room,
    points_in_time,
    time_axis,
    time_room,
)
from costlib.charts.printed.key import Entry, key_marks
from costlib.charts.printed.lines import line_marks
from costlib.charts.printed.marks import Mark
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.multiples import SmallMultiples
from costlib.charts.spec.trend import Trend

_LEAST_PANEL = 92.0
_LEAST_PLOT = 46.0


def least_height(chart: SmallMultiples, paper: Paper) -> float:
    """Points that the grid needs on paper of this width."""
    rows = -(-len(chart.panels) // _across(chart, paper))
    return _key(chart, paper)[1] + rows * (_LEAST_PLOT + paper.row + time_room(chart.periods, paper) + GAP)


def marks(chart: SmallMultiples, paper: Paper) -> list[Mark]:
    """Key and panels; the ticks of the value axis stand at the first panel of each row."""
    drawn, top = _key(chart, paper)
    across, left = _across(chart, paper), money_room(chart.scale, paper)
    rows = -(-len(chart.panels) // across)
    wide, high = (paper.width - left + 2 * GAP) / across, (paper.height - top) / rows
    for index, panel in enumerate(chart.panels):
        x, y = left + (index % across) * wide, top + (index // across) * high
        bottom = y + high - time_room(chart.periods, paper) - GAP
        plot = Plot(x, y + 1.5 * paper.row, x + wide - 2 * GAP, bottom)
        drawn += _panel(chart, chart.chart(panel), plot, paper, ticked=index % across == 0)
        drawn += _title(panel.name, chart.last(panel), plot, paper)
    return drawn


def _panel(
    chart: SmallMultiples, panel: Trend | StackedColumns, plot: Plot, paper: Paper, *, ticked: bool
) -> list[Mark]:
    drawn = money_axis(plot, chart.scale, paper, ticked=ticked)
    if isinstance(panel, StackedColumns):
        places, colours = plot.slots(len(panel.periods)), segment_colours(panel.segments, paper.palette)
        for index, place in enumerate(places):
            drawn += column_marks(panel, index, place, colours, chart.scale, plot, paper)
    else:
        places, height = points_in_time(plot, len(panel.periods)), plot.heights(chart.scale)
        for line, colour in reversed(list(zip(panel.lines, line_colours(panel.lines, paper.palette), strict=True))):
            opened = panel.periods.open_index
            drawn += line_marks(line, line.values, places, height, colour, paper.palette, opened)
    return drawn + time_axis(plot, places, panel.periods, paper, most=2)


def _title(title: str, last: str, plot: Plot, paper: Paper) -> list[Mark]:
    """Name and last amount; the name gives way where there is no room for both."""
    y, room = plot.top - paper.row * 0.5, plot.width - paper.wide(last) - GAP
    name = paper.text(plot.left, y, paper.cut(title, room, bold=True), paper.palette.ink, bold=True)
    return [name, paper.text(plot.left + name.width + GAP / 2, y, last, paper.palette.muted)]


def _key(chart: SmallMultiples, paper: Paper) -> tuple[list[Mark], float]:
    """What the colours of the parts mean, where there are several."""
    if len(chart.parts) < 2:
        return [], 0.0
    colours = part_colours(chart.charts[0], paper.palette)
    names = [part.name for part in chart.parts]
    return key_marks([Entry(name, tint) for name, tint in zip(names, colours, strict=True)], paper)


def _across(chart: SmallMultiples, paper: Paper) -> int:
    """Panels side by side: as the description has them, fewer on narrow paper."""
    room = paper.width - money_room(chart.scale, paper)
    return max(1, min(chart.grid[1], int(room / _LEAST_PANEL)))
