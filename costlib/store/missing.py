"""Months without a bill: what they cost is unknown, not 0.

A month is missing where it lies between the first and the last day of usage, no charge has its day in it, and no bill
of it is loaded. That one of several bills of a month is missing cannot be told: it may have had no charge.
"""

from __future__ import annotations

from datetime import date

from costlib.focus import MONTH
from costlib.periods import Grain, month_start, period_starts
from costlib.store.question import Question
from costlib.store.reader import Reader


def missing_months(reader: Reader) -> tuple[date, ...]:
    """First days of the months between the first and the last usage of which no bill is loaded, in order."""
    window = reader.window()
    if window is None:
        return ()
    rows = reader.ask(Question((MONTH,), grain=Grain.MONTH))
    billed = {month_start(date.fromisoformat(row.values[0])) for row in rows if row.values[0]}
    held = billed | {row.period for row in rows}
    return tuple(month for month in period_starts(window, Grain.MONTH) if month not in held)
