"""Random charts of plans and choices, in any language: drawn, told, written and read again without losing a figure."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal as D
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlib.charts.csv_file import MADE_OF, csv_text
from costlib.charts.palette import DARK
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.marks import Text
from costlib.charts.printed.svg import svg
from costlib.charts.screen import figure
from costlib.charts.spec import (
    Bubble,
    Bucket,
    Caption,
    Chart,
    HeatTable,
    Initiative,
    Investment,
    Kpi,
    KpiRow,
    Level,
    Line,
    Measure,
    Mood,
    Panel,
    Point,
    Roadmap,
    Scatter,
    Segment,
    SmallMultiples,
    Swing,
    Tornado,
)
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table
from costlib.charts.workbook import workbook
from costlib.errors import InputError
from costlib.money import exact_sum
from costlib.periods import Grain, add_months

FOREIGN = (
    "חיפוש",
    "بحث",
    "推薦モデル",
    "Ünïcode—ß",
    "\u202eevil",
    "=1+1",
    "@x",
    "<b>&amp;</b>",
    "$x$",
    "%{y}",
    "a" * 90,
)
NAMES = st.one_of(st.text(min_size=1, max_size=30).filter(str.strip), st.sampled_from(FOREIGN))
AMOUNTS = st.one_of(st.none(), st.decimals(D("-1e8"), D("1e8"), allow_nan=False, places=2), st.just(D(0)))
KNOWN = AMOUNTS.map(lambda amount: D(1) if amount is None else amount)
MEASURES = st.sampled_from(
    [Measure("NPV", "EUR"), Measure("Rate", unit="%"), Measure("Wait", unit="weeks"), Measure("Users")]
)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "INR"])


def unlike(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(NAMES, min_size=least, max_size=most, unique_by=str.strip)


@st.composite
def tornados(draw: st.DrawFn) -> Tornado:
    swings = tuple(Swing(name, draw(AMOUNTS), draw(AMOUNTS), draw(st.text(max_size=8))) for name in draw(unlike(1, 12)))
    return Tornado(Caption("t", "s", ""), draw(CURRENCIES), Level("As planned", draw(KNOWN)), swings)


@st.composite
def heats(draw: st.DrawFn) -> HeatTable:
    rows, columns = draw(unlike(1, 6)), draw(unlike(1, 5).filter(lambda names: "Name" not in map(str.strip, names)))
    values = tuple(tuple(draw(AMOUNTS) for _ in columns) for _ in rows)
    return HeatTable(Caption("t", "s", ""), draw(MEASURES), tuple(rows), tuple(columns), values)


@st.composite
def bubbles(draw: st.DrawFn) -> Bubble:
    sizes = st.one_of(st.none(), st.decimals(0, D("1e8"), places=2))
    found = [
        Investment(name, draw(AMOUNTS), draw(AMOUNTS), draw(sizes), draw(st.sampled_from(Bucket)))
        for name in draw(unlike(1, 14))
    ]
    there = Investment(" sure ", D(3), draw(KNOWN), D(0))
    found = [one for one in found if one.name.strip() != "sure"]
    measures = Measure("Wait", unit="months"), Measure("NPV", "USD"), Measure("Outlay", "USD")
    return Bubble(Caption("t", "s", ""), *measures, (*found, there))


@st.composite
def scatters(draw: st.DrawFn) -> Scatter:
    found = [Point(name, draw(AMOUNTS), draw(AMOUNTS)) for name in draw(unlike(1, 14)) if name.strip() != "sure"]
    measures = Measure("Cost", "USD"), Measure("Quality", unit="%")
    return Scatter(Caption("t", "s", ""), *measures, (*found, Point("sure", D(1), draw(KNOWN))))


@st.composite
def roadmaps(draw: st.DrawFn) -> Roadmap:
    first, found = date(2026, 1, 1), []
    for name in draw(unlike(1, 14)):
        start, length = add_months(first, draw(st.integers(0, 40))), draw(st.integers(1, 24))
        track = draw(st.sampled_from(["One", "Two", "شبكة"]))
        found.append(
            Initiative(name, track, draw(st.text(max_size=9)), start, add_months(start, length), draw(AMOUNTS))
        )
    today = draw(st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2033, 1, 1))))
    return Roadmap(Caption("t", "s", ""), draw(CURRENCIES), tuple(found), today=today)


@st.composite
def grids(draw: st.DrawFn) -> SmallMultiples:
    count, kind = draw(st.integers(1, 5)), draw(st.sampled_from([Line, Segment]))
    starts = tuple(add_months(date(2026, 1, 1), step) for step in range(count))
    reserved = {"Panel", "Month", "Currency"}
    parts = [name for name in draw(unlike(1, 3)) if name.strip() not in reserved] or ["Cost"]
    panels = tuple(
        Panel(name, tuple(kind(part, tuple(draw(AMOUNTS) for _ in starts)) for part in parts))
        for name in draw(unlike(1, 8))
    )
    return SmallMultiples(Caption("t", "s", ""), Periods(starts, Grain.MONTH), draw(CURRENCIES), panels)


@st.composite
def figures(draw: st.DrawFn) -> KpiRow:
    kpis = [
        Kpi(label, draw(NAMES), draw(st.text(max_size=12)), draw(st.sampled_from(Mood)), draw(st.text(max_size=40)))
        for label in draw(unlike(1, 4))
    ]
    return KpiRow(Caption("t", "s", ""), tuple(kpis))


ANY: st.SearchStrategy[Chart] = st.one_of(tornados(), heats(), bubbles(), scatters(), roadmaps(), grids(), figures())


def slow(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


def numbers(chart: Chart) -> D:
    """Everything a chart's table must hold, added up."""
    match chart:
        case Tornado():
            return exact_sum(end for one in chart.swings for end in (one.low, one.high))
        case HeatTable():
            return exact_sum(value for row in chart.values for value in row)
        case Bubble():
            return exact_sum(value for one in chart.investments for value in (one.x, one.y, one.size))
        case Scatter():
            return exact_sum(value for one in chart.points for value in (one.x, one.y))
        case Roadmap():
            return exact_sum(one.saving for one in chart.initiatives)
        case SmallMultiples():
            return exact_sum(value for one in chart.panels for part in one.parts for value in part.values)
    raise AssertionError(chart)


def places_of(chart: Chart, width: int) -> range:
    """The columns of a chart's table that hold its numbers."""
    places = {
        Tornado: range(2, 4),
        HeatTable: range(2 if isinstance(chart, HeatTable) and chart.measure.currency else 1, width),
        Bubble: range(2, 5),
        Scatter: range(1, 3),
        Roadmap: range(6, 7),
        SmallMultiples: range(3, width),
    }
    return places[type(chart)]


@slow(120)
@given(ANY)
def test_it_is_told_in_sentences_that_end(chart: Chart) -> None:
    header, rows = table(chart)
    assert rows and {len(row) for row in rows} == {len(header)}
    assert alt_text(chart).endswith(".")
    assert all(note.strip() for note in notes(chart))


@slow(80)
@given(st.one_of(tornados(), heats(), bubbles(), scatters(), roadmaps(), grids()))
def test_the_table_adds_up_to_what_was_given(chart: Chart) -> None:
    header, rows = table(chart)
    cells = [row[at] for row in rows for at in places_of(chart, len(header))]
    assert exact_sum(D(cell) for cell in cells if cell) == numbers(chart)


@slow(80)
@given(ANY)
def test_the_csv_reads_back_to_the_same_cells(chart: Chart) -> None:
    header, rows = table(chart)
    text = csv_text(chart)
    read = list(csv.reader(io.StringIO(text, newline="")))
    for wanted, got in zip([header, *rows], read, strict=True):
        own = got[: -len(MADE_OF)]
        assert [cell.removeprefix("'") for cell in own] == [cell.removeprefix("'") for cell in wanted]
        assert not any(cell[:1] in set("=+@\t\r") for cell in got)


@slow(60)
@given(ANY, st.sampled_from([260.0, 480.0, 720.0]))
def test_on_paper_nothing_leaves_its_rectangle_and_the_svg_is_whole(chart: Chart, width: float) -> None:
    height = least_height(chart, width)
    made = drawing(chart, width, height)
    texts = [mark for mark in made.marks if isinstance(mark, Text)]
    root = ET.fromstring(svg(made, title=chart.caption.title, description=alt_text(chart)))
    assert len(root.findall("{http://www.w3.org/2000/svg}text")) == len(texts)
    assert all(0 <= text.y <= height + 0.01 and 0 <= text.x <= width + 0.01 for text in texts)


@slow(60)
@given(ANY)
def test_on_screen_it_is_plain_json_and_always_the_same(chart: Chart) -> None:
    shown = figure(chart, DARK).to_json()
    assert shown == figure(chart, DARK).to_json()
    json.loads(shown, parse_constant=pytest.fail)


@slow(30)
@given(ANY)
def test_the_workbook_opens_and_holds_no_formula(chart: Chart) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(chart, trace={"n": 1}, made_on=date(2026, 10, 21)))) as book:
        for name in book.namelist():
            if name.endswith(".xml"):
                root = ET.fromstring(book.read(name))
                assert not [one for one in root.iter() if one.tag.endswith("}f")]


@slow(60)
@given(unlike(2, 2), st.data())
def test_two_of_one_name_are_refused_with_what_to_do(names: list[str], data: Any) -> None:
    twice = (names[0], f" {names[0].strip()} ")
    points = tuple(Point(name, D(1), D(2)) for name in twice)
    with pytest.raises(InputError, match=r"2 choices are called .*Rename one or add the two up"):
        Scatter(Caption("t", "s", ""), Measure("Cost", "USD"), Measure("Quality"), points)
