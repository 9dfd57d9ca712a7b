"""Cells of a long table: which texts and types are dates and numbers, and which are refused with their row."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from costlib.series.cells import LARGEST, UnreadableValue, days_of, numbers_of

FILE = Path("long.csv")
#: 31 January 2026 in days since 1 January 1970: 56 years with 14 leap days, and 30 days.
LAST_OF_JANUARY = 56 * 365 + 14 + 30


def column(*values: object, type: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, type)])


class TestDays:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-31",
            " 2026-01-31 ",
            "2026-01-31T00:00",
            "2026-01-31 00:00:00",
            "2026-01-31T00:00:00.000",
            "2026-01-31T00:00:00Z",
            "2026-01-31 00:00:00+00:00",
            "2026-01-31T00:00:00-0000",
        ],
    )
    def test_a_date_however_it_is_written(self, text: str) -> None:
        assert days_of(column("1970-01-02", text), FILE).tolist() == [1, LAST_OF_JANUARY]

    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-31T00:00:01",
            "2026-01-31 01:00",
            "2026-01-31T00:00:00.5",
            "2026-01-31T00:00:00-0500",  # midnight elsewhere
            "2026-1-31",
            "20260131",
            "31.01.2026",
            "2026-13-01",
            "2026-02-29",
            "x2026-01-31",
            "2026-01-31x",
            "",
        ],
    )
    def test_a_text_that_is_no_date_is_shown_with_its_row(self, text: str) -> None:
        with pytest.raises(UnreadableValue, match=r"long\.csv, row 2: ds is ") as refused:
            days_of(column("2026-01-31", text, "2026-02-30"), FILE)
        assert repr(text) in refused.value.problem
        assert refused.value.fix == "Sum hours to days first."

    @pytest.mark.parametrize("type", [pa.string(), pa.date32(), pa.timestamp("s")])
    def test_a_date_that_is_not_there_is_to_be_filled_in(self, type: pa.DataType) -> None:
        given = column(date(2026, 1, 31), None, type=pa.date32()).cast(type)
        with pytest.raises(UnreadableValue, match="row 2: ds is None") as refused:
            days_of(given, FILE)
        assert refused.value.fix == "Fill it in or drop the row."

    @pytest.mark.parametrize(
        "type",
        [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns")],
    )
    def test_dates_and_midnights_of_any_width(self, type: pa.DataType) -> None:
        given = column(date(2026, 1, 31), date(1969, 12, 31), type=pa.date32()).cast(type)
        assert days_of(given, FILE).tolist() == [LAST_OF_JANUARY, -1]

    def test_names_of_dates_in_a_dictionary(self) -> None:
        given = column("2026-01-31", "2026-01-31").dictionary_encode()
        assert days_of(given, FILE).tolist() == [LAST_OF_JANUARY] * 2

    def test_a_second_after_midnight_is_a_time_of_day(self) -> None:
        with pytest.raises(UnreadableValue, match="row 2") as refused:
            days_of(column(datetime(2026, 1, 31), datetime(2026, 1, 31, 0, 0, 1)), FILE)
        assert refused.value.fix == "Sum hours to days first."

    def test_numbers_are_no_dates(self) -> None:
        with pytest.raises(UnreadableValue, match="ds holds int64"):
            days_of(column(20260131), FILE)

    def test_rows_are_counted_over_chunks(self) -> None:
        given = pa.chunked_array([["2026-01-31", "2026-01-30"], ["2026-01-29", "soon"]])
        with pytest.raises(UnreadableValue, match="row 4: ds is 'soon'"):
            days_of(given, FILE)


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "number"),
        [("1.5", 1.5), (" 2 ", 2.0), ("-3", -3.0), ("1e3", 1000.0), ("0", 0.0), ("1e30", LARGEST), ("-1e30", -LARGEST)],
    )
    def test_a_number_in_text(self, value: str, number: float) -> None:
        assert numbers_of(column(value), FILE).tolist() == [number]

    @pytest.mark.parametrize("value", ["", "  ", None])
    def test_an_empty_cell_is_unknown_and_not_nothing(self, value: str | None) -> None:
        known, unknown = numbers_of(column("5", value), FILE).tolist()
        assert known == 5.0
        assert math.isnan(unknown)

    def test_a_cell_without_value_stays_unknown_beside_numbers_that_only_people_read(self) -> None:
        """Python reads 1_000 and Arrow does not: the column is read cell by cell."""
        first, second = numbers_of(column("1_000", None), FILE).tolist()
        assert first == 1000.0
        assert math.isnan(second)

    @pytest.mark.parametrize("values", [(7, 8), (Decimal("7.00"), Decimal("8.00")), (7.0, 8.0), (True, False)])
    def test_numbers_of_any_type(self, values: tuple[object, ...]) -> None:
        assert numbers_of(column(*values), FILE).tolist() == [float(value) for value in values]  # type: ignore[arg-type]

    def test_a_count_beyond_what_a_float_holds_exactly_is_read(self) -> None:
        assert numbers_of(column(2**60 + 1), FILE).tolist() == [float(2**60)]

    @pytest.mark.parametrize("value", ["1,000", "$5", "inf", "-inf", "1.01e30", "-1.01e30", "five"])
    def test_what_is_no_number_is_shown_with_its_row(self, value: str) -> None:
        with pytest.raises(UnreadableValue, match=r"long\.csv, row 2: y is ") as refused:
            numbers_of(column("5", value, "worse"), FILE)
        assert repr(value) in refused.value.problem
        assert "up to 1e+30, or nothing" in (refused.value.expected or "")

    def test_infinity_in_a_column_of_numbers_is_none(self) -> None:
        with pytest.raises(UnreadableValue, match="row 1: y is inf"):
            numbers_of(column(np.inf, 1.0), FILE)
