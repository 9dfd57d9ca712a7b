"""The months of a daily history, as a forecast of months should see them: each one what a whole usual month cost.

Conventions: as in outlook.py; ``[segment, month]`` in money, the running month last. A month in which a segment began
is not one of its months: 12 days of a new team, then 31, would be growth. The running month is what its days so far and
those left come to, without what came once (a refund, a fee for a year); of a segment that began in it, it is what the
days say of the month after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend, by_month
from costlib.analysis.forecast.charges import one_offs
from costlib.periods import days_in_month

Array = NDArray[np.float64]

#: Days that are looked at to tell what came once.
_YEAR = 365


def month_history(whole: DailySpend, closed: Sequence[date], near: Array) -> Array:
    """The closed months and the running one; ``near`` ``[segment, month, path]`` are paths of the running month and of
    those after it. NaN before the first whole month of a segment.

    ``whole`` has no day of unknown cost.

    >>> from costlib.periods import Window
    >>> days = np.array([[np.nan] * 20 + [4.0] * 47])  # from 21 January to 8 March
    >>> whole = DailySpend((), ((),), Window(date(2026, 1, 1), date(2026, 3, 9)), days)
    >>> month_history(whole, [date(2026, 1, 1), date(2026, 2, 1)], np.full((1, 3, 9), 124.0)).tolist()
    [[nan, 112.0, 124.0]]
    """
    lengths = np.array([days_in_month(month) for month in closed])
    is_whole = by_month(~np.isnan(whole.spend), whole.window, closed) == lengths
    months = np.where(is_whole, by_month(whole.spend, whole.window, closed), np.nan)
    return np.column_stack([months, _running(whole, np.median(near, axis=2))])


def _running(whole: DailySpend, likely: Array) -> Array:
    so_far = (whole.window.end - timedelta(days=1)).day if whole.window.end.day > 1 else 0
    if not so_far:
        return likely[:, 0]
    once = one_offs(whole.spend[:, -_YEAR:], whole.window.end)[:, -so_far:].sum(axis=1)
    is_new = np.isnan(whole.spend[:, -so_far:]).any(axis=1)
    return np.where(is_new, likely[:, 1], likely[:, 0] - once)
