"""A file of runs in: one row a run, CSV or Parquet, whole or not at all.

Columns ``run_id`` and ``start`` are needed; the others of ``Run`` may be left out or empty. Times are ISO 8601, UTC
unless they say otherwise. An empty status is done where there is an end, else running.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from costlib.errors import EmptyExport
from costlib.metrics.rows import SHORT, Cells, Columns, numbered, refused, text_of
from costlib.runs.model import NUMBERS, SCHEMA, TEXTS, Run, Status, number_of, status_of

COLUMNS: Final = Columns(tuple(SCHEMA.names), ("run_id", "start"))


def read_runs(path: Path) -> list[Run]:
    """The runs of the file, in its order.

    Raises ``UnreadableFile``, ``MissingColumn``, ``EmptyExport``, and ``InputError`` that names every line that cannot
    be used.
    """
    runs: list[Run] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for where, cells in numbered(path, COLUMNS):
        try:
            run = _run(cells)
            if run.run_id in seen:
                raise ValueError(f"the run {run.run_id} is also in {seen[run.run_id]}")
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        seen[run.run_id] = where
        runs.append(run)
    if problems:
        raise refused(path, problems, "one row a run, with run_id and start")
    if not runs:
        raise EmptyExport(f"{path} has no rows", expected="one row a run", fix="Export it again.")
    return runs


def _run(cells: Cells) -> Run:
    if SHORT in cells:
        raise ValueError(cells[SHORT])
    run_id = text_of(cells["run_id"])
    if run_id is None:
        raise ValueError("the run has no run_id")
    start, end = _time(cells["start"], "start"), _time(cells.get("end"), "end")
    if start is None:
        raise ValueError("the run has no start")
    if end is not None and end < start:
        raise ValueError(f"the run ends at {end}, before it starts at {start}")
    word = text_of(cells.get("status"))
    status = status_of(word) if word else Status.DONE if end else Status.RUNNING
    texts = {name: text_of(cells.get(name)) for name in TEXTS}
    numbers = {name: number_of(cells[name], name) for name in NUMBERS if text_of(cells.get(name)) is not None}
    if numbers.get("quality") is not None and texts["quality_metric"] is None:
        raise ValueError("there is a quality, and no quality_metric that says of what")
    facts: dict[str, Any] = {**texts, **numbers}
    return Run(run_id, start, end=end, status=status, **facts)


def _time(cell: Any, name: str) -> datetime | None:
    if isinstance(cell, datetime):
        return utc(cell)
    text = text_of(cell)
    if text is None:
        return None
    try:
        return utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise ValueError(f"the {name} {text!r} is not a time such as 2026-09-01T04:30:00Z") from error


def utc(moment: datetime) -> datetime:
    """The moment in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
