"""Figures and panels on screen: cards in a grid, small charts on one scale, each under its name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, mood_colour
from costlib.charts.screen import figure
from costlib.charts.screen.frame import ROW, literal
from costlib.charts.spec import Caption, Chart, Kpi, KpiRow, Mood, Panel, SmallMultiples
from tests.charts.planning import figures, figures_hostile, panel_alone, panels, panels_many, panels_stacked

WORDS = Caption("t", "s", "")


def drawn(chart: Chart) -> dict[str, Any]:
    """The figure as a browser receives it."""
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def notes(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = drawn(chart)["layout"]["annotations"]
    return found


class TestFigures:
    """Cards in one or two columns of 112 pixels height."""

    @pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 2, 2), (4, 2, 2)])
    def test_the_grid(self, count: int, columns: int, rows: int) -> None:
        shown = drawn(replace(figures(), kpis=figures().kpis[:count]))["layout"]
        rules = shown["shapes"]
        assert len({rule["x0"] for rule in rules}) == columns and len({rule["y0"] for rule in rules}) == rows
        assert shown["height"] == rows * 112 + 4 and shown["yaxis"]["range"] == [rows * 112, 0]
        assert [(rule["x0"], rule["y0"]) for rule in rules] == [
            (at % columns / columns, at // columns * 112 + 4) for at in range(count)
        ]
        assert all(rule["x0"] == rule["x1"] and rule["y1"] - rule["y0"] == 98 for rule in rules)

    def test_a_card_is_read_from_top_to_bottom_beside_its_rule(self) -> None:
        shown = drawn(figures())["layout"]
        for at, (kpi, rule) in enumerate(zip(figures().kpis, shown["shapes"], strict=True)):
            card = shown["annotations"][4 * at : 4 * at + 4]
            tint = mood_colour(kpi.mood, LIGHT)
            for note, words in zip(card, (kpi.label, kpi.value, kpi.delta, kpi.sub), strict=True):
                assert literal(words) in note["text"] and note["x"] == rule["x0"]
            assert [note["y"] - (rule["y0"] - 4) for note in card] == [2, 18, 54, 72]
            assert [note["font"]["color"] for note in card] == [LIGHT.muted, LIGHT.ink, tint, LIGHT.muted]
            assert rule["line"]["color"] == tint and [note["font"]["size"] for note in card] == [12, 24, 12, 12]
            assert "<b>" in card[1]["text"] and "<b>" in card[2]["text"] and "<b>" not in card[0]["text"]

    def test_a_value_without_room_is_smaller_and_then_cut(self) -> None:
        chart = KpiRow(WORDS, (Kpi("A", "CHF 1,234,567,890.12"), Kpi("B", "9" * 80, mood=Mood.BAD)))
        sizes = [notes(chart)[at]["font"]["size"] for at in (1, 5)]
        assert 13 <= sizes[0] < 24 and sizes[1] == 13
        assert "…" in notes(chart)[5]["text"] and "…" not in notes(chart)[1]["text"]

    def test_hostile_words_are_shown_literally(self) -> None:
        texts = [note["text"] for note in notes(figures_hostile())]
        assert literal("<b>x</b>") in texts and not any("<b>x" in text or "$" in text for text in texts)


class TestPanels:
    """A grid of panels on one scale, three side by side at most."""

    @pytest.mark.parametrize("build", [panels, panels_stacked, panel_alone, panels_many])
    def test_panels_never_overlap_and_fill_the_width(self, build: Any) -> None:
        chart: SmallMultiples = build()
        layout = drawn(chart)["layout"]
        count = len(chart.panels)
        names = ["", *map(str, range(2, count + 1))]
        boxes = [(*layout[f"xaxis{at}"]["domain"], *layout[f"yaxis{at}"]["domain"]) for at in names]
        for index, (left, right, low, high) in enumerate(boxes):
            assert 0 <= left < right <= 1.0001 and -0.0001 <= low < high <= 1
            for other in boxes[index + 1 :]:
                assert right <= other[0] or other[1] <= left or low >= other[3] or other[2] >= high
        across = min(3, count)
        assert boxes[across - 1][1] == pytest.approx(1) and boxes[0][0] == 0

    def test_only_the_first_of_a_row_has_ticks_and_no_time_axis_has(self) -> None:
        layout = drawn(panels_many())["layout"]
        ticked = [layout[f"yaxis{at or ''}"]["showticklabels"] for at in (0, *range(2, 13))]
        assert ticked == [True, False, False] * 4
        assert not any(layout[f"xaxis{at or ''}"]["showticklabels"] for at in (0, *range(2, 13)))

    def test_first_and_last_period_stand_under_the_ends_of_a_panel(self) -> None:
        chart = panels()
        layout = drawn(chart)["layout"]
        ends = [
            note
            for note in layout["annotations"]
            if note["text"] in (chart.periods.labels[0], chart.periods.labels[-1])
        ]
        assert len(ends) == 2 * len(chart.panels)
        left, right = ends[:2]
        assert [left["x"], right["x"]] == layout["xaxis"]["domain"] and left["y"] == layout["yaxis"]["domain"][0]
        assert (left["xanchor"], right["xanchor"], left["yanchor"], left["yshift"]) == ("left", "right", "top", -3)
        assert len([note for note in notes(panel_alone()) if note["text"] == "Jul 26"]) == 1

    def test_a_panel_is_headed_by_its_name_and_last_amount(self) -> None:
        chart = panels()
        for panel in chart.panels[:4]:
            (head,) = [note for note in notes(chart) if f">{literal(panel.name)}<" in note["text"]]
            assert head["text"].endswith(f"<br>{literal(chart.last(panel))}")
            assert (head["xanchor"], head["yanchor"], head["yshift"]) == ("left", "bottom", 4)

    def test_a_key_only_where_a_panel_has_several_parts(self) -> None:
        assert [any("■" in note["text"] for note in notes(build())) for build in (panels, panel_alone)] == [True, False]
        single = replace(panels(), panels=tuple(Panel(one.name, one.parts[:1]) for one in panels().panels))
        assert drawn(panels())["layout"]["height"] == drawn(single)["layout"]["height"] + ROW

    @settings(max_examples=15)
    @given(st.integers(1, 12))
    def test_more_rows_make_a_higher_figure_and_panels_of_one_height(self, count: int) -> None:
        chart = replace(panels_many(), panels=panels_many().panels[:count])
        layout = drawn(chart)["layout"]
        rows = -(-count // 3)
        plot = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
        low, high = layout["yaxis"]["domain"]
        assert plot == pytest.approx(170 * rows) and (high - low) * plot == pytest.approx(96)
