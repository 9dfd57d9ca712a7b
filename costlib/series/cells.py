"""Columns of a long table as arrays: dates as days, values as numbers, with the first cell that does not fit named.

Row numbers in messages count data rows from 1, the header not counted.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from costlib.errors import InputError

Array = NDArray[np.float64]
Days = NDArray[np.int64]

_MIDNIGHT = r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?)?$"
#: No cost and no count is larger; squares and sums of far larger numbers would be infinite.
LARGEST = 1e30


class UnreadableValue(InputError):
    """A cell that is not what its column holds."""


def days_of(column: pa.ChunkedArray, path: Path) -> Days:
    """Days since 1970-01-01 of a column of dates.

    Raises ``UnreadableValue`` for the first cell that is no date, or has a time of day.
    """
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


def numbers_of(column: pa.ChunkedArray, path: Path) -> Array:
    """Numbers of a column; NaN where the cell is empty.

    Raises ``UnreadableValue`` for the first cell that is no finite number, or larger than any count or cost.
    """
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        column = pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)
    try:
        numbers: Array = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        numbers = np.array([_number(one) for one in column.to_pylist()])
    wrong = np.abs(numbers) > LARGEST
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise UnreadableValue(
            f"{path}, row {row + 1}: y is {column[row].as_py()!r}",
            expected=f"a number with a decimal point and no thousands separator, up to {LARGEST:g}, or nothing",
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
