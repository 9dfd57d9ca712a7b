"""Where names stand inside a plot, for every renderer alike: of lines that end there, and of points.

Conventions: heights are fractions of the plot, 0 at the bottom; positions are those of the periods. The name of a line
lies over none of the lines: on the outer side of all that it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import ceil, hypot

from costlib.charts.spec.band import BandTrend
from costlib.charts.spec.parts import Amount, known

_CROWDED = 0.84
_PITCH = 8
_HAIR = 1e-6


@dataclass(frozen=True)
class Spot:
    """The period a name begins or ends at, its height, whether it stands above that, or level with it."""

    index: int
    height: float
    above: bool
    ends_there: bool
    level: bool = False


def actual_spot(chart: BandTrend, share: float) -> Spot | None:
    """Where the actual line is named: before its end, above all lines unless the plan or the upper edge is there.

    ``share`` of the periods is what the name may cover.
    """
    last = chart.last_actual
    if last is None:
        return None
    span = ceil(share * len(chart.periods))
    ends_there = last >= span
    passed = range(last - span, last + 1) if ends_there else range(min(span + 1, len(chart.periods)))
    drawn = [chart.actual.values, () if chart.plan is None else chart.plan.values]
    drawn += [] if ends_there else [chart.low, chart.high, chart.with_plan_path, chart.target_level]
    over, under = _ends(chart, drawn, passed)
    plan = None if chart.plan is None else chart.plan.values[last]
    amount = chart.actual.values[last]
    plan_is_above = plan is not None and amount is not None and plan > amount
    above = under < 1 - _CROWDED or not (over > _CROWDED or plan_is_above)
    return Spot(last if ends_there else 0, over if above else under, above, ends_there)


def plan_spot(chart: BandTrend, share: float) -> Spot | None:
    """Where a plan is named that ends before the forecast: level with its end, else on the side away from it."""
    figures = [] if chart.plan is None else known(chart.plan.values)
    if not figures or figures[-1][0] >= known(chart.forecast.values)[-1][0]:
        return None
    end, amount = figures[-1]
    nearest = chart.path[end] if chart.path[end] is not None else chart.actual.values[end]
    above = nearest is not None and amount > nearest
    span, own = ceil(share * len(chart.periods)), chart.scale.fraction(amount)
    drawn = [chart.low, chart.high, chart.path, chart.with_plan_path, chart.target_level, chart.actual.values]
    plan = () if chart.plan is None else chart.plan.values
    before = _side(_ends(chart, [*drawn, plan], range(max(0, end - span), end + 1)), above)
    spot = Spot(end, before, above, ends_there=True)
    if end + span < len(chart.periods):
        after = _side(_ends(chart, drawn, range(end + 1, end + span + 1)), above)
        if after <= own if above else own <= after:
            return Spot(end, own, above, ends_there=False, level=True)
        if abs(after - own) <= abs(before - own):
            return Spot(end, after, above, ends_there=False)
    return spot


def _side(ends: tuple[float, float], above: bool) -> float:
    return ends[0] if above else ends[1]


def _ends(chart: BandTrend, drawn: list[tuple[Amount, ...]], passed: range) -> tuple[float, float]:
    """Heights of the highest and the lowest amount among the periods passed."""
    there = [values[index] for values in drawn for index in passed if 0 <= index < len(values)]
    heights = [chart.scale.fraction(amount) for amount in there if amount is not None]
    return max(heights, default=0.5), min(heights, default=0.5)


class Side(StrEnum):
    """Where a name stands beside its point."""

    RIGHT = "right"
    LEFT = "left"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class Pin:
    """A point in a plot, its radius, and the width and height of its name, all in one unit of length, y upwards."""

    x: float
    y: float
    radius: float
    wide: float
    high: float


_Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Field:
    """A plot and the points on it, the one whose name matters most first, and a line that no name should lie over."""

    pins: tuple[Pin, ...]
    width: float
    height: float
    path: tuple[tuple[float, float], ...] = ()


def sides(fields: Sequence[Field]) -> tuple[Side, ...]:
    """On which side of its point each name lies over the fewest other names, points, lines and edges of the plot.

    ``fields`` are the same points on plots of several sizes: what a name lies over is their mean. Names are placed one
    after the other, those with the nearest neighbour first; right is preferred, then left.

    >>> pins = (Pin(25, 50, 3, 40, 10), Pin(40, 50, 3, 40, 10), Pin(95, 50, 3, 40, 10))
    >>> [str(side) for side in sides([Field(pins, 100, 100)])]
    ['above', 'below', 'left']
    """
    pins = fields[0].pins
    taken: list[list[_Rectangle]] = [[] for _ in fields]
    chosen = [Side.RIGHT] * len(pins)
    for index in sorted(range(len(pins)), key=lambda at: (_nearest(pins, at), at)):
        costs = [(round(_touched(fields, taken, index, side), 3), at, side) for at, side in enumerate(Side)]
        *_, chosen[index] = min(costs)
        _take(fields, taken, index, chosen[index])
    return tuple(chosen)


@dataclass(frozen=True)
class Place:
    """The side of a point that its label stands on, and whether that is its name or a number that a key explains."""

    side: Side
    named: bool


def labelled(fields: Sequence[Field], number: tuple[float, float]) -> tuple[Place, ...]:
    """A place for the name of each point where it touches no other name, no point and no edge, else for its number.

    ``fields`` are the same points on plots of several sizes: a name has to be free on all. ``number`` is the width and
    height of a number. Numbers stand where they touch least.

    >>> pins = (Pin(25, 50, 3, 60, 10), Pin(60, 50, 3, 60, 10), Pin(60, 54, 3, 80, 10))
    >>> [(str(one.side), one.named) for one in labelled([Field(pins, 200, 70)], (6, 10))]
    [('right', False), ('right', True), ('above', True)]
    """
    count = len(fields[0].pins)
    taken: list[list[_Rectangle]] = [[] for _ in fields]
    chosen: dict[int, Place] = {}
    for index in range(count):
        side = next((one for one in Side if _is_free(fields, taken, index, one)), None)
        if side is not None:
            chosen[index] = Place(side, named=True)
            _take(fields, taken, index, side)
    small = [
        replace(field, pins=tuple(replace(pin, wide=number[0], high=number[1]) for pin in field.pins))
        for field in fields
    ]
    for index in (at for at in range(count) if at not in chosen):
        costs = [(round(_touched(small, taken, index, one), 3), at, one) for at, one in enumerate(Side)]
        *_, side = min(costs)
        chosen[index] = Place(side, named=False)
        _take(small, taken, index, side)
    return tuple(chosen[index] for index in range(count))


def _is_free(fields: Sequence[Field], taken: Sequence[Sequence[_Rectangle]], index: int, side: Side) -> bool:
    return _touched(fields, taken, index, side) < _HAIR


def _touched(fields: Sequence[Field], taken: Sequence[Sequence[_Rectangle]], index: int, side: Side) -> float:
    """How much a label lies over other labels, points and lines and beyond the edges, on the mean field."""
    found = 0.0
    for field, names in zip(fields, taken, strict=True):
        label = _name_at(field.pins[index], side)
        dots = (_dot(pin) for at, pin in enumerate(field.pins) if at != index)
        outside = 1 - _shared(label, (0.0, 0.0, field.width, field.height))
        found += sum(_shared(label, other) for other in (*names, *dots, *_along(field.path))) + 2 * outside
    return found / len(fields)


def _take(fields: Sequence[Field], taken: Sequence[list[_Rectangle]], index: int, side: Side) -> None:
    for field, names in zip(fields, taken, strict=True):
        names.append(_name_at(field.pins[index], side))


def _dot(pin: Pin) -> _Rectangle:
    return pin.x - pin.radius, pin.y - pin.radius, pin.x + pin.radius, pin.y + pin.radius


def _along(path: Sequence[tuple[float, float]]) -> list[_Rectangle]:
    """Dots on a line, a few units apart."""
    places = []
    for (x, y), (to_x, to_y) in pairwise(path):
        count = max(1, int(hypot(to_x - x, to_y - y) / _PITCH))
        places += [(x + (to_x - x) * at / count, y + (to_y - y) * at / count) for at in range(1, count)]
    return [(x - 1, y - 1, x + 1, y + 1) for x, y in places]


def _nearest(pins: Sequence[Pin], index: int) -> float:
    pin = pins[index]
    return min((hypot(pin.x - one.x, pin.y - one.y) for at, one in enumerate(pins) if at != index), default=0.0)


def _name_at(pin: Pin, side: Side) -> _Rectangle:
    if side in (Side.RIGHT, Side.LEFT):
        left = pin.x + pin.radius if side is Side.RIGHT else pin.x - pin.radius - pin.wide
        return left, pin.y - pin.high / 2, left + pin.wide, pin.y + pin.high / 2
    low = pin.y + pin.radius if side is Side.ABOVE else pin.y - pin.radius - pin.high
    return pin.x - pin.wide / 2, low, pin.x + pin.wide / 2, low + pin.high


def _shared(one: _Rectangle, other: _Rectangle) -> float:
    """The area that two rectangles have in common, as a part of the smaller one."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return across * down / smaller if across > 0 and down > 0 and smaller > 0 else 0.0
