"""Small multiples on screen: a grid of panels with one scale, each with its name and last amount over it.

Conventions: three panels side by side, so that a phone can show them; only the first of a row has the ticks of the
value axis, every panel has its grid. Lines and columns are drawn as they are when they stand alone.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import broken, visible
from costlib.charts.palette import Palette, line_colours, part_colours
from costlib.charts.screen import columns as stacks
from costlib.charts.screen.frame import FONT_SIZE, ROW, Drawing, bold, literal, money_axis, money_margin, time_axis
from costlib.charts.screen.lines import line_marks
from costlib.charts.screen.texts import key, label
from costlib.charts.screen.trend import line_room
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.multiples import Panel, SmallMultiples
from costlib.charts.spec.trend import Trend

_ACROSS, _GUTTER = 3, 0.05
_PLOT, _TITLE, _BELOW = 96, 3 * ROW + 2, 24
_NAME_WIDTH = 8.5


def drawing(chart: SmallMultiples, palette: Palette) -> Drawing:
    """Panels, their names, and the key where a panel has several parts."""
    across = min(_ACROSS, len(chart.panels))
    down = -(-len(chart.panels) // across)
    left = money_margin(chart.scale)
    keys = key(_pairs(chart, palette), palette, left) if len(chart.parts) > 1 else []
    height = down * (_TITLE + _PLOT + _BELOW)
    marks: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = [*keys]
    axes: dict[str, Any] = {}
    for index, panel in enumerate(chart.panels):
        number = "" if index == 0 else str(index + 1)
        columns = _domain(index % across, across)
        top = 1 - (index // across) * (_TITLE + _PLOT + _BELOW) / height
        rows = [top - (_TITLE + _PLOT) / height, top - _TITLE / height]
        axes |= _axes(chart, palette, number, (columns, rows), labelled=index % across == 0)
        marks += [mark | {"xaxis": f"x{number}", "yaxis": f"y{number}"} for mark in _marks(chart.chart(panel), palette)]
        labels += _ends(chart, columns, rows[0], palette)
        labels.append(_title(chart, panel, columns[0], rows[1], palette))
    first_x, first_y = axes.pop("xaxis"), axes.pop("yaxis")
    margin = 6 + ROW * len(keys)
    return Drawing(marks, first_x, first_y, labels, left, 8, 4, top=margin, height=margin + height + 4, more=axes)


def _pairs(chart: SmallMultiples, palette: Palette) -> list[tuple[str, str]]:
    """Name and colour of every part."""
    return list(zip((part.name for part in chart.parts), part_colours(chart.charts[0], palette), strict=True))


def _domain(column: int, across: int) -> list[float]:
    width = (1 - _GUTTER * (across - 1)) / across
    return [column * (width + _GUTTER), column * (width + _GUTTER) + width]


def _axes(
    chart: SmallMultiples,
    palette: Palette,
    number: str,
    domains: tuple[list[float], list[float]],
    *,
    labelled: bool,
) -> dict[str, Any]:
    room = 0.5 if chart.stacked else line_room(len(chart.periods))
    time = time_axis(chart.periods, palette, room=room) | {
        "domain": domains[0],
        "anchor": f"y{number}",
        "showticklabels": False,
        "ticks": "",
    }
    value = money_axis(chart.scale, palette) | {
        "domain": domains[1],
        "anchor": f"x{number}",
        "showticklabels": labelled,
    }
    return {f"xaxis{number}": time, f"yaxis{number}": value}


def _ends(chart: SmallMultiples, domain: list[float], y: float, palette: Palette) -> list[dict[str, Any]]:
    """The first and the last period, under the ends of a panel."""
    names = chart.periods.labels
    below: dict[str, Any] = {"xref": "paper", "y": y, "yref": "paper", "yanchor": "top", "yshift": -3}
    places = list(zip(domain, ("left", "right"), (names[0], names[-1]), strict=True))
    return [
        label(literal(name), palette.muted, size=FONT_SIZE - 1, x=x, xanchor=anchor, **below)
        for x, anchor, name in (places if len(names) > 1 else places[:1])
    ]


def _marks(drawn: Trend | StackedColumns, palette: Palette) -> list[dict[str, Any]]:
    if isinstance(drawn, StackedColumns):
        return stacks.drawing(drawn, palette).marks
    pairs = zip(drawn.lines, line_colours(drawn.lines, palette), strict=True)
    return [mark for line, colour in pairs for mark in line_marks(drawn.periods, drawn.currency, line, colour, palette)]


def _title(chart: SmallMultiples, panel: Panel, x: float, y: float, palette: Palette) -> dict[str, Any]:
    name = [bold(line, palette.ink) for line in broken(visible(panel.name), _NAME_WIDTH, 2, bold=True)]
    place: dict[str, Any] = {
        "x": x,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 4,
    }
    return label("<br>".join([*name, literal(chart.last(panel))]), palette.muted, align="left", **place)
