"""Where the open month will end: its days so far and a forecast of the rest.

Conventions: as in outlook.py; daily cost in one currency, figures are money to the cent. A *day* is the number of days
of the month that are known. Beside the forecast stand the two rules that a page would otherwise show: the run rate
(days so far and the mean of the last 28 days for each day left) and the month to date (days so far, in proportion).
``error`` is the mean absolute error over the actual month, a share of 0 to 1, of all segments together. A day of
unknown cost is filled from the days around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.baselines import run_rate
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.ranges import LEVEL, Key, amount
from costlib.analysis.replay import closed_months, until
from costlib.periods import days_in_month, month_start

Array = NDArray[np.float64]

OURS, RUN_RATE, TO_DATE = "forecast", "run rate", "month to date"
#: Days of the month at which the record is taken, and months that it goes back.
ON_DAYS, MONTHS = (5, 10, 22), 12
_WINDOW = 28
#: Days of history before the month below which nothing is replayed.
_FEWEST_DAYS = 28


@dataclass(frozen=True)
class Landing:
    """Where one segment's month ends; ``key`` is None for all together. None is not known."""

    key: Key | None
    so_far: Decimal
    p50: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    run_rate: Decimal | None
    to_date: Decimal | None


@dataclass(frozen=True)
class MonthEnd:
    """The month in which the data end, ``days_known`` of ``days`` of it known; a closed month's range has no width."""

    month: date
    days_known: int
    days: int
    level: float
    total: Landing
    segments: tuple[Landing, ...]


@dataclass(frozen=True)
class Skill:
    """How far off each rule was on one day of past months, and how often the range of all together held.

    ``error`` is that of all segments together, by rule, where too high and too low cancel out; ``segment_error`` is the
    sum of all segments' errors over the month's cost, where they do not.
    """

    day: int
    months: int
    error: Mapping[str, float]
    segment_error: Mapping[str, float]
    hit_rate: float


@dataclass(frozen=True)
class _Parts:
    """Money of each segment and, in the last place, of all together."""

    so_far: Array
    p50: Array
    lower: Array
    upper: Array
    run_rate: Array
    to_date: Array

    def landing(self, place: int, key: Key | None) -> Landing:
        columns = (self.p50, self.lower, self.upper, self.run_rate, self.to_date)
        return Landing(key, amount(self.so_far[place]) or Decimal(0), *(amount(one[place]) for one in columns))


def month_end(daily: DailySpend, level: float = LEVEL) -> MonthEnd:
    """Where the month of the last day ends, per segment and for all together.

    >>> from costlib.periods import Window
    >>> flat = DailySpend(("x_Team",), (("Ads",),), Window(date(2026, 1, 1), date(2026, 4, 11)), np.full((1, 100), 2.0))
    >>> found = month_end(flat)
    >>> found.days_known, found.total.so_far, found.total.p50, found.total.to_date
    (10, Decimal('20.00'), Decimal('60.00'), Decimal('60.00'))
    """
    month = month_start(daily.window.last)
    parts = _parts(daily, month, level)
    return MonthEnd(
        month=month,
        days_known=(daily.window.end - month).days,
        days=days_in_month(month),
        level=level,
        total=parts.landing(-1, None),
        segments=tuple(parts.landing(place, key) for place, key in enumerate(daily.keys)),
    )


def month_end_record(
    daily: DailySpend, on_days: Sequence[int] = ON_DAYS, months: int = MONTHS, level: float = LEVEL
) -> tuple[Skill, ...]:
    """The record of the month end by the day on which it was told, over the last closed months.

    Each replay knows the days before it only. A month with a day of unknown cost is no actual to hold it against. A day
    without any month to tell it from is left out.
    """
    closed = [month for month in closed_months(daily.window) if not _unknown(daily, month)][-months:]
    past = [month for month in closed if (month - daily.window.start).days >= _FEWEST_DAYS]
    return tuple(_skill(daily, day, past, level) for day in on_days if past)


def _skill(daily: DailySpend, day: int, months: Sequence[date], level: float) -> Skill:
    missed: dict[str, list[tuple[float, float]]] = {OURS: [], RUN_RATE: [], TO_DATE: []}
    inside = []
    for month in months:
        known = until(daily, month + timedelta(days=day))
        parts, actual = _parts(known, month, level), _actual(daily, known.keys, month)
        whole = float(np.abs(actual[:-1]).sum()) or 1.0
        for name, said in ((OURS, parts.p50), (RUN_RATE, parts.run_rate), (TO_DATE, parts.to_date)):
            off = np.abs(said - actual)
            missed[name].append((float(off[-1]) / whole, float(off[:-1].sum()) / whole))
        inside.append(bool(parts.lower[-1] <= actual[-1] <= parts.upper[-1]))
    error, by_segment = ({name: fmean(one[at] for one in each) for name, each in missed.items()} for at in (0, 1))
    return Skill(day, len(months), error, by_segment, fmean(inside))


def _unknown(daily: DailySpend, month: date) -> bool:
    first = (month - daily.window.start).days
    return bool(daily.unknown[:, first : first + days_in_month(month)].any())


def _actual(daily: DailySpend, keys: Sequence[Key], month: date) -> Array:
    """What the segments cost in the month, and last what all did, those too that were not known yet."""
    first = (month - daily.window.start).days
    cost = np.nansum(daily.spend[:, first : first + days_in_month(month)], axis=1)
    return np.append([cost[daily.keys.index(key)] for key in keys], cost.sum())


def _parts(daily: DailySpend, month: date, level: float) -> _Parts:
    known, whole = (daily.window.end - month).days, days_in_month(month)
    so_far = np.nansum(daily.bridged().spend[:, -known:], axis=1)
    rate = run_rate(daily.spend, 1, _WINDOW)[:, 0] * (whole - known)
    so_far, rate = np.append(so_far, so_far.sum()), np.append(rate, np.nansum(rate))
    lower, p50, upper = (so_far + rest for rest in _rest(daily, whole - known, level))
    return _Parts(so_far, p50, lower, upper, so_far + rate, so_far * whole / known)


def _rest(daily: DailySpend, left: int, level: float) -> tuple[Array, Array, Array]:
    """Lower, middle and upper of the days left, each segment and all together; without history not known."""
    count = len(daily.keys)
    if not left:
        return np.zeros(count + 1), np.zeros(count + 1), np.zeros(count + 1)
    alive = np.flatnonzero(~np.isnan(daily.spend).all(axis=1))
    groups = [*([row] for row in range(count)), alive.tolist()]
    total = forecast(daily.spend, left, Frequency.DAY, daily.window.end).totals_of(groups, level)
    return total.lower, total.p50, total.upper
