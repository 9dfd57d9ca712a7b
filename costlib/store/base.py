"""The first stage: one export mapped to FOCUS and summed by day, resource and tags.

``Delivery`` holds the result in a DuckDB connection of its own until the loader has seen that it ties out and
writes its parts. Bad values never stop a load: their rows are set aside with the reason, the file and the line.
Damage to a file's structure does: rows could have been lost in a way nobody could count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from costlib import money
from costlib.errors import EmptyExport, UnknownCurrency
from costlib.focus import (
    ACCOUNT,
    BASE_DIMENSIONS,
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
from costlib.sources.files import FILE, DataFile, Layout, as_unreadable, line_numbers, scan, verify
from costlib.sources.native import NativeColumns, literal
from costlib.store.containers import COUNTED, DIVISIBLE, PARENT, UNUSED_WEIGHT, WEIGHT, divided
from costlib.store.engine import connect
from costlib.store.manifest import Sums, TieOut, sync

DEFECT = "x_Defect"
_NEEDED = (BILLED, ACCOUNT, CURRENCY, MONTH, DAY)
#: Examples named in an error; the quarantine holds them all.
_EXAMPLES = 3

PartKey = tuple[str | None, str | None]


@dataclass(frozen=True)
class Quarantined:
    """One row set aside: where it stands, why, and the row itself as JSON."""

    account: str | None
    period: str | None
    currency: str | None
    file: str
    line: int
    reason: str
    row: str


def mapped_select(
    export: Export,
    layout: Layout,
    files: Sequence[DataFile],
    extra: str = "",
    *,
    whole: bool = False,
    parts: bool = False,
) -> str:
    """The SELECT from native rows to FOCUS rows, one to one, with ``x_File`` and the reason a row is defective.

    ``extra`` is a list of further expressions over the native row, which is called ``native``. Rows that the source
    tells apart are left out; ``whole`` keeps them, with ``x_Apart`` and what the bill is finer by (``x_Finer...``);
    ``parts`` keeps them with ``x_Apart`` and what cuts cost into parts (``containers.HELPERS``).
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
        *(_finer(export, columns) if whole else []),
        *(_helpers(export, columns) if parts else []),
    ]
    defects = " ".join(f"WHEN {defect.condition} THEN {defect.reason}" for defect in columns.defects)
    missing = " ".join(f"WHEN {name} IS NULL THEN '{name} is missing'" for name in _NEEDED)
    unreadable = f"CASE {defects} END" if defects else "NULL::VARCHAR"
    native = scan(layout, [file.path for file in files])
    telling_apart = has_apart(export) and not whole and not parts
    return (
        f"SELECT * EXCLUDE (x_Unreadable{', x_Apart' if telling_apart else ''}), "
        f"COALESCE(x_Unreadable, CASE {missing} END) AS {DEFECT} "
        f"FROM (SELECT {', '.join(fields)}, {unreadable} AS x_Unreadable FROM {native} AS native)"
        f"{' WHERE NOT x_Apart' if telling_apart else ''}"
    )


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


def line_item_select(export: Export, *, whole: bool = False, counted: bool = False) -> str:
    """Every line item of the export as FOCUS rows, all layouts together, cut into parts where it has split rows.

    ``whole`` as in ``mapped_select``, nothing cut; ``counted`` adds ``containers.COUNTED`` where there are parts.
    """
    parts = has_parts(export) and not whole
    rows = " UNION ALL ".join(
        mapped_select(export, layout, files, whole=whole, parts=parts) for layout, files in export.by_layout()
    )
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


class Delivery:
    """One export read into base rows, not yet part of any store. Use as a context manager."""

    def __init__(self, export: Export, spill: Path) -> None:
        self.export = export
        self._connection = connect(spill=spill)

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def read(self) -> None:
        """Read the export.

        Raises ``UnreadableFile``, ``EmptyExport`` and ``UnknownCurrency``; nothing is written.
        """
        paths = [file.path for file in self.export.files]
        for file in self.export.files:
            verify(file)
        try:
            self._connection.execute(f"CREATE TEMP TABLE base AS {_base_select(self.export)}")
            self._connection.execute(f"CREATE TEMP TABLE control AS {_control_select(self.export)}")
        except duckdb.Error as error:
            raise as_unreadable(error, paths) from error
        self._refuse_empty()
        self._refuse_currencies()

    def quarantined(self) -> list[Quarantined]:
        """Every row set aside, with file and line; empty where all rows are sound."""
        if not self._connection.execute(f"SELECT COUNT(*) FROM base WHERE {DEFECT} IS NOT NULL").fetchall()[0][0]:
            return []
        return [row for file in self.export.files for row in _defective_rows(self._connection, self.export, file)]

    def keys(self) -> list[PartKey]:
        """(account, period) of every part, those with quarantined rows only included."""
        rows = self._connection.execute(
            f"SELECT DISTINCT {ACCOUNT}, STRFTIME({MONTH}, '%Y-%m') FROM control ORDER BY ALL NULLS FIRST"
        ).fetchall()
        return [(account, period) for account, period in rows]

    def last_day(self, key: PartKey) -> date | None:
        """The part's last day with usage; None where it holds no usage."""
        query = f"SELECT MAX({DAY}) FROM base WHERE {DEFECT} IS NULL AND ChargeCategory = 'Usage' AND {_is_part(key)}"
        day: date | None = self._connection.execute(query).fetchall()[0][0]
        return day

    def write_part(self, key: PartKey, path: Path) -> bool:
        """Write the part's sound base rows as Parquet, by day and resource; False where there are none."""
        where = f"{DEFECT} IS NULL AND {_is_part(key)}"
        if not self._connection.execute(f"SELECT COUNT(*) FROM base WHERE {where}").fetchall()[0][0]:
            return False
        columns = [tag_map(TAGS) + f" AS {TAGS}" if name == TAGS else name for name in BASE_DIMENSIONS]
        fields = ", ".join((*columns, *MEASURES, LINE_ITEMS))
        select = f"SELECT {fields} FROM base WHERE {where} ORDER BY {DAY}, ResourceId"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        sync(path)
        return True

    def tie_outs(self, key: PartKey) -> tuple[TieOut, ...]:
        """Rows and money of the part, one entry a currency."""
        return tuple(_tie_outs(self._connection, key))

    def _refuse_empty(self) -> None:
        count = f"SUM({LINE_ITEMS})"
        ((rows, sound),) = self._connection.execute(
            f"SELECT COALESCE({count}, 0), COALESCE({count} FILTER (WHERE {DEFECT} IS NULL), 0) FROM base"
        ).fetchall()
        if not rows:
            raise EmptyExport(
                f"{_place(self.export)} has a header and no rows",
                expected="at least one line item",
                fix="Check the export's period and filters, and export it again; nothing was changed.",
            )
        if not sound:
            reasons = self._connection.execute(
                f"SELECT DISTINCT {DEFECT} FROM base ORDER BY 1 LIMIT {_EXAMPLES}"
            ).fetchall()
            raise EmptyExport(
                f"None of the {rows} rows of {_place(self.export)} can be read "
                f"({'; '.join(reason for (reason,) in reasons)})",
                expected="line items with cost, currency, account and dates",
                fix="Check that it is the export it seems to be; nothing was changed.",
            )

    def _refuse_currencies(self) -> None:
        rows = self._connection.execute(
            f"SELECT {CURRENCY}, SUM({LINE_ITEMS}) FROM base WHERE {DEFECT} IS NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for currency, count in rows:
            if currency not in money.currency_codes():
                raise UnknownCurrency(
                    f"{count} rows of {_place(self.export)} are in the currency {currency}",
                    expected="an ISO 4217 code such as USD",
                    fix="Correct BillingCurrency in the export; nothing was changed.",
                )


def _place(export: Export) -> str:
    """The files of the export, for a message."""
    first, more = export.files[0].path, len(export.files) - 1
    return f"{first} and {more} more files" if more else str(first)


def content_digest(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _base_select(export: Export) -> str:
    """Line items summed by day and dimension; rows with an unknown measure stand apart from those that know it."""
    days = f"CAST({DAY} AS DATE) AS {DAY}, CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}"
    texts = ", ".join((*BASE_TEXTS, TAGS, SOURCE))
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    unknown = ", ".join(f"{name} IS NULL" for name in MEASURES)
    count = f"CAST(SUM({COUNTED}) AS BIGINT)" if has_parts(export) else "COUNT(*)"
    return (
        f"SELECT {days}, {texts}, {sums}, {count} AS {LINE_ITEMS}, {DEFECT} "
        f"FROM ({line_item_select(export, counted=True)}) AS item "
        f"GROUP BY CAST({DAY} AS DATE), CAST(DATE_TRUNC('month', {MONTH}) AS DATE), {texts}, {unknown}, {DEFECT}"
    )


def _control_select(export: Export) -> str:
    """Rows and money as the file has them, for the tie-out: no grouping but account, month and currency."""
    source = export.source
    apart = has_apart(export)
    here = " FILTER (WHERE NOT x_Apart)" if apart else ""
    columns = {name: "x_Invoice" if name == BILLED else name for name in COST_MEASURES}
    sums = [f"COUNT(*){here} AS x_Rows", *(f"SUM({column}){here} AS {name}" for name, column in columns.items())]
    if apart:
        sums.append("COUNT(*) FILTER (WHERE x_Apart) AS x_RowsApart")
        sums += [f"SUM({column}) FILTER (WHERE x_Apart) AS x_Apart{name}" for name, column in columns.items()]
    if source.finer:
        sums += [f"SUM(x_Finer{name}){here} AS x_Finer{name}" for name in COST_MEASURES]
    return (
        f"SELECT {ACCOUNT}, CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}, {CURRENCY}, {', '.join(sums)} "
        f"FROM ({line_item_select(export, whole=True)}) AS item GROUP BY ALL"
    )


def _is_part(key: PartKey) -> str:
    account, period = key
    same_account = f"{ACCOUNT} IS NOT DISTINCT FROM {literal(account) if account is not None else 'NULL'}"
    month = f"DATE {literal(period + '-01')}" if period else "NULL"
    return f"{same_account} AND {MONTH} IS NOT DISTINCT FROM {month}"


def _tie_outs(connection: duckdb.DuckDBPyConnection, key: PartKey) -> Iterator[TieOut]:
    part = _is_part(key)
    found = connection.execute(f"SELECT * FROM control WHERE {part} ORDER BY {CURRENCY} NULLS FIRST")
    names = [column[0] for column in found.description or []]
    for row in (dict(zip(names, values, strict=True)) for values in found.fetchall()):
        rows: dict[bool, int] = {}
        sums: dict[bool, Sums] = {}
        for sound in (True, False):
            rows[sound], sums[sound] = _stored(connection, part, row[CURRENCY], sound)
        finer = {name: row.get(f"x_Finer{name}") or None for name in COST_MEASURES}
        yield TieOut(
            row[CURRENCY],
            row["x_Rows"],
            rows[True],
            rows[False],
            sums_in={name: money.total([row[name], finer[name]]) for name in COST_MEASURES},
            sums_store=sums[True],
            sums_quarantined=sums[False],
            sums_finer=finer,
            rows_apart=row.get("x_RowsApart", 0),
            sums_apart={name: row.get(f"x_Apart{name}") for name in COST_MEASURES},
        )


def _stored(connection: duckdb.DuckDBPyConnection, part: str, currency: str | None, sound: bool) -> tuple[int, Sums]:
    condition = f"{DEFECT} IS {'' if sound else 'NOT '}NULL AND {CURRENCY} IS NOT DISTINCT FROM ?"
    count, *sums = connection.execute(
        f"SELECT COALESCE(SUM({LINE_ITEMS}), 0), {', '.join(f'SUM({name})' for name in COST_MEASURES)} FROM base "
        f"WHERE {part} AND {condition}",
        [currency],
    ).fetchall()[0]
    values: list[Decimal | None] = sums
    return int(count), dict(zip(COST_MEASURES, values, strict=True))


def _defective_rows(connection: duckdb.DuckDBPyConnection, export: Export, file: DataFile) -> Iterator[Quarantined]:
    """Rows of the file that are set aside; the file is read in one thread so that its rows can be numbered."""
    numbered = mapped_select(export, file.layout, [file], "ROW_NUMBER() OVER () AS x_Ordinal, TO_JSON(native) AS x_Row")
    connection.execute("SET threads = 1")
    try:
        rows = connection.execute(
            f"SELECT {ACCOUNT}, STRFTIME({MONTH}, '%Y-%m'), {CURRENCY}, x_Ordinal, {DEFECT}, x_Row FROM ({numbered}) "
            f"WHERE {DEFECT} IS NOT NULL ORDER BY x_Ordinal"
        ).fetchall()
    finally:
        connection.execute("RESET threads")
    lines = line_numbers(file, [row[3] for row in rows])
    for account, period, currency, ordinal, reason, row in rows:
        yield Quarantined(account, period, currency, str(file.path), lines[ordinal], reason, row)
