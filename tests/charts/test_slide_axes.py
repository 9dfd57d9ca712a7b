"""Axes and marks of a native chart for every grain, role and length."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.charts.slide.sheets import full_format
from costlib.charts.spec import Caption, Line, Role, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.money import short
from costlib.periods import Grain, add_months

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORDS = Caption("Finding", "Billed cost, USD", "Bills")

MakeDeck = Callable[..., Any]


def periods(grain: Grain, count: int) -> Periods:
    first = date(2024, 1, 1)
    if grain in (Grain.DAY, Grain.WEEK):
        step = 1 if grain is Grain.DAY else 7
        return Periods(tuple(first + timedelta(days=step * index) for index in range(count)), grain)
    months = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
    return Periods(tuple(add_months(first, months * index) for index in range(count)), grain)


def stack(along: Periods) -> StackedColumns:
    return StackedColumns(WORDS, along, "USD", (Segment("A", (D(3),) * len(along)), Segment("B", (D(4),) * len(along))))


def trend(along: Periods, *roles: Role) -> Trend:
    lines = tuple(Line(role, (D(3),) * len(along), role) for role in roles or (Role.ACTUAL,))
    return Trend(WORDS, along, "USD", lines)


@pytest.mark.parametrize(
    ("grain", "count", "unit", "size"),
    [
        (Grain.DAY, 13, "days", 1),
        (Grain.DAY, 90, "days", 7),
        (Grain.DAY, 365, "days", 56),
        (Grain.MONTH, 12, "months", 1),
        (Grain.MONTH, 24, "months", 2),
        (Grain.MONTH, 36, "months", 3),
    ],
)
def test_labels_of_dates_keep_their_distance(grain: Grain, count: int, unit: str, size: int, deck: MakeDeck) -> None:
    for chart in (stack(periods(grain, count)), trend(periods(grain, count))):
        axis = deck(chart).chart(1).find(f".//{C}dateAx")
        assert axis.find(f"{C}majorUnit").get("val") == str(size)
        assert axis.find(f"{C}majorTimeUnit").get("val") == axis.find(f"{C}baseTimeUnit").get("val") == unit
        assert axis.find(f"{C}auto").get("val") == "0"


def test_weeks_are_days_under_a_line_and_whole_weeks_under_columns(deck: MakeDeck) -> None:
    opened = deck(trend(periods(Grain.WEEK, 26)), stack(periods(Grain.WEEK, 26)))
    days = opened.chart(1).find(f".//{C}dateAx")
    assert days.find(f"{C}baseTimeUnit").get("val") == "days"
    assert days.find(f"{C}majorUnit").get("val") == "14"
    assert opened.chart(2).find(f".//{C}dateAx") is None
    weeks = opened.chart(2).find(f".//{C}catAx")
    assert weeks.find(f"{C}tickLblSkip").get("val") == weeks.find(f"{C}tickMarkSkip").get("val") == "2"


@pytest.mark.parametrize(
    ("grain", "count", "skip"), [(Grain.QUARTER, 8, None), (Grain.QUARTER, 20, "2"), (Grain.YEAR, 5, None)]
)
def test_named_periods_skip_labels_where_there_are_many(
    grain: Grain, count: int, skip: str | None, deck: MakeDeck
) -> None:
    axis = deck(stack(periods(grain, count))).chart(1).find(f".//{C}catAx")
    found = axis.find(f"{C}tickLblSkip")
    assert (None if found is None else found.get("val")) == skip


def test_totals_are_written_on_every_column_only_where_there_is_room(deck: MakeDeck) -> None:
    opened = deck(stack(periods(Grain.MONTH, 13)), stack(periods(Grain.MONTH, 14)))
    few, many = (opened.chart(number).find(f".//{C}lineChart/{C}ser/{C}dLbls") for number in (1, 2))
    assert few.find(f"{C}showVal").get("val") == "1" and len(few.findall(f"{C}dLbl")) == 13
    assert many.find(f"{C}showVal").get("val") == "0"
    assert many.find(f"{C}dLbl/{C}idx").get("val") == "13"


def test_totals_are_as_short_as_words_write_them(deck: MakeDeck) -> None:
    """One format for all told $1.8M and $516.2K where every page beside it said $1.77M and $516K."""
    parts = Segment("Run", (D(516_244), D(1_768_556), D(12_345_678))), Segment("Grow", (D(0), D(0), D(0)))
    chart = deck(StackedColumns(WORDS, periods(Grain.MONTH, 3), "USD", parts)).chart(1)
    labels = chart.find(f".//{C}lineChart/{C}ser/{C}dLbls")
    told = [label.find(f"{C}numFmt").get("formatCode").partition(";")[0] for label in labels.findall(f"{C}dLbl")]
    assert told == ['"$"#,##0,"K"', '"$"#,##0.00,,"M"', '"$"#,##0.0,,"M"']


def test_lines_of_each_role(deck: MakeDeck) -> None:
    chart = deck(trend(periods(Grain.MONTH, 3), Role.ACTUAL, Role.PREVIOUS, Role.FORECAST)).chart(1)
    lines = [series.find(f"{C}spPr/{A}ln") for series in chart.iter(f"{C}ser")]
    assert [line.find(f"{A}prstDash") is not None for line in lines] == [False, False, True]
    widths = [int(line.get("w")) for line in lines]
    assert widths[1] < widths[0] == widths[2]
    assert all(series.find(f"{C}smooth").get("val") == "0" for series in chart.iter(f"{C}ser"))


def test_lonely_points_are_marked(deck: MakeDeck) -> None:
    line = Line("A", (D(1), None, D(2), D(3), None))
    chart = deck(Trend(WORDS, periods(Grain.DAY, 5), "USD", (line,))).chart(1)
    marked = [point for point in chart.iter(f"{C}dPt") if point.find(f"{C}marker/{C}symbol").get("val") == "circle"]
    assert [point.find(f"{C}idx").get("val") for point in marked] == ["0"]


def test_a_line_without_a_figure_has_no_label(deck: MakeDeck) -> None:
    chart = Trend(WORDS, periods(Grain.DAY, 2), "USD", (Line("A", (None, None)), Line("B", (D(1), D(2)))))
    opened = deck(chart)
    assert ["".join(label.itertext()) for label in opened.chart(1).iter(f"{C}dLbl")] == [f"■ B {short(D(2), 'USD')}"]
    assert opened.series(1)["A"] == [None, None]


def test_credits_keep_their_colour_below_zero(deck: MakeDeck) -> None:
    segments = (Segment("A", (D(5),)), Segment("Credits", (D(-2),)))
    chart = deck(StackedColumns(WORDS, periods(Grain.MONTH, 1), "USD", segments)).chart(1)
    bars = chart.find(f".//{C}barChart")
    assert [series.find(f"{C}invertIfNegative").get("val") for series in bars.findall(f"{C}ser")] == ["0", "0"]
    assert bars.find(f"{C}overlap").get("val") == "100" and bars.find(f"{C}grouping").get("val") == "stacked"
    assert chart.find(f".//{C}lineChart/{C}ser/{C}marker/{C}symbol").get("val") == "diamond"
    labels = chart.find(f".//{C}valAx").find(f"{C}tickLblPos"), chart.find(f".//{C}dateAx").find(f"{C}tickLblPos")
    assert labels[1].get("val") == "low"


def test_plot_leaves_room_for_wide_ticks(deck: MakeDeck) -> None:
    narrow = StackedColumns(WORDS, periods(Grain.MONTH, 1), "USD", (Segment("A", (D(5),)),))
    wide = StackedColumns(WORDS, periods(Grain.MONTH, 1), "CHF", (Segment("A", (D("0.0000007"),)),))
    opened = deck(narrow, wide)
    lefts = [float(opened.chart(number).find(f".//{C}plotArea/{C}layout//{C}x").get("val")) for number in (1, 2)]
    assert 0 < lefts[0] < lefts[1] < 0.2


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("USD", '"$"#,##0.00;"−$"#,##0.00'), ("CHF", '"CHF\xa0"#,##0.00;"−CHF\xa0"#,##0.00')],
)
def test_full_format(currency: str, expected: str) -> None:
    assert full_format(currency) == expected
