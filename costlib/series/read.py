"""Long tables in: one row per series and date, from CSV or Parquet.

Conventions: columns ``unique_id``, ``ds`` (a date, or a timestamp at midnight) and ``y`` (a number); others are passed
over. Rows may be in any order. An empty ``y`` is a period that is not known; a date that is missing inside a series is
the same: neither is taken as 0. ``cells`` reads the columns, ``calendar`` numbers the dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import Frequency
from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile, cause_words, did_you_mean
from costlib.series.calendar import IrregularDates, dates_of, frequency_of, numbered
from costlib.series.cells import Array, Days, UnreadableValue, days_of, numbers_of

COLUMNS = ("unique_id", "ds", "y")
#: Periods of all series together that a panel may span: 2 GB.
MOST_PERIODS = 250_000_000


class DuplicateRow(InputError):
    """One series has two rows for one date."""


@dataclass(frozen=True)
class Panel:
    """Series side by side: ``y`` is ``[series, period]``, each series' newest period in the last column.

    ``ids`` names the rows, ``last`` holds each series' newest period as a number of days, weeks or months (see
    ``calendar.dates_of``), ``anchor`` the weekday offset of weekly series.
    """

    ids: pa.Array
    y: Array
    last: Days
    anchor: Days
    frequency: Frequency

    def dates_after(self, horizon: int) -> NDArray[np.datetime64]:
        """Dates of the periods after each series' last, ``[series, step]``."""
        number = self.last[:, None] + np.arange(1, horizon + 1)
        return dates_of(number, self.anchor[:, None], self.frequency)

    def last_dates(self) -> NDArray[np.datetime64]:
        """Each series' last date."""
        return dates_of(self.last, self.anchor, self.frequency)


def read_panel(path: Path, frequency: Frequency | None = None) -> Panel:
    """The long table at ``path`` as a panel; the frequency is read from the dates where it is not given.

    Raises ``UnreadableFile``, ``MissingColumn``, ``EmptyExport``, ``UnreadableValue``, ``DuplicateRow`` and
    ``IrregularDates``, each with file, row and value where there is one.
    """
    table = _table(path)
    if not table.num_rows:
        raise EmptyExport(f"{path} has no rows", expected="one row per series and date", fix="Export it again.")
    ids, codes = _ids(table, path)
    days = days_of(table.column("ds"), path)
    values = numbers_of(table.column("y"), path)
    found = frequency or frequency_of(days, codes, path)
    number, offset = numbered(days, codes, found, path)
    order = np.lexsort((number, codes))
    _refuse_duplicates(order, number, codes, ids, days, path)
    last, back = _places(number, codes, values, len(ids))
    _refuse_width(back, codes, days, path)
    kept = back >= 0
    y = np.full((len(ids), int(back.max()) + 1), np.nan)
    y[codes[kept], y.shape[1] - 1 - back[kept]] = values[kept]
    return Panel(ids, y, last, offset, found)


def _table(path: Path) -> pa.Table:
    """The three columns; those of a CSV as text, so that a value that cannot be read can be shown."""
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
        if not parquet and path.suffix.lower() == ".parquet":
            raise UnreadableFile(
                f"{path} is no Parquet file", expected="Parquet, as its name says", fix="Export it again."
            )
        names = pq.read_schema(path).names if parquet else _header(path)
        _refuse_missing(names, path)
        if parquet:
            return pq.read_table(path, columns=list(COLUMNS))
        options = csv.ConvertOptions(
            include_columns=list(COLUMNS),
            column_types={name: pa.string() for name in COLUMNS},
            strings_can_be_null=True,
        )
        return csv.read_csv(path, convert_options=options)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({error.strerror or error})", expected="a readable file", fix="Check the path."
        ) from error
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{path} cannot be read ({cause_words(error)})",
            expected="a CSV file in UTF-8 or a Parquet file",
            fix="Export it again.",
        ) from error


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        return [name.strip('"') for name in file.readline().rstrip("\r\n").split(",")]


def _refuse_missing(names: Sequence[str], path: Path) -> None:
    for column in COLUMNS:
        if column not in names:
            found = ", ".join(names) if any(names) else "nothing"
            raise MissingColumn(
                f"{path} has no column {column}; it has {found}",
                expected="the columns unique_id, ds and y, separated by commas",
                fix=_fix(column, names),
            )
        if names.count(column) > 1:
            raise InputError(
                f"{path} has the column {column} {names.count(column)} times",
                expected="it once",
                fix="Leave out the others.",
            )


def _fix(column: str, names: Sequence[str]) -> str:
    """What to do about a column that is missing."""
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        return "Save it with commas between the columns."
    return did_you_mean(column, names) or f"Name the column {column}."


def _ids(table: pa.Table, path: Path) -> tuple[pa.Array, NDArray[np.int64]]:
    """Names of the series in order of appearance, and each row's place among them."""
    column = table.column("unique_id")
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if column.null_count:
        row = int(np.flatnonzero(column.is_null().to_numpy())[0])
        raise UnreadableValue(f"{path}, row {row + 1}: unique_id is empty", expected="the name of a series")
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy().astype(np.int64)


def _refuse_duplicates(
    order: NDArray[np.intp], number: Days, codes: NDArray[np.int64], ids: pa.Array, days: Days, path: Path
) -> None:
    same = (np.diff(number[order]) == 0) & (np.diff(codes[order]) == 0)
    if same.any():
        place = int(np.flatnonzero(same)[0])
        first, second = sorted((int(order[place]), int(order[place + 1])))
        raise DuplicateRow(
            f"{path}, rows {first + 1} and {second + 1}: series {ids[int(codes[second])].as_py()} has "
            f"{days[second].astype('datetime64[D]')} twice",
            expected="one row per series and date",
            fix="Sum them or drop one.",
        )


def _places(number: Days, codes: NDArray[np.int64], values: Array, series: int) -> tuple[Days, Days]:
    """Each series' last period, which is its last known one, and how many periods before it each row lies."""
    never = np.iinfo(np.int64).min
    last, latest = np.full(series, never), np.full(series, never)
    np.maximum.at(last, codes, np.where(np.isnan(values), never, number))
    np.maximum.at(latest, codes, number)
    last = np.where(last == never, latest, last)
    return last, last[codes] - number


def _refuse_width(back: Days, codes: NDArray[np.int64], days: Days, path: Path) -> None:
    """Refuse a mistyped year, which would make all series as long as the centuries that it spans."""
    series = int(codes.max()) + 1
    if (int(back.max()) + 1) * series > MOST_PERIODS:
        row = int(back.argmax())
        last = int(np.where(codes == codes[row], days, days.min()).argmax())
        first, late = (f"{days[at].astype('datetime64[D]')} (row {at + 1})" for at in (row, last))
        raise IrregularDates(
            f"{path}: {first} and {late} of one series are {int(back[row]):,} periods apart",
            expected=f"at most {MOST_PERIODS // series:,} periods, for {series:,} series",
            fix="Correct the year that is wrong.",
        )
