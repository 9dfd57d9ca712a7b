"""What a run is, and how runs are kept: one row a run.

Conventions: times are UTC; a run belongs to the day it started. ``status`` is one of ``Status``, whatever a tool calls
it; unknown where only a bill tells of the run. ``resource`` is what the bill calls the machine or job: a resource id,
its end after a colon or a slash, or a label as ``key=value``.
``quality`` is a number of the metric named ``quality_metric``; which way is better is told by its name.
``billed_hours`` are those that the provider charges a machine of the run for, where they are not its time: SageMaker's
managed spot training charges for less. ``utilisation`` is the mean share of its time, 0 to 1, in which its accelerators
(or, without, its processors) were at work. ``artifacts`` says where its results lie, ``artifact_gb`` how much it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa

from costlib.analysis.trend import Amount
from costlib.metrics.rows import SCALE, text_of, value_of


class Status(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RUNNING = "running"
    UNKNOWN = "unknown"


#: Words of tools (MLflow, SageMaker, Kubeflow, Weights & Biases, Vertex AI, Azure ML), in small letters.
WORDS: Final = {
    **dict.fromkeys(("done", "finished", "completed", "complete", "succeeded", "success"), Status.DONE),
    **dict.fromkeys(("failed", "failure", "error", "crashed"), Status.FAILED),
    **dict.fromkeys(
        ("cancelled", "canceled", "killed", "stopped", "aborted", "preempted", "skipped"), Status.CANCELLED
    ),
    **dict.fromkeys(("running", "scheduled", "inprogress", "in progress", "pending", "queued"), Status.RUNNING),
    "runtime_state_unspecified": Status.UNKNOWN,
    **dict.fromkeys(("stopping", "canceling", "paused", "preempting"), Status.RUNNING),
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
    billed_hours: Amount = None
    utilisation: Amount = None
    artifacts: str | None = None
    artifact_gb: Amount = None

    @property
    def name(self) -> str:
        """What a reader calls it: its id, without the account and region that begin an AWS name.

        >>> Run("arn:aws:sagemaker:us-east-1:1:training-job/ranker-7", datetime(2026, 9, 1)).name
        'training-job/ranker-7'
        """
        return self.run_id.rpartition(":")[2] if self.run_id.startswith("arn:") else self.run_id

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


NUMBERS: Final = ("instances", "data_volume_gb", "quality", "billed_hours", "utilisation", "artifact_gb")
TEXTS: Final = (
    "experiment",
    "pipeline",
    "model",
    "stage",
    "owner",
    "instance_type",
    "quality_metric",
    "resource",
    "artifacts",
)
#: Numbers that tags, parameters or metrics of a tracker may tell.
_TOLD_NUMBERS: Final = ("instances", "data_volume_gb", "utilisation", "artifact_gb")
_TYPES: Final = {
    "start": pa.timestamp("us"),
    "end": pa.timestamp("us"),
    **dict.fromkeys(NUMBERS, pa.decimal128(38, SCALE)),
}
SCHEMA: Final = pa.schema([(field.name, _TYPES.get(field.name, pa.string())) for field in fields(Run)])


def table_of(runs: Iterable[Run]) -> pa.Table:
    """The runs as a table of ``SCHEMA``."""
    return pa.Table.from_pylist([asdict(run) for run in runs], SCHEMA)


def runs_of(table: pa.Table) -> list[Run]:
    """The runs of a table of ``SCHEMA``, the latest start first."""
    rows: list[dict[str, Any]] = table.select(SCHEMA.names).to_pylist()
    found = [Run(**{**row, "status": Status(row["status"])}) for row in rows]
    return sorted(found, key=started, reverse=True)


def started(run: Run) -> tuple[datetime, str]:
    """What runs are ordered by."""
    return run.start, run.run_id


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


def number_of(cell: Any, name: str) -> Decimal:
    """A number of a run; raises ValueError, also for a utilisation that is no share.

    >>> number_of("0.43", "utilisation")
    Decimal('0.430000000')
    """
    value = value_of(cell, name)
    if name == "utilisation" and not 0 <= value <= 1:
        raise ValueError(f"the utilisation {cell} is not a share from 0 to 1: write 0.43 for 43 %")
    return value


def facts_of(told: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a run that a tracker has no place for: from its tags or parameters, numbers from its metrics too.

    A team is the owner. Raises ValueError.

    >>> facts_of({"team": "Search", "instances": "2", "lr": 0.1}, {"utilisation": 0.5})
    {'owner': 'Search', 'instances': Decimal('2.000000000'), 'utilisation': Decimal('0.500000000')}
    """
    names = ("model", "stage", "pipeline", "instance_type", "resource")
    owner = text_of(told.get("team")) or text_of(told.get("owner"))
    texts = {"owner": owner, **{name: text_of(told.get(name)) for name in names}}
    cells = {name: told.get(name, measured.get(name)) for name in _TOLD_NUMBERS}
    numbers = {name: number_of(cell, name) for name, cell in cells.items() if text_of(cell) is not None}
    return {**{name: text for name, text in texts.items() if text is not None}, **numbers}


def quality_of(value: Any, metric: str) -> Decimal | None:
    """The value of a quality metric; one that was never logged, or diverged (NaN), is unknown. Raises ValueError."""
    if value is None or not Decimal(str(value)).is_finite():
        return None
    return value_of(value, metric)
