"""A trend on screen: its lines, named in the right margin where they end."""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import spread, text_width
from costlib.charts.palette import Palette, line_colours
from costlib.charts.screen.frame import (
    FACE,
    FONT_SIZE,
    HEIGHT,
    TOP,
    Drawing,
    bold_rows,
    coloured_mark,
    literal,
    money_axis,
    money_margin,
    name_rows,
    row_height,
    side_label,
    time_axis,
    time_margin,
)
from costlib.charts.screen.lines import line_marks
from costlib.charts.spec.parts import Line, Role, known
from costlib.charts.spec.trend import Trend
from costlib.charts.words.parts import last_amount

_MARK = 24


def drawing(chart: Trend, palette: Palette) -> Drawing:
    """Lines and their labels."""
    colours = line_colours(chart.lines, palette)
    periods = chart.periods
    marks = [
        mark
        for line, colour in zip(chart.lines, colours, strict=True)
        for mark in line_marks(periods, chart.currency, line, colour, palette)
    ]
    return Drawing(
        marks=marks,
        x_axis=time_axis(periods, palette, room=line_room(len(periods))),
        y_axis=money_axis(chart.scale, palette),
        labels=_labels(chart, colours, palette),
        left=money_margin(chart.scale),
        right=_margin(chart),
        bottom=time_margin(periods),
    )


def line_room(count: int) -> float:
    """Room at both ends of a time axis under lines, in periods."""
    return 0.5 if count == 1 else 0.02 * count


def _labels(chart: Trend, colours: tuple[str, ...], palette: Palette) -> list[dict[str, Any]]:
    texts = [_text(chart, line, colour, palette) for line, colour in zip(chart.lines, colours, strict=True)]
    plot_height = HEIGHT - TOP - time_margin(chart.periods)
    rows = [row_height(text.count("<br>") + 1, plot_height) for text in texts]
    heights = spread([_height(chart, line) for line in chart.lines], rows, 0.0, 1.0)
    return [side_label(palette, height, text) for height, text in zip(heights, texts, strict=True)]


def _height(chart: Trend, line: Line) -> float:
    figures = known(line.values)
    return chart.scale.fraction(figures[-1][1]) if figures else 0.0


def _text(chart: Trend, line: Line, colour: str, palette: Palette) -> str:
    tint = palette.muted if line.role in (Role.PREVIOUS, Role.PLAN) else palette.ink
    mark = coloured_mark(colour) if chart.needs_mark(line) else ""
    return f"{mark}{bold_rows(line.name, tint)}<br>{literal(last_amount(line, chart.periods, chart.currency))}"


def _margin(chart: Trend) -> int:
    texts = [row for line in chart.lines for row in name_rows(line.name)]
    texts += [last_amount(line, chart.periods, chart.currency) for line in chart.lines]
    return round(max(text_width(text, bold=True) for text in texts) * FONT_SIZE * FACE + _MARK)
