"""Native tables and text boxes on a slide: what stands in each cell, where it lies, how large it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest
from pptx.enum.text import PP_ALIGN

from costlib.charts.fit import text_width, wrapped
from costlib.charts.palette import LIGHT, heat_colour, mood_colour
from costlib.charts.slide.page import Box
from costlib.charts.spec import Caption, Chart, HeatTable, Kpi, KpiRow, Measure
from tests.charts.conftest import LONG_NAME
from tests.charts.planning import (
    figures,
    heat,
    heat_many,
    roadmap,
)
from tests.charts.slides import A, drawn

BOX = Box(36, 140, 888, 340)


def table_of(chart: Chart, box: Box = BOX) -> Any:
    (frame,) = [shape for shape in drawn(chart, box) if shape.has_table]
    return frame


def named(chart: Chart, name: str) -> Any:
    (found,) = [shape for shape in drawn(chart, BOX) if shape.name == name]
    return found


def box_of(shape: Any) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in points."""
    left, top = shape.left.pt, shape.top.pt
    return left, top, left + shape.width.pt, top + shape.height.pt


def run_of(cell: Any) -> Any:
    (run,) = cell.text_frame.paragraphs[0].runs
    return run


def rule_of(cell: Any) -> str | None:
    found = cell._tc.find(f"{A}tcPr/{A}lnB//{A}srgbClr")
    return None if found is None else f"#{found.get('val')}"


class TestHeat:
    """A table of shaded numbers."""

    def test_heads_and_numbers_are_centred_names_are_not(self) -> None:
        native = table_of(heat()).table
        for row in range(5):
            aligns = [native.cell(row, column).text_frame.paragraphs[0].alignment for column in range(7)]
            assert aligns == [PP_ALIGN.LEFT, *[PP_ALIGN.CENTER] * 6]

    def test_cells_are_shaded_and_numbers_stay_dark(self) -> None:
        chart, native = heat(), table_of(heat()).table
        for row in range(4):
            assert f"#{run_of(native.cell(row + 1, 0)).font.color.rgb}" == LIGHT.ink
            for column in range(6):
                cell, shade = native.cell(row + 1, column + 1), chart.shade(row, column)
                assert f"#{cell.fill.fore_color.rgb}" == heat_colour(shade, LIGHT)
                assert f"#{run_of(cell).font.color.rgb}" == LIGHT.ink and run_of(cell).text == chart.text(row, column)
                assert rule_of(cell) == (LIGHT.background if shade else LIGHT.grid)

    def test_a_rule_is_under_the_heads_and_every_name(self) -> None:
        native = table_of(heat()).table
        assert {rule_of(native.cell(0, column)) for column in range(7)} == {LIGHT.baseline}
        assert {rule_of(native.cell(row, 0)) for row in range(1, 5)} == {LIGHT.grid}
        assert f"#{run_of(native.cell(0, 0)).font.color.rgb}" == LIGHT.muted

    @pytest.mark.parametrize(("high", "row", "size"), [(340.0, 38.0, 12.0), (100.0, 20.0, 12.0), (99.0, 19.8, 11.0)])
    def test_rows_share_the_height_and_low_ones_have_smaller_type(self, high: float, row: float, size: float) -> None:
        native = table_of(heat(), replace(BOX, height=high)).table
        assert [one.height.pt for one in native.rows] == pytest.approx([row] * 5, abs=0.01)
        assert {run_of(native.cell(1, column)).font.size.pt for column in (0, 1)} == {size}

    @pytest.mark.parametrize("width", [300.0, 500.0, 888.0])
    def test_every_number_fits_its_cell_and_the_table_its_box(self, width: float) -> None:
        frame = table_of(heat_many(), replace(BOX, width=width))
        native = frame.table
        assert sum(column.width.pt for column in native.columns) <= width + 0.1
        widths = {round(column.width.pt, 3) for column in list(native.columns)[1:]}
        assert len(widths) == 1
        size = run_of(native.cell(1, 1)).font.size.pt
        if size > 9:
            numbers = [native.cell(row, column).text for row in range(1, 16) for column in range(1, 14)]
            assert max(text_width(text) for text in numbers) * size <= min(widths) - 8

    def test_few_columns_leave_a_quarter_to_the_names_many_less(self) -> None:
        """Eight columns are few; nine are many."""
        shares = []
        for count in (8, 9):
            columns = tuple(f"C{at}" for at in range(count))
            chart = HeatTable(Caption("t", "s", ""), Measure("N"), (LONG_NAME,), columns, ((D(1),) * count,))
            shares.append(table_of(chart).table.columns[0].width.pt / 888)
        assert shares == pytest.approx([0.25, 0.18], abs=1e-4)


class TestFigures:
    """A text box each, beside a rule."""

    def pairs(self, chart: KpiRow) -> list[tuple[Any, Any]]:
        """Rule and words of each figure."""
        rules, words = drawn(chart, BOX)[::2], drawn(chart, BOX)[1::2]
        assert [rule.name for rule in rules] == [f"{kpi.label}: rule" for kpi in chart.kpis]
        assert [text.name for text in words[1:]] == [kpi.label for kpi in chart.kpis[1:]]
        return list(zip(rules, words, strict=True))

    def test_they_stand_side_by_side_between_the_edges_of_the_box(self) -> None:
        places = [(box_of(rule), box_of(text)) for rule, text in self.pairs(figures())]
        assert places[0][0][0] == 36 and places[-1][1][2] == pytest.approx(36 + 888, abs=0.1)
        for rule, text in places:
            assert text[0] - rule[0] == pytest.approx(16, abs=0.01) and rule[2] - rule[0] == 4
            assert (rule[1], rule[3]) == (text[1], text[3]) == (180, 330)
        for (_, left), (right, _) in pairwise(places):
            assert right[0] - left[2] == pytest.approx(20, abs=0.01)

    def test_one_alone_is_no_wider_than_it_needs(self) -> None:
        ((_, words),) = self.pairs(KpiRow(Caption("t", "s", ""), (Kpi("Spend", "$1"),)))
        assert box_of(words)[2] == pytest.approx(36 + 300, abs=0.01)
        assert len(words.text_frame.paragraphs) == 2

    def test_it_says_what_there_is_to_say_in_the_colour_of_its_mood(self) -> None:
        for kpi, (rule, words) in zip(figures().kpis, self.pairs(figures()), strict=True):
            lines = [line.runs[0] for line in words.text_frame.paragraphs]
            assert [one.text for one in lines] == [kpi.label, kpi.value, kpi.delta, kpi.sub]
            tints = [LIGHT.muted, LIGHT.ink, mood_colour(kpi.mood, LIGHT), LIGHT.muted]
            assert [f"#{one.font.color.rgb}" for one in lines] == tints
            assert [one.font.bold for one in lines] == [False, True, True, False]
            assert f"#{rule.fill.fore_color.rgb}" == tints[2]

    def test_a_long_value_is_smaller_so_that_it_stays_on_one_line(self) -> None:
        chart = replace(figures(), kpis=(*figures().kpis[:3], Kpi("Wide", "$1,234,567,890.12 a year")))
        run = named(chart, "Wide").text_frame.paragraphs[1].runs[0]
        wide = box_of(named(chart, "Wide"))
        assert run.font.size.pt < 36 and len(wrapped(run.text, (wide[2] - wide[0]) / run.font.size.pt, bold=True)) == 1


class TestRoadmap:
    """A table of five columns, bars at its right."""

    def test_savings_stand_at_the_right_the_rest_at_the_left(self) -> None:
        native = table_of(roadmap()).table
        for row in range(8):
            aligns = [native.cell(row, column).text_frame.paragraphs[0].alignment for column in range(5)]
            assert aligns == [*[PP_ALIGN.LEFT] * 4, PP_ALIGN.RIGHT]

    def test_names_and_savings_are_bold_and_so_is_the_whole_total(self) -> None:
        native = table_of(roadmap()).table
        bold = [[run_of(native.cell(row, column)).font.bold for column in range(5)] for row in range(8)]
        assert bold[0] == [False] * 5 and bold[7] == [True] * 5
        assert bold[1:7] == [[False, True, False, False, True]] * 6

    def test_rules_are_strong_under_heads_and_last_row_and_absent_under_the_total(self) -> None:
        native = table_of(roadmap()).table
        rules = [rule_of(native.cell(row, 1)) for row in range(8)]
        assert rules == [LIGHT.baseline, *[LIGHT.grid] * 5, LIGHT.baseline, None]

    def test_a_track_is_named_once_and_the_total_has_no_owner(self) -> None:
        native = table_of(roadmap()).table
        assert [native.cell(row, 0).text for row in range(8)] == [
            "Phase", "1 Quick wins", "", "2 Commit", "", "3 Re-engineer", "", ""
        ]  # fmt: skip
        assert [native.cell(7, column).text for column in range(5)] == ["", "Total", "", "", "$4.60M"]

    def test_bars_lie_in_the_middle_of_their_rows_and_right_of_the_table(self) -> None:
        frame = table_of(roadmap())
        top, height = frame.top.pt, frame.table.rows[0].height.pt
        for at, one in enumerate(roadmap().rows, start=1):
            left, upper, right, lower = box_of(named(roadmap(), f"Bar {one.name}"))
            assert (upper + lower) / 2 == pytest.approx(top + (at + 0.5) * height, abs=0.1)
            assert left >= box_of(frame)[2] + 8 - 0.1 and right <= 36 + 888 + 0.1
            assert lower - upper == pytest.approx(0.42 * height, abs=0.1)

    def test_months_stand_over_the_bars_of_their_days(self) -> None:
        months = [shape for shape in drawn(roadmap(), BOX) if shape.name.startswith("Month ")]
        first = named(roadmap(), f"Bar {roadmap().rows[0].name}")
        assert months[0].name == "Month Dec 26" and months[0].left.pt == pytest.approx(first.left.pt, abs=0.1)
        assert {shape.top.pt for shape in months} == {table_of(roadmap()).top.pt}
        assert all(right.left - left.left >= left.width for left, right in pairwise(months))

    @pytest.mark.parametrize(("count", "high", "size"), [(6, 340.0, 12.0), (11, 400.0, 12.0), (11, 380.0, 11.0)])
    def test_names_take_two_lines_at_a_smaller_size_before_they_are_cut(
        self, count: int, high: float, size: float
    ) -> None:
        """Rows of 29 points have one line of 12 points or two of 11: the first cut every name of a board's plan."""
        name, owner = "Quotas and sharing for the whole of the cluster", "Head of Search"
        one = replace(roadmap().initiatives[0], owner=owner)
        many = tuple(replace(one, name=f"{name} {at}") for at in range(count))
        native = table_of(replace(roadmap(), initiatives=many), replace(BOX, height=high)).table
        rows = [[native.cell(row, column) for column in range(5)] for row in range(1, count + 1)]
        assert not [cell.text for row in rows for cell in row if cell.text.endswith("…")]
        assert [row[1].text for row in rows] == [one.name for one in many] and rows[0][2].text == owner
        assert {run_of(row[1]).font.size.pt for row in rows} == {size}

    def test_what_no_size_holds_is_cut_at_the_largest(self) -> None:
        """A name without a blank fits at no size: then nothing is gained by small letters."""
        one = replace(roadmap().initiatives[0], name="x" * 200)
        native = table_of(replace(roadmap(), initiatives=(one,))).table
        assert native.cell(1, 1).text.endswith("…") and run_of(native.cell(1, 1)).font.size.pt == 12.0

    def test_today_is_centred_under_its_line(self) -> None:
        word = box_of(named(roadmap(), "Today"))
        lines = [shape for shape in drawn(roadmap(), BOX) if shape.shape_type is not None and shape.width == 0]
        assert any(shape.left.pt == pytest.approx((word[0] + word[2]) / 2, abs=0.1) for shape in lines)
        assert named(roadmap(), "Today").text_frame.paragraphs[0].alignment == PP_ALIGN.CENTER
