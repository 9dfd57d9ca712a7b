"""Lines, columns and axes on screen for every grain, length and state of the last period."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.charts.palette import LIGHT
from costlib.charts.screen import figure
from costlib.charts.screen.frame import short_name, unit, x_values
from costlib.charts.spec import OTHER, Caption, Chart, Line, Role, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.money import short
from costlib.periods import Grain, add_months

WORDS = Caption("Finding", "Billed cost, USD", "Bills")
DAY_MS = 86_400_000


def periods(grain: Grain, count: int, until: date | None = None) -> Periods:
    first = date(2024, 1, 1)
    if grain in (Grain.DAY, Grain.WEEK):
        step = 1 if grain is Grain.DAY else 7
        return Periods(tuple(first + timedelta(days=step * index) for index in range(count)), grain, 1, until)
    months = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
    return Periods(tuple(add_months(first, months * index) for index in range(count)), grain, 1, until)


def line(name: str, *values: str | None, role: Role = Role.ACTUAL) -> Line:
    return Line(name, tuple(None if value is None else D(value) for value in values), role)


def drawn(chart: Chart) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def columns(along: Periods, name: str = "A") -> StackedColumns:
    return StackedColumns(WORDS, along, "USD", (Segment(name, (D(1),) * len(along)),))


@pytest.mark.parametrize(
    ("grain", "title"),
    [
        (Grain.DAY, "<b>%{x|%a %-d %b %Y}</b>"),
        (Grain.WEEK, "<b>Week of %{x|%-d %b %Y}</b>"),
        (Grain.MONTH, "<b>%{x|%b %Y}</b>"),
    ],
)
def test_pointer_names_the_period(grain: Grain, title: str) -> None:
    axis = drawn(columns(periods(grain, 3)))["layout"]["xaxis"]
    assert axis["unifiedhovertitle"]["text"] == title


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR])
@pytest.mark.parametrize("count", [1, 2, 12])
def test_columns_stand_within_the_axis(grain: Grain, count: int) -> None:
    along = periods(grain, count)
    shown = drawn(columns(along))
    low, high = shown["layout"]["xaxis"]["range"]
    half = shown["data"][0]["width"] / 2
    if along.grain in (Grain.QUARTER, Grain.YEAR):
        assert low <= 0 - half and count - 1 + half <= high
    else:
        first, last = (datetime.fromisoformat(x_values(along)[index]) for index in (0, -1))
        reach = timedelta(milliseconds=half)
        assert datetime.fromisoformat(low) <= first - reach and last + reach <= datetime.fromisoformat(high)
    assert shown["data"][0]["width"] < unit(along)


def test_unit_is_the_narrowest_period() -> None:
    assert unit(periods(Grain.DAY, 1)) == DAY_MS
    assert unit(periods(Grain.WEEK, 1)) == 7 * DAY_MS
    assert unit(periods(Grain.MONTH, 1)) == 28 * DAY_MS
    assert unit(periods(Grain.QUARTER, 1)) == unit(periods(Grain.YEAR, 1)) == 1


def test_few_labels_and_the_last_among_them() -> None:
    axis = drawn(columns(periods(Grain.MONTH, 12)))["layout"]["xaxis"]
    assert axis["ticktext"] == ["Mar 24", "Jun 24", "Sep 24", "Dec 24"]
    assert axis["tickvals"] == ["2024-03-01", "2024-06-01", "2024-09-01", "2024-12-01"]


def test_room_below_grows_with_the_note() -> None:
    closed = drawn(columns(periods(Grain.MONTH, 2)))["layout"]["margin"]["b"]
    open_end = drawn(columns(periods(Grain.MONTH, 2, date(2024, 2, 9))))["layout"]["margin"]["b"]
    assert open_end > closed


def test_a_single_open_period_is_a_hollow_point() -> None:
    """The first month of a bill is as open as any other: a full point would call it complete."""
    chart = Trend(WORDS, periods(Grain.MONTH, 1, date(2024, 1, 9)), "USD", (line("A", "5"),))
    closed, open_end = drawn(chart)["data"]
    assert closed["y"] == [None] and closed["hovertext"] == [""]
    assert open_end["y"] == [5] and open_end["marker"]["size"] == [7] and open_end["hoverinfo"] == ["x+text"]
    assert (open_end["marker"]["color"], open_end["marker"]["line"]["color"]) == (LIGHT.background, LIGHT.ink)
    assert open_end["hovertext"][0].endswith("to 9 Jan")


def test_open_period_after_a_gap_is_a_point_of_its_own() -> None:
    chart = Trend(WORDS, periods(Grain.MONTH, 3, date(2024, 3, 9)), "USD", (line("A", "5", None, "2"),))
    closed, open_end = drawn(chart)["data"]
    assert closed["y"] == [5, None, None] and closed["marker"]["size"] == [6, 0, 0]
    assert open_end["y"] == [None, None, 2] and open_end["marker"]["size"] == [0, 0, 7]


def test_open_period_without_a_figure_draws_no_end() -> None:
    chart = Trend(WORDS, periods(Grain.MONTH, 3, date(2024, 3, 9)), "USD", (line("A", "5", "6", None),))
    (trace,) = drawn(chart)["data"]
    assert trace["line"]["dash"] == "solid"


def test_previous_year_and_forecast_have_no_open_period() -> None:
    lines = (line("P", "1", "2", role=Role.PREVIOUS), line("F", "1", "2", role=Role.FORECAST))
    shown = drawn(Trend(WORDS, periods(Grain.MONTH, 2, date(2024, 2, 9)), "USD", lines))
    assert len(shown["data"]) == 2
    assert not any("to 9 Feb" in text for trace in shown["data"] for text in trace["hovertext"])


def test_lines_share_the_axis_with_a_forecast_beyond_the_data() -> None:
    along = periods(Grain.MONTH, 4, date(2024, 2, 29))
    lines = (line("A", "1", "2", None, None), line("F", None, "2", "3", "4", role=Role.FORECAST))
    actual, forecast = drawn(Trend(WORDS, along, "USD", lines))["data"]
    assert actual["y"] == [1, 2, None, None] and forecast["y"] == [None, 2, 3, 4]


def test_unknown_amounts_have_no_hover() -> None:
    (trace,) = drawn(Trend(WORDS, periods(Grain.DAY, 2), "USD", (line("A", None, "1"),)))["data"]
    assert trace["hovertext"][0] == "" and trace["y"][0] is None


def test_a_line_that_is_unknown_throughout_says_so() -> None:
    shown = drawn(Trend(WORDS, periods(Grain.DAY, 2), "USD", (line("A", None, None),)))
    assert shown["layout"]["annotations"][0]["text"].endswith("unknown")


def test_label_of_a_line_tells_its_last_known_amount() -> None:
    shown = drawn(Trend(WORDS, periods(Grain.DAY, 3), "USD", (line("A", "1", "5", None),)))
    (label,) = shown["layout"]["annotations"]
    assert short(D(5), "USD").replace("$", "&#36;") in label["text"]


def test_rest_is_neutral_and_on_top() -> None:
    segments = (Segment("A", (D(2),)), Segment(OTHER, (D(1),), other=True))
    shown = drawn(StackedColumns(WORDS, periods(Grain.DAY, 1), "USD", segments))
    assert [trace["marker"]["color"] for trace in shown["data"][:2]] == [LIGHT.categories[0], LIGHT.other]


def test_names_of_twenty_letters_stand_whole_beside_a_stack() -> None:
    shown = drawn(columns(periods(Grain.DAY, 2), "Customer support bot"))
    (beside,) = [note["text"] for note in shown["layout"]["annotations"] if "Customer" in note["text"]]
    assert "Customer support" in beside and "bot" in beside and "…" not in beside


def test_very_long_names_are_cut_in_the_margin_and_whole_in_the_hover() -> None:
    name = "Recommendations and personalisation platform, EMEA (shared)"
    chart = columns(periods(Grain.DAY, 2), name)
    assert short_name(chart.segments[0].name).endswith("…")
    assert drawn(chart)["layout"]["margin"]["r"] <= 150
    hover = drawn(chart)["data"][0]["hovertext"][0].replace("<br>", " ")
    assert name in hover


def test_ninety_days_of_columns_stay_small() -> None:
    text = figure(columns(periods(Grain.DAY, 90)), LIGHT).to_json()
    assert len(text) < 30_000
