"""The published state written as a FOCUS 1.2 dataset: Parquet or CSV, money exact, tied out before it is there.

A file, or a folder with one Parquet file a billing month. Everything is written aside, summed again and held against
the cube; only then do the files take their names. Parquet's own metadata say the FOCUS version and the snapshot.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from costlib import money
from costlib.errors import InputError, TieOutError
from costlib.focus import COST_MEASURES, CURRENCY, MONTH
from costlib.periods import Window
from costlib.sources.files import glob_safe
from costlib.sources.native import literal
from costlib.store.cube import CUBE, RESOURCE_PARTS
from costlib.store.engine import connect
from costlib.store.focus_columns import (
    COLUMNS,
    VERSION,
    csv_select,
    dataset_select,
    gap_names,
    gaps_select,
    offsets_select,
)
from costlib.store.question import conditions_of
from costlib.store.reader import Reader

Totals = dict[str, dict[str, Decimal | None]]
Tell = Callable[[str], None]
_PARQUET, _CSV = ".parquet", ".csv"
_NAME = re.compile(rf"focus-{re.escape(VERSION)}-\d{{4}}-\d{{2}}\.parquet")


@dataclass(frozen=True)
class Gap:
    """Rows that say less than FOCUS 1.2 asks for: the column, what is the matter, how many rows."""

    column: str
    problem: str
    rows: int


@dataclass(frozen=True)
class Exported:
    """What was written: its files, its rows, its costs by currency, and where it says less than 1.2 asks for.

    ``offsets`` are line items without any cost that FOCUS does not know as charges and that were left out.
    """

    files: tuple[Path, ...]
    rows: int
    totals: Totals
    gaps: tuple[Gap, ...]
    offsets: int


@dataclass(frozen=True)
class _Part:
    """One file on its way: where it lies while it is written, what it will be called, which rows it holds."""

    aside: Path
    target: Path
    where: str
    values: tuple[object, ...]


def focus_export(
    reader: Reader, out: Path, window: Window | None = None, tell: Tell = lambda message: None
) -> Exported:
    """Write the charges of the window's usage days (default: all) to ``out``: .parquet, .csv, or else a folder.

    A folder takes one file a billing month and keeps none of an earlier export. Raises ``InputError`` where the window
    holds no charge or the folder something else, and ``TieOutError`` where the file is not what the cube holds; ``out``
    then stays as it was.
    """
    where, values = conditions_of((), window)
    parts = _parts(reader, out, where, tuple(values))
    with _written(parts, out):
        for part in parts:
            _write(reader, part)
            tell(f"{part.target.name}: written")
        rows, totals, gaps = _read_back([part.aside for part in parts], out.suffix)
        _tie_out(totals, _held(reader, where, values))
    ((offsets,),) = reader.rows(offsets_select(RESOURCE_PARTS, where), values)
    return Exported(tuple(part.target for part in parts), rows, totals, gaps, offsets)


def _parts(reader: Reader, out: Path, where: str, values: tuple[object, ...]) -> list[_Part]:
    months = [month for (month,) in reader.rows(f"SELECT DISTINCT {MONTH} FROM {CUBE} {where} ORDER BY 1", values)]
    if not months:
        held = reader.window()
        raise InputError(
            "There is no charge on these days",
            expected=f"days from {held.start} to {held.last}" if held else "days of loaded bills",
            fix="Change --from and --to, or load the bills of these days.",
        )
    if out.suffix in (_PARQUET, _CSV):
        return [_Part(_aside(out), out, where, values)]
    if out.suffix and not out.is_dir():
        raise InputError(f"{out.name} is neither .parquet nor .csv", expected="one of these, or a folder")
    _refuse_others(out)
    return [_of_month(out, month, where, values) for month in months]


def _of_month(out: Path, month: date, where: str, values: tuple[object, ...]) -> _Part:
    target = out / f"focus-{VERSION}-{month:%Y-%m}{_PARQUET}"
    clause = f"{where} AND {MONTH} = ?" if where else f"WHERE {MONTH} = ?"
    return _Part(_aside(target), target, clause, (*values, month))


def _refuse_others(folder: Path) -> None:
    others = (
        [path.name for path in sorted(folder.iterdir()) if not _NAME.fullmatch(path.name)] if folder.exists() else []
    )
    if others:
        raise InputError(
            f"{folder} holds {others[0]}", expected="a new folder, or one of an earlier export", fix="Name another one."
        )


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}")


@contextmanager
def _written(parts: Sequence[_Part], out: Path) -> Iterator[None]:
    """The files take their names where the body ends well; in any case nothing else stays."""
    for part in parts:
        part.target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
        for part in parts:
            part.aside.replace(part.target)
        if out.is_dir():
            for old in {path for path in out.iterdir() if _NAME.fullmatch(path.name)} - {part.target for part in parts}:
                old.unlink()
    finally:
        for part in parts:
            part.aside.unlink(missing_ok=True)


def _write(reader: Reader, part: _Part) -> None:
    select = dataset_select(RESOURCE_PARTS, part.where)
    if part.target.suffix == _CSV:
        form, select = "FORMAT csv, HEADER", csv_select(select)
    else:
        about = f"{{FocusVersion: {literal(VERSION)}, Generator: 'Glidepath', Snapshot: {literal(reader.generation)}}}"
        form = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {about}"
    try:
        reader.rows(f"COPY ({select}) TO {literal(str(part.aside))} ({form})", part.values)
    except duckdb.IOException as error:
        said = str(error).splitlines()[0]
        if str(part.aside) not in said and "write" not in said.lower():
            raise  # it was a reading that failed
        why = said.rsplit(": ", 1)[-1].split('"')[0]
        raise InputError(
            f"{part.target} cannot be written ({why})",
            expected="a place that may be written to",
            fix="Check the path, its rights and the room on the disk.",
        ) from error


def _read_back(paths: Sequence[Path], suffix: str) -> tuple[int, Totals, tuple[Gap, ...]]:
    """Rows, costs by currency and gaps of the files as they lie on disk."""
    names = ", ".join(literal(glob_safe(path)) for path in paths)
    with connect() as connection:
        as_text = f"read_csv([{names}], header = true, columns = {{{_csv_types()}}})"
        written = as_text if suffix == _CSV else f"read_parquet([{names}])"
        totals = _totals(connection, written)
        ((rows,),) = connection.execute(f"SELECT COUNT(*) FROM {written}").fetchall()
        (counts,) = connection.execute(gaps_select(written)).fetchall()
    found = zip(gap_names(), counts, strict=True)
    return rows, totals, tuple(Gap(column, problem, count) for (column, problem), count in found if count)


def _csv_types() -> str:
    numbers = (*COST_MEASURES, "PricingQuantity")
    return ", ".join(
        f"{column.name}: {literal(money.SQL_TYPE if column.name in numbers else 'VARCHAR')}" for column in COLUMNS
    )


def _totals(connection: duckdb.DuckDBPyConnection, table: str) -> Totals:
    return _by_currency(connection.execute(_totals_select(table, "")).fetchall())


def _held(reader: Reader, where: str, values: Sequence[object]) -> Totals:
    return _by_currency(reader.rows(_totals_select(CUBE, where), values))


def _totals_select(table: str, where: str) -> str:
    sums = ", ".join(f"SUM({name})" for name in COST_MEASURES)
    return f"SELECT {CURRENCY}, {sums} FROM {table} {where} GROUP BY 1 ORDER BY 1"


def _by_currency(rows: Sequence[tuple[Any, ...]]) -> Totals:
    return {row[0]: dict(zip(COST_MEASURES, row[1:], strict=True)) for row in rows}


def _tie_out(written: Totals, held: Totals) -> None:
    if written != held:
        raise TieOutError(
            f"The dataset adds up to {_words(written)}, the store to {_words(held)}",
            expected="the same costs to the last digit",
            fix="Export again; nothing was written.",
        )


def _words(totals: Totals) -> str:
    return "; ".join(
        f"{currency} " + ", ".join(money.exact(amount) or money.UNKNOWN for amount in costs.values())
        for currency, costs in totals.items()
    )
