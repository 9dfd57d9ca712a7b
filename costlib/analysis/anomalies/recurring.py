"""Charges that come again: on the same day of the month, on the same weekday, or now and then.

A charge is what a strange day cost more, or less, than expected (``Rows.surprise``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from costlib.analysis.anomalies.event import Rows
from costlib.analysis.anomalies.usual import MEMORY
from costlib.periods import add_months, days_in_month

#: A charge that comes again may change by this share ...
_ALIKE = 0.3
#: ... and, on top, by as many spreads as one day differs from another.
_NOISE_ALIKE = 2.0
#: A monthly charge may come so many days sooner or later; so many days within that may be as strange, or half.
_NEAR, _ALONE = 3, 2
_AROUND = (0, -1, 1, -2, 2, -3, 3)
#: A segment that costs nothing on this share of days, or more, is sparse; it is judged against its own charges once
#: there are this many, and strange beyond this many times the largest.
_SPARSE, FEWEST_CHARGES, _SPARSE_MARGIN = 0.6, 3, 2.0


def alike(rows: Rows, day: int, deviation: float, earlier: float) -> bool:
    """Whether a deviation is an earlier charge come again: the same direction, and about the same size."""
    room = _ALIKE * abs(earlier) + _NOISE_ALIKE * float(rows.spread[day])
    return deviation * earlier > 0 and abs(deviation - earlier) <= room


def known_size(rows: Rows, day: int, size: float) -> bool:
    """Whether the segment mostly costs nothing, and has had charges of about this size before."""
    if np.mean(rows.cost[max(day - MEMORY, 0) : day] == 0) < _SPARSE:
        return False
    charges = np.abs(rows.surprise[:day])
    return bool((charges > 0).sum() >= FEWEST_CHARGES and size <= _SPARSE_MARGIN * charges.max())


def monthly_part(rows: Rows, dates: Sequence[date], day: int, deviation: float, strange: bool) -> float:
    """How much of a deviation a monthly charge explains: all of it where it came again, else what was due.

    A charge is due that came on the same day of the two months before; that it did not come is kept in the rows.
    """
    last, earlier = _a_month_before(dates[day], day, 1), _a_month_before(dates[day], day, 2)
    if strange and any(_alone(rows, one) and alike(rows, day, deviation, float(rows.surprise[one])) for one in last):
        return deviation
    if not last or not earlier:
        return 0.0
    due, before = float(rows.surprise[last[0]]), float(rows.surprise[earlier[0]])
    if not (alike(rows, day, due, before) and _alone(rows, last[0]) and _alone(rows, earlier[0])):
        return 0.0
    rows.monthly[day] = due
    return due


def _alone(rows: Rows, day: int) -> bool:
    """Whether a strange day stands out of the days around it: a charge, and no part of a longer story."""
    around = np.abs(rows.surprise[max(day - _NEAR, 0) : day + _NEAR + 1])
    return int((around >= abs(rows.surprise[day]) / 2).sum()) <= _ALONE


@lru_cache(maxsize=2048)
def _a_month_before(today: date, day: int, months: int) -> tuple[int, ...]:
    """The same day so many months before, the month's end for a month's end; then the days around it.

    It is the same for all segments, each of which asks on every day.
    """
    then = add_months(today, -months)
    if today.day == days_in_month(today):
        then = then.replace(day=days_in_month(then))
    number = day - (today - then).days
    return tuple(one for away in _AROUND if (one := number + away) >= 0)
