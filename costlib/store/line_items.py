"""Line items behind a figure, read from the export itself: the last step of every drill-down.

Raw rows are not kept in the store. They are scanned again from the files of the parts concerned, mapped and attributed
by the same SQL that made the cube, so that they add up to the figure they explain. A line item of a shared pool is
shown with the part that the filters ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from costlib.errors import ExportMoved, StoreError
from costlib.focus import ACCOUNT, CURRENCY, DAY, EFFECTIVE, MEASURES, MONTH, SOURCE, TAGS
from costlib.periods import Window
from costlib.sources import source_of_type
from costlib.sources.discovery import Export
from costlib.sources.files import FILE, as_unreadable, inspect
from costlib.sources.native import literal
from costlib.store.base import DEFECT, content_digest, line_item_select, tag_map
from costlib.store.cube import RESOURCE_PARTS, Attribution
from costlib.store.engine import connect
from costlib.store.manifest import Manifest, Part, SourceFile
from costlib.store.question import Filter, conditions_of
from costlib.store.reader import Reader
from costlib.store.splits import POOL_SHARES, split_select

_WHAT = ("ServiceName", "SkuMeter", "ResourceId", "ChargeCategory", "ConsumedQuantity", "ConsumedUnit")
#: What is shown of a line item, up to the bill and the invoice that it is on.
COLUMNS = (DAY, *_WHAT, MONTH, "InvoiceId")


@dataclass(frozen=True)
class LineItems:
    """The largest line items, and count and sum of all that match, in one currency.

    ``rows`` have ``columns``; the last is the measure.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    count: int
    total: Decimal | None


def line_items(
    state: Manifest,
    reader: Reader,
    attribution: Attribution,
    filters: Sequence[Filter],
    window: Window,
    currency: str,
    measure: str = EFFECTIVE,
    limit: int = 200,
) -> LineItems:
    """The line items of the window that match, largest amount first (credits by their size).

    Raises ``ExportMoved`` where an export's files are gone or have changed since they were loaded, and ``StoreError``
    where the rules have.
    """
    _require_same_rules(state, attribution)
    wanted = [*filters, Filter(CURRENCY, (currency,))]
    columns = (*COLUMNS, measure)
    selects = [_mapped(parts) for parts in _deliveries(state, reader, wanted, window)]
    if not selects:
        return LineItems(columns, [], 0, None)
    in_window, days = conditions_of((), window)
    where, parameters = conditions_of(wanted, window)
    with connect() as connection:
        try:
            # Kept as a table: inlined, every rule would parse the tags of every row again.
            connection.execute(f"CREATE TEMP TABLE mapped AS FROM ({' UNION ALL '.join(selects)}) {in_window}", days)
            connection.execute(f"CREATE TEMP TABLE attributed AS {attribution.select('FROM mapped')}")
            connection.register("shares_held", reader.table(POOL_SHARES))
            connection.execute(f"CREATE TEMP TABLE {POOL_SHARES} AS FROM shares_held")
            split = split_select("attributed", attribution.splits, MEASURES)
            items = f"SELECT {', '.join(columns)} FROM ({split}) {where}"
            connection.execute(f"CREATE TEMP TABLE items AS {items}", parameters)
        except duckdb.Error as error:
            raise as_unreadable(error, [Path(file.path) for part in state.parts for file in part.files]) from error
        ((count, total),) = connection.execute(f"SELECT COUNT(*), SUM({measure}) FROM items").fetchall()
        order = f"ABS({measure}) DESC NULLS LAST, {', '.join(COLUMNS)}"
        rows = connection.execute(f"SELECT * FROM items ORDER BY {order} LIMIT {int(limit)}").fetchall()
    return LineItems(columns, rows, count, total)


def _deliveries(state: Manifest, reader: Reader, filters: Sequence[Filter], window: Window) -> list[list[Part]]:
    """The current parts that hold matching rows, those of one delivery together: they lie in the same files."""
    where, parameters = conditions_of(filters, window)
    found = reader.rows(
        f"SELECT DISTINCT {SOURCE}, {ACCOUNT}, STRFTIME({MONTH}, '%Y-%m') FROM {RESOURCE_PARTS} {where}", parameters
    )
    keys = set(found)
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in state.parts:
        if part.key in keys:
            groups.setdefault((part.source, part.delivery), []).append(part)
    return list(groups.values())


def _mapped(parts: Sequence[Part]) -> str:
    """Line items of a delivery as FOCUS rows, limited to the parts of it that are current."""
    first = parts[0]
    for file in first.files:
        _require_unchanged(first, file)
    source = source_of_type(first.source_type)
    export = Export(first.source, source, source.look_into([inspect(Path(file.path)) for file in first.files]))
    keys = ", ".join(f"({literal(str(part.account))}, {literal(str(part.period))})" for part in parts)
    month = f"CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}"
    changes = f"{tag_map(TAGS)} AS {TAGS}, CAST({DAY} AS DATE) AS {DAY}, {month}"
    return (
        f"SELECT * EXCLUDE ({FILE}, x_Invoice) REPLACE ({changes}) FROM ({line_item_select(export)}) "
        f"WHERE {DEFECT} IS NULL AND ({ACCOUNT}, STRFTIME({MONTH}, '%Y-%m')) IN ({keys})"
    )


def _require_same_rules(state: Manifest, attribution: Attribution) -> None:
    if attribution.digest != state.rules:
        raise StoreError(
            "The rules have changed since the figures were made, so line items would not add up to them",
            expected=f"the rules {state.rules}",
            fix="Apply the rules of today first.",
        )


def _require_unchanged(part: Part, file: SourceFile) -> None:
    path = Path(file.path)
    if not path.exists() or _changed(path, file):
        raise ExportMoved(
            f"The line items of {part.source} cannot be shown: {path} is gone or has changed since it was loaded",
            expected="the file as it was",
            fix="Put it back, or load it from where it is now; all sums stay as they are.",
        )


def _changed(path: Path, file: SourceFile) -> bool:
    """Whether the bytes are others; they are read only where the time of the last change is."""
    found = path.stat()
    if (found.st_size, found.st_mtime_ns) == (file.size, file.modified_ns):
        return False
    return found.st_size != file.size or content_digest(path) != file.digest
