"""Long tables in: one row per series and date, from CSV or Parquet.

Conventions: columns ``unique_id``, ``ds`` (a date, or a timestamp at midnight) and ``y`` (a number); others are passed
over. Rows may be in any order. An empty ``y`` is a period that is not known; a date that is missing inside a series is
the same: neither is taken as 0. Dates are days, weeks of any one weekday a series, or first days of months. Row numbers
in messages count data rows from 1, the header not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import Frequency
from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile, did_you_mean

COLUMNS = ("unique_id", "ds", "y")

Array = NDArray[np.float64]
Days = NDArray[np.int64]

_MIDNIGHT = r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?)?$"
_UNITS = {Frequency.DAY: "day", Frequency.WEEK: "week", Frequency.MONTH: "month"}


class UnreadableValue(InputError):
    """A cell that is not what its column holds."""


class DuplicateRow(InputError):
    """One series has two rows for one date."""


class IrregularDates(InputError):
    """Dates that no frequency explains."""


@dataclass(frozen=True)
class Panel:
    """Series side by side: ``y`` is ``[series, period]``, each series' newest period in the last column.

    ``ids`` names the rows, ``last`` holds each series' newest period as a number of days, weeks or months (see
    ``date_of``), ``anchor`` the weekday offset of weekly series.
    """

    ids: pa.Array
    y: Array
    last: Days
    anchor: Days
    frequency: Frequency

    def dates_after(self, horizon: int) -> NDArray[np.datetime64]:
        """Dates of the periods after each series' last, ``[series, step]``."""
        number = self.last[:, None] + np.arange(1, horizon + 1)
        return _dates(number, self.anchor[:, None], self.frequency)

    def last_dates(self) -> NDArray[np.datetime64]:
        """Each series' last date."""
        return _dates(self.last, self.anchor, self.frequency)


def read_panel(path: Path, frequency: Frequency | None = None) -> Panel:
    """The long table at ``path`` as a panel; the frequency is read from the dates where it is not given.

    Raises ``UnreadableFile``, ``MissingColumn``, ``EmptyExport``, ``UnreadableValue``, ``DuplicateRow`` and
    ``IrregularDates``, each with file, row and value where there is one.
    """
    table = _table(path)
    if not table.num_rows:
        raise EmptyExport(f"{path} has no rows", expected="one row per series and date", fix="Export it again.")
    ids, codes = _ids(table, path)
    days = _days(table.column("ds"), path)
    values = _values(table.column("y"), path)
    found = frequency or _frequency(days, codes, path)
    number, offset = _numbered(days, codes, found, path)
    order = np.lexsort((number, codes))
    _refuse_duplicates(order, number, codes, ids, days, path)
    return _panel(ids, codes, number, offset, values, found)


def _table(path: Path) -> pa.Table:
    """The three columns; those of a CSV as text, so that a value that cannot be read can be shown."""
    try:
        with path.open("rb") as file:
            parquet = file.read(4) == b"PAR1"
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
            f"{path} cannot be read ({error})", expected="a CSV file in UTF-8 or a Parquet file", fix="Export it again."
        ) from error


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig") as file:
        return [name.strip('"') for name in file.readline().rstrip("\r\n").split(",")]


def _refuse_missing(names: Sequence[str], path: Path) -> None:
    for column in COLUMNS:
        if column not in names:
            found = ", ".join(names) or "nothing"
            raise MissingColumn(
                f"{path} has no column {column}; it has {found}",
                expected="the columns unique_id, ds and y, separated by commas",
                fix=did_you_mean(column, names) or f"Name the column {column}.",
            )


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


def _days(column: pa.ChunkedArray, path: Path) -> Days:
    """Days since 1970-01-01."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = _midnight(column, path)
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        fits = pc.fill_null(pc.match_substring_regex(text, _MIDNIGHT), False).to_numpy()
        _refuse_dates(fits, column, path)
        column = _real_dates(pc.utf8_slice_codeunits(text, 0, 10), column, path)
    elif not pa.types.is_date(column.type):
        raise UnreadableValue(f"{path}: ds holds {column.type}", expected="dates such as 2026-01-31")
    _refuse_dates(pc.is_valid(column).to_numpy(), column, path)
    days: Days = column.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    return days


def _midnight(column: pa.ChunkedArray, path: Path) -> pa.ChunkedArray:
    stamps = column.cast(pa.timestamp("us"), safe=False)
    floored = pc.floor_temporal(stamps, unit="day")
    fits = pc.fill_null(pc.equal(stamps, floored), False).to_numpy()
    _refuse_dates(fits, column, path)
    return floored


def _real_dates(text: pa.ChunkedArray, column: pa.ChunkedArray, path: Path) -> pa.ChunkedArray:
    try:
        return text.cast(pa.date32())
    except pa.ArrowInvalid:
        fits = np.array([_is_date(one) for one in text.to_pylist()])
        _refuse_dates(fits, column, path)
        raise


def _is_date(text: str) -> bool:
    try:
        np.datetime64(text, "D")
    except ValueError:
        return False
    return True


def _refuse_dates(fits: NDArray[np.bool_], column: pa.ChunkedArray, path: Path) -> None:
    if not fits.all():
        row = int(np.flatnonzero(~fits)[0])
        raise UnreadableValue(
            f"{path}, row {row + 1}: ds is {column[row].as_py()!r}",
            expected="a date such as 2026-01-31, without a time of day",
            fix="Sum hours to days first." if column[row].as_py() is not None else "Fill it in or drop the row.",
        )


def _values(column: pa.ChunkedArray, path: Path) -> Array:
    """Numbers; NaN where the cell is empty."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        column = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    try:
        numbers: Array = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        numbers = np.array([_number(one) for one in column.to_pylist()])
    wrong = np.isinf(numbers)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise UnreadableValue(
            f"{path}, row {row + 1}: y is {column[row].as_py()!r}",
            expected="a number with a decimal point and no thousands separator, or nothing",
            fix="Correct it or leave the cell empty.",
        )
    return numbers


def _number(value: object) -> float:
    """The value as a number, NaN for none, infinity for what is no number."""
    if value is None:
        return np.nan
    try:
        return float(str(value))
    except ValueError:
        return np.inf


def _frequency(days: Days, codes: NDArray[np.int64], path: Path) -> Frequency:
    """What the dates say: months if all are first days of months, else the commonest distance between dates."""
    order = np.lexsort((days, codes))
    gaps = np.diff(days[order])[np.diff(codes[order]) == 0]
    gaps = gaps[gaps > 0]
    if not gaps.size:
        raise IrregularDates(
            f"{path}: no series has two dates, so the frequency cannot be read from them",
            expected="D, W or MS",
            fix="Say it with --freq.",
        )
    if (_day_of_month(days) == 1).all() and gaps.min() >= 28:
        return Frequency.MONTH
    common = int(np.median(gaps))
    if common in (1, 7):
        return Frequency.DAY if common == 1 or (gaps % 7 != 0).any() else Frequency.WEEK
    raise IrregularDates(
        f"{path}: dates are mostly {common} days apart",
        expected="every day (D), every 7 days (W) or the first of every month (MS)",
        fix="Sum to one of these first; write a month as its first day.",
    )


def _day_of_month(days: Days) -> Days:
    dates = days.astype("datetime64[D]")
    result: Days = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return result


def _numbered(days: Days, codes: NDArray[np.int64], frequency: Frequency, path: Path) -> tuple[Days, Days]:
    """Each row's period as a number, and the days by which weekly series lie off whole weeks, one a series."""
    none = np.zeros(int(codes.max()) + 1, dtype=np.int64)
    if frequency is Frequency.DAY:
        return days, none
    if frequency is Frequency.MONTH:
        _refuse_irregular(_day_of_month(days) == 1, days, "the first day of a month", frequency, path)
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64), none
    first = np.zeros_like(none)
    first[codes[::-1]] = days[::-1] % 7
    _refuse_irregular(days % 7 == first[codes], days, "the weekday of the series' first row", frequency, path)
    return (days - first[codes]) // 7, first


def _refuse_irregular(fits: NDArray[np.bool_], days: Days, expected: str, frequency: Frequency, path: Path) -> None:
    if not fits.all():
        row = int(np.flatnonzero(~fits)[0])
        raise IrregularDates(
            f"{path}, row {row + 1}: {days[row].astype('datetime64[D]')} does not fit frequency {frequency.value}",
            expected=expected,
            fix="Correct the date, or say another frequency with --freq.",
        )


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


def _panel(
    ids: pa.Array, codes: NDArray[np.int64], number: Days, offset: Days, values: Array, frequency: Frequency
) -> Panel:
    series = len(ids)
    known = ~np.isnan(values)
    last = np.full(series, np.iinfo(np.int64).min)
    np.maximum.at(last, codes, np.where(known, number, np.iinfo(np.int64).min))
    latest = np.full(series, np.iinfo(np.int64).min)
    np.maximum.at(latest, codes, number)
    last = np.where(last == np.iinfo(np.int64).min, latest, last)
    back = last[codes] - number
    kept = back >= 0
    y = np.full((series, int(back.max()) + 1), np.nan)
    y[codes[kept], y.shape[1] - 1 - back[kept]] = values[kept]
    return Panel(ids, y, last, offset, frequency)


def _dates(number: Days, anchor: Days, frequency: Frequency) -> NDArray[np.datetime64]:
    if frequency is Frequency.MONTH:
        return number.astype("datetime64[M]").astype("datetime64[D]")
    if frequency is Frequency.WEEK:
        return (number * 7 + anchor).astype("datetime64[D]")
    return number.astype("datetime64[D]")


def unit(frequency: Frequency, count: int) -> str:
    """So many periods in words.

    >>> unit(Frequency.MONTH, 1), unit(Frequency.DAY, 30)
    ('1 month', '30 days')
    """
    return f"{count} {_UNITS[frequency]}{'' if count == 1 else 's'}"
