"""Figures as CSV: exact, unknown empty, and nothing that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.csv_file import csv_text, harmless
from costlib.charts.spec import Chart
from costlib.charts.words import table


def test_the_table_of_the_chart_row_by_row(any_chart: Chart) -> None:
    header, rows = table(any_chart)
    written = list(csv.reader(io.StringIO(csv_text(any_chart), newline="")))
    assert [line[:-2] for line in written] == [[harmless(cell) for cell in row] for row in (header, *rows)]


def test_every_row_says_what_it_measures_and_where_it_comes_from(any_chart: Chart) -> None:
    """A file of amounts alone told neither the cost measure nor the days, and a bridge not even its periods."""
    head, *rows = [line[-2:] for line in csv.reader(io.StringIO(csv_text(any_chart), newline=""))]
    assert head == ["Measure", "Source"]
    assert {tuple(row) for row in rows} <= {(harmless(any_chart.caption.subtitle), harmless(any_chart.caption.source))}


def test_a_stack_written_out(charts: dict[str, Chart]) -> None:
    header, first, *_ = csv_text(charts["stack"]).splitlines()
    assert header == "Month,Currency,Search,Fraud,All other,Measure,Source"
    made_of = '"Effective cost by month, USD, Jul 2026 to Oct 2026","Bills to 20 Oct 2026, snapshot 7f3a"'
    assert first == f"2026-07-01,USD,300000.1,100000,10000,{made_of}"


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
