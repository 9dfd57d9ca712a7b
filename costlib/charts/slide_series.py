"""Lines and columns of a native chart: colours, open periods, gaps, direct labels, totals.

Conventions: the order and the colours are those of the screen. An open period is dotted or hatched. A line
is labelled at its end with name and last amount, labels are moved apart where they would touch; a stack has
its legend at the right in the order of the stack and its totals on top.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from pptx.enum.chart import XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib import money
from costlib.charts.fit import shortened, spread, text_width, visible, wrapped
from costlib.charts.palette import Palette, colours
from costlib.charts.slide_page import Box, rgb
from costlib.charts.spec import Chart, Line, Role, StackedColumns, Trend, isolated, known

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SPACES = f'xmlns:c="{_C}" xmlns:a="{_A}"'
_SIZE = 12
_NAME_WIDTH = 12.0
_ROW = 1.25
_MARK = "■ "
_LEGEND_KEY, _LEGEND_ROW = 36, 24
_WIDTHS = {Role.ACTUAL: 2.5, Role.PREVIOUS: 1.75, Role.FORECAST: 2.5}
_MOST_TOTALS = 13
NET, TOTAL = "Net of credits", "Total"


def label_room(chart: Chart) -> float:
    """Points at the right of the plot for line labels or for the legend."""
    if isinstance(chart, Trend):
        ends = [_end_words(chart, line) for line in chart.lines]
        return max(text_width(name, bold=True) + text_width(f" {amount}{_MARK}") for name, amount in ends) * _SIZE + 12
    names = [shortened(visible(segment.name), _NAME_WIDTH) for segment in chart.segments]
    return max(text_width(name) for name in names) * _SIZE + _LEGEND_KEY


def manual_layout(box: Box, *, inner: bool = False) -> Any:
    """A fixed place inside the chart, in fractions of it."""
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    place = "".join(
        f'<c:{tag} val="{share:.5f}"/>'
        for tag, share in (("x", box.left), ("y", box.top), ("w", box.width), ("h", box.height))
    )
    return parse_xml(
        f'<c:layout {_SPACES}><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>{place}'
        "</c:manualLayout></c:layout>"
    )


def style_lines(native: Any, chart: Trend, palette: Palette, plot_height: float, box: Box) -> None:
    """Colour, dash and label every line."""
    for series, line, colour in zip(native.plots[0].series, chart.lines, colours(chart, palette), strict=True):
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(_WIDTHS[line.role])
        if line.role is Role.FORECAST:
            series.format.line.dash_style = MSO_LINE.DASH
        for index in isolated(line.values):
            _mark(series.points[index].marker, colour, colour)
        open_index = chart.periods.open_index
        if line.role is Role.ACTUAL and open_index is not None and line.values[open_index] is not None:
            point = series.points[open_index]
            point.format.line.color.rgb, point.format.line.width = rgb(colour), Pt(2)
            point.format.line.dash_style = MSO_LINE.ROUND_DOT
            _mark(point.marker, palette.background, colour)
    for series, text in zip(native.plots[0].series, _line_labels(chart, palette, plot_height, box), strict=True):
        if text:
            _add_labels(series, text)


def _mark(marker: Any, fill: str, line: str) -> None:
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 6
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(fill)
    marker.format.line.color.rgb = rgb(line)


def _line_labels(chart: Trend, palette: Palette, plot_height: float, box: Box) -> list[str]:
    ends = [known(line.values) for line in chart.lines]
    wanted = [chart.scale.fraction(end[-1][1]) if end else 0.0 for end in ends]
    placed = spread(wanted, _SIZE * _ROW / plot_height, 0.0, 1.0)
    labels = []
    for line, end, colour, at, to in zip(chart.lines, ends, colours(chart, palette), wanted, placed, strict=True):
        shift = (at - to) * plot_height / box.height
        labels.append(_label_xml(chart, line, end[-1][0], colour, palette, shift) if end else "")
    return labels


def _label_xml(chart: Trend, line: Line, index: int, colour: str, palette: Palette, shift: float) -> str:
    name, amount = _end_words(chart, line)
    mark = _run(_MARK, colour, bold=False) if chart.needs_mark(line) else ""
    tint = palette.muted if line.role is Role.PREVIOUS else palette.ink
    runs = mark + _run(name, tint, bold=True) + _run(f" {amount}", palette.muted, bold=False)
    return (
        f'<c:dLbl><c:idx val="{index}"/><c:layout><c:manualLayout><c:x val="0.004"/><c:y val="{shift:.5f}"/>'
        '</c:manualLayout></c:layout><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/>'
        f'<a:p>{runs}</a:p></c:rich></c:tx><c:dLblPos val="r"/>{_flags(1)}</c:dLbl>'
    )


def _run(text: str, colour: str, *, bold: bool) -> str:
    return (
        f'<a:r><a:rPr lang="en-US" sz="{_SIZE * 100}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{colour[1:]}"/>'
        f"</a:solidFill></a:rPr><a:t>{escape(text)}</a:t></a:r>"
    )


def _flags(shown: int) -> str:
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{shown}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


def _add_labels(series: Any, labels: str) -> None:
    xml = f"<c:dLbls {_SPACES}>{labels}{_flags(0)}</c:dLbls>"
    series._element.find(f"{{{_C}}}cat").addprevious(parse_xml(xml))


def _end_words(chart: Trend, line: Line) -> tuple[str, str]:
    """Name and last amount, as the end of the line says them."""
    name = shortened(visible(line.name), _NAME_WIDTH, bold=True)
    figures = known(line.values)
    if not figures:
        return name, money.UNKNOWN
    index, amount = figures[-1]
    note = f" {chart.periods.open_note}" if index == chart.periods.open_index and line.role is Role.ACTUAL else ""
    return name, money.short(amount, chart.currency) + note


def style_columns(native: Any, chart: StackedColumns, palette: Palette, inner: Box, box: Box) -> None:
    """Colour every segment, hatch the open column, put totals on top and the legend beside."""
    plot = native.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    open_index = chart.periods.open_index
    for series, colour in zip(plot.series, colours(chart, palette), strict=False):
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
    _graft_totals(native, chart, palette)
    _style_legend(native, chart, palette, inner, box)


def _edge(part: Any, palette: Palette) -> None:
    part.format.line.color.rgb, part.format.line.width = rgb(palette.background), Pt(0.75)


def _graft_totals(native: Any, chart: StackedColumns, palette: Palette) -> None:
    """Turn the last series, the totals, into an invisible line whose labels stand on the columns."""
    area = native._chartSpace.chart.plotArea
    bars = area.find(f"{{{_C}}}barChart")
    totals = bars.findall(f"{{{_C}}}ser")[-1]
    bars.remove(totals)
    for tag in ("invertIfNegative", "spPr"):
        for element in totals.findall(f"{{{_C}}}{tag}"):
            totals.remove(element)
    shown = "diamond" if chart.has_credits else "none"
    parts = [_INVISIBLE_LINE, _marker_xml(shown, palette)]
    if not chart.has_credits:
        parts.append(_totals_labels(chart, palette))
    category = totals.find(f"{{{_C}}}cat")
    for xml in parts:
        category.addprevious(parse_xml(xml))
    totals.append(parse_xml(f'<c:smooth {_SPACES} val="0"/>'))
    line = parse_xml(f'<c:lineChart {_SPACES}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>')
    line.append(totals)
    line.append(parse_xml(f'<c:marker {_SPACES} val="1"/>'))
    for axis in bars.findall(f"{{{_C}}}axId"):
        line.append(parse_xml(f'<c:axId {_SPACES} val="{axis.get("val")}"/>'))
    bars.addnext(line)


_INVISIBLE_LINE = f'<c:spPr {_SPACES}><a:ln w="28575"><a:noFill/></a:ln></c:spPr>'


def _marker_xml(symbol: str, palette: Palette) -> str:
    style = (
        ""
        if symbol == "none"
        else f'<c:size val="8"/><c:spPr><a:solidFill><a:srgbClr val="{palette.background[1:]}"/></a:solidFill>'
        f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{palette.ink[1:]}"/></a:solidFill></a:ln></c:spPr>'
    )
    return f'<c:marker {_SPACES}><c:symbol val="{symbol}"/>{style}</c:marker>'


def _totals_labels(chart: StackedColumns, palette: Palette) -> str:
    """Totals over the columns: all of them where there is room, else the last."""
    number_format = escape(chart.scale.number_format(extra=1), {'"': "&quot;"})
    style = (
        f'<c:numFmt formatCode="{number_format}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{_SIZE * 100 - 100}" b="1">'
        f'<a:solidFill><a:srgbClr val="{palette.ink[1:]}"/></a:solidFill></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="en-US"/></a:p></c:txPr><c:dLblPos val="t"/>'
    )
    if len(chart.periods) <= _MOST_TOTALS:
        return f"<c:dLbls {_SPACES}>{style}{_flags(1)}</c:dLbls>"
    shown = known(chart.totals)[-1:]
    last = "".join(f'<c:dLbl><c:idx val="{index}"/>{style}{_flags(1)}</c:dLbl>' for index, _ in shown)
    return f"<c:dLbls {_SPACES}>{last}{_flags(0)}</c:dLbls>"


def _style_legend(native: Any, chart: StackedColumns, palette: Palette, inner: Box, box: Box) -> None:
    """The legend beside the plot, in the order of the stack and without the totals."""
    native.has_legend = True
    legend = native.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    legend.font.size, legend.font.color.rgb = Pt(_SIZE), rgb(palette.ink)
    rows = sum(len(wrapped(visible(part.name), _NAME_WIDTH)) for part in chart.segments)
    height = min(rows * _LEGEND_ROW / box.height, inner.height)
    left = inner.left + inner.width + 10 / box.width
    beside = Box(left, inner.top + (inner.height - height) / 2, 1 - left, height)
    element = legend._element
    for layout in element.findall(f"{{{_C}}}layout"):
        element.remove(layout)
    hidden = f'<c:legendEntry {_SPACES}><c:idx val="{len(chart.segments)}"/><c:delete val="1"/></c:legendEntry>'
    element.find(f"{{{_C}}}legendPos").addnext(parse_xml(hidden))
    element.find(f"{{{_C}}}overlay").addprevious(manual_layout(beside))
