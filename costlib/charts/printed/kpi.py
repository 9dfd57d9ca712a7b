"""A row of figures on paper: each with a coloured rule at its left, its change in words and colour."""

from __future__ import annotations

from costlib.charts.fit import visible
from costlib.charts.palette import mood_colour
from costlib.charts.printed.face import fitted, shortened
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.marks import Mark, Rect, Text
from costlib.charts.spec.kpi import Kpi, KpiRow

_RULE, _INDENT = 2.2, 8.0
_VALUES = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0)
_LEAST = 118.0  # points that a figure needs side by side; narrower paper has more rows


def least_height(chart: KpiRow, paper: Paper) -> float:
    """Points that the figures need on paper of this width."""
    return _rows(chart, paper) * (_VALUES[0] + 4.2 * paper.row)


def marks(chart: KpiRow, paper: Paper) -> list[Mark]:
    """The figures side by side, on more rows where the paper is narrow."""
    rows = _rows(chart, paper)
    columns = -(-len(chart.kpis) // rows)
    wide, high = (paper.width + GAP) / columns, min(paper.height / rows, _VALUES[0] + 5 * paper.row)
    value_size = min(_value_size(kpi, wide, paper) for kpi in chart.kpis)
    drawn: list[Mark] = []
    for index, kpi in enumerate(chart.kpis):
        drawn += _figure(kpi, (index % columns) * wide, (index // columns) * high, wide, high, value_size, paper)
    return drawn


def _rows(chart: KpiRow, paper: Paper) -> int:
    side_by_side = max(1, int((paper.width + GAP) / _LEAST))
    return -(-len(chart.kpis) // side_by_side)


def _value_size(kpi: Kpi, wide: float, paper: Paper) -> float:
    """The largest size at which the value is not cut, the same for all figures."""
    return fitted(visible(kpi.value), _room(wide), 1, _VALUES, bold=True)[1]


def _room(wide: float) -> float:
    return wide - _INDENT - 2 * GAP


def _figure(kpi: Kpi, left: float, top: float, wide: float, high: float, value_size: float, paper: Paper) -> list[Mark]:
    palette, room, x = paper.palette, _room(wide), left + _INDENT
    mood = mood_colour(kpi.mood, palette)
    value_line = top + 1.25 * paper.row + value_size * 0.85
    value = shortened(visible(kpi.value), room, value_size, bold=True)
    drawn: list[Mark] = [
        Rect(left, top, _RULE, high - GAP, mood),
        paper.text(x, top + paper.row * 0.85, paper.cut(kpi.label, room), palette.muted),
        Text(x, value_line, value, value_size, palette.ink, bold=True),
    ]
    y = value_line + paper.row * 1.2
    if kpi.delta:
        drawn.append(paper.text(x, y, paper.cut(kpi.delta, room, bold=True), mood, bold=True))
        y += paper.row
    if kpi.sub:
        drawn.append(paper.text(x, y, paper.cut(kpi.sub, room), palette.muted))
    return drawn
