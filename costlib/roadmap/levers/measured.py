"""What was measured of the machines behind rows of spend, as the metrics that levers ask for, and what nobody measured.

Conventions: readings are those of the rows' month, with the ids of the bill. A share is the mean of the readings, each
weighed by its samples, and known from ``LEAST_DAYS`` on; of several measures the most telling one counts, and a CPU's
says nothing of an accelerator. How busy an accelerator is tells both how much of it is used and for how much of the
time. Requests are a sum, known where there were some or every day of the month was counted. A reading that names a
model and no machine counts for those of its machines that serve requests and have none of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from costlib.analysis.units.measures import BATCH, REAL_TIME, Volume
from costlib.analysis.units.readings import REQUESTS, SHARES, Basis, Reading
from costlib.roadmap.levers.find import needs, unmeasured
from costlib.roadmap.levers.model import Lever
from costlib.roadmap.levers.rows import DAYS_A_MONTH, SpendRow

RESOURCE: Final = "ResourceId"
#: Days that a share is measured on at least: two weeks, so that it is not one busy week's.
LEAST_DAYS: Final = 14
#: Share of the days on which requests are counted at least.
COUNTED: Final = 0.9
_ACCELERATORS: Final = ("compute GPU", "compute TPU and accelerators")
#: A machine by its id on the bill, or a model whose machines have no reading of their own.
_Who = tuple[str | None, str | None]


@dataclass(frozen=True)
class Unjudged:
    """Money a month that a lever might address, were it known; ``needs`` are what is not."""

    lever: Lever
    needs: tuple[str, ...]
    amount: float


def with_metrics(rows: Iterable[SpendRow], readings: Iterable[Reading]) -> list[SpendRow]:
    """The rows with what was measured of them; a row of several machines has none unless it is of one model's."""
    measured: defaultdict[_Who, list[Reading]] = defaultdict(list)
    for one in readings:
        measured[(one.resource, None) if one.resource is not None else (None, one.model)].append(one)
    return [replace(row, metrics={**row.metrics, **_metrics(row, measured)}) for row in rows]


def with_requests(rows: Iterable[SpendRow], volumes: Iterable[Volume]) -> list[SpendRow]:
    """The rows that serve a model with its requests day by day, those of all teams together.

    Requests that are not known on ``COUNTED`` of the days would make their beginning look like a rise: they are left
    out.
    """
    counted: defaultdict[str | None, defaultdict[date, float]] = defaultdict(lambda: defaultdict(float))
    for one in volumes:
        if one.metric == REQUESTS and one.model is not None:
            counted[one.model][one.day] += np.nan if one.value is None else float(one.value)
    return [_counted(row, counted[model]) if (model := _served(row)) in counted else row for row in rows]


def _counted(row: SpendRow, requests: Mapping[date, float]) -> SpendRow:
    if row.daily is None:
        return row
    days = (row.daily.start + timedelta(days=at) for at in range(len(row.daily.cost)))
    known = np.array([requests.get(day, np.nan) for day in days])
    enough = np.isfinite(known).mean() >= COUNTED
    return replace(row, daily=replace(row.daily, requests=known)) if enough else row


def _served(row: SpendRow) -> str | None:
    """The model that the row's money serves requests of."""
    return row.segment.get("x_Model") if row.segment.get("x_Stage") in (REAL_TIME, BATCH) else None


def unjudged(rows: Sequence[SpendRow], levers: Iterable[Lever], least: float) -> list[Unjudged]:
    """Levers that might save ``least`` a month on rows of which nobody knows what they need, the most money first."""
    found = []
    for lever in levers:
        untold = [row for row in rows if unmeasured(lever, row)]
        amount = sum(row.amount for row in untold)
        if lever.saving.high * amount >= least:
            found.append(
                Unjudged(lever, tuple(dict.fromkeys(name for row in untold for name in needs(lever, row))), amount)
            )
    return sorted(found, key=lambda one: (-one.amount, one.lever.id))


def _metrics(row: SpendRow, measured: Mapping[_Who, Sequence[Reading]]) -> dict[str, float]:
    readings = measured.get((row.segment.get(RESOURCE), None), ())
    if not readings and (model := _served(row)) is not None:
        readings = measured.get((None, model), ())
    found: dict[str, float] = {}
    accelerated = row.segment.get("x_CostType") in _ACCELERATORS
    busy = _share(readings, SHARES[:-1] if accelerated else SHARES)
    if busy is not None:
        found["utilisation"] = busy
        if accelerated:
            found["duty_cycle"] = busy
    counted = {one.day for one in readings if one.measure == REQUESTS}
    total = sum(one.value for one in readings if one.measure == REQUESTS)
    if total > 0 or len(counted) >= DAYS_A_MONTH:
        found["requests"] = float(total)
    return found


def _share(readings: Sequence[Reading], bases: Sequence[Basis]) -> float | None:
    """The mean of the most telling measure that there are days enough of."""
    for basis in bases:
        held = [one for one in readings if one.measure == basis]
        weight = sum((one.weight for one in held), Decimal(0))
        if len({one.day for one in held}) >= LEAST_DAYS and weight > 0:
            return float(sum((one.value * one.weight for one in held), Decimal(0)) / weight)
    return None
