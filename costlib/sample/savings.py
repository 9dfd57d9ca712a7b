"""What the company's past savings initiatives truly saved, month by month: the truth for tests of realised saving.

The saving of a month is what the same volume would have cost without the initiative, less what it did cost. Two act on
the same tokens and began on the same day: the smaller model is counted first, caching on what was left of the bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from costlib.sample import assistant, days, prices, products
from costlib.sample.company import REAL_TIME, SEARCH, TRAINING

SMALLER_MODEL, CACHING, SPOT = "smaller support model", "prompt caching", "spot retraining"
_BEFORE = "NovaPremier"


@dataclass(frozen=True)
class Saved:
    """USD a day with and without an initiative that began on ``start``."""

    name: str
    team: str
    model: str
    start: str
    without: days.FloatArray
    cost: days.FloatArray


def initiatives() -> pa.Table:
    """True savings in USD, one row per month and initiative from the month in which it began.

    Columns: initiative, team, model, start, month, cost_without, cost, saving.
    """
    rows = [row for one in (*_tokens(), _spot()) for row in _monthly(one)]
    return pa.Table.from_pylist(rows)


def _monthly(one: Saved) -> Iterator[dict[str, object]]:
    acting = days.since(one.start)
    without, cost = (np.bincount(days.month_of(), values * acting) for values in (one.without, one.cost))
    for position in range(int(days.month_of()[days.index(one.start)]), len(days.MONTHS)):
        yield {
            "initiative": one.name,
            "team": one.team,
            "model": one.model,
            "start": one.start,
            "month": days.MONTHS[position],
            "cost_without": float(without[position]),
            "cost": float(cost[position]),
            "saving": float(without[position] - cost[position]),
        }


def _tokens() -> tuple[Saved, Saved]:
    """Dollars a day of the assistant's tokens: as they were, uncached, and uncached on the model of the launch."""
    real, uncached, before = (np.zeros(days.COUNT) for _ in range(3))
    for line in assistant.lines():
        model, _, use = line.meter.usage_type.removeprefix("USE1-").partition("-")
        if line.meter.service != "AmazonBedrock" or line.owner.stage != REAL_TIME or "Nova" not in model:
            continue
        kind = "output" if use.startswith("output") else "input"
        real[line.days] += line.cost
        uncached[line.days] += line.amount * prices.token(model, kind)
        before[line.days] += line.amount * prices.token(_BEFORE, kind)
    of = ("Support Assistant", assistant.MODEL, assistant.MODEL_CHANGE)
    return Saved(SMALLER_MODEL, *of, before, uncached), Saved(CACHING, *of, uncached, real)


def _spot() -> Saved:
    """Dollars a day of Search's retraining: on spot capacity, and on demand as before."""
    cost = np.zeros(days.COUNT)
    for line in products.lines():
        if line.owner.team == SEARCH and line.owner.stage == TRAINING and line.meter.purchase == "Spot":
            np.add.at(cost, line.days, line.cost)
    on_demand = products.hours_on_demand() * prices.sagemaker("g5.48xlarge")
    return Saved(SPOT, SEARCH, "search-ranker", products.SPOT_SINCE, on_demand, cost)
