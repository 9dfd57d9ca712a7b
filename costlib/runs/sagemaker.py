"""Runs from Amazon SageMaker: training, processing and batch transform jobs, and the pipelines that started them.

Where: ``sagemaker:`` for the region of the AWS environment or ``sagemaker:eu-west-1``; ``?from=2026-09`` asks for the
jobs that started since the first of that month only. Lists are read page by page (``NextToken``); each job is described
and its tags are read, two requests a job. SageMaker charges from start to end, in seconds, or
``BillableTimeInSeconds`` (managed spot: less); a job that never started is charged nothing. Tags ``team`` or ``owner``,
``model``, ``stage``, ``experiment``, ``pipeline``, ``quality_metric``, ``data_volume_gb``, ``artifact_gb`` and
``utilisation`` say what SageMaker has no field for.

Source: SageMaker API Reference, DescribeTrainingJob, DescribeProcessingJob, DescribeTransformJob,
ListPipelineExecutionSteps (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from costlib.errors import InputError
from costlib.runs.model import Run, facts_of, quality_of, status_of
from costlib.runs.read import utc
from costlib.sources.aws_session import client, said_plainly

if TYPE_CHECKING:
    from botocore.client import BaseClient

PREFIX: Final = "sagemaker:"
PAGE: Final = 100
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Address:
    """A region (None: that of the environment), and the month from which jobs are wanted (None: all)."""

    region: str | None
    since: datetime | None

    @property
    def created(self) -> datetime | None:
        """Jobs created since then may start in a month asked for: one may wait 28 days (MaxPendingTimeInSeconds)."""
        return self.since and self.since.replace(tzinfo=UTC) - timedelta(days=28)


@dataclass(frozen=True)
class Kind:
    """A kind of job as the API spells it, and the stage of its runs where no tag says another."""

    name: str
    stage: str

    @property
    def operation(self) -> str:
        """The kind in names of the client's methods: ``training_job``."""
        return f"{self.name.lower()}_job"


KINDS: Final = (Kind("Training", "training"), Kind("Processing", "data pipeline"), Kind("Transform", "batch inference"))


def address(where: str) -> Address:
    """What a place asks for.

    Raises ``InputError``.

    >>> address("sagemaker:eu-west-1?from=2026-09")
    Address(region='eu-west-1', since=datetime.datetime(2026, 9, 1, 0, 0))
    """
    region, _, query = where.removeprefix(PREFIX).partition("?")
    month = parse_qs(query).get("from", [""])[0]
    try:
        since = datetime.strptime(month, "%Y-%m") if query else None
    except ValueError as error:
        raise InputError(
            f"{where} asks from {month or 'nothing'}", expected="?from=2026-09, a month", fix="Correct the month."
        ) from error
    return Address(region.strip("/") or None, since)


def fetch_runs(asked: Address, quality_metric: str | None = None, page: int = PAGE) -> list[Run]:
    """Every job of the region that started since the month asked for, with the pipeline that started it.

    Raises ``InputError`` with what AWS said.
    """
    with _allowed(f"{PREFIX}{asked.region or ''}"):
        sagemaker = client("sagemaker", asked.region)
        pipelines = dict(_steps(sagemaker, asked.created, page))
        found = [
            run_of(kind, job, tags, pipelines.get(arn), quality_metric)
            for kind in KINDS
            for arn, job, tags in _jobs(sagemaker, kind, asked.created, page)
        ]
    return [run for run in found if asked.since is None or run.start >= asked.since]


def source(runs: Sequence[Run]) -> str:
    """What the source of runs is called: region and account, so that two of them never replace each other's months.

    >>> source([Run("arn:aws:sagemaker:eu-west-1:111122223333:training-job/a", datetime(2026, 9, 1))])
    'sagemaker:eu-west-1:111122223333'
    """
    return ":".join(runs[0].run_id.split(":")[2:5]) if runs else PREFIX


def run_of(
    kind: Kind, job: Answer, tags: Mapping[str, str], pipeline: str | None = None, quality_metric: str | None = None
) -> Run:
    """One job as it is described.

    Raises ``InputError`` naming the job and what is wrong with it.
    """
    arn = str(_field(job, f"{kind.name}JobArn"))
    created = _field(job, "CreationTime")
    start, end = job.get(f"{kind.name}StartTime"), job.get(f"{kind.name}EndTime")
    metric = tags.get("quality_metric") or quality_metric or ""
    measured = {one["MetricName"]: one["Value"] for one in job.get("FinalMetricDataList", ())}
    try:
        status = status_of(str(_field(job, f"{kind.name}JobStatus")))
        facts = facts_of(tags, {})
        quality = quality_of(measured.get(metric), metric)
    except ValueError as error:
        raise _changed(arn, str(error)) from error
    machine, count = _machines(kind, job)
    return Run(
        arn,
        utc(start or created),
        experiment=tags.get("experiment") or job.get("ExperimentConfig", {}).get("ExperimentName") or pipeline,
        pipeline=facts.pop("pipeline", None) or pipeline,
        stage=facts.pop("stage", kind.stage),
        end=utc(end) if end else None,
        status=status,
        quality_metric=metric if quality is not None else None,
        quality=quality,
        billed_hours=Decimal(0) if start is None and end else _hours(job.get("BillableTimeInSeconds")),
        artifacts=_artifacts(kind, job),
        **{**facts, "resource": arn, "instance_type": machine, "instances": count},
    )


def _jobs(
    sagemaker: BaseClient, kind: Kind, since: datetime | None, page: int
) -> Iterator[tuple[str, Answer, dict[str, str]]]:
    """Every job of a kind: its ARN, its description and its tags, keys in small letters."""
    describe = getattr(sagemaker, f"describe_{kind.operation}")
    for one in _listed(sagemaker, f"list_{kind.operation}s", f"{kind.name}JobSummaries", _created(since), page):
        arn = str(_field(one, f"{kind.name}JobArn"))
        job = describe(**{f"{kind.name}JobName": one[f"{kind.name}JobName"]})
        tags = _listed(sagemaker, "list_tags", "Tags", {"ResourceArn": arn}, PAGE)
        yield arn, job, {str(tag["Key"]).lower(): str(tag["Value"]) for tag in tags}


def _steps(sagemaker: BaseClient, since: datetime | None, page: int) -> Iterator[tuple[str, str]]:
    """The ARN of every job that a pipeline started, and the pipeline's name."""
    for pipeline in _listed(sagemaker, "list_pipelines", "PipelineSummaries", {}, page):
        name = str(_field(pipeline, "PipelineName"))
        wanted = {"PipelineName": name, **_created(since, "CreatedAfter")}
        for execution in _listed(sagemaker, "list_pipeline_executions", "PipelineExecutionSummaries", wanted, page):
            arn = {"PipelineExecutionArn": _field(execution, "PipelineExecutionArn")}
            for step in _listed(sagemaker, "list_pipeline_execution_steps", "PipelineExecutionSteps", arn, page):
                for made in step.get("Metadata", {}).values():
                    if isinstance(made, dict) and "Arn" in made:
                        yield str(made["Arn"]), name


def _listed(sagemaker: BaseClient, operation: str, name: str, asked: Answer, page: int) -> Iterator[Answer]:
    for answer in sagemaker.get_paginator(operation).paginate(**asked, PaginationConfig={"PageSize": page}):
        yield from answer[name]


def _created(since: datetime | None, name: str = "CreationTimeAfter") -> dict[str, datetime]:
    return {name: since} if since else {}


def _machines(kind: Kind, job: Answer) -> tuple[str | None, Decimal | None]:
    """Machine and count of a job; without a machine where a cluster mixes several."""
    held = {
        "Training": job.get("ResourceConfig", {}),
        "Processing": job.get("ProcessingResources", {}).get("ClusterConfig", {}),
        "Transform": job.get("TransformResources", {}),
    }[kind.name]
    groups = held.get("InstanceGroups") or [held]
    machines = {group.get("InstanceType") for group in groups}
    counts = [group.get("InstanceCount") for group in groups]
    return (machines.pop() if len(machines) == 1 else None), None if None in counts else Decimal(sum(counts))


def _artifacts(kind: Kind, job: Answer) -> str | None:
    """Where in S3 the job left what it made; of several outputs the first."""
    match kind.name:
        case "Training":
            found = job.get("ModelArtifacts", {}).get("S3ModelArtifacts")
        case "Transform":
            found = job.get("TransformOutput", {}).get("S3OutputPath")
        case _:
            outputs = job.get("ProcessingOutputConfig", {}).get("Outputs", [])
            found = next((one["S3Output"]["S3Uri"] for one in outputs if "S3Output" in one), None)
    return None if found is None else str(found)


def _hours(seconds: int | None) -> Decimal | None:
    return None if seconds is None else Decimal(seconds) / 3600


def _field(answer: Answer, name: str) -> Any:
    if name not in answer:
        raise _changed(name, f"there is no {name} but {', '.join(sorted(answer))}")
    return answer[name]


def _changed(about: str, what: str) -> InputError:
    return InputError(
        f"SageMaker's answer about {about} has another shape: {what}",
        expected="the SageMaker API of 2017-07-24",
        fix="Update boto3; nothing was changed.",
    )


@contextmanager
def _allowed(where: str) -> Iterator[None]:
    """Refusals of AWS in words, with what these credentials need."""
    from botocore.exceptions import ClientError

    with said_plainly(where):
        try:
            yield
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
                raise
            raise InputError(
                f"{where}: access is denied ({error.operation_name})",
                expected="sagemaker:List*, sagemaker:Describe* and sagemaker:ListTags",
                fix="Allow these to the credentials; nothing was changed.",
            ) from error
