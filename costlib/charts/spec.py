"""Charts as data: what is shown, described once, and drawn by several renderers.

Conventions: amounts are Decimal in the chart's one currency; None is unknown, drawn as a gap and never as
zero; credits are negative. A caption's title is the finding, its subtitle the metric, unit, cost measure and
period, its source the trace in words. A chart that cannot be drawn as described raises InputError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from costlib import money
from costlib.charts.ticks import Scale, money_scale
from costlib.charts.timeline import Periods
from costlib.errors import InputError

MOST_NAMED = 7
OTHER = "All other"

Amount = Decimal | None


class Role(StrEnum):
    """What a line stands for, and with it how it is drawn: solid, light grey, dashed."""

    ACTUAL = "actual"
    PREVIOUS = "previous"
    FORECAST = "forecast"


@dataclass(frozen=True)
class Caption:
    """The words around a chart."""

    title: str
    subtitle: str
    source: str

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InputError("A chart has no title", expected="its finding in one sentence", fix="Write the title.")


@dataclass(frozen=True)
class Line:
    """One line of a trend: an amount, or None, for every period."""

    name: str
    values: tuple[Amount, ...]
    role: Role = Role.ACTUAL


@dataclass(frozen=True)
class Segment:
    """One part of a stack: an amount, or None, for every period; ``other`` gathers what has no part of its own."""

    name: str
    values: tuple[Amount, ...]
    other: bool = False


@dataclass(frozen=True)
class Trend:
    """One or more lines over time; a line of an earlier year lies on the periods it is compared with."""

    caption: Caption
    periods: Periods
    currency: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        _check(self, "line")
        named = sum(line.role is Role.ACTUAL for line in self.lines)
        if named > MOST_NAMED or len(self.lines) > MOST_NAMED + 1:
            raise InputError(
                f"A trend has {len(self.lines)} lines, {named} of them actual",
                expected=f"at most {MOST_NAMED} actual lines and {MOST_NAMED + 1} in all",
                fix="Show the largest and leave the rest to the table.",
            )

    @property
    def series(self) -> tuple[Line, ...]:
        """The lines, in the order of the table."""
        return self.lines

    def needs_mark(self, line: Line) -> bool:
        """Whether a label must repeat the line's colour: ink and grey say enough where only two lines meet."""
        several = sum(other.role is Role.ACTUAL for other in self.lines) > 1
        return line.role is Role.FORECAST or (line.role is Role.ACTUAL and several)

    @property
    def scale(self) -> Scale:
        """The value axis."""
        return money_scale((value for line in self.lines for value in line.values), self.currency)


@dataclass(frozen=True)
class StackedColumns:
    """One column a period, parts from the bottom up; credits stack below zero."""

    caption: Caption
    periods: Periods
    currency: str
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        _check(self, "segment")
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


Chart = Trend | StackedColumns


def known(values: Sequence[Amount]) -> list[tuple[int, Decimal]]:
    """Position and amount of every known value."""
    return [(index, value) for index, value in enumerate(values) if value is not None]


def isolated(values: Sequence[Amount]) -> list[int]:
    """Positions of known values with no known neighbour: a line alone would not show them.

    >>> isolated((Decimal(1), None, Decimal(2), Decimal(3)))
    [0]
    """
    padded = [None, *values, None]
    return [index for index, value in known(values) if padded[index] is None and padded[index + 2] is None]


def _check(chart: Chart, what: str) -> None:
    if chart.currency not in money.currency_codes():
        raise InputError(f"{chart.currency} is not a currency", expected="an ISO 4217 code such as USD")
    if not chart.series:
        raise InputError(f"A chart has no {what}", fix="Choose a filter that leaves some data.")
    names = Counter(part.name.strip() for part in chart.series)
    for name, times in names.items():
        if not name or times > 1:
            raise InputError(
                f"{times} {what}s are called {name!r}" if name else f"A {what} has no name",
                expected="one name each",
                fix="Rename one or add the two up.",
            )
    for part in chart.series:
        _check_values(part, len(chart.periods), what)


def _check_values(part: Line | Segment, periods: int, what: str) -> None:
    if len(part.values) != periods:
        raise InputError(
            f"The {what} {part.name!r} has {len(part.values)} values for {periods} periods",
            expected="one value a period, None where it is unknown",
        )
    for value in part.values:
        if value is not None and not (isinstance(value, Decimal) and value.is_finite()):
            raise InputError(f"The {what} {part.name!r} holds {value!r}", expected="a finite Decimal, or None")
