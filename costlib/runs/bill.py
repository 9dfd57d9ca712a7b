"""What the bill says of runs: the cost by day of the resources they name, and all that models cost beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis.trend import Amount
from costlib.focus import EFFECTIVE
from costlib.periods import Grain, Window
from costlib.runs.costs import matched
from costlib.runs.model import Run
from costlib.store.query import Filter, Question, Reader

RESOURCE = "ResourceId"


@dataclass(frozen=True)
class TaggedBill:
    """The bill of resources that have a model, of some days: those that runs name, and the rest by stage.

    ``runs`` and ``rest`` add up to ``total``.
    """

    total: Decimal
    runs: Decimal
    rest: Mapping[str | None, Decimal]


def billed_days(
    reader: Reader, runs: Sequence[Run], filters: Sequence[Filter], measure: str = EFFECTIVE
) -> dict[str, dict[date, Amount]]:
    """The cost by day of every resource that a run names; unknown where a line item's is."""
    if not any(run.resource for run in runs):
        return {}
    names = [name for name in reader.values(RESOURCE) if name is not None]
    wanted = tuple(matched(runs, names))
    if not wanted:
        return {}
    question = Question((RESOURCE,), measure, Grain.DAY, None, (*filters, Filter(RESOURCE, wanted)))
    found: defaultdict[str, dict[date, Amount]] = defaultdict(dict)
    for row in reader.ask(question):
        if row.values[0] is not None and row.period is not None:
            found[row.values[0]][row.period] = None if row.unknown else row.amount
    return dict(found)


def tagged_bill(
    reader: Reader, named: Sequence[str], filters: Sequence[Filter], window: Window, measure: str = EFFECTIVE
) -> TaggedBill:
    """All cost of models in the window: the resources ``named`` by runs, and the rest by stage."""
    own = (*filters, Filter("x_Model", (None,), exclude=True))
    known = set(named)
    by_runs: list[Amount] = []
    rest: defaultdict[str | None, list[Amount]] = defaultdict(list)
    for row in reader.ask(Question((RESOURCE, "x_Stage"), measure, window=window, filters=own)):
        (by_runs if row.values[0] in known else rest[row.values[1]]).append(row.amount)
    stages = {stage: money.exact_sum(amounts) for stage, amounts in rest.items()}
    runs = money.exact_sum(by_runs)
    return TaggedBill(money.exact_sum((runs, *stages.values())), runs, stages)
