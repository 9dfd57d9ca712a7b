"""Charts as slides: a PowerPoint deck of native charts that stay editable.

Conventions: one slide a chart, 16:9; the finding is the slide's title, the subtitle names metric, unit, cost
measure and period, the source line closes the page; speaker notes and the chart's alternative text say the
same in words. The same input gives the same bytes, ``made_on`` is the only date in the file besides the data's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import visible
from costlib.charts.package import read_trace, seal
from costlib.charts.palette import PRINT, Palette
from costlib.charts.slide import band, bars, bridge, columns, trend
from costlib.charts.slide.frame import FONT_SIZE, C, Drawing, Plot, Room, chart_data, manual_layout
from costlib.charts.slide.page import CHART, Box, blank_deck, place, rgb, write_words
from costlib.charts.spec import BandTrend, Bridge, Chart, RankedBars, StackedColumns, Trend
from costlib.charts.words import alt_text, notes
from costlib.errors import InputError

__all__ = ["presentation", "read_trace"]


def presentation(
    charts: Sequence[Chart],
    *,
    eyebrow: str,
    made_on: date,
    trace: Mapping[str, object],
    palette: Palette = PRINT,
) -> bytes:
    """A PPTX file with one slide per chart and the trace of its figures; raises InputError without a chart."""
    if not charts:
        raise InputError("A presentation was asked for without a chart", fix="Choose at least one chart.")
    deck = blank_deck(palette)
    for number, chart in enumerate(charts, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[0])
        caption = chart.caption
        source = " · ".join(part for part in (caption.source, *notes(chart), _key(chart)) if part)
        box = write_words(
            slide, eyebrow=eyebrow, title=caption.title, subtitle=caption.subtitle, source=source, number=number
        )
        _draw(slide, chart, palette, box, made_on)
        slide.notes_slide.notes_text_frame.text = visible(alt_text(chart))
    return seal(deck, title=visible(charts[0].caption.title), trace=trace, made_on=made_on)


def _key(chart: Chart) -> str:
    """What the marks mean that no legend names."""
    return "Diamonds mark the net of credits" if isinstance(chart, StackedColumns) and chart.has_credits else ""


def _draw(slide: Any, chart: Chart, palette: Palette, box: Box, made_on: date) -> None:
    """Put the chart into the slide's chart placeholder, styled and described."""
    drawing = _drawing(chart, palette)
    holder = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == CHART)
    frame = holder.insert_chart(drawing.kind, chart_data(drawing.sheet, made_on))
    place(frame, box)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", "Chart")
    properties.set("descr", visible(alt_text(chart)))
    native = frame.chart
    native.has_title, native.has_legend = False, False
    native.font.size, native.font.color.rgb = Pt(FONT_SIZE), rgb(palette.muted)
    native._chartSpace.find(f"{{{C}}}date1904").addnext(parse_xml(f'<c:roundedCorners xmlns:c="{C}" val="0"/>'))
    plot = Plot(box, _inner(drawing.room, box))
    _fix_plot(native, plot.inner)
    drawing.style(native, plot)


def _drawing(chart: Chart, palette: Palette) -> Drawing:
    match chart:
        case Trend():
            return trend.drawing(chart, palette)
        case StackedColumns():
            return columns.drawing(chart, palette)
        case BandTrend():
            return band.drawing(chart, palette)
        case Bridge():
            return bridge.drawing(chart, palette)
        case RankedBars():
            return bars.drawing(chart, palette)
    assert_never(chart)


def _inner(room: Room, box: Box) -> Box:
    """The plot without its labels, as fractions of the chart."""
    left, top = room.left / box.width, room.top / box.height
    return Box(left, top, 1 - left - room.right / box.width, 1 - top - room.bottom / box.height)


def _fix_plot(native: Any, inner: Box) -> None:
    area = native._chartSpace.chart.plotArea
    for layout in area.findall(f"{{{C}}}layout"):
        area.remove(layout)
    area.insert(0, manual_layout(inner, inner=True))
