"""The workbook a reader takes away: figures as numbers, names as text, and where they come from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from costlib.charts.spec import Bar, Chart, RankedBars
from costlib.charts.words import table
from costlib.charts.workbook import ABOUT, FIGURES, HEADER_ROW, workbook
from tests.charts.conftest import BUILDERS, caption, hostile, stack, unknown_part
from tests.charts.planning import PLANNING, heat, heat_one

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MADE_ON = date(2026, 10, 21)
TRACE: dict[str, Any] = {"measure": "EffectiveCost", "filters": ["x_Team in =Fraud", "x_Scope in AI"], "sequence": 3}
ALL = {**BUILDERS, **PLANNING}


class Book:
    """A workbook taken apart with the standard library only."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        shared = ET.fromstring(self.archive.read("xl/sharedStrings.xml"))
        self.strings = ["".join(item.itertext()) for item in shared.iterfind(f"{S}si")]

    @property
    def names(self) -> list[str]:
        root = ET.fromstring(self.archive.read("xl/workbook.xml"))
        return [sheet.get("name", "") for sheet in root.iter(f"{S}sheet")]

    def xml(self, number: int) -> str:
        return self.archive.read(f"xl/worksheets/sheet{number}.xml").decode()

    def cells(self, number: int) -> dict[str, str | D]:
        """Texts as str, numbers and dates as Decimal, by place."""
        found: dict[str, str | D] = {}
        for cell in ET.fromstring(self.xml(number)).iter(f"{S}c"):
            value = cell.findtext(f"{S}v")
            if value is not None:
                found[cell.get("r", "")] = self.strings[int(value)] if cell.get("t") == "s" else D(value)
        return found

    def column(self, number: int, letter: str, first: int = HEADER_ROW + 2) -> list[str | D | None]:
        cells = self.cells(number)
        last = max(int(place[1:]) for place in cells if place[1:].isdigit())
        return [cells.get(f"{letter}{row}") for row in range(first, last + 1)]


def book(chart: Chart, **trace: object) -> Book:
    return Book(workbook(chart, trace=trace or TRACE, made_on=MADE_ON))


@pytest.fixture(params=sorted(ALL))
def chart_of_any_kind(request: pytest.FixtureRequest) -> Chart:
    return ALL[request.param]()


class TestFigures:
    def test_words_stand_around_the_table(self) -> None:
        cells = book(stack()).cells(1)
        assert cells["A1"] == "Search drives the rise" and str(cells["A2"]).startswith("Effective cost by month")
        assert [cells[f"{letter}4"] for letter in "ABCDE"] == ["Month", "Currency", "Search", "Fraud", "All other"]
        assert "Bills to 20 Oct 2026, snapshot 7f3a" in cells.values()
        assert "Oct 2026 holds data to 20 Oct only" in cells.values()

    def test_amounts_are_numbers_to_the_last_digit_and_months_are_dates(self) -> None:
        made = book(stack())
        assert made.column(1, "C")[:4] == [D("300000.1"), D("310000.2"), D("320000.3"), D("210000.4")]
        assert made.column(1, "A")[0] == (date(2026, 7, 1) - date(1899, 12, 30)).days
        assert "yyyy-mm-dd" in made.archive.read("xl/styles.xml").decode()

    def test_unknown_is_an_empty_cell(self) -> None:
        assert book(unknown_part()).column(1, "D")[:2] == [D(1), None]

    def test_no_name_becomes_a_formula_or_a_link(self, chart_of_any_kind: Chart) -> None:
        made = book(chart_of_any_kind)
        for number in (1, 2):
            assert "<f>" not in made.xml(number) and "hyperlink" not in made.xml(number)

    def test_hostile_names_are_kept_as_text(self) -> None:
        assert "=cmd()|' /C calc'!A0" in book(hostile()).cells(1).values()

    def test_a_name_of_digits_stays_text(self) -> None:
        bars = RankedBars(caption("Cost centres"), "USD", (Bar("0042", D(2)), Bar("1234", D(1))), "Sep")
        assert book(bars).column(1, "A")[:2] == ["0042", "1234"]

    def test_every_cell_of_the_table_is_there(self, chart_of_any_kind: Chart) -> None:
        header, rows = table(chart_of_any_kind)
        cells = book(chart_of_any_kind).cells(1)
        for index, row in enumerate(rows):
            for column in range(len(header)):
                place = f"{chr(65 + column)}{HEADER_ROW + 2 + index}"
                assert (place in cells) == bool(row[column].strip()), place

    def test_a_total_of_the_column_is_the_sum_of_the_figures(self) -> None:
        column = book(stack()).column(1, "D")[:4]
        assert sum(value for value in column if isinstance(value, D)) == D(320000)


class TestAbout:
    def test_there_are_two_sheets(self, chart_of_any_kind: Chart) -> None:
        assert book(chart_of_any_kind).names == [FIGURES, ABOUT]

    def test_measure_currency_period_and_data_date(self) -> None:
        cells = book(stack()).cells(2)
        told = {cells[f"A{row}"]: cells.get(f"B{row}") for row in range(1, 9) if f"A{row}" in cells}
        assert told["Currency"] == "USD" and told["Period"] == "Jul 2026 to Oct 2026"
        assert told["Data to"] == "2026-10-20" and told["Made on"] == "2026-10-21"
        assert str(told["Measure"]).startswith("Effective cost")
        assert str(told["In words"]).startswith("Stacked columns")

    def test_the_trace_is_listed_as_text(self) -> None:
        cells = book(stack()).cells(2)
        pairs = {cells[f"A{row}"]: cells.get(f"B{row}") for row in range(1, 20) if f"A{row}" in cells}
        assert pairs["measure"] == "EffectiveCost" and pairs["sequence"] == "3"
        assert pairs["filters"] == "x_Team in =Fraud; x_Scope in AI"

    @pytest.mark.parametrize(("build", "currency"), [(heat, "USD"), (heat_one, None), (stack, "USD")])
    def test_the_currency_of_any_kind_of_chart(self, build: Callable[[], Chart], currency: str | None) -> None:
        cells = book(build()).cells(2)
        told = {cells[f"A{row}"]: cells.get(f"B{row}") for row in range(1, 12) if f"A{row}" in cells}
        assert told.get("Currency") == currency

    def test_the_table_is_not_told_twice_and_nothing_is_told_as_null(self) -> None:
        """The trace of a chart from the command line holds its table, which stood here as one line of JSON."""
        cells = book(stack(), rows=[["Month", "Currency"], ["2026-07-01", "USD"]], story=None, sequence=3).cells(2)
        names = {value for place, value in cells.items() if place.startswith("A")}
        assert "sequence" in names and not names & {"rows", "story"}
        assert not [value for value in cells.values() if value == "null"]

    def test_a_long_trace_is_cut_to_what_a_cell_holds(self) -> None:
        made = book(stack(), filters=["x" * 40_000])
        assert max(len(str(value)) for value in made.cells(2).values()) == 32_000


def test_the_same_chart_gives_the_same_bytes(chart_of_any_kind: Chart) -> None:
    once, again = (workbook(chart_of_any_kind, trace=TRACE, made_on=MADE_ON) for _ in range(2))
    assert once == again


def test_the_date_of_making_is_the_argument() -> None:
    core = book(stack()).archive.read("docProps/core.xml").decode()
    assert core.count("2026-10-21T00:00:00Z") == 2 and "Glidepath" in core
