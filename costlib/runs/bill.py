"""What the bill says of runs: the cost by day of what they name, and all that models cost beside them.

A run names a resource, or a label of the bill as ``key=value`` (``vertex-ai-pipelines-run-billing-id=123``). A line
item whose resource a run names is that run's; the label counts for the others, so none counts twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from costlib import money
from costlib.analysis.trend import Amount
from costlib.focus import DAY, EFFECTIVE, LINE_ITEMS, TAGS
from costlib.periods import Grain, Window
from costlib.runs.costs import matched
from costlib.runs.model import Run
from costlib.store.cube import RESOURCE_PARTS
from costlib.store.question import Filter, Question, conditions_of
from costlib.store.question import measure as measure_of
from costlib.store.reader import Reader

RESOURCE = "ResourceId"
#: Between the key of a label and its value, where a run names one.
IS = "="
#: The value of a label of a line item, its key bound.
_LABEL = f"NULLIF(TRIM({TAGS}[?]), '')"


@dataclass(frozen=True)
class TaggedBill:
    """The bill of resources that have a model, of some days: those that runs name, and the rest by stage.

    ``runs`` and ``rest`` add up to ``total``; ``billed`` is the same from the daily cube, which knows no resources.
    """

    total: Decimal
    runs: Decimal
    rest: Mapping[str | None, Decimal]
    billed: Decimal


def billed_days(
    reader: Reader, runs: Sequence[Run], filters: Sequence[Filter], measure: str = EFFECTIVE
) -> dict[str, dict[date, Amount]]:
    """The cost by day of every resource and label that a run names; unknown where a line item's is."""
    if not any(run.resource for run in runs):
        return {}
    wanted = tuple(matched(runs, [name for name in reader.values(RESOURCE) if name is not None]))
    found: defaultdict[str, dict[date, Amount]] = defaultdict(dict)
    if wanted:
        question = Question((RESOURCE,), measure, Grain.DAY, None, (*filters, Filter(RESOURCE, wanted)))
        for row in reader.ask(question):
            if row.values[0] is not None and row.period is not None:
                found[row.values[0]][row.period] = None if row.unknown else row.amount
    labels = {run.resource for run in runs if run.resource and IS in run.resource} - set(wanted)
    others = (*filters, Filter(RESOURCE, wanted, exclude=True))
    for label, day, amount, unknown in _labelled(reader, labels, DAY, measure, others):
        found[label][day] = None if unknown else amount
    return dict(found)


def tagged_bill(
    reader: Reader, named: Sequence[str], filters: Sequence[Filter], window: Window, measure: str = EFFECTIVE
) -> TaggedBill:
    """All cost of models in the window: the resources and labels ``named`` by runs, and the rest by stage."""
    own = (*filters, Filter("x_Model", (None,), exclude=True))
    known = set(named)
    by_runs: list[Amount] = []
    rest: defaultdict[str | None, list[Amount]] = defaultdict(list)
    for row in reader.ask(Question((RESOURCE, "x_Stage"), measure, window=window, filters=own)):
        (by_runs if row.values[0] in known else rest[row.values[1]]).append(row.amount)
    labels = {name for name in named if IS in name}
    others = (*own, Filter(RESOURCE, tuple(known), exclude=True))
    for _, stage, amount, _ in _labelled(reader, labels, "x_Stage", measure, others, window):
        by_runs.append(amount)
        rest[stage].append(None if amount is None else -amount)
    stages = {stage: money.exact_sum(amounts) for stage, amounts in rest.items()}
    runs = money.exact_sum(by_runs)
    billed = money.exact_sum(row.amount for row in reader.ask(Question((), measure, window=window, filters=own)))
    return TaggedBill(money.exact_sum((runs, *stages.values())), runs, stages, billed)


def _labelled(
    reader: Reader,
    labels: Iterable[str],
    column: str,
    measure: str,
    filters: Sequence[Filter],
    window: Window | None = None,
) -> list[tuple[str, Any, Decimal | None, int]]:
    """Cost of the labels by a column: label, value, sum and line items of unknown cost, for each key one question.

    A line item that carries several of the labels is that of the first key.
    """
    where, parameters = conditions_of(filters, window)
    values: defaultdict[str, list[str]] = defaultdict(list)
    for label in sorted(labels):
        key, _, value = label.partition(IS)
        values[key].append(value)
    found: list[tuple[str, Any, Decimal | None, int]] = []
    before: list[str] = []
    for key, wanted in values.items():
        marks = ", ".join("?" * len(wanted))
        taken = "".join(f" AND NOT COALESCE({_LABEL} IN (SELECT UNNEST(?)), FALSE)" for _ in before)
        sql = (
            f"SELECT ? || '{IS}' || {_LABEL}, {column}, SUM({measure_of(measure)}), "
            f"CAST(COALESCE(SUM({LINE_ITEMS}) FILTER (WHERE {measure_of(measure)} IS NULL), 0) AS BIGINT) "
            f"FROM {RESOURCE_PARTS} {where or 'WHERE TRUE'} AND {_LABEL} IN ({marks}){taken} GROUP BY ALL ORDER BY ALL"
        )
        earlier = [item for name in before for item in (name, values[name])]
        found += reader.rows(sql, [key, key, *parameters, key, *wanted, *earlier])
        before.append(key)
    return found
