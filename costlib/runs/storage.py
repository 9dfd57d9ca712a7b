"""What it costs to keep what runs made: their part of the bill of the bucket in which it lies.

Conventions: a run's results lie where ``artifacts`` says from its end (or its start, where it has none) on, all of
``artifact_gb``: no tracker says when they were deleted. Of what a bucket's storage costs in a month a run takes the
share of its gigabyte-months in those that were billed; where runs claim more than was billed, they share what was. So
runs never take more than the bill says, and what no run claims is left in the bucket. Unknown (None) where a run says
no place or size, or the bill shows no such bucket, or not all that it held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final
from urllib.parse import urlsplit

from costlib import money
from costlib.analysis.trend import Amount
from costlib.focus import EFFECTIVE
from costlib.periods import Grain, Window, add_months, days_in_month
from costlib.runs.model import Run
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader

_WIDE: Final = Context(prec=60)
_LAST_DIGIT: Final = Decimal(1).scaleb(-money.SCALE)
_QUANTITY, _UNIT, _RESOURCE = "ConsumedQuantity", "ConsumedUnit", "ResourceId"
#: Units of storage over a month: AWS, Azure and Google write them so.
_GB_MONTHS: Final = ("GB-Mo", "GB-Month", "GB/Month", "1 GB/Month", "gibibyte month")
_BYTE_SECONDS: Final = "byte-seconds"


@dataclass(frozen=True)
class Stored:
    """What a bucket's storage cost in a month, and the gigabyte-months that were billed."""

    cost: Decimal
    gb_months: Decimal


#: By bucket and first day of the month.
Buckets = Mapping[tuple[str, date], Stored]


def bucket_of(artifacts: str | None) -> str | None:
    """The bucket or container of a place in object storage; None for any other place.

    >>> bucket_of("s3://models/ranker/7"), bucket_of("gs://models"), bucket_of("mlflow-artifacts:/1/a/artifacts")
    ('models', 'models', None)
    """
    parts = urlsplit(artifacts or "")
    return parts.netloc.partition("@")[0] or None if parts.scheme in ("s3", "gs", "wasbs", "abfss") else None


def billed_buckets(
    reader: Reader, runs: Iterable[Run], filters: Sequence[Filter], window: Window, measure: str = EFFECTIVE
) -> dict[tuple[str, date], Stored]:
    """What the bill says of the storage of the buckets that runs name, by month of the window."""
    wanted = {bucket for run in runs if (bucket := bucket_of(run.artifacts))}
    names = {
        name: bucket
        for name in (reader.values(_RESOURCE) if wanted else ())
        if name is not None
        for bucket in (name, name.rpartition(":")[2], name.rpartition("/")[2])
        if bucket in wanted
    }
    if not names:
        return {}
    inside = (*filters, Filter(_RESOURCE, tuple(names)))
    costs: defaultdict[tuple[str, date], list[Amount]] = defaultdict(list)
    sizes: defaultdict[tuple[str, date], list[Amount]] = defaultdict(list)
    for of, into in ((measure, costs), (_QUANTITY, sizes)):
        for row in reader.ask(Question((_RESOURCE, _UNIT), of, Grain.MONTH, window, inside)):
            resource, unit = row.values
            if resource is None or row.period is None or (size := _size(unit, row.period)) is None:
                continue
            known = None if row.unknown else row.amount
            into[names[resource], row.period].append(known if of == measure else money.product(known, size))
    return {
        key: Stored(money.exact_sum(amounts), money.exact_sum(sizes[key]))
        for key, amounts in costs.items()
        if None not in (*amounts, *sizes[key])
    }


def storage_costs(runs: Sequence[Run], buckets: Buckets, window: Window) -> dict[str, Decimal]:
    """What keeping the results of each run cost in the window; runs of which it is unknown are left out.

    >>> run = Run("a", datetime(2026, 8, 31), artifacts="s3://models/a", artifact_gb=Decimal(30))
    >>> september = Window(date(2026, 9, 1), date(2026, 10, 1))
    >>> kept = {("models", date(2026, 9, 1)): Stored(Decimal(10), Decimal(100))}
    >>> {name: str(cost.normalize()) for name, cost in storage_costs([run], kept, september).items()}
    {'a': '3'}
    """
    claims: defaultdict[tuple[str, date], list[tuple[str, Decimal]]] = defaultdict(list)
    found: dict[str, Decimal] = {}
    whole_months = {month: _share_of_month(datetime.min, month, window) for month in _months(window)}
    for run in runs:
        bucket = bucket_of(run.artifacts)
        if bucket is None or run.artifact_gb is None:
            continue
        since = run.end or run.start
        first = since.date().replace(day=1)
        for month, whole in whole_months.items():
            if (bucket, month) not in buckets:
                continue
            found.setdefault(run.run_id, Decimal(0))
            if first <= month:
                share = whole if first < month else _share_of_month(since, month, window)
                claims[bucket, month].append((run.run_id, _WIDE.multiply(run.artifact_gb, share)))
    for key, claimed in claims.items():
        kept = buckets[key]
        shared = max(kept.gb_months, money.exact_sum(part for _, part in claimed))
        for run_id, part in claimed:
            if part:
                cost = _WIDE.divide(_WIDE.multiply(kept.cost, part), shared)
                found[run_id] += cost.quantize(_LAST_DIGIT, ROUND_DOWN, _WIDE)
    return found


def _months(window: Window) -> list[date]:
    months, month = [], window.start.replace(day=1)
    while month < window.end:
        months.append(month)
        month = add_months(month, 1)
    return months


def _share_of_month(since: datetime, month: date, window: Window) -> Decimal:
    """The part of a whole month in which results were kept, inside the window."""
    first = max(since, datetime.combine(max(month, window.start), time.min))
    last = datetime.combine(min(add_months(month, 1), window.end), time.min)
    seconds = max(last - first, timedelta()).total_seconds()
    return _WIDE.divide(Decimal(int(seconds)), Decimal(days_in_month(month) * 86_400)).quantize(_LAST_DIGIT)


def _size(unit: str | None, month: date) -> Decimal | None:
    """Gigabyte-months in one of the unit; None where it is no unit of storage."""
    if unit in _GB_MONTHS:
        return Decimal(1)
    return _WIDE.divide(Decimal(1), Decimal(2**30 * 86_400 * days_in_month(month))) if unit == _BYTE_SECONDS else None
