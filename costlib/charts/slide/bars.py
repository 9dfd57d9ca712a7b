"""Ranked bars on a slide: a native bar chart, amounts at the ends, an earlier period as a lighter bar below.

Conventions: a label shows the bar's own value, in the short form of its size, so it follows when the figure is
edited. There are no ticks; the axis reaches a little beyond the bars, where the labels stand.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.util import Pt

from costlib import money
from costlib.charts.fit import text_width, visible
from costlib.charts.palette import Palette, bar_colour
from costlib.charts.slide.bar_names import named_bars
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
from costlib.charts.spec.bars import RankedBars

_NAME_WIDTH = 17.0
_LEGEND, _EDGE = 24, 6


def drawing(chart: RankedBars, palette: Palette) -> Drawing:
    """Bars and amounts."""
    names = [visible(bar.name) for bar in chart.ranked]
    series = [(visible(name), values) for name, values in chart.columns]
    sheet = Sheet(visible(chart.dimension), names, series, chart.currency)
    top = _LEGEND if len(series) > 1 else _EDGE
    return named_bars(names, _NAME_WIDTH, sheet, palette, top, partial(_style, chart, palette))


def _style(chart: RankedBars, palette: Palette, native: Any, plot: Plot) -> None:
    _style_reach(native, chart, plot)
    bars = native.plots[0]
    bars.gap_width, bars.overlap = (40, 0) if chart.previous_name is not None else (50, 0)
    for series, colour in zip(bars.series, (palette.ink, palette.previous), strict=False):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
    for index, bar in enumerate(chart.ranked):
        if bar.other:
            point = bars.series[0].points[index]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = rgb(bar_colour(bar, palette))
    put(bars.series[0]._element, labels_xml(_labels(chart, palette)))
    if chart.previous_name is not None:
        style_key(native, palette, plot)


def _style_reach(native: Any, chart: RankedBars, plot: Plot) -> None:
    """No ticks and no grid; room for a label where bars end."""
    axis = native.value_axis
    low, high = (float(end) for end in chart.reach)
    widest = max(text_width(chart.label(bar), bold=True) for bar in chart.bars) * FONT_SIZE + 10
    share = min(widest / plot.width, 0.3)
    sides = 2 if low < 0 else 1
    room = (high - low) * share / (1 - sides * share)
    axis.minimum_scale, axis.maximum_scale = low - room if low < 0 else low, high + room
    axis.has_major_gridlines, axis.visible = False, False


def _labels(chart: RankedBars, palette: Palette) -> str:
    return "".join(
        value_label(index, value_style(short_format(bar.amount, chart.currency), palette.ink, "outEnd"))
        for index, bar in enumerate(chart.ranked)
        if bar.amount is not None
    )


def short_format(amount: Decimal, currency: str) -> str:
    """The spreadsheet format that shows an amount as ``money.short`` does.

    >>> print(short_format(Decimal(1234567), "USD"))
    "$"#,##0.00,,"M";"−$"#,##0.00,,"M";"$"0
    """
    text = money.short(amount.copy_abs(), currency).removeprefix(money.prefix(currency))
    letter = text[-1] if text[-1].isalpha() else ""
    decimals = len(text.removesuffix(letter).partition(".")[2])
    digits = "#,##0" + ("." + "0" * decimals if decimals else "") + "," * ("KMBT".find(letter) + 1 if letter else 0)
    unit, sign = f'"{letter}"' if letter else "", money.prefix(currency)
    return f'"{sign}"{digits}{unit};"−{sign}"{digits}{unit};"{sign}"0'


def style_key(native: Any, palette: Palette, plot: Plot) -> None:
    """What the two shades are, over the bars."""
    native.has_legend = True
    legend = native.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    legend.font.size, legend.font.color.rgb = Pt(FONT_SIZE), rgb(palette.muted)
    element = legend._element
    place = Box(plot.inner.left, 0, min(320 / plot.box.width, plot.inner.width), _LEGEND / plot.box.height)
    element.find(f"{{{C}}}overlay").addprevious(manual_layout(place))
