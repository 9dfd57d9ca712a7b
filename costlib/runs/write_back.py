"""What runs cost, written back to the MLflow server that holds them: a metric, and two tags that say what it is.

Conventions: the metric is ``glidepath.cost_usd`` (or another currency), in that currency, to a millionth. The tag
``glidepath.cost_basis`` says where the cost is from, ``glidepath.cost_as_of`` the last day of the bill that was read.
A run that has the same cost on the same basis already is not written again, so its day stays that of the last change.
A run of unknown cost is never written, nor one that still runs, nor one that the store does not hold; each is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final

from costlib.analysis.trend import Amount
from costlib.runs.costs import How, RunCost
from costlib.runs.http import Service
from costlib.runs.mlflow import PAGE, answers, experiments, log, named
from costlib.runs.model import Status

BASIS_TAG: Final = "glidepath.cost_basis"
AS_OF_TAG: Final = "glidepath.cost_as_of"
_MILLIONTH: Final = Decimal("0.000001")
_BASES: Final = {How.BILL: "effective cost from the bill", How.LIST: "list price x time, an estimate"}


class What(StrEnum):
    """What becomes of a run of the server."""

    WRITE = "write"
    SAME = "the same already"
    UNKNOWN = "cost unknown"
    RUNNING = "still runs"
    NOT_LOADED = "not loaded here"


@dataclass(frozen=True)
class Entry:
    """A run of the server: its cost and basis as they would be written, and the cost that it has."""

    run_id: str
    what: What
    cost: Amount = None
    basis: str | None = None
    before: float | None = None


def metric(currency: str) -> str:
    """The name of the metric.

    >>> metric("USD")
    'glidepath.cost_usd'
    """
    return f"glidepath.cost_{currency.lower()}"


def entries(asked: Service, url: str, costs: Iterable[RunCost], currency: str, page: int = PAGE) -> list[Entry]:
    """What a write-back would do to each run of the server, in its order; nothing is written. Costs are effective.

    Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer of another shape.
    """
    known = {one.run.run_id: one for one in costs}
    found = answers(asked, url, experiments(asked, url, page), page)
    return [_entry(asked, answer, known, metric(currency)) for answer in found]


def write(asked: Service, url: str, planned: Iterable[Entry], currency: str, as_of: date, now: datetime) -> int:
    """Write what is planned, one request a run; returns how many. ``now``, in UTC, dates the metric.

    A request that is tried again, or a write-back that is started again, leaves the same.
    """
    written = 0
    writing = replace(asked, changes="what was written before stays: write back again")
    for one in planned:
        if one.what is What.WRITE and one.cost is not None:
            logged = {"key": metric(currency), "value": _number(one.cost), "timestamp": _milliseconds(now), "step": 0}
            tags: list[Mapping[str, Any]] = [
                {"key": BASIS_TAG, "value": one.basis},
                {"key": AS_OF_TAG, "value": as_of.isoformat()},
            ]
            log(writing, url, one.run_id, [logged], tags)
            written += 1
    return written


def _entry(asked: Service, answer: Mapping[str, Any], known: Mapping[str, RunCost], name: str) -> Entry:
    run_id = str(asked.field(asked.field(answer, "info", "runs/search"), "run_id", "runs/search"))
    one = known.get(run_id)
    if one is None:
        return Entry(run_id, What.NOT_LOADED)
    if one.run.status is Status.RUNNING:
        return Entry(run_id, What.RUNNING)
    if one.cost is None:
        return Entry(run_id, What.UNKNOWN)
    held = answer.get("data", {})
    before = named(asked, held.get("metrics", ())).get(name)
    basis = _BASES[one.how]
    same = before == _number(one.cost) and named(asked, held.get("tags", ())).get(BASIS_TAG) == basis
    return Entry(run_id, What.SAME if same else What.WRITE, one.cost, basis, before)


def _number(cost: Decimal) -> float:
    return float(cost.quantize(_MILLIONTH, ROUND_HALF_UP))


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)
