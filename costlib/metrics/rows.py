"""Rows of a file of our own making, CSV or Parquet, each with its place, and refusals that name every line.

Columns may stand in any order and case; others are left out; the file may be UTF-8 with or without byte-order mark.
Lines in messages count the header as line 1; rows of Parquet count from 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from costlib.errors import InputError, MissingColumn, UnreadableFile, cause_words, did_you_mean
from costlib.focus import fold

#: Values are kept to nine decimals, as hours of the bill are.
SCALE: Final = 9
#: Wide enough for a value of 20 digits and its decimals.
_WIDE: Final = Context(prec=60)
#: What stands in the cells of a line that has too few or too many.
SHORT: Final = "short"
#: Lines that a message names before it counts the rest.
_NAMED = 5

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Columns:
    """The columns of a file: all that are known, and those it cannot do without."""

    known: tuple[str, ...]
    needed: tuple[str, ...]


def numbered(path: Path, columns: Columns) -> Iterator[tuple[str, Cells]]:
    """Each row's place and its cells by our names.

    Raises ``UnreadableFile``, ``MissingColumn``, and ``InputError`` for a column that is there twice.
    """
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
        yield from _of_parquet(path, columns) if parquet else _of_csv(path, columns)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({error.strerror or 'it is damaged'})",
            expected="a readable file",
            fix="Check the path.",
        ) from error
    except (pa.ArrowException, UnicodeDecodeError, csv.Error) as error:
        why = "it is not a whole Parquet file" if parquet else cause_words(error)
        raise UnreadableFile(
            f"{path} cannot be read ({why})", expected="CSV in UTF-8, or Parquet", fix="Export it again."
        ) from error


def text_of(cell: Any) -> str | None:
    """The cell without blanks around it; None where nothing is left."""
    return str(cell).strip() or None if cell is not None else None


def day_of(cell: Any) -> date:
    """A date, or midnight of one; raises ValueError."""
    if isinstance(cell, datetime):
        if cell.time() != datetime.min.time():
            raise ValueError(f"the day {cell} is not midnight")
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    try:
        return day_of(datetime.fromisoformat(text))
    except ValueError as error:
        raise ValueError(f"the day {text!r} is not a date such as 2026-09-01") from error


def value_of(cell: Any, name: str = "value") -> Decimal:
    """A plain number to nine decimals; raises ValueError."""
    text = "" if cell is None else str(cell).strip()
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"the {name} {text!r} is not a plain number") from error
    if not value.is_finite() or value.copy_abs() >= Decimal(10) ** 20:
        raise ValueError(f"the {name} {text!r} is not a number of at most 20 digits")
    return kept(value)


def kept(value: Decimal) -> Decimal:
    """The value to nine decimals.

    >>> kept(Decimal("12345678901234567890.0000000005"))
    Decimal('12345678901234567890.000000001')
    """
    return value.quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_UP, _WIDE)


def refused(path: Path | str, problems: Sequence[str], expected: str) -> InputError:
    """The refusal of a whole file: the first five lines that cannot be used, and how many more there are."""
    more = f"; and {len(problems) - _NAMED} more" if len(problems) > _NAMED else ""
    return InputError(
        f"{path} cannot be loaded: {'; '.join(problems[:_NAMED])}{more}",
        expected=expected,
        fix=f"Correct {'these lines' if len(problems) > 1 else 'it'} and load the file again; nothing was loaded.",
    )


def places_of(header: Sequence[str], columns: Columns, path: Path | str) -> dict[str, int]:
    """Where each of our columns stands in the header of a file, or of what a query gives.

    Raises ``MissingColumn``, and ``InputError`` for a column that is there twice.
    """
    folded = [fold(name) for name in header]
    found = {name: folded.index(fold(name)) for name in columns.known if fold(name) in folded}
    for name in columns.needed:
        if name not in found:
            left_out = [one for one in columns.known if one not in columns.needed]
            raise MissingColumn(
                f"{path} has no column {name}",
                expected=f"{', '.join(columns.needed)}; {', '.join(left_out)} may be left out",
                fix=did_you_mean(name, header) or _columns_words(header),
            )
    for name in found:
        if folded.count(fold(name)) > 1:
            raise InputError(f"{path} has two columns {name}", expected="one", fix="Leave one out.")
    return found


def _columns_words(header: Sequence[str]) -> str:
    """What a file has instead of a column, cut where it is long."""
    names = ", ".join(name for name in header if name.strip())
    return f"Its columns are {names[:200]}." if names else "Its first line is empty: write the columns into it."


def _of_csv(path: Path, columns: Columns) -> Iterator[tuple[str, Cells]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        names = places_of(header, columns, path)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"line {reader.line_num}"
            if len(cells) != len(header):
                yield where, {SHORT: f"{len(cells)} cells where the header has {len(header)}"}
            else:
                yield where, {name: cells[place] for name, place in names.items()}


def _of_parquet(path: Path, columns: Columns) -> Iterator[tuple[str, Cells]]:
    table = pq.read_table(path)
    names = places_of(table.column_names, columns, path)
    found = {name: table.column(place).to_pylist() for name, place in names.items()}
    for number in range(table.num_rows):
        yield f"row {number + 1}", {name: column[number] for name, column in found.items()}
