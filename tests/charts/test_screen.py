"""Charts on screen: same figures as the data, names shown literally, labels that do not touch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest

from costlib.charts.palette import DARK, LIGHT, Palette, line_colours, segment_colours
from costlib.charts.screen import CONFIG, FONT, HEIGHT, figure
from costlib.charts.screen.frame import literal
from costlib.charts.spec import Caption, Chart, Line, RankedBars, Role, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.money import short
from costlib.periods import Grain


def drawn(chart: Chart, palette: Palette = LIGHT) -> dict[str, Any]:
    """The figure as a browser receives it."""
    parsed: dict[str, Any] = json.loads(figure(chart, palette).to_json())
    return parsed


def by_name(shown: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for trace in shown["data"]:
        found.setdefault(trace["name"], []).append(trace)
    return found


def labels(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [note for note in shown["layout"]["annotations"] if note.get("yref") == "paper"]


def test_every_amount_is_drawn(basic_chart: Trend | StackedColumns) -> None:
    traces = by_name(drawn(basic_chart))
    for part in basic_chart.series:
        at = [trace["y"] for trace in traces[literal(part.name)]]
        merged = [next((value for value in values if value is not None), None) for values in zip(*at, strict=True)]
        assert merged == [None if value is None else float(value) for value in part.values]


def test_total_of_each_column_is_in_the_hover(charts: dict[str, Chart]) -> None:
    chart = charts["stack"]
    (total,) = by_name(drawn(chart))["Total"]
    assert total["y"] == [410000.1, 410000.2, 410000.3, 265000.4]
    assert "&#36;410,000.10" in total["hovertext"][0]
    assert total["hovertext"][3].endswith("to 20 Oct")
    assert total["marker"]["opacity"] == 0


def test_credits_stack_below_zero_and_the_net_is_marked(charts: dict[str, Chart]) -> None:
    shown = drawn(charts["credits"])
    assert shown["layout"]["barmode"] == "relative"
    (net,) = by_name(shown)["Net of credits"]
    assert net["y"] == [110, 100] and net["marker"]["opacity"] == 1
    low, high = shown["layout"]["yaxis"]["range"]
    assert low < -70 and high > 170
    assert any(f"Net {short(D(100), 'EUR')}" in note["text"] for note in labels(shown))


def test_unknown_is_a_gap(charts: dict[str, Chart]) -> None:
    (line,) = drawn(charts["gaps"])["data"]
    assert line["y"] == [10, None, 12, None, 9, 11, None]
    assert line["connectgaps"] is False
    assert line["marker"]["size"] == [6, 0, 6, 0, 0, 0, 0]
    marks = [note for note in drawn(charts["unknown_part"])["layout"]["annotations"] if note["text"] == "?"]
    assert [mark["x"] for mark in marks] == ["2026-10-01"]


def test_open_column_is_hatched_and_named(charts: dict[str, Chart]) -> None:
    shown = drawn(charts["stack"])
    assert shown["data"][0]["marker"]["pattern"]["shape"] == ["", "", "", "/"]
    assert shown["layout"]["xaxis"]["ticktext"][-1] == "Oct 26<br>to 20 Oct"


def test_open_end_of_a_line_is_dotted_and_said_once(charts: dict[str, Chart]) -> None:
    closed, open_end = by_name(drawn(charts["trend"]))["This year"]
    assert closed["y"] == [410000, 425000.55, 455000, None]
    assert open_end["y"] == [None, None, 455000, 265000]
    assert open_end["line"]["dash"] == "dot"
    assert open_end["hoverinfo"] == ["skip", "skip", "skip", "x+text"]
    (previous,) = by_name(drawn(charts["trend"]))["Year before"]
    assert previous["y"][-1] == 400000


def test_roles_are_drawn_apart() -> None:
    roles = tuple(Line(role, (D(1), D(2)), role) for role in Role)
    chart = Trend(Caption("t", "", ""), Periods((date(2026, 9, 1), date(2026, 10, 1)), Grain.MONTH), "USD", roles)
    lines = {trace["name"]: trace["line"] for trace in drawn(chart)["data"]}
    assert lines["actual"]["dash"] == "solid" and lines["forecast"]["dash"] == "dash"
    assert lines["previous"]["width"] < lines["actual"]["width"]
    assert lines["plan"]["dash"] == "dot" and lines["plan"]["width"] < lines["actual"]["width"]
    assert [lines[role]["color"] for role in Role] == [
        LIGHT.ink,
        LIGHT.previous,
        LIGHT.muted,
        LIGHT.accent,
        LIGHT.good,
    ]


def test_ticks_are_the_shared_ones(any_chart: Chart) -> None:
    if isinstance(any_chart, RankedBars):
        assert drawn(any_chart)["layout"]["xaxis"]["showticklabels"] is False  # every amount is written
        return
    axis = drawn(any_chart)["layout"]["yaxis"]
    assert axis["tickvals"] == [float(tick) for tick in any_chart.scale.ticks]
    assert axis["ticktext"] == [literal(text) for text in any_chart.scale.texts]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("$x$", "&#36;x&#36;"),
        ("R&D", "R&amp;D"),
        ("&lt;", "&amp;lt;"),
        ("<script>\x00", "&lt;script&gt;\ufffd"),
        ("Search", "Search"),
    ],
)
def test_names_are_literal(name: str, shown: str) -> None:
    assert literal(name) == shown


def test_no_name_reaches_the_page_as_markup_or_tex(charts: dict[str, Chart]) -> None:
    shown = drawn(charts["hostile"])
    texts = [note["text"] for note in labels(shown)]
    for trace in shown["data"]:
        texts += [trace["name"], *trace["hovertext"]]
    for text in texts:
        assert "<b>x" not in text and "$" not in text
    assert not any("hovertemplate" in trace or "texttemplate" in trace for trace in shown["data"])
    assert any("%{y}" in text for text in shown["data"][3]["hovertext"])


def test_hover_gives_the_full_figure(charts: dict[str, Chart]) -> None:
    search = by_name(drawn(charts["stack"]))["Search"][0]
    assert search["hovertext"][0] == "Search  <b>&#36;300,000.10</b>"
    tokens = by_name(drawn(charts["cents"]))["Tokens"][0]
    assert "&#36;0.0042" in tokens["hovertext"][0]
    assert drawn(charts["stack"])["layout"]["hovermode"] == "x unified"


def test_labels_stand_apart_and_in_order(basic_chart: Trend | StackedColumns) -> None:
    shown = drawn(basic_chart)
    rows = 2 if isinstance(basic_chart, Trend) else 1
    margin = shown["layout"]["margin"]
    plot = HEIGHT - margin["t"] - margin["b"]
    heights = sorted(note["y"] for note in labels(shown))
    assert all((above - below) * plot >= rows * 12 for below, above in pairwise(heights))
    assert all(0 <= height <= 1 for height in heights)


def test_labels_of_a_stack_are_ordered_like_the_stack(charts: dict[str, Chart]) -> None:
    notes = sorted(labels(drawn(charts["stack"])), key=lambda note: note["y"])
    order = [part for note in notes for part in ("Search", "Fraud", "All other", "to 20 Oct") if part in note["text"]]
    assert order == ["Search", "Fraud", "All other", "to 20 Oct"]


def test_a_phone_keeps_room_for_the_plot(any_chart: Chart) -> None:
    margin = drawn(any_chart)["layout"]["margin"]
    assert 390 - 32 - margin["l"] - margin["r"] >= 150


def test_page_draws_title_and_source(any_chart: Chart) -> None:
    layout = drawn(any_chart)["layout"]
    assert "title" not in layout
    texts = json.dumps(layout)
    assert any_chart.caption.title not in texts and any_chart.caption.source not in texts


def test_look(any_chart: Chart) -> None:
    shown = drawn(any_chart, DARK)
    layout = shown["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["font"]["family"] == FONT
    if not isinstance(any_chart, RankedBars):
        assert layout["yaxis"]["gridcolor"] == DARK.grid and layout["yaxis"]["gridwidth"] == 1
    assert {trace["type"] for trace in shown["data"]} <= {"scatter", "bar"}
    assert layout["dragmode"] is False and layout["xaxis"]["fixedrange"] and layout["yaxis"]["fixedrange"]


def test_colours_are_the_shared_ones(basic_chart: Trend | StackedColumns) -> None:
    traces = by_name(drawn(basic_chart, DARK))
    if isinstance(basic_chart, Trend):
        shades = line_colours(basic_chart.lines, DARK)
    else:
        shades = segment_colours(basic_chart.segments, DARK)
    for part, colour in zip(basic_chart.series, shades, strict=True):
        trace = traces[literal(part.name)][0]
        shape = trace["marker"] if isinstance(basic_chart, StackedColumns) else trace["line"]
        assert shape["color"] == colour


def test_quarters_and_years_are_named_days_are_dated(charts: dict[str, Chart]) -> None:
    quarters = drawn(charts["credits"])
    assert quarters["layout"]["xaxis"]["type"] == "category"
    assert quarters["data"][0]["x"] == ["Q1 FY26", "Q2 FY26"]
    days = drawn(charts["gaps"])
    assert days["layout"]["xaxis"]["type"] == "date"
    assert days["data"][0]["x"][0] == "2026-09-01"


def test_config_keeps_figures_at_home() -> None:
    assert CONFIG["plotlyServerURL"] == "" and CONFIG["showSendToCloud"] is False
    assert CONFIG["displayModeBar"] is False and CONFIG["typesetMath"] is False


@pytest.mark.parametrize("name", ["stack", "trend", "credits", "gaps", "outlook", "bridge", "ranked"])
def test_golden_figure(name: str, charts: dict[str, Chart], golden: Callable[[str, str], None]) -> None:
    shown = drawn(charts[name])
    golden(f"screen_{name}.json", json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
