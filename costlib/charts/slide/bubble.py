"""A portfolio on a slide: a native bubble chart, a series a purpose, every bubble named with its money."""

from __future__ import annotations

from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from costlib.charts.fit import text_width
from costlib.charts.palette import Palette, bucket_colour
from costlib.charts.slide.bars import style_key
from costlib.charts.slide.frame import FONT_SIZE, Drawing, Plot, Room, labels_xml, put
from costlib.charts.slide.page import rgb
from costlib.charts.slide.points import Name, name_places, padded, style_axes, title_axes
from costlib.charts.slide.sheets import Dot, PointSheet
from costlib.charts.spec.bubble import Bubble, Bucket, Disc

_SCALE = 60  # per cent of a quarter of the plot's height, the widest bubble of an office suite
_BOTTOM, _HEADING, _KEY = 44, 26, 24


def drawing(chart: Bubble, palette: Palette) -> Drawing:
    """Bubbles, names, axes and key."""
    series = [
        (str(bucket).capitalize(), [Dot(disc.name, disc.x, disc.y, disc.size) for disc in _discs(chart, bucket)])
        for bucket in chart.buckets
    ]
    ticks = max(text_width(text) for text in chart.y_scale.texts) * FONT_SIZE
    return Drawing(
        XL_CHART_TYPE.BUBBLE,
        PointSheet(chart.x, chart.y, series, chart.size),
        Room(ticks + _HEADING, 16, top=_KEY, bottom=_BOTTOM),
        partial(_style, chart, palette),
    )


def _discs(chart: Bubble, bucket: Bucket) -> list[Disc]:
    return [disc for disc in chart.discs if disc.bucket is bucket]


def _style(chart: Bubble, palette: Palette, native: Any, plot: Plot) -> None:
    scales = padded(chart.x_scale), padded(chart.y_scale)
    style_axes(native, scales, palette)
    title_axes(native, chart.x, chart.y, palette)
    native.plots[0].bubble_scale = _SCALE
    widest = min(plot.width, plot.height) / 4 * _SCALE / 100
    drawn = [disc for bucket in chart.buckets for disc in _discs(chart, bucket)]
    names = [Name(disc.x, disc.y, disc.width * widest / 2 + 3, disc.name, chart.size.text(disc.size)) for disc in drawn]
    places = name_places(names, scales, plot)
    at = 0
    for series, bucket in zip(native.plots[0].series, chart.buckets, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(bucket_colour(bucket, palette))
        series.format.line.color.rgb, series.format.line.width = rgb(palette.background), Pt(1)
        count = len(_discs(chart, bucket))
        labels = [names[at + n].xml(n, places[at + n], palette.ink, palette.muted) for n in range(count)]
        put(series._element, labels_xml("".join(labels)))
        at += count
    style_key(native, palette, plot)
