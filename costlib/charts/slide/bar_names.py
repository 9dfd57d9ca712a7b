"""Names beside the bars of a slide: so wide, and so large, that the lines of one do not reach into the next.

Conventions: points. PowerPoint breaks a name where its room ends; what is worked out here is how many lines that makes.
A name that is too long in every way tried is cut on the chart; the sheet behind it has all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.chart import XL_CHART_TYPE

from costlib.charts.fit import broken, text_width, wrapped
from costlib.charts.palette import Palette
from costlib.charts.slide.axes import style_categories, style_names
from costlib.charts.slide.frame import FONT_SIZE, C, Drawing, Plot, Room
from costlib.charts.slide.page import Box
from costlib.charts.slide.sheets import Sheet

_NARROW, _LEADING, _GAP, _EDGE = 480, 1.2, 12, 6
#: What is tried, in this order: smaller type by so many points, so much wider lines, and their share of the box.
_TRIED: Final = ((0.0, 1.0, 0.36), (0.0, 1.25, 0.44), (1.0, 1.25, 0.44), (2.0, 1.5, 0.5))


@dataclass(frozen=True)
class BarNames:
    """Size of the type, the room at the left of the bars, and the names as they are shown."""

    size: float
    room: float
    shown: tuple[str, ...]


def bar_names(names: Sequence[str], most: float, box: Box, height: float) -> BarNames:
    """How names of usually ``most`` ems a line stand beside bars that are ``height`` high together."""
    usual = FONT_SIZE if box.width >= _NARROW else FONT_SIZE - 2
    size = width = 0.0
    rows = 1
    for smaller, wider, share in _TRIED:
        size, width = usual - smaller, min(most * wider, box.width * share / (usual - smaller))
        rows = max(1, int(height / len(names) / (size * _LEADING)))
        if all(len(wrapped(name, width)) <= rows for name in names):
            break
    lines = [broken(name, width, rows) for name in names]
    room = max(text_width(line) for parts in lines for line in parts) * size + _GAP
    return BarNames(size, room, tuple(map(" ".join, lines)))


def named_bars(
    names: Sequence[str], most: float, sheet: Sheet, palette: Palette, top: float, style: Callable[[Any, Plot], None]
) -> Drawing:
    """Level bars, the first at the top, their names usually ``most`` ems wide, with ``top`` points over the bars."""

    def room(box: Box) -> Room:
        return Room(bar_names(names, most, box, box.height - top - _EDGE).room, 8, top=top, bottom=_EDGE)

    def styled(native: Any, plot: Plot) -> None:
        style_categories(native, palette)
        native.category_axis.reverse_order = True
        _show(native, bar_names(names, most, plot.box, plot.height), palette.ink)
        style(native, plot)

    return Drawing(XL_CHART_TYPE.BAR_CLUSTERED, sheet, room, styled)


def _show(native: Any, names: BarNames, colour: str) -> None:
    """Put the names beside the bars of a chart."""
    style_names(native, colour, size=names.size)
    for series in native.plots[0].series:
        for written, name in zip(series._element.findall(f"{{{C}}}cat//{{{C}}}v"), names.shown, strict=True):
            written.text = name
