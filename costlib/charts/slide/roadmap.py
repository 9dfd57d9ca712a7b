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


def drawing(chart: Roadmap, palette: Palette) -> Sketch:
    """The table and its bars."""
    return Sketch(partial(_draw, chart, palette))


def _draw(chart: Roadmap, palette: Palette, slide: Any, box: Box, _: date) -> Any:
    rows = len(chart.initiatives) + 2
    height = min(_MOST_HEIGHT, box.height / rows)
    shown = _WHOLE if box.width >= _NARROW else _SHORT
    size = _size(height) if shown is _WHOLE else _SMALL
    texts = _texts(chart)
    widths = _widths(texts, shown, size, box.width - min(_BARS, box.width * _BARS_SHARE))
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


def _size(height: float) -> float:
    """Size of the text in rows of a height."""
    return 12.0 if height >= 24 else 11.0 if height >= 21 else 10.0


def _cells(
    texts: Sequence[tuple[str, ...]], widths: Mapping[int, float], height: float, size: float, palette: Palette
) -> list[list[Cell]]:
    last = len(texts) - 1
    lines = 2 if height >= 2.5 * size else 1
    rules = [palette.baseline, *[palette.grid] * (last - 2), palette.baseline, ""]
    return [
        [
            _cell(row[at], at, width, _Row(index == 0, index == last, size, lines, rules[index]), palette)
            for at, width in widths.items()
        ]
        for index, row in enumerate(texts)
    ]


@dataclass(frozen=True)
class _Row:
    """What the cells of a row have in common: heading or total, size, lines of text, the rule below."""

    head: bool
    total: bool
    size: float
    lines: int
    rule: str


def _cell(text: str, at: int, width: float, row: _Row, palette: Palette) -> Cell:
    bold = not row.head and (at in _BOLD or row.total)
    colour = palette.ink if bold else palette.muted
    kept, _ = fitted(text, (width - 2 * CELL_MARGIN) * CELL_SLACK, row.lines, (row.size,), bold=bold)
    align = PP_ALIGN.RIGHT if at == _SAVING else PP_ALIGN.LEFT
    return Cell(Run(kept, colour, row.size, bold), align, rule=row.rule)


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
