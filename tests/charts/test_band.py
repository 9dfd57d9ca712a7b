"""A trend with an outlook: what is refused, where forecast and range open, and how each renderer shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.charts.palette import BAND_SHARE, DARK, LIGHT, mixed
from costlib.charts.placing import actual_spot, plan_spot
from costlib.charts.screen import figure
from costlib.charts.spec import Band, BandTrend, Caption, Chart, Line, Role
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table
from costlib.errors import InputError
from costlib.money import full, short
from costlib.periods import Grain, add_months

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORDS = Caption("Spend grows", "Effective cost by month, USD", "Bills")


def amounts(*values: int | None) -> tuple[D | None, ...]:
    return tuple(None if value is None else D(value) for value in values)


def outlook(
    actual: tuple[D | None, ...],
    forecast: tuple[D | None, ...],
    low: tuple[D | None, ...],
    high: tuple[D | None, ...],
    plan: tuple[D | None, ...] | None = None,
    until: date | None = date(2026, 2, 28),
) -> BandTrend:
    """Months from January 2026."""
    periods = Periods(
        tuple(add_months(date(2026, 1, 1), index) for index in range(len(actual))), Grain.MONTH, data_until=until
    )
    budget = None if plan is None else Line("Budget", plan, Role.PLAN)
    forecast_line = Line("Forecast", forecast, Role.FORECAST)
    return BandTrend(WORDS, periods, "USD", Line("Actual", actual), forecast_line, Band("80% range", low, high), budget)


NONE4 = amounts(None, None, None, None)


def four(**changes: Any) -> BandTrend:
    given = {
        "actual": amounts(10, 11, None, None),
        "forecast": amounts(None, None, 12, 13),
        "low": amounts(None, None, 9, 8),
        "high": amounts(None, None, 14, 19),
    }
    return outlook(**(given | changes))


def unbegun() -> BandTrend:
    """A forecast before the first bill."""
    return four(actual=NONE4, forecast=amounts(1, 2, 3, 4), low=NONE4, high=NONE4, until=None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"low": amounts(None, None, 13, 8)}, "low <= forecast <= high"),
        ({"high": amounts(None, None, 11, 19)}, "in Mar 2026 is 9 to 11, the forecast 12"),
        ({"low": amounts(None, None, None, 8)}, "does not go with the forecast in Mar 2026"),
        ({"low": amounts(None, None, 9, None), "high": amounts(None, None, 14, None)}, "forecast in Apr 2026"),
        ({"low": amounts(None, 1, 9, 8), "high": amounts(None, 2, 14, 19)}, "forecast in Feb 2026"),
        ({"forecast": NONE4, "low": NONE4, "high": NONE4}, "no amount"),
        ({"forecast": amounts(None, 11, 12, 13)}, "an amount for Feb 2026"),
        ({"forecast": amounts(None, None, None, 13)}, "no amount for Mar 2026"),
        ({"forecast": amounts(None, None, 12, None)}, "no amount for Apr 2026"),
        ({"actual": amounts(10, None, None, None)}, "no amount for Feb 2026"),
        ({"actual": amounts(10, 11, 12, None)}, "Mar 2026, after the data end"),
        ({"low": amounts(None, None, 9)}, "3 values for 4 periods"),
        ({"plan": amounts(1, 2)}, "2 values for 4 periods"),
        ({"actual": (D("NaN"), D(1), None, None)}, "NaN"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        four(**changes)


def test_lines_keep_their_roles_and_names() -> None:
    chart = four(plan=amounts(9, 9, 9, 9))
    with pytest.raises(InputError, match="is actual"):
        replace(chart, forecast=Line("Forecast", chart.forecast.values))
    with pytest.raises(InputError, match="2 lines are called 'Actual'"):
        replace(chart, plan=Line("Actual", amounts(9, 9, 9, 9), Role.PLAN))
    with pytest.raises(InputError, match="2 lines are called 'Forecast'"):
        replace(chart, band=Band("Forecast", chart.band.low, chart.band.high))
    with pytest.raises(InputError, match="ZZZ is not a currency"):
        replace(chart, currency="ZZZ")


def test_forecast_and_range_open_at_the_last_actual_amount() -> None:
    chart = four()
    assert chart.last_actual == 1
    assert chart.path == amounts(None, 11, 12, 13)
    assert chart.low == amounts(None, 11, 9, 8)
    assert chart.high == amounts(None, 11, 14, 19)
    assert chart.forecast.values == amounts(None, None, 12, 13)


def test_an_open_period_holds_both_and_the_range_opens_before_it() -> None:
    chart = four(
        actual=amounts(10, 4, None, None),
        forecast=amounts(None, 11, 12, 13),
        low=amounts(None, 10, 9, 8),
        high=amounts(None, 12, 14, 19),
        until=date(2026, 2, 9),
    )
    assert chart.last_actual == 0
    assert chart.path == amounts(10, 11, 12, 13)


def test_without_an_actual_amount_the_forecast_begins_with_the_axis() -> None:
    chart = four(actual=NONE4, forecast=amounts(1, 2, 3, 4), low=amounts(0, 1, 1, 1), high=amounts(1, 3, 5, 7))
    assert chart.last_actual is None and chart.path == chart.forecast.values and chart.high == chart.band.high


def test_a_forecast_without_a_range_opens_alone() -> None:
    chart = four(low=NONE4, high=NONE4)
    assert chart.path == amounts(None, 11, 12, 13) and chart.low == chart.high == NONE4
    assert traces(chart)["80% range"]["x"] == []
    assert not any("80% range" in note["text"] for note in drawn(chart)["layout"]["annotations"])


def test_the_axis_holds_the_range() -> None:
    scale = four(low=amounts(None, None, 9, -8)).scale
    assert scale.low <= -8 and scale.high >= 19


def test_table_and_words(charts: dict[str, Chart]) -> None:
    header, rows = table(charts["outlook"])
    assert header == ("Month", "Currency", "Actual", "Forecast", "80% range, low", "80% range, high", "Budget")
    assert rows[2] == ("2026-09-01", "USD", "120000.5", "", "", "", "111000")
    assert rows[3] == ("2026-10-01", "USD", "", "130000", "125000", "136000", "114000")
    assert alt_text(charts["outlook"]) == (
        f"Actual and forecast by month, Jul 2026 to Dec 2026. Actual from {short(D(100000), 'USD')} in Jul 2026 to "
        f"{short(D('120000.5'), 'USD')} in Sep 2026; Forecast {short(D(150000), 'USD')} in Dec 2026, "
        f"80% range {short(D(135000), 'USD')} to {short(D(168000), 'USD')}; "
        f"Budget {short(D(120000), 'USD')} in Dec 2026."
    )
    assert notes(charts["outlook"]) == ()


def test_only_what_should_be_known_is_called_unknown(charts: dict[str, Chart]) -> None:
    assert notes(charts["outlook_open"]) == (
        "Oct 2026 holds data to 20 Oct only",
        "Unknown and left blank: Actual in Aug 2026",
    )
    assert notes(four(actual=amounts(None, 11, None, None))) == ("Unknown and left blank: Actual in Jan 2026",)
    late = four(until=date(2026, 3, 9))
    assert notes(late) == ()  # March is open, but shows its forecast, not a part of it
    assert "Actual unknown" in alt_text(unbegun())


def drawn(chart: BandTrend) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def traces(chart: BandTrend) -> dict[str, dict[str, Any]]:
    return {trace["name"]: trace for trace in drawn(chart)["data"]}


def test_screen_draws_solid_dashed_and_dotted() -> None:
    found = traces(four(plan=amounts(9, 10, 11, 12)))
    assert {name: found[name]["line"]["dash"] for name in ("Actual", "Forecast", "Budget")} == {
        "Actual": "solid",
        "Forecast": "dash",
        "Budget": "dot",
    }
    assert found["Actual"]["line"]["color"] == LIGHT.ink and found["Forecast"]["line"]["color"] == LIGHT.accent
    assert found["Actual"]["y"] == [10, 11, None, None] and found["Forecast"]["y"] == [None, 11, 12, 13]


def test_screen_closes_the_range() -> None:
    area = traces(four())["80% range"]
    assert area["fill"] == "toself" and area["line"]["width"] == 0 and area["hoverinfo"] == "skip"
    assert area["x"] == ["2026-02-01", "2026-03-01", "2026-04-01", "2026-04-01", "2026-03-01", "2026-02-01"]
    assert area["y"] == [11, 14, 19, 8, 9, 11]
    assert area["fillcolor"] == f"rgba(47,111,222,{BAND_SHARE})"


def test_screen_keeps_quarters_in_order_though_the_range_begins_late(charts: dict[str, Chart]) -> None:
    chart = charts["outlook_below_zero"]
    assert isinstance(chart, BandTrend)
    axis = drawn(chart)["layout"]["xaxis"]
    assert axis["categoryorder"] == "array" and axis["categoryarray"] == list(chart.periods.labels)
    assert traces(chart)["80% range"]["x"][0] == "Q2 FY26"


def test_pointer_tells_the_range_and_nothing_twice() -> None:
    forecast = traces(four())["Forecast"]
    assert forecast["hoverinfo"] == ["skip", "skip", "x+text", "x+text"]
    assert forecast["hovertext"][1] == ""
    for amount in (12, 9, 14):
        assert full(D(amount), "USD").replace("$", "&#36;") in forecast["hovertext"][2]


def test_a_rule_stands_where_the_data_end_if_the_axis_runs_on() -> None:
    layout = drawn(four())["layout"]
    (rule,) = layout["shapes"]
    assert rule["x0"] == rule["x1"] == "2026-02-01" and rule["layer"] == "below"
    assert any(note["text"] == "data to 28 Feb" for note in layout["annotations"])
    assert "shapes" not in drawn(four(until=None))["layout"]


def test_every_line_and_the_range_are_named(charts: dict[str, Chart]) -> None:
    for name, band in (("outlook", "80% range"), ("outlook_open", "95% range"), ("outlook_below_zero", "80% range")):
        chart = charts[name]
        assert isinstance(chart, BandTrend)
        texts = " | ".join(note["text"] for note in drawn(chart)["layout"]["annotations"])
        for line in chart.lines:
            assert f">{line.name}<" in texts
        assert band in texts


def test_actual_is_named_on_the_side_where_the_plan_is_not() -> None:
    over = actual_spot(four(plan=amounts(5, 5, 5, 5)), 0.3)
    under = actual_spot(four(plan=amounts(15, 15, 15, 15)), 0.3)
    assert over is not None and over.above and under is not None and not under.above
    assert actual_spot(unbegun(), 0.3) is None


def test_actual_is_named_over_everything_its_name_passes() -> None:
    chart = outlook(
        amounts(10, 16, 11, 11, None, None), amounts(*[None] * 4, 12, 13), *[amounts(*[None] * 6)] * 2, until=None
    )
    spot = actual_spot(chart, 0.4)
    assert spot is not None
    assert (spot.index, spot.ends_there, spot.height) == (3, True, chart.scale.fraction(D(16)))
    short_history = actual_spot(four(actual=amounts(10, 11, None, None)), 0.5)
    assert short_history is not None and not short_history.ends_there and short_history.index == 0


@pytest.mark.parametrize(
    ("name", "last", "anchor"), [("Actual", 4, "right"), ("Actual", 1, "left"), ("Spend as it was", 4, "left")]
)
def test_on_screen_actual_is_named_at_its_end_where_that_fits_on_a_phone(name: str, last: int, anchor: str) -> None:
    """Of 12 periods on 180 px, "Actual" covers three; a name of 15 letters would leave the plot on the left."""
    actual = tuple(D(10) if at <= last else None for at in range(12))
    ahead = tuple(None if at <= last else D(12) for at in range(12))
    chart = outlook(actual, ahead, ahead, ahead, until=None)
    shown = drawn(replace(chart, actual=replace(chart.actual, name=name)))["layout"]["annotations"]
    (label,) = [note for note in shown if f">{name}<" in note["text"] and note.get("yref") == "paper" and "x" in note]
    assert label["xanchor"] == label["align"] == anchor
    assert label["x"] == chart.periods.starts[last if anchor == "right" else 0].isoformat()


def test_a_plan_that_ends_early_is_named_there_on_the_side_away_from_the_forecast() -> None:
    below = plan_spot(four(plan=amounts(5, 6, None, None)), 0.25)
    above = plan_spot(four(plan=amounts(20, 21, None, None)), 0.25)
    assert below is not None and below.level and not below.above and below.index == 1
    assert above is not None and above.level and above.above
    chart = four(plan=amounts(10, 10, None, None))
    inside = plan_spot(chart, 0.25)
    assert inside is not None and not inside.level and inside.ends_there
    assert inside.height == chart.scale.fraction(D(10))  # before its end nothing is lower, after it the range is
    assert plan_spot(four(plan=amounts(5, 6, 7, 8)), 0.25) is None
    assert plan_spot(four(), 0.25) is None


def test_slide_lays_the_range_behind_the_lines(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["outlook"], palette=DARK).chart(1)
    groups = [child.tag.removeprefix(C) for child in chart.find(f".//{C}plotArea") if child.tag.endswith("Chart")]
    assert groups == ["areaChart", "lineChart"]
    area = chart.find(f".//{C}areaChart")
    assert area.find(f"{C}grouping").get("val") == "stacked"
    floor, width = area.findall(f"{C}ser")
    assert floor.find(f"{C}spPr/{A}noFill") is not None
    tint = width.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val")
    assert f"#{tint}" == mixed(DARK.accent, DARK.background, BAND_SHARE)
    axes = [[axis.get("val") for axis in chart.find(f".//{C}{kind}").findall(f"{C}axId")] for kind in groups]
    assert axes[0] == axes[1]
    assert chart.find(f".//{C}dateAx") is not None


def test_slide_names_every_line_at_its_end(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["outlook"]).chart(1)
    said = {"".join(label.itertext()): label.find(f"{C}idx").get("val") for label in chart.iter(f"{C}dLbl")}
    assert said == {
        f"Actual {short(D('120000.5'), 'USD')}": "2",
        f"■ Forecast {short(D(150000), 'USD')}": "5",
        f"■ 80% range {short(D(135000), 'USD')} to {short(D(168000), 'USD')}": "5",
        f"Budget {short(D(120000), 'USD')}": "5",
    }


def test_slide_dashes_the_forecast_and_dots_the_plan(charts: dict[str, Chart], deck: Callable[..., Any]) -> None:
    chart = deck(charts["outlook"]).chart(1)
    dashes = [ser.find(f"{C}spPr/{A}ln/{A}prstDash") for ser in chart.find(f".//{C}lineChart").findall(f"{C}ser")]
    assert [None if dash is None else dash.get("val") for dash in dashes] == [None, "dash", "sysDot", None]


def test_hostile_names_stay_text(deck: Callable[..., Any]) -> None:
    chart = four(plan=amounts(5, 6, None, None))
    nasty = replace(
        chart,
        actual=replace(chart.actual, name="=1+1 <b>"),
        band=replace(chart.band, name="$x$ & ]]>"),
    )
    texts = json.dumps(drawn(nasty))
    assert "<b>=1" not in texts and "&lt;b&gt;" in texts and "$x$" not in texts
    opened = deck(nasty)
    assert opened.sheet(1)[0][1] == "=1+1 <b>"
    assert b"<f>" not in opened.book(1).read("xl/worksheets/sheet1.xml")


def hole(**changes: Any) -> BandTrend:
    """January is booked, no bill of February is loaded, March has five days."""
    return four(**{"actual": amounts(10, None, 3, None), "until": date(2026, 3, 5)} | changes)


def test_a_closed_month_of_unknown_cost_stands_open_before_the_forecast() -> None:
    found = hole()
    assert (found.last_actual, found.path) == (0, amounts(10, None, 12, 13))
    assert found.low == amounts(10, None, 9, 8)


@pytest.mark.parametrize("so_far", [3, None])
def test_closed_months_of_unknown_cost_alone_stand_open_before_the_forecast(so_far: int | None) -> None:
    """No bill of January and February is loaded, nor one of the year before that the axis could begin with."""
    found = hole(actual=amounts(None, None, so_far, None))
    assert found.last_actual is None
    assert (found.path, found.low) == (amounts(None, None, 12, 13), amounts(None, None, 9, 8))


@pytest.mark.parametrize(
    "changes",
    [
        {"until": date(2026, 1, 31)},
        {"actual": NONE4, "until": date(2026, 2, 5)},
        {"actual": NONE4, "until": None},
        {"forecast": amounts(None, None, None, 13), "low": amounts(None, None, None, 8),
         "high": amounts(None, None, None, 19)},
    ],
)  # fmt: skip
def test_a_month_that_is_not_closed_is_forecast(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"no amount for|after the data end"):
        hole(**{"actual": amounts(10, None, None, None)} | changes)
