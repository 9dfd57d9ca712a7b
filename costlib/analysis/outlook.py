"""The outlook: monthly spend of every leaf segment as joint sample paths, from the days of the bill.

Conventions: spend in one currency; months by their first day; paths are ``[segment, month, path]``, all segments on one
path share one future, so that any cut is the sum of its segments path by path. The first month is the one that the
history ends in: its days so far are actual, the rest forecast. Nothing planned is in here: launches, price changes and
levers are layers on top.

Method: days say most about the next weeks, months about the next years. The running month and the two after it come
from the daily history, later months from the monthly history with the running month completed. Where both know a month,
later months are moved half the way (in logs) to what the days say, and paths are joined by their rank in that month.
Half the way was best of none, half and all of it on public daily series of two years, three to six months ahead.
A short history cannot measure how far off a year may go; the later paths of a segment are therefore bent so that none
leaves its likely course by more than a factor of 1.6 in half a year, in logs and with the root of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.periods import Window, add_months, month_start

Array = NDArray[np.float64]
Key = tuple[str | None, ...]
#: Days of one segment, counted from a window's first, beside what it cost on them; None is unknown.
Costs = tuple[Sequence[int], Sequence[float | None]]

#: Months that come from the daily history: the running one and those after it.
DAILY_MONTHS = 3
PATHS = 1000
_CHUNK = 250
_BENT_AT_ONCE = 10
#: How far a path may leave the likely course: so much in logs, after so many months.
_FURTHEST, _FURTHEST_AFTER = float(np.log(1.6)), 6.0
#: The same for the months that come from days; one wild past origin of a young segment would else make their mean.
_FURTHEST_SOON = float(np.log(2.0))
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


@dataclass(frozen=True, eq=False)
class Outlook:
    """Spend of the coming months beside that of the closed ones; equal to itself alone, so that it can be a key."""

    by: tuple[str, ...]
    keys: tuple[Key, ...]
    months: tuple[date, ...]
    paths: Array
    closed: tuple[date, ...]
    actual: Array
    """Spend of the closed months, ``[segment, closed month]``; NaN before a segment begins."""
    to_date: Array
    """Spend of the running month so far, ``[segment]``; it is part of the paths."""
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
        """Actual spend of the segments together in each closed month."""
        chosen = self.actual if rows is None else self.actual[list(rows)]
        total: Array = np.nansum(chosen, axis=0)
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
    near, days = _near(daily, ahead[:DAILY_MONTHS], paths, seed)
    closed, monthly = _closed_months(daily, running)
    notes = days.notes
    joined = near
    if months > DAILY_MONTHS:
        completed = np.column_stack([monthly, np.median(near[:, 0, :], axis=1)])
        later = forecast(completed, months - 1, Frequency.MONTH)
        joined = _joined(near, later.sums(paths, seed, range(DAILY_MONTHS - 2, months - 1)))
        notes = tuple(tuple(dict.fromkeys((*one, *other))) for one, other in zip(notes, later.notes, strict=True))
    so_far = daily.spend[:, (running - daily.window.start).days :] if running >= daily.window.start else daily.spend
    return Outlook(
        by=daily.by,
        keys=daily.keys,
        months=ahead,
        paths=joined,
        closed=closed,
        actual=monthly,
        to_date=np.nansum(so_far, axis=1),
        notes=notes,
    )


def _near(daily: DailySpend, months: Sequence[date], paths: int, seed: int) -> tuple[Array, Forecast]:
    """Paths of the first months from the daily history, the days so far of the running month included."""
    end = add_months(months[-1], 1)
    ahead = forecast(daily.spend, (end - daily.window.end).days, Frequency.DAY, daily.window.end)
    starts = [max((month - daily.window.end).days, 0) for month in months]
    chunks = [ahead.sums(min(_CHUNK, paths - at), seed + at, starts) for at in range(0, paths, _CHUNK)]
    near: Array = _bent(np.concatenate(chunks, axis=2), np.full(len(months), _FURTHEST_SOON))
    so_far = max((months[0] - daily.window.start).days, 0)
    near[:, 0, :] += np.nansum(daily.spend[:, so_far:], axis=1)[:, None]
    return near, ahead


def _closed_months(daily: DailySpend, running: date) -> tuple[tuple[date, ...], Array]:
    """The whole months of the history and their spend; a month in which a segment began counts as it is."""
    first = month_start(daily.window.start + timedelta(days=27)) if daily.window.start.day > 1 else daily.window.start
    first = first if first >= daily.window.start else add_months(first, 1)
    months = []
    while first < running:
        months.append(first)
        first = add_months(first, 1)
    columns = []
    for month in months:
        at = (month - daily.window.start).days
        days = daily.spend[:, at : at + (add_months(month, 1) - month).days]
        columns.append(np.where(np.isnan(days).all(axis=1), np.nan, np.nansum(days, axis=1)))
    return tuple(months), np.column_stack(columns) if columns else np.empty((len(daily.keys), 0))


def _joined(near: Array, later: Array) -> Array:
    """Near months, then the later ones: anchored where both know a month, and in the order of its paths.

    ``later`` begins with the last of the near months.
    """
    soon, known = near.shape[1], near[:, -1]
    anchor = _anchor(known, later[:, 0])[:, None, None]
    by_rank = np.argsort(np.nansum(later[:, 0], axis=0), kind="stable")
    rank = np.argsort(np.argsort(np.nansum(known, axis=0), kind="stable"), kind="stable")
    order = by_rank[rank]
    furthest = _FURTHEST * np.sqrt(np.arange(soon, soon + later.shape[1] - 1) / _FURTHEST_AFTER)
    joined = np.empty((len(near), soon + later.shape[1] - 1, near.shape[2]))
    joined[:, :soon] = near
    for rows in _few_at_once(len(near)):
        beyond = _bent_rows(later[rows, 1:] * anchor[rows], furthest[:, None])
        np.take(beyond, order, axis=2, out=joined[rows, soon:], mode="clip")
    return joined


def _bent(paths: Array, furthest: Array) -> Array:
    """Paths of positive segments bent to at most ``furthest`` from their median, in logs, one limit a month."""
    bent = np.empty_like(paths)
    for rows in _few_at_once(len(paths)):
        bent[rows] = _bent_rows(paths[rows], furthest[:, None])
    return bent


def _few_at_once(segments: int) -> Iterator[slice]:
    """The segments, so few at a time that they stay in the processor's cache."""
    return (slice(at, at + _BENT_AT_ONCE) for at in range(0, segments, _BENT_AT_ONCE))


def _bent_rows(paths: Array, most: Array) -> Array:
    """A few segments of ``_bent``."""
    likely = np.median(paths, axis=2, keepdims=True)
    positive = (likely > 0) & (paths > 0)
    bent = np.divide(paths, likely, out=np.ones_like(paths), where=positive)
    np.log(bent, out=bent)
    bent /= most
    np.tanh(bent, out=bent)
    bent *= most
    np.exp(bent, out=bent)
    bent *= likely
    np.copyto(bent, paths, where=~positive)
    return bent


def _anchor(days: Array, months: Array) -> Array:
    """Half the way, in logs, from what the months say to what the days say; at most to twice or half of it."""
    said, expected = np.median(days, axis=1), np.median(months, axis=1)
    both = (said > 0) & (expected > 0)
    gap = np.divide(said, expected, out=np.ones_like(said), where=both)
    factor: Array = np.sqrt(np.clip(gap, 0.5, 2.0))
    return factor
