"""Figures as CSV: exact, unknown empty, and nothing that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts import Chart, table
from costlib.charts.csv_file import csv_text, harmless


def test_the_table_of_the_chart_row_by_row(any_chart: Chart) -> None:
    header, rows = table(any_chart)
    written = list(csv.reader(io.StringIO(csv_text(any_chart), newline="")))
    assert written == [[harmless(cell) for cell in header], *([harmless(cell) for cell in row] for row in rows)]


def test_a_stack_written_out(charts: dict[str, Chart]) -> None:
    assert csv_text(charts["stack"]).splitlines()[:2] == [
        "Month,Currency,Search,Fraud,All other",
        "2026-07-01,USD,300000.1,100000,10000",
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Fraud", "Fraud"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@cmd", "'@cmd"),
        ("-x", "'-x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-12.50", "-12.50"),
        ("-0.000000000000000001", "-0.000000000000000001"),
        ("-1-1", "'-1-1"),
        ("-1\n", "'-1\n"),
        ("12", "12"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_is_written(cell: str | None, written: str) -> None:
    assert harmless(cell) == written


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    written = harmless(text)
    assert written in (text, f"'{text}")
    if written[:1] in ("=", "+", "-", "@"):
        assert D(written) <= 0
