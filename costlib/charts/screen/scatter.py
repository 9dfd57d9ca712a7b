"""A trade-off on screen: the front as a line of points, what it beats in grey, every one named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from costlib.charts.palette import Palette
from costlib.charts.screen.frame import Drawing, literal, money_margin, name_lines
from costlib.charts.screen.points import POINTS_BOTTOM, axes, headings, name_rows, names
from costlib.charts.spec.scatter import Placed, Scatter

_ROOM = (0.06, 0.06)
_RADIUS, _CHOSEN = 5.5, 7.5
_RIGHT = 12


def drawing(chart: Scatter, palette: Palette) -> Drawing:
    """Points, the front, names and axes."""
    scales = chart.x_scale, chart.y_scale
    left = money_margin(scales[1])
    x_axis, y_axis = axes(*scales, _ROOM, palette)
    beaten = [one for one in chart.placed if not one.front]
    points = [(one.x, one.y, _radius(one), _lines(one)) for one in chart.placed]
    colours = [palette.ink if one.front else palette.muted for one in chart.placed]
    path = [(one.x, one.y) for one in chart.front]
    return Drawing(
        marks=[_trace(chart, chart.front, palette, front=True), _trace(chart, beaten, palette, front=False)],
        x_axis=x_axis,
        y_axis=y_axis,
        labels=[*headings(chart.x, chart.y, left, palette), *names(points, scales, _ROOM, colours, path)],
        left=left,
        right=_RIGHT,
        bottom=POINTS_BOTTOM,
        hovermode="closest",
    )


def _radius(one: Placed) -> float:
    return _CHOSEN if one.chosen else _RADIUS


def _lines(one: Placed) -> list[str]:
    return [*name_rows(one.name), "(chosen)"] if one.chosen else name_rows(one.name)


def _trace(chart: Scatter, points: Sequence[Placed], palette: Palette, *, front: bool) -> dict[str, Any]:
    """The points on the front, joined, or those beaten, alone."""
    colours = [palette.ink if one.chosen else palette.accent if front else palette.previous for one in points]
    return {
        "type": "scatter",
        "mode": "lines+markers" if front else "markers",
        "name": "Not beaten" if front else "Beaten",
        "showlegend": False,
        "x": [float(one.x) for one in points],
        "y": [float(one.y) for one in points],
        "line": {"color": palette.accent, "width": 1.5},
        "marker": {
            "size": [2 * _radius(one) for one in points],
            "color": colours,
            "opacity": 1,
            "line": {"width": 0},
        },
        "hovertext": [_hover(chart, one) for one in points],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _hover(chart: Scatter, one: Placed) -> str:
    told = ((chart.x, one.x), (chart.y, one.y))
    rows = (f"{name_lines(measure.name)}  <b>{literal(measure.text(value))}</b>" for measure, value in told)
    return "<br>".join([f"<b>{name_lines(one.name)}</b>", *rows, "On the front" if one.front else "Beaten on both"])
