"""What proposals are worked out from: one row of spend for each combination of the dimensions in ``DIMENSIONS``.

Conventions: ``cost`` is effective cost of the newest ``DAYS_A_MONTH`` days of which the row's bills are loaded, in one
currency, None where it is unknown; ``daily`` is effective cost day by day, the oldest first, NaN where unknown;
``metrics`` are named in ``model.METRICS``. A row whose cost is unknown is addressed by nothing; ``unknown`` counts the
line items that no bill gives a cost, and a row's cost is that of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from costlib.analysis.windows import missing_days
from costlib.money import total
from costlib.periods import Window
from costlib.store.question import Row

Floats = NDArray[np.float64]
#: The values of a combination of dimensions.
Key = tuple[str | None, ...]

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
    columns: Sequence[str],
    sums: Iterable[Row],
    window: Window,
    missing: Sequence[date] = (),
    unbilled: Sequence[tuple[Window, Collection[Key]]] = (),
) -> list[SpendRow]:
    """Rows from the daily sums of effective cost by ``columns`` in one currency, as the store gives them; no metrics.

    Days of the window without a sum cost nothing; days with an unknown one, those of the ``missing`` months of which no
    bill is loaded, and of each combination those that its bill does not hold in full (``unbilled``), are unknown. The
    last ``DAYS_A_MONTH`` days whose bills are loaded are the month; combinations without a line item in it are left
    out.

    >>> sums = [Row(("Fraud",), date(2026, 3, 31), "USD", Decimal(5), line_items=3, unknown=1)]
    >>> (row,) = spend_rows(["x_Team"], sums, Window(date(2026, 3, 1), date(2026, 4, 1)))
    >>> row.cost, row.unknown, row.daily.cost[-2:].tolist()
    (Decimal('5'), 1, [0.0, 5.0])
    """
    found: dict[Key, list[Row]] = {}
    for one in sums:
        if one.period is not None:
            found.setdefault(one.values, []).append(one)
    nowhere = missing_days(window, missing)
    rows = (_row(columns, key, own, window, _lacking(key, nowhere, window, unbilled)) for key, own in found.items())
    return [row for row in rows if row]


def _row(
    columns: Sequence[str], key: Key, sums: Sequence[Row], window: Window, lacking: NDArray[np.bool_]
) -> SpendRow | None:
    """The row of a combination; None where it has no line item in the month."""
    month = set(np.flatnonzero(~lacking)[-DAYS_A_MONTH:].tolist())
    days, held = np.zeros(window.days), []
    for one in sums:
        assert one.period
        at = (one.period - window.start).days
        days[at] += np.nan if one.amount is None else float(one.amount)
        held += [one] if at in month else []
    if not held:
        return None
    return SpendRow(
        segment=dict(zip(columns, key, strict=True)),
        cost=total(one.amount for one in held),
        daily=Daily(window.start, np.where(lacking, np.nan, days)),
        unknown=sum(one.unknown for one in held),
    )


def _lacking(
    key: Key,
    nowhere: NDArray[np.bool_],
    window: Window,
    unbilled: Sequence[tuple[Window, Collection[Key]]],
) -> NDArray[np.bool_]:
    """Days that the bills of a combination do not hold: those of ``nowhere``, and its own."""
    found = nowhere.copy()
    for days, keys in unbilled:
        if key in keys:
            found[max((days.start - window.start).days, 0) : max((days.end - window.start).days, 0)] = True
    return found
