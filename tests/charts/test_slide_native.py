"""A native chart in its frame: fixed plot, square corners, plain type, named and described; type of another size."""

from __future__ import annotations

from typing import Any

import pytest

from costlib.charts.fit import visible
from costlib.charts.palette import DARK, LIGHT, Palette
from costlib.charts.slide.frame import Plot, Room
from costlib.charts.slide.page import Box
from costlib.charts.spec import Chart
from costlib.charts.words import alt_text
from tests.charts.conftest import BUILDERS, outlook, ranked, stack, trend
from tests.charts.planning import PLANNING, portfolio, portfolio_many, tornado, tradeoff
from tests.charts.slides import A, C, frame_of, place_of
from tests.charts.slides import drawn as on_slide

BOX = Box(40, 100, 600, 300)
NATIVE = {**BUILDERS, **{at.__name__: at for at in (tornado, tradeoff, portfolio, portfolio_many)}}


@pytest.fixture(params=sorted(NATIVE))
def any_chart(request: pytest.FixtureRequest) -> Chart:
    return NATIVE[request.param]()


def drawn(chart: Chart, box: Box = BOX, *, scale: float = 1.0, palette: Palette = LIGHT) -> Any:
    """The frame of the one chart on a slide."""
    return frame_of(chart, box, scale, palette)


def space(frame: Any) -> Any:
    return frame.chart._chartSpace


class TestFrame:
    """Any native chart, 600 by 300 points on a page."""

    def test_it_lies_where_it_was_put(self, any_chart: Chart) -> None:
        frame = drawn(any_chart)
        assert (frame.left.pt, frame.top.pt, frame.width.pt, frame.height.pt) == (40, 100, 600, 300)

    def test_it_is_named_by_its_finding_and_described_in_words(self, any_chart: Chart) -> None:
        (properties,) = drawn(any_chart)._element.xpath(".//p:cNvPr")
        assert properties.get("name") == any_chart.caption.title
        assert properties.get("descr") == visible(alt_text(any_chart))

    def test_corners_are_square_and_said_once_before_the_chart(self, any_chart: Chart) -> None:
        tags = [child.tag.removeprefix(C) for child in space(drawn(any_chart))]
        (corners,) = space(drawn(any_chart)).findall(f"{C}roundedCorners")
        assert corners.get("val") == "0" and tags.index("roundedCorners") < tags.index("chart")
        if "date1904" in tags:
            assert tags.index("date1904") < tags.index("roundedCorners")

    def test_the_plot_is_fixed_once_as_the_inner_one_and_lies_in_the_frame(self, any_chart: Chart) -> None:
        area = space(drawn(any_chart)).chart.plotArea
        place = place_of(area)
        assert area[0].tag == f"{C}layout"
        assert area.find(f"{C}layout/{C}manualLayout/{C}layoutTarget").get("val") == "inner"
        assert all(0 <= value <= 1 for value in place.values())
        assert place["x"] + place["w"] <= 1 and place["y"] + place["h"] <= 1
        assert place["w"] * BOX.width > 150 and place["h"] * BOX.height > 100

    def test_type_is_plain_and_pale(self, any_chart: Chart) -> None:
        properties = space(drawn(any_chart, palette=DARK)).find(f"{C}txPr").find(f".//{A}defRPr")
        assert properties.get("sz") == "1200"
        assert f"#{properties.find(f'.//{A}srgbClr').get('val')}" == DARK.muted

    @pytest.mark.parametrize("build", [stack, trend, outlook])
    def test_a_chart_over_time_has_no_title_of_its_own(self, build: Any) -> None:
        frame = drawn(build())
        assert not frame.chart.has_title
        assert space(frame).find(f".//{C}autoTitleDeleted").get("val") == "1"

    def test_no_part_that_may_stand_once_stands_twice(self, any_chart: Chart) -> None:
        many = {"ser", "dPt", "dLbl", "pt", "axId", "barChart", "lineChart", "areaChart", "valAx", "legendEntry"}
        for element in space(drawn(any_chart)).iter():
            if isinstance(element.tag, str) and element.tag.startswith(C):
                tags = [child.tag.removeprefix(C) for child in element if child.tag.startswith(C)]
                assert {tag for tag in tags if tags.count(tag) > 1} <= many, element.tag


class TestSmallerType:
    """A chart beside other blocks of a page: all type smaller, everything else in the same proportion."""

    def test_every_size_is_multiplied(self, any_chart: Chart) -> None:
        """At half the scale the chart is laid out for a box of twice the size, then every size is halved."""
        whole = drawn(any_chart, Box(0, 0, 1200, 600))
        half = drawn(any_chart, BOX, scale=0.5)
        sizes = [
            [int(one.get("sz")) for one in space(frame).iter() if str(one.tag).startswith(A) and one.get("sz")]
            for frame in (whole, half)
        ]
        assert sizes[0] and sizes[1] == [round(size / 2) for size in sizes[0]]

    def test_the_plot_keeps_its_proportion(self, any_chart: Chart) -> None:
        whole = drawn(any_chart, Box(0, 0, 1200, 600))
        half = drawn(any_chart, BOX, scale=0.5)
        assert place_of(space(half).chart.plotArea) == place_of(space(whole).chart.plotArea)
        assert (half.width.pt, half.height.pt) == (600, 300)

    def test_sizes_of_markers_are_no_sizes_of_type(self) -> None:
        whole, half = (drawn(tradeoff(), BOX, scale=scale) for scale in (1.0, 0.5))
        markers = [[one.get("val") for one in space(frame).iter(f"{C}size")] for frame in (whole, half)]
        assert markers[0] == markers[1] and "13" in markers[0]


class TestPlot:
    """What the room for axes and labels leaves of a box of 400 by 200 points."""

    def test_room_is_taken_off_at_each_side(self) -> None:
        plot = Plot.within(Box(10, 20, 400, 200), Room(40, 60, top=10, bottom=30))
        assert (plot.inner.left, plot.inner.top) == pytest.approx((0.1, 0.05))
        assert (plot.inner.width, plot.inner.height) == pytest.approx((0.75, 0.8))
        assert (plot.width, plot.height) == pytest.approx((300, 160))

    def test_ticks_and_labels_have_room(self) -> None:
        """The ranking's names are wider than the ticks of the stack."""
        names, ticks = (place_of(space(drawn(chart)).chart.plotArea)["x"] * 600 for chart in (ranked(), stack()))
        assert names > ticks > 30


class TestLegend:
    """The key of two shades and the legend of a stack, placed by hand."""

    def test_two_shades_are_named_over_the_bars_and_not_over_their_names(self) -> None:
        frame = drawn(ranked())
        legend, plot = place_of(space(frame).chart.find(f"{C}legend")), place_of(space(frame).chart.plotArea)
        assert frame.chart.legend.include_in_layout is False
        assert (legend["x"], legend["y"]) == (plot["x"], 0)
        assert legend["h"] * 300 == pytest.approx(24, abs=0.01) == plot["y"] * 300
        assert legend["w"] == pytest.approx(min(320 / 600, plot["w"]), abs=1e-4)

    def test_the_parts_of_a_stack_are_named_beside_its_middle(self) -> None:
        frame = drawn(stack())
        legend, plot = place_of(space(frame).chart.find(f"{C}legend")), place_of(space(frame).chart.plotArea)
        assert frame.chart.legend.include_in_layout is False
        assert legend["x"] == pytest.approx(plot["x"] + plot["w"] + 10 / 600, abs=1e-4)
        assert legend["x"] + legend["w"] == pytest.approx(1, abs=1e-4)
        assert legend["y"] + legend["h"] / 2 == pytest.approx(plot["y"] + plot["h"] / 2, abs=1e-4)
        assert legend["h"] * 300 == pytest.approx(3 * 24, abs=0.01)

    @pytest.mark.parametrize("build", [stack, ranked])
    def test_its_words_are_as_large_as_all_others(self, build: Any) -> None:
        legend = drawn(build()).chart.legend
        assert legend.font.size.pt == 12


def test_plans_are_no_native_charts_without_need() -> None:
    """Kinds that an office suite has no chart for leave none behind: heat tables, figures, roadmaps."""
    for name in ("heat", "figures", "roadmap"):
        shapes = on_slide(PLANNING[name](), BOX)
        assert not [shape for shape in shapes if shape.has_chart]
        described = [shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in shapes]
        assert [text for text in described if text] == [visible(alt_text(PLANNING[name]()))]
