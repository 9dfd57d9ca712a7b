"""A trend: one or more lines over time.

Conventions: a line of an earlier year lies on the periods it is compared with; only lines of the role actual
have an open period.
"""

from __future__ import annotations

from dataclasses import dataclass

from costlib.charts.spec.parts import MOST_NAMED, Caption, Line, Role, check_currency, check_series
from costlib.charts.ticks import Scale, money_scale
from costlib.charts.timeline import Periods
from costlib.errors import InputError


@dataclass(frozen=True)
class Trend:
    """One or more lines over time; a line of an earlier year lies on the periods it is compared with."""

    caption: Caption
    periods: Periods
    currency: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_series(self.lines, len(self.periods), "line")
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
