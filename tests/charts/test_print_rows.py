"""Rows of a ranking and of a tornado on paper: bars, names and amounts of a row stand together, apart from others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.marks import Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import OTHER, Bar, Level, RankedBars, Swing, Tornado
from tests.charts.conftest import caption

WORDS = caption("A finding")
AMOUNTS = st.none() | st.integers(-(10**6), 10**6).map(D)
LONG = "Recommendations and personalisation"


def ranking(*pairs: tuple[D | None, D | None], compared: bool = True) -> RankedBars:
    bars = tuple(Bar(f"Team {at}", *(pair if compared else (pair[0], None))) for at, pair in enumerate(pairs))
    return RankedBars(WORDS, "USD", bars, "Now", "Before" if compared else None)


def drawn(chart: RankedBars | Tornado, width: float = 509.0, height: float = 240.0) -> Drawing:
    return drawing(chart, width, max(height, least_height(chart, width)), LIGHT)


def rects(made: Drawing, colour: str) -> list[Rect]:
    """The bars in a colour from top to bottom, without the marks of the key."""
    found = [mark for mark in made.marks if isinstance(mark, Rect) and mark.fill == colour]
    key = {one.y for one in found if one.width == one.height}
    return sorted((one for one in found if one.y not in key), key=lambda one: one.y)


def names(made: Drawing) -> list[Text]:
    return sorted((one for one in made.texts if one.x == 0 and one.text.startswith("Team")), key=lambda one: one.y)


def middle(one: Text | Rect) -> float:
    return one.y + one.height / 2 if isinstance(one, Rect) else (one.box[1] + one.box[3]) / 2


def baseline(made: Drawing) -> Stroke:
    return next(mark for mark in made.marks if isinstance(mark, Stroke) and mark.points[0][0] == mark.points[-1][0])


class TestRanking:
    @settings(max_examples=40)
    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12), st.sampled_from([245.0, 509.0]))
    def test_bars_grow_from_one_line_in_one_measure(self, pairs: list[tuple[D | None, D | None]], width: float) -> None:
        chart = ranking(*pairs)
        made = drawn(chart, width)
        (zero, _), *_ = baseline(made).points
        lengths: dict[D, float] = {}
        for colour, values in ((LIGHT.ink, chart.columns[0][1]), (LIGHT.previous, chart.columns[1][1])):
            bars = rects(made, colour)
            shown = [value for value in values if value]
            assert len(bars) == len(shown)
            for bar, value in zip(bars, shown, strict=True):
                start, end = (bar.x, bar.x + bar.width) if value > 0 else (bar.x + bar.width, bar.x)
                assert start == pytest.approx(zero, abs=1e-6)
                lengths[value] = (end - zero) / float(value)
        assert all(one == pytest.approx(next(iter(lengths.values()))) for one in lengths.values())

    @settings(max_examples=40)
    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12), st.booleans())
    def test_each_row_holds_its_name_its_bars_and_its_amount(
        self, pairs: list[tuple[D | None, D | None]], compared: bool
    ) -> None:
        chart = ranking(*pairs, compared=compared)
        made = drawn(chart)
        named = names(made)
        assert [one.text for one in named] == [bar.name for bar in chart.ranked]
        row = 240.0 if len(named) == 1 else middle(named[1]) - middle(named[0])
        top = baseline(made).points[0][1]
        amounts = sorted((one for one in made.texts if one.x > 0 and one.y > top), key=lambda one: one.y)
        assert [one.text for one in amounts] == [chart.label(bar) for bar in chart.ranked]
        for name, amount, bar in zip(named, amounts, chart.ranked, strict=True):
            own = [one for colour in (LIGHT.ink, LIGHT.previous) for one in rects(made, colour)]
            own = [one for one in own if abs(middle(one) - middle(name)) < row / 2]
            assert len(own) == bool(bar.amount) + bool(bar.previous)
            assert all(one.x + one.width <= amount.box[0] for one in own)
            assert all(abs(middle(one) - middle(name)) + one.height / 2 <= row / 2 + 0.01 for one in own)

    @pytest.mark.parametrize("compared", [True, False])
    def test_a_bar_alone_is_level_with_its_name_and_two_share_the_row(self, compared: bool) -> None:
        made = drawn(ranking((D(5), D(4)), (D(3), D(2)), compared=compared))
        (upper, _), lower = rects(made, LIGHT.ink), rects(made, LIGHT.previous)
        name, *_ = names(made)
        if not compared:
            assert not lower and middle(upper) == pytest.approx(middle(name), abs=1.5)
        else:
            assert upper.y < name.y < lower[0].y + lower[0].height
            assert upper.y + upper.height <= lower[0].y and upper.height > lower[0].height

    def test_the_amount_is_level_with_the_bar_of_now(self) -> None:
        made = drawn(ranking((D(5), D(4)), (D(3), D(2))))
        (first, _) = rects(made, LIGHT.ink)
        told = next(one for one in made.texts if one.text == "$5.00")
        assert middle(told) == pytest.approx(middle(first), abs=1.5) and told.bold and told.colour == LIGHT.ink

    def test_an_unknown_amount_is_told_pale_behind_the_earlier_bar(self) -> None:
        made = drawn(ranking((None, D(4)), (D(3), D(2))))
        told = next(one for one in made.texts if one.text == "unknown")
        earlier = rects(made, LIGHT.previous)[-1]
        assert not told.bold and told.colour == LIGHT.muted and told.x > earlier.x + earlier.width

    def test_the_bar_that_gathers_the_rest_is_paler_and_last(self) -> None:
        bars = (Bar(OTHER, D(9), other=True), Bar("Team 1", D(3)))
        made = drawn(RankedBars(WORDS, "USD", bars, "Now"))
        (rest,), (own,) = rects(made, LIGHT.muted), rects(made, LIGHT.ink)
        assert rest.y > own.y and rest.width == pytest.approx(3 * own.width)

    def test_few_bars_on_much_paper_stay_slim(self) -> None:
        low, high = (
            rects(drawn(ranking((D(5), None), compared=False), height=at), LIGHT.ink)[0] for at in (240.0, 900.0)
        )
        assert low.height == high.height < 30

    def test_many_bars_on_little_paper_are_slimmer_and_still_apart(self) -> None:
        made = drawn(ranking(*((D(at), None) for at in range(1, 13)), compared=False), height=10)
        bars = rects(made, LIGHT.ink)
        assert all(one.y + one.height < other.y for one, other in pairwise(bars))

    @pytest.mark.parametrize(("height", "lines"), [(300.0, 2), (10.0, 1)])
    def test_a_long_name_takes_two_lines_where_its_row_has_room(self, height: float, lines: int) -> None:
        chart = ranking(*((D(9 - at), None) for at in range(6)), compared=False)
        bars = (replace(chart.bars[0], name=LONG), *chart.bars[1:])
        made = drawn(replace(chart, bars=bars), 300.0, height)
        own = [one for one in made.texts if one.x == 0 and not one.text.startswith("Team")]
        assert len(own) == lines
        bar, *_ = rects(made, LIGHT.ink)
        assert (own[0].box[1] + own[-1].box[3]) / 2 == pytest.approx(middle(bar), abs=1.5)
        assert [one.y for one in own] == sorted(one.y for one in own)

    def test_the_line_of_zero_runs_through_every_row(self) -> None:
        made = drawn(ranking((D(5), D(4)), (D(-3), D(2))))
        (_, top), (_, bottom) = baseline(made).points
        every = [*rects(made, LIGHT.ink), *rects(made, LIGHT.previous)]
        assert top < min(one.y for one in every) and bottom > max(one.y + one.height for one in every)


def tornado(*ends: tuple[D | None, D | None], base: int = 0) -> Tornado:
    swings = tuple(Swing(f"Team {at}", low, high) for at, (low, high) in enumerate(ends))
    return Tornado(WORDS, "USD", Level("Base", D(base)), swings)


class TestTornado:
    @settings(max_examples=40)
    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=8), st.integers(-(10**6), 10**6))
    def test_every_end_lies_where_its_amount_is(self, ends: list[tuple[D | None, D | None]], base: int) -> None:
        chart = tornado(*ends, base=base)
        made = drawn(chart)
        (zero, _), *_ = [mark for mark in made.marks if isinstance(mark, Stroke)][-1].points
        rates = []
        for colour, (_, values) in zip((LIGHT.previous, LIGHT.ink), chart.columns, strict=True):
            bars = rects(made, colour)
            shown = [value for value in values if value is not None]
            assert len(bars) == len(shown)
            for bar, value in zip(bars, shown, strict=True):
                off = float(value - base)
                if abs(bar.width) > 0.5:
                    end = bar.x + bar.width if off > 0 else bar.x
                    rates.append((end - zero) / off)
        assert all(rate == pytest.approx(rates[0]) and rate > 0 for rate in rates)

    def test_both_results_stand_outside_their_bars(self) -> None:
        made = drawn(tornado((D(-5), D(9)), (D(-2), D(4))))
        low, high = (next(one for one in made.texts if one.text == words) for words in ("−$5.00", "$9.00"))
        left, right = rects(made, LIGHT.previous)[0], rects(made, LIGHT.ink)[0]
        assert low.box[2] <= left.x and high.box[0] >= right.x + right.width
        assert middle(low) == pytest.approx(middle(left), abs=1.5) == middle(high)

    def test_where_the_lower_input_gives_more_the_results_change_sides(self) -> None:
        made = drawn(tornado((D(9), D(-5))))
        low, high = (next(one for one in made.texts if one.text == words) for words in ("−$5.00", "$9.00"))
        assert low.box[2] < high.box[0]

    def test_of_two_bars_on_one_side_the_shorter_lies_in_front(self) -> None:
        for ends in ((D(3), D(9)), (D(9), D(3)), (D(-9), D(-3))):
            bars = [mark for mark in drawn(tornado(ends)).marks if isinstance(mark, Rect) and mark.width > 12]
            assert bars[-1].width < bars[-2].width

    def test_an_unknown_end_is_said_beside_the_base(self) -> None:
        made = drawn(tornado((None, D(9)), (D(-4), D(2))))
        unknown = next(one for one in made.texts if one.text == "unknown")
        bar = rects(made, LIGHT.ink)[-1]
        assert unknown.box[2] <= bar.x + 0.01

    def test_the_base_is_named_over_its_line(self) -> None:
        made = drawn(tornado((D(-5), D(5))))
        (x, top), _ = [mark for mark in made.marks if isinstance(mark, Stroke)][-1].points
        told = next(one for one in made.texts if one.text == "Base $0")
        assert (told.box[0] + told.box[2]) / 2 == pytest.approx(x, abs=0.1) and told.box[3] <= top + 3 and told.bold

    @pytest.mark.parametrize("ends", [(D(0), D(900)), (D(-900), D(0))])
    def test_the_name_of_a_base_at_the_edge_stays_on_the_paper(self, ends: tuple[D, D]) -> None:
        chart = replace(tornado(ends), base=Level(LONG * 2, D(0)))
        made = drawn(chart, 245.0)
        told = next(one for one in made.texts if one.bold and one.text.startswith("Recommen"))
        assert told.box[0] >= -0.01 and told.box[2] <= 245.01
