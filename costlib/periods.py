"""Calendar arithmetic: billing months, reporting grains, fiscal years, and what a reader calls them.

Conventions: a period is named by its first day; a window is ``[start, end)`` with the end exclusive; all
days are UTC days. ``fiscal`` is the month (1-12) with whose first day the fiscal year begins, or a calendar of whole
weeks (``fiscal.py``); a fiscal year carries the name of the calendar year in which it ends. Months are calendar months
always; a *period* is a twelfth of the fiscal year: a month, or four to six weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from costlib.fiscal import Fiscal, WeekCalendar, first_month


class Grain(StrEnum):
    """How finely a window is cut; periods, quarters and years are the organisation's fiscal ones."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PERIOD = "period"
    QUARTER = "quarter"
    YEAR = "year"
    TOTAL = "total"


#: Fiscal grains and how many periods each holds.
PERIODS: Final = {Grain.PERIOD: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True)
class Window:
    """Days from ``start`` up to, not including, ``end``."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days in the window.

        >>> Window(date(2026, 2, 1), date(2026, 3, 1)).days
        28
        """
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day inside the window."""
        return self.end - timedelta(days=1)

    def overlaps(self, other: Window) -> bool:
        """Whether a day lies in both windows.

        >>> march = Window(date(2026, 3, 1), date(2026, 4, 1))
        >>> [march.overlaps(Window(date(2026, 3, 31), end)) for end in (date(2026, 4, 2), date(2026, 3, 31))]
        [True, False]
        """
        return max(self.start, other.start) < min(self.end, other.end)


def month_start(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, the month's last day where it is shorter.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 3, 1), -12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 3, 1))
    """
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))


def months_between(first: date, last: date) -> int:
    """Months from that of ``first`` to that of ``last``; negative where it is earlier.

    >>> months_between(date(2026, 11, 30), date(2027, 1, 1)), months_between(date(2026, 3, 1), date(2026, 1, 31))
    (2, -2)
    """
    return (last.year - first.year) * 12 + last.month - first.month


def days_in_month(day: date) -> int:
    """Days in the day's month.

    >>> days_in_month(date(2028, 2, 9))
    29
    """
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (following - first).days


def period_start(day: date, grain: Grain, fiscal: Fiscal = 1) -> date:
    """The first day of the period that holds ``day``; quarters follow the fiscal year, weeks start on Monday.

    >>> period_start(date(2026, 8, 19), Grain.QUARTER), period_start(date(2026, 8, 19), Grain.YEAR, 10)
    (datetime.date(2026, 7, 1), datetime.date(2025, 10, 1))
    >>> period_start(date(2026, 8, 19), Grain.QUARTER, WeekCalendar("4-4-5", 12))
    datetime.date(2026, 6, 28)
    """
    match grain:
        case Grain.DAY | Grain.TOTAL:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return month_start(day)
    if isinstance(fiscal, WeekCalendar):
        return fiscal.start(day, PERIODS[grain])
    return add_months(month_start(day), -((day.month - fiscal) % 12 % PERIODS[grain]))


def next_period(start: date, grain: Grain, fiscal: Fiscal = 1) -> date:
    """The first day of the period after the one that begins on ``start``.

    >>> next_period(date(2026, 10, 1), Grain.QUARTER)
    datetime.date(2027, 1, 1)
    """
    match grain:
        case Grain.DAY | Grain.TOTAL:
            return start + timedelta(days=1)
        case Grain.WEEK:
            return start + timedelta(days=7)
        case Grain.MONTH:
            return add_months(start, 1)
    if isinstance(fiscal, WeekCalendar):
        return fiscal.next_start(start, PERIODS[grain])
    return add_months(start, PERIODS[grain])


def period_starts(window: Window, grain: Grain, fiscal: Fiscal = 1) -> list[date]:
    """First days of every period that touches the window, in order."""
    starts = []
    start = period_start(window.start, grain, fiscal)
    while start < window.end:
        starts.append(start)
        start = next_period(start, grain, fiscal)
    return starts


def whole_months(window: Window) -> tuple[date, ...]:
    """First days of the months that lie wholly in the window.

    >>> [month.month for month in whole_months(Window(date(2026, 1, 5), date(2026, 4, 3)))]
    [2, 3]
    """
    first = window.start if window.start.day == 1 else add_months(month_start(window.start), 1)
    return tuple(add_months(first, step) for step in range(months_between(first, window.end)))


def meets(window: Window, months: Sequence[date]) -> bool:
    """Whether a day of the window lies in one of the months.

    >>> march = [date(2026, 3, 1)]
    >>> [meets(Window(first, date(2026, 5, 1)), march) for first in (date(2026, 3, 31), date(2026, 4, 1))]
    [True, False]
    """
    return any(month < window.end and window.start < add_months(month, 1) for month in months)


def period_name(start: date, grain: Grain, fiscal: Fiscal = 1) -> str:
    """What a reader calls the period that begins on ``start``.

    >>> period_name(date(2026, 9, 1), Grain.MONTH), period_name(date(2026, 10, 1), Grain.QUARTER, 10)
    ('Sep 2026', 'Q1 FY27')
    >>> period_name(date(2026, 1, 1), Grain.YEAR), period_name(date(2026, 9, 7), Grain.WEEK)
    ('FY26', 'week of 7 Sep 2026')
    >>> period_name(date(2026, 2, 22), Grain.PERIOD, WeekCalendar("4-4-5", 12))
    'P3 FY26'
    """
    match grain:
        case Grain.DAY | Grain.TOTAL:
            return day_name(start)
        case Grain.WEEK:
            return f"week of {day_name(start)}"
        case Grain.PERIOD if isinstance(fiscal, WeekCalendar):
            return f"P{fiscal.period_number(start)} {_year_name(start, fiscal)}"
        case Grain.MONTH | Grain.PERIOD:
            return f"{start:%b %Y}"
    if grain is Grain.YEAR:
        return _year_name(start, fiscal)
    into_year = fiscal.period_number(start) - 1 if isinstance(fiscal, WeekCalendar) else (start.month - fiscal) % 12
    return f"Q{into_year // 3 + 1} {_year_name(start, fiscal)}"


def months_name(start: date, grain: Grain, fiscal: Fiscal) -> str:
    """What a reader calls a fiscal quarter or year that is counted in calendar months: under a calendar of weeks it
    says so, because the same name is that of other days there.

    >>> months_name(date(2026, 5, 1), Grain.QUARTER, 2)
    'Q2 FY27'
    >>> months_name(date(2026, 5, 1), Grain.QUARTER, WeekCalendar("4-4-5", 1))
    'Q2 FY27 by calendar months'
    """
    name = period_name(start, grain, first_month(fiscal))
    weeks = isinstance(fiscal, WeekCalendar) and grain is not Grain.MONTH
    return f"{name} by calendar months" if weeks else name


def _year_name(day: date, fiscal: Fiscal) -> str:
    return f"FY{fiscal_year(day, fiscal) % 100:02d}"


def fiscal_year(day: date, fiscal: Fiscal = 1) -> int:
    """The fiscal year's name: the calendar year of its last day (of its closing month, for a calendar of weeks).

    >>> fiscal_year(date(2026, 10, 1), 10), fiscal_year(date(2026, 10, 1), 1)
    (2027, 2026)
    """
    if isinstance(fiscal, WeekCalendar):
        return fiscal.year_of(day)
    return add_months(period_start(day, Grain.YEAR, fiscal), 11).year


def day_name(day: date) -> str:
    """A day as a reader writes it.

    >>> day_name(date(2026, 9, 7))
    '7 Sep 2026'
    """
    return f"{day.day} {day:%b %Y}"


def window_name(window: Window) -> str:
    """A window as a reader writes it, by months where it is whole months.

    >>> window_name(Window(date(2026, 1, 1), date(2026, 4, 1)))
    'Jan 2026 to Mar 2026'
    >>> window_name(Window(date(2026, 9, 1), date(2026, 9, 8)))
    '1 Sep 2026 to 7 Sep 2026'
    """
    if window.start.day == 1 and window.end.day == 1:
        first, last = f"{window.start:%b %Y}", f"{window.last:%b %Y}"
    else:
        first, last = day_name(window.start), day_name(window.last)
    return first if first == last else f"{first} to {last}"
