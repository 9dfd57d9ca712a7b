"""The time axis of a chart: which periods it shows, what they are called, which one is still open.

Conventions: a period is named by its first day, as in ``costlib.periods``. A timeline has no holes: a period
without a figure is listed and its value is None. ``data_until`` is the last day that holds data; the period
it cuts short is open and every renderer marks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from costlib.errors import InputError
from costlib.fiscal import Fiscal
from costlib.periods import Grain, next_period, period_name, period_start

_STEPS = {
    Grain.DAY: (1, 2, 7, 14, 28, 56, 91, 182, 364),
    Grain.WEEK: (1, 2, 4, 13, 26, 52),
    Grain.MONTH: (1, 2, 3, 6, 12, 24, 60),
    Grain.PERIOD: (1, 2, 3, 6, 12, 24, 60),
    Grain.QUARTER: (1, 2, 4, 8, 20),
    Grain.YEAR: (1, 2, 5, 10),
}


@dataclass(frozen=True)
class Periods:
    """Consecutive periods of one grain; raises InputError for a hole, a wrong first day or grain ``total``.

    >>> year = Periods((date(2026, 9, 1), date(2026, 10, 1)), Grain.MONTH, data_until=date(2026, 10, 20))
    >>> year.labels, year.open_index, year.open_note
    (('Sep 26', 'Oct 26'), 1, 'to 20 Oct')
    """

    starts: tuple[date, ...]
    grain: Grain
    fiscal_start: Fiscal = 1
    data_until: date | None = None

    def __post_init__(self) -> None:
        if self.grain not in _STEPS:
            raise InputError(
                "A chart over time was asked for the grain total",
                expected="day, week, month, period, quarter or year",
                fix="Choose a grain.",
            )
        if not self.starts:
            raise InputError("A chart over time has no period", fix="Choose a window that holds data.")
        self._check_starts()
        if self.data_until is not None and self.data_until < self.starts[0]:
            raise InputError(
                f"Data ends on {self.data_until}, before the first period {self.starts[0]}",
                fix="Choose an earlier window.",
            )

    def _check_starts(self) -> None:
        wanted = period_start(self.starts[0], self.grain, self.fiscal_start)
        for start in self.starts:
            if start != wanted:
                raise InputError(
                    f"A chart by {self.grain} lists {start}",
                    expected=f"{wanted}, every period once and in order",
                    fix="List a period without a figure too, with the value None.",
                )
            wanted = next_period(start, self.grain, self.fiscal_start)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def labels(self) -> tuple[str, ...]:
        """Short names for an axis."""
        return tuple(short_label(start, self.grain, self.fiscal_start) for start in self.starts)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Full names for a sentence or a table."""
        return tuple(period_name(start, self.grain, self.fiscal_start) for start in self.starts)

    @cached_property
    def open_index(self) -> int | None:
        """Position of the period that ``data_until`` cuts short; None if every period is complete."""
        index = self.data_index
        if index is None or self.data_until is None:
            return None
        last_day = next_period(self.starts[index], self.grain, self.fiscal_start) - timedelta(days=1)
        return index if self.data_until < last_day else None

    @cached_property
    def data_index(self) -> int | None:
        """Position of the last period that holds data, cut short or not; None if the data run on past the axis."""
        if self.data_until is None or self.data_until >= self._after:
            return None
        return max(index for index, start in enumerate(self.starts) if start <= self.data_until)

    @property
    def _after(self) -> date:
        """The first day after the last period."""
        return next_period(self.starts[-1], self.grain, self.fiscal_start)

    @property
    def open_note(self) -> str:
        """What the open period holds, as in "to 20 Oct"; empty if none is open."""
        return "" if self.open_index is None else self.data_note

    @property
    def data_note(self) -> str:
        """Until when there is data, as in "to 20 Oct"; empty if it is not said."""
        return "" if self.data_until is None else f"to {short_label(self.data_until, Grain.DAY)}"

    def labelled(self, most: int) -> tuple[int, ...]:
        """Positions of at most ``most`` evenly spaced labels, the last period always among them.

        >>> months = Periods(tuple(date(2026, m, 1) for m in range(1, 13)), Grain.MONTH)
        >>> months.labelled(6)
        (1, 3, 5, 7, 9, 11)
        """
        last = len(self) - 1
        return tuple(range(last % self.step(most), last + 1, self.step(most)))

    def step(self, most: int) -> int:
        """Periods from one label to the next, a span that a reader knows (a week, a quarter, a year)."""
        needed = -(-len(self) // most)
        return next((step for step in _STEPS[self.grain] if step >= needed), needed)


def short_label(start: date, grain: Grain, fiscal_start: Fiscal = 1) -> str:
    """The period's name as short as an axis needs it.

    >>> short_label(date(2025, 11, 1), Grain.MONTH), short_label(date(2026, 9, 3), Grain.DAY)
    ('Nov 25', '3 Sep')
    >>> short_label(date(2026, 9, 7), Grain.WEEK), short_label(date(2026, 10, 1), Grain.QUARTER, 10)
    ('7 Sep', 'Q1 FY27')
    """
    match grain:
        case Grain.DAY | Grain.WEEK | Grain.TOTAL:
            return f"{start.day} {start:%b}"
        case Grain.MONTH:
            return f"{start:%b %y}"
    return period_name(start, grain, fiscal_start)
