"""One native chart on a slide: data, axes, and what lines and columns have in common.

Conventions: lengths are points, places inside a chart are fractions of it. Amounts stand in the chart as
exact decimal text. Days and months lie on a date axis; weeks as columns, quarters and years on a text axis.
python-pptx leaves parts of a chart without an interface: those are added as XML, here and nowhere else.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib import money
from costlib.charts.fit import text_width, visible
from costlib.charts.palette import Palette
from costlib.charts.slide_page import CHART, Box, place, rgb
from costlib.charts.slide_series import NET, TOTAL, label_room, manual_layout, style_columns, style_lines
from costlib.charts.slide_workbook import workbook
from costlib.charts.spec import Amount, Chart, StackedColumns, Trend
from costlib.charts.words import alt_text
from costlib.periods import Grain

FONT_SIZE = 12

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DATE_FORMATS = {Grain.DAY: "d mmm", Grain.WEEK: "d mmm", Grain.MONTH: "mmm yy"}
_TIME_UNITS = {Grain.DAY: ("days", 1), Grain.WEEK: ("days", 7), Grain.MONTH: ("months", 1)}
_LABELS = 13


class _Data(CategoryChartData):
    """Chart data whose workbook is ours: names are text, dates are fixed."""

    book: bytes = b""

    @property
    def xlsx_blob(self) -> bytes:
        return self.book


def draw(slide: Any, chart: Chart, palette: Palette, box: Box, made_on: date) -> None:
    """Put the chart into the slide's chart placeholder, styled and described."""
    kind = XL_CHART_TYPE.COLUMN_STACKED if isinstance(chart, StackedColumns) else XL_CHART_TYPE.LINE
    holder = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == CHART)
    frame = holder.insert_chart(kind, _data(chart, made_on))
    place(frame, box)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", "Chart")
    properties.set("descr", visible(alt_text(chart)))
    native = frame.chart
    native.has_title, native.has_legend = False, False
    native.font.size, native.font.color.rgb = Pt(FONT_SIZE), rgb(palette.muted)
    inner = _inner(chart, box)
    native._chartSpace.find(f"{{{_C}}}date1904").addnext(parse_xml(f'<c:roundedCorners xmlns:c="{_C}" val="0"/>'))
    _style_values(native, chart, palette)
    _style_periods(native, chart, palette)
    _fix_plot(native, inner)
    if isinstance(chart, Trend):
        style_lines(native, chart, palette, inner.height * box.height, box)
    else:
        style_columns(native, chart, palette, inner, box)


def series_of(chart: Chart) -> list[tuple[str, tuple[Amount, ...]]]:
    """Name and values of everything in the chart's data sheet: the series, and the totals of a stack."""
    named = [(visible(part.name), part.values) for part in chart.series]
    if isinstance(chart, StackedColumns):
        named.append((NET if chart.has_credits else TOTAL, chart.totals))
    return named


def _data(chart: Chart, made_on: date) -> Any:
    periods = chart.periods
    number_format = full_format(chart.currency)
    new_data: Any = _Data
    data = new_data(number_format)
    dated = periods.grain in _DATE_FORMATS
    data.categories = periods.starts if dated else periods.labels
    date_format = _DATE_FORMATS.get(periods.grain, "General")
    if dated:
        data.categories.number_format = date_format
    for name, values in series_of(chart):
        data.add_series(name, [money.exact(value) for value in values])
    data.book = workbook(
        str(periods.grain).capitalize(),
        [name for name, _ in series_of(chart)],
        periods.starts if dated else periods.labels,
        [values for _, values in series_of(chart)],
        date_format="yyyy-mm-dd",
        number_format=number_format,
        made_on=made_on,
    )
    return data


def full_format(currency: str) -> str:
    """The spreadsheet format of a full amount.

    >>> print(full_format("USD"))
    "$"#,##0.00;"−$"#,##0.00
    """
    sign = money.prefix(currency)
    return f'"{sign}"#,##0.00;"−{sign}"#,##0.00'


def _inner(chart: Chart, box: Box) -> Box:
    """The plot without its labels, as fractions of the chart."""
    left = (max(text_width(text) for text in chart.scale.texts) * FONT_SIZE + 10) / box.width
    right = label_room(chart) / box.width
    top, bottom = 14 / box.height, 28 / box.height
    return Box(left, top, 1 - left - right, 1 - top - bottom)


def _fix_plot(native: Any, inner: Box) -> None:
    area = native._chartSpace.chart.plotArea
    for layout in area.findall(f"{{{_C}}}layout"):
        area.remove(layout)
    area.insert(0, manual_layout(inner, inner=True))


def _style_values(native: Any, chart: Chart, palette: Palette) -> None:
    axis, scale = native.value_axis, chart.scale
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = float(scale.low), float(scale.high), float(scale.step)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(palette.grid)
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = scale.number_format(), False


def _style_periods(native: Any, chart: Chart, palette: Palette) -> None:
    axis, grain = native.category_axis, chart.periods.grain
    axis.format.line.color.rgb = rgb(palette.baseline)
    axis.format.line.width = Pt(1)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    step = chart.periods.step(_LABELS)
    element = axis._element
    if grain in _DATE_FORMATS:
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _DATE_FORMATS[grain], False
        element.find(f"{{{_C}}}auto").set("val", "0")
    if grain is Grain.WEEK and isinstance(chart, StackedColumns):
        _as_text_axis(element)
    if element.tag == f"{{{_C}}}dateAx":
        unit, size = _TIME_UNITS[grain]
        element.find(f"{{{_C}}}baseTimeUnit").set("val", unit)
        for tag, value in (("majorUnit", step * size), ("majorTimeUnit", unit)):
            element.append(parse_xml(f'<c:{tag} xmlns:c="{_C}" val="{value}"/>'))
    elif step > 1:
        before = element.find(f"{{{_C}}}noMultiLvlLbl")
        for tag in ("tickLblSkip", "tickMarkSkip"):
            before.addprevious(parse_xml(f'<c:{tag} xmlns:c="{_C}" val="{step}"/>'))


def _as_text_axis(axis: Any) -> None:
    """Make a date axis a text axis: a column then is as wide as its week, not as one day of it."""
    axis.tag = f"{{{_C}}}catAx"
    axis.remove(axis.find(f"{{{_C}}}baseTimeUnit"))
    offset = axis.find(f"{{{_C}}}lblOffset")
    offset.addprevious(parse_xml(f'<c:lblAlgn xmlns:c="{_C}" val="ctr"/>'))
    offset.addnext(parse_xml(f'<c:noMultiLvlLbl xmlns:c="{_C}" val="1"/>'))
