"""Native charts in a narrow place, half a sheet of upright paper: names, months and amounts leave the plot its room."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from costlib.charts.palette import PRINT
from costlib.charts.slide import draw
from costlib.charts.slide.page import Box, blank_deck
from costlib.charts.spec import Chart
from tests.charts import planning
from tests.charts.conftest import outlook, ranked_plain, stack

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WIDE, HALF = Box(36, 140, 888, 340), Box(42, 200, 245, 160)


def put(chart: Chart, box: Box) -> Any:
    """The chart drawn into a box of a slide, as the slide that holds it."""
    deck: Presentation = blank_deck(PRINT)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    draw(slide, chart, PRINT, box, date(2026, 11, 22), scale=0.72)
    return slide


def native(chart: Chart, box: Box) -> Any:
    return next(shape.chart for shape in put(chart, box).shapes if shape.has_chart)


def plot_share(chart: Chart, box: Box) -> float:
    """How much of the chart's width its plot takes."""
    layout = native(chart, box)._chartSpace.chart.plotArea.find(f"{C}layout/{C}manualLayout/{C}w")
    return float(layout.get("val"))


@pytest.mark.parametrize("chart", [planning.tornado(), ranked_plain(), planning.outlook_with_plan(), outlook()])
def test_the_plot_keeps_close_to_half_of_a_narrow_box(chart: Chart) -> None:
    assert plot_share(chart, HALF) >= 0.45


def labelled_months(chart: Chart, box: Box) -> int:
    """How many months apart two names on the time axis are."""
    axis = native(chart, box)._chartSpace.find(f".//{C}dateAx")
    return int(axis.find(f"{C}majorUnit").get("val"))


def test_a_narrow_time_axis_names_fewer_months() -> None:
    chart = planning.outlook_with_plan()
    assert labelled_months(chart, HALF) > labelled_months(chart, WIDE)


def test_four_months_are_all_named_where_there_is_room() -> None:
    assert labelled_months(stack(), WIDE) == 1


def label_rows(chart: Chart, box: Box) -> int:
    """The most lines that a label has."""
    return max(len(list(label.iter(f"{A}p"))) for label in native(chart, box)._chartSpace.iter(f"{C}dLbl"))


def test_amounts_stand_under_their_names_only_where_it_is_narrow() -> None:
    chart = planning.outlook_with_plan()
    assert (label_rows(chart, WIDE), label_rows(chart, HALF)) == (1, 2)


def sizes(chart: Chart, box: Box) -> float:
    """The size of the names beside the bars, in points."""
    size: float = native(chart, box).category_axis.tick_labels.font.size.pt
    return size


def test_names_beside_bars_are_smaller_in_a_narrow_box() -> None:
    assert sizes(planning.tornado(), HALF) < sizes(planning.tornado(), WIDE)


class TestRoadmap:
    NARROW = Box(42, 140, 511, 300)

    def rows(self, box: Box) -> list[list[str]]:
        slide = put(planning.roadmap(), box)
        table = next(shape.table for shape in slide.shapes if shape.has_table)
        return [[cell.text for cell in row.cells] for row in table.rows]

    def test_a_narrow_table_leaves_owner_and_months_to_the_bars(self) -> None:
        assert len(self.rows(WIDE)[0]) == 5
        header, first, *_ = self.rows(self.NARROW)
        assert header == ["Phase", "Initiative", planning.roadmap().saving_name]
        assert not first[1].startswith("…")

    def test_every_initiative_can_be_read(self) -> None:
        """At least the first dozen letters of each name are there."""
        names = [row[1] for row in self.rows(self.NARROW)[1:-1]]
        for shown, one in zip(names, planning.roadmap().rows, strict=True):
            assert shown.rstrip("…")[:12] == one.name[:12]

    def test_bars_lie_right_of_the_table_and_on_the_page(self) -> None:
        slide = put(planning.roadmap(), self.NARROW)
        table = next(shape for shape in slide.shapes if shape.has_table)
        bars = [shape for shape in slide.shapes if shape.name.startswith("Bar ")]
        assert len(bars) == len(planning.roadmap().initiatives)
        for bar in bars:
            assert bar.left >= table.left + table.width - 1
            assert bar.left + bar.width <= Pt(self.NARROW.left + self.NARROW.width) + 1
