"""Charts drawn on empty slides, and readers of what was drawn."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from costlib.charts.palette import LIGHT, Palette
from costlib.charts.slide import draw
from costlib.charts.slide.page import Box, blank_deck
from costlib.charts.spec import Chart

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MADE_ON = date(2026, 10, 21)


@cache
def _blank(palette: Palette) -> Any:
    """One deck for all charts of a palette: to make an empty one takes longer than to draw."""
    return blank_deck(palette)


@cache
def drawn(chart: Chart, box: Box, scale: float = 1.0, palette: Palette = LIGHT) -> list[Any]:
    """The shapes of a slide that holds nothing but the chart, to be read only."""
    deck = _blank(palette)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    for holder in list(slide.placeholders):
        holder._element.getparent().remove(holder._element)
    draw(slide, chart, palette, box, MADE_ON, scale=scale)
    return list(slide.shapes)


def frame_of(chart: Chart, box: Box, scale: float = 1.0, palette: Palette = LIGHT) -> Any:
    """The frame of the one native chart."""
    (frame,) = [shape for shape in drawn(chart, box, scale, palette) if shape.has_chart]
    return frame


def place_of(element: Any) -> dict[str, float]:
    """The one place that an element of a chart was given, in fractions of the chart."""
    (layout,) = element.findall(f"{C}layout")
    return {tag: float(layout.find(f"{C}manualLayout/{C}{tag}").get("val")) for tag in "xywh"}


def colour_of(element: Any) -> str:
    """The first colour in an element."""
    return f"#{element.find(f'.//{A}srgbClr').get('val')}"
