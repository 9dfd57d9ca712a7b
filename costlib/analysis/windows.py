"""The windows that a page compares: last full month, month to date, last four weeks, or any other, each with the one
before it.

Four weeks hold every day of the week as often as any other, but a charge that comes once a month not always: where
spend has such charges (``comes_monthly``) a month of days takes their place.

Conventions: ``missing`` are the first days of months of which no bill is loaded; a window with a day in one of them is
nothing to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.charges import MONTHLY, fixed_charges
from costlib.fiscal import Fiscal, WeekCalendar
from costlib.periods import (
    PERIODS,
    Grain,
    Window,
    add_months,
    meets,
    month_start,
    months_between,
    next_period,
    period_start,
    period_starts,
)

RUN_RATE_DAYS = 28
#: The days in which a charge must have come month after month: three months and the days around the first.
MONTHLY_DAYS = 125


@dataclass(frozen=True)
class Compared:
    """A window and the earlier one of the same kind; ``before`` is None where the data does not hold all of it, or
    where a bill of either ``is_missing``.
    """

    now: Window
    before: Window | None
    is_missing: bool = False


def last_full_month(data: Window, missing: Sequence[date] = ()) -> Compared | None:
    """The last month that the data covers to its end, against the month before; None where there is none.

    >>> last_full_month(Window(date(2026, 7, 15), date(2026, 10, 21))).now
    Window(start=datetime.date(2026, 9, 1), end=datetime.date(2026, 10, 1))
    """
    end = month_start(data.end)
    now = Window(add_months(end, -1), end)
    before = Window(add_months(end, -2), now.start)
    return _compared(data, now, before, missing) if now.start >= data.start else None


def last_billed_month(data: Window, missing: Sequence[date] = ()) -> Window | None:
    """The last full month of which a bill is loaded; None where there is none.

    >>> last_billed_month(Window(date(2026, 7, 15), date(2026, 10, 21)), [date(2026, 9, 1)]).start
    datetime.date(2026, 8, 1)
    """
    end = month_start(data.end)
    while add_months(end, -1) in missing:
        end = add_months(end, -1)
    now = Window(add_months(end, -1), end)
    return now if now.start >= data.start else None


def month_to_date(data: Window, missing: Sequence[date] = ()) -> Compared:
    """The month of the last day so far, against the same days of the month before.

    >>> month_to_date(Window(date(2026, 7, 15), date(2026, 10, 21))).before
    Window(start=datetime.date(2026, 9, 1), end=datetime.date(2026, 9, 21))
    """
    start = month_start(data.last)
    earlier = add_months(start, -1)
    end = min(earlier + timedelta(days=(data.end - start).days), start)
    return _compared(data, Window(max(start, data.start), data.end), Window(earlier, end), missing)


def last_days(data: Window, days: int = RUN_RATE_DAYS, missing: Sequence[date] = ()) -> Compared | None:
    """The last days of the data, against as many before; None where the data is shorter."""
    now = Window(data.end - timedelta(days=days), data.end)
    before = Window(now.start - timedelta(days=days), now.start)
    return _compared(data, now, before, missing) if now.start >= data.start else None


def last_month_of_days(data: Window, missing: Sequence[date] = ()) -> Compared | None:
    """The last days of the data in which each day of the month comes once, against the month before them; None where
    the data is shorter.

    >>> last_month_of_days(Window(date(2026, 7, 15), date(2026, 10, 6))).now
    Window(start=datetime.date(2026, 9, 6), end=datetime.date(2026, 10, 6))
    """
    now = _month_of_days(data.end)
    return _compared(data, now, _month_of_days(now.start), missing) if now.start >= data.start else None


def _month_of_days(end: date) -> Window:
    """The days before ``end`` in which the 1st to the 28th come once each; a whole month where one has just ended.

    >>> _month_of_days(date(2026, 3, 31)).start, _month_of_days(date(2026, 3, 1)).start
    (datetime.date(2026, 3, 1), datetime.date(2026, 2, 1))
    """
    day = timedelta(days=1)
    return Window(add_months(end, -1) if end.day == 1 else add_months(end - day, -1) + day, end)


def comes_monthly(costs: Mapping[date, Decimal | None], data: Window) -> bool:
    """Whether a charge larger than a usual day came on one day of each of the last three months: support, say.

    ``costs`` are those of days; a day without one cost nothing, one whose cost is None is unknown.

    >>> days = {date(2026, month, 3): Decimal(900) for month in (7, 8, 9)}
    >>> comes_monthly(days, Window(date(2026, 6, 1), date(2026, 10, 1)))
    True
    """
    days = [data.end - timedelta(days=back) for back in range(min(MONTHLY_DAYS, data.days), 0, -1)]
    known = (costs.get(day, Decimal(0)) for day in days)
    spend = np.array([[np.nan if cost is None else float(cost) for cost in known]])
    return fixed_charges(spend, data.end, 1, MONTHLY)[1] is not None


def unknown_periods(starts: Sequence[date], grain: Grain, fiscal: Fiscal, missing: Sequence[date]) -> frozenset[date]:
    """The periods that are unknown because no bill of these months is loaded.

    A quarter and a year are unknown where all of their months are; of any shorter period a day is enough.
    """
    unknown = _lies_in if grain in (Grain.QUARTER, Grain.YEAR) else meets
    windows = ((start, Window(start, next_period(start, grain, fiscal))) for start in starts)
    return frozenset(start for start, window in windows if missing and unknown(window, missing))


def missing_days(window: Window, missing: Sequence[date]) -> NDArray[np.bool_]:
    """Which days of the window lie in months of which no bill is loaded.

    >>> missing_days(Window(date(2026, 2, 27), date(2026, 3, 3)), [date(2026, 3, 1)]).tolist()
    [False, False, True, True]
    """
    found = np.zeros(window.days, dtype=bool)
    for month in missing:
        first, end = (max((day - window.start).days, 0) for day in (month, add_months(month, 1)))
        found[first:end] = True
    return found


def _lies_in(window: Window, months: Sequence[date]) -> bool:
    return all(month in months for month in period_starts(window, Grain.MONTH))


def within(data: Window, window: Window, missing: Sequence[date] = ()) -> Window | None:
    """The window where the data covers all of it, else None: a part of it is nothing to compare a whole one with."""
    covered = data.start <= window.start and window.end <= data.end
    return window if covered and not meets(window, missing) else None


def earliest(data: Window, months: int) -> date:
    """The first day of the month ``months`` before the month of the last day, not before the data begins."""
    return max(add_months(month_start(data.last), -months), data.start)


def _compared(data: Window, now: Window, before: Window, missing: Sequence[date]) -> Compared:
    if before.start < data.start:
        return Compared(now, None)
    is_missing = meets(before, missing) or meets(now, missing)
    return Compared(now, None if is_missing else before, is_missing)


def previous_window(window: Window, grain: Grain = Grain.MONTH, fiscal: Fiscal = 1) -> Window:
    """The window just before, moved back by whole periods of the grain that it is cut by.

    By month, a window that ends inside a month is compared with the same days of the earlier months, like with like; by
    quarter or fiscal year it goes back as many of those as it touches; by week whole weeks; by day as many days.

    >>> from costlib.periods import window_name
    >>> window_name(previous_window(Window(date(2026, 3, 1), date(2026, 4, 1))))
    'Feb 2026'
    >>> window_name(previous_window(Window(date(2026, 8, 1), date(2026, 10, 21))))
    '1 May 2026 to 20 Jul 2026'
    >>> window_name(previous_window(Window(date(2026, 7, 1), date(2026, 8, 21)), Grain.QUARTER))
    '1 Apr 2026 to 20 May 2026'
    >>> window_name(previous_window(Window(date(2026, 2, 1), date(2026, 3, 1)), Grain.DAY))
    '4 Jan 2026 to 31 Jan 2026'
    """
    match grain:
        case Grain.DAY | Grain.TOTAL:
            return _days_earlier(window, window.days)
        case Grain.WEEK:
            return _days_earlier(window, -(-window.days // 7) * 7)
        case Grain.MONTH if window.start.day != 1:
            return _days_earlier(window, window.days)
    if isinstance(fiscal, WeekCalendar) and grain in PERIODS:
        return _periods_earlier(window, grain, len(period_starts(window, grain, fiscal)), fiscal)
    first = period_start(window.start, grain, fiscal)
    after = next_period(period_start(window.last, grain, fiscal), grain, fiscal)
    return _months_earlier(window, months_between(first, after))


def year_before(window: Window, grain: Grain = Grain.MONTH, fiscal: Fiscal = 1) -> Window:
    """The same window one year earlier; 52 weeks earlier where it is cut by weeks (``grain``), as many days by day.

    Under a calendar of weeks, periods, quarters and years are compared with those of the fiscal year before.

    >>> from costlib.periods import window_name
    >>> window_name(year_before(Window(date(2026, 3, 1), date(2026, 4, 1))))
    'Mar 2025'
    >>> year_before(Window(date(2029, 2, 1), date(2029, 3, 1)), Grain.DAY).days
    28
    """
    if grain is Grain.WEEK:
        return _days_earlier(window, 52 * 7)
    if grain is Grain.DAY:
        start = add_months(window.start, -12)
        return Window(start, start + timedelta(days=window.days))
    if isinstance(fiscal, WeekCalendar) and grain in PERIODS:
        return _periods_earlier(window, grain, 12 // PERIODS[grain], fiscal)
    return _months_earlier(window, 12)


def _periods_earlier(window: Window, grain: Grain, count: int, fiscal: WeekCalendar) -> Window:
    """The same days of the periods so many before; where the window ends with a period, so does the earlier one."""
    last = period_start(window.last, grain, fiscal)
    first, earlier = period_start(window.start, grain, fiscal), period_start(window.last, grain, fiscal)
    into, over = window.start - first, window.end - last
    for _ in range(count):
        first, earlier = (period_start(one - timedelta(days=1), grain, fiscal) for one in (first, earlier))
    after = next_period(earlier, grain, fiscal)
    whole = window.end == next_period(last, grain, fiscal)
    return Window(first + into, after if whole else min(earlier + over, after))


def _days_earlier(window: Window, days: int) -> Window:
    return Window(window.start - timedelta(days=days), window.end - timedelta(days=days))


def _months_earlier(window: Window, months: int) -> Window:
    """The window moved back; where it ends with a month, so does the earlier one."""
    if window.end.day == 1:
        return Window(add_months(window.start, -months), add_months(window.end, -months))
    return Window(add_months(window.start, -months), add_months(window.last, -months) + timedelta(days=1))
