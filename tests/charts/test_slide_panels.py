"""Panels and tornados on a slide: a grid of native charts with a key over it; bars that stand on their base."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from costlib.charts.fit import text_width
from costlib.charts.palette import LIGHT, part_colours
from costlib.charts.slide.page import Box
from costlib.charts.spec import Caption, Chart, Level, Swing, Tornado
from tests.charts.conftest import LONG_NAME
from tests.charts.planning import panel_alone, panels, panels_many, panels_stacked, tornado, tornado_one_sided
from tests.charts.slides import drawn, frame_of, place_of

BOX = Box(36, 140, 888, 340)


def named(chart: Chart, name: str) -> Any:
    (found,) = [shape for shape in drawn(chart, BOX) if shape.name == name]
    return found


def box_of(shape: Any) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in points."""
    left, top = shape.left.pt, shape.top.pt
    return left, top, left + shape.width.pt, top + shape.height.pt


class TestPanels:
    """A grid of charts with a key over it."""

    @pytest.mark.parametrize("build", [panels, panels_stacked, panels_many, panel_alone])
    def test_panels_fill_the_box_14_points_apart(self, build: Any) -> None:
        chart = build()
        frames = [shape for shape in drawn(chart, BOX) if shape.has_chart]
        down, across = chart.grid
        boxes = [box_of(shape) for shape in frames]
        assert boxes[0][0] == pytest.approx(36) and boxes[across - 1][2] == pytest.approx(924, abs=0.1)
        assert boxes[-1][3] == pytest.approx(480, abs=0.1)
        if across > 1:
            assert boxes[1][0] - boxes[0][2] == pytest.approx(14, abs=0.1)
        if down > 1:
            assert boxes[across][1] - 20 - boxes[0][3] == pytest.approx(14, abs=0.1)

    def test_a_panel_is_headed_by_its_name_and_last_amount_in_bold(self) -> None:
        charts = [shape for shape in drawn(panels_stacked(), BOX) if shape.has_chart]
        for panel, below in zip(panels_stacked().panels, charts, strict=True):
            head = named(panels_stacked(), f"Name {panel.name}")
            run = head.text_frame.paragraphs[0].runs[0]
            assert run.text == f"{panel.name} {panels_stacked().last(panel)}" and run.font.bold
            assert box_of(head)[3] == pytest.approx(box_of(below)[1], abs=0.1) and head.left == below.left

    def test_the_key_repeats_the_colours_of_the_parts(self) -> None:
        chart = panels_stacked()
        for part, colour in zip(chart.parts, part_colours(chart.charts[0], LIGHT), strict=True):
            run = named(chart, f"Key {part.name}").text_frame.paragraphs[0].runs[0]
            assert run.text == f"■ {part.name}" and f"#{run.font.color.rgb}" == colour
        assert not [shape for shape in drawn(panel_alone(), BOX) if shape.name.startswith("Key")]
        with_key, without = (min(box_of(one)[1] for one in drawn(each, BOX)) for each in (chart, panel_alone()))
        assert with_key == without == 140

    def test_every_panel_has_small_type_and_the_shared_axis(self) -> None:
        for shape in drawn(panels(), BOX):
            if shape.has_chart:
                axis = shape.chart.value_axis
                assert (axis.minimum_scale, axis.maximum_scale) == (
                    float(panels().scale.low),
                    float(panels().scale.high),
                )
                assert axis.tick_labels.font.size.pt == shape.chart.category_axis.tick_labels.font.size.pt == 10


class TestTornado:
    """Bars on the base instead of zero, the base named over its line."""

    def native(self, chart: Tornado) -> Any:
        return frame_of(chart, BOX).chart

    @pytest.mark.parametrize("build", [tornado, tornado_one_sided])
    def test_both_ends_leave_the_same_room_for_labels(self, build: Any) -> None:
        chart = build()
        axis = self.native(chart).value_axis
        ends = [one for _, values in chart.columns for one in values if one is not None]
        low, high = (float(end([*ends, chart.base.amount])) for end in (min, max))
        assert low - axis.minimum_scale == pytest.approx(axis.maximum_scale - high)
        widest = max(text_width(chart.label(one), bold=True) for one in ends)
        wide = place_of(self.native(chart)._chartSpace.chart.plotArea)["w"] * 888
        assert (low - axis.minimum_scale) / (axis.maximum_scale - axis.minimum_scale) * wide >= widest * 12
        assert not axis.visible and not axis.has_major_gridlines

    def test_the_base_is_named_over_its_own_line(self) -> None:
        chart = self.native(tornado())
        place, plot = place_of(chart.chart_title._element), place_of(chart._chartSpace.chart.plotArea)
        axis = chart.value_axis
        share = (3200000 - axis.minimum_scale) / (axis.maximum_scale - axis.minimum_scale)
        assert place["x"] + place["w"] / 2 == pytest.approx(plot["x"] + share * plot["w"], abs=1e-3)
        assert (place["y"] * 340, place["h"] * 340) == pytest.approx((24, 20), abs=0.01)
        font = chart.chart_title.text_frame.paragraphs[0].runs[0].font
        assert (font.size.pt, font.bold, f"#{font.color.rgb}") == (12, True, LIGHT.ink)

    def test_the_name_of_a_base_at_the_edge_stays_on_the_chart(self) -> None:
        swing = Swing("One", D(100), D(900))
        chart = Tornado(Caption("t", "s", ""), "USD", Level(LONG_NAME, D(100)), (swing,))
        place = place_of(self.native(chart).chart_title._element)
        assert place["x"] >= 0 and place["x"] + place["w"] <= 1.0001

    def test_one_input_that_moves_nothing_still_has_an_axis(self) -> None:
        chart = Tornado(Caption("t", "s", ""), "USD", Level("NPV", D(7)), (Swing("Price", D(7), D(7)),))
        axis = self.native(chart).value_axis
        assert axis.minimum_scale < 7 < axis.maximum_scale
