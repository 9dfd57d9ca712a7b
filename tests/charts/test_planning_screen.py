"""Charts of plans and choices on screen: the same figures as the data, names literal, every label there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from costlib.charts.palette import (
    DARK,
    LIGHT,
    Palette,
    bucket_colour,
    contrast,
    heat_colour,
    luminance,
    mood_colour,
    track_colours,
)
from costlib.charts.screen import figure
from costlib.charts.spec import Bucket, Chart, Mood
from tests.charts import planning
from tests.charts.planning import LONG_NAME, PLANNING

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
DAY_MS = 86_400_000


def drawn(chart: Chart, palette: Palette = LIGHT) -> dict[str, Any]:
    """The figure as a browser receives it."""
    parsed: dict[str, Any] = json.loads(figure(chart, palette).to_json())
    return parsed


def texts(shown: dict[str, Any]) -> str:
    return " | ".join(note["text"] for note in shown["layout"]["annotations"])


@PALETTES
@pytest.mark.parametrize("name", PLANNING)
def test_every_chart_is_drawn_in_both_themes(name: str, palette: Palette) -> None:
    shown = drawn(PLANNING[name](), palette)
    assert shown["layout"]["height"] >= 100
    assert "<i>" not in json.dumps(shown) and "$x$" not in json.dumps(shown)
    assert all(not axis.get("title") for key, axis in shown["layout"].items() if "axis" in key)


@pytest.mark.parametrize("name", ["roadmap", "tornado", "heat", "figures", "tradeoff", "portfolio", "panels"])
def test_golden_planning_figure(name: str, golden: Callable[[str, str], None]) -> None:
    shown = drawn(PLANNING[name]())
    golden(f"screen_{name}.json", json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def test_a_bar_of_a_roadmap_is_as_long_as_its_time() -> None:
    chart = planning.roadmap()
    bars = drawn(chart)["data"]
    assert [bar["base"][0] for bar in bars] == [one.start.isoformat() for one in chart.rows]
    assert [bar["x"][0] / DAY_MS for bar in bars] == [(one.ramp_end - one.start).days for one in chart.rows]
    assert "&#36;1,400,000.00" in bars[0]["hovertext"] and "Dec 26–Feb 27" in bars[0]["hovertext"]


def test_a_roadmap_names_tracks_owners_savings_and_the_total() -> None:
    shown = drawn(planning.roadmap())
    said = texts(shown)
    for words in ("1 QUICK WINS", "Data Platform", "&#36;1.40M", "&#36;4.60M", "Saving a year", "today"):
        assert words in said
    assert "today" not in texts(drawn(planning.roadmap_one()))


def test_a_sentence_of_sixty_letters_names_its_row_whole() -> None:
    name = "Notebooks and development endpoints stop when nobody works"
    one = replace(planning.roadmap_one().initiatives[0], name=name)
    shown = drawn(replace(planning.roadmap_one(), initiatives=(one,)))
    (said,) = (note["text"] for note in shown["layout"]["annotations"] if "Notebooks" in note["text"])
    assert len(said.split("<br>")) == 3
    assert re.sub("<[^>]*>", "", said.replace("<br>", " ")) == name


def test_rows_of_a_roadmap_keep_apart() -> None:
    shown = drawn(planning.roadmap_many())
    middles = [bar["y"][0] for bar in shown["data"]]
    assert all(after - before >= 36 for before, after in pairwise(middles))
    assert shown["layout"]["height"] > middles[-1]


def test_bars_of_a_tornado_run_from_the_base_to_the_ends() -> None:
    chart = planning.tornado_one_sided()
    for bars, (_, ends) in zip(drawn(chart)["data"], chart.columns, strict=True):
        reached = [None if x is None else base + x for base, x in zip(bars["base"], bars["x"], strict=True)]
        assert reached == [None if end is None else float(end) for end in ends]


def test_both_results_of_a_swing_are_written_and_none_is_covered() -> None:
    chart = planning.tornado_one_sided()
    notes = [note for note in drawn(chart)["layout"]["annotations"] if note.get("y") in range(len(chart.swings))]
    by_row = {
        swing.name: {
            note["text"]: note["xanchor"]
            for note in notes
            if note["y"] == row and note.get("yref") != "paper" and note.get("xref") != "paper"
        }
        for row, swing in enumerate(chart.ranked)
    }
    assert by_row["Both up"] == {"−€150": "right", "€400": "left"}
    assert by_row["Both down"] == {"−€700": "right", "−€300": "left"}
    assert by_row["Not estimated"] == {"unknown": "right", "€300": "left"}
    assert by_row["Nothing known"] == {"unknown": "left"}


def test_every_number_of_a_heat_table_is_in_its_cell() -> None:
    chart = planning.heat()
    for column, cells in enumerate(drawn(chart)["data"]):
        assert [text.replace("&#36;", "$") for text in cells["text"]] == [
            chart.text(row, column) for row in range(len(chart.rows))
        ]
        assert cells["marker"]["color"] == [
            heat_colour(chart.shade(row, column), LIGHT) for row in range(len(chart.rows))
        ]


@PALETTES
def test_numbers_can_be_read_on_every_shade_and_shades_rise_in_grey(palette: Palette) -> None:
    shades = [heat_colour(step / 10, palette) for step in range(11)]
    away = [contrast(shade, palette.background) for shade in shades]
    assert away == sorted(away) and away[-1] > 1.8
    for step in range(-10, 11):
        assert contrast(palette.ink, heat_colour(step / 10, palette)) >= 4.5
    assert heat_colour(-0.5, palette) != heat_colour(0.5, palette)


@PALETTES
def test_purposes_moods_and_neighbouring_tracks_can_be_told_apart(palette: Palette) -> None:
    run, grow, transform = (bucket_colour(bucket, palette) for bucket in Bucket)
    assert contrast(run, transform) >= 1.5 and contrast(grow, transform) >= 1.5
    assert len({mood_colour(mood, palette) for mood in Mood}) == 3
    one, other, third = track_colours(("a", "b", "c"), palette)
    assert one == third and abs(luminance(one) - luminance(other)) > 0.1


def test_figures_are_written_with_their_changes() -> None:
    said = texts(drawn(planning.figures()))
    for words in ("FY26 outlook", "&#36;18.5M", "+&#36;2.7M vs plan", "likely 17.9 to 19.2", "61%"):
        assert words in said
    rules = [shape["line"]["color"] for shape in drawn(planning.figures())["layout"]["shapes"]]
    assert rules == [LIGHT.bad, LIGHT.good, LIGHT.good, LIGHT.muted]


def test_the_front_is_joined_from_left_to_right() -> None:
    front, beaten = drawn(planning.tradeoff())["data"]
    assert (front["x"], front["y"]) == ([0.6, 1.35, 3.2], [0.91, 0.955, 0.968])
    assert front["mode"] == "lines+markers" and beaten["mode"] == "markers"
    assert front["marker"]["color"][1] == LIGHT.ink and len(beaten["x"]) == 3


@pytest.mark.parametrize("name", ["tradeoff", "tradeoff_many", "portfolio", "portfolio_many"])
def test_every_point_is_named(name: str) -> None:
    said = texts(drawn(PLANNING[name]()))
    for word in ("Large tuned", "Routed") if name == "tradeoff" else ("A", "E"):
        assert word in said


def test_bubbles_are_as_wide_as_the_root_of_their_money() -> None:
    sizes = {
        (x, y): size
        for trace in drawn(planning.portfolio())["data"]
        for x, y, size in zip(trace["x"], trace["y"], trace["marker"]["size"], strict=True)
    }
    assert sizes[2.0, 2100000.0] == 2 * sizes[4.0, 5200000.0] == 4 * sizes[3.0, 900000.0]


def test_panels_share_their_axis_and_stand_apart() -> None:
    chart = planning.panels()
    layout = drawn(chart)["layout"]
    axes = [layout["yaxis" + (str(number) if number > 1 else "")] for number in range(1, 7)]
    assert len({tuple(axis["range"]) for axis in axes}) == 1
    assert [axis["showticklabels"] for axis in axes] == [True, False, False, True, False, False]
    assert axes[3]["domain"][1] < axes[0]["domain"][0]
    assert all(0 <= end <= 1 for axis in axes for end in axis["domain"])


def test_each_panel_holds_its_own_figures() -> None:
    chart = planning.panels_stacked()
    for number, panel in enumerate(chart.panels, start=1):
        axis = "y" if number == 1 else f"y{number}"
        bars = [trace for trace in drawn(chart)["data"] if trace["yaxis"] == axis and trace["type"] == "bar"]
        assert [bar["y"] for bar in bars] == [
            [None if value is None else float(value) for value in part.values] for part in panel.parts
        ]


def test_an_outlook_draws_both_paths_and_its_target() -> None:
    chart = planning.outlook_with_plan()
    lines = {trace["name"]: trace for trace in drawn(chart)["data"]}
    assert lines["With the plan"]["y"] == [None if value is None else float(value) for value in chart.with_plan_path]
    assert lines["With the plan"]["line"]["dash"] != lines["Without the plan"]["line"]["dash"]
    assert lines["Target"]["y"][2:] == [120000] * 7
    assert [size for size in lines["Target"]["marker"]["size"] if size] == [10]
    said = texts(drawn(chart))
    for words in ("With the plan", "&#36;118K", "Target", "&#36;120K Mar 27", "Budget"):
        assert words in said


def test_long_names_stand_in_two_lines_beside_a_stack() -> None:
    said = texts(drawn(planning.outlook_targeted()))
    assert "Recommendations" in said and "and personalisat" in said and LONG_NAME not in said
