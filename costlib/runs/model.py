"""What a run is, and how runs are kept: one row a run.

Conventions: times are UTC; a run belongs to the day it started. ``status`` is one of ``Status``, whatever a tool calls
it. ``resource`` is what the bill calls the machine or job: a resource id, or its end after a colon or a slash.
``quality`` is a number of the metric named ``quality_metric``; which way is better is told by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa

from costlib.analysis.trend import Amount
from costlib.metrics.rows import SCALE


class Status(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RUNNING = "running"


#: Words of tools (MLflow, SageMaker, Kubeflow, Weights & Biases, Vertex AI, Azure ML), in small letters.
WORDS: Final = {
    **dict.fromkeys(("done", "finished", "completed", "complete", "succeeded", "success"), Status.DONE),
    **dict.fromkeys(("failed", "failure", "error", "crashed"), Status.FAILED),
    **dict.fromkeys(("cancelled", "canceled", "killed", "stopped", "aborted"), Status.CANCELLED),
    **dict.fromkeys(("running", "scheduled", "inprogress", "in progress", "pending", "queued"), Status.RUNNING),
}
#: Parts of names of metrics that are better when they are lower.
_LOWER: Final = ("loss", "error", "rmse", "mae", "mape", "wape", "perplexity", "latency", "wer", "brier")


@dataclass(frozen=True)
class Run:
    """One run; None is unknown."""

    run_id: str
    start: datetime
    experiment: str | None = None
    pipeline: str | None = None
    model: str | None = None
    stage: str | None = None
    owner: str | None = None
    instance_type: str | None = None
    instances: Amount = None
    end: datetime | None = None
    status: Status = Status.DONE
    data_volume_gb: Amount = None
    quality_metric: str | None = None
    quality: Amount = None
    resource: str | None = None

    @property
    def hours(self) -> Decimal | None:
        """Hours from start to end; None where it has not ended.

        >>> Run("a", datetime(2026, 9, 1), end=datetime(2026, 9, 1, 1, 30)).hours
        Decimal('1.5')
        """
        if self.end is None:
            return None
        return Decimal(int((self.end - self.start).total_seconds())) / 3600

    @property
    def wasted(self) -> bool:
        """Whether it ended without a result."""
        return self.status in (Status.FAILED, Status.CANCELLED)


_TYPES: Final = {
    "start": pa.timestamp("us"),
    "end": pa.timestamp("us"),
    **dict.fromkeys(("instances", "data_volume_gb", "quality"), pa.decimal128(38, SCALE)),
}
SCHEMA: Final = pa.schema([(field.name, _TYPES.get(field.name, pa.string())) for field in fields(Run)])


def table_of(runs: Iterable[Run]) -> pa.Table:
    """The runs as a table of ``SCHEMA``."""
    return pa.Table.from_pylist([asdict(run) for run in runs], SCHEMA)


def runs_of(table: pa.Table) -> list[Run]:
    """The runs of a table of ``SCHEMA``, the latest start first."""
    rows: list[dict[str, Any]] = table.select(SCHEMA.names).to_pylist()
    found = [Run(**{**row, "status": Status(row["status"])}) for row in rows]
    return sorted(found, key=lambda run: (run.start, run.run_id), reverse=True)


def lower_is_better(metric: str) -> bool:
    """Whether less of a quality metric is better, by its name.

    >>> lower_is_better("val_rmse"), lower_is_better("auc")
    (True, False)
    """
    return any(part in metric.lower() for part in _LOWER)


def status_of(word: str) -> Status:
    """The status that a tool's word means; raises ValueError.

    >>> status_of("FINISHED"), status_of("Stopped")
    (<Status.DONE: 'done'>, <Status.CANCELLED: 'cancelled'>)
    """
    found = WORDS.get(word.strip().lower())
    if found is None:
        raise ValueError(f"the status {word!r} is none of {', '.join(Status)}")
    return found
