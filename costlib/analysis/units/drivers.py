"""Which metric a part of a model's cost is estimated by, with its counts and that cost by day.

Conventions: a *driver* is one metric of one model over all teams, in base units. No cost has two drivers: the metric
nearest to the meter takes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.costs import UnitCost
from costlib.analysis.units.measures import BATCH, GPU_HOURS, REAL_TIME, TOKEN_KINDS, Unit, Volume, unit_of
from costlib.periods import Window

_DAY = timedelta(days=1)
#: Stages whose cost a metric takes; none means those of all stages.
Stages = frozenset[str | None]
_SERVING: Final[Stages] = frozenset((REAL_TIME, BATCH, None))


@dataclass(frozen=True)
class Driver:
    """One metric of a model by day, in base units, and the cost of what it counts; the bill ends after ``billed_to``.

    ``billed_to`` is None where no bill names the model.
    """

    unit: Unit
    model: str
    costs: Mapping[date, Amount]
    volumes: Mapping[date, Amount]
    billed_to: date | None

    @property
    def days(self) -> Window:
        """The days to estimate: from the day after the bill to the last measured one; none where it has none."""
        first = min(self.volumes) if self.billed_to is None else self.billed_to + _DAY
        return Window(first, max(max(self.volumes) + _DAY, first))


def chosen(volumes: Iterable[Volume], billed_to: Mapping[str, date]) -> list[Volume]:
    """The volumes to estimate by, over all teams: of each model, metrics that do not count the same cost twice.

    Only metrics that run on after the model's bill are asked. Tokens come before inferences, documents and training
    runs, those before GPU hours, and business outcomes last: the nearer to the meter, the better the estimate.
    """
    models: defaultdict[str, defaultdict[str, list[Volume]]] = defaultdict(lambda: defaultdict(list))
    for one in volumes:
        if one.model is not None:
            models[one.model][one.metric].append(replace(one, team=None))
    kept: list[Volume] = []
    for model, metrics in models.items():
        end = billed_to.get(model)
        running = [name for name, days in metrics.items() if end is None or max(one.day for one in days) > end]
        for name in _without_overlap(running):
            kept += metrics[name]
    return kept


def drivers_of(rows: Iterable[UnitCost], volumes: Iterable[Volume], billed_to: Mapping[str, date]) -> list[Driver]:
    """Drivers from unit costs by day (``Grain.DAY``) and the volumes they were made of; rows without a model are not.

    A day of a row without a count is left without one, and one without a line item without a cost.
    """
    costs: defaultdict[tuple[str, str], dict[date, Amount]] = defaultdict(dict)
    for row in rows:
        if row.model is not None and row.is_named:
            costs[row.unit.metric, row.model][row.period] = row.cost
    counts: defaultdict[tuple[str, str], defaultdict[date, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    for one in volumes:
        if one.model is not None:
            counts[one.metric, one.model][one.day].append(one.value)
    return [
        Driver(
            unit_of(metric),
            model,
            costs.get((metric, model), {}),
            {day: None if None in values else money.exact_sum(values) for day, values in days.items()},
            billed_to.get(model),
        )
        for (metric, model), days in counts.items()
    ]


def _without_overlap(metrics: Iterable[str]) -> list[str]:
    """Metrics that stand over different costs, the nearest to the meter first; all kinds of tokens go together."""
    kept: list[str] = []
    taken: list[Stages] = []
    for name in sorted(metrics, key=lambda name: (_distance(name), name)):
        own = _stages(name)
        if name in TOKEN_KINDS or not any(_overlap(own, other) for other in taken):
            kept.append(name)
            taken.append(own)
    return kept


def _distance(metric: str) -> int:
    """How far a metric is from the meter of the bill."""
    if metric in TOKEN_KINDS:
        return 0
    return 1 if unit_of(metric).stages else 2 if metric == GPU_HOURS else 3


def _stages(metric: str) -> Stages:
    return _SERVING if metric in TOKEN_KINDS else frozenset(unit_of(metric).stages)


def _overlap(one: Stages, other: Stages) -> bool:
    return not one or not other or bool(one & other)
