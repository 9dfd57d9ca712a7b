"""A heat table on a slide: a native table with shaded cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from pptx.enum.text import PP_ALIGN

from costlib.charts.fit import fitted, text_width, visible
from costlib.charts.palette import Palette, heat_colour
from costlib.charts.slide.frame import Sketch
from costlib.charts.slide.page import Box
from costlib.charts.slide.shapes import CELL_MARGIN, CELL_SLACK, Cell, Run, table
from costlib.charts.spec.heat import HeatTable

_MOST_HEIGHT, _MOST_NAME = 38.0, 0.25
_NARROW, _FEW = 0.18, 8
_SIZES = (12, 11, 10, 9)


def drawing(chart: HeatTable, palette: Palette) -> Sketch:
    """The table."""
    return Sketch(partial(_draw, chart, palette))


def _draw(chart: HeatTable, palette: Palette, slide: Any, box: Box, _: date) -> Any:
    height = min(_MOST_HEIGHT, box.height / (len(chart.rows) + 1))
    most = _SIZES[0] if height >= 20 else _SIZES[1]
    longest = max(text_width(visible(name)) for name in (*chart.rows, chart.dimension))
    first = min(longest * most + 3 * CELL_MARGIN, box.width * (_MOST_NAME if len(chart.columns) <= _FEW else _NARROW))
    width = min((box.width - first) / len(chart.columns), 140.0)
    size = next((size for size in _SIZES if size <= most and _widest(chart) * size <= width - 2 * CELL_MARGIN), 9)
    lines = 2 if height >= 2.5 * size else 1

    def text(words: str, room: float) -> str:
        return fitted(visible(words), (room - 2 * CELL_MARGIN) * CELL_SLACK, lines, (size,))[0]

    heads = [text(name, width) for name in chart.columns]
    cells = [_head(text(chart.dimension, first), heads, palette, size)]
    cells += [_row(chart, row, text(name, first), palette, size) for row, name in enumerate(chart.rows)]
    widths = [first] + [width] * len(chart.columns)
    return table(slide, box, widths, [height] * len(cells), cells)


def _widest(chart: HeatTable) -> float:
    """The widest number, in ems."""
    texts = [chart.text(row, column) for row in range(len(chart.rows)) for column in range(len(chart.columns))]
    return max(text_width(text) for text in texts)


def _head(corner: str, names: Sequence[str], palette: Palette, size: float) -> list[Cell]:
    first = Cell(Run(corner, palette.muted, size), rule=palette.baseline)
    return [first, *(Cell(Run(name, palette.muted, size), PP_ALIGN.CENTER, rule=palette.baseline) for name in names)]


def _row(chart: HeatTable, row: int, name: str, palette: Palette, size: float) -> list[Cell]:
    cells = [Cell(Run(name, palette.ink, size), rule=palette.grid)]
    for column in range(len(chart.columns)):
        shade = chart.shade(row, column)
        run = Run(chart.text(row, column), palette.ink, size)
        line = palette.background if shade else palette.grid
        cells.append(Cell(run, PP_ALIGN.CENTER, heat_colour(shade, palette), line))
    return cells
