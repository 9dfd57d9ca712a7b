"""What proposals are worked out from: one row of spend for each combination of the dimensions in ``DIMENSIONS``.

Conventions: ``cost`` is effective cost of the newest ``DAYS_A_MONTH`` days in one currency, None where it is unknown;
``daily`` is effective cost day by day, the oldest first, NaN where unknown; ``metrics`` are named in ``model.METRICS``.
A row whose cost is unknown is addressed by nothing; ``unknown`` counts the
line items that no bill gives a cost, and a row's cost is that of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.windows import missing_days
from costlib.money import total
from costlib.periods import Window
from costlib.store.query import Row

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
    unknown: int = 0

    @property
    def amount(self) -> float:
        """The cost for estimates, not a number where it is unknown.

        >>> SpendRow({}, Decimal("2.5")).amount, SpendRow({}, None).amount
        (2.5, nan)
        """
        return float(self.cost) if self.cost is not None else float("nan")


def spend_rows(
    columns: Sequence[str], sums: Iterable[Row], window: Window, missing: Sequence[date] = ()
) -> list[SpendRow]:
    """Rows from the daily sums of effective cost by ``columns`` in one currency, as the store gives them; no metrics.

    Days of the window without a sum cost nothing; days with an unknown one, and those of the ``missing`` months of
    which no bill is loaded, are unknown. The window's last
    ``DAYS_A_MONTH`` days are the month; combinations without a line item in it are left out.

    >>> sums = [Row(("Fraud",), date(2026, 3, 31), "USD", Decimal(5), line_items=3, unknown=1)]
    >>> (row,) = spend_rows(["x_Team"], sums, Window(date(2026, 3, 1), date(2026, 4, 1)))
    >>> row.cost, row.unknown, row.daily.cost[-2:].tolist()
    (Decimal('5'), 1, [0.0, 5.0])
    """
    since, lacking = window.end - timedelta(days=DAYS_A_MONTH), missing_days(window, missing)
    days: dict[tuple[str | None, ...], Floats] = {}
    month: dict[tuple[str | None, ...], list[Row]] = {}
    for one in sums:
        if one.period is None:
            continue
        series = days.setdefault(one.values, np.zeros(window.days))
        series[(one.period - window.start).days] += np.nan if one.amount is None else float(one.amount)
        if one.period >= since:
            month.setdefault(one.values, []).append(one)
    return [
        SpendRow(
            segment=dict(zip(columns, key, strict=True)),
            cost=total(one.amount for one in found),
            daily=Daily(window.start, np.where(lacking, np.nan, days[key])),
            unknown=sum(one.unknown for one in found),
        )
        for key, found in month.items()
    ]
