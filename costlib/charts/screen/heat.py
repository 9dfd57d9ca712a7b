"""A heat table on screen: a shaded cell for each number, the number in it, names around.

Conventions: a column of cells is a trace of bars of one length, which hides a number rather than let it leave its
cell; the pointer tells it all the same.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import broken, visible
from costlib.charts.palette import Palette, heat_colour
from costlib.charts.screen.frame import FONT_SIZE, Drawing, literal, name_lines
from costlib.charts.screen.texts import bare_axis, width_of
from costlib.charts.spec.heat import HeatTable

_NAME_WIDTH, _HEAD_WIDTH = 11.0, 6.0
_ROW, _GAP, _EDGE, _HEAD = 34, 12, 4, 38
_CELL = 0.96
_LEAST_SIZE = 8


def drawing(chart: HeatTable, palette: Palette) -> Drawing:
    """Cells and names."""
    names = [broken(visible(name), _NAME_WIDTH, 2) for name in chart.rows]
    heads = ["<br>".join(literal(line) for line in broken(visible(name), _HEAD_WIDTH, 2)) for name in chart.columns]
    across = {"tickmode": "array", "showticklabels": True}
    return Drawing(
        marks=[_column(chart, column, palette) for column in range(len(chart.columns))],
        x_axis=bare_axis(0, len(heads))
        | across
        | {
            "side": "top",
            "tickvals": [index + 0.5 for index in range(len(heads))],
            "ticktext": heads,
            "tickfont": {"size": FONT_SIZE - 1, "color": palette.muted},
            "autotickangles": [0, 90],
            "automargin": "height",
        },
        y_axis=bare_axis(len(names) - 0.5, -0.5)
        | across
        | {
            "tickvals": list(range(len(names))),
            "ticktext": ["<br>".join(literal(line) for line in lines) for lines in names],
            "tickfont": {"size": FONT_SIZE, "color": palette.ink},
        },
        labels=[],
        left=round(max(width_of(line) for lines in names for line in lines) + _GAP),
        right=_EDGE,
        bottom=_EDGE,
        hovermode="closest",
        top=_HEAD,
        height=_HEAD + _EDGE + _ROW * max(len(names), 2),
        more={"uniformtext": {"minsize": _LEAST_SIZE, "mode": "hide"}, "barmode": "overlay"},
    )


def _column(chart: HeatTable, column: int, palette: Palette) -> dict[str, Any]:
    rows = range(len(chart.rows))
    shades = [chart.shade(row, column) for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "name": literal(chart.columns[column]),
        "showlegend": False,
        "base": [column] * len(rows),
        "x": [_CELL] * len(rows),
        "y": list(rows),
        "width": _CELL,
        "marker": {
            "color": [heat_colour(shade, palette) for shade in shades],
            "line": {"width": [1 if not shade else 0 for shade in shades], "color": palette.grid},
        },
        "text": [literal(chart.text(row, column)) for row in rows],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "inside",
        "insidetextfont": {"color": palette.ink, "size": FONT_SIZE},
        "hovertext": [_hover(chart, row, column) for row in rows],
        "hoverinfo": "text",
    }


def _hover(chart: HeatTable, row: int, column: int) -> str:
    text = literal(chart.measure.text(chart.values[row][column]))
    return f"<b>{name_lines(chart.rows[row])}</b><br>{name_lines(chart.columns[column])}  <b>{text}</b>"
