"""A bridge on paper: columns between running totals, hairlines that carry them on, signed labels.

Conventions: where the paper is too narrow for the names of the steps the bridge lies on its side, one row a step.
"""

from __future__ import annotations

from costlib.charts.fit import visible
from costlib.charts.palette import step_colour
from costlib.charts.printed.face import wrapped
from costlib.charts.printed.frame import GAP, Paper, Plot, money_axis, money_room
from costlib.charts.printed.marks import Anchor, Line, Mark, Rect
from costlib.charts.spec.bridge import Bridge

_COLUMN = 0.68
_NAME_LINES = 3
_NAMES_OF_WIDTH = 0.36
_THINNEST = 0.8


def marks(chart: Bridge, paper: Paper) -> list[Mark]:
    """Columns, or rows where columns have no room for their names."""
    left = money_room(chart.scale, paper)
    pitch = (paper.width - left) / len(chart.columns)
    words = [word for column in chart.columns for word in visible(column.name).split()]
    labels = max(paper.wide(label, bold=True) for label in chart.labels)
    upright = max(paper.wide(word) for word in words) <= pitch - 2 and labels <= pitch
    return _upright(chart, paper, left, pitch) if upright else _lying(chart, paper)


def _upright(chart: Bridge, paper: Paper, left: float, pitch: float) -> list[Mark]:
    names = [wrapped(visible(column.name), pitch - 2, paper.size, _NAME_LINES) for column in chart.columns]
    bottom = paper.height - paper.row * max(len(lines) for lines in names) - GAP
    plot = Plot(left, paper.row + 2, paper.width, bottom)
    drawn, height, wide = money_axis(plot, chart.scale, paper), plot.heights(chart.scale), pitch * _COLUMN
    places = plot.slots(len(chart.columns))
    for total, place in zip(chart.carried, places, strict=False):
        y = height(total)
        drawn.append(Line(((place + wide / 2, y), (place + pitch - wide / 2, y)), paper.palette.previous, 0.8))
    for column, label, lines, place in zip(chart.columns, chart.labels, names, places, strict=True):
        colour = step_colour(column, paper.palette)
        top = height(column.high)
        drawn.append(Rect(place - wide / 2, top, wide, max(height(column.low) - top, _THINNEST), colour))
        drawn.append(paper.text(place, top - 3, label, colour, anchor=Anchor.MIDDLE, bold=True))
        for number, line in enumerate(lines):
            y = plot.bottom + paper.row * (number + 1)
            drawn.append(paper.text(place, y, line, paper.palette.muted, anchor=Anchor.MIDDLE))
    return drawn


def _lying(chart: Bridge, paper: Paper) -> list[Mark]:
    """One row a step: its name at the left, its label at the right of its bar."""
    row = paper.height / len(chart.columns)
    most = 2 if row >= 2 * paper.row else 1
    names = [wrapped(visible(column.name), paper.width * _NAMES_OF_WIDTH, paper.size, most) for column in chart.columns]
    left = max(paper.wide(line) for lines in names for line in lines) + 2 * GAP
    room = paper.width - left - max(paper.wide(label, bold=True) for label in chart.labels) - GAP
    low = min(chart.scale.fraction(column.low) for column in chart.columns)
    reach = max(chart.scale.fraction(column.high) for column in chart.columns) - low

    def x(fraction: float) -> float:
        return left + (fraction - low) / (reach or 1.0) * room

    at_zero = -chart.scale.fraction(chart.scale.low) + chart.scale.fraction(chart.scale.low * 0)
    drawn: list[Mark] = [Line(((x(at_zero), 0), (x(at_zero), paper.height)), paper.palette.baseline, 0.8)]
    for index, total in enumerate(chart.carried):
        place, begin = x(chart.scale.fraction(total)), (index + 0.5 + _COLUMN / 2) * row
        drawn.append(Line(((place, begin), (place, begin + (1 - _COLUMN) * row)), paper.palette.previous, 0.8))
    for index, (column, label, lines) in enumerate(zip(chart.columns, chart.labels, names, strict=True)):
        middle, colour = (index + 0.5) * row, step_colour(column, paper.palette)
        begin, end = (x(chart.scale.fraction(amount)) for amount in (column.low, column.high))
        first = paper.level(middle) - (len(lines) - 1) * paper.row / 2
        drawn += [paper.text(0, first + n * paper.row, line, paper.palette.ink) for n, line in enumerate(lines)]
        thick = _COLUMN * row
        drawn.append(Rect(begin, middle - thick / 2, max(end - begin, _THINNEST), thick, colour))
        drawn.append(paper.text(end + GAP, paper.level(middle), label, colour, bold=True))
    return drawn
