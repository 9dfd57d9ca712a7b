"""A heat table on paper: every number in its cell, every cell under its column and beside its row."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, heat_colour
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.heat import bands
from costlib.charts.printed.key import overlaps
from costlib.charts.printed.marks import Anchor, Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import HeatTable, Measure
from tests.charts.conftest import LONG_NAME, caption
from tests.charts.planning import heat, heat_many, heat_unknown

COST = Measure("Cost", currency="USD")
VALUES = st.none() | st.integers(-(10**6), 10**6).map(D)
WIDTHS = pytest.mark.parametrize("width", [200.0, 320.0, 509.0])


@st.composite
def tables(draw: st.DrawFn) -> HeatTable:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    values = tuple(tuple(draw(VALUES) for _ in range(columns)) for _ in range(rows))
    heads = tuple(f"Col {at}" for at in range(columns))
    return HeatTable(caption("Heat"), COST, tuple(f"Row {at}" for at in range(rows)), heads, values, "Team")


def drawn(chart: HeatTable, width: float = 509.0) -> Drawing:
    return drawing(chart, width, least_height(chart, width), LIGHT)


def cells(made: Drawing) -> list[Rect]:
    return [mark for mark in made.marks if isinstance(mark, Rect)]


def inside(text: Text, cell: Rect) -> bool:
    """Whether the middle of a text lies in a cell."""
    x, y = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
    return cell.x <= x <= cell.x + cell.width and cell.y <= y <= cell.y + cell.height


class TestCells:
    """One cell a number, in the shade of its size."""

    @settings(max_examples=10)
    @given(tables(), st.sampled_from([200.0, 509.0]))
    def test_each_number_stands_in_the_middle_of_its_own_cell(self, chart: HeatTable, width: float) -> None:
        made = drawn(chart, width)
        order = [
            (row, column)
            for group in bands(chart, Paper(width, 0, LIGHT))
            for row in range(len(chart.rows))
            for column in group
        ]
        found = cells(made)
        assert len(found) == len(order)
        numbers = [one for one in made.texts if one.anchor is Anchor.MIDDLE and not one.text.startswith("Col")]
        for cell, (row, column) in zip(found, order, strict=True):
            assert cell.fill == heat_colour(chart.shade(row, column), LIGHT)
            own = [one for one in numbers if inside(one, cell)]
            assert [one.text for one in own] == ([chart.text(row, column)] if chart.text(row, column) else [])
            assert all(one.x == pytest.approx(cell.x + cell.width / 2) for one in own)
            assert all((one.box[1] + one.box[3]) / 2 == pytest.approx(cell.y + cell.height / 2, abs=1.2) for one in own)

    @settings(max_examples=10)
    @given(tables(), st.sampled_from([200.0, 509.0]))
    def test_cells_keep_a_hair_apart(self, chart: HeatTable, width: float) -> None:
        boxes = [(one.x, one.y, one.x + one.width, one.y + one.height) for one in cells(drawn(chart, width))]
        assert not any(overlaps(one, other) for one, other in combinations(boxes, 2))
        beside = [right[0] - left[2] for left, right in pairwise(boxes) if right[1] == left[1]]
        assert beside == pytest.approx([1.2] * len(beside))

    def test_an_unknown_number_is_an_empty_cell_without_a_shade(self) -> None:
        made = drawn(heat_unknown())
        assert [cell.fill for cell in cells(made)] == [LIGHT.background] * 2
        assert [one.text for one in made.texts] == ["Name", "X", "A", "B"]

    @WIDTHS
    def test_cells_of_all_groups_are_of_one_size(self, width: float) -> None:
        sizes = {(round(one.width, 6), round(one.height, 6)) for one in cells(drawn(heat_many(), width))}
        assert len(sizes) == 1


class TestNames:
    """Names of rows at the left, of columns over them, of what the rows are in the corner."""

    @WIDTHS
    def test_every_row_is_named_beside_its_cells_in_every_group(self, width: float) -> None:
        chart = heat()
        made = drawn(chart, width)
        groups = bands(chart, Paper(width, 0, LIGHT))
        left = min(one.x for one in cells(made))
        names = [one for one in made.texts if one.x == 0 and one.colour == LIGHT.ink]
        assert len(names) == len(groups) * len(chart.rows)
        assert all(one.box[2] <= left - GAP for one in names)
        rows = [(name, len(group)) for group in groups for name in chart.rows]
        at = 0
        for (name, count), text in zip(rows, names, strict=True):
            cell = cells(made)[at]
            assert (text.box[1] + text.box[3]) / 2 == pytest.approx(cell.y + cell.height / 2, abs=1.2)
            assert text.text == name or (name == LONG_NAME and text.text.endswith("…"))
            at += count

    @WIDTHS
    def test_every_column_is_named_over_the_middle_of_its_cells(self, width: float) -> None:
        chart = heat()
        made = drawn(chart, width)
        groups, row = bands(chart, Paper(width, 0, LIGHT)), Paper(width, 0, LIGHT).row
        first = 0
        for group in groups:
            top = cells(made)[first : first + len(group)]
            for cell, column in zip(top, group, strict=True):
                middle = cell.x + cell.width / 2
                heads = [one for one in made.texts if one.colour == LIGHT.muted and one.x == pytest.approx(middle)]
                near = [one for one in heads if cell.y - 2.5 * row <= one.y < cell.y]
                assert " ".join(one.text for one in near) == chart.columns[column]
                assert near[-1].y == pytest.approx(cell.y - 4.6) and near[0].y > near[-1].y - 1.01 * row
            first += len(group) * len(chart.rows)

    def test_the_corner_says_what_the_rows_are(self) -> None:
        made = drawn(heat())
        corner = made.texts[0]
        assert (corner.text, corner.x, corner.colour) == ("Team", 0, LIGHT.muted)
        assert corner.y < min(one.y for one in cells(made))

    def test_a_long_name_takes_three_tenths_of_the_paper_at_most(self) -> None:
        made = drawn(heat(), 400.0)
        assert min(one.x for one in cells(made)) == pytest.approx(120 + 2 * GAP + 0.6)

    def test_a_hairline_closes_every_row(self) -> None:
        chart = heat()
        made = drawn(chart)
        lines = [mark for mark in made.marks if isinstance(mark, Stroke)]
        assert len(lines) == len(chart.rows)
        last = max(one.x + one.width for one in cells(made))
        for line, row in zip(lines, range(len(chart.rows)), strict=True):
            cell = cells(made)[row * len(chart.columns)]
            assert line.points[0][0] == 0 and line.points[1][0] == pytest.approx(last + 0.6)
            assert line.points[0][1] == line.points[1][1] == pytest.approx(cell.y + cell.height + 0.6)


class TestGroups:
    """Columns without room follow below, under the same rows."""

    @settings(max_examples=10)
    @given(tables(), st.floats(90, 400))
    def test_every_column_stands_in_one_group_and_none_is_much_shorter(self, chart: HeatTable, width: float) -> None:
        groups = bands(chart, Paper(width, 0, LIGHT))
        assert [column for group in groups for column in group] == list(range(len(chart.columns)))
        sizes = [len(group) for group in groups]
        assert len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0]

    @settings(max_examples=10)
    @given(tables(), st.floats(90, 400))
    def test_all_groups_lie_on_the_paper_one_below_the_other(self, chart: HeatTable, width: float) -> None:
        made = drawn(chart, width)
        assert max(one.y + one.height for one in cells(made)) <= made.height + 0.01
        assert max(one.x + one.width for one in cells(made)) <= width + 0.01
        first, bottoms, tops = 0, [], []
        for group in bands(chart, Paper(width, 0, LIGHT)):
            own = cells(made)[first : first + len(group) * len(chart.rows)]
            first += len(own)
            tops.append(own[0].y)
            bottoms.append(own[-1].y + own[-1].height)
        row = Paper(width, 0, LIGHT).row
        assert all(top - bottom >= row for bottom, top in zip(bottoms, tops[1:], strict=False))

    def test_more_groups_need_more_height(self) -> None:
        """Fifteen rows and two lines of names a group, and a gap between two groups."""
        row = Paper(200, 0, LIGHT).row
        count = len(bands(heat_many(), Paper(200, 0, LIGHT)))
        assert count > 1
        wanted = count * (15 * 1.35 + 2) * row + (count - 1) * 2 * GAP
        assert least_height(heat_many(), 200) == pytest.approx(wanted)

    def test_rows_on_much_paper_are_three_lines_high_at_most(self) -> None:
        made = drawing(heat(), 509, 900, LIGHT)
        row = Paper(509, 900, LIGHT).row
        assert {round(one.height, 3) for one in cells(made)} == {round(3 * row - 1.2, 3)}
