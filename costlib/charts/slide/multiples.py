"""Small multiples on a slide: a grid of native charts with one scale, each named over its plot.

Conventions: lengths are points. Every panel is a chart of its own with its own workbook.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from costlib.charts.fit import shortened, visible
from costlib.charts.palette import Palette, line_colours, part_colours
from costlib.charts.slide.axes import money_room, style_money, style_periods, timed_sheet
from costlib.charts.slide.columns import style_segments
from costlib.charts.slide.frame import FONT_SIZE, MARK, Drawing, Plot, Room, Sketch
from costlib.charts.slide.lines import style_line
from costlib.charts.slide.native import data_of, describe, finish
from costlib.charts.slide.page import Box
from costlib.charts.slide.shapes import Run, write_lines
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.multiples import Panel, SmallMultiples
from costlib.charts.spec.trend import Trend
from costlib.charts.words import alt_text

_GAP, _NAME, _KEY = 14.0, 20.0, 20.0
_SIZE, _SMALL = 12.0, 10.0
_LABELS = 3


def drawing(chart: SmallMultiples, palette: Palette) -> Sketch:
    """Panels and key."""
    return Sketch(partial(_draw, chart, palette))


def _draw(chart: SmallMultiples, palette: Palette, slide: Any, box: Box, made_on: date) -> Any:
    down, across = chart.grid
    top = box.top + (_draw_key(chart, palette, slide, box) if len(chart.parts) > 1 else 0)
    width = (box.width - _GAP * (across - 1)) / across
    height = (box.top + box.height - top - _GAP * (down - 1)) / down
    frames = []
    for index, panel in enumerate(chart.panels):
        left = box.left + index % across * (width + _GAP)
        place = Box(left, top + index // across * (height + _GAP), width, height)
        frames.append(_draw_panel(chart, panel, palette, slide, place, made_on))
    return frames[0]


def _draw_key(chart: SmallMultiples, palette: Palette, slide: Any, box: Box) -> float:
    """What the colours are, over all panels; the height it takes."""
    colours = part_colours(chart.charts[0], palette)
    names = [visible(part.name) for part in chart.parts]
    width = min(box.width / len(names), 180.0)
    for index, (name, colour) in enumerate(zip(names, colours, strict=True)):
        kept = shortened(name, (width - 20) / _SIZE)
        place = Box(box.left + index * width, box.top, width, _KEY)
        write_lines(slide, place, [Run(f"{MARK}{kept}", colour, _SIZE)], f"Key {name}")
    return _KEY + 4


def _draw_panel(chart: SmallMultiples, panel: Panel, palette: Palette, slide: Any, place: Box, made_on: date) -> Any:
    drawn, name, last = chart.chart(panel), visible(panel.name), chart.last(panel)
    kept = shortened(name, place.width / _SIZE - len(last) * 0.6 - 1, bold=True)
    head = Box(place.left, place.top, place.width, _NAME)
    write_lines(slide, head, [Run(f"{kept}  {last}", palette.ink, _SIZE, bold=True)], f"Name {name}")
    box = Box(place.left, place.top + _NAME, place.width, place.height - _NAME)
    drawing = _panel(chart, drawn, palette)
    frame = slide.shapes.add_chart(
        drawing.kind, Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height), data_of(drawing, made_on)
    )
    finish(frame, drawing, box, palette)
    describe(frame, f"Chart {name}", alt_text(drawn))
    return frame


def _panel(chart: SmallMultiples, drawn: Trend | StackedColumns, palette: Palette) -> Drawing:
    series = [(visible(part.name), part.values) for part in drawn.series]
    kind = XL_CHART_TYPE.COLUMN_STACKED if isinstance(drawn, StackedColumns) else XL_CHART_TYPE.LINE
    return Drawing(
        kind,
        timed_sheet(chart.periods, chart.currency, series),
        Room(money_room(chart.scale), 6, top=6, bottom=20),
        partial(_style, chart, drawn, palette),
    )


def _style(chart: SmallMultiples, drawn: Trend | StackedColumns, palette: Palette, native: Any, plot: Plot) -> None:
    style_money(native, chart.scale, palette)
    wide = plot.width * FONT_SIZE / _SMALL
    style_periods(native, chart.periods, palette, wide, whole_weeks=chart.stacked, labels=_LABELS)
    for axis in (native.value_axis, native.category_axis):
        axis.tick_labels.font.size = Pt(_SMALL)
    if isinstance(drawn, StackedColumns):
        style_segments(native, drawn, palette)
        return
    colours = line_colours(drawn.lines, palette)
    for series, line, colour in zip(native.plots[0].series, drawn.lines, colours, strict=True):
        style_line(series, line, line.values, chart.periods, colour, palette)
