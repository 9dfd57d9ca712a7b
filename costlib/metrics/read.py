"""Metrics in: one row per day, metric, team and model, from CSV, Parquet or a query, whole or not at all.

Columns ``day``, ``metric`` and ``value`` are needed; ``team``, ``model`` and ``unit`` may be left out or empty. A day
is a date, or midnight of one; a value is a plain number.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from costlib.errors import EmptyExport
from costlib.metrics.rows import SCALE, SHORT, Cells, Columns, day_of, numbered, refused, text_of, value_of

COLUMNS: Final = Columns(("day", "metric", "team", "model", "value", "unit"), ("day", "metric", "value"))
#: What the address of a database begins with.
DATABASE: Final = "sql:"
SCHEMA: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("metric", pa.string()),
        ("team", pa.string()),
        ("model", pa.string()),
        ("value", pa.decimal128(38, SCALE)),
        ("unit", pa.string()),
    ]
)


def read_metrics(path: Path) -> pa.Table:
    """The file as a table of ``SCHEMA``.

    Raises ``UnreadableFile``, ``MissingColumn`` and what ``table_of`` raises.
    """
    return table_of(numbered(path, COLUMNS), path)


def table_of(found: Iterable[tuple[str, Cells]], name: Path | str) -> pa.Table:
    """Rows with their places as a table of ``SCHEMA``; ``name`` is what messages call their source.

    Raises ``EmptyExport``, and ``InputError`` that names every line (the first five, and how many there are) that
    cannot be used.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    seen: dict[tuple[Any, ...], str] = {}
    for where, cells in found:
        try:
            row = _row(cells)
            _refuse_second(seen, row, where)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        rows.append(row)
    if problems:
        raise refused(name, problems, "one row per day, metric, team and model, with a plain number as its value")
    if not rows:
        raise EmptyExport(f"{name} has no rows", expected="one row per day and metric", fix="Export it again.")
    return pa.Table.from_pylist(rows, SCHEMA)


def _row(cells: Cells) -> dict[str, Any]:
    if SHORT in cells:
        raise ValueError(cells[SHORT])
    metric = text_of(cells.get("metric"))
    if metric is None:
        raise ValueError("the metric has no name")
    texts = {name: text_of(cells.get(name)) for name in ("team", "model", "unit")}
    return {"day": day_of(cells["day"]), "metric": metric.lower(), **texts, "value": value_of(cells["value"])}


def _refuse_second(seen: dict[tuple[Any, ...], str], row: Cells, where: str) -> None:
    key = row["day"], row["metric"], row["team"], row["model"]
    if key in seen:
        raise ValueError(f"the same day, metric, team and model as {seen[key]}")
    seen[key] = where
