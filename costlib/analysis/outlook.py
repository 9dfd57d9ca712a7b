"""The outlook: monthly spend of every leaf segment as joint sample paths, from the days of the bill.

Conventions: spend in one currency; months by their first day; paths are ``[segment, month, path]``, all segments on one
path share one future, so that any cut is the sum of its segments path by path. The first month is the one that the
history ends in: its days so far are actual, the rest forecast. A day of unknown cost is never 0: what is forecast from
it is filled (daily.py), and the sum of its month is unknown. Nothing planned is in here: launches, price changes and
levers are layers on top.

Method: days say most about the next weeks, months about the next years. The running month and the two after it come
from the daily history, later months from the monthly history (month_history.py). They are joined where both know a
month (joining.py); charges of a quarter or a year stand apart (seldom.py). What is billed by the day is forecast a day
(month_days.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend, Key, by_month
from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.forecast.rules import OWN_TREND
from costlib.analysis.joining import bent_soon, join
from costlib.analysis.month_days import goes_by_days, month_lengths
from costlib.analysis.month_history import month_history
from costlib.analysis.seldom import seldom_charges
from costlib.money import counted
from costlib.periods import add_months, month_start, whole_months

Array = NDArray[np.float64]
#: What is said of each segment.
Notes = tuple[tuple[str, ...], ...]

#: Months that come from the daily history: the running one and those after it.
DAILY_MONTHS = 3
PATHS = 1000


@dataclass(frozen=True, eq=False)
class Outlook:
    """Spend of the coming months beside that of the closed ones; equal to itself alone, so that it can be a key."""

    by: tuple[str, ...]
    keys: tuple[Key, ...]
    months: tuple[date, ...]
    paths: Array
    closed: tuple[date, ...]
    actual: Array
    """Spend of the closed months, ``[segment, month]``: 0 before a segment begins, NaN where a day of it is unknown."""
    to_date: Array
    """Spend of the running month so far, ``[segment]``, days of unknown cost filled; it is part of the paths."""
    notes: Notes

    def rows(self, dimension: str, value: str | None) -> list[int]:
        """The segments with this value of a dimension."""
        at = self.by.index(dimension)
        return [row for row, key in enumerate(self.keys) if key[at] == value]

    def spend(self, rows: Sequence[int] | None = None) -> Array:
        """Spend of the segments together, ``[month, path]``."""
        chosen = self.paths if rows is None else self.paths[list(rows)]
        total: Array = chosen.sum(axis=0)
        return total

    def booked(self, rows: Sequence[int] | None = None) -> Array:
        """Actual spend of the segments together in each closed month; NaN where that of one of them is unknown."""
        chosen = self.actual if rows is None else self.actual[list(rows)]
        total: Array = chosen.sum(axis=0)
        return total

    def drawn(self, count: int) -> Array:
        """The paths repeated or cut to ``count``, ``[segment, month, count]``."""
        return self.paths[:, :, np.arange(count) % self.paths.shape[2]]


def outlook(daily: DailySpend, months: int, *, paths: int = PATHS, seed: int = 1) -> Outlook:
    """The outlook over ``months`` months, the first being the one that the history ends in (the next, if it is full).

    Raises ValueError without a segment or a month.
    """
    if not daily.keys or months < 1:
        raise ValueError("an outlook needs at least one segment and one month")
    running = month_start(daily.window.end)
    ahead = tuple(add_months(running, step) for step in range(months))
    whole = daily.bridged()
    so_far = max((running - daily.window.start).days, 0)
    seldom = seldom_charges(whole, ahead)
    usual = seldom.usual
    to_date, usual_to_date = (np.nansum(one.spend[:, so_far:], axis=1) for one in (whole, usual))
    near, days = _near(usual, ahead[:DAILY_MONTHS], paths, seed)
    near[:, 0, :] += usual_to_date[:, None] + daily.misses(so_far, paths, seed + 1)
    closed = whole_months(daily.window)
    notes = _notes_together(_notes_together(seldom.notes, days.notes), _filled_notes(daily.bridges))
    joined = near
    if months > DAILY_MONTHS:
        joined, told = _later(month_history(usual, closed, near), (*closed, running), ahead, paths, seed)
        join(near, joined, days.stepped | (np.array(days.methods) == OWN_TREND))
        joined[days.ended, DAILY_MONTHS:] = 0.0
        notes = _notes_together(notes, told)
    joined[:, 0] += (to_date - usual_to_date)[:, None]
    seldom.add_to(joined, seed + 2)
    actual = np.where(daily.unknown, np.nan, np.nan_to_num(daily.spend))
    return Outlook(
        by=daily.by,
        keys=daily.keys,
        months=ahead,
        paths=joined,
        closed=closed,
        actual=by_month(actual, daily.window, closed),
        to_date=to_date,
        notes=notes,
    )


def _near(daily: DailySpend, months: Sequence[date], paths: int, seed: int) -> tuple[Array, Forecast]:
    """Paths of the first months from the daily history, of the running month what is left of it."""
    end = add_months(months[-1], 1)
    ahead = forecast(daily.spend, (end - daily.window.end).days, Frequency.DAY, daily.window.end)
    starts = [max((month - daily.window.end).days, 0) for month in months]
    return bent_soon(ahead.sums(paths, seed, starts)), ahead


def _later(
    completed: Array, lived: Sequence[date], ahead: Sequence[date], paths: int, seed: int
) -> tuple[Array, Notes]:
    """Paths of all months ahead, from the last of the near ones on by the months lived, and what is said of them.

    A segment that costs by the day is forecast in months of one length.
    """
    first, lengths = DAILY_MONTHS - 1, month_lengths(lived)
    by_days = goes_by_days(completed, lengths)[:, None]
    later = forecast(completed / np.where(by_days, lengths, 1.0), len(ahead) - 1, Frequency.MONTH)
    joined = np.empty((len(completed), len(ahead), paths))
    later.sums(paths, seed, range(first - 1, len(ahead) - 1), out=joined[:, first:])
    joined[:, first:] *= np.where(by_days, month_lengths(ahead[first:]), 1.0)[:, :, None]
    return joined, later.notes


def _filled_notes(bridges: Array) -> Notes:
    """How many days of each segment were filled."""
    counts = (~np.isnan(bridges)).sum(axis=1).tolist()
    return tuple((f"{counted(days, 'day')} of unknown cost filled, not taken as 0",) if days else () for days in counts)


def _notes_together(ones: Notes, others: Notes) -> Notes:
    return tuple(tuple(dict.fromkeys((*one, *other))) for one, other in zip(ones, others, strict=True))
