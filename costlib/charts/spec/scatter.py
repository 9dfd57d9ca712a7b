"""A trade-off: every choice at its two numbers, and the front of those that no other beats on both.

Conventions: a choice is beaten where another is at least as good on both numbers and better on one; ``less_x`` and
``more_y`` say which way is good (less cost, more quality, unless told otherwise). A choice with an unknown number is
listed and not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costlib.charts.spec.measure import Measure
from costlib.charts.spec.parts import Amount, Caption, check_amount, check_names
from costlib.charts.ticks import Scale
from costlib.errors import InputError

MOST_POINTS = 15


@dataclass(frozen=True)
class Point:
    """One choice; ``chosen`` marks the one that is proposed or in use."""

    name: str
    x: Amount
    y: Amount
    chosen: bool = False


@dataclass(frozen=True)
class Placed:
    """One choice with both numbers known, and whether it lies on the front."""

    name: str
    x: Decimal
    y: Decimal
    chosen: bool
    front: bool


@dataclass(frozen=True)
class Scatter:
    """At most fifteen choices by two measures."""

    caption: Caption
    x: Measure
    y: Measure
    points: tuple[Point, ...]
    less_x: bool = True
    more_y: bool = True
    dimension: str = "Choice"

    def __post_init__(self) -> None:
        check_names((point.name for point in self.points), "choice")
        check_names((self.dimension, self.x.heading, self.y.heading), "column")
        if len(self.points) > MOST_POINTS:
            raise InputError(
                f"A trade-off has {len(self.points)} choices",
                expected=f"at most {MOST_POINTS}",
                fix="Leave those far from the front to the table.",
            )
        for point in self.points:
            for value in (point.x, point.y):
                if value is not None:
                    check_amount(value, "choice", point.name, expected="a finite Decimal, or None")
        if not self.placed:
            raise InputError("A trade-off has no choice with both numbers known", fix="Measure one, or show a table.")

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The choices that are drawn, in the order given."""
        there = [(point, point.x, point.y) for point in self.points]
        known = [(point, x, y) for point, x, y in there if x is not None and y is not None]
        return tuple(
            Placed(point.name, x, y, point.chosen, not any(self._beats(other, (x, y)) for other in known))
            for point, x, y in known
        )

    def _beats(self, other: tuple[Point, Decimal, Decimal], numbers: tuple[Decimal, Decimal]) -> bool:
        _, x, y = other
        x_gain = (numbers[0] - x) * (1 if self.less_x else -1)
        y_gain = (y - numbers[1]) * (1 if self.more_y else -1)
        return x_gain >= 0 and y_gain >= 0 and (x_gain > 0 or y_gain > 0)

    @property
    def front(self) -> tuple[Placed, ...]:
        """The choices on the front, from left to right."""
        return tuple(sorted((one for one in self.placed if one.front), key=lambda one: (one.x, one.y)))

    @property
    def unknown(self) -> tuple[Point, ...]:
        """The choices that cannot be drawn."""
        return tuple(point for point in self.points if point.x is None or point.y is None)

    @property
    def x_scale(self) -> Scale:
        """The axis from left to right."""
        return self.x.scale(one.x for one in self.placed)

    @property
    def y_scale(self) -> Scale:
        """The axis from bottom to top."""
        return self.y.scale(one.y for one in self.placed)
