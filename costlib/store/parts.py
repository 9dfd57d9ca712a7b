"""Base parts as Parquet, as SQL: a row for each combination of texts and tags, with its days in a list.

The texts of a bill repeat from day to day, sixteen times in a month of the sample, so a part holds them once.
``x_Days`` is the list of the base rows that have them: day, measures and number of line items.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from costlib.focus import BASE_DIMENSIONS, DAY, LINE_ITEMS, MEASURES, MONTH, TIMES
from costlib.sources.files import glob_safe
from costlib.sources.native import literal
from costlib.store.manifest import Part

DAYS = "x_Days"
TEXTS = ", ".join(name for name in BASE_DIMENSIONS if name not in TIMES)
#: The list of days of the rows of a group.
LISTED = f"LIST(STRUCT_PACK({', '.join((DAY, *MEASURES, LINE_ITEMS))})) AS {DAYS}"


def packed_select(rows: str) -> str:
    """The SELECT of a part's rows from base rows, given as a SELECT."""
    return f"SELECT {MONTH}, {TEXTS}, {LISTED} FROM ({rows}) GROUP BY {MONTH}, {TEXTS}"


def unpacked_select(packed: str, texts: str = TEXTS) -> str:
    """The SELECT of base rows from a part's rows, given as a SELECT; ``texts`` are the columns wanted of these."""
    return f"SELECT {MONTH}, {texts}, UNNEST({DAYS}, max_depth := 2) FROM ({packed})"


def parts_select(parts: Iterable[Part], root: Path) -> str:
    """The SELECT of the rows of these parts, of which one at least has some."""
    files: dict[bool, list[str]] = {}
    for part in parts:
        if part.path:
            files.setdefault(part.packed, []).append(glob_safe(root / part.path))
    scans = {
        packed: f"SELECT * FROM read_parquet([{', '.join(map(literal, names))}])" for packed, names in files.items()
    }
    return " UNION ALL BY NAME ".join(scan if packed else packed_select(scan) for packed, scan in scans.items())
