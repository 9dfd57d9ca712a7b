"""The runs of a store: loaded from files and trackers by source, read back latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from costlib.metrics.shelf import SOURCE, Kept, Shelf, ShelfPart
from costlib.runs.model import SCHEMA, Run, Status, runs_of, started, table_of
from costlib.runs.read import read_runs

FOLDER = "runs"


class RunShelf(Shelf):
    """The shelf of runs; a file written before a column came knows nothing of it."""

    def _read(self, part: ShelfPart) -> pa.Table:
        try:
            return super()._read(part)
        except ValueError:
            rows = pq.read_table(self.folder / part.file)
        for field in SCHEMA:
            if field.name not in rows.column_names:
                rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
        source = pa.array([part.source] * rows.num_rows, pa.string())
        return rows.select(SCHEMA.names).cast(SCHEMA).append_column(SOURCE, source)


def shelf(root: Path) -> Shelf:
    """Where the store under ``root`` keeps its runs."""
    return RunShelf(root / FOLDER, SCHEMA, "start")


def keep_runs(
    root: Path, source: str, runs: Sequence[Run], progress: Callable[[str], None] = lambda message: None
) -> Kept:
    """Keep the runs in place of those of the same source in the months in which they started."""
    return shelf(root).put(source, table_of(runs), progress)


def load_runs(
    root: Path, path: Path, source: str | None = None, progress: Callable[[str], None] = lambda message: None
) -> Kept:
    """Load a file of runs, whole or not at all; its source is its name unless another is given.

    Raises ``InputError`` and its kin for a file that cannot be used, ``StoreError`` for a store that cannot.
    """
    return keep_runs(root, source or path.stem, read_runs(path), progress)


def all_runs(root: Path) -> list[Run]:
    """Every run, the latest start first; one that two sources hold counts once, as the first of them by name has it.

    One that only the bill tells of gives way to the run of a tracker that names the same label.

    Raises ``StoreError`` where the runs are damaged.
    """
    held = shelf(root)
    return list(_runs(held.folder, held.parts()))


@lru_cache(maxsize=2)
def _runs(folder: Path, parts: tuple[ShelfPart, ...]) -> tuple[Run, ...]:
    """Files are named by their content, so what the same list of them holds never changes."""
    import pyarrow.compute as pc  # only who reads runs pays for it

    table = shelf(folder.parent).table()
    found: dict[str, Run] = {}
    for source in dict.fromkeys(table.column(SOURCE).to_pylist()):
        for run in runs_of(table.filter(pc.equal(table.column(SOURCE), source))):
            found.setdefault(run.run_id, run)
    told = {run.resource for run in found.values() if run.resource and run.status is not Status.UNKNOWN}
    latest_first = sorted(found.values(), key=started, reverse=True)
    return tuple(run for run in latest_first if run.status is not Status.UNKNOWN or run.resource not in told)
