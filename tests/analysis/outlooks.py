"""Small outlooks and daily tables with round figures, for tests of what is built on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import Line
from costlib.periods import Window, add_months

Array = NDArray[np.float64]
JANUARY = date(2026, 1, 1)


def months(first: date, count: int) -> tuple[date, ...]:
    return tuple(add_months(first, step) for step in range(count))


def ahead(paths: object, teams: Sequence[str | None] = ("Ads", "Fraud"), first: date = JANUARY) -> Outlook:
    """An outlook with these paths, ``[team, month, path]``."""
    given = np.asarray(paths, dtype=np.float64)
    count = len(given)
    return Outlook(
        by=("x_Team",),
        keys=tuple((team,) for team in teams[:count]),
        months=months(first, given.shape[1]),
        paths=given,
        closed=(),
        actual=np.empty((count, 0)),
        to_date=np.zeros(count),
        notes=((),) * count,
    )


def daily(cost: object, start: date = JANUARY, teams: Sequence[str | None] = ("Ads", "Fraud")) -> DailySpend:
    """Daily cost, ``[team, day]``, from ``start``."""
    spend = np.atleast_2d(np.asarray(cost, dtype=np.float64))
    window = Window(start, start + timedelta(days=spend.shape[1]))
    return DailySpend(("x_Team",), tuple((team,) for team in teams[: len(spend)]), window, spend)


def noisy(series: int, days: int, seed: int) -> Array:
    """Daily cost with a quiet weekend and noise."""
    random = np.random.default_rng(seed)
    week = np.where(np.arange(days) % 7 >= 5, 0.7, 1.0)
    level = np.exp(random.normal(0, 0.004, (series, days)).cumsum(axis=1))
    made: Array = 100.0 * week * level * np.exp(random.normal(0, 0.05, (series, days)))
    return made


def line(p50: Sequence[object], lower: Sequence[object] | None = None, upper: Sequence[object] | None = None) -> Line:
    """A line of whole figures; without a range its ends are the middle."""

    def money(values: Sequence[object]) -> tuple[Decimal | None, ...]:
        return tuple(None if one is None else Decimal(str(one)) for one in values)

    return Line(money(p50), money(lower or p50), money(upper or p50))
