"""Two metrics that may count the same work: requests and predictions of one model, from two sources.

Nothing is left out for it: whether a prediction is a request, only who counts them knows. Counts are compared day by
day over the days that both have, so that two streams of work of about one size are rarely taken for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from itertools import combinations
from typing import Final

import pyarrow as pa

from costlib import money
from costlib.analysis.units.measures import in_base_units, unit_of
from costlib.metrics.business import volumes_of
from costlib.metrics.shelf import SOURCE

#: How near two counts must be to be taken for one.
NEAR: Final = Decimal("0.1")
_WIDE: Final = Context(prec=60)
_Days = Mapping[date, Decimal]


@dataclass(frozen=True)
class SameWork:
    """Two metrics of one model, each by its source, and how far they are apart as a share of the larger."""

    model: str
    metrics: tuple[str, str]
    sources: tuple[str, str]
    apart: Decimal


@dataclass
class _Count:
    """One metric of one model as a source counts it, over all its teams."""

    metric: str
    source: str
    teams: set[str | None]
    days: defaultdict[date, Decimal]

    def may_be(self, other: _Count) -> bool:
        """Whether the other is another name for the same: not its own source's, and not another team's work."""
        meets = self.teams & other.teams or None in self.teams | other.teams
        return self.metric != other.metric and self.source != other.source and bool(meets)


def same_work(table: pa.Table) -> list[SameWork]:
    """The metrics of one unit (1,000 inferences) that two sources count nearly alike, under two names.

    ``table`` has the source of each row. Nearly alike: their differences on the days that both have add up to no more
    than a tenth of the larger. Counts that name no model, and unknown ones, are left out.
    """
    found = []
    for (model, _), counts in sorted(_counts(table).items()):
        for one, other in combinations(sorted(counts, key=lambda one: (one.metric, one.source)), 2):
            apart = _apart(one.days, other.days) if one.may_be(other) else None
            if apart is not None and apart <= NEAR:
                found.append(SameWork(model, (one.metric, other.metric), (one.source, other.source), apart))
    return found


def _counts(table: pa.Table) -> dict[tuple[str, str], list[_Count]]:
    """What is counted by model and unit."""
    held: dict[tuple[str, str, str], _Count] = {}
    for one, source in zip(in_base_units(volumes_of(table)), table.column(SOURCE).to_pylist(), strict=True):
        if one.model and one.value is not None:
            key = one.model, one.metric, source
            count = held.setdefault(key, _Count(one.metric, source, set(), defaultdict(Decimal)))
            count.teams.add(one.team)
            count.days[one.day] += one.value
    found: defaultdict[tuple[str, str], list[_Count]] = defaultdict(list)
    for (model, metric, _), count in held.items():
        found[model, unit_of(metric).name].append(count)
    return found


def _apart(one: _Days, other: _Days) -> Decimal | None:
    """The differences of the days that both have, as a share of the larger count; None where nothing was counted."""
    shared = sorted(one.keys() & other.keys())
    larger = max(money.exact_sum(days[day] for day in shared) for days in (one, other))
    away = money.exact_sum(abs(one[day] - other[day]) for day in shared)
    return _WIDE.divide(away, larger) if larger > 0 else None
