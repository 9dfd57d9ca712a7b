"""Runs from an MLflow tracking server, over its REST API (version 2.0 of it, as MLflow 3.17 serves it).

Where: ``mlflow:http://host:5000``. Experiments and runs are read page by page; 429 and server errors are tried again
with growing pauses; a field that the API promises and an answer lacks is named in the refusal. Nothing is sent but the
question. What MLflow has no field for comes from a run's tags, parameters or metrics: ``model``, ``stage``,
``pipeline``, ``team`` or ``owner`` (else MLflow's user), ``instance_type``, ``instances``, ``resource``,
``data_volume_gb``, and ``quality_metric``, the name of the metric that says how good the model is.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from costlib.errors import InputError, UnreadableFile
from costlib.metrics.rows import value_of
from costlib.runs.model import Run, status_of

PREFIX: Final = "mlflow:"
TRIES, TIMEOUT_SECONDS, PAGE = 5, 60.0, 200
_AGAIN: Final = (429, 500, 502, 503, 504)
_API: Final = "/api/2.0/mlflow"
_MOST_BYTES: Final = 64 * 2**20
Pause = Callable[[float], None]


def address(where: str) -> str | None:
    """The server that a place to load from means; None where it is a file.

    Raises ``InputError``.

    >>> address("mlflow:http:/localhost:5000/"), address("runs.csv")
    ('http://localhost:5000', None)
    """
    if not where.startswith(PREFIX):
        return None
    scheme, _, rest = where.removeprefix(PREFIX).partition(":")
    host = rest.strip("/")
    if scheme not in ("http", "https") or not host:
        raise InputError(
            f"{where} is no address", expected="mlflow:http://host:port", fix="Write for example mlflow:http://ml:5000."
        )
    return f"{scheme}://{host}"


def fetch_runs(url: str, quality_metric: str | None = None, page: int = PAGE, pause: Pause = time.sleep) -> list[Run]:
    """Every run of every experiment of the server, deleted ones left out.

    Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer of another shape.
    """
    names = {
        _field(one, "experiment_id", "experiments/search"): _field(one, "name", "experiments/search")
        for one in _pages(url, "experiments/search", {}, "experiments", page, pause)
    }
    asked = {"experiment_ids": list(names), "run_view_type": "ACTIVE_ONLY"}
    found = _pages(url, "runs/search", asked, "runs", page, pause) if names else iter(())
    return [run_of(one, names, quality_metric) for one in found]


def run_of(answer: Mapping[str, Any], experiments: Mapping[str, str], quality_metric: str | None = None) -> Run:
    """One run of an answer.

    Raises ``InputError`` naming the field that is gone or holds something else.
    """
    where = "runs/search"
    info = _field(answer, "info", where)
    held = answer.get("data", {})
    tags, params = (_named(held.get(name, ()), where) for name in ("tags", "params"))
    metrics = _named(held.get("metrics", ()), where)
    run_id = str(_field(info, "run_id", where))
    facts = {**{key: value for key, value in params.items() if key in _FACTS}, **tags}
    metric = str(facts.get("quality_metric", quality_metric or ""))
    try:
        status = status_of(str(_field(info, "status", where)))
        numbers = {
            name: value_of(facts.get(name, metrics.get(name)), name)
            for name in ("instances", "data_volume_gb")
            if name in facts or name in metrics
        }
        quality = _quality(metrics.get(metric), metric)
        start = _moment(_field(info, "start_time", where))
        end = _moment(info["end_time"]) if info.get("end_time") else None
    except (ValueError, InvalidOperation) as error:
        raise _changed(where, f"run {run_id}: {error}") from error
    return Run(
        run_id,
        start,
        experiment=experiments.get(str(_field(info, "experiment_id", where))),
        pipeline=facts.get("pipeline"),
        model=facts.get("model"),
        stage=facts.get("stage", "training"),
        owner=facts.get("team") or facts.get("owner") or facts.get("mlflow.user") or info.get("user_id"),
        instance_type=facts.get("instance_type"),
        instances=numbers.get("instances"),
        end=end,
        status=status,
        data_volume_gb=numbers.get("data_volume_gb"),
        quality_metric=metric if quality is not None else None,
        quality=quality,
        resource=facts.get("resource"),
    )


#: What a parameter may tell of a run.
_FACTS: Final = (
    "model",
    "stage",
    "pipeline",
    "team",
    "owner",
    "instance_type",
    "instances",
    "resource",
    "data_volume_gb",
    "quality_metric",
)


def _pages(
    url: str, path: str, asked: Mapping[str, Any], field: str, page: int, pause: Pause
) -> Iterator[Mapping[str, Any]]:
    token, seen = "", set()
    while True:
        wanted = {**asked, "max_results": page, **({"page_token": token} if token else {})}
        answer = _answer(f"{url}{_API}/{path}", path, wanted, pause)
        rows = answer.get(field, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _changed(path, f"{field} is no list")
        if not rows and field not in answer and set(answer) - {"next_page_token"}:
            raise _changed(path, f"there is no {field} but {', '.join(sorted(answer))}")
        yield from rows
        token = str(answer.get("next_page_token") or "")
        if not token:
            return
        if token in seen:
            raise _changed(path, "the same page came twice")
        seen.add(token)


def _answer(url: str, path: str, wanted: Mapping[str, Any], pause: Pause) -> dict[str, Any]:
    content = _fetched(url, json.dumps(wanted).encode(), pause)
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise _changed(path, "the answer is no JSON") from error
    if not isinstance(answer, dict):
        raise _changed(path, "the answer is no object")
    return answer


def _fetched(url: str, body: bytes, pause: Pause) -> bytes:
    for attempt in range(1, TRIES + 1):
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read(_MOST_BYTES)
                return content
        except urllib.error.HTTPError as error:
            with error:
                said = error.read(200).decode("utf-8", "replace").strip()
            if error.code not in _AGAIN or attempt == TRIES:
                raise _refused(url, f"{error.code} {said}".strip(), attempt) from error
            asked = error.headers.get("Retry-After") or ""
            pause(min(float(asked), 60.0) if asked.isdigit() else float(2 ** (attempt - 1)))
        except OSError as error:
            if attempt == TRIES:
                raise _refused(url, str(error), attempt) from error
            pause(float(2 ** (attempt - 1)))
    raise AssertionError("the last try returns or raises")


def _field(row: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in row:
        raise _changed(where, f"there is no {name} but {', '.join(sorted(row))}")
    return row[name]


def _named(entries: Any, where: str) -> dict[str, Any]:
    return {str(_field(entry, "key", where)): _field(entry, "value", where) for entry in entries}


def _quality(value: Any, metric: str) -> Decimal | None:
    """The value of the quality metric; one that was never logged, or diverged (NaN), is unknown."""
    if value is None or not Decimal(str(value)).is_finite():
        return None
    return value_of(value, metric)


def _moment(milliseconds: Any) -> datetime:
    whole = int(Decimal(str(milliseconds)))
    return datetime.fromtimestamp(whole / 1000, UTC).replace(tzinfo=None)


def _changed(path: str, what: str) -> InputError:
    return InputError(
        f"MLflow's answer to {path} has another shape: {what}",
        expected="the REST API 2.0 of MLflow 3",
        fix="Check the server's version; nothing was changed.",
    )


def _refused(url: str, why: str, attempts: int) -> UnreadableFile:
    return UnreadableFile(
        f"{url} answered {why} ({attempts} {'try' if attempts == 1 else 'tries'})",
        expected="runs",
        fix="Check that the address is reached from here and serves MLflow; nothing was changed.",
    )
