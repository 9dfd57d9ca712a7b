"""What charts of points have in common on screen: two axes with their headings, and names beside the points.

Conventions: the sides of the names are chosen for all widths that a plot may have: a line is steeper on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from costlib.charts.fit import broken, visible
from costlib.charts.palette import Palette
from costlib.charts.placing import Field, Pin, Side, labelled, sides
from costlib.charts.screen.frame import BOTTOM, FONT_SIZE, HEIGHT, LINE_HEIGHT, ROW, TOP, literal
from costlib.charts.screen.texts import above, label, number_axis, width_of
from costlib.charts.spec.measure import Measure
from costlib.charts.ticks import Scale

POINTS_BOTTOM = BOTTOM + ROW
#: Pixels between the axes on a phone, a tablet and two desks.
_PLOT_WIDTHS = (300, 480, 700, 1100)
_NAME_WIDTH = 9.5
_NEAR = 3

#: A point's place, its radius in pixels and the lines of its name.
_Point = tuple[Decimal, Decimal, float, list[str]]


def axes(x: Scale, y: Scale, room: tuple[float, float], palette: Palette) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both axes, with room beyond their ends for what is drawn around a point."""
    return number_axis(x, palette, (room[0], room[0])), number_axis(y, palette, (room[1], room[1]))


def headings(x: Measure, y: Measure, left: int, palette: Palette) -> list[dict[str, Any]]:
    """What the axes are: one over the plot at the left, one below it at the right."""
    across: dict[str, Any] = {"x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "top"}
    return [
        above(f"↑ {literal(y.heading)}", palette.muted, x=0, xanchor="left", xshift=-left),
        label(f"{literal(x.heading)} →", palette.muted, **across, yshift=-BOTTOM + 4),
    ]


def names(
    points: Sequence[_Point],
    scales: tuple[Scale, Scale],
    room: tuple[float, float],
    colours: Sequence[str],
    path: Sequence[tuple[Decimal, Decimal]] = (),
) -> list[dict[str, Any]]:
    """The lines of each point's name beside it, in a colour for each.

    ``path`` is the line that is drawn through some of the points.
    """
    height = HEIGHT - TOP - POINTS_BOTTOM
    chosen = sides([_field(points, scales, room, width, height, path) for width in _PLOT_WIDTHS])
    return [_name(point, side, colour) for point, side, colour in zip(points, chosen, colours, strict=True)]


def _field(
    points: Sequence[_Point],
    scales: tuple[Scale, Scale],
    room: tuple[float, float],
    width: float,
    height: float,
    path: Sequence[tuple[Decimal, Decimal]] = (),
) -> Field:
    """The points with their names on a plot of that many pixels, and the line through some of them."""

    def place(x: Decimal, y: Decimal) -> tuple[float, float]:
        return _place(scales[0], x, room[0]) * width, _place(scales[1], y, room[1]) * height

    pins = tuple(Pin(*place(x, y), radius + _NEAR, *_size(lines)) for x, y, radius, lines in points)
    return Field(pins, width, height, tuple(place(x, y) for x, y in path))


def _size(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of a name in pixels."""
    return max(width_of(line, bold=True) for line in lines), len(lines) * FONT_SIZE * LINE_HEIGHT


def _place(scale: Scale, value: Decimal, room: float) -> float:
    return (scale.fraction(value) + room) / (1 + 2 * room)


def labels(
    points: Sequence[_Point],
    scales: tuple[Scale, Scale],
    room: tuple[float, float],
    height: float,
    palette: Palette,
) -> tuple[list[dict[str, Any]], list[int]]:
    """The name of each point where it is free on a phone and on a desk, else a number; and the points numbered.

    ``height`` is that of the plot in pixels. Points are given in the order in which their names matter.
    """
    fields = [_field(points, scales, room, width, height) for width in _PLOT_WIDTHS]
    places = labelled(fields, _size(["00"]))
    numbered = [index for index, place in enumerate(places) if not place.named]
    drawn = []
    for index, (point, place) in enumerate(zip(points, places, strict=True)):
        lines = point[3] if place.named else [str(numbered.index(index) + 1)]
        drawn.append(_name((*point[:3], lines), place.side, palette.ink))
    return drawn, numbered


def _name(point: _Point, side: Side, colour: str) -> dict[str, Any]:
    x, y, radius, lines = point
    off = radius + _NEAR
    places: dict[Side, dict[str, Any]] = {
        Side.RIGHT: {"xanchor": "left", "xshift": off, "yanchor": "middle", "align": "left"},
        Side.LEFT: {"xanchor": "right", "xshift": -off, "yanchor": "middle", "align": "right"},
        Side.ABOVE: {"xanchor": "center", "yanchor": "bottom", "yshift": off - _NEAR},
        Side.BELOW: {"xanchor": "center", "yanchor": "top", "yshift": -off + _NEAR},
    }
    place = places[side]
    return label("<br>".join(literal(line) for line in lines), colour, x=float(x), y=float(y), **place)


def name_rows(name: str) -> list[str]:
    """A name in one or two lines beside its point."""
    return broken(visible(name), _NAME_WIDTH, 2)
