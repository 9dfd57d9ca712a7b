"""Where months would have ended by what their first days said: days so far, a forecast of the rest, how far off.

Conventions: as in outlook.py; daily cost in one currency, figures are money. A *day* is the number of days
of the month that are known. Beside the forecast stand the two rules that a page would otherwise show: the run rate
(days so far and the mean of the last 28 days for each day left) and the month to date (days so far, in proportion).
``error`` is the mean absolute error over the actual month, a share of 0 to 1, of all segments together. A day of
unknown cost is filled from the days around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.baselines import run_rate
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.ranges import LEVEL, Key
from costlib.analysis.replay import until
from costlib.periods import days_in_month, whole_months

Array = NDArray[np.float64]

OURS, RUN_RATE, TO_DATE = "forecast", "run rate", "month to date"
#: Days of the month at which the record is taken, and months that it goes back.
ON_DAYS, MONTHS = (5, 10, 22), 12
_WINDOW = 28
#: Days of history before the month below which nothing is replayed.
_FEWEST_DAYS = 28


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
class Landings:
    """Where a month ends: money of each segment and, in the last place, of all together; NaN is not known."""

    so_far: Array
    p50: Array
    lower: Array
    upper: Array
    run_rate: Array
    to_date: Array


def landings(daily: DailySpend, month: date, level: float = LEVEL) -> Landings:
    """Where the month of the last day, its first is ``month``, ends by the forecast and by the two simple rules.

    >>> from costlib.periods import Window
    >>> flat = DailySpend(("x_Team",), (("Ads",),), Window(date(2026, 1, 1), date(2026, 4, 11)), np.full((1, 100), 2.0))
    >>> found = landings(flat, date(2026, 4, 1))
    >>> found.so_far.tolist(), found.p50.tolist(), found.to_date.tolist()
    ([20.0, 20.0], [60.0, 60.0], [60.0, 60.0])
    """
    known, whole = (daily.window.end - month).days, days_in_month(month)
    so_far = np.nansum(daily.bridged().spend[:, -known:], axis=1)
    rate = run_rate(daily.spend, 1, _WINDOW)[:, 0] * (whole - known)
    so_far, rate = np.append(so_far, so_far.sum()), np.append(rate, np.nansum(rate))
    lower, p50, upper = (so_far + rest for rest in _rest(daily, whole - known, level))
    return Landings(so_far, p50, lower, upper, so_far + rate, so_far * whole / known)


def month_end_record(daily: DailySpend, on_days: Sequence[int] = ON_DAYS, months: int = MONTHS) -> tuple[Skill, ...]:
    """The record of the month end by the day on which it was told, over the last closed months.

    Each replay knows the days before it only. A month with a day of unknown cost is no actual to hold it against. A day
    without any month to tell it from is left out.
    """
    closed = [month for month in whole_months(daily.window) if not _unknown(daily, month)][-months:]
    past = [month for month in closed if (month - daily.window.start).days >= _FEWEST_DAYS]
    return tuple(_skill(daily, day, past) for day in on_days if past)


def _skill(daily: DailySpend, day: int, months: Sequence[date]) -> Skill:
    missed: dict[str, list[tuple[float, float]]] = {OURS: [], RUN_RATE: [], TO_DATE: []}
    inside = []
    for month in months:
        known = until(daily, month + timedelta(days=day))
        said, actual = landings(known, month), _actual(daily, known.keys, month)
        whole = float(np.abs(actual[:-1]).sum()) or 1.0
        for name, rule in ((OURS, said.p50), (RUN_RATE, said.run_rate), (TO_DATE, said.to_date)):
            off = np.abs(rule - actual)
            missed[name].append((float(off[-1]) / whole, float(off[:-1].sum()) / whole))
        inside.append(bool(said.lower[-1] <= actual[-1] <= said.upper[-1]))
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


def _rest(daily: DailySpend, left: int, level: float) -> tuple[Array, Array, Array]:
    """Lower, middle and upper of the days left, each segment and all together; without history not known."""
    count = len(daily.keys)
    if not left:
        return np.zeros(count + 1), np.zeros(count + 1), np.zeros(count + 1)
    alive = np.flatnonzero(~np.isnan(daily.spend).all(axis=1))
    groups = [*([row] for row in range(count)), alive.tolist()]
    total = forecast(daily.spend, left, Frequency.DAY, daily.window.end).totals_of(groups, level)
    return total.lower, total.p50, total.upper
