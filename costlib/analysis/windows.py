"""The windows that a page compares: last full month, month to date, last four weeks, each with the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from costlib.periods import Window, add_months, month_start

RUN_RATE_DAYS = 28


@dataclass(frozen=True)
class Compared:
    """A window and the earlier one of the same kind; ``before`` is None where the data does not reach back that far."""

    now: Window
    before: Window | None


def last_full_month(data: Window) -> Compared | None:
    """The last month that the data covers to its end, against the month before; None where there is none.

    >>> last_full_month(Window(date(2026, 7, 15), date(2026, 10, 21))).now
    Window(start=datetime.date(2026, 9, 1), end=datetime.date(2026, 10, 1))
    """
    end = month_start(data.end)
    now = Window(add_months(end, -1), end)
    return _compared(data, now, Window(add_months(end, -2), now.start)) if now.start >= data.start else None


def month_to_date(data: Window) -> Compared:
    """The month of the last day so far, against the same days of the month before.

    >>> month_to_date(Window(date(2026, 7, 15), date(2026, 10, 21))).before
    Window(start=datetime.date(2026, 9, 1), end=datetime.date(2026, 9, 21))
    """
    start = month_start(data.last)
    earlier = add_months(start, -1)
    end = min(earlier + timedelta(days=(data.end - start).days), start)
    return _compared(data, Window(max(start, data.start), data.end), Window(earlier, end))


def last_days(data: Window, days: int = RUN_RATE_DAYS) -> Compared | None:
    """The last days of the data, against as many before; None where the data is shorter."""
    now = Window(data.end - timedelta(days=days), data.end)
    return (
        _compared(data, now, Window(now.start - timedelta(days=days), now.start)) if now.start >= data.start else None
    )


def within(data: Window, window: Window) -> Window | None:
    """The window where the data covers all of it, else None: a part of it is nothing to compare a whole one with."""
    return window if data.start <= window.start and window.end <= data.end else None


def earliest(data: Window, months: int) -> date:
    """The first day of the month ``months`` before the month of the last day, not before the data begins."""
    return max(add_months(month_start(data.last), -months), data.start)


def _compared(data: Window, now: Window, before: Window) -> Compared:
    return Compared(now, before if before.start >= data.start else None)
