"""Small charts with figures that can be checked by hand, and readers of what the renderers wrote."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from costlib.charts.slide import presentation
from costlib.charts.spec import (
    OTHER,
    Band,
    BandTrend,
    Bar,
    Bridge,
    Caption,
    Chart,
    Level,
    Line,
    RankedBars,
    Role,
    Segment,
    StackedColumns,
    Step,
    Trend,
    gathered,
)
from costlib.charts.timeline import Periods
from costlib.periods import Grain, add_months

GOLDEN = Path(__file__).parent / "golden"
NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
}
SUBTITLE = "Effective cost by month, USD, Jul 2026 to Oct 2026"
LONG_NAME = "Recommendations and personalisation platform, EMEA (shared)"


def caption(title: str, subtitle: str = SUBTITLE) -> Caption:
    return Caption(title, subtitle, "Bills to 20 Oct 2026, snapshot 7f3a")


def months(count: int, last: date = date(2026, 10, 1)) -> tuple[date, ...]:
    return tuple(add_months(last, index - count + 1) for index in range(count))


def amounts(*texts: str | None) -> tuple[D | None, ...]:
    return tuple(None if text is None else D(text) for text in texts)


def four_months() -> Periods:
    return Periods(months(4), Grain.MONTH, data_until=date(2026, 10, 20))


def stack() -> StackedColumns:
    segments = (
        Segment("Search", amounts("300000.10", "310000.20", "320000.30", "210000.40")),
        Segment("Fraud", amounts("100000", "90000", "80000", "50000")),
        Segment(OTHER, amounts("10000", "10000", "10000", "5000"), other=True),
    )
    return StackedColumns(caption("Search drives the rise"), four_months(), "USD", segments)


def trend() -> Trend:
    lines = (
        Line("This year", amounts("410000", "425000.55", "455000", "265000")),
        Line("Year before", amounts("380000", "390000", "385000", "400000"), Role.PREVIOUS),
    )
    return Trend(caption("Spend runs ahead of last year"), four_months(), "USD", lines)


def credits() -> StackedColumns:
    """Two quarters of a fiscal year that begins in October: 100 + 40 - 30 and 120 + 50 - 60 - 10."""
    segments = (
        Segment("On-demand", amounts("100", "120")),
        Segment("Storage", amounts("40", "50")),
        Segment("Credits", amounts("-30", "-60")),
        Segment("Refunds", amounts("0", "-10")),
    )
    periods = Periods((date(2025, 10, 1), date(2026, 1, 1)), Grain.QUARTER, fiscal_start=10)
    return StackedColumns(caption("Credits hide a third of the bill"), periods, "EUR", segments)


def gaps() -> Trend:
    days = tuple(date(2026, 9, day) for day in range(1, 8))
    line = Line("Daily", amounts("10", None, "12", None, "9", "11", None))
    return Trend(caption("Three days are missing"), Periods(days, Grain.DAY), "USD", (line,))


def unknown_part() -> StackedColumns:
    segments = (Segment("Compute", amounts("5", "6")), Segment("Storage", amounts("1", None)))
    return StackedColumns(caption("Storage is not billed yet"), Periods(months(2), Grain.MONTH), "USD", segments)


def cents() -> StackedColumns:
    segments = (Segment("Tokens", amounts("0.0042", "0.0084")), Segment("Storage", amounts("0.0011", "0.0011")))
    return StackedColumns(caption("A test account costs cents"), Periods(months(2), Grain.MONTH), "USD", segments)


def hostile() -> StackedColumns:
    """Names that are HTML, TeX, a spreadsheet formula, a template, too long, or not text at all."""
    names = ("=cmd()|' /C calc'!A0", "<b>x</b>", "$x$ & $y$", "%{y}", LONG_NAME, "+1\x00\x1b", "@sum")
    segments = tuple(Segment(name, amounts(str(index + 1), "2")) for index, name in enumerate(names))
    long_title = "A finding that needs two lines because whoever wrote it wished to say everything about the spend " * 2
    return StackedColumns(caption(long_title.strip()), Periods(months(2), Grain.MONTH), "USD", segments)


def weekly() -> StackedColumns:
    weeks = (date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21))
    segments = (Segment("Inference", amounts("7", "8", "9")), Segment("Training", amounts("3", "0", "4")))
    return StackedColumns(caption("Weeks"), Periods(weeks, Grain.WEEK), "CHF", segments)


def close_lines() -> Trend:
    """Seven lines that end within a tenth of each other, so that their labels must move apart."""
    lines = tuple(Line(f"Team {name}", amounts("50", str(100 + index))) for index, name in enumerate("ABCDEFG"))
    return Trend(caption("Seven teams spend the same"), Periods(months(2), Grain.MONTH), "USD", lines)


def outlook() -> BandTrend:
    """Three months of cost, three of forecast, a budget for all six."""
    return BandTrend(
        caption("Spend passes the budget and moves away from it"),
        Periods(months(6, date(2026, 12, 1)), Grain.MONTH, data_until=date(2026, 9, 30)),
        "USD",
        Line("Actual", amounts("100000", "110000", "120000.50", None, None, None)),
        Line("Forecast", amounts(None, None, None, "130000", "140000", "150000"), Role.FORECAST),
        Band(
            "80% range",
            amounts(None, None, None, "125000", "130000", "135000"),
            amounts(None, None, None, "136000", "152000", "168000"),
        ),
        Line("Budget", amounts("105000", "108000", "111000", "114000", "117000", "120000"), Role.PLAN),
    )


def outlook_open() -> BandTrend:
    """October is open: its cost so far, and the forecast for the whole of it; August is unknown, the plan ends."""
    return BandTrend(
        caption("October is on its way"),
        Periods(months(7, date(2026, 12, 1)), Grain.MONTH, data_until=date(2026, 10, 20)),
        "USD",
        Line("Actual", amounts("90", "95", None, "100", "60", None, None)),
        Line("Forecast", amounts(None, None, None, None, "104", "108", "112"), Role.FORECAST),
        Band(
            "95% range",
            amounts(None, None, None, None, "98", "99", "100"),
            amounts(None, None, None, None, "110", "118", "127"),
        ),
        Line("Plan", amounts("110", "110", "110", "110", "110", None, None), Role.PLAN),
    )


def outlook_below_zero() -> BandTrend:
    """Credits outweigh cost; fiscal quarters."""
    quarters = tuple(add_months(date(2025, 10, 1), 3 * index) for index in range(5))
    return BandTrend(
        caption("Credits run out"),
        Periods(quarters, Grain.QUARTER, fiscal_start=10, data_until=date(2026, 3, 31)),
        "EUR",
        Line("Actual", amounts("-40", "-20", None, None, None)),
        Line("Forecast", amounts(None, None, "-5", "10", "25"), Role.FORECAST),
        Band("80% range", amounts(None, None, "-12", "-4", "5"), amounts(None, None, "3", "20", "44")),
    )


def bridge() -> Bridge:
    """100 + 30 - 45 + 5 = 90, in thousands."""
    steps = (Step("Volume", D(30000)), Step("Price", D(-45000)), Step("New models", D(5000)))
    words = caption("Prices fell faster than volume grew")
    return Bridge(words, "USD", Level("Aug 2026", D(100000)), steps, Level("Sep 2026", D(90000)))


def bridge_through_zero() -> Bridge:
    """3 - 6 = -3, - 2 = -5, + 4 = -1, + 0, + 5 = 4."""
    changes = {"Credits granted": -6, "Refund": -2, "Commitments": 4, "Tax": 0, "Usage": 5}
    steps = tuple(Step(name, D(amount)) for name, amount in changes.items())
    return Bridge(caption("Credits came and went"), "EUR", Level("Before", D(3)), steps, Level("After", D(4)))


def bridge_of_many() -> Bridge:
    """Twelve steps, of which eight are named, with names that are markup, formulas or too long."""
    names = ("=cmd()|' /C calc'!A0", "<b>x</b>", "$x$ & $y$", "%{y}", LONG_NAME, "+1\x00\x1b", "@sum", *"ABCDE")
    steps = gathered([Step(name, D((14 - index) * (-1) ** index)) for index, name in enumerate(names)])
    start, end = D("812.5"), D("812.5") + sum(step.amount for step in steps)
    return Bridge(caption("Many small steps"), "USD", Level(LONG_NAME, start), steps, Level("<i>end</i>", end))


def ranked() -> RankedBars:
    """Given out of order: a credit, an unknown, the rest in the middle."""
    bars = (
        Bar("Fraud", D("80000"), D("90000")),
        Bar("Credits", D("-12000.75"), D("-10000")),
        Bar(OTHER, D("30000"), None, other=True),
        Bar("Search", D("320000.30"), D("310000.20")),
        Bar("Speech", None, D("5000")),
    )
    return RankedBars(caption("Search spends most"), "USD", bars, "Sep 2026", "Aug 2026", "Team")


def ranked_hostile() -> RankedBars:
    names = ("=cmd()|' /C calc'!A0", "<b>x</b>", "$x$ & $y$", "%{y}", LONG_NAME, "+1\x00\x1b", "@sum", *"ABCDE")
    bars = tuple(Bar(name, D(index + 1), D(12 - index)) for index, name in enumerate(names))
    rest = Bar(OTHER, D("0.5"), D("0.25"), other=True)
    return RankedBars(caption("Names are data"), "USD", (*bars, rest), "<i>now</i>", "$before$", "=Team")


def ranked_plain() -> RankedBars:
    """Credits only, no comparison."""
    bars = (Bar("Promotion", D("-7")), Bar("Committed use", D("-3.5")))
    return RankedBars(caption("Two credits"), "CHF", bars, "FY26")


BASIC: dict[str, Callable[[], Trend | StackedColumns]] = {
    builder.__name__: builder
    for builder in (stack, trend, credits, gaps, unknown_part, cents, hostile, weekly, close_lines)
}
BUILDERS: dict[str, Callable[[], Chart]] = {
    **BASIC,
    **{
        builder.__name__: builder
        for builder in (
            outlook,
            outlook_open,
            outlook_below_zero,
            bridge,
            bridge_through_zero,
            bridge_of_many,
            ranked,
            ranked_hostile,
            ranked_plain,
        )
    },
}


@pytest.fixture
def charts() -> dict[str, Chart]:
    return {name: builder() for name, builder in BUILDERS.items()}


@pytest.fixture(params=sorted(BUILDERS))
def any_chart(request: pytest.FixtureRequest) -> Chart:
    return BUILDERS[request.param]()


@pytest.fixture(params=sorted(BASIC))
def basic_chart(request: pytest.FixtureRequest) -> Trend | StackedColumns:
    return BASIC[request.param]()


class Deck:
    """A presentation taken apart with the standard library only."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.archive = zipfile.ZipFile(io.BytesIO(data))

    def xml(self, name: str) -> ET.Element:
        return ET.fromstring(self.archive.read(name))

    def chart(self, number: int) -> ET.Element:
        return self.xml(f"ppt/charts/chart{number}.xml")

    def series(self, number: int) -> dict[str, list[str | None]]:
        """Cached values of every series by name, None where the chart holds no point."""
        found: dict[str, list[str | None]] = {}
        for series in self.chart(number).iterfind(".//c:ser", NAMESPACES):
            name = series.findtext("c:tx//c:v", namespaces=NAMESPACES) or ""
            cache = series.find("c:val/c:numRef/c:numCache", NAMESPACES)
            assert cache is not None
            count = cache.find("c:ptCount", NAMESPACES)
            assert count is not None
            values: list[str | None] = [None] * int(count.get("val", "0"))
            for point in cache.iterfind("c:pt", NAMESPACES):
                values[int(point.get("idx", "-1"))] = point.findtext("c:v", namespaces=NAMESPACES)
            found[name] = values
        return found

    def book(self, number: int) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.archive.read(f"ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx")))

    def sheet(self, number: int) -> list[list[str | None]]:
        """Cells of the chart's workbook, row by row: text as text, numbers as they are written."""
        book = self.book(number)
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
        strings = ["".join(item.itertext()) for item in shared.iterfind("s:si", NAMESPACES)]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
        rows = []
        for row in sheet.iterfind(".//s:row", NAMESPACES):
            cells: dict[int, str | None] = {}
            for cell in row.iterfind("s:c", NAMESPACES):
                text = cell.findtext("s:v", namespaces=NAMESPACES)
                is_text = cell.get("t") == "s"
                cells[ord(cell.get("r", "A")[0]) - 65] = strings[int(text or 0)] if is_text else text
            rows.append([cells.get(column) for column in range(max(cells) + 1)])
        return rows


@pytest.fixture
def deck() -> Callable[..., Deck]:
    def make(*shown: Chart, **changes: object) -> Deck:
        options = {"eyebrow": "AI cost review", "made_on": date(2026, 10, 21), "trace": {"generation": "7f3a"}}
        return Deck(presentation(shown, **(options | changes)))  # type: ignore[arg-type]

    return make


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare text with a stored file; GOLDEN=1 writes the file instead."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("GOLDEN") == "1":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; if that is meant: make golden"

    return check
