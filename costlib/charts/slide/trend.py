"""A trend on a slide: a native line chart, every line named at its end.

Conventions: labels stand at the last known amount and are moved apart where they would touch.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE

from costlib.charts.fit import spread, text_width, visible
from costlib.charts.palette import Palette, line_colours
from costlib.charts.slide.axes import money_room, style_money, style_periods, timed_sheet
from costlib.charts.slide.frame import FONT_SIZE, MARK, Drawing, Plot, Room, labels_xml, put, text_label
from costlib.charts.slide.lines import ROW, end_runs, end_words, style_line
from costlib.charts.spec.parts import known
from costlib.charts.spec.trend import Trend


def drawing(chart: Trend, palette: Palette) -> Drawing:
    """Lines and their labels."""
    series = [(visible(line.name), line.values) for line in chart.lines]
    ends = [end_words(line, chart.periods, chart.currency) for line in chart.lines]
    right = max(text_width(name, bold=True) + text_width(f" {amount}{MARK}") for name, amount in ends) * FONT_SIZE + 12
    return Drawing(
        XL_CHART_TYPE.LINE,
        timed_sheet(chart.periods, chart.currency, series),
        Room(money_room(chart.scale), right),
        partial(_style, chart, palette),
    )


def _style(chart: Trend, palette: Palette, native: Any, plot: Plot) -> None:
    style_money(native, chart.scale, palette)
    style_periods(native, chart.periods, palette, plot.width)
    colours = line_colours(chart.lines, palette)
    drawn = list(zip(native.plots[0].series, chart.lines, colours, strict=True))
    for series, line, colour in drawn:
        style_line(series, line, line.values, chart.periods, colour, palette)
    for (series, line, colour), shift in zip(drawn, _shifts(chart, plot), strict=True):
        figures = known(line.values)
        if figures:
            words = end_words(line, chart.periods, chart.currency)
            runs = end_runs(line, words, colour if chart.needs_mark(line) else None, palette)
            put(series._element, labels_xml(text_label(figures[-1][0], runs, "r", (0.004, shift))))


def _shifts(chart: Trend, plot: Plot) -> list[float]:
    """How far down each label moves, as a fraction of the chart."""
    ends = [known(line.values) for line in chart.lines]
    wanted = [chart.scale.fraction(end[-1][1]) if end else 0.0 for end in ends]
    placed = spread(wanted, FONT_SIZE * ROW / plot.height, 0.0, 1.0)
    return [(at - to) * plot.inner.height for at, to in zip(wanted, placed, strict=True)]
