"""The readings of a store: loaded from scrapes, tables and services by source, read back by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from costlib.analysis.units.readings import Reading
from costlib.metrics.rows import SCALE, kept
from costlib.metrics.shelf import SOURCE, Kept, Shelf, ShelfPart

FOLDER: Final = "utilisation"
_NUMBER = pa.decimal128(38, SCALE)
SCHEMA: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("resource", pa.string()),
        ("model", pa.string()),
        ("measure", pa.string()),
        ("value", _NUMBER),
        ("weight", _NUMBER),
    ]
)


def shelf(root: Path) -> Shelf:
    """Where the store under ``root`` keeps its readings."""
    return Shelf(root / FOLDER, SCHEMA, "day")


def keep_readings(
    root: Path, source: str, readings: Sequence[Reading], progress: Callable[[str], None] = lambda message: None
) -> Kept:
    """Keep the readings in place of the months of the same source that they fall in."""
    rows = [
        {**vars(one), "value": kept(one.value), "weight": kept(one.weight), "measure": str(one.measure)}
        for one in readings
    ]
    return shelf(root).put(source, pa.Table.from_pylist(rows, SCHEMA), progress)


def all_readings(root: Path) -> list[Reading]:
    """Every reading; one that two sources hold counts once, as the first of them by name has it.

    A source may hold several of one day, resource and measure: variants of an endpoint, GPUs of a machine.

    Raises ``StoreError`` where the readings are damaged.
    """
    held = shelf(root)
    return list(_readings(held.folder, held.parts()))


@lru_cache(maxsize=2)
def _readings(folder: Path, parts: tuple[ShelfPart, ...]) -> tuple[Reading, ...]:
    """Files are named by their content, so what the same list of them holds never changes."""
    table = shelf(folder.parent).table()
    rows = zip(*(table.column(name).to_pylist() for name in SCHEMA.names), strict=True)
    holders: dict[tuple[object, ...], str] = {}
    told = zip(rows, table.column(SOURCE).to_pylist(), strict=True)
    return tuple(Reading(*row) for row, source in told if holders.setdefault(row[:4], source) == source)
