"""A heat table on paper: numbers in shaded cells; columns that have no room follow below, under the same rows."""

from __future__ import annotations

from costlib.charts.fit import visible
from costlib.charts.palette import heat_colour
from costlib.charts.printed.face import wrapped
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.marks import Anchor, Line, Mark, Rect
from costlib.charts.spec.heat import HeatTable

_NAMES_OF_WIDTH = 0.3
_HEADER_LINES = 2
_APART = 0.6
_ROW = 1.35  # height of a row with room to breathe, of the distance of base lines


def bands(chart: HeatTable, paper: Paper) -> list[range]:
    """The columns, in as many groups one below the other as the width of the paper asks for."""
    count = len(chart.columns)
    most = max(1, int((paper.width - _left(chart, paper)) / _least_cell(chart, paper)))
    groups = -(-count // most)
    size = -(-count // groups)
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def least_height(chart: HeatTable, paper: Paper) -> float:
    """Points that the table needs on paper of this width."""
    groups = len(bands(chart, paper))
    return groups * (len(chart.rows) * _ROW + _HEADER_LINES) * paper.row + (groups - 1) * 2 * GAP


def marks(chart: HeatTable, paper: Paper) -> list[Mark]:
    """Names of rows and columns, cells and numbers."""
    groups = bands(chart, paper)
    high = (paper.height - (len(groups) - 1) * 2 * GAP) / len(groups)
    drawn: list[Mark] = []
    for number, columns in enumerate(groups):
        drawn += _band(chart, columns, max(map(len, groups)), number * (high + 2 * GAP), high, paper)
    return drawn


def _band(chart: HeatTable, columns: range, most: int, top: float, high: float, paper: Paper) -> list[Mark]:
    """One group of columns under their names; a last group that is shorter keeps the width of the cells."""
    left, palette = _left(chart, paper), paper.palette
    wide = (paper.width - left) / most
    heads = {at: wrapped(visible(chart.columns[at]), wide - 2, paper.size, _HEADER_LINES) for at in columns}
    lines = max(len(head) for head in heads.values())
    first = top + lines * paper.row + 2
    row = min((high - (first - top)) / len(chart.rows), 3 * paper.row)
    drawn: list[Mark] = [paper.text(0, first - 4, paper.cut(chart.dimension, left - GAP), palette.muted)]
    for at, head in heads.items():
        x = left + (at - columns.start + 0.5) * wide
        for number, line in enumerate(head):
            y = first - 4 - (len(head) - 1 - number) * paper.row
            drawn.append(paper.text(x, y, line, palette.muted, anchor=Anchor.MIDDLE))
    for index, name in enumerate(chart.rows):
        y = first + index * row
        drawn.append(paper.text(0, paper.level(y + row / 2), paper.cut(name, left - GAP), palette.ink))
        for at in columns:
            x = left + (at - columns.start) * wide
            drawn += _cell(chart, index, at, (x, y, wide, row), paper)
        drawn.append(Line(((0, y + row), (left + len(columns) * wide, y + row)), palette.grid, 0.5))
    return drawn


def _cell(chart: HeatTable, row: int, column: int, box: tuple[float, float, float, float], paper: Paper) -> list[Mark]:
    x, y, wide, high = box
    fill = heat_colour(chart.shade(row, column), paper.palette)
    text = paper.text(
        x + wide / 2, paper.level(y + high / 2), chart.text(row, column), paper.palette.ink, anchor=Anchor.MIDDLE
    )
    cell = Rect(x + _APART, y + _APART, wide - 2 * _APART, high - 2 * _APART, fill)
    return [cell, text] if text.text else [cell]


def _left(chart: HeatTable, paper: Paper) -> float:
    widest = max(paper.wide(name) for name in (chart.dimension, *chart.rows))
    return min(widest, paper.width * _NAMES_OF_WIDTH) + 2 * GAP


def _least_cell(chart: HeatTable, paper: Paper) -> float:
    """The width of the widest number, or of the widest word of a column's name."""
    places = ((row, column) for row in range(len(chart.rows)) for column in range(len(chart.columns)))
    return max(paper.wide(chart.text(row, column)) for row, column in places) + GAP
