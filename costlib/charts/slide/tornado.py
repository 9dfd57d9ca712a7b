"""A tornado on a slide: a native bar chart whose bars stand on the base instead of zero.

Conventions: a label shows the bar's own value, in the short form of its size, so it follows when the figure is edited.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pptx.util import Pt

from costlib.charts.fit import shortened, text_width, visible
from costlib.charts.palette import Palette
from costlib.charts.slide.bar_names import named_bars
from costlib.charts.slide.bars import short_format, style_key
from costlib.charts.slide.frame import (
    FONT_SIZE,
    C,
    Drawing,
    Plot,
    labels_xml,
    manual_layout,
    put,
    value_label,
    value_style,
)
from costlib.charts.slide.page import Box, rgb
from costlib.charts.slide.sheets import Sheet
from costlib.charts.spec.parts import Amount
from costlib.charts.spec.tornado import Swing, Tornado

_NAME_WIDTH, _BASE_WIDTH = 19.0, 40.0
_KEY, _BASE_ROW = 24, 20


def drawing(chart: Tornado, palette: Palette) -> Drawing:
    """Bars and results."""
    names = [_name(swing) for swing in chart.ranked]
    series = [(visible(name), ends) for name, ends in chart.columns]
    sheet = Sheet(visible(chart.dimension), names, series, chart.currency)
    return named_bars(names, _NAME_WIDTH, sheet, palette, _KEY + _BASE_ROW, partial(_style, chart, palette))


def _name(swing: Swing) -> str:
    ends = " to ".join(at for at in (swing.low_at, swing.high_at) if at)
    return visible(f"{swing.name} ({ends})" if ends else swing.name)


def _style(chart: Tornado, palette: Palette, native: Any, plot: Plot) -> None:
    _style_reach(native, chart, plot)
    bars = native.plots[0]
    bars.gap_width, bars.overlap = 45, 100
    for series, (_, ends), colour in zip(bars.series, chart.columns, (palette.previous, palette.ink), strict=True):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
        put(series._element, labels_xml(_labels(chart, ends, palette)))
    style_key(native, palette, plot)
    _name_base(native, chart, palette, plot)


def _style_reach(native: Any, chart: Tornado, plot: Plot) -> None:
    """No ticks and no grid; the bars begin at the base, with room for a label at both ends."""
    axis = native.value_axis
    known = [end for _, ends in chart.columns for end in ends if end is not None]
    low, high = float(min([*known, chart.base.amount])), float(max([*known, chart.base.amount]))
    widest = max(text_width(chart.label(end), bold=True) for end in [*known, chart.base.amount]) * FONT_SIZE + 12
    share = min(widest / plot.width, 0.3)
    room = ((high - low) or 1.0) * share / (1 - 2 * share)
    axis.minimum_scale, axis.maximum_scale = low - room, high + room
    axis.has_major_gridlines, axis.visible = False, False
    axis.crosses_at = float(chart.base.amount)


def _name_base(native: Any, chart: Tornado, palette: Palette, plot: Plot) -> None:
    """Name and amount of the base over its line, as the chart's native title."""
    axis = native.value_axis
    text = visible(f"{chart.base.name} {chart.label(chart.base.amount)}")
    native.has_title = True
    title = native.chart_title
    title.text_frame.text = shortened(text, _BASE_WIDTH, bold=True)
    font = title.text_frame.paragraphs[0].runs[0].font
    font.size, font.bold, font.color.rgb = Pt(FONT_SIZE), True, rgb(palette.ink)
    share = (float(chart.base.amount) - axis.minimum_scale) / (axis.maximum_scale - axis.minimum_scale)
    wide = (text_width(title.text_frame.text, bold=True) * FONT_SIZE + 8) / plot.box.width
    left = min(max(plot.inner.left + share * plot.inner.width - wide / 2, 0.0), 1 - wide)
    element = title._element
    for layout in element.findall(f"{{{C}}}layout"):
        element.remove(layout)
    place = Box(left, _KEY / plot.box.height, wide, _BASE_ROW / plot.box.height)
    element.find(f"{{{C}}}tx").addnext(manual_layout(place))


def _labels(chart: Tornado, ends: tuple[Amount, ...], palette: Palette) -> str:
    return "".join(
        value_label(index, value_style(short_format(end, chart.currency), _tint(chart, swing, end, palette), "outEnd"))
        for index, (swing, end) in enumerate(zip(chart.ranked, ends, strict=True))
        if end is not None
    )


def _tint(chart: Tornado, swing: Swing, end: Amount, palette: Palette) -> str:
    """The colour of a label: light where the longer, dark bar of the same side lies under it."""
    if swing.low is None or swing.high is None or end is not swing.low:
        return palette.ink
    low, high = swing.low - chart.base.amount, swing.high - chart.base.amount
    return palette.background if low * high > 0 and abs(low) < abs(high) else palette.ink
