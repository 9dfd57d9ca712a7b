"""Runs from an MLflow tracking server, over its REST API (version 2.0 of it, as MLflow 3.17 serves it).

Where: ``mlflow:http://host:5000``. Experiments and runs are read page by page; nothing is sent but the question. What
MLflow has no field for comes from a run's tags, parameters or metrics: ``model``, ``stage``, ``pipeline``, ``team`` or
``owner`` (else MLflow's user), ``instance_type``, ``instances``, ``resource``, ``data_volume_gb``, ``artifact_gb``,
``utilisation`` (0 to 1), and ``quality_metric``, the name of the metric that says how good the model is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from costlib.runs.http import Service
from costlib.runs.model import Run, facts_of, quality_of, status_of
from costlib.sources.web import Pause

PREFIX: Final = "mlflow:"
PAGE: Final = 200
_API: Final = "/api/2.0/mlflow"
_EXPERIMENTS: Final = "experiments/search"
_RUNS: Final = "runs/search"

Answer = Mapping[str, Any]


def service(pause: Pause = time.sleep) -> Service:
    """MLflow, as messages call it."""
    return Service("MLflow", "the REST API 2.0 of MLflow 3", pause)


def fetch_runs(url: str, quality_metric: str | None = None, page: int = PAGE, pause: Pause = time.sleep) -> list[Run]:
    """Every run of every experiment of the server, deleted ones left out.

    Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer of another shape.
    """
    asked = service(pause)
    names = experiments(asked, url, page)
    return [run_of(asked, one, names, quality_metric) for one in answers(asked, url, names, page)]


def experiments(asked: Service, url: str, page: int = PAGE) -> dict[str, str]:
    """The names of the server's experiments by their id."""
    found = _pages(asked, url, _EXPERIMENTS, {}, "experiments", page)
    return {
        str(asked.field(one, "experiment_id", _EXPERIMENTS)): str(asked.field(one, "name", _EXPERIMENTS))
        for one in found
    }


def answers(asked: Service, url: str, inside: Iterable[str], page: int = PAGE) -> Iterator[Answer]:
    """Every run of the experiments as the server writes it."""
    wanted = {"experiment_ids": list(inside), "run_view_type": "ACTIVE_ONLY"}
    if wanted["experiment_ids"]:
        yield from _pages(asked, url, _RUNS, wanted, "runs", page)


def run_of(asked: Service, answer: Answer, experiments: Mapping[str, str], quality_metric: str | None = None) -> Run:
    """One run of an answer.

    Raises ``InputError`` naming the field that is gone or holds something else.
    """
    info = asked.field(answer, "info", _RUNS)
    held = answer.get("data", {})
    tags, params, metrics = (named(asked, held.get(name, ())) for name in ("tags", "params", "metrics"))
    run_id = str(asked.field(info, "run_id", _RUNS))
    told = {**params, **tags}
    metric = str(told.get("quality_metric", quality_metric or ""))
    try:
        status = status_of(str(asked.field(info, "status", _RUNS)))
        facts = facts_of(told, metrics)
        quality = quality_of(metrics.get(metric), metric)
        start = _moment(asked.field(info, "start_time", _RUNS))
        end = _moment(info["end_time"]) if info.get("end_time") else None
    except (ValueError, InvalidOperation) as error:
        raise asked.changed(_RUNS, f"run {run_id}: {error}") from error
    return Run(
        run_id,
        start,
        experiment=experiments.get(str(asked.field(info, "experiment_id", _RUNS))),
        owner=facts.pop("owner", None) or tags.get("mlflow.user") or info.get("user_id"),
        stage=facts.pop("stage", "training"),
        end=end,
        status=status,
        quality_metric=metric if quality is not None else None,
        quality=quality,
        artifacts=info.get("artifact_uri"),
        **facts,
    )


def named(asked: Service, entries: Any) -> dict[str, Any]:
    """Tags, parameters or metrics of a run by their key."""
    return {str(asked.field(entry, "key", _RUNS)): asked.field(entry, "value", _RUNS) for entry in entries}


def _pages(asked: Service, url: str, path: str, wanted: Answer, name: str, page: int) -> Iterator[Answer]:
    token, seen = "", set[str]()
    while True:
        question = {**wanted, "max_results": page, **({"page_token": token} if token else {})}
        answer = asked.answer(f"{url}{_API}/{path}", path, question)
        yield from asked.rows(answer, name, path, ("next_page_token",))
        token = asked.next_token(answer, "next_page_token", seen, path)
        if not token:
            return


def log(asked: Service, url: str, run_id: str, metrics: Sequence[Answer], tags: Sequence[Answer]) -> None:
    """Add metrics and tags to a run, in one request."""
    wanted = {"run_id": run_id, "metrics": list(metrics), "tags": list(tags), "params": []}
    asked.answer(f"{url}{_API}/runs/log-batch", "runs/log-batch", wanted)


def _moment(milliseconds: Any) -> datetime:
    whole = int(Decimal(str(milliseconds)))
    return datetime.fromtimestamp(whole / 1000, UTC).replace(tzinfo=None)
