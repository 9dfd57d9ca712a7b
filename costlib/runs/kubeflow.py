"""Runs from Kubeflow Pipelines, over its REST API (v2beta1, as version 2.17 serves it).

Where: ``kubeflow:http://host:8888``, with ``/NAMESPACE`` behind it where the server keeps several apart. Runs are read
page by page, with the names of their experiments and pipelines. A run's parameters say what Kubeflow has no field for:
``team`` or ``owner`` (else the service account), ``model``, ``stage``, ``instance_type``, ``instances``, ``resource``,
``data_volume_gb``, ``artifact_gb``, ``utilisation``, and ``quality_metric`` with ``quality``. Its time is that from the
first task's start to the last task's end, without the wait before; where no task is listed, from its creation to its
end. Tasks side by side count once: ``instances`` says on how many machines they ran.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from costlib.runs.http import Service
from costlib.runs.model import Run, Status, facts_of, quality_of, status_of
from costlib.runs.read import utc
from costlib.sources.web import Pause

PREFIX: Final = "kubeflow:"
PAGE: Final = 100
_API: Final = "/apis/v2beta1"
_BESIDE: Final = ("total_size", "next_page_token")
#: What the server writes for a time that has not come.
_NEVER: Final = datetime(1970, 1, 1)

Answer = Mapping[str, Any]


def fetch_runs(where: str, quality_metric: str | None = None, page: int = PAGE, pause: Pause = time.sleep) -> list[Run]:
    """Every run of the server, or of the namespace behind its address, archived ones too: they cost what they cost.

    Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer of another shape.
    """
    asked = Service("Kubeflow Pipelines", "the REST API v2beta1 of Kubeflow Pipelines 2", pause)
    parts = urlsplit(where)
    url, namespace = f"{parts.scheme}://{parts.netloc}", parts.path.strip("/")
    experiments = _names(asked, url, "experiments", "experiment_id", namespace, page)
    pipelines = _names(asked, url, "pipelines", "pipeline_id", namespace, page)
    return [
        run_of(asked, one, experiments, pipelines, quality_metric)
        for one in _pages(asked, url, "runs", namespace, page)
    ]


def run_of(
    asked: Service,
    answer: Answer,
    experiments: Mapping[str, str],
    pipelines: Mapping[str, str],
    quality_metric: str | None = None,
) -> Run:
    """One run of an answer.

    Raises ``InputError`` naming the field that is gone or holds something else.
    """
    run_id = str(asked.field(answer, "run_id", "runs"))
    told = (answer.get("runtime_config") or {}).get("parameters") or {}
    version = answer.get("pipeline_version_reference") or {}
    metric = str(told.get("quality_metric") or quality_metric or "")
    try:
        status = status_of(str(asked.field(answer, "state", "runs")))
        facts = facts_of(told, {})
        quality = quality_of(told.get("quality") if metric else None, metric)
        start, end = _span(asked, answer)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise asked.changed("runs", f"run {run_id}: {error}") from error
    return Run(
        run_id,
        start,
        experiment=experiments.get(str(answer.get("experiment_id"))),
        pipeline=facts.pop("pipeline", None) or pipelines.get(str(version.get("pipeline_id"))),
        stage=facts.pop("stage", "training"),
        owner=facts.pop("owner", None) or answer.get("service_account") or None,
        end=None if status is Status.RUNNING else end,
        status=status,
        quality_metric=metric if quality is not None else None,
        quality=quality,
        **facts,
    )


def _span(asked: Service, answer: Answer) -> tuple[datetime, datetime | None]:
    """From when to when tasks of the run were at work; the run's own times where none is listed."""
    tasks = (answer.get("run_details") or {}).get("task_details") or []
    starts = [moment for task in tasks if (moment := _moment(task.get("start_time")))]
    ends = [moment for task in tasks if (moment := _moment(task.get("end_time")))]
    created = _moment(asked.field(answer, "created_at", "runs"))
    if created is None:
        raise ValueError("created_at is empty")
    start = min(starts, default=created)
    end = max(ends, default=None) if starts else _moment(answer.get("finished_at"))
    if end is not None and end < start:
        raise ValueError(f"it ends at {end}, before it starts at {start}")
    return start, end


def _moment(text: Any) -> datetime | None:
    """A time of an answer; None where it has not come."""
    if not text:
        return None
    found = utc(datetime.fromisoformat(str(text)))
    return None if found == _NEVER else found


def _names(asked: Service, url: str, kind: str, key: str, namespace: str, page: int) -> dict[str, str]:
    """Names of experiments or pipelines by id."""
    return {
        str(asked.field(one, key, kind)): str(asked.field(one, "display_name", kind))
        for one in _pages(asked, url, kind, namespace, page)
    }


def _pages(asked: Service, url: str, kind: str, namespace: str, page: int) -> Iterator[Answer]:
    token, seen = "", set[str]()
    while True:
        wanted = {"page_size": page, "namespace": namespace, "page_token": token}
        answer = asked.answer(f"{url}{_API}/{kind}?{urlencode({k: v for k, v in wanted.items() if v})}", kind)
        yield from asked.rows(answer, kind, kind, _BESIDE)
        token = asked.next_token(answer, "next_page_token", seen, kind)
        if not token:
            return
