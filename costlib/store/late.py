"""Accounts whose bill of the running month is late: they were used on such days before, and are silent now.

Vendors often send one bill a month, and a loader that breaks is silent too. Up to a week is no news (``unfinished``).
An account that had stopped a week before the running month began has ended, or ``absences`` tells of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from datetime import date, timedelta

from costlib.periods import Grain, Window, add_months, month_start
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.unfinished import ACCOUNT_NAMES, MOST_LAG, Account

#: A day is expected where its like was used in so many months before, or every day was of so many.
_MONTHS, _DAYS = 3, 28


def late_accounts(reader: Reader, window: Window) -> dict[Account, tuple[date, date]]:
    """By account, its last day with usage and the first of the running month on which it is missed."""
    running = month_start(window.end)
    if running == window.end:
        return {}
    looked = Window(add_months(running, -_MONTHS - 1), window.end)
    usage = (Filter("ChargeCategory", ("Usage",)),)
    used: defaultdict[Account, set[date]] = defaultdict(set)
    for row in reader.ask(Question(ACCOUNT_NAMES, grain=Grain.DAY, window=looked, filters=usage)):
        if row.period:
            used[row.values[0], row.values[1]].add(row.period)
    found = ((account, max(days), first_missed(days, window.last)) for account, days in used.items())
    return {
        account: (last, max(missed, running))
        for account, last, missed in found
        if missed and (running - missed).days <= MOST_LAG < (window.end - missed).days
    }


def first_missed(used: Set[date], last: date) -> date | None:
    """The first day after the newest used one, and not after ``last``, that was to be used too.

    >>> year = {date(2026, month, 1) for month in range(1, 10)}
    >>> first_missed(year, date(2026, 9, 30)), first_missed(year, date(2026, 10, 1))
    (None, datetime.date(2026, 10, 1))
    """
    newest = max(used)
    following = [newest + timedelta(days=ahead) for ahead in range(1, (last - newest).days + 1)]
    if following and all(newest - timedelta(days=back) in used for back in range(_DAYS)):
        return following[0]
    return next((day for day in following if _was_used_monthly(used, day)), None)


def _was_used_monthly(used: Set[date], day: date) -> bool:
    return all(add_months(day, -back) in used for back in range(1, _MONTHS + 1))
