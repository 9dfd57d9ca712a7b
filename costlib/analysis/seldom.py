"""Charges of a quarter, a half-year or a year in an outlook: taken out of the days, put back into their months.

Conventions: as in outlook.py. Left in, such a charge is missing from the months that days say (none came lately), and
where it falls into the month at which days and months are held against each other, all later ones come out too low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.charges import SELDOM, Charges, fixed_charges
from costlib.analysis.forecast.engine import CHARGED
from costlib.periods import add_months

Array = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Seldom:
    """``usual`` is the spend without such charges; those ``ahead`` are in money, ``[segment, month]``."""

    usual: DailySpend
    ahead: Charges | None

    @property
    def rows(self) -> Positions:
        """The segments that have such charges ahead."""
        return np.flatnonzero([] if self.ahead is None else self.ahead.likely.any(axis=1))

    @property
    def notes(self) -> tuple[tuple[str, ...], ...]:
        """What to say of each segment."""
        charged = set(self.rows.tolist())
        return tuple((CHARGED,) if row in charged else () for row in range(len(self.usual.keys)))

    def add_to(self, paths: Array, seed: int) -> None:
        """Put the charges onto the paths of the months, ``[segment, month, path]``."""
        if self.ahead is not None:
            place: Array = np.random.default_rng(seed).random(paths.shape[2:])
            paths[self.rows] += self.ahead.along(self.rows, place)


def seldom_charges(whole: DailySpend, months: Sequence[date]) -> Seldom:
    """The charges in a history without a day of unknown cost, and those of the months ahead of it.

    >>> from costlib.periods import Window
    >>> days = np.full((1, 397), 10.0); days[0, [0, 365]] = 3010.0  # on 1 January, twice
    >>> whole = DailySpend((), ((),), Window(date(2025, 1, 1), date(2026, 2, 2)), days)
    >>> found = seldom_charges(whole, [add_months(date(2026, 2, 1), step) for step in range(12)])
    >>> float(found.usual.spend.max()), found.ahead.likely[0, -2:].tolist()
    (10.0, [0.0, 3000.0])
    """
    end = whole.window.end
    usual, days = fixed_charges(whole.spend, end, (add_months(months[-1], 1) - end).days, SELDOM)
    if days is None:
        return Seldom(whole, None)
    starts = [max((month - end).days, 0) for month in months]
    return Seldom(replace(whole, spend=usual), Charges(np.add.reduceat(days.likely, starts, axis=1), days.misses))
