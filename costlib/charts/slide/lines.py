"""Lines of a native chart: colour, dash, open period, lonely points, words at the end.

Conventions: the order and the colours are those of the screen. An open period is dotted and ends in a hollow
point; an unknown amount is a gap, and a known one between two gaps a point.
"""

from __future__ import annotations

from typing import Any

from pptx.enum.chart import XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from costlib.charts.fit import shortened, visible
from costlib.charts.palette import Palette
from costlib.charts.slide.frame import MARK, run
from costlib.charts.slide.page import rgb
from costlib.charts.spec.parts import Amount, Line, Role, isolated
from costlib.charts.timeline import Periods
from costlib.charts.words.parts import last_amount

ROW = 1.25

_NAME_WIDTH = 17.0
_WIDTHS = {Role.ACTUAL: 2.5, Role.PREVIOUS: 1.75, Role.PLAN: 1.75, Role.FORECAST: 2.5, Role.WITH_PLAN: 2.5}
_DASHES = {Role.PLAN: MSO_LINE.ROUND_DOT, Role.FORECAST: MSO_LINE.DASH, Role.WITH_PLAN: MSO_LINE.LONG_DASH}


def style_line(
    series: Any, line: Line, values: tuple[Amount, ...], periods: Periods, colour: str, palette: Palette
) -> None:
    """The look of one line; ``values`` are those drawn."""
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(_WIDTHS[line.role])
    if line.role in _DASHES:
        series.format.line.dash_style = _DASHES[line.role]
    for index in isolated(values):
        _mark(series.points[index].marker, colour, colour)
    open_index = periods.open_index
    if line.role is Role.ACTUAL and open_index is not None and values[open_index] is not None:
        point = series.points[open_index]
        point.format.line.color.rgb, point.format.line.width = rgb(colour), Pt(2)
        point.format.line.dash_style = MSO_LINE.ROUND_DOT
        _mark(point.marker, palette.background, colour)


def style_target(series: Any, due: int, palette: Palette) -> None:
    """A hairline with a hollow diamond where the target is due."""
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = rgb(palette.ink), Pt(1)
    series.marker.style = XL_MARKER_STYLE.NONE
    marker = series.points[due].marker
    _mark(marker, palette.background, palette.ink)
    marker.style, marker.size = XL_MARKER_STYLE.DIAMOND, 9


def _mark(marker: Any, fill: str, line: str) -> None:
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 6
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(fill)
    marker.format.line.color.rgb = rgb(line)


def end_words(line: Line, periods: Periods, currency: str) -> tuple[str, str]:
    """Name and last amount, as the end of the line says them."""
    return short_name(line.name), last_amount(line, periods, currency)


def short_name(name: str) -> str:
    """A name as wide as the room beside the plot allows."""
    return shortened(visible(name), _NAME_WIDTH, bold=True)


def end_runs(line: Line, words: tuple[str, str], colour: str | None, palette: Palette, between: str = "") -> str:
    """A line's label: a mark where its colour must be repeated, name, what stands between, amount."""
    mark = "" if colour is None else run(MARK, colour, bold=False)
    tint = palette.muted if line.role in (Role.PREVIOUS, Role.PLAN) else palette.ink
    return mark + run(words[0], tint, bold=True) + between + run(f" {words[1]}", palette.muted, bold=False)
