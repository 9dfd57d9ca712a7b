"""Stacked columns: one column a period, its parts on top of each other.

Conventions: credits are negative and stack below zero; a total is net of them and unknown where a part is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costlib import money
from costlib.charts.spec.parts import MOST_NAMED, OTHER, Amount, Caption, Segment, check_currency, check_series
from costlib.charts.ticks import Scale, money_scale
from costlib.charts.timeline import Periods
from costlib.errors import InputError


@dataclass(frozen=True)
class StackedColumns:
    """One column a period, parts from the bottom up; credits stack below zero."""

    caption: Caption
    periods: Periods
    currency: str
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_series(self.segments, len(self.periods), "segment")
        if any(segment.other for segment in self.segments[:-1]):
            raise InputError(
                "The segment that gathers the rest is not the last one",
                expected=f'one segment such as "{OTHER}", on top of the stack',
                fix="Put it last.",
            )
        named = sum(not segment.other for segment in self.segments)
        if named > MOST_NAMED:
            raise InputError(
                f"A stack has {named} named segments",
                expected=f"at most {MOST_NAMED} and one that gathers the rest",
                fix=f'Add the smallest up as "{OTHER}".',
            )

    @property
    def series(self) -> tuple[Segment, ...]:
        """The segments, in the order of the table: the bottom of the stack first."""
        return self.segments

    @property
    def columns(self) -> tuple[tuple[Amount, ...], ...]:
        """The parts of each period, in the order of the segments."""
        return tuple(zip(*(segment.values for segment in self.segments), strict=True))

    @property
    def totals(self) -> tuple[Amount, ...]:
        """Net amount of each period; unknown where any part is unknown."""
        return tuple(None if None in column else money.exact_sum(column) for column in self.columns)

    @property
    def tops(self) -> tuple[Decimal, ...]:
        """Height of each column above zero."""
        return tuple(money.exact_sum(value for value in column if value and value > 0) for column in self.columns)

    @property
    def floors(self) -> tuple[Decimal, ...]:
        """Depth of each column below zero, as a negative amount."""
        return tuple(money.exact_sum(value for value in column if value and value < 0) for column in self.columns)

    @property
    def has_credits(self) -> bool:
        """Whether any part lies below zero."""
        return any(floor < 0 for floor in self.floors)

    @property
    def scale(self) -> Scale:
        """The value axis."""
        return money_scale((*self.tops, *self.floors), self.currency)

    def middle(self, index: int) -> float:
        """The middle of a part in the last column, as a fraction of the value axis."""
        column = self.columns[-1]
        value = column[index] or Decimal(0)
        below = money.exact_sum(part for part in column[:index] if part and (part < 0) == (value < 0))
        return self.scale.fraction(below + value / 2)
