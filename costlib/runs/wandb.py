"""Runs from Weights & Biases: the folders of offline runs, or a project over the GraphQL API that its own client uses.

Where: ``wandb:FOLDER``, read down to every ``run-*.wandb`` in it, or ``wandb:https://api.wandb.ai/ENTITY/PROJECT`` (or
a server of your own), with the key that ``wandb login`` wrote to ``~/.netrc``. A run's experiment is its group, else
its project; its stage its job type, else training. Config and summary say the rest: ``team`` or ``owner``, ``model``,
``stage``, ``pipeline``, ``instance_type``, ``instances``, ``resource``, ``data_volume_gb``, ``artifact_gb``,
``quality_metric`` and ``utilisation`` (else, offline, the mean of what its GPUs were at work). Its time is the runtime
that it says itself. An offline run without an end still runs, as far as its folder tells.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from costlib.errors import EmptyExport, InputError
from costlib.runs.http import Service, server
from costlib.runs.model import Run, Status, facts_of, number_of, quality_of, status_of
from costlib.runs.read import utc
from costlib.runs.wandb_log import Logged, logged
from costlib.sources.web import Pause

PREFIX: Final = "wandb:"
PAGE: Final = 50
_ABOUT: Final = "Runs"
QUERY: Final = """
query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int!) {
  project(name: $project, entityName: $entity) {
    runs(after: $cursor, first: $perPage) {
      edges {
        node { name state group jobType createdAt config summaryMetrics user { username } }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
}
"""


def folder_of(where: str) -> Path | None:
    """The folder that a place means; None where it is a server.

    >>> folder_of("wandb:training/wandb").name, folder_of("wandb:https://api.wandb.ai/acme/ranker")
    ('wandb', None)
    """
    rest = where.removeprefix(PREFIX)
    return None if rest.startswith(("http:", "https:")) else Path(rest)


def offline_runs(folder: Path, quality_metric: str | None = None) -> list[Run]:
    """Every offline run below the folder.

    Raises ``EmptyExport`` where there is none, ``UnreadableFile`` for a file that is damaged, and ``InputError``.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder", expected=f"{PREFIX}FOLDER", fix="Check the path.")
    found = {path.resolve(): logged(path) for path in sorted(folder.rglob("run-*.wandb"))}
    if not found:
        raise EmptyExport(
            f"{folder} holds no offline run", expected="run-*.wandb in it or below", fix="Name the folder wandb/."
        )
    return [run_of_log(str(path), one, quality_metric) for path, one in found.items()]


def run_of_log(where: str, one: Logged, quality_metric: str | None = None) -> Run:
    """The run of a file; raises ``InputError`` naming it and what is wrong."""
    if one.seconds is None or not one.run_id:
        raise InputError(
            f"{where} does not say its run and when it began", expected="a whole run", fix="Copy the file again."
        )
    status = Status.RUNNING if one.exit_code is None else Status.FAILED if one.exit_code else Status.DONE
    try:
        start = datetime.fromtimestamp(one.seconds, UTC).replace(tzinfo=None)
        run = _run(
            one.run_id, start, status, one.config, one.summary, quality_metric, one.group or one.project, one.job_type
        )
        if run.utilisation is None and one.busy:
            mean = sum(one.busy, Decimal(0)) / len(one.busy) / 100
            return Run(**{**vars(run), "utilisation": number_of(mean, "utilisation")})
        return run
    except (ValueError, InvalidOperation) as error:
        raise InputError(
            f"{where}: {error}", expected="a run of Weights & Biases", fix="Correct its config."
        ) from error


def project_runs(
    where: str, quality_metric: str | None = None, page: int = PAGE, pause: Pause = time.sleep
) -> tuple[str, list[Run]]:
    """Every run of a project, with the project's address.

    Raises ``UnreadableFile`` with what the server said, and ``InputError`` for an answer of another shape.
    """
    address = server(where, PREFIX)
    parts = urlsplit(address)
    entity, _, project = parts.path.strip("/").partition("/")
    if not project:
        raise InputError(
            f"{where} names no project",
            expected=f"{PREFIX}https://api.wandb.ai/ENTITY/PROJECT",
            fix="Add entity and project.",
        )
    asked = Service("Weights & Biases", "the GraphQL API that wandb 0.31 asks", pause)
    variables = {"entity": entity, "project": project, "perPage": page}
    nodes = _nodes(asked, f"{parts.scheme}://{parts.netloc}/graphql", variables)
    return address, [run_of_node(asked, node, project, quality_metric) for node in nodes]


def run_of_node(asked: Service, node: Mapping[str, Any], project: str, quality_metric: str | None = None) -> Run:
    """One run of an answer."""
    name = str(asked.field(node, "name", _ABOUT))
    try:
        config = {
            key: value["value"] if isinstance(value, dict) and "value" in value else value
            for key, value in _document(asked.field(node, "config", _ABOUT)).items()
        }
        summary = _document(asked.field(node, "summaryMetrics", _ABOUT))
        start = utc(datetime.fromisoformat(str(asked.field(node, "createdAt", _ABOUT))))
        status = status_of(str(asked.field(node, "state", _ABOUT)))
        user = (node.get("user") or {}).get("username")
        group = node.get("group") or project
        return _run(name, start, status, {"owner": user, **config}, summary, quality_metric, group, node.get("jobType"))
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise asked.changed(_ABOUT, f"run {name}: {error}") from error


def _run(
    run_id: str,
    start: datetime,
    status: Status,
    config: Mapping[str, Any],
    summary: Mapping[str, Any],
    quality_metric: str | None,
    experiment: str,
    job_type: str | None,
) -> Run:
    facts = facts_of(config, summary)
    metric = str(config.get("quality_metric") or quality_metric or "")
    quality, took = quality_of(summary.get(metric), metric), _runtime(summary)
    return Run(
        run_id,
        start,
        experiment=experiment,
        stage=facts.pop("stage", None) or job_type or "training",
        end=None if took is None or status is Status.RUNNING else start + took,
        status=status,
        quality_metric=metric if quality is not None else None,
        quality=quality,
        **facts,
    )


def _runtime(summary: Mapping[str, Any]) -> timedelta | None:
    """How long a run took: the longer of what it says in whole seconds and of its last logged step."""
    own = summary.get("_wandb")
    whole = own.get("runtime") if isinstance(own, dict) else summary.get("_wandb.runtime")
    told = [Decimal(str(value)) for value in (whole, summary.get("_runtime")) if value is not None]
    return timedelta(seconds=float(max(told))) if told else None


def _nodes(asked: Service, url: str, variables: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    cursor, seen = "", set[str]()
    while True:
        answer = asked.answer(url, _ABOUT, {"query": QUERY, "variables": {**variables, "cursor": cursor or None}})
        if answer.get("errors"):
            raise asked.changed(_ABOUT, f"it says {json.dumps(answer['errors'])[:200]}")
        project = asked.field(asked.field(answer, "data", _ABOUT), "project", _ABOUT)
        if project is None:
            raise InputError(
                f"There is no project {variables['entity']}/{variables['project']}, or it may not be read",
                expected="a project that the key in ~/.netrc may read",
                fix="Check the names, or sign in with wandb login.",
            )
        runs = asked.field(project, "runs", _ABOUT)
        yield from (asked.field(edge, "node", _ABOUT) for edge in asked.field(runs, "edges", _ABOUT))
        info = asked.field(runs, "pageInfo", _ABOUT)
        cursor = asked.next_token(info, "endCursor", seen, _ABOUT) if asked.field(info, "hasNextPage", _ABOUT) else ""
        if not cursor:
            return


def _document(text: Any) -> dict[str, Any]:
    """An object that comes as JSON text, empty where there is none; numbers are exact."""
    found = json.loads(text, parse_float=Decimal) if text else {}
    if not isinstance(found, dict):
        raise ValueError(f"{str(text)[:60]} is no object")
    return found
