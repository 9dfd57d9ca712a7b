"""Charts as slides: a PowerPoint deck of native charts that stay editable.

Conventions: one slide a chart, 16:9; the finding is the slide's title, the subtitle names metric, unit, cost
measure and period, the source line closes the page; speaker notes and the chart's alternative text say the
same in words. Where office suites have no such chart it is a native table or native shapes. The same input gives the
same bytes, ``made_on`` is the only date in the file besides the data's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from costlib.charts import spec
from costlib.charts.fit import visible
from costlib.charts.package import read_trace, seal
from costlib.charts.palette import PRINT, Palette
from costlib.charts.slide import (
    band,
    bars,
    bridge,
    bubble,
    columns,
    heat,
    kpi,
    multiples,
    roadmap,
    scatter,
    tornado,
    trend,
)
from costlib.charts.slide.frame import Drawing, Sketch
from costlib.charts.slide.native import data_of, describe, finish, rescale
from costlib.charts.slide.page import CHART, Box, blank_deck, place, write_words
from costlib.charts.words import alt_text, notes
from costlib.errors import InputError

__all__ = ["draw", "presentation", "read_trace"]


def presentation(
    charts: Sequence[spec.Chart],
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


def draw(slide: Any, chart: spec.Chart, palette: Palette, box: Box, made_on: date, *, scale: float = 1.0) -> None:
    """Put the chart anywhere on a slide, without the words around it; ``scale`` is the size of its type."""
    drawing = _drawing(chart, palette)
    if isinstance(drawing, Sketch):
        describe(drawing.draw(slide, box, made_on), chart.caption.title, alt_text(chart))
        return
    larger = Box(box.left, box.top, box.width / scale, box.height / scale)
    frame = slide.shapes.add_chart(drawing.kind, 0, 0, 1, 1, data_of(drawing, made_on))
    finish(frame, drawing, larger, palette)
    place(frame, box)
    rescale(frame.chart, scale)
    describe(frame, chart.caption.title, alt_text(chart))


def _key(chart: spec.Chart) -> str:
    """What the marks mean that no legend names."""
    return "Diamonds mark the net of credits" if isinstance(chart, spec.StackedColumns) and chart.has_credits else ""


def _draw(slide: Any, chart: spec.Chart, palette: Palette, box: Box, made_on: date) -> None:
    """Put the chart into the slide's chart placeholder, or native shapes in its place; styled and described."""
    drawing = _drawing(chart, palette)
    holder = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == CHART)
    if isinstance(drawing, Sketch):
        holder._element.getparent().remove(holder._element)
        describe(drawing.draw(slide, box, made_on), "Chart", alt_text(chart))
        return
    frame = holder.insert_chart(drawing.kind, data_of(drawing, made_on))
    finish(frame, drawing, box, palette)
    describe(frame, "Chart", alt_text(chart))


def _drawing(chart: spec.Chart, palette: Palette) -> Drawing | Sketch:
    match chart:
        case spec.Trend():
            return trend.drawing(chart, palette)
        case spec.StackedColumns():
            return columns.drawing(chart, palette)
        case spec.BandTrend():
            return band.drawing(chart, palette)
        case spec.Bridge():
            return bridge.drawing(chart, palette)
        case spec.RankedBars():
            return bars.drawing(chart, palette)
        case spec.Roadmap():
            return roadmap.drawing(chart, palette)
        case spec.Tornado():
            return tornado.drawing(chart, palette)
        case spec.HeatTable():
            return heat.drawing(chart, palette)
        case spec.KpiRow():
            return kpi.drawing(chart, palette)
        case spec.Scatter():
            return scatter.drawing(chart, palette)
        case spec.Bubble():
            return bubble.drawing(chart, palette)
        case spec.SmallMultiples():
            return multiples.drawing(chart, palette)
    assert_never(chart)
