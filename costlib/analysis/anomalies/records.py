"""What goes into the search for anomalies and what comes out of it.

Conventions: one figure is the cost of one segment on one usage day in one currency; a day without a figure cost 0; None
is unknown and is not judged. A segment is the dimensions it was cut by with their values, which is also the filter that
finds its line items. Excess is actual less expected: positive is overspend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.windows import missing_days
from costlib.errors import InputError
from costlib.periods import Window

#: Dimension and value pairs, such as (("x_Team", "Search"), ("ServiceName", "Amazon SageMaker")).
Segment = tuple[tuple[str, str | None], ...]
DailyCost = tuple[Segment, date, Amount]


class Kind(StrEnum):
    """What happened: days above what was expected, days below it, a lasting change, a segment never seen before."""

    SPIKE = "spike"
    DROP = "drop"
    LEVEL_SHIFT = "level shift"
    NEW = "new"


@dataclass(frozen=True)
class Daily:
    """One segment's cost on every day from ``start``."""

    segment: Segment
    start: date
    costs: tuple[Amount, ...]

    @property
    def window(self) -> Window:
        """The days that the costs cover."""
        return Window(self.start, self.start + timedelta(days=len(self.costs)))


@dataclass(frozen=True)
class Anomaly:
    """Days of a segment that cost other than expected, money in one currency.

    A spike or drop lasts from ``first`` to ``last``. A level shift or new segment is reported once: its money is
    counted over its first ``search.SETTLING`` days, fewer where the data or another anomaly ends them, and
    ``level_after`` is what it costs a day since. ``low`` and ``high`` are the 95 % prediction interval of ``expected``.
    ``monthly`` is a monthly charge (a credit, if negative) that was expected on these days and did not come.
    """

    segment: Segment
    kind: Kind
    first: date
    last: date
    actual: Decimal
    expected: Decimal
    low: Decimal
    high: Decimal
    level_before: Decimal
    level_after: Decimal
    monthly: Decimal = Decimal(0)
    going_on: bool = False

    @property
    def excess(self) -> Decimal:
        """Actual less expected."""
        return self.actual - self.expected

    @property
    def window(self) -> Window:
        """The days whose line items, filtered by ``segment``, show the cause."""
        return Window(self.first, self.last + timedelta(days=1))


@dataclass(frozen=True)
class Feedback:
    """A reader's word on an anomaly: the segment's days were as expected, or were not."""

    segment: Segment
    first: date
    last: date
    expected: bool

    def speaks_of(self, anomaly: Anomaly) -> bool:
        """Same segment, overlapping days."""
        return self.segment == anomaly.segment and self.first <= anomaly.last and anomaly.first <= self.last


@dataclass(frozen=True)
class Found:
    """Anomalies, most money first; those that feedback silenced; segments with too little history to judge."""

    anomalies: tuple[Anomaly, ...]
    expected: tuple[Anomaly, ...] = ()
    too_short: tuple[Segment, ...] = ()


def daily(figures: Iterable[DailyCost], window: Window, missing: Sequence[date] = ()) -> list[Daily]:
    """One series a segment over every day of the window; figures of one segment and day are added.

    A day without a figure cost 0; a day on which any part is unknown is unknown, and so is one of a month, by its first
    day, that is ``missing``.

    >>> fraud = (("x_Team", "Fraud"),)
    >>> window = Window(date(2026, 9, 1), date(2026, 9, 4))
    >>> daily([(fraud, date(2026, 9, 2), Decimal(5))], window)[0].costs
    (Decimal('0'), Decimal('5'), Decimal('0'))
    """
    empty: list[Amount] = [None if lacking else Decimal(0) for lacking in missing_days(window, missing)]
    cells: dict[Segment, list[Amount]] = {}
    for segment, day, amount in figures:
        if not window.start <= day < window.end:
            continue
        row = cells.setdefault(segment, list(empty))
        held, number = row[(day - window.start).days], (day - window.start).days
        row[number] = None if held is None or amount is None else money.exact_sum((held, amount))
    return [Daily(segment, window.start, tuple(row)) for segment, row in cells.items()]


def checked(series: Sequence[Daily]) -> Window:
    """The one window of all series.

    Raises ``InputError`` where they differ or a segment comes twice.
    """
    windows = {one.window for one in series}
    if len(windows) > 1:
        raise InputError(
            "The series of an anomaly search cover different days",
            expected="the same first and last day for every segment",
            fix="Build them with daily() over one window.",
        )
    if len({one.segment for one in series}) < len(series):
        raise InputError(
            "A segment comes twice", expected="one series a segment", fix="Build them with daily() over one window."
        )
    return windows.pop()
