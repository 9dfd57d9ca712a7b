"""A roadmap on a slide: a native table of what, who, when and how much, native bars over months at its right.

Conventions: lengths are points. All rows are of one height, and every text fits its cell, so that bars and rows stay
level in every office suite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pptx.enum.dml import MSO_LINE
from pptx.enum.text import PP_ALIGN

from costlib.charts.fit import fitted, text_width, visible
from costlib.charts.palette import Palette, track_colours
from costlib.charts.slide.frame import Sketch
from costlib.charts.slide.page import Box
from costlib.charts.slide.shapes import CELL_MARGIN, CELL_SLACK, Cell, Run, rectangle, rule, table, write_lines
from costlib.charts.spec.roadmap import Initiative, Roadmap

_MOST_HEIGHT, _BARS = 38.0, 280.0
_MOST = (110.0, 246.0, 110.0, 120.0, 140.0)  # widths of track, initiative, owner, months, saving
_BAR_SHARE, _TODAY = 0.42, 12.0
_TICK_WIDTH = 48.0
_NAME, _MONTHS, _SAVING = 1, 3, 4
_BOLD, _FIXED = (_NAME, _SAVING), (_MONTHS, _SAVING)
# Columns that are shown: all; in a narrow box those that the bars do not say.
_WHOLE, _SHORT = (0, 1, 2, 3, 4), (0, _NAME, _SAVING)
_NARROW, _SMALL, _BARS_SHARE = 700.0, 9.0, 0.36
_SIZES = (12.0, 11.0, 10.0, 9.0)


def drawing(chart: Roadmap, palette: Palette) -> Sketch:
    """The table and its bars."""
    return Sketch(partial(_draw, chart, palette))


def _draw(chart: Roadmap, palette: Palette, slide: Any, box: Box, _: date) -> Any:
    rows = len(chart.initiatives) + 2
    height = min(_MOST_HEIGHT, box.height / rows)
    shown = _WHOLE if box.width >= _NARROW else _SHORT
    texts, room = _texts(chart), box.width - min(_BARS, box.width * _BARS_SHARE)
    size = _size(texts, height, room) if shown is _WHOLE else _SMALL
    widths = _widths(texts, shown, size, room)
    frame = table(
        slide,
        Box(box.left, box.top, sum(widths), rows * height),
        widths,
        [height] * rows,
        _cells(texts, dict(zip(shown, widths, strict=True)), height, size, palette),
    )
    left = box.left + sum(widths) + 2 * CELL_MARGIN
    plot = Box(left, box.top + height, box.left + box.width - left, height * (rows - 2))
    _draw_months(chart, palette, slide, plot, height, size)
    _draw_bars(chart, palette, slide, plot, height)
    _draw_today(chart, palette, slide, plot)
    return frame


def _texts(chart: Roadmap) -> list[tuple[str, ...]]:
    """The table: its heading, a row an initiative, the total; a track is named once."""
    head = (chart.track_name, "Initiative", "Owner", "When", chart.saving_name)
    body = [(one.track, one.name, one.owner, chart.when(one), chart.label(one)) for one in chart.rows]
    named = [(row[0] if index == 0 or body[index - 1][0] != row[0] else "", *row[1:]) for index, row in enumerate(body)]
    rows = [head, *named, ("", "Total", "", "", chart.total_text)]
    return [tuple(visible(text) for text in row) for row in rows]


def _widths(texts: Sequence[tuple[str, ...]], shown: Sequence[int], size: float, room: float) -> list[float]:
    """The width of each column: months and saving as they need, the others up to their most and within the room."""
    needed = {at: max(text_width(row[at], bold=True) for row in texts) * size + 2.5 * CELL_MARGIN for at in shown}
    widths = {at: min(need, _MOST[at]) for at, need in needed.items()}
    fixed = sum(width for at, width in widths.items() if at in _FIXED)
    share = min(1.0, (room - fixed) / (sum(widths.values()) - fixed))
    return [width * (1 if at in _FIXED else share) for at, width in widths.items()]


def _size(texts: Sequence[tuple[str, ...]], height: float, room: float) -> float:
    """Size of the text in rows of a height: the largest of those at which the fewest texts are cut."""
    largest = 12.0 if height >= 24 else 11.0 if height >= 21 else 10.0
    return min((size for size in _SIZES if size <= largest), key=partial(_cut, texts, height, room))


def _cut(texts: Sequence[tuple[str, ...]], height: float, room: float, size: float) -> int:
    """How many texts do not fit their cells at a size."""
    widths = dict(zip(_WHOLE, _widths(texts, _WHOLE, size, room), strict=True))
    rows = zip(texts, _rows(len(texts), height, size), strict=True)
    return sum(_kept(text[at], at, width, row) != text[at] for text, row in rows for at, width in widths.items())


def _cells(
    texts: Sequence[tuple[str, ...]], widths: Mapping[int, float], height: float, size: float, palette: Palette
) -> list[list[Cell]]:
    rules = [palette.baseline, *[palette.grid] * (len(texts) - 3), palette.baseline, ""]
    rows = zip(texts, _rows(len(texts), height, size), rules, strict=True)
    return [
        [_cell(text[at], at, width, row, below, palette) for at, width in widths.items()] for text, row, below in rows
    ]


@dataclass(frozen=True)
class _Row:
    """What the cells of a row have in common: heading or total, size, lines of text."""

    head: bool
    total: bool
    size: float
    lines: int

    def is_bold(self, at: int) -> bool:
        """Whether a column is bold in the row."""
        return not self.head and (at in _BOLD or self.total)


def _rows(count: int, height: float, size: float) -> list[_Row]:
    lines = 2 if height >= 2.5 * size else 1
    return [_Row(index == 0, index == count - 1, size, lines) for index in range(count)]


def _kept(text: str, at: int, width: float, row: _Row) -> str:
    """As much of the text as fits its cell."""
    inner = (width - 2 * CELL_MARGIN) * CELL_SLACK
    return fitted(text, inner, row.lines, (row.size,), bold=row.is_bold(at))[0]


def _cell(text: str, at: int, width: float, row: _Row, below: str, palette: Palette) -> Cell:
    bold = row.is_bold(at)
    colour = palette.ink if bold else palette.muted
    align = PP_ALIGN.RIGHT if at == _SAVING else PP_ALIGN.LEFT
    return Cell(Run(_kept(text, at, width, row), colour, row.size, bold), align, rule=below)


def _draw_months(chart: Roadmap, palette: Palette, slide: Any, plot: Box, height: float, size: float) -> None:
    """Months over the bars, a hairline under each name."""
    ticks = chart.ticks(max(2, int(plot.width / _TICK_WIDTH)))
    for day, name in ticks:
        x = plot.left + chart.place(day) * plot.width
        rule(slide, (x, plot.top), (x, plot.top + plot.height), palette.grid)
        place = Box(x, plot.top - height, _TICK_WIDTH, height)
        write_lines(slide, place, [Run(name, palette.muted, size - 1)], f"Month {name}")


def _draw_bars(chart: Roadmap, palette: Palette, slide: Any, plot: Box, height: float) -> None:
    colours = dict(zip(chart.tracks, track_colours(chart.tracks, palette), strict=True))
    thickness = height * _BAR_SHARE
    for index, one in enumerate(chart.rows):
        left, right = (plot.left + chart.place(day) * plot.width for day in (one.start, one.ramp_end))
        top = plot.top + index * height + (height - thickness) / 2
        rectangle(slide, Box(left, top, right - left, thickness), colours[one.track], _bar_name(one), rounded=True)


def _bar_name(one: Initiative) -> str:
    return f"Bar {visible(one.name)}"


def _draw_today(chart: Roadmap, palette: Palette, slide: Any, plot: Box) -> None:
    if chart.now is None:
        return
    x = plot.left + chart.now * plot.width
    line = rule(slide, (x, plot.top), (x, plot.top + plot.height), palette.muted, width=1)
    line.line.dash_style = MSO_LINE.ROUND_DOT
    place = Box(x - 30, plot.top + plot.height + 2, 60, _TODAY)
    write_lines(slide, place, [Run("today", palette.muted, 10)], "Today", PP_ALIGN.CENTER)
