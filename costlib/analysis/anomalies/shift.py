"""Moving a segment's history to a new level, so that the days after a lasting change are judged by what is now."""

from __future__ import annotations

from datetime import date

import numpy as np

from costlib.analysis.anomalies.event import Row, Rows
from costlib.analysis.anomalies.usual import FEWEST_DAYS, WEEK
from costlib.periods import add_months, days_in_month

#: A shift seen in a weekly mean began so many days ago at most, at least.
_LONGEST_AGO, _SHORTEST_AGO = 13, 3
#: A price by the month moves with the month's length within its first days, give or take this share.
_FIRST_DAYS, _MONTH_LENGTH = 3, 0.02


def began(rows: Rows, day: int) -> int:
    """The day on which a shift seen on ``day`` began: from where the sum of deviations speaks loudest."""
    firsts = np.arange(max(day - _LONGEST_AGO, FEWEST_DAYS), day - _SHORTEST_AGO + 1)
    residual = ordinary(rows, slice(0, day + 1))
    sums = np.array([residual[first:].sum() for first in firsts])
    return int(firsts[np.argmax(np.abs(sums) / np.sqrt(day + 1 - firsts))])


def ordinary(rows: Rows, days: slice) -> Row:
    """Residuals of those days without those of strange ones."""
    return np.where(rows.surprise[days] == 0, rows.residual[days], 0.0)


def move_level(rows: Rows, first: int, day: int) -> float | None:
    """Move what was before ``first`` to the level of the days from there to ``day``: by a ratio or a step.

    The one that fits those days better is taken. Returns new over old cost, None where credits leave no ratio.
    """
    new = slice(first, day + 1)
    old = rows.expected[new].copy()
    cost = np.where(rows.known[new], rows.cost[new], old)
    ratio, step = _ratio(old, cost), float((cost - old).mean())
    factor, added = 1.0, step
    if ratio is not None and _misfit(cost, old * ratio) <= _misfit(cost, old + step):
        factor, added = ratio, 0.0
    for row in (rows.history, rows.base):
        row[:first] = row[:first] * factor + added
        _above_zero(rows, row, day)
    rows.residual[:first] *= factor
    rows.history[new] = cost
    rows.base[new] = old * factor + added
    rows.residual[new] = cost - rows.base[new]
    return ratio


def move_weekday(rows: Rows, day: int, deviation: float) -> None:
    """Move the history of one weekday to the level that it has on ``day``."""
    weekdays = slice(day % WEEK, day, WEEK)
    for row in (rows.history, rows.base):
        row[weekdays] = row[weekdays] + deviation
        _above_zero(rows, row, day)
    rows.history[day] = rows.cost[day]


def by_month_length(first: date, ratio: float) -> bool:
    """Whether a shift is what a price by the month does when the month's length changes.

    >>> by_month_length(date(2026, 2, 1), 31 / 28), by_month_length(date(2026, 2, 10), 31 / 28)
    (True, False)
    """
    lengths = days_in_month(add_months(first, -1)) / days_in_month(first)
    low, high = sorted((1.0, lengths))
    return first.day <= _FIRST_DAYS and lengths != 1 and low - _MONTH_LENGTH <= ratio <= high + _MONTH_LENGTH


def _above_zero(rows: Rows, row: Row, day: int) -> None:
    """What never was a credit so far is not moved below zero."""
    if rows.cost[: day + 1].min() >= 0:
        np.maximum(row, 0.0, out=row)


def _ratio(old: Row, new: Row) -> float | None:
    """New over old cost, where both are spending and not credits."""
    return float(new.sum() / old.sum()) if old.min() >= 0 and new.min() >= 0 and old.sum() > 0 else None


def _misfit(cost: Row, line: Row) -> float:
    return float(np.square(cost - line).sum())
