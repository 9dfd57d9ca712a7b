"""A bridge on paper, upright and on its side: columns between running totals, hairlines, labels and names."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, step_colour
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.marks import Anchor, Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import Bridge, Level, Step, gathered
from costlib.money import exact_sum
from tests.charts.conftest import bridge, bridge_through_zero, caption

WIDE, NARROW = 509.0, 130.0
CHANGES = st.lists(st.integers(-(10**6), 10**6).map(D), min_size=1, max_size=8)


def made_of(start: D, changes: list[D], name: str = "Step") -> Bridge:
    steps = gathered([Step(f"{name} {at}", change) for at, change in enumerate(changes)])
    end = exact_sum((start, *changes))
    return Bridge(caption("A bridge"), "USD", Level("Start", start), steps, Level("End", end))


def drawn(chart: Bridge, width: float, height: float = 240.0) -> Drawing:
    return drawing(chart, width, max(height, least_height(chart, width)), LIGHT)


def rects(made: Drawing) -> list[Rect]:
    return [mark for mark in made.marks if isinstance(mark, Rect)]


def hairlines(made: Drawing) -> list[Stroke]:
    return [mark for mark in made.marks if isinstance(mark, Stroke) and mark.colour == LIGHT.previous]


def labels(made: Drawing, chart: Bridge) -> list[Text]:
    """The amounts at the columns, in the order of these."""
    found = [one for one in made.texts if one.bold]
    assert [one.text for one in found] == list(chart.labels)
    return found


class TestUpright:
    """Wide paper: a column a step, its name below."""

    @settings(max_examples=15)
    @given(st.integers(-(10**6), 10**6).map(D), CHANGES)
    def test_a_column_begins_where_the_one_before_ended(self, start: D, changes: list[D]) -> None:
        chart = made_of(start, changes)
        made = drawn(chart, WIDE)
        grid = [mark for mark in made.marks if isinstance(mark, Stroke) and mark.thickness in (0.6, 1.0)]
        bottom, top = grid[0].points[0][1], grid[-1].points[0][1]

        def y(amount: D) -> float:
            return bottom - chart.scale.fraction(amount) * (bottom - top)

        for rect, column in zip(rects(made), chart.columns, strict=True):
            assert rect.y == pytest.approx(y(column.high), abs=1e-6)
            assert rect.height == pytest.approx(max(y(column.low) - y(column.high), 0.8), abs=1e-6)
            assert rect.fill == step_colour(column, LIGHT)
        for line, total in zip(hairlines(made), chart.carried, strict=True):
            assert [at for _, at in line.points] == pytest.approx([y(total)] * 2, abs=1e-6)

    def test_a_hairline_runs_from_column_to_column_and_over_none(self) -> None:
        made = drawn(bridge(), WIDE)
        for line, (left, right) in zip(hairlines(made), pairwise(rects(made)), strict=True):
            assert line.points[0][0] == pytest.approx(left.x + left.width)
            assert line.points[1][0] == pytest.approx(right.x)

    def test_a_label_stands_over_the_middle_of_its_column_in_its_colour(self) -> None:
        chart = bridge_through_zero()
        made = drawn(chart, WIDE)
        for text, rect in zip(labels(made, chart), rects(made), strict=True):
            assert text.anchor is Anchor.MIDDLE and text.x == pytest.approx(rect.x + rect.width / 2)
            assert text.y == pytest.approx(rect.y - 3) and text.colour == rect.fill

    def test_a_name_stands_below_the_axis_under_its_column_one_line_under_the_other(self) -> None:
        chart = made_of(D(100), [D(5), D(-7)], name="Committed use of reserved machines")
        made = drawn(chart, WIDE)
        row = Paper(WIDE, 240, LIGHT).row
        bottom = max(line.points[0][1] for line in made.marks if isinstance(line, Stroke))
        for rect, column in zip(rects(made), chart.columns, strict=True):
            middle = rect.x + rect.width / 2
            own = [one for one in made.texts if one.colour == LIGHT.muted and one.x == pytest.approx(middle)]
            assert [one.y for one in own] == pytest.approx([bottom + row * (at + 1) for at in range(len(own))])
            assert " ".join(one.text for one in own) == column.name
            assert all(one.box[3] <= made.height + 0.01 for one in own)

    def test_columns_are_of_one_width_and_evenly_apart(self) -> None:
        made = rects(drawn(bridge(), WIDE))
        assert len({round(rect.width, 6) for rect in made}) == 1
        pitches = [right.x - left.x for left, right in pairwise(made)]
        assert pitches == pytest.approx([pitches[0]] * len(pitches)) and made[0].width < pitches[0]
        assert made[-1].x + made[-1].width <= WIDE


class TestOnItsSide:
    """Narrow paper: a row a step, its name at the left, its amount behind its bar."""

    @settings(max_examples=15)
    @given(st.integers(-(10**6), 10**6).map(D), CHANGES)
    def test_bars_lie_between_their_totals_in_one_measure(self, start: D, changes: list[D]) -> None:
        chart = made_of(start, changes, name="Reservations")
        made = drawn(chart, NARROW)
        low, bars = min(column.low for column in chart.columns), rects(made)
        left, longest = min(bar.x for bar in bars), max(bar.width for bar in bars)
        most = max(float(column.high - column.low) for column in chart.columns)
        rate = longest / most if most else 0.0
        for bar, column in zip(bars, chart.columns, strict=True):
            assert bar.x - left == pytest.approx(float(column.low - low) * rate, abs=1e-4)
            assert bar.width == pytest.approx(max(float(column.high - column.low) * rate, 0.8), abs=1e-4)
            assert bar.fill == step_colour(column, LIGHT)

    @settings(max_examples=10)
    @given(st.integers(-(10**6), 10**6).map(D), CHANGES)
    def test_a_row_holds_name_bar_and_amount(self, start: D, changes: list[D]) -> None:
        chart = made_of(start, changes, name="Reservations")
        made = drawn(chart, NARROW)
        row = made.height / len(chart.columns)
        for at, (text, bar) in enumerate(zip(labels(made, chart), rects(made), strict=True)):
            middle = (at + 0.5) * row
            assert bar.y + bar.height / 2 == pytest.approx(middle)
            assert (text.box[1] + text.box[3]) / 2 == pytest.approx(middle, abs=1.5)
            assert text.x >= bar.x + bar.width - 0.8 + GAP and text.box[2] <= NARROW + 1
            own = [one for one in made.texts if one.x == 0 and abs((one.box[1] + one.box[3]) / 2 - middle) < row / 2]
            assert " ".join(one.text for one in own) == chart.columns[at].name
            assert all(one.box[2] < min(bar.x for bar in rects(made)) for one in own)

    def test_a_hairline_carries_each_total_from_the_end_of_a_bar_to_the_next(self) -> None:
        chart = bridge_through_zero()
        made = drawn(chart, 100.0)
        bars, lines = rects(made), hairlines(made)
        assert len(lines) == len(bars) - 1
        for line, (upper, lower) in zip(lines, pairwise(bars), strict=True):
            (x, begin), (to_x, end) = line.points
            assert x == to_x
            assert (begin, end) == (pytest.approx(upper.y + upper.height), pytest.approx(lower.y))
            assert min(abs(x - upper.x), abs(x - upper.x - upper.width)) < 0.81
            assert min(abs(x - lower.x), abs(x - lower.x - lower.width)) < 0.81

    def test_the_line_of_zero_runs_where_bars_of_levels_begin(self) -> None:
        chart = bridge_through_zero()
        made = drawn(chart, 100.0)
        (zero,) = [one for one in made.marks if isinstance(one, Stroke) and one.colour == LIGHT.baseline]
        start = rects(made)[0]
        assert zero.points == ((pytest.approx(start.x), 0), (pytest.approx(start.x), made.height))

    def test_names_and_amounts_decide_which_way_it_lies(self) -> None:
        """Five columns on 509 points are 90 wide each; a word of that width turns the bridge on its side."""
        short = made_of(D(100), [D(5), D(-7), D(3)])
        long = made_of(D(100), [D(5), D(-7), D(3)], name="W" * 14)
        assert not [one for one in drawn(short, WIDE).texts if one.x == 0 and one.text == "Start"]
        assert [one for one in drawn(long, WIDE).texts if one.x == 0 and one.text == "Start"]
        assert [one for one in drawn(short, 120.0).texts if one.x == 0 and one.text == "Start"]

    def test_a_name_takes_two_lines_only_where_its_row_is_two_lines_high(self) -> None:
        """Ten rows: 40 points each, or as low as the bridge can be read."""
        chart = made_of(D(100), [D(at) for at in range(1, 9)], name="Reservations of machines")
        tall, low = (
            [one for one in drawing(chart, NARROW, high, LIGHT).texts if one.x == 0]
            for high in (400.0, least_height(chart, NARROW))
        )
        assert len(tall) == 2 * 8 + 2 and len(low) == 10
        assert low[1].text.endswith("…") and tall[1].text == "Reservations"
