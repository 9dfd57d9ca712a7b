"""Stacked columns on a slide: a native column chart, totals on top, its legend beside it in the order of the stack.

Conventions: the order and the colours are those of the screen. An open period is hatched.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import shortened, text_width, visible, wrapped
from costlib.charts.palette import Palette, segment_colours
from costlib.charts.slide.axes import money_room, style_money, style_periods, timed_sheet
from costlib.charts.slide.bars import short_format
from costlib.charts.slide.frame import (
    FONT_SIZE,
    INVISIBLE_LINE,
    SPACES,
    C,
    Drawing,
    Plot,
    Room,
    labels_xml,
    manual_layout,
    put,
    regroup,
    series_elements,
    value_label,
    value_style,
)
from costlib.charts.slide.page import Box, rgb
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import known

NET, TOTAL = "Net of credits", "Total"

_NAME_WIDTH = 14.0
_LEGEND_KEY, _LEGEND_ROW = 36, 24
_MOST_TOTALS = 13


def drawing(chart: StackedColumns, palette: Palette) -> Drawing:
    """Columns, totals and legend."""
    series = [(visible(segment.name), segment.values) for segment in chart.segments]
    series.append((NET if chart.has_credits else TOTAL, chart.totals))
    names = [shortened(visible(segment.name), _NAME_WIDTH) for segment in chart.segments]
    return Drawing(
        XL_CHART_TYPE.COLUMN_STACKED,
        timed_sheet(chart.periods, chart.currency, series),
        Room(money_room(chart.scale), max(text_width(name) for name in names) * FONT_SIZE + _LEGEND_KEY),
        partial(_style, chart, palette),
    )


def _style(chart: StackedColumns, palette: Palette, native: Any, plot: Plot) -> None:
    style_money(native, chart.scale, palette)
    style_periods(native, chart.periods, palette, plot.width, whole_weeks=True)
    style_segments(native, chart, palette)
    _graft_totals(native, chart, palette)
    _style_legend(native, chart, palette, plot)


def style_segments(native: Any, chart: StackedColumns, palette: Palette) -> None:
    """The parts of the columns in their colours, an open period hatched."""
    columns = native.plots[0]
    columns.gap_width, columns.overlap = 45, 100
    open_index = chart.periods.open_index
    for series, colour in zip(columns.series, segment_colours(chart.segments, palette), strict=False):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
        _edge(series, palette)
        if open_index is not None:
            point = series.points[open_index]
            point.format.fill.patterned()
            point.format.fill.pattern = MSO_PATTERN.DARK_UPWARD_DIAGONAL
            point.format.fill.fore_color.rgb, point.format.fill.back_color.rgb = rgb(colour), rgb(palette.background)
            _edge(point, palette)


def _edge(part: Any, palette: Palette) -> None:
    part.format.line.color.rgb, part.format.line.width = rgb(palette.background), Pt(0.75)


def _graft_totals(native: Any, chart: StackedColumns, palette: Palette) -> None:
    """Turn the last series, the totals, into an invisible line whose labels stand on the columns."""
    totals = series_elements(native)[-1]
    regroup(native, "lineChart", [totals])
    put(totals, INVISIBLE_LINE, _marker_xml("diamond" if chart.has_credits else "none", palette))
    if not chart.has_credits:
        put(totals, _totals_labels(chart, palette))


def _marker_xml(symbol: str, palette: Palette) -> str:
    style = (
        ""
        if symbol == "none"
        else f'<c:size val="8"/><c:spPr><a:solidFill><a:srgbClr val="{palette.background[1:]}"/></a:solidFill>'
        f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{palette.ink[1:]}"/></a:solidFill></a:ln></c:spPr>'
    )
    return f'<c:marker {SPACES}><c:symbol val="{symbol}"/>{style}</c:marker>'


def _totals_labels(chart: StackedColumns, palette: Palette) -> str:
    """Totals over the columns, as short as words write them: all of them where there is room, else the last.

    Where all are shown, so is one that an editor of the chart adds.
    """
    totals, every = known(chart.totals), len(chart.periods) <= _MOST_TOTALS
    style = partial(value_style, colour=palette.ink, place="t", size=FONT_SIZE - 1)
    labels = [
        value_label(index, style(short_format(total, chart.currency)))
        for index, total in (totals if every else totals[-1:])
    ]
    added = style(chart.scale.number_format(extra=1)) if every else ""
    return labels_xml("".join(labels), style=added, shown=int(every))


def _style_legend(native: Any, chart: StackedColumns, palette: Palette, plot: Plot) -> None:
    """The legend beside the plot, in the order of the stack and without the totals."""
    native.has_legend = True
    legend, inner, box = native.legend, plot.inner, plot.box
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    legend.font.size, legend.font.color.rgb = Pt(FONT_SIZE), rgb(palette.ink)
    rows = sum(len(wrapped(visible(part.name), _NAME_WIDTH)) for part in chart.segments)
    height = min(rows * _LEGEND_ROW / box.height, inner.height)
    left = inner.left + inner.width + 10 / box.width
    beside = Box(left, inner.top + (inner.height - height) / 2, 1 - left, height)
    element = legend._element
    hidden = f'<c:legendEntry {SPACES}><c:idx val="{len(chart.segments)}"/><c:delete val="1"/></c:legendEntry>'
    element.find(f"{{{C}}}legendPos").addnext(parse_xml(hidden))
    element.find(f"{{{C}}}overlay").addprevious(manual_layout(beside))
