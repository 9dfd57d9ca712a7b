"""What the record would have been, had a forecast been locked at the end of every month so far.

Conventions: as in record.py. Each replayed version knows the days up to its month's end and nothing after; what has
been restated since (late line items, credits) is in the history that it sees, which a version locked at the time did
not have. So a replayed version says so (``Version.replayed``), and a page does too.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from costlib.analysis.daily import DailySpend
from costlib.analysis.outlook import outlook
from costlib.analysis.ranges import LEVEL, amount
from costlib.analysis.record import Actuals, Version, locked
from costlib.periods import Window, add_months, month_start, whole_months

#: Versions and months ahead of a replay, paths of each, and days of history below which none is made.
VERSIONS, MONTHS, PATHS, FEWEST_DAYS = 12, 12, 400, 60


def replayed(
    daily: DailySpend,
    measure: str,
    currency: str,
    generation: str = "",
    versions: int = VERSIONS,
    months: int = MONTHS,
    level: float = LEVEL,
) -> tuple[Version, ...]:
    """A version for each of the last ``versions`` month ends that has a closed month after it, oldest first.

    A version knows at least 60 days of history, and only the segments that had begun.

    >>> flat = DailySpend(("x_Team",), (("Ads",),), Window(date(2026, 1, 1), date(2026, 6, 1)), np.full((1, 151), 2.0))
    >>> [one.version for one in replayed(flat, "EffectiveCost", "USD")]
    ['replayed 2026-03', 'replayed 2026-04']
    """
    ends = [add_months(month, 1) for month in whole_months(daily.window)[:-1]]
    usable = [end for end in ends if (end - daily.window.start).days >= FEWEST_DAYS][-versions:]
    found = []
    for end in usable:
        known = until(daily, end)
        if known.keys:
            found.append(
                locked(
                    outlook(known, months, paths=PATHS),
                    version=f"replayed {add_months(end, -1):%Y-%m}",
                    locked_on=end,
                    data_until=end - timedelta(days=1),
                    generation=generation,
                    measure=measure,
                    currency=currency,
                    level=level,
                    replayed=True,
                )
            )
    return tuple(found)


def until(daily: DailySpend, end: date) -> DailySpend:
    """What was known on the morning of ``end``: the days before it, of the segments that had begun."""
    days = daily.spend[:, : (end - daily.window.start).days]
    begun = np.flatnonzero(~np.isnan(days).all(axis=1))
    keys = tuple(daily.keys[row] for row in begun)
    return DailySpend(daily.by, keys, Window(daily.window.start, end), days[begun])


def actuals_of(daily: DailySpend) -> Actuals:
    """The closed months of daily cost, to the cent: 0 before a segment begins, unknown where a day of it is later."""
    months = whole_months(daily.window)
    begun = np.logical_or.accumulate(~np.isnan(daily.spend), axis=1)
    spend = np.where(begun, daily.spend, 0.0)
    places = [(month - daily.window.start).days for month in (*months, month_start(daily.window.end))]
    sums = [spend[:, first:end].sum(axis=1) for first, end in pairwise(places)]
    cost = tuple(tuple(amount(float(one[row])) for one in sums) for row in range(len(daily.keys)))
    return Actuals(daily.keys, months, cost)
