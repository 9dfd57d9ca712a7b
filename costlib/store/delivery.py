"""Exports read into base rows, not yet part of any store: what a load writes and a dry run only counts.

A ``Batch`` reads exports together, in a DuckDB connection of its own; a ``Delivery`` is one of them, until the loader
has seen that it ties out and writes its parts. Reading twelve small months at once costs little more than reading one.

Bad values never stop a load: their rows are set aside with the reason, the file and the line. Damage to a file's
structure does: rows could have been lost in a way nobody could count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from costlib import money
from costlib.errors import EmptyExport, UnknownCurrency
from costlib.focus import ACCOUNT, CURRENCY, MONTH
from costlib.sources.discovery import Export
from costlib.sources.files import FILE, DataFile, as_unreadable, line_numbers, verify
from costlib.sources.native import literal
from costlib.store.base import DEFECT, DELIVERY, control_select, mapped_select, whole_months_select
from costlib.store.base_tables import create_by_line, part_select
from costlib.store.engine import connect
from costlib.store.manifest import TieOut, sync
from costlib.store.parts_read import Holding, PartKey, holdings
from costlib.store.summed import create_base, is_summable

#: Examples named in an error; the quarantine holds them all.
_EXAMPLES = 3
#: Bytes of files that are read together, a single export apart: what the work of a batch takes in memory grows with it.
_TOGETHER = 48 << 20

#: Parts are written once and read at every edit of the rules: the quickest level packs these columns as well as any.
_PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"


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


def batches(exports: Sequence[Export]) -> list[list[Export]]:
    """The exports in their order, neighbours together that one scan can read."""
    found: list[list[Export]] = []
    sizes: list[int] = []
    for export in exports:
        size = sum(file.path.stat().st_size for file in export.files)
        if found and sizes[-1] + size <= _TOGETHER and _alike(found[-1][0], export):
            found[-1].append(export)
            sizes[-1] += size
        else:
            found.append([export])
            sizes.append(size)
    return found


def _alike(first: Export, second: Export) -> bool:
    """Whether one scan can read both: partitions of one connection, of one layout that needs no look beyond a row."""
    layouts = {file.layout for export in (first, second) for file in export.files}
    return (first.name, first.source) == (second.name, second.source) and len(layouts) == 1 and is_summable(first)


class Batch:
    """Exports of one connection read together. Use as a context manager."""

    def __init__(self, exports: Sequence[Export], spill: Path) -> None:
        self._exports = list(exports)
        self._connection = connect(spill=spill)

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def read(self) -> list[Delivery]:
        """Read the exports, each into a delivery.

        Raises ``UnreadableFile``, ``EmptyExport`` and ``UnknownCurrency``; nothing is written.
        """
        if not self._exports:
            return []
        together = replace(self._exports[0], files=tuple(file for export in self._exports for file in export.files))
        for file in together.files:
            verify(file)
        try:
            self._create_tables(together)
        except duckdb.Error as error:
            raise as_unreadable(error, [file.path for file in together.files]) from error
        found = holdings(self._connection, len(self._exports))
        deliveries = [Delivery(export, self._connection, at, found[at]) for at, export in enumerate(self._exports)]
        for delivery in deliveries:
            delivery.check()
        return deliveries

    def _create_tables(self, together: Export) -> None:
        """Base rows, and rows and money as the files have them."""
        number = self._number()
        if not is_summable(together) or not create_base(self._connection, together, number):
            create_by_line(self._connection, together, number)
        self._connection.execute(f"CREATE TEMP TABLE control AS {control_select(together, number)}")

    def _number(self) -> str:
        """The number of a row's export, by its file."""
        others = enumerate(self._exports[1:], 1)
        branches = " ".join(f"WHEN {literal(str(file.path))} THEN {at}" for at, one in others for file in one.files)
        return f"CASE {FILE} {branches} ELSE 0 END" if branches else "0"


class Delivery:
    """One export as base rows; good while its batch is open."""

    def __init__(self, export: Export, connection: duckdb.DuckDBPyConnection, number: int, holding: Holding) -> None:
        self.export = export
        self._connection = connection
        self._mine = f"{DELIVERY} = {number}"
        self._holding = holding

    def quarantined(self) -> list[Quarantined]:
        """Every row set aside, with file and line; empty where all rows are sound."""
        if not self._holding.has(sound=False):
            return []
        return [row for file in self.export.files for row in _defective_rows(self._connection, self.export, file)]

    def keys(self) -> list[PartKey]:
        """(account, period) of every part, those with quarantined rows only included."""
        return list(self._holding.control)

    def last_day(self, key: PartKey) -> date | None:
        """The part's last day with usage; None where it holds no usage."""
        return self._holding.last_day(key)

    def through(self, key: PartKey) -> date | None:
        """The last day that the part is billed for, where every charge for use is for a whole calendar month and was
        written down after the last of them; None elsewhere. What is charged in advance does not count.
        """
        if not self._holding.is_on_firsts(key) or key not in self._whole_months:
            return None
        last, files = self._whole_months[key]
        return last if all(written_on(Path(file)) > last for file in files) else None

    @cached_property
    def _whole_months(self) -> dict[PartKey, tuple[date, list[str]]]:
        rows = self._connection.execute(whole_months_select(self.export)).fetchall()
        return {(account, period): (last, files) for account, period, last, files in rows}

    def write_part(self, key: PartKey, path: Path) -> bool:
        """Write the part's sound base rows as Parquet (see ``parts``), by resource; False where there are none."""
        if not self._holding.has(sound=True, key=key):
            return False
        select = part_select(self.export.name, self._is_part(key))
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection.execute(f"COPY ({select}) TO {literal(str(path))} ({_PARQUET})")
        sync(path)
        return True

    def tie_outs(self, key: PartKey) -> tuple[TieOut, ...]:
        """Rows and money of the part, one entry a currency."""
        return self._holding.tie_outs(key)

    def check(self) -> None:
        """Raise ``EmptyExport`` where no row is sound, ``UnknownCurrency`` where sound ones are in none."""
        self._refuse_empty()
        self._refuse_currencies()

    def _is_part(self, key: PartKey) -> str:
        account, period = key
        same_account = f"{ACCOUNT} IS NOT DISTINCT FROM {literal(account) if account is not None else 'NULL'}"
        month = f"DATE {literal(period + '-01')}" if period else "NULL"
        return f"{self._mine} AND {same_account} AND {MONTH} IS NOT DISTINCT FROM {month}"

    def _refuse_empty(self) -> None:
        rows = self._holding.rows
        if not rows:
            raise EmptyExport(
                f"{_place(self.export)} has a header and no rows",
                expected="at least one line item",
                fix="Check the export's period and filters, and export it again; nothing was changed.",
            )
        if not self._holding.has(sound=True):
            examples = f"SELECT DISTINCT {DEFECT} FROM base WHERE {self._mine} ORDER BY 1 LIMIT {_EXAMPLES}"
            reasons = self._connection.execute(examples).fetchall()
            raise EmptyExport(
                f"None of the {rows} rows of {_place(self.export)} can be read "
                f"({'; '.join(reason for (reason,) in reasons)})",
                expected="line items with cost, currency, account and dates",
                fix="Check that it is the export it seems to be; nothing was changed.",
            )

    def _refuse_currencies(self) -> None:
        for currency, count in self._holding.currencies().items():
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


def written_on(path: Path) -> date:
    """The UTC day on which the file was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


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
