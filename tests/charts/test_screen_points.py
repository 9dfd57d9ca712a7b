"""Charts of points and rows of figures on screen: places, headings, names, keys, and what the pointer tells."""

from __future__ import annotations

import json
from decimal import Decimal as D
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, bucket_colour
from costlib.charts.screen import figure
from costlib.charts.screen.frame import FONT_SIZE, ROW, literal
from costlib.charts.screen.texts import above, key, number_axis, width_of
from costlib.charts.spec import Caption, Chart, Measure, Point, Scatter
from costlib.charts.ticks import money_scale
from tests.charts.conftest import LONG_NAME
from tests.charts.planning import (
    HOSTILE,
    portfolio,
    portfolio_many,
    tradeoff,
    tradeoff_many,
)

WORDS = Caption("t", "s", "")
COST, SHARE = Measure("Cost", currency="USD"), Measure("Pass rate", unit="%")


def drawn(chart: Chart) -> dict[str, Any]:
    """The figure as a browser receives it."""
    parsed: dict[str, Any] = json.loads(figure(chart, LIGHT).to_json())
    return parsed


def notes(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = drawn(chart)["layout"]["annotations"]
    return found


def choices(*pairs: tuple[D, D], chosen: int | None = None) -> Scatter:
    return Scatter(WORDS, COST, SHARE, tuple(Point(f"P{at}", x, y, at == chosen) for at, (x, y) in enumerate(pairs)))


class TestTradeOff:
    """Two traces: the front as a line of points, the beaten alone."""

    CHART = choices((D(3), D("0.9")), (D(1), D("0.5")), (D(4), D("0.4")), chosen=0)

    def test_the_front_is_joined_from_left_to_right_the_beaten_are_not(self) -> None:
        front, beaten = drawn(self.CHART)["data"]
        assert (front["x"], front["y"], front["mode"]) == ([1, 3], [0.5, 0.9], "lines+markers")
        assert (beaten["x"], beaten["y"], beaten["mode"]) == ([4], [0.4], "markers")
        assert (front["name"], beaten["name"]) == ("Not beaten", "Beaten")
        assert front["line"] == {"color": LIGHT.accent, "width": 1.5}
        assert not front["showlegend"] and not beaten["showlegend"]

    def test_the_chosen_one_is_larger_and_dark(self) -> None:
        front, beaten = drawn(self.CHART)["data"]
        assert front["marker"]["size"] == [11, 15] and beaten["marker"]["size"] == [11]
        assert front["marker"]["color"] == [LIGHT.accent, LIGHT.ink]
        assert beaten["marker"]["color"] == [LIGHT.previous]

    def test_the_pointer_tells_both_numbers_and_whether_it_is_beaten(self) -> None:
        front, beaten = drawn(self.CHART)["data"]
        assert front["hovertext"][1] == ("<b>P0</b><br>Cost  <b>&#36;3.00</b><br>Pass rate  <b>90%</b><br>On the front")
        assert beaten["hovertext"] == ["<b>P2</b><br>Cost  <b>&#36;4.00</b><br>Pass rate  <b>40%</b><br>Beaten on both"]
        assert drawn(self.CHART)["layout"]["hovermode"] == "closest"
        assert front["hoverinfo"] == beaten["hoverinfo"] == "text"

    def test_names_stand_at_their_points_pale_where_beaten(self) -> None:
        named = {note["text"]: note for note in notes(self.CHART)}
        for text, x, y, colour in (
            ("P0<br>(chosen)", 3, 0.9, LIGHT.ink),
            ("P1", 1, 0.5, LIGHT.ink),
            ("P2", 4, 0.4, LIGHT.muted),
        ):
            note = named[text]
            assert (note["x"], note["y"], note["font"]["color"]) == (x, y, colour)
            assert "xref" not in note and "yref" not in note and not note["showarrow"]

    @pytest.mark.parametrize("build", [tradeoff, tradeoff_many, portfolio, portfolio_many])
    def test_a_name_stands_clear_of_its_own_mark_on_one_side(self, build: Any) -> None:
        sizes = {(x, y): size for trace in drawn(build())["data"]
                 for x, y, size in zip(trace["x"], trace["y"], trace["marker"]["size"], strict=True)}  # fmt: skip
        own = [note for note in notes(build()) if "xref" not in note]
        assert len(own) == len(sizes)
        for note in own:
            radius = sizes[note["x"], note["y"]] / 2
            side = (note["xanchor"], note["yanchor"])
            if side in (("left", "middle"), ("right", "middle")):
                assert note["xshift"] == pytest.approx(radius + 3 if side[0] == "left" else -radius - 3)
                assert note["align"] == side[0]
            else:
                assert side[0] == "center" and note["yshift"] == pytest.approx(
                    radius if side[1] == "bottom" else -radius
                )

    def test_headings_say_the_units_and_point_the_way(self) -> None:
        up, across = notes(self.CHART)[:2]
        assert (up["text"], up["x"], up["y"], up["xanchor"], up["yanchor"]) == (
            "↑ Pass rate, %",
            0,
            1,
            "left",
            "bottom",
        )
        assert up["xshift"] == -drawn(self.CHART)["layout"]["margin"]["l"]
        assert (across["text"], across["x"], across["y"]) == ("Cost, USD →", 1, 0)
        assert (across["xanchor"], across["yanchor"]) == ("right", "top") and across["yshift"] < -FONT_SIZE
        assert {up["xref"], up["yref"], across["xref"], across["yref"]} == {"paper"}


class TestPortfolio:
    """One trace a purpose; what finds no room is a number explained below the plot."""

    def test_areas_are_as_the_money(self) -> None:
        chart = portfolio()
        sizes = {x: size for trace in drawn(chart)["data"]
                 for x, size in zip(trace["x"], trace["marker"]["size"], strict=True)}  # fmt: skip
        largest = chart.discs[0]
        for disc in chart.discs:
            assert (sizes[float(disc.x)] / sizes[float(largest.x)]) ** 2 == pytest.approx(
                float(disc.size / largest.size)
            )
        assert sizes[float(largest.x)] == 52

    def test_many_bubbles_are_smaller_and_none_vanishes(self) -> None:
        sizes = [size for trace in drawn(portfolio_many())["data"] for size in trace["marker"]["size"]]
        assert max(sizes) == 36 and min(sizes) >= 8

    def test_purposes_have_their_colours_and_are_named_over_the_plot(self) -> None:
        chart = portfolio()
        for trace, bucket in zip(drawn(chart)["data"], chart.buckets, strict=True):
            assert trace["name"] == str(bucket) and trace["marker"]["color"] == bucket_colour(bucket, LIGHT)
        (line,) = [note for note in notes(chart) if "■" in note["text"]]
        assert [name in line["text"] for name in ("Run", "Grow", "Transform")] == [True] * 3
        heading = next(note for note in notes(chart) if note["text"].startswith("↑"))
        assert line["yshift"] == heading["yshift"] + ROW

    def test_the_pointer_tells_purpose_place_and_money(self) -> None:
        texts = [text for trace in drawn(portfolio())["data"] for text in trace["hovertext"]]
        assert (
            "<b>GPU commitment</b><br>Run<br>Time to value  <b>2 months</b><br>Net present value  <b>&#36;2.10M</b>"
            "<br>Money  <b>&#36;4.00M</b>" in texts
        )

    def test_every_number_is_explained_in_a_row_of_its_own_and_the_figure_grows(self) -> None:
        chart = portfolio_many()
        own = [note["text"] for note in notes(chart) if "xref" not in note]
        rows = [note for note in notes(chart) if " · " in note["text"]]
        assert rows and sorted((text for text in own if text.isdigit()), key=int) == [
            note["text"].split("</b>")[0].removeprefix("<b>") for note in rows
        ]
        assert [upper["yshift"] - lower["yshift"] for upper, lower in pairwise(rows)] == [ROW] * (len(rows) - 1)
        assert all((note["x"], note["y"], note["xanchor"], note["yanchor"]) == (0, 0, "left", "top") for note in rows)
        layout, plain = drawn(chart)["layout"], drawn(portfolio())["layout"]
        assert layout["height"] - plain["height"] == ROW * len(rows)
        assert layout["margin"]["b"] - plain["margin"]["b"] == ROW * len(rows)
        assert -rows[-1]["yshift"] <= layout["margin"]["b"]


class TestKey:
    """What the colours are, in as many lines as a phone needs."""

    @settings(max_examples=20)
    @given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=9))
    def test_every_name_stands_once_on_a_line_no_wider_than_a_phone(self, names: list[str]) -> None:
        lines = key([(name, "#000000") for name in names], LIGHT, left=30)
        assert "   ".join(line["text"] for line in lines).count("■") == len(names)
        for name in names:
            assert any(literal(name) in line["text"] for line in lines)
        for line in lines:
            shown = [unescape(part.rpartition("</span> ")[2]) for part in line["text"].split("   ")]
            assert len(shown) == 1 or sum(width_of(name) + 16 + 14 for name in shown) <= 340

    def test_lines_stand_over_each_other_the_last_at_the_plot(self) -> None:
        lines = key([(LONG_NAME, "#000000")] * 3, LIGHT, left=30)
        assert [line["yshift"] for line in lines] == [2 + 2 * ROW, 2 + ROW, 2]
        assert {(line["x"], line["xshift"], line["xanchor"], line["xref"]) for line in lines} == {
            (0, -30, "left", "paper")
        }
        assert {(line["y"], line["yref"], line["yanchor"]) for line in lines} == {(1, "paper", "bottom")}

    def test_two_short_names_share_a_line(self) -> None:
        (line,) = key([("Run", "#000001"), ("Grow", "#000002")], LIGHT)
        assert line["text"] == ('<span style="color:#000001">■</span> Run   <span style="color:#000002">■</span> Grow')

    def test_what_is_asked_for_wins_over_the_usual_place(self) -> None:
        assert above("x", "#000000", yshift=9)["yshift"] == 9


class TestAxes:
    """An axis with room beyond its ends, as parts of its length."""

    @settings(max_examples=20)
    @given(st.lists(st.integers(-(10**6), 10**6).map(D), min_size=1, max_size=6), st.floats(0, 0.5), st.floats(0, 0.5))
    def test_room_is_a_part_of_the_length(self, values: list[D], before: float, after: float) -> None:
        scale = money_scale(values, "USD")
        axis = number_axis(scale, LIGHT, (before, after))
        low, high = float(scale.low), float(scale.high)
        assert axis["range"] == pytest.approx([low - before * (high - low), high + after * (high - low)])
        assert axis["tickvals"] == [float(tick) for tick in scale.ticks] and axis["type"] == "linear"

    def test_bold_and_larger_words_are_wider(self) -> None:
        assert width_of("Name") < width_of("Name", bold=True) < width_of("Name", bold=True, size=20)
        assert width_of("Name", size=24) == pytest.approx(2 * width_of("Name", size=12))
