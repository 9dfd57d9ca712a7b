"""What proposals are worked out from: one row of spend for each combination of the dimensions in ``DIMENSIONS``.

Conventions: ``cost`` is effective cost of the newest ``DAYS_A_MONTH`` days in one currency, None where it is unknown;
``daily`` is effective cost day by day, the oldest first, NaN where unknown; ``metrics`` are named in ``model.METRICS``.
A row whose cost is unknown is counted and addressed by nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib.money import total
from costlib.periods import Window

Floats = NDArray[np.float64]

#: Columns that a question must group by for every lever to be found; a column left out finds fewer.
DIMENSIONS = (
    "x_Team",
    "x_Model",
    "x_Stage",
    "x_Environment",
    "x_CostType",
    "x_Scope",
    "ServiceName",
    "SkuMeter",
    "x_InstanceType",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "ResourceName",
)
DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Daily:
    """Cost day by day from ``start`` on, and, where it is known, the requests of the same days."""

    start: date
    cost: Floats
    requests: Floats | None = None


@dataclass(frozen=True)
class SpendRow:
    """A month's cost of one combination of dimensions (tags as ``tag:KEY``), and what was measured of it."""

    segment: Mapping[str, str | None]
    cost: Decimal | None
    metrics: Mapping[str, float] = field(default_factory=dict)
    daily: Daily | None = None

    @property
    def amount(self) -> float:
        """The cost for estimates; a row of unknown cost is asked for before."""
        return float(self.cost) if self.cost is not None else float("nan")


def spend_rows(
    columns: Sequence[str], sums: Iterable[tuple[Sequence[str | None], date, Decimal | None]], window: Window
) -> list[SpendRow]:
    """Rows from daily sums (values of ``columns``, usage day, effective cost) of one currency; no metrics.

    Days of the window without a sum cost nothing, days with an unknown one are unknown. The window's last
    ``DAYS_A_MONTH`` days are the month; combinations that cost nothing in it are left out.

    >>> day = date(2026, 3, 31)
    >>> spend_rows(["x_Team"], [(["Fraud"], day, Decimal(5))], Window(date(2026, 3, 1), date(2026, 4, 1)))[0].cost
    Decimal('5')
    """
    since = window.end - timedelta(days=DAYS_A_MONTH)
    days: dict[tuple[str | None, ...], Floats] = {}
    month: dict[tuple[str | None, ...], list[Decimal | None]] = {}
    for values, day, amount in sums:
        key = tuple(values)
        series = days.setdefault(key, np.zeros(window.days))
        series[(day - window.start).days] += np.nan if amount is None else float(amount)
        if day >= since:
            month.setdefault(key, []).append(amount)
    return [
        SpendRow(dict(zip(columns, key, strict=True)), total(amounts), daily=Daily(window.start, days[key]))
        for key, amounts in month.items()
    ]
