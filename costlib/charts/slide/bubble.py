"""A portfolio on a slide: a native bubble chart, a series a purpose, every bubble named with its money.

Conventions: a name that has no room beside its bubble is a number there, and stands with its number below the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from costlib.charts.fit import shortened, text_width, visible
from costlib.charts.palette import Palette, bucket_colour
from costlib.charts.placing import Place
from costlib.charts.slide.bars import style_key
from costlib.charts.slide.frame import FONT_SIZE, C, Drawing, Plot, Room, labels_xml, manual_layout, put
from costlib.charts.slide.page import Box, rgb
from costlib.charts.slide.points import NAME_SIZE, Name, numbered_places, padded, place_of, style_axes, title_axes
from costlib.charts.slide.sheets import Dot, PointSheet
from costlib.charts.spec.bubble import Bubble, Bucket, Disc
from costlib.charts.ticks import Scale

_SCALE = 60  # per cent of a quarter of the plot's height, the widest bubble of an office suite
_BOTTOM, _HEADING, _KEY, _ROW, _ABOVE = 44, 26, 24, 14, 10


def drawing(chart: Bubble, palette: Palette) -> Drawing:
    """Bubbles, names, axes and key."""
    series = [
        (str(bucket).capitalize(), [Dot(disc.name, disc.x, disc.y, disc.size) for disc in _discs(chart, bucket)])
        for bucket in chart.buckets
    ]
    return Drawing(
        XL_CHART_TYPE.BUBBLE,
        PointSheet(chart.x, chart.y, series, chart.size),
        partial(_room, chart),
        partial(_style, chart, palette),
    )


def _room(chart: Bubble, box: Box) -> Room:
    """The room for axes, the key of the purposes and, below, that of the names which find no place beside a bubble."""
    ticks = max(text_width(text) for text in chart.y_scale.texts) * FONT_SIZE
    for rows in range(len(chart.discs) + 1):
        room = Room(ticks + _HEADING, 16, top=_KEY, bottom=_BOTTOM + (_ABOVE + rows * _ROW if rows else 0))
        if len(_numbered(_places(chart, Plot.within(box, room)))) <= rows:
            break
    return room


def _names(chart: Bubble, plot: Plot) -> list[Name]:
    widest = min(plot.width, plot.height) / 4 * _SCALE / 100
    return [
        Name(disc.x, disc.y, disc.width * widest / 2 + 3, disc.name, chart.size.text(disc.size)) for disc in chart.discs
    ]


def _places(chart: Bubble, plot: Plot) -> tuple[Place, ...]:
    return numbered_places(_names(chart, plot), _scales(chart), plot)


def _numbered(places: Sequence[Place]) -> list[int]:
    return [at for at, place in enumerate(places) if not place.named]


def _scales(chart: Bubble) -> tuple[Scale, Scale]:
    return padded(chart.x_scale), padded(chart.y_scale)


def _discs(chart: Bubble, bucket: Bucket) -> list[Disc]:
    return [disc for disc in chart.discs if disc.bucket is bucket]


def _style(chart: Bubble, palette: Palette, native: Any, plot: Plot) -> None:
    style_axes(native, _scales(chart), palette)
    title_axes(native, chart.x, chart.y, palette)
    native.plots[0].bubble_scale = _SCALE
    places = _places(chart, plot)
    numbered = _numbered(places)
    names = [
        name if place.named else name.numbered(numbered.index(at) + 1)
        for at, (name, place) in enumerate(zip(_names(chart, plot), places, strict=True))
    ]
    for series, bucket in zip(native.plots[0].series, chart.buckets, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(bucket_colour(bucket, palette))
        series.format.line.color.rgb, series.format.line.width = rgb(palette.background), Pt(1)
        own = [at for at, disc in enumerate(chart.discs) if disc.bucket is bucket]
        labels = [
            names[at].xml(index, place_of(places[at].side), palette.ink, palette.muted) for index, at in enumerate(own)
        ]
        put(series._element, labels_xml("".join(labels)))
    style_key(native, palette, plot)
    if numbered:
        _explain(native, chart, [chart.discs[at] for at in numbered], palette, plot)


def _explain(native: Any, chart: Bubble, numbered: Sequence[Disc], palette: Palette, plot: Plot) -> None:
    """What the numbers stand for, in rows below the plot, as the chart's native title."""
    native.has_title = True
    title = native.chart_title
    frame = title.text_frame
    most = (plot.box.width - 16) / FONT_SIZE
    for at, disc in enumerate(numbered):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = shortened(f"{at + 1}  {visible(disc.name)} · {chart.size.text(disc.size)}", most)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(NAME_SIZE), False, rgb(palette.muted)
    element = title._element
    for layout in element.findall(f"{{{C}}}layout"):
        element.remove(layout)
    top = 1 - (len(numbered) * _ROW + 2) / plot.box.height
    element.find(f"{{{C}}}tx").addnext(manual_layout(Box(0, top, 1, 1 - top)))
