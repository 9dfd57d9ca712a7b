"""Fiscal years of whole weeks: 4-4-5, 4-5-4 and 5-4-4 calendars, as retailers and many listed companies keep them.

Conventions: a fiscal year ends on a Saturday: the last one of its closing month, or the one nearest to the end of that
month (which may lie up to three days into the next). So it begins on a Sunday and has 52 or 53 weeks. It has twelve
periods, three a quarter, of as many weeks as the pattern says; the 53rd week belongs to the last period. A year carries
the name of the calendar year of its closing month, as fiscal years of months do here; the calendar of the US National
Retail Federation (4-5-4, nearest to the end of January) names the same year after the one in which it begins.

Source of the rules: US Internal Revenue Code, Treasury Regulation 1.441-2 (52-53-week taxable years: the last day of a
kind in the month, or the one nearest to its end); NRF, 4-5-4 Calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: Weeks of the three periods of a quarter, by the calendar's name.
PATTERNS: Final = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}
_SATURDAY = 5
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekCalendar:
    """A calendar of whole weeks: its pattern, the month (1-12) that closes the year, and which Saturday ends it."""

    pattern: str
    closing_month: int
    nearest: bool = False

    def year_end(self, year: int) -> date:
        """The last day of the fiscal year of that name.

        >>> WeekCalendar("4-5-4", 1, nearest=True).year_end(2024), WeekCalendar("4-4-5", 9).year_end(2026)
        (datetime.date(2024, 2, 3), datetime.date(2026, 9, 26))
        """
        month_end = date(year + self.closing_month // 12, self.closing_month % 12 + 1, 1) - timedelta(days=1)
        back = (month_end.weekday() - _SATURDAY) % 7
        return month_end + timedelta(days=7 - back if self.nearest and back > 3 else -back)

    def year_of(self, day: date) -> int:
        """The name of the fiscal year that holds the day."""
        year = day.year
        while day > self.year_end(year):
            year += 1
        while day <= self.year_end(year - 1):
            year -= 1
        return year

    def weeks(self, year: int) -> int:
        """Weeks of the fiscal year, 52 or 53.

        >>> WeekCalendar("4-5-4", 1, nearest=True).weeks(2024)
        53
        """
        return (self.year_end(year) - self.year_end(year - 1)).days // 7

    def starts(self, year: int) -> tuple[date, ...]:
        """First days of the twelve periods of the fiscal year.

        >>> [f"{day:%d %b}" for day in WeekCalendar("4-4-5", 12).starts(2026)][:4]
        ['28 Dec', '25 Jan', '22 Feb', '29 Mar']
        """
        first, weeks = self.year_end(year - 1) + timedelta(days=1), PATTERNS[self.pattern] * 4
        return tuple(first + _WEEK * sum(weeks[:period]) for period in range(12))

    def start(self, day: date, periods: int) -> date:
        """The first day of the stretch of so many periods (1, 3 or 12, from the year's first) that holds the day."""
        return max(start for start in self.starts(self.year_of(day))[::periods] if start <= day)

    def next_start(self, start: date, periods: int) -> date:
        """The first day after the stretch of so many periods that begins on ``start``."""
        year = self.year_of(start)
        return next((one for one in self.starts(year)[::periods] if one > start), self.starts(year + 1)[0])

    def period_number(self, start: date) -> int:
        """Which period of its year (1-12) holds the day."""
        return self.starts(self.year_of(start)).index(self.start(start, 1)) + 1


#: A fiscal calendar: the month (1-12) in which a year of months begins, or a calendar of weeks.
Fiscal = int | WeekCalendar


def first_month(fiscal: Fiscal) -> int:
    """The calendar month with which the fiscal year begins; for a calendar of weeks the one after its closing month.

    >>> first_month(10), first_month(WeekCalendar("4-4-5", 12))
    (10, 1)
    """
    return fiscal.closing_month % 12 + 1 if isinstance(fiscal, WeekCalendar) else fiscal
