"""The outlook: monthly spend of every leaf segment as joint sample paths, from the days of the bill.

Conventions: spend in one currency; months by their first day; paths are ``[segment, month, path]``, all segments on one
path share one future, so that any cut is the sum of its segments path by path. The first month is the one that the
history ends in: its days so far are actual, the rest forecast. A day of unknown cost is never 0: what is forecast from
it takes a straight line between the days around it, and the sum of its month is unknown. Nothing planned is in here:
launches, price changes and levers are layers on top.

Method: days say most about the next weeks, months about the next years. The running month and the two after it come
from the daily history, later months from the monthly history with the running month completed. They are
joined where both know a month (joining.py). What is billed by the day is forecast a day (month_days.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.forecast.rules import OWN_TREND
from costlib.analysis.forecast.scale import bridged
from costlib.analysis.joining import bent_soon, join
from costlib.analysis.month_days import goes_by_days, month_lengths
from costlib.analysis.windows import missing_days
from costlib.periods import Window, add_months, month_start

Array = NDArray[np.float64]
Key = tuple[str | None, ...]
#: Days of one segment, counted from a window's first, beside what it cost on them; NaN (or None) is unknown.
Costs = tuple[ArrayLike, ArrayLike]

#: Months that come from the daily history: the running one and those after it.
DAILY_MONTHS = 3
PATHS = 1000
#: Under so many days of history a forecast is little more than the run rate.
SHORT_DAYS = 60


@dataclass(frozen=True)
class DailySpend:
    """Spend a segment and day, ``[segment, day]``: NaN before a segment begins and where a day's cost is unknown."""

    by: tuple[str, ...]
    keys: tuple[Key, ...]
    window: Window
    spend: Array

    @property
    def is_short(self) -> bool:
        """Whether the history is too short for more than the simplest forecast."""
        return self.window.days < SHORT_DAYS

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """The days of unknown cost after a segment began, all where none is known, ``[segment, day]``."""
        known = ~np.isnan(self.spend)
        begun = np.logical_or.accumulate(known, axis=1) | ~known.any(axis=1, keepdims=True)
        return np.asarray(begun & ~known)

    def bridged(self) -> DailySpend:
        """The same with a straight line over the days of unknown cost.

        >>> window = Window(date(2026, 1, 1), date(2026, 1, 6))
        >>> DailySpend((), ((),), window, np.array([[np.nan, 4.0, np.nan, 6.0, np.nan]])).bridged().spend.tolist()
        [[nan, 4.0, 5.0, 6.0, 6.0]]
        """
        return replace(self, spend=bridged(self.spend))

    def without(self, months: Sequence[date]) -> DailySpend:
        """The same with the days of these months unknown.

        >>> window = Window(date(2026, 1, 31), date(2026, 2, 3))
        >>> DailySpend((), ((),), window, np.array([[4.0, 0, 0]])).without([date(2026, 2, 1)]).spend.tolist()
        [[4.0, nan, nan]]
        """
        return replace(self, spend=np.where(missing_days(self.window, months), np.nan, self.spend))

    def unknown_in(self, window: Window, keys: Collection[Key]) -> DailySpend:
        """The same with the days of a window unknown to these segments."""
        spend = self.spend.copy()
        rows = [row for row, key in enumerate(self.keys) if key in keys]
        first, end = (max((day - self.window.start).days, 0) for day in (window.start, window.end))
        spend[rows, first:end] = np.nan
        return replace(self, spend=spend)

    @property
    def bridges(self) -> Array:
        """What that line says of the days of unknown cost, NaN on all other days, ``[segment, day]``."""
        return np.where(np.isnan(self.spend), self.bridged().spend, np.nan)

    @property
    def bridged_days(self) -> int:
        """How many days have a cost that is unknown, of any segment, and that a forecast takes from that line.

        >>> window = Window(date(2026, 1, 1), date(2026, 1, 5))
        >>> DailySpend((), (("a",), ("b",)), window, np.array([[5, np.nan, 7, 7], [np.nan] * 4])).bridged_days
        1
        """
        return int((~np.isnan(self.bridges)).any(axis=0).sum())


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
    """Spend of the running month so far, ``[segment]``, days of unknown cost bridged; it is part of the paths."""
    notes: tuple[tuple[str, ...], ...]

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


def daily_spend(by: Sequence[str], costs: Mapping[Key, Costs], window: Window) -> DailySpend:
    """The costs of each segment as a matrix; days without a cost cost nothing once a segment has begun.

    >>> window = Window(date(2026, 1, 1), date(2026, 1, 4))
    >>> daily_spend(["x_Team"], {("Ads",): ([1], [5.0])}, window).spend.tolist()
    [[nan, 5.0, 0.0]]
    """
    ordered = sorted(costs.items(), key=lambda one: tuple((part is None, part or "") for part in one[0]))
    found = {key: row for key, known in ordered if (row := _by_day(known, window.days)) is not None}
    spend = np.array(list(found.values())).reshape(len(found), window.days)
    return DailySpend(tuple(by), tuple(found), window, spend)


def _by_day(costs: Costs, days: int) -> Array | None:
    """Cost of each day of one segment, NaN before its first; None where none of them is among the days."""
    at, cost = np.array(costs[0], dtype=np.intp), np.array(costs[1], dtype=np.float64)
    inside = (at >= 0) & (at < days)
    if not inside.any():
        return None
    found = np.zeros(days)
    found[: at[inside].min()] = np.nan
    np.add.at(found, at[inside], cost[inside])
    return found


def outlook(daily: DailySpend, months: int, *, paths: int = PATHS, seed: int = 1) -> Outlook:
    """The outlook over ``months`` months, the first being the one that the history ends in (the next, if it is full).

    Raises ValueError without a segment or a month.
    """
    if not daily.keys or months < 1:
        raise ValueError("an outlook needs at least one segment and one month")
    running = month_start(daily.window.end)
    ahead = tuple(add_months(running, step) for step in range(months))
    whole = daily.bridged().spend
    to_date = np.nansum(whole[:, max((running - daily.window.start).days, 0) :], axis=1)
    near, days = _near(daily, to_date, ahead[:DAILY_MONTHS], paths, seed)
    closed = _closed_months(daily.window, running)
    notes = days.notes
    joined = near
    if months > DAILY_MONTHS:
        lived = _by_month(~np.isnan(whole), daily.window, closed) > 0
        history = np.where(lived, _by_month(np.nan_to_num(whole), daily.window, closed), np.nan)
        completed = np.column_stack([history, np.median(near[:, 0, :], axis=1)])
        joined, told = _later(completed, (*closed, running), ahead, paths, seed)
        join(near, joined, np.array(days.methods) == OWN_TREND)
        notes = tuple(tuple(dict.fromkeys((*one, *other))) for one, other in zip(notes, told, strict=True))
    actual = np.where(daily.unknown, np.nan, np.nan_to_num(daily.spend))
    return Outlook(
        by=daily.by,
        keys=daily.keys,
        months=ahead,
        paths=joined,
        closed=closed,
        actual=_by_month(actual, daily.window, closed),
        to_date=to_date,
        notes=notes,
    )


def _near(daily: DailySpend, to_date: Array, months: Sequence[date], paths: int, seed: int) -> tuple[Array, Forecast]:
    """Paths of the first months from the daily history, what the running month cost to date included."""
    end = add_months(months[-1], 1)
    ahead = forecast(daily.spend, (end - daily.window.end).days, Frequency.DAY, daily.window.end)
    starts = [max((month - daily.window.end).days, 0) for month in months]
    near = bent_soon(ahead.sums(paths, seed, starts))
    near[:, 0, :] += to_date[:, None]
    return near, ahead


def _later(
    completed: Array, lived: Sequence[date], ahead: Sequence[date], paths: int, seed: int
) -> tuple[Array, tuple[tuple[str, ...], ...]]:
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


def _closed_months(window: Window, running: date) -> tuple[date, ...]:
    """The whole months of the window before the running one."""
    first = month_start(window.start)
    first = first if first == window.start else add_months(first, 1)
    months = []
    while first < running:
        months.append(first)
        first = add_months(first, 1)
    return tuple(months)


def _by_month(days: Array | NDArray[np.bool_], window: Window, months: Sequence[date]) -> Array:
    """Sums of the days of each month, ``[segment, month]``; NaN where one of them is."""
    places = [((month - window.start).days, (add_months(month, 1) - window.start).days) for month in months]
    sums = [days[:, first:end].sum(axis=1) for first, end in places]
    return np.column_stack(sums) if sums else np.empty((len(days), 0))
