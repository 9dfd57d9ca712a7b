"""The first stage as SQL: exports mapped to FOCUS and summed by day, resource and tags (``delivery`` runs it)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from costlib import money
from costlib.focus import (
    ACCOUNT,
    BASE_TEXTS,
    BILLED,
    COST_MEASURES,
    CURRENCY,
    DAY,
    LINE_ITEMS,
    MEASURES,
    MONTH,
    SOURCE,
    TAGS,
)
from costlib.sources.discovery import Export
from costlib.sources.files import FILE, DataFile, Layout, scan
from costlib.sources.native import NativeColumns, literal
from costlib.store.containers import COUNTED, DIVISIBLE, PARENT, UNUSED_WEIGHT, WEIGHT, divided

#: Columns of base rows on their way into a store: why they cannot be loaded, and the number of their export.
DEFECT, DELIVERY = "x_Defect", "x_Delivery"
_NEEDED = (BILLED, ACCOUNT, CURRENCY, MONTH, DAY)


def mapped_select(
    export: Export,
    layout: Layout,
    files: Sequence[DataFile],
    extra: str = "",
    *,
    parts: bool = False,
) -> str:
    """The SELECT from native rows to FOCUS rows, one to one, with ``x_File`` and the reason a row is defective.

    ``extra`` is a list of further expressions over the native row, which is called ``native``. Rows that the source
    tells apart are left out; ``parts`` keeps them, with ``x_Apart`` and what cuts cost into parts
    (``containers.HELPERS``).
    """
    columns = layout.native()
    mapping, apart = export.source.mapping(columns), export.source.apart(columns)
    fields = [
        *(f"CAST({mapping.get(name, 'NULL')} AS TIMESTAMP) AS {name}" for name in (DAY, MONTH)),
        *(f"{mapping.get(name, 'NULL::VARCHAR')} AS {name}" for name in (*BASE_TEXTS, TAGS)),
        f"{literal(export.name)} AS {SOURCE}",
        *(f"CAST({mapping.get(name, 'NULL')} AS {money.SQL_TYPE}) AS {name}" for name in MEASURES),
        f"CAST({export.source.invoice(columns)} AS {money.SQL_TYPE}) AS x_Invoice",
        FILE,
        *([extra] if extra else []),
        *([f"{apart or 'FALSE'} AS x_Apart"] if has_apart(export) else []),
        *(_helpers(export, columns) if parts else []),
    ]
    defects = " ".join(f"WHEN {defect.condition} THEN {defect.reason}" for defect in columns.defects)
    unreadable = f"CASE {defects} END" if defects else "NULL::VARCHAR"
    native = scan(layout, [file.path for file in files])
    telling_apart = has_apart(export) and not parts
    return (
        f"SELECT * EXCLUDE (x_Unreadable{', x_Apart' if telling_apart else ''}), "
        f"{defect('x_Unreadable')} AS {DEFECT} "
        f"FROM (SELECT {', '.join(fields)}, {unreadable} AS x_Unreadable FROM {native} AS native)"
        f"{' WHERE NOT x_Apart' if telling_apart else ''}"
    )


def defect(unreadable: str) -> str:
    """Why a FOCUS row cannot be loaded, as SQL: a value that is unreadable, else one that is needed and missing."""
    missing = " ".join(f"WHEN {name} IS NULL THEN '{name} is missing'" for name in _NEEDED)
    return f"COALESCE({unreadable}, CASE {missing} END)"


def has_apart(export: Export) -> bool:
    """Whether the export may hold rows that its source tells apart."""
    return any(export.source.apart(layout.native()) for layout, _ in export.by_layout())


def has_parts(export: Export) -> bool:
    """Whether the export may hold split rows, which cut cost into parts."""
    return any(export.source.parts(layout.native()) for layout, _ in export.by_layout())


def _helpers(export: Export, columns: NativeColumns) -> list[str]:
    found = export.source.parts(columns)
    unknown = {PARENT: "NULL::VARCHAR", WEIGHT: "0", UNUSED_WEIGHT: "0", DIVISIBLE: "FALSE"}
    money_columns = (WEIGHT, UNUSED_WEIGHT)
    values = {name: found.get(name, nothing) for name, nothing in unknown.items()}
    return [
        f"CAST({value} AS {money.SQL_TYPE}) AS {name}" if name in money_columns else f"{value} AS {name}"
        for name, value in values.items()
    ]


def _finer(export: Export, columns: NativeColumns) -> list[str]:
    finer = export.source.finer(columns) if export.source.finer else {}
    return [f"{finer.get(name, 0)} AS x_Finer{name}" for name in COST_MEASURES if finer]


def line_item_select(export: Export, *, counted: bool = False) -> str:
    """Every line item of the export as FOCUS rows, all layouts together, cut into parts where it has split rows.

    ``counted`` adds ``containers.COUNTED`` where there are parts.
    """
    parts = has_parts(export)
    rows = " UNION ALL ".join(mapped_select(export, layout, files, parts=parts) for layout, files in export.by_layout())
    return divided(rows, DEFECT, counted=counted) if parts else rows


def tag_map(text: str) -> str:
    """Tags as a MAP with sorted keys, from JSON text; what is no object of unique keys is kept under the key ``''``."""
    json = f"TRY_CAST({text} AS JSON)"
    unique = f"LIST_UNIQUE(JSON_KEYS({json})) = LEN(JSON_KEYS({json}))"
    parsed = f"CASE WHEN {unique} THEN TRY_CAST({json} AS MAP(VARCHAR, VARCHAR)) END"
    return (
        f"CASE WHEN {parsed} IS NOT NULL THEN MAP_FROM_ENTRIES(LIST_SORT(MAP_ENTRIES({parsed}))) "
        f"WHEN {text} IS NOT NULL THEN MAP {{'': {text}}} END"
    )


def tag_maps_select(rows: str) -> str:
    """Every text of tags in the rows, once: ``x_Text`` and its ``x_Map``."""
    texts = f"SELECT DISTINCT {TAGS} AS x_Text FROM {rows} WHERE {TAGS} IS NOT NULL"
    return f"SELECT x_Text, {tag_map('x_Text')} AS x_Map FROM ({texts})"


def content_digest(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def base_select(export: Export, number: str) -> str:
    """Line items summed by day and dimension; rows with an unknown measure stand apart from those that know it.

    ``number`` tells deliveries apart by ``x_File``.
    """
    days = f"CAST({DAY} AS DATE) AS {DAY}, CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}"
    texts = ", ".join((*BASE_TEXTS, TAGS, SOURCE))
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    unknown = ", ".join(f"{name} IS NULL" for name in MEASURES)
    count = f"CAST(SUM({COUNTED}) AS BIGINT)" if has_parts(export) else "COUNT(*)"
    return (
        f"SELECT {days}, {texts}, {sums}, {count} AS {LINE_ITEMS}, {DEFECT}, {number} AS {DELIVERY} "
        f"FROM ({line_item_select(export, counted=True)}) AS item "
        f"GROUP BY CAST({DAY} AS DATE), CAST(DATE_TRUNC('month', {MONTH}) AS DATE), {texts}, {unknown}, {DEFECT}, "
        f"{DELIVERY}"
    )


def control_select(export: Export, number: str) -> str:
    """Rows and money as the file has them, for the tie-out: line by line, by account, month, currency and delivery."""
    apart = has_apart(export)
    here = " FILTER (WHERE NOT x_Apart)" if apart else ""
    sums = [f"COUNT(*){here} AS x_Rows", *(f"SUM({name}){here} AS {name}" for name in COST_MEASURES)]
    if apart:
        sums.append("COUNT(*) FILTER (WHERE x_Apart) AS x_RowsApart")
        sums += [f"SUM({name}) FILTER (WHERE x_Apart) AS x_Apart{name}" for name in COST_MEASURES]
    if export.source.finer:
        sums += [f"SUM(x_Finer{name}){here} AS x_Finer{name}" for name in COST_MEASURES]
    rows = " UNION ALL ".join(_money_select(export, layout, files) for layout, files in export.by_layout())
    return (
        f"SELECT {ACCOUNT}, CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}, {CURRENCY}, {number} AS {DELIVERY}, "
        f"{', '.join(sums)} FROM ({rows}) AS item GROUP BY ALL"
    )


def whole_months_select(export: Export) -> str:
    """Accounts and billing months whose every charge for use is for a whole calendar month, with the last of their days
    and the files that say so; what is charged for later than the billing month stands apart.
    """
    rows = " UNION ALL ".join(_spans_select(export, layout, files) for layout, files in export.by_layout())
    last = f"LAST_DAY({DAY})"
    # A period may also be said to end with the last second of its last day.
    whole = f"{DAY} = DATE_TRUNC('month', {DAY}) AND CAST(x_End - INTERVAL 1 MICROSECOND AS DATE) = {last}"
    own = f"COALESCE({DAY} < DATE_TRUNC('month', {MONTH}) + INTERVAL 1 MONTH, TRUE)"
    return (
        f"SELECT {ACCOUNT}, STRFTIME({MONTH}, '%Y-%m'), MAX({last}), LIST(DISTINCT {FILE}) FROM ({rows}) AS item "
        f"WHERE ChargeCategory = 'Usage' AND {own} GROUP BY ALL HAVING BOOL_AND(COALESCE({whole}, FALSE))"
    )


def _spans_select(export: Export, layout: Layout, files: Sequence[DataFile]) -> str:
    """Every native row with its account, months, category and the moments at which its period begins and ends."""
    columns = layout.native()
    mapping = export.source.mapping(columns)
    times = {DAY: mapping.get(DAY, "NULL"), MONTH: mapping.get(MONTH, "NULL"), "x_End": export.source.ends(columns)}
    fields = [
        *(f"{mapping.get(name, 'NULL::VARCHAR')} AS {name}" for name in (ACCOUNT, "ChargeCategory")),
        *(f"CAST({time} AS TIMESTAMP) AS {name}" for name, time in times.items()),
        FILE,
    ]
    return f"SELECT {', '.join(fields)} FROM {scan(layout, [file.path for file in files])} AS native"


def _money_select(export: Export, layout: Layout, files: Sequence[DataFile]) -> str:
    """Every native row with its money as the invoice counts it, rows that the source tells apart among them."""
    columns = layout.native()
    mapping, apart = export.source.mapping(columns), export.source.apart(columns)
    costs = {**{name: mapping.get(name, "NULL") for name in COST_MEASURES}, BILLED: export.source.invoice(columns)}
    fields = [
        f"{mapping.get(ACCOUNT, 'NULL::VARCHAR')} AS {ACCOUNT}",
        f"CAST({mapping.get(MONTH, 'NULL')} AS TIMESTAMP) AS {MONTH}",
        f"{mapping.get(CURRENCY, 'NULL::VARCHAR')} AS {CURRENCY}",
        *(f"CAST({cost} AS {money.SQL_TYPE}) AS {name}" for name, cost in costs.items()),
        *([f"{apart or 'FALSE'} AS x_Apart"] if has_apart(export) else []),
        *_finer(export, columns),
        FILE,
    ]
    return f"SELECT {', '.join(fields)} FROM {scan(layout, [file.path for file in files])} AS native"
