"""Points on a slide: two value axes with headings, and names beside the points.

Conventions: lengths are points, places fractions of the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Pt

from costlib.charts.fit import broken, text_width, visible
from costlib.charts.palette import Palette
from costlib.charts.placing import Field, Pin, Place, Side, labelled, sides
from costlib.charts.slide.frame import BREAK, FONT_SIZE, Plot, run, text_label
from costlib.charts.slide.page import rgb
from costlib.charts.spec.measure import Measure
from costlib.charts.ticks import Scale

NAME_SIZE = FONT_SIZE - 1
_NAME_WIDTH, _NAME_ROWS = 14.0, 2
_LEADING, _SLACK = 1.2, 8
_PLACES = {Side.RIGHT: "r", Side.LEFT: "l", Side.ABOVE: "t", Side.BELOW: "b"}


def padded(scale: Scale) -> Scale:
    """The scale with a step more at both ends, where large points need room."""
    return replace(scale, ticks=(scale.low - scale.step, *scale.ticks, scale.high + scale.step))


def style_axes(native: Any, scales: tuple[Scale, Scale], palette: Palette) -> None:
    """Both axes with the ticks of their scales; where nothing lies below zero, no tick is named there."""
    for axis, scale in zip((native.category_axis, native.value_axis), scales, strict=True):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = float(scale.low), float(scale.high), float(scale.step)
        axis.has_major_gridlines = True
        axis.major_gridlines.format.line.color.rgb, axis.major_gridlines.format.line.width = rgb(palette.grid), Pt(0.75)
        axis.format.line.color.rgb, axis.format.line.width = rgb(palette.baseline), Pt(1)
        axis.major_tick_mark, axis.tick_label_position = XL_TICK_MARK.NONE, XL_TICK_LABEL_POSITION.LOW
        above, below, zero = (scale.number_format().split(";") * 3)[:3]
        named = f"{above};;{zero}" if scale.ticks[1] == 0 else f"{above};{below};{zero}"
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = named, False
        axis.tick_labels.font.size, axis.tick_labels.font.color.rgb = Pt(FONT_SIZE), rgb(palette.muted)


def title_axes(native: Any, x: Measure, y: Measure, palette: Palette) -> None:
    """Headings of both axes, native and editable."""
    for axis, measure in ((native.category_axis, x), (native.value_axis, y)):
        axis.has_title = True
        frame = axis.axis_title.text_frame
        frame.text = visible(measure.heading)
        font = frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(FONT_SIZE), False, rgb(palette.muted)


@dataclass(frozen=True)
class Name:
    """A dot's label: its place, its radius in points, its name, and what stands behind the name."""

    x: Decimal
    y: Decimal
    radius: float
    name: str
    after: str = ""

    @property
    def lines(self) -> list[str]:
        """The name in one or two lines."""
        return broken(visible(self.name), _NAME_WIDTH, _NAME_ROWS)

    def pin(self, scales: tuple[Scale, Scale], plot: Plot) -> Pin:
        """The label on the plot, in points."""
        rows = [*self.lines, self.after] if self.after else self.lines
        wide = max(text_width(row, bold=True) for row in rows) * NAME_SIZE + _SLACK
        return Pin(*_spot(scales, plot, self.x, self.y), self.radius, wide, len(rows) * NAME_SIZE * _LEADING)

    def numbered(self, number: int) -> Name:
        """The label as a number."""
        return replace(self, name=str(number), after="")

    def xml(self, index: int, place: str, colour: str, muted: str) -> str:
        """The label of the point at ``index`` of its series."""
        rows = BREAK.join(run(line, colour, bold=True, size=NAME_SIZE) for line in self.lines)
        after = f"{BREAK}{run(self.after, muted, bold=False, size=NAME_SIZE)}" if self.after else ""
        return text_label(index, rows + after, place)


def name_places(
    names: Sequence[Name], scales: tuple[Scale, Scale], plot: Plot, path: Sequence[tuple[Decimal, Decimal]] = ()
) -> list[str]:
    """The side of its point on which each label stands, as a chart names it; none lies over the line ``path``."""
    pins = tuple(name.pin(scales, plot) for name in names)
    line = tuple(_spot(scales, plot, x, y) for x, y in path)
    return [_PLACES[side] for side in sides([Field(pins, plot.width, plot.height, line)])]


def numbered_places(names: Sequence[Name], scales: tuple[Scale, Scale], plot: Plot) -> tuple[Place, ...]:
    """Where each name stands, or, without room, the number that stands for it; the first names come first."""
    field = Field(tuple(name.pin(scales, plot) for name in names), plot.width, plot.height)
    return labelled([field], (text_width("00", bold=True) * NAME_SIZE + _SLACK, NAME_SIZE * _LEADING))


def place_of(side: Side) -> str:
    """The side as a native chart names it."""
    return _PLACES[side]


def _spot(scales: tuple[Scale, Scale], plot: Plot, x: Decimal, y: Decimal) -> tuple[float, float]:
    return scales[0].fraction(x) * plot.width, scales[1].fraction(y) * plot.height
