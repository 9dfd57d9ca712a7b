"""Charts of points on paper: dots where their numbers are, names beside their own dot, headings, keys and numbers."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT
from costlib.charts.printed import drawing
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.key import Entry, Named, key_marks, names_beside, overlaps, placed_beside
from costlib.charts.printed.marks import Anchor, Dot, Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.printed.numbers import numbers_axes, numbers_plot
from costlib.charts.spec import Bubble, Bucket, Investment, Measure, Point, Scatter
from tests.charts.conftest import caption
from tests.charts.planning import HOSTILE, portfolio, portfolio_many, tradeoff

COST, SHARE, USERS = Measure("Cost", currency="USD"), Measure("Pass rate", unit="%"), Measure("Users")
MONTHS, MONEY = Measure("Wait", unit="months"), Measure("Money", currency="USD")
NUMBERS = st.integers(-999, 999).map(D)
PAPER = Paper(500, 240, LIGHT)


def dots(made: Drawing) -> list[Dot]:
    return [mark for mark in made.marks if isinstance(mark, Dot)]


def text_of(made: Drawing, words: str) -> Text:
    (found,) = [one for one in made.texts if one.text == words]
    return found


def upright(made: Drawing) -> list[Stroke]:
    """The grid lines from top to bottom, from left to right."""
    lines = [mark for mark in made.marks if isinstance(mark, Stroke) and len(mark.points) == 2]
    return [line for line in lines if line.points[0][0] == line.points[1][0] and line.thickness == 0.6]


def level(made: Drawing) -> list[Stroke]:
    """The grid lines from left to right, from bottom to top."""
    lines = [mark for mark in made.marks if isinstance(mark, Stroke) and len(mark.points) == 2]
    return [line for line in lines if line.points[0][1] == line.points[1][1] and line.thickness in (0.6, 1.0)]


def explained(made: Drawing) -> list[Text]:
    """The rows below a portfolio that say what a number stands for."""
    return [one for one in made.texts if " · " in one.text]


def choices(*pairs: tuple[D | None, D | None], chosen: int | None = None) -> Scatter:
    points = tuple(Point(f"P{at}", x, y, chosen=at == chosen) for at, (x, y) in enumerate(pairs))
    return Scatter(caption("Choices"), COST, USERS, points)


class TestTradeOff:
    """Every choice of a trade-off on paper, 500 by 240 points."""

    @settings(max_examples=15)
    @given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12))
    def test_a_dot_lies_between_the_grid_lines_as_its_number_lies_between_their_ticks(
        self, pairs: list[tuple[D, D]]
    ) -> None:
        chart = choices(*pairs)
        made = drawing(chart, 500, 240, LIGHT)
        across, up = upright(made), level(made)
        assert len(across) == len(chart.x_scale.ticks) and len(up) == len(chart.y_scale.ticks)
        left, right = across[0].points[0][0], across[-1].points[0][0]
        bottom, top = up[0].points[0][1], up[-1].points[0][1]
        for dot, (x, y) in zip(dots(made), pairs, strict=True):
            assert (dot.x - left) / (right - left) == pytest.approx(chart.x_scale.fraction(x))
            assert (bottom - dot.y) / (bottom - top) == pytest.approx(chart.y_scale.fraction(y))

    def test_the_chosen_one_is_larger_and_bold_the_beaten_one_hollow(self) -> None:
        made = drawing(choices((D(1), D(5)), (D(2), D(9)), (D(3), D(4)), chosen=1), 500, 240, LIGHT)
        front, chosen, beaten = dots(made)
        assert (front.fill, front.edge, front.radius) == (LIGHT.ink, None, 3.2)
        assert (chosen.fill, chosen.edge, chosen.radius) == (LIGHT.accent, None, 5.0)
        assert (beaten.fill, beaten.edge, beaten.radius) == (LIGHT.background, LIGHT.previous, 3.2)
        assert [text_of(made, name).bold for name in ("P0", "P1", "P2")] == [False, True, False]

    def test_a_beaten_choice_that_was_chosen_is_full(self) -> None:
        made = drawing(choices((D(1), D(5)), (D(3), D(4)), chosen=1), 500, 240, LIGHT)
        assert dots(made)[1].fill == LIGHT.accent and dots(made)[1].edge is None

    def test_the_front_runs_through_its_dots_and_one_alone_has_no_line(self) -> None:
        made = drawing(choices((D(3), D(9)), (D(1), D(5)), (D(4), D(4))), 500, 240, LIGHT)
        (front,) = [mark for mark in made.marks if isinstance(mark, Stroke) and mark.colour == LIGHT.accent]
        assert front.points == tuple((one.x, one.y) for one in (dots(made)[1], dots(made)[0]))
        alone = drawing(choices((D(1), D(9)), (D(2), D(5))), 500, 240, LIGHT)
        assert not [mark for mark in alone.marks if isinstance(mark, Stroke) and mark.colour == LIGHT.accent]

    def test_what_is_not_known_is_not_drawn(self) -> None:
        made = drawing(choices((D(1), None), (D(2), D(5)), (None, D(3))), 500, 240, LIGHT)
        assert len(dots(made)) == 1 and [one.text for one in made.texts if one.text[0] == "P"] == ["P1"]

    def test_a_name_stands_beside_its_own_dot(self) -> None:
        made = drawing(tradeoff(), 500, 240, LIGHT)
        for one, dot in zip(tradeoff().placed, dots(made), strict=True):
            left, top, right, bottom = text_of(made, one.name).box
            across = max(left - dot.x, dot.x - right, 0.0)
            down = max(top - dot.y, dot.y - bottom, 0.0)
            assert max(across, down) <= dot.radius + 3 * PAPER.row


class TestAxesOfNumbers:
    """The two axes around a plot: grid, ticks, headings."""

    def axes(self, wide: float = 500, pad: float = 5.0) -> tuple[Drawing, float, float]:
        paper = Paper(wide, 240, LIGHT)
        x, y = COST.scale([D(0), D(1000)]), SHARE.scale([D("0.1"), D("0.9")])
        plot = numbers_plot(y, paper, 0.0, pad)
        made = Drawing(wide, 240, tuple(numbers_axes(plot, pad, COST, x, SHARE, y, paper)))
        return made, plot.bottom, plot.top

    def test_both_headings_say_the_unit(self) -> None:
        made, bottom, top = self.axes()
        above, below = text_of(made, "Pass rate, %"), text_of(made, "Cost, USD")
        assert above.bold and below.bold
        assert (above.x, above.anchor, below.anchor) == (0, Anchor.START, Anchor.END)
        assert above.y < top and below.y > bottom

    def test_ticks_stand_under_their_lines_and_the_heading_under_the_ticks(self) -> None:
        made, bottom, _ = self.axes()
        ticks = [text_of(made, name) for name in ("$0", "$0.2K", "$0.4K", "$0.6K", "$0.8K", "$1.0K")]
        lines = upright(made)
        assert [one.anchor for one in ticks] == [Anchor.MIDDLE] * 6
        assert [one.x for one in ticks[:-1]] == pytest.approx([line.points[0][0] for line in lines[:-1]])
        assert ticks[0].y > bottom and text_of(made, "Cost, USD").box[1] >= ticks[0].box[1] + PAPER.row

    def test_the_line_at_zero_is_darker(self) -> None:
        made, _, _ = self.axes()
        assert [line.colour for line in upright(made)] == [LIGHT.baseline, *[LIGHT.grid] * 5]

    def test_lines_reach_as_far_beyond_the_plot_as_its_largest_mark(self) -> None:
        made, bottom, top = self.axes(pad=9)
        assert all(line.points == ((line.points[0][0], top - 9), (line.points[0][0], bottom + 9))
                   for line in upright(made))  # fmt: skip
        ends = {(line.points[0][0], line.points[1][0]) for line in level(made)}
        ((left, right),) = ends
        first, last = upright(made)[0].points[0][0], upright(made)[-1].points[0][0]
        assert (first - left, right - last) == pytest.approx((9, 9))

    def test_where_ticks_have_no_room_some_lose_their_names_but_not_their_lines(self) -> None:
        wide, _, _ = self.axes(500)
        narrow, _, _ = self.axes(150)
        assert len(upright(wide)) == len(upright(narrow)) == 6
        told = [one.text for one in narrow.texts if one.text.startswith("$")]
        assert told[0] == "$0" and len(told) < 6
        ticks = [one.box for one in narrow.texts if one.text.startswith("$")]
        assert not any(overlaps(one, other) for one, other in combinations(ticks, 2))

    @settings(max_examples=20)
    @given(st.floats(120, 700))
    def test_no_tick_leaves_the_paper(self, wide: float) -> None:
        made, _, _ = self.axes(wide)
        assert all(one.box[0] >= -0.01 and one.box[2] <= wide + 0.01 for one in made.texts)


def bubbles(*sizes: D, names: tuple[str, ...] = ()) -> Bubble:
    rows = tuple(
        Investment(names[at] if names else f"I{at}", D(at), D(10 * at), size, tuple(Bucket)[at % 3])
        for at, size in enumerate(sizes)
    )
    return Bubble(caption("Portfolio"), MONTHS, USERS, MONEY, rows)


class TestPortfolio:
    """Circles whose area is money, 500 by 240 points; the first dots are those of the key."""

    def circles(self, made: Drawing) -> list[Dot]:
        return [dot for dot in dots(made) if dot.edge]

    @settings(max_examples=10)
    @given(st.lists(st.integers(1, 10**6).map(D), min_size=1, max_size=8))
    def test_areas_are_as_the_money_where_they_can_be_seen(self, sizes: list[D]) -> None:
        made = self.circles(drawing(bubbles(*sizes), 500, 240, LIGHT))
        ordered = sorted(sizes, reverse=True)
        largest = made[0].radius
        for dot, size in zip(made, ordered, strict=True):
            assert dot.radius == pytest.approx(max(2.5, largest * float(size / ordered[0]) ** 0.5))

    def test_the_largest_lies_behind_the_smaller_ones(self) -> None:
        made = self.circles(drawing(bubbles(D(1), D(9), D(4)), 500, 240, LIGHT))
        assert [dot.radius for dot in made] == sorted((dot.radius for dot in made), reverse=True)

    def test_the_key_names_the_purposes_that_occur_and_what_an_area_is(self) -> None:
        made = drawing(bubbles(D(1), D(2)), 500, 240, LIGHT)
        assert [one.text for one in made.texts][:3] == ["Run", "Grow", "Area: Money, USD"]
        key = [dot for dot in dots(made) if not dot.edge]
        assert [dot.fill for dot in key] == [LIGHT.previous, LIGHT.accent, LIGHT.grid]

    def test_colours_are_those_of_the_key(self) -> None:
        made = self.circles(drawing(bubbles(D(3), D(2), D(1)), 500, 240, LIGHT))
        assert [dot.fill for dot in made] == [LIGHT.previous, LIGHT.accent, LIGHT.ink]

    def test_names_with_room_stand_whole_and_no_key_of_numbers_follows(self) -> None:
        made = drawing(portfolio(), 500, 240, LIGHT)
        told = [one.text for one in made.texts]
        assert {disc.name for disc in portfolio().discs} <= set(told)
        assert not any(text.startswith("1  ") for text in told)

    def test_a_name_without_room_is_a_number_that_the_key_below_explains(self) -> None:
        chart = portfolio_many()
        made = drawing(chart, 300, 300, LIGHT)
        rows = explained(made)
        assert rows
        for at, one in enumerate(rows, start=1):
            number, rest = one.text.split(" ", 1)
            assert number == str(at)
            assert [text.text for text in made.texts].count(number) >= 1
            assert rest.rpartition(" · ")[2] in {chart.size.text(disc.size) for disc in chart.discs}

    @pytest.mark.parametrize(("wide", "high"), [(260.0, 220.0), (300.0, 300.0), (500.0, 240.0), (720.0, 330.0)])
    def test_rows_of_the_key_lie_below_the_axis_on_the_paper_and_apart(self, wide: float, high: float) -> None:
        made = drawing(portfolio_many(), wide, high, LIGHT)
        axis = max(one.y for one in made.texts if one.text == "Time to value, months")
        rows = explained(made)
        assert all(one.y > axis and one.box[2] <= wide and one.box[3] <= high + 1 for one in rows)
        assert not any(overlaps(one.box, other.box) for one, other in combinations(rows, 2) if one.x != other.x)
        for column in {one.x for one in rows}:
            down = [one.y for one in rows if one.x == column]
            assert all(lower - upper == pytest.approx(Paper(wide, high, LIGHT).row) for upper, lower in pairwise(down))

    def test_wider_paper_has_more_columns_of_numbers(self) -> None:
        columns = [
            len({one.x for one in explained(drawing(portfolio_many(), wide, 300, LIGHT))}) for wide in (180.0, 450.0)
        ]
        assert columns[0] == 1 < columns[1]


class TestKey:
    """What colours mean, over a chart."""

    def test_entries_stand_behind_each_other_with_a_square_or_a_dot(self) -> None:
        marks, high = key_marks([Entry("Run", "#000001"), Entry("Grow", "#000002", round=True)], PAPER)
        square, run, dot, grow = marks
        assert isinstance(square, Rect) and isinstance(dot, Dot) and isinstance(run, Text) and isinstance(grow, Text)
        side = PAPER.size * 0.62
        assert (square.x, square.width, square.height) == pytest.approx((0, side, side))
        assert square.y + square.height == pytest.approx(run.y) == pytest.approx(grow.y)
        assert run.x == pytest.approx(side + 3)
        assert (dot.radius, dot.y) == pytest.approx((side / 2, run.y - side / 2))
        assert dot.x - dot.radius > run.box[2] and grow.x == pytest.approx(dot.x + dot.radius + 3)
        assert high > run.y

    def test_it_begins_where_it_is_told(self) -> None:
        (square, text), _ = key_marks([Entry("Run", "#000001")], PAPER, left=50)
        assert isinstance(square, Rect) and isinstance(text, Text)
        assert square.x == 50 and text.x > 50

    @settings(max_examples=20)
    @given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=9), st.floats(100, 600))
    def test_no_entry_leaves_the_paper_or_lies_over_another(self, names: list[str], wide: float) -> None:
        paper = Paper(wide, 240, LIGHT)
        marks, high = key_marks([Entry(name, "#000000") for name in names], paper)
        texts = [mark for mark in marks if isinstance(mark, Text)]
        assert len(texts) == len(names)
        assert all(one.box[2] <= wide + 0.01 and one.y < high for one in texts)
        for one, other in combinations(texts, 2):
            assert one.y != other.y or one.box[2] <= other.box[0] or other.box[2] <= one.box[0]
        assert len({one.y for one in texts}) == round((high - texts[0].y - GAP - paper.size * 0.3) / paper.row) + 1


class TestNamesBesideMarks:
    """A name touches no mark, no other name and no line; it stands to the right where it can."""

    INSIDE = (0.0, 0.0, 500.0, 240.0)

    def test_right_then_left_then_over(self) -> None:
        (right,) = names_beside([Named(100, 100, 4, "Name")], self.INSIDE, PAPER)
        assert right.box[0] == pytest.approx(107)
        (left,) = names_beside([Named(490, 100, 4, "Name")], self.INSIDE, PAPER)
        assert left.box[2] == pytest.approx(483)
        line = [(100.0, 100.0), (500.0, 100.0)], [(0.0, 100.0), (500.0, 100.0)]
        (beside,) = names_beside([Named(100, 100, 4, "Name")], self.INSIDE, PAPER, line[0])
        assert beside.box[2] == pytest.approx(93)
        (over,) = names_beside([Named(100, 100, 4, "Name")], self.INSIDE, PAPER, line[1])
        assert over.box[3] < 100 and (over.box[0] + over.box[2]) / 2 == pytest.approx(100)

    def test_a_name_is_level_with_its_mark(self) -> None:
        (one,) = names_beside([Named(100, 100, 4, "Name")], self.INSIDE, PAPER)
        assert (one.box[1] + one.box[3]) / 2 == pytest.approx(100, abs=1.2)

    def test_the_bold_one_chooses_first(self) -> None:
        both = [Named(100, 100, 4, "first"), Named(100, 100, 4, "second", bold=True)]
        texts = placed_beside(both, (0, 92, 500, 108), PAPER)
        assert texts[1] is not None and texts[1].box[0] > 100 and texts[1].bold
        assert texts[0] is not None and texts[0].box[2] < 100 and not texts[0].bold

    def test_without_room_there_is_no_name(self) -> None:
        assert placed_beside([Named(20, 20, 4, "a long name")], (10, 10, 30, 30), PAPER) == [None]
        assert names_beside([Named(20, 20, 4, "a long name")], (10, 10, 30, 30), PAPER) == []

    def test_only_the_distances_asked_for_are_tried(self) -> None:
        """Words of others fill what is next to the mark."""
        others = [Text(0, 100 + row, "w" * 60, PAPER.size, "#000000") for row in range(-14, 20, 4)]
        one = [Named(100, 100, 4, "Name")]
        assert placed_beside(one, self.INSIDE, PAPER, others=others, distances=(0.0,)) == [None]
        (further,) = placed_beside(one, self.INSIDE, PAPER, others=others)
        assert further is not None and not any(overlaps(further.box, other.box) for other in others)

    @settings(max_examples=15)
    @given(
        st.lists(st.tuples(st.floats(20, 480), st.floats(20, 220), st.booleans()), min_size=1, max_size=10),
        st.lists(st.tuples(st.floats(0, 500), st.floats(0, 240)), max_size=4),
    )
    def test_nothing_touches(self, places: list[tuple[float, float, bool]], path: list[tuple[float, float]]) -> None:
        named = [Named(x, y, 4, f"Name {at}", bold=bold) for at, (x, y, bold) in enumerate(places)]
        placed = placed_beside(named, self.INSIDE, PAPER, path)
        found = [one for one in placed if one is not None]
        assert not any(overlaps(one.box, other.box) for one, other in combinations(found, 2))
        for one in found:
            assert one.box[0] >= 0 and one.box[1] >= 0 and one.box[2] <= 500 and one.box[3] <= 240
            for mark in named:
                around = (mark.x - 4, mark.y - 4, mark.x + 4, mark.y + 4)
                assert not overlaps(one.box, around)
            for (x, y), (to_x, to_y) in pairwise(path):
                for step in range(1, 40):
                    px, py = x + (to_x - x) * step / 40, y + (to_y - y) * step / 40
                    inner = (one.box[0] + 4, one.box[1] + 4, one.box[2] - 4, one.box[3] - 4)
                    assert not overlaps(inner, (px - 0.1, py - 0.1, px + 0.1, py + 0.1))

    def test_a_wide_name_is_cut_to_two_fifths_of_the_paper(self) -> None:
        (one,) = names_beside([Named(20, 100, 4, "w" * 200)], self.INSIDE, PAPER)
        assert one.text.endswith("…") and PAPER.width * 0.37 < one.width <= PAPER.width * 0.4

    def test_marks_and_names_keep_their_order(self) -> None:
        named = [Named(50.0 + 90 * at, 60, 3, f"N{at}") for at in range(4)]
        wanted = [one.name for one in named]
        assert [text.text for text in names_beside(named, self.INSIDE, PAPER)] == wanted
