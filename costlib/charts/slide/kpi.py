"""A row of figures on a slide: a native text box each, beside a rule in the colour of its change."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from costlib.charts.fit import fitted, visible
from costlib.charts.palette import Palette, mood_colour
from costlib.charts.slide.frame import Sketch
from costlib.charts.slide.page import Box
from costlib.charts.slide.shapes import Run, rectangle, write_lines
from costlib.charts.spec.kpi import Kpi, KpiRow

_HEIGHT, _TOP, _GAP, _INDENT, _RULE = 150.0, 40.0, 20.0, 16.0, 4.0
_LABEL, _DELTA, _SUB = (14, 13, 12, 11, 10), (14, 13, 12, 11, 10), (12, 11, 10)
_VALUE = (36, 32, 28, 24, 20, 16, 12)
_MOST_WIDTH = 300.0


def drawing(chart: KpiRow, palette: Palette) -> Sketch:
    """The figures side by side."""
    return Sketch(partial(_draw, chart, palette))


def _draw(chart: KpiRow, palette: Palette, slide: Any, box: Box, _: date) -> Any:
    count = len(chart.kpis)
    width = min((box.width - _GAP * (count - 1)) / count, _MOST_WIDTH)
    shapes = []
    for index, kpi in enumerate(chart.kpis):
        left = box.left + index * (width + _GAP)
        place = Box(left, box.top + _TOP, _RULE, _HEIGHT)
        name = visible(kpi.label)
        rectangle(slide, place, mood_colour(kpi.mood, palette), f"{name}: rule")
        text = Box(left + _INDENT, box.top + _TOP, width - _INDENT, _HEIGHT)
        shapes.append(write_lines(slide, text, _lines(kpi, text.width, palette), name))
    return shapes[0]


def _lines(kpi: Kpi, width: float, palette: Palette) -> list[Run]:
    parts = (
        (kpi.label, palette.muted, _LABEL, False),
        (kpi.value, palette.ink, _VALUE, True),
        (kpi.delta, mood_colour(kpi.mood, palette), _DELTA, True),
        (kpi.sub, palette.muted, _SUB, False),
    )
    return [_line(visible(text), colour, sizes, bold, width) for text, colour, sizes, bold in parts if text]


def _line(text: str, colour: str, sizes: tuple[int, ...], bold: bool, width: float) -> Run:
    kept, size = fitted(text, width, 1, sizes, bold=bold)
    return Run(kept, colour, size, bold)
