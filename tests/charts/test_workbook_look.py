"""How the workbook that is taken away looks and reads: formats of numbers, widths, what stands still, what is told."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from costlib.charts.spec import (
    Bar,
    Caption,
    Chart,
    Initiative,
    Line,
    RankedBars,
    Roadmap,
    Segment,
    StackedColumns,
    Trend,
)
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text
from costlib.charts.workbook import number_format
from costlib.periods import Grain
from tests.charts.conftest import amounts, caption, hostile, months, stack
from tests.charts.planning import figures
from tests.charts.test_workbook_download import Book, S, book

WORDS = caption("A finding")


def lines(*rows: tuple[str, tuple[str | None, ...]], grain: Grain = Grain.MONTH) -> Trend:
    count = len(rows[0][1])
    made = tuple(Line(name, amounts(*values)) for name, values in rows)
    return Trend(WORDS, Periods(months(count), grain), "USD", made)


def format_of(made: Book, place: str) -> dict[str, Any]:
    """How a cell of the first sheet is written: its number format, and whether its type is bold."""
    style = ET.fromstring(made.archive.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in style.iter(f"{S}numFmt")}
    formats = list(style.iterfind(f"{S}cellXfs/{S}xf"))
    fonts = list(style.iterfind(f"{S}fonts/{S}font"))
    cell = next(one for one in ET.fromstring(made.xml(1)).iter(f"{S}c") if one.get("r") == place)
    own = formats[int(cell.get("s", "0"))]
    built_in = {"3": "#,##0", "4": "#,##0.00"}
    font = fonts[int(own.get("fontId", "0"))]
    size = font.find(f"{S}sz")
    return {
        "number": codes.get(own.get("numFmtId"), built_in.get(own.get("numFmtId", ""))),
        "bold": font.find(f"{S}b") is not None,
        "size": size is not None and float(size.get("val", "0")),
    }


def widths(made: Book, sheet: int = 1) -> dict[int, float]:
    """The width of each column, counted from 1, in characters."""
    found: dict[int, float] = {}
    for column in ET.fromstring(made.xml(sheet)).iter(f"{S}col"):
        for number in range(int(column.get("min", "0")), int(column.get("max", "0")) + 1):
            found[number] = float(column.get("width", "0"))
    return found


class TestNumbers:
    @pytest.mark.parametrize(
        ("values", "code"),
        [
            (("12", "-1300"), "#,##0"),
            (("12", "1300.5"), "#,##0.00"),
            (("0.5", "1"), "#,##0.00"),
            (("0.5", "0.25"), "#,##0.00######"),
            (("-0.004", "0"), "#,##0.00######"),
            (("-5.25", "0.5"), "#,##0.00"),
        ],
    )
    def test_whole_amounts_have_no_decimals_and_tiny_ones_all_of_theirs(
        self, values: tuple[str, ...], code: str
    ) -> None:
        assert format_of(book(lines(("Cost", values))), "C5")["number"] == code
        assert number_format([*values, ""]) == code

    def test_days_are_written_as_days(self) -> None:
        assert format_of(book(stack()), "A5")["number"] == "yyyy-mm-dd"

    def test_an_unknown_amount_does_not_make_its_column_text(self) -> None:
        assert book(lines(("Cost", ("1", None, "3")))).column(1, "C")[:3] == [D(1), None, D(3)]

    def test_a_column_of_unknown_amounts_is_empty(self) -> None:
        assert book(lines(("Cost", (None, None)))).column(1, "C")[:2] == [None, None]

    def test_a_code_of_digits_is_a_name_in_every_column(self) -> None:
        """Owners that are numbers of cost centres keep their leading zeros."""
        rows = tuple(
            Initiative(f"Initiative {owner}", "Track", owner, date(2027, 1, 1), date(2027, 2, 1), D(5))
            for owner in ("0042", "0815")
        )
        made = book(Roadmap(WORDS, "USD", rows))
        assert made.column(1, "C")[:2] == ["0042", "0815"]
        assert made.column(1, "G")[:2] == [D(5), D(5)]

    def test_one_text_makes_its_column_text(self) -> None:
        kpis = book(figures()).column(1, "B")
        assert kpis[:4] == ["$18.5M", "$0.41", "61%", "$2.1M"]


class TestLook:
    def test_the_finding_is_larger_and_the_headings_are_bold(self) -> None:
        made = book(stack())
        finding, heading, name = (format_of(made, place) for place in ("A1", "C4", "B5"))
        assert finding["bold"] and finding["size"] > heading["size"]
        assert heading["bold"] and not name["bold"]

    @pytest.mark.parametrize(("length", "wide"), [(3, 10), (8, 10), (9, 11), (37, 39), (38, 40), (60, 40)])
    def test_a_column_is_as_wide_as_its_longest_text_within_reason(self, length: int, wide: int) -> None:
        """Two characters more than the text, at least ten and at most forty."""
        chart = RankedBars(WORDS, "USD", (Bar("x" * length, D(1)),), "Sep", dimension="T")
        assert widths(book(chart))[1] == pytest.approx(wide, abs=0.8)

    def test_a_heading_counts_as_well_as_the_cells(self) -> None:
        chart = RankedBars(WORDS, "USD", (Bar("A", D(1)),), "n" * 25)
        assert widths(book(chart))[3] == pytest.approx(27, abs=0.8)

    def test_names_and_headings_stay_in_sight(self) -> None:
        pane = ET.fromstring(book(stack()).xml(1)).find(f".//{S}pane")
        assert pane is not None
        assert (pane.get("topLeftCell"), pane.get("state"), pane.get("ySplit"), pane.get("xSplit")) == (
            "B5",
            "frozen",
            "4",
            "1",
        )

    def test_the_source_and_what_is_missing_follow_the_table_after_an_empty_row(self) -> None:
        cells = book(stack()).cells(1)
        assert "A9" not in cells
        assert (cells["A10"], cells["A11"]) == (
            "Bills to 20 Oct 2026, snapshot 7f3a",
            "Oct 2026 holds data to 20 Oct only",
        )

    def test_the_second_sheet_is_as_wide_as_sentences_need(self) -> None:
        found = widths(book(stack()), 2)
        assert 20 < found[1] < 40 < 80 < found[2] < 120

    def test_signs_that_a_file_cannot_hold_are_replaced(self) -> None:
        cells = book(hostile()).cells(1).values()
        assert "+1\ufffd\ufffd" in cells

    def test_the_title_of_the_file_is_the_finding(self) -> None:
        core = book(stack()).archive.read("docProps/core.xml").decode()
        assert "<dc:title>Search drives the rise</dc:title>" in core


def told(chart: Chart, **trace: object) -> dict[str, str]:
    """What the second sheet says, by name; a heading has no text."""
    cells = book(chart, **trace).cells(2)
    rows = sorted(int(place[1:]) for place in cells if place[0] == "A")
    return {str(cells[f"A{row}"]): str(cells.get(f"B{row}", "")) for row in rows}


class TestAbout:
    def test_what_a_reader_asks_for_in_that_order(self) -> None:
        assert told(stack(), generation="7f3a") == {
            "Finding": "Search drives the rise",
            "Measure": "Effective cost by month, USD, Jul 2026 to Oct 2026",
            "Currency": "USD",
            "Period": "Jul 2026 to Oct 2026",
            "Data to": "2026-10-20",
            "Source": "Bills to 20 Oct 2026, snapshot 7f3a",
            "In words": alt_text(stack()),
            "Made on": "2026-10-21",
            "What made the figures": "",
            "generation": "7f3a",
        }

    def test_what_is_not_known_has_no_line(self) -> None:
        chart = StackedColumns(Caption("F", "", ""), Periods(months(1), Grain.MONTH), "USD", (Segment("A", (D(1),)),))
        assert list(told(chart, a="b")) == [
            "Finding",
            "Currency",
            "Period",
            "In words",
            "Made on",
            "What made the figures",
            "a",
        ]
        assert told(chart, a="b")["Period"] == "Oct 2026"

    def test_an_empty_row_parts_the_figures_from_what_made_them(self) -> None:
        cells = book(stack(), a="b").cells(2)
        at = next(int(place[1:]) for place, text in cells.items() if text == "What made the figures")
        assert f"A{at - 1}" not in cells and f"A{at - 2}" in cells and cells[f"A{at + 1}"] == "a"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (["x_Team is Fraud", "x_Scope is AI"], "x_Team is Fraud; x_Scope is AI"),
            (["a", 1], '["a", 1]'),
            ([1, 2], "[1, 2]"),
            ({"b": 1, "a": "Förderung"}, '{"a": "Förderung", "b": 1}'),
            (True, "true"),
            ("plain", "plain"),
            (D("1.50"), "1.5"),
            (date(2026, 10, 1), "2026-10-01"),
        ],
    )
    def test_what_made_the_figures_is_readable(self, value: object, text: str) -> None:
        shown = told(stack(), key=value)["key"]
        assert shown == text
        if text.startswith(("[", "{")):
            assert json.loads(shown) == value
