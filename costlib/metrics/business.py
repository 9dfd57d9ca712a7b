"""The business metrics of a store: loaded from files and queries by source, read back as volumes by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pyarrow as pa

from costlib.analysis.units.measures import Volume, base_of, in_base_units, is_value
from costlib.errors import InputError
from costlib.metrics.read import DATABASE, SCHEMA, read_metrics
from costlib.metrics.shelf import SOURCE, Kept, Shelf, ShelfPart

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


#: Metric, model, day, and the currency of a value.
_Counted = tuple[str, str, date, str | None]


@dataclass(frozen=True)
class Twice:
    """A metric of one model that two sources count on the same days; ``teams_apart`` where only one names teams.

    Then each count stands over the whole cost of the model.
    """

    metric: str
    model: str | None
    sources: tuple[str, str]
    teams_apart: bool


def counted_twice(table: pa.Table) -> list[Twice]:
    """What two sources count of one model on the same day, for one team or with one that names no team.

    ``table`` has the source of each row. Counts of two teams are no doubles, values in two currencies neither.
    """
    held: defaultdict[_Counted, defaultdict[str, set[str | None]]] = defaultdict(lambda: defaultdict(set))
    for one, source in zip(volumes_of(table), table.column(SOURCE).to_pylist(), strict=True):
        base = base_of(one.unit, one.metric) if is_value(one.unit, one.metric) else None
        held[one.metric, one.model or "", one.day, base[0] if base else None][source].add(one.team)
    apart: dict[tuple[str, str, tuple[str, str]], bool] = {}
    for (metric, model, *_), sources in held.items():
        for pair in combinations(sorted(sources), 2):
            teams, others = (sources[name] for name in pair)
            if teams & others or None in teams | others:
                key = metric, model, pair
                apart[key] = apart.get(key, True) and not teams & others
    return [Twice(metric, model or None, pair, apart[metric, model, pair]) for metric, model, pair in sorted(apart)]


def doubled(table: pa.Table) -> list[str]:
    """The metrics that two sources count (``counted_twice``), by name: they would count twice."""
    return sorted({one.metric for one in counted_twice(table)})
