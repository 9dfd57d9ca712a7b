"""The runs of a store: loaded from files and trackers by source, read back latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from costlib.metrics.shelf import Kept, Shelf, ShelfPart
from costlib.runs.model import SCHEMA, Run, runs_of, table_of
from costlib.runs.read import read_runs

FOLDER = "runs"


def shelf(root: Path) -> Shelf:
    """Where the store under ``root`` keeps its runs."""
    return Shelf(root / FOLDER, SCHEMA, "start")


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

    Raises ``StoreError`` where the runs are damaged.
    """
    held = shelf(root)
    return list(_runs(held.folder, held.parts()))


@lru_cache(maxsize=2)
def _runs(folder: Path, parts: tuple[ShelfPart, ...]) -> tuple[Run, ...]:
    """Files are named by their content, so what the same list of them holds never changes."""
    found: dict[str, Run] = {}
    for run in runs_of(shelf(folder.parent).table()):
        found.setdefault(run.run_id, run)
    return tuple(found.values())
