"""The business metrics of a store: loaded from files and queries by source, read back as volumes by day."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from costlib.analysis.units.measures import Volume, base_of, in_base_units, is_value
from costlib.errors import InputError
from costlib.metrics.read import DATABASE, SCHEMA, read_metrics
from costlib.metrics.shelf import Kept, Shelf, ShelfPart

FOLDER = "metrics"


def shelf(root: Path) -> Shelf:
    """Where the store under ``root`` keeps its metrics."""
    return Shelf(root / FOLDER, SCHEMA, "day")


def load_metrics(
    root: Path, path: Path, source: str | None = None, progress: Callable[[str], None] = lambda message: None
) -> Kept:
    """Load a file, whole or not at all, in place of the months of the same source (the file's name) that it holds.

    Raises ``InputError`` and its kin for a file that cannot be used, ``StoreError`` for a store that cannot.
    """
    table = read_metrics(path)
    return shelf(root).put(source or path.stem, table, progress)


def load_from(
    root: Path,
    where: str,
    query: Path | None = None,
    source: str | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Kept:
    """Load a file, or what the query in a file gives from the database at ``sql:URL``; a source is called by the file.

    Raises as ``load_metrics`` does.
    """
    if where.startswith(DATABASE) != (query is not None):
        raise InputError(
            "A database and a query go together",
            expected="sql:URL and --query FILE, or a file of metrics alone",
            fix="See docs/unit-costs.md.",
        )
    if query is None:
        return load_metrics(root, Path(where), source, progress)
    from costlib.metrics.database import read_database  # only who asks a database pays for loading its library

    table = read_database(where, query)
    return shelf(root).put(source or query.stem, table, progress)


def volumes(root: Path) -> list[Volume]:
    """Every metric by day; the same day of two sources is two volumes (see ``doubled``).

    Raises ``StoreError`` where the metrics are damaged.
    """
    held = shelf(root)
    return list(_volumes(held.folder, held.parts()))


@lru_cache(maxsize=2)
def _volumes(folder: Path, parts: tuple[ShelfPart, ...]) -> tuple[Volume, ...]:
    """Files are named by their content, so what the same list of them holds never changes."""
    return tuple(volumes_of(shelf(folder.parent).table()))


def base_volumes(root: Path) -> tuple[Volume, ...]:
    """Every metric by day in base units (``in_base_units``), worked out once for the files that hold them.

    Raises ``StoreError`` where the metrics are damaged.
    """
    held = shelf(root)
    return _base_volumes(held.folder, held.parts())


@lru_cache(maxsize=2)
def _base_volumes(folder: Path, parts: tuple[ShelfPart, ...]) -> tuple[Volume, ...]:
    return tuple(in_base_units(_volumes(folder, parts)))


def volumes_of(table: pa.Table) -> list[Volume]:
    """The rows of a table of metrics as volumes."""
    names = ("day", "metric", "team", "model", "value", "unit")
    columns = (table.column(name).to_pylist() for name in names)
    return [Volume(*row) for row in zip(*columns, strict=True)]


def doubled(table: pa.Table) -> list[str]:
    """Metrics of one day, team and model that two sources hold, by name: they would count twice.

    Values in two currencies are never added up.
    """
    seen: set[tuple[object, ...]] = set()
    found: set[str] = set()
    for one in volumes_of(table):
        base = base_of(one.unit, one.metric) if is_value(one.unit, one.metric) else None
        key = (one.day, one.metric, one.team, one.model, base and base[0])
        if key in seen:
            found.add(one.metric)
        seen.add(key)
    return sorted(found)
