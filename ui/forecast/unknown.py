"""Days of unknown cost under the Forecast page: what stands in for them in a horizon, and what the page says of them.

Conventions: a day of a segment is unknown where no line item of it says what it cost, where no bill of its month is
loaded, or where its bill does not hold it in full yet. One where some do counts as what
they say, as on every page. A segment of which no day is known has nothing that could stand in.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from costlib import money
from costlib.analysis.daily import DailySpend
from costlib.periods import Window


def bridged(days: DailySpend | None, dimension: str, window: Window) -> dict[str | None, Decimal]:
    """What stands in for days of unknown cost in the window, to the cent, by the values of the dimension that have any.

    >>> from datetime import date
    >>> march = Window(date(2026, 3, 1), date(2026, 3, 4))
    >>> days = DailySpend(("x_Team",), (("Ads",), ("Web",)), march, np.array([[5, np.nan, 7], [1.0, 1, 1]]))
    >>> bridged(days, "x_Team", march)
    {'Ads': Decimal('6.00')}
    """
    if days is None or not days.unknown.any():
        return {}
    first, end = ((day - days.window.start).days for day in (window.start, window.end))
    at = days.by.index(dimension)
    found: dict[str | None, Decimal] = {}
    for key, row in zip(days.keys, days.bridges[:, first:end], strict=True):
        if not np.isnan(row).all():
            found[key[at]] = found.get(key[at], Decimal(0)) + money.cents(Decimal(repr(float(np.nansum(row)))))
    return found


def unknown_words(days: DailySpend | None) -> list[str]:
    """That the bills do not say in full what some days cost, and what stands in for them; nothing where all are known.

    >>> from datetime import date
    >>> window = Window(date(2026, 3, 1), date(2026, 3, 4))
    >>> unknown_words(DailySpend(("x_Team",), (("Ads",),), window, np.array([[5, np.nan, 7]])))[0].partition(".")[0]
    'The bills do not say in full what 1 day cost in every part (team, model and stage)'
    """
    count = days.bridged_days if days else 0
    if days is None or not count:
        return []
    said = money.counted(count, "day")
    touched = int((~np.isnan(days.bridges)).any(axis=1).sum())
    every = touched == len(days.keys)
    parts = "every part" if every else f"{money.count(touched)} of {money.count(len(days.keys))} parts"
    return [
        f"The bills do not say in full what {said} cost in {parts} (team, model and stage). The forecast counts such a "
        "day like those around it; what was spent is shown as far as it is billed."
    ]
