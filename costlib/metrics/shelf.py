"""A shelf: long tables kept as Parquet in a folder of the store, one file a source and month.

Conventions: a load of a source replaces the months that its rows fall in, whole, and leaves all others; the same rows
again change nothing. ``shelf.json`` lists what counts and is replaced by atomic rename after every file it names is on
the disk, so a reader sees the old state or the new one. Files are named by their content. Those that the last state
named stay for one more load, for readers that are still at it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from costlib.errors import StoreError
from costlib.store.lock import loader_lock
from costlib.store.manifest import replace, sync

MANIFEST, FORMAT = "shelf.json", 1
SOURCE = "source"


@dataclass(frozen=True)
class ShelfPart:
    """The rows of one source and month, and the file that holds them."""

    source: str
    month: str
    file: str
    rows: int


@dataclass(frozen=True)
class Kept:
    """What a load did: rows in it, and the months whose content is another one than before."""

    source: str
    rows: int
    months: tuple[str, ...]
    changed: tuple[str, ...]


class Shelf:
    """Rows of one schema under ``folder``; ``day`` is the column that tells a row's month."""

    def __init__(self, folder: Path, schema: pa.Schema, day: str) -> None:
        self.folder, self.schema, self.day = folder, schema, day

    def put(self, source: str, table: pa.Table, progress: Callable[[str], None] = lambda message: None) -> Kept:
        """Replace the months of ``source`` that the table's rows fall in.

        Raises ``StoreBusy``, and ``StoreError`` where the folder cannot be written or its list is damaged.
        """
        with loader_lock(self.folder, progress):
            held = self.parts()
            found = [self._write(source, month, rows) for month, rows in self._by_month(table)]
            months = tuple(part.month for part in found)
            kept = [part for part in held if part.source != source or part.month not in months]
            new = tuple(sorted((*kept, *found), key=lambda part: (part.source, part.month)))
            changed = tuple(part.month for part in found if part not in held)
            if changed:
                document = {"format": FORMAT, "parts": [asdict(part) for part in new]}
                replace(self.folder / MANIFEST, json.dumps(document, indent=1))
                self._sweep({part.file for part in (*held, *new)})
        return Kept(source, table.num_rows, months, changed)

    def parts(self) -> tuple[ShelfPart, ...]:
        """What counts, by source and month; nothing where nothing was ever put here.

        Raises ``StoreError`` where the list is damaged.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            return ()
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["format"] != FORMAT:
                raise ValueError(f"format {document['format']}")
            return tuple(ShelfPart(**part) for part in document["parts"])
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{path} is damaged ({error})",
                expected=f"the list of files that a load wrote, format {FORMAT}",
                fix=f"Delete the folder {self.folder} and load its files again; bills are not touched.",
            ) from error

    def table(self) -> pa.Table:
        """Every row that counts, with its ``source``, by source and month.

        Raises ``StoreError`` where a file that the list names is gone or damaged.
        """
        whole = self.schema.append(pa.field(SOURCE, pa.string()))
        return pa.concat_tables([whole.empty_table(), *(self._read(part) for part in self.parts())])

    def _by_month(self, table: pa.Table) -> list[tuple[str, pa.Table]]:
        """The table cut by month, each in one order whatever the order of the file."""
        import pyarrow.compute as pc  # only who loads rows pays for it

        order = [(name, "ascending") for name in self.schema.names]
        ordered = table.select(self.schema.names).cast(self.schema).sort_by(order)
        months = pc.strftime(ordered.column(self.day), "%Y-%m")
        return [(month, ordered.filter(pc.equal(months, month))) for month in pc.unique(months).sort().to_pylist()]

    def _write(self, source: str, month: str, rows: pa.Table) -> ShelfPart:
        memory = io.BytesIO()
        pq.write_table(rows, memory, compression="zstd")
        content = memory.getvalue()
        digest = hashlib.sha256(f"{source}\n".encode() + content).hexdigest()[:16]
        path = self.folder / f"{month}-{digest}.parquet"
        if not path.exists():
            aside = path.with_name(f".{path.name}")
            aside.write_bytes(content)
            sync(aside)
            aside.replace(path)
        return ShelfPart(source, month, path.name, rows.num_rows)

    def _read(self, part: ShelfPart) -> pa.Table:
        path = self.folder / part.file
        try:
            rows = pq.read_table(path).cast(self.schema)
        except (OSError, pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise StoreError(
                f"{path} is gone or damaged",
                expected=f"{part.rows} rows of {part.source} for {part.month}",
                fix=f"Delete the folder {self.folder} and load its files again; bills are not touched.",
            ) from error
        return rows.append_column(SOURCE, pa.array([part.source] * rows.num_rows, pa.string()))

    def _sweep(self, needed: set[str]) -> None:
        for path in self.folder.glob("*.parquet"):
            if path.name not in needed:
                path.unlink()


def months_of(parts: Sequence[ShelfPart]) -> list[dict[str, Any]]:
    """One row a source: its months and rows, as commands and pages list them.

    >>> months_of([ShelfPart("web", "2026-08", "a", 31), ShelfPart("web", "2026-09", "b", 30)])
    [{'source': 'web', 'first': '2026-08', 'last': '2026-09', 'rows': 61}]
    """
    sources = dict.fromkeys(part.source for part in parts)
    return [
        {"source": one, "first": min(months), "last": max(months), "rows": rows}
        for one in sources
        for months in [[part.month for part in parts if part.source == one]]
        for rows in [sum(part.rows for part in parts if part.source == one)]
    ]
