"""Charts of points on a slide: axes that name their unit, names beside their points, numbers explained below."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, bucket_colour
from costlib.charts.placing import Side
from costlib.charts.slide import bubble, scatter
from costlib.charts.slide.frame import Plot, Room
from costlib.charts.slide.page import Box
from costlib.charts.slide.points import Name, name_places, numbered_places, padded
from costlib.charts.slide.points import place_of as side_of
from costlib.charts.spec import Bubble, Bucket, Chart, Investment, Measure, Point, Scatter
from costlib.charts.ticks import money_scale, place_scale
from tests.charts.conftest import LONG_NAME, caption
from tests.charts.planning import portfolio, portfolio_many, tradeoff, tradeoff_many
from tests.charts.slides import A, C, colour_of, frame_of, place_of

BOX = Box(40, 100, 600, 300)
COST, SHARE, USERS = Measure("Cost", currency="USD"), Measure("Pass rate", unit="%"), Measure("Users")
PLOT = Plot.within(BOX, Room(60, 16, bottom=44))
SCALES = money_scale([D(1000)], "USD"), money_scale([D(500)], "USD")


def native(chart: Chart) -> Any:
    """The chart on a slide, to be read only."""
    return frame_of(chart, BOX).chart


def labels(series: Any) -> list[tuple[list[str], str, list[str]]]:
    """Of each label of a series: its lines, on which side it stands, and their colours."""
    found = []
    for label in series._element.iter(f"{C}dLbl"):
        rows = ["".join(text.text or "" for text in line.iter(f"{A}t")) for line in label.iter(f"{A}p")]
        tints = [colour_of(run) for run in label.iter(f"{A}rPr")]
        found.append((rows, label.find(f"{C}dLblPos").get("val"), tints))
    return found


def choices(*pairs: tuple[D | None, D | None], chosen: int | None = None) -> Scatter:
    points = tuple(Point(f"P{at}", x, y, chosen=at == chosen) for at, (x, y) in enumerate(pairs))
    return Scatter(caption("Choices"), COST, USERS, points)


class TestAxes:
    """Both axes of a trade-off and of a portfolio."""

    def test_they_have_the_ticks_of_their_scales_and_a_pale_grid(self) -> None:
        chart = tradeoff()
        made = native(chart)
        for axis, scale in ((made.category_axis, chart.x_scale), (made.value_axis, chart.y_scale)):
            found = (axis.minimum_scale, axis.maximum_scale, axis.major_unit)
            assert found == pytest.approx((float(scale.low), float(scale.high), float(scale.step)))
            assert axis.has_major_gridlines
            assert f"#{axis.major_gridlines.format.line.color.rgb}" == LIGHT.grid
            assert f"#{axis.format.line.color.rgb}" == LIGHT.baseline
            assert axis.tick_labels.font.size.pt == 12

    def test_they_say_what_their_numbers_are(self) -> None:
        made = native(tradeoff())
        titles = [axis.axis_title.text_frame for axis in (made.category_axis, made.value_axis)]
        assert [one.text for one in titles] == ["Cost per 1k requests, USD", "Pass rate, %"]
        for one in titles:
            font = one.paragraphs[0].runs[0].font
            assert (font.size.pt, font.bold, f"#{font.color.rgb}") == (12, False, LIGHT.muted)

    def test_ticks_are_written_as_the_scale_writes_them(self) -> None:
        chart = tradeoff()
        axis = native(chart).value_axis
        above, below, zero = chart.y_scale.number_format().split(";")
        assert axis.tick_labels.number_format == f"{above};{below};{zero}"
        assert axis.tick_labels.number_format_is_linked is False

    def test_room_for_large_points_below_zero_has_no_name(self) -> None:
        """A portfolio's axis begins a step below zero; where no amount lies there the tick is not named."""
        chart = portfolio()
        made = native(chart)
        assert made.category_axis.minimum_scale == -float(chart.x_scale.step)
        above, below, zero = made.category_axis.tick_labels.number_format.split(";")
        assert (above, below) == (chart.x_scale.number_format().split(";")[0], "") and zero in ('""0', "0", above)
        assert chart.y_scale.low < 0 and made.value_axis.tick_labels.number_format.split(";")[1] != ""

    @settings(max_examples=20)
    @given(st.lists(st.integers(-(10**6), 10**6).map(D), min_size=1, max_size=6))
    def test_a_step_more_at_both_ends(self, values: list[D]) -> None:
        scale = money_scale(values, "USD")
        wide = padded(scale)
        assert wide.ticks[1:-1] == scale.ticks and wide.step == scale.step
        assert (scale.low - wide.low, wide.high - scale.high) == (scale.step, scale.step)


class TestTradeOff:
    """The front on a line, the rest in grey beside it."""

    def test_the_front_is_one_series_from_left_to_right_and_the_beaten_another(self) -> None:
        chart = choices((D(3), D(9)), (D(1), D(5)), (D(4), D(4)))
        front, beaten = native(chart).plots[0].series
        assert (front.name, beaten.name) == (scatter.FRONT, scatter.BEATEN)
        assert [rows for rows, _, _ in labels(front)] == [["P1"], ["P0"]]
        assert [rows for rows, _, _ in labels(beaten)] == [["P2"]]
        assert len(native(choices((D(1), D(1)))).plots[0].series) == 1

    def test_only_the_front_is_joined(self) -> None:
        front, beaten = native(tradeoff()).plots[0].series
        assert f"#{front.format.line.color.rgb}" == LIGHT.accent and front.format.line.width.pt == 1.5
        assert beaten._element.find(f"{C}spPr/{A}ln/{A}noFill") is not None

    def test_markers_are_round_the_chosen_one_larger(self) -> None:
        front, beaten = native(choices((D(3), D(9)), (D(1), D(5)), (D(4), D(4)), chosen=1)).plots[0].series
        assert (front.marker.size, beaten.marker.size) == (9, 9)
        assert f"#{front.marker.format.fill.fore_color.rgb}" == LIGHT.accent
        assert f"#{beaten.marker.format.fill.fore_color.rgb}" == LIGHT.previous
        (point,) = front._element.findall(f"{C}dPt")
        assert point.find(f"{C}idx").get("val") == "0"
        assert point.find(f"{C}marker/{C}size").get("val") == "13" and colour_of(point) == LIGHT.ink

    def test_the_chosen_one_says_so_and_the_beaten_are_pale(self) -> None:
        front, beaten = native(choices((D(3), D(9)), (D(1), D(5)), (D(4), D(4)), chosen=1)).plots[0].series
        assert [(rows, tints) for rows, _, tints in labels(front)] == [
            (["P1", "chosen"], [LIGHT.ink, LIGHT.muted]),
            (["P0"], [LIGHT.ink]),
        ]
        assert [tints for _, _, tints in labels(beaten)] == [[LIGHT.muted]]

    @pytest.mark.parametrize("build", [tradeoff, tradeoff_many])
    def test_a_label_belongs_to_the_point_of_its_name(self, build: Any) -> None:
        chart = build()
        ordered = [*chart.front, *(one for one in chart.placed if not one.front)]
        names = [rows[0] for series in native(chart).plots[0].series for rows, _, _ in labels(series)]
        for one, shown in zip(ordered, names, strict=True):
            assert one.name.split()[0].startswith(shown.split()[0].rstrip("…")) or "\x00" in one.name


class TestPortfolio:
    """Bubbles by purpose; what finds no room is a number that is explained below."""

    def test_one_series_a_purpose_in_its_colour(self) -> None:
        chart = portfolio()
        for series, bucket in zip(native(chart).plots[0].series, chart.buckets, strict=True):
            assert series.name == bucket.capitalize()
            assert f"#{series.format.fill.fore_color.rgb}" == bucket_colour(bucket, LIGHT)
            assert f"#{series.format.line.color.rgb}" == LIGHT.background

    def test_a_label_is_the_name_and_its_money(self) -> None:
        chart = portfolio()
        shown = {" ".join(rows[:-1]): rows[-1] for s in native(chart).plots[0].series for rows, _, _ in labels(s)}
        assert shown == {disc.name: chart.size.text(disc.size) for disc in chart.discs}
        assert not native(chart).has_title

    def test_every_number_is_explained_once_in_its_order(self) -> None:
        chart = portfolio_many()
        made = native(chart)
        numbers = [rows[0] for s in made.plots[0].series for rows, _, _ in labels(s) if rows[0].isdigit()]
        rows = [paragraph.text for paragraph in made.chart_title.text_frame.paragraphs]
        assert rows and [row.split("  ")[0] for row in rows] == [str(at + 1) for at in range(len(rows))]
        assert sorted(numbers, key=int) == [row.split("  ")[0] for row in rows]
        assert {row.rpartition(" · ")[2] for row in rows} <= {chart.size.text(disc.size) for disc in chart.discs}

    def test_the_explanation_is_small_and_lies_below_the_axis(self) -> None:
        made = native(portfolio_many())
        place, plot = place_of(made.chart_title._element), place_of(made._chartSpace.chart.plotArea)
        count = len(made.chart_title.text_frame.paragraphs)
        assert (place["x"], place["w"], place["y"] + place["h"]) == (0, 1, pytest.approx(1, abs=1e-4))
        assert place["h"] * 300 == pytest.approx(14 * count + 2, abs=0.01)
        assert place["y"] > plot["y"] + plot["h"]
        for paragraph in made.chart_title.text_frame.paragraphs:
            font = paragraph.runs[0].font
            assert (font.size.pt, font.bold, f"#{font.color.rgb}") == (11, False, LIGHT.muted)

    def test_the_room_below_grows_with_the_rows(self) -> None:
        few, many = (bubble.drawing(chart, LIGHT).plot(BOX) for chart in (portfolio(), portfolio_many()))
        assert (few.inner.height > many.inner.height and few.inner.width == many.inner.width) or few.width > 0
        rows = len(native(portfolio_many()).chart_title.text_frame.paragraphs)
        assert (few.height - many.height) == pytest.approx(10 + rows * 14)

    def test_an_investment_without_money_is_named_too(self) -> None:
        one = Investment("Only", D(3), D(10), D(0), Bucket.GROW)
        chart = Bubble(caption("One"), USERS, COST, Measure("Money", currency="USD"), (one,))
        (series,) = native(chart).plots[0].series
        assert [rows for rows, _, _ in labels(series)] == [["Only", "$0"]]


class TestNames:
    """Where a label stands, on a plot of 524 by 242 points."""

    def name(self, x: int, y: int, name: str = "Name") -> Name:
        return Name(D(x), D(y), 8.0, name)

    def test_a_side_is_named_as_office_suites_name_it(self) -> None:
        assert [side_of(side) for side in Side] == ["r", "l", "t", "b"]

    def test_right_where_there_is_room_left_at_the_edge(self) -> None:
        assert name_places([self.name(200, 200)], SCALES, PLOT) == ["r"]
        assert name_places([self.name(1000, 200)], SCALES, PLOT) == ["l"]

    def test_not_over_a_line(self) -> None:
        along = [(D(200), D(200)), (D(1000), D(200))]
        assert name_places([self.name(200, 200)], SCALES, PLOT, along) == ["l"]
        through = [(D(0), D(200)), (D(1000), D(200))]
        assert name_places([self.name(500, 200)], SCALES, PLOT, through) == ["t"]

    def test_a_pin_lies_where_its_numbers_are_and_is_as_high_as_its_lines(self) -> None:
        one, two = self.name(500, 250).pin(SCALES, PLOT), self.name(500, 250, LONG_NAME).pin(SCALES, PLOT)
        assert (one.x, one.y, one.radius) == pytest.approx((PLOT.width / 2, PLOT.height / 2, 8))
        assert (one.high, two.high) == pytest.approx((11 * 1.2, 2 * 11 * 1.2)) and two.wide > one.wide
        told = replace(self.name(500, 250), after="$4.00M").pin(SCALES, PLOT)
        assert told.high == pytest.approx(2 * 11 * 1.2) and told.wide > one.wide

    def test_a_number_is_as_short_as_it_gets(self) -> None:
        told = replace(self.name(1, 1, LONG_NAME), after="$4.00M")
        assert told.numbered(3).lines == ["3"] and told.numbered(3).after == ""
        assert len(told.lines) == 2 and told.lines[1].endswith("…")

    @settings(max_examples=15)
    @given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 500)), min_size=1, max_size=9, unique=True))
    def test_named_labels_never_touch_and_stay_on_the_plot(self, places: list[tuple[int, int]]) -> None:
        names = [self.name(x, y, f"Name {at}") for at, (x, y) in enumerate(places)]
        boxes = []
        for name, place in zip(names, numbered_places(names, SCALES, PLOT), strict=True):
            pin = name.pin(SCALES, PLOT)
            across = {Side.RIGHT: pin.radius, Side.LEFT: -pin.radius - pin.wide}.get(place.side, -pin.wide / 2)
            up = {Side.ABOVE: pin.radius, Side.BELOW: -pin.radius - pin.high}.get(place.side, -pin.high / 2)
            if place.named:
                boxes.append((pin.x + across, pin.y + up, pin.x + across + pin.wide, pin.y + up + pin.high))
        for left, low, right, high in boxes:
            assert left >= -0.01 and low >= -0.01 and right <= PLOT.width + 0.01 and high <= PLOT.height + 0.01
        for one, other in combinations(boxes, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            assert across <= 0.01 or down <= 0.01

    def test_shares_have_the_axis_of_shares(self) -> None:
        scale = place_scale([D("0.91"), D("0.968")], percent=True)
        assert padded(scale).text(D("0.88")) == "88%"
        assert native(tradeoff()).value_axis.tick_labels.number_format.startswith("#,##0%")
