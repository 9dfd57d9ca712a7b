"""Files of one bill that hold the same line items again: a restated invoice beside the first, a month so far twice.

A line item is known by all that it says but for money and quantities. Files in which nearly every line item says
something of its own, and half of which is in another file too, are no parts of one delivery: together they would count
twice. Files whose line items repeat within themselves (calls of a meter, say) tell nothing and are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from costlib.sources.discovery import Export
from costlib.sources.files import FILE, DataFile, Layout, scan
from costlib.sources.native import quote
from costlib.store.engine import connect

#: Words in the names of columns that a restatement changes.
_FIGURES = ("cost", "quantity", "price")
#: The share of a file's line items that must be told apart, and that must be in the other; fewer items tell nothing.
_OWN, _SHARED, _FEWEST = 0.95, 0.5, 3
#: Bytes of files up to which they are read for this; whatever is larger was delivered by a machine.
_MOST = 64 << 20


@dataclass(frozen=True)
class Repeated:
    """So many line items of the ``first`` file, which has ``line_items``, are in the ``second`` too."""

    first: Path
    second: Path
    shared: int
    line_items: int


def repeated(export: Export) -> Repeated | None:
    """The two files of the export that share most line items, where these would count twice; else None."""
    if sum(file.path.stat().st_size for file in export.files) > _MOST:
        return None
    found = [one for layout, files in export.by_layout() if (one := _most_shared(layout, files))]
    return max(found, key=lambda one: one.shared, default=None)


def _most_shared(layout: Layout, files: Sequence[DataFile]) -> Repeated | None:
    said = [quote(name) for name in layout.columns if not any(word in name.lower() for word in _FIGURES)]
    if len(files) < 2 or not said:
        return None
    rows, item = scan(layout, [file.path for file in files]), f"HASH({', '.join(said)})"
    query = f"""
        WITH items AS (SELECT {FILE} AS file, {item} AS item, COUNT(*) AS times FROM {rows} GROUP BY ALL),
        files AS (
            SELECT file, SUM(times) AS line_items FROM items
            GROUP BY file HAVING COUNT(*) >= {_OWN} * SUM(times) AND COUNT(*) >= {_FEWEST}
        )
        SELECT one.file, other.file, COUNT(*) AS shared, ANY_VALUE(a.line_items)
        FROM items AS one JOIN items AS other ON one.item = other.item AND one.file < other.file
        JOIN files AS a ON a.file = one.file JOIN files AS b ON b.file = other.file
        GROUP BY one.file, other.file
        HAVING shared >= {_SHARED} * LEAST(ANY_VALUE(a.line_items), ANY_VALUE(b.line_items))
        ORDER BY shared DESC, one.file, other.file LIMIT 1"""
    try:
        with connect() as connection:
            row = connection.execute(query).fetchone()
    except duckdb.Error:
        return None  # a damaged file: to read it for the load says what and where
    return Repeated(Path(row[0]), Path(row[1]), row[2], int(row[3])) if row else None
