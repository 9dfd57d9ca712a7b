"""A trade-off on a slide: a native scatter chart, the front joined by a line, every point named."""

from __future__ import annotations

from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE
from pptx.util import Pt

from costlib.charts.fit import text_width
from costlib.charts.palette import Palette
from costlib.charts.slide.frame import FONT_SIZE, Drawing, Plot, Room, labels_xml, put
from costlib.charts.slide.page import rgb
from costlib.charts.slide.points import Name, name_places, style_axes, title_axes
from costlib.charts.slide.sheets import Dot, PointSheet
from costlib.charts.spec.scatter import Placed, Scatter

FRONT, BEATEN = "Not beaten", "Beaten"

_SIZE, _CHOSEN = 9, 13
_BOTTOM, _HEADING = 44, 26


def drawing(chart: Scatter, palette: Palette) -> Drawing:
    """Points, names and axes."""
    series = [(name, [Dot(one.name, one.x, one.y) for one in points]) for name, points in _series(chart)]
    ticks = max(text_width(text) for text in chart.y_scale.texts) * FONT_SIZE
    return Drawing(
        XL_CHART_TYPE.XY_SCATTER,
        PointSheet(chart.x, chart.y, series),
        Room(ticks + _HEADING, 16, bottom=_BOTTOM),
        partial(_style, chart, palette),
    )


def _series(chart: Scatter) -> list[tuple[str, tuple[Placed, ...]]]:
    """The front from left to right, then the rest, where there is any."""
    rest = tuple(one for one in chart.placed if not one.front)
    return [(FRONT, chart.front), *([(BEATEN, rest)] if rest else [])]


def _style(chart: Scatter, palette: Palette, native: Any, plot: Plot) -> None:
    scales = chart.x_scale, chart.y_scale
    style_axes(native, scales, palette)
    title_axes(native, chart.x, chart.y, palette)
    drawn = [one for _, points in _series(chart) for one in points]
    names = [Name(one.x, one.y, _size(one) / 2 + 3, one.name, "chosen" if one.chosen else "") for one in drawn]
    places = name_places(names, scales, plot, [(one.x, one.y) for one in chart.front])
    at = 0
    for series, (kind, points) in zip(native.plots[0].series, _series(chart), strict=True):
        labels = []
        for index, one in enumerate(points):
            if one.chosen:
                _style_marker(series.points[index].marker, palette.ink, _CHOSEN)
            colour = palette.ink if one.front else palette.muted
            labels.append(names[at + index].xml(index, places[at + index], colour, palette.muted))
        _style_series(series, palette, joined=kind == FRONT)
        put(series._element, labels_xml("".join(labels)))
        at += len(points)


def _size(one: Placed) -> int:
    return _CHOSEN if one.chosen else _SIZE


def _style_series(series: Any, palette: Palette, *, joined: bool) -> None:
    """Points on a line, or grey ones alone."""
    _style_marker(series.marker, palette.accent if joined else palette.previous, _SIZE)
    if joined:
        series.format.line.color.rgb, series.format.line.width = rgb(palette.accent), Pt(1.5)
    else:
        series.format.line.fill.background()


def _style_marker(marker: Any, colour: str, size: int) -> None:
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(colour)
    marker.format.line.color.rgb, marker.format.line.width = rgb(colour), Pt(1)
