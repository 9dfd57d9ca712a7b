"""Spend a segment and day, as the bill says it, and what stands in for days that it does not say.

Conventions: spend in one currency, ``[segment, day]`` from a window's first day on; NaN before a segment begins and
where a day's cost is unknown. An unknown day inside a segment is filled by the same weekdays around it, one at its end
by what the days before let expect; a monthly charge stands where it fell due. What is filled at the end may be off:
``misses`` says by how much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from costlib.analysis.forecast.charges import bridged_days
from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import DAILY, Frequency
from costlib.analysis.windows import missing_days
from costlib.periods import Window, add_months

Array = NDArray[np.float64]
Key = tuple[str | None, ...]
#: Days of one segment, counted from a window's first, beside what it cost on them; NaN (or None) is unknown.
Costs = tuple[ArrayLike, ArrayLike]

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
    def unknown(self) -> NDArray[np.bool_]:
        """The days of unknown cost after a segment began, all where none is known, ``[segment, day]``."""
        known = ~np.isnan(self.spend)
        begun = np.logical_or.accumulate(known, axis=1) | ~known.any(axis=1, keepdims=True)
        return np.asarray(begun & ~known)

    def bridged(self) -> DailySpend:
        """The same with days of unknown cost filled.

        >>> window = Window(date(2026, 1, 1), date(2026, 1, 5))
        >>> DailySpend((), ((),), window, np.array([[np.nan, 4.0, np.nan, 6.0]])).bridged().spend.tolist()
        [[nan, 4.0, 5.0, 6.0]]
        """
        return self if self._inside is self.spend else replace(self, spend=self._filled)

    def misses(self, first: int, paths: int, seed: int) -> Array:
        """By how much the days from ``first`` on may cost more than ``bridged`` says, ``[segment, path]``: 0 where the
        bill holds them.
        """
        found = np.zeros((len(self.keys), paths))
        for one in self._endings:
            before = max(one.known, first) - one.known
            sums = one.ahead.sums(paths, seed, [before])[one.rows, 0]
            found[one.rows] = sums - one.ahead.mean[one.rows, before:].sum(axis=1, keepdims=True)
        return found

    @cached_property
    def _inside(self) -> Array:
        """The spend with gaps inside a segment filled; itself where nothing is unknown."""
        return bridged_days(self.spend, self.window.end, DAILY.gap_season)

    @cached_property
    def _filled(self) -> Array:
        filled = self._inside.copy()
        for one in self._endings:
            filled[one.rows, one.known :] = one.ahead.mean[one.rows]
        return filled

    @cached_property
    def _endings(self) -> tuple[_Ending, ...]:
        return tuple(self._forecast_endings())

    def _forecast_endings(self) -> Iterator[_Ending]:
        unknown = np.isnan(self.spend)
        lacking = np.where(unknown.all(axis=1), 0, np.argmin(unknown[:, ::-1], axis=1))
        for days in np.unique(lacking[lacking > 0]).tolist():
            known, end = self.window.days - days, self.window.end - timedelta(days=days)
            ahead = forecast(self._inside[:, :known], days, Frequency.DAY, end)
            yield _Ending(np.flatnonzero(lacking == days), known, ahead)

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
        """What is taken for the days of unknown cost, NaN on all other days, ``[segment, day]``."""
        return np.where(np.isnan(self.spend), self.bridged().spend, np.nan)

    @property
    def bridged_days(self) -> int:
        """How many days have a cost that is unknown, of any segment, and that a forecast fills.

        >>> window = Window(date(2026, 1, 1), date(2026, 1, 5))
        >>> DailySpend((), (("a",), ("b",)), window, np.array([[5, np.nan, 7, 7], [np.nan] * 4])).bridged_days
        1
        """
        return int((~np.isnan(self.bridges)).any(axis=0).sum())


@dataclass(frozen=True)
class _Ending:
    """Segments whose days are known so far, and the forecast, of all segments, of the days after."""

    rows: NDArray[np.intp]
    known: int
    ahead: Forecast


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


def by_month(days: Array | NDArray[np.bool_], window: Window, months: Sequence[date]) -> Array:
    """Sums of the days of each month, ``[segment, month]``; NaN where one of them is."""
    places = [((month - window.start).days, (add_months(month, 1) - window.start).days) for month in months]
    sums = [days[:, first:end].sum(axis=1) for first, end in places]
    return np.column_stack(sums) if sums else np.empty((len(days), 0))
