"""What every sum leaves out, in words: line items whose cost no bill says, and bills that are not loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from costlib import money
from costlib.focus import MEASURE_NAMES
from costlib.periods import Grain, period_name

#: Missing months, and silent accounts, that are named one by one.
_NAMED = 3


def left_out_words(line_items: int, measure: str) -> str:
    """That sums are made without so many line items; nothing where there are none.

    >>> left_out_words(1200, "ListCost")
    '1,200 line items of unknown list cost are left out of sums'
    >>> left_out_words(1, "EffectiveCost"), left_out_words(0, "EffectiveCost")
    ('1 line item of unknown effective cost is left out of sums', '')
    """
    if not line_items:
        return ""
    what, verb = MEASURE_NAMES.get(measure, measure), "is" if line_items == 1 else "are"
    return f"{money.counted(line_items, 'line item')} of unknown {what} {verb} left out of sums"


def missing_words(months: Sequence[date]) -> str:
    """That no bill of these months is loaded; nothing where there are none.

    >>> missing_words([date(2026, 3, 1)])
    'NO BILL of Mar 2026 is loaded: its cost is unknown'
    >>> missing_words([date(2026, 3, 1), date(2026, 4, 1)]), missing_words([])
    ('NO BILL of Mar 2026, Apr 2026 is loaded: their cost is unknown', '')
    >>> missing_words([date(2026, month, 1) for month in (1, 2, 3, 5)])
    'NO BILL of 4 months from Jan 2026 to May 2026 is loaded: their cost is unknown'
    """
    if not months:
        return ""
    names = [period_name(month, Grain.MONTH) for month in months]
    said = ", ".join(names) if len(names) <= _NAMED else f"{len(names)} months from {names[0]} to {names[-1]}"
    return f"NO BILL of {said} is loaded: {'its' if len(names) == 1 else 'their'} cost is unknown"


def silent_words(accounts: Sequence[tuple[str, date]]) -> str:
    """That some accounts, each with its last month, have had no bill since; nothing where all have.

    >>> azure = ("Microsoft (9021)", date(2026, 7, 1))
    >>> silent_words([azure]), silent_words([])
    ('NO USAGE on a bill of Microsoft (9021) since Jul 2026', '')
    >>> silent_words([azure] * 4)
    'NO USAGE on bills of 4 accounts since Jul 2026 or later (see Sources)'
    """
    if len(accounts) > _NAMED:
        first = period_name(min(last for _, last in accounts), Grain.MONTH)
        return f"NO USAGE on bills of {len(accounts)} accounts since {first} or later (see Sources)"
    said = (f"{name} since {period_name(last, Grain.MONTH)}" for name, last in accounts)
    return f"NO USAGE on a bill of {', '.join(said)}" if accounts else ""
