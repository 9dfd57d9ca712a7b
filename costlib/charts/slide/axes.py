"""Axes of a native chart: money, periods, names.

Conventions: lengths are points. Days and months lie on a date axis; weeks as columns, quarters and years on a
text axis; so do names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.util import Pt

from costlib.charts.fit import text_width
from costlib.charts.palette import Palette
from costlib.charts.slide.frame import FONT_SIZE, A, C
from costlib.charts.slide.page import rgb
from costlib.charts.slide.sheets import Sheet
from costlib.charts.spec.parts import Amount
from costlib.charts.ticks import Scale
from costlib.charts.timeline import Periods
from costlib.periods import Grain

_DATE_FORMATS = {Grain.DAY: "d mmm", Grain.WEEK: "d mmm", Grain.MONTH: "mmm yy"}
_TIME_UNITS = {Grain.DAY: ("days", 1), Grain.WEEK: ("days", 7), Grain.MONTH: ("months", 1)}
_LABELS = 13
_BETWEEN = 8


def timed_sheet(periods: Periods, currency: str, series: Sequence[tuple[str, tuple[Amount, ...]]]) -> Sheet:
    """The data sheet of a chart over time: dates where the axis has dates, else names of periods."""
    date_format = _DATE_FORMATS.get(periods.grain)
    categories = periods.labels if date_format is None else periods.starts
    return Sheet(str(periods.grain).capitalize(), categories, series, currency, date_format)


def money_room(scale: Scale) -> float:
    """Points that the ticks need at the left."""
    return max(text_width(text) for text in scale.texts) * FONT_SIZE + 10


def style_money(native: Any, scale: Scale, palette: Palette) -> None:
    """The value axis with the ticks of the scale and a grid."""
    axis = native.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = float(scale.low), float(scale.high), float(scale.step)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(palette.grid)
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = scale.number_format(), False


def style_periods(
    native: Any, periods: Periods, palette: Palette, width: float, *, whole_weeks: bool = False, labels: int = _LABELS
) -> None:
    """The time axis with at most so many labels, and no more than lie level on its ``width`` in points.

    ``whole_weeks`` makes a column as wide as its week.
    """
    style_categories(native, palette)
    axis, grain = native.category_axis, periods.grain
    widest = max(text_width(label) for label in periods.labels) * FONT_SIZE + _BETWEEN
    step = periods.step(max(1, min(labels, int(width / widest))))
    element = axis._element
    if grain in _DATE_FORMATS:
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _DATE_FORMATS[grain], False
        element.find(f"{{{C}}}auto").set("val", "0")
    if grain is Grain.WEEK and whole_weeks:
        _as_text_axis(element)
    if element.tag == f"{{{C}}}dateAx":
        unit, size = _TIME_UNITS[grain]
        element.find(f"{{{C}}}baseTimeUnit").set("val", unit)
        for tag, value in (("majorUnit", step * size), ("majorTimeUnit", unit)):
            element.append(parse_xml(f'<c:{tag} xmlns:c="{C}" val="{value}"/>'))
    elif step > 1:
        before = element.find(f"{{{C}}}noMultiLvlLbl")
        for tag in ("tickLblSkip", "tickMarkSkip"):
            before.addprevious(parse_xml(f'<c:{tag} xmlns:c="{C}" val="{step}"/>'))


def style_categories(native: Any, palette: Palette) -> None:
    """The line on which columns or bars stand, its names outside the plot even where amounts are negative."""
    axis = native.category_axis
    axis.format.line.color.rgb = rgb(palette.baseline)
    axis.format.line.width = Pt(1)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def style_names(native: Any, colour: str, *, size: float = FONT_SIZE) -> None:
    """Names on the axis: level, broken into lines rather than turned."""
    font = native.category_axis.tick_labels.font
    font.size, font.color.rgb = Pt(size), rgb(colour)
    body = native.category_axis._element.find(f"{{{C}}}txPr").find(f"{{{A}}}bodyPr")
    body.set("rot", "0")
    body.set("vert", "horz")


def _as_text_axis(axis: Any) -> None:
    axis.tag = f"{{{C}}}catAx"
    axis.remove(axis.find(f"{{{C}}}baseTimeUnit"))
    offset = axis.find(f"{{{C}}}lblOffset")
    offset.addprevious(parse_xml(f'<c:lblAlgn xmlns:c="{C}" val="ctr"/>'))
    offset.addnext(parse_xml(f'<c:noMultiLvlLbl xmlns:c="{C}" val="1"/>'))
