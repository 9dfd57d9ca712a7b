"""The workbook inside a chart: text is text, numbers keep their digits, unknown is empty."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.slide.workbook import workbook

OPTIONS: dict[str, Any] = {"date_format": "yyyy-mm-dd", "number_format": "#,##0.00", "made_on": date(2026, 10, 21)}
DAYS = (date(2026, 9, 1), date(2026, 9, 2))


def sheet(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()


def strings(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@sum", "{=A1}", "https://example.com", "mailto:a@b", "007", "1e5"]
)
def test_whatever_a_name_looks_like_it_is_text(name: str) -> None:
    data = workbook("Day", [name], DAYS, [(D(1), D(2))], **OPTIONS)
    assert name in strings(data)
    assert "<f>" not in sheet(data) and "hyperlink" not in sheet(data)
    assert '<c r="B1" t="s">' in sheet(data)


def test_labels_of_periods_are_text_too() -> None:
    data = workbook("Quarter", ["A"], ("=Q1", "Q2"), [(D(1), D(2))], **OPTIONS)
    assert "=Q1" in strings(data) and "<f>" not in sheet(data)


def test_dates_are_numbers_with_a_date_format() -> None:
    data = workbook("Day", ["A"], DAYS, [(D(1), D(2))], **OPTIONS)
    assert "<v>46266</v>" in sheet(data)
    assert "yyyy-mm-dd" in zipfile.ZipFile(io.BytesIO(data)).read("xl/styles.xml").decode()


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        ("0.0084", "0.0084"),
        ("20.52022672899", "20.52022672899"),
        ("-12.30", "-12.30"),
        ("0", "0"),
        ("12345678901234567.89", "1.234567890123457E+16"),
    ],
)
def test_digits_are_kept_as_far_as_a_spreadsheet_can(amount: str, cell: str) -> None:
    assert f"<v>{cell}</v>" in sheet(workbook("Day", ["A"], DAYS, [(D(amount), None)], **OPTIONS))


def test_unknown_is_an_empty_cell() -> None:
    data = sheet(workbook("Day", ["A", "B"], DAYS, [(None, D(2)), (D(0), None)], **OPTIONS))
    assert 'r="B2"' not in data and 'r="C3"' not in data
    assert 'r="B3"' in data and 'r="C2"' in data


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5), st.integers(0, 3))
def test_same_bytes_for_the_same_input(names: list[str], count: int) -> None:
    safe = [name.encode("utf-8", "replace").decode() for name in names]
    columns = [tuple(D(index) for index in range(count)) for _ in safe]
    days = [date(2026, 9, 1 + index) for index in range(count)]
    assert workbook("Day", safe, days, columns, **OPTIONS) == workbook("Day", safe, days, columns, **OPTIONS)


def test_the_date_of_making_is_the_argument() -> None:
    data = workbook("Day", ["A"], DAYS, [(D(1), D(2))], **(OPTIONS | {"made_on": date(2001, 2, 3)}))
    core = zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml").decode()
    assert core.count("2001-02-03T00:00:00Z") == 2 and "Glidepath" in core
