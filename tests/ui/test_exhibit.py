"""Downloads of an exhibit: every format holds the chart's figures and their trace, in the colours asked for."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from costlib.charts.package import read_trace
from costlib.charts.spec import Bar, Caption, RankedBars
from costlib.documents.formats import FORMATS
from costlib.periods import Grain, Window
from costlib.store.question import Filter
from tests.pages.stores import FORMULA, HOSTILE
from tests.ui.conftest import Select
from ui.exhibit import COLOURS, Exhibit, file, file_name, trace
from ui.overview.page import Overview
from ui.trends.page import NOTHING, Choices, Trends

BEGINS = {"pptx": b"PK", "xlsx": b"PK", "pdf": b"%PDF-", "svg": b"<svg", "png": b"\x89PNG", "csv": b"Month"}


def by_team(select: Select, store: str = "demo") -> Exhibit:
    return Overview(select(store)).by_month()


def csv_of(exhibit: Exhibit) -> str:
    return file(exhibit, "csv").decode()


def slide(exhibit: Exhibit) -> bytes:
    return file(exhibit, "pptx")


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


class TestCsv:
    def test_holds_every_figure_to_the_last_digit(self, select: Select) -> None:
        exhibit = by_team(select)
        header, *rows = rows_of(csv_of(exhibit))
        assert header[:2] == ["Month", "Currency"]
        window = Window(date(2025, 11, 1), date(2026, 10, 21))
        for name in ("Fraud", "No team"):
            team = Filter("x_Team", (None if name == "No team" else name,))
            asked = select().narrowed(team).ask((), window, Grain.MONTH)
            column = header.index(name)
            assert {row[0]: D(row[column]) for row in rows} == {
                row.period.isoformat(): row.amount for row in asked if row.period
            }

    def test_a_name_that_is_a_formula_is_made_text(self, select: Select) -> None:
        header = rows_of(csv_of(by_team(select, "names")))[0]
        assert f"'{FORMULA}" in header and FORMULA not in header
        assert HOSTILE in header

    def test_an_unknown_amount_is_an_empty_cell(self, select: Select) -> None:
        exhibit = Overview(select("unknown_list_price", measure="ListCost")).by_month()
        assert [row[:4] for row in rows_of(csv_of(exhibit))[1:]] == [
            ["2026-08-01", "USD", "", ""],
            ["2026-09-01", "USD", "", ""],
        ]

    def test_the_file_says_measure_days_and_until_when_the_bills_are(self, select: Select) -> None:
        exhibit = Overview(select("unknown_list_price", measure="ListCost")).by_month()
        header, *rows = rows_of(csv_of(exhibit))
        assert header[-2:] == ["Measure", "Source"]
        assert {row[-2] for row in rows} == {"AI spend by month, list cost, USD, Aug 2026 to Sep 2026"}
        assert all("usage to 30 Sep 2026" in row[-1] for row in rows)


class TestSlide:
    def test_its_chart_holds_the_figures(self, select: Select) -> None:
        exhibit = by_team(select)
        (page,) = Presentation(io.BytesIO(slide(exhibit))).slides
        (chart,) = (shape.chart for shape in page.shapes if shape.has_chart)
        written = {series.name: list(series.values) for series in chart.plots[0].series}
        for segment in exhibit.chart.series:
            assert written[segment.name] == pytest.approx([float(value or 0) for value in segment.values])
        texts = " ".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)
        for words in (exhibit.chart.caption.title, exhibit.chart.caption.subtitle, exhibit.chart.caption.source):
            assert words in texts

    def test_the_sample_says_that_it_is_one(self, select: Select) -> None:
        def texts(exhibit: Exhibit) -> str:
            (page,) = Presentation(io.BytesIO(slide(exhibit))).slides
            return " ".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)

        assert "(sample)" in texts(by_team(select)).lower()
        assert "sample" not in texts(by_team(select, "two_years")).lower()

    def test_the_same_figures_make_the_same_bytes(self, select: Select) -> None:
        assert slide(by_team(select)) == slide(by_team(select))

    def test_it_carries_its_trace(self, select: Select) -> None:
        exhibit = by_team(select)
        assert read_trace(slide(exhibit)) == trace(exhibit)

    def test_what_made_it_beside_the_bills_is_in_its_trace(self, select: Select) -> None:
        exhibit = replace(by_team(select), made_of={"plan": "fraud", "plan_sequence": 7})
        assert trace(exhibit) == trace(by_team(select)) | {"plan": "fraud", "plan_sequence": 7}
        assert read_trace(slide(exhibit))["plan_sequence"] == 7


class TestEveryFormat:
    """One table of formats; each file begins as its format does, and is made anew with the same bytes."""

    def test_there_is_a_button_for_each(self) -> None:
        assert {one.name for one in FORMATS} == set(BEGINS)

    @pytest.mark.parametrize("name", sorted(BEGINS))
    @pytest.mark.parametrize("colours", sorted(COLOURS.values()))
    def test_what_is_downloaded(self, select: Select, name: str, colours: str) -> None:
        exhibit = by_team(select, "two_years")
        made = file(exhibit, name, colours)
        assert made.startswith(BEGINS[name])
        assert made == file(exhibit, name, colours)

    def test_grey_changes_the_colours_and_not_the_words(self, select: Select) -> None:
        exhibit = by_team(select, "two_years")
        colour, grey = (file(exhibit, "svg", colours).decode() for colours in ("light", "print"))
        channels = set(re.findall(r"#(..)(..)(..)", grey))
        assert channels and all(red == green == blue for red, green, blue in channels)
        assert colour != grey
        assert re.findall(r">([^<]+)</text>", colour) == re.findall(r">([^<]+)</text>", grey)

    def test_a_chart_without_periods_can_be_taken_away_too(self, select: Select) -> None:
        selection = select("two_years")
        bars = RankedBars(
            Caption("Two teams", "Effective cost", "Bills"), "USD", (Bar("A", D(2)), Bar("B", D(1))), "Sep"
        )
        exhibit = Exhibit(bars, selection, "x_Team")
        assert "periods" not in trace(exhibit)
        assert all(file(exhibit, one.name) for one in FORMATS)

    def test_nothing_is_made_before_a_button_is_pressed(self) -> None:
        def page() -> None:
            from collections.abc import Callable

            from costlib.charts.spec import Bar, Caption, RankedBars
            from ui import exhibit

            def refuse(*_: object, **__: object) -> bytes:
                raise AssertionError("a file was made")

            kept: Callable[..., bytes] = exhibit.render
            exhibit.render = refuse
            bars = RankedBars(Caption("Two teams", "", ""), "USD", (Bar("A", None), Bar("B", None)), "Sep")
            exhibit.draw(exhibit.Exhibit(bars, None), "x")  # type: ignore[arg-type]
            exhibit.render = kept

        app = AppTest.from_function(page, default_timeout=20).run()
        assert not app.exception
        labels = [button.proto.label for button in app.get("download_button")]
        assert labels == [one.label for one in FORMATS]
        assert all(button.proto.ignore_rerun for button in app.get("download_button"))


class TestTrace:
    def test_says_what_made_the_figures(self, select: Select) -> None:
        selection = select().narrowed(Filter("x_Team", ("Fraud", None)), Filter("x_Stage", ("idle",), exclude=True))
        choices = Choices(
            "x_Model", Grain.MONTH, Window(date(2026, 8, 1), date(2026, 10, 21)), None, NOTHING, "Columns"
        )
        state = selection.page.snapshot.state
        assert trace(Exhibit(Trends(selection, choices).chart(), selection, "x_Model")) == {
            "generation": state.generation,
            "sequence": 1,
            "rules": state.rules,
            "engine": state.engine,
            "data_date": "2026-10-20",
            "measure": "EffectiveCost",
            "currency": "USD",
            "filters": [
                "BillingCurrency in USD",
                "x_Scope in AI",
                "x_Team in Fraud, unknown",
                "x_Stage not in idle",
            ],
            "by": "x_Model",
            "grain": "month",
            "periods": ["2026-08-01", "2026-09-01", "2026-10-01"],
            "figures": (
                "AI spend (team Fraud or no team) by month and model, effective cost, USD, 1 Aug 2026 to 20 Oct 2026"
            ),
        }


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("AI spend was $512K in Sep 2026, 11% more", "ai-spend-was-512k-in-sep-2026-11-more"),
        ("../../etc/passwd", "etc-passwd"),
        ("$ € <>", "chart"),
        ("Ünïcode größe", "n-code-gr-e"),
        ("x" * 200, "x" * 60),
    ],
)
def test_file_names(title: str, name: str) -> None:
    assert file_name(title) == name
