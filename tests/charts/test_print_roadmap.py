"""A roadmap on paper: a table of initiatives whose last column is time; rows of figures beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, mixed, mood_colour
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.marks import Anchor, Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import Initiative, Kpi, KpiRow, Mood, Roadmap
from tests.charts.conftest import LONG_NAME, caption
from tests.charts.planning import figures, figures_hostile, roadmap

WIDE, NARROW = 509.0, 300.0


def drawn(chart: Roadmap | KpiRow, width: float = WIDE, height: float = 0.0) -> Drawing:
    return drawing(chart, width, max(height, least_height(chart, width)), LIGHT)


def text_of(made: Drawing, words: str) -> Text:
    (found,) = [one for one in made.texts if one.text == words]
    return found


def rects(made: Drawing) -> list[Rect]:
    return [mark for mark in made.marks if isinstance(mark, Rect)]


def middle(one: Text | Rect) -> float:
    return one.y + one.height / 2 if isinstance(one, Rect) else (one.box[1] + one.box[3]) / 2


@st.composite
def plans(draw: st.DrawFn) -> Roadmap:
    found = []
    for at in range(draw(st.integers(1, 9))):
        start = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
        end = start + timedelta(days=draw(st.integers(1, 400)))
        saving = draw(st.none() | st.integers(-(10**6), 10**6).map(D))
        found.append(Initiative(f"Do {at}", draw(st.sampled_from(["One", "Two"])), f"Owner {at}", start, end, saving))
    return Roadmap(caption("A plan"), "USD", tuple(found), today=draw(st.none() | st.just(date(2026, 9, 1))))


class TestRows:
    """Each initiative in a row of its own, under its track."""

    @settings(max_examples=10)
    @given(plans())
    def test_name_owner_saving_and_bar_are_level(self, chart: Roadmap) -> None:
        made = drawn(chart)
        row = made.height / (len(chart.rows) + len(chart.tracks) + 2)
        labels = [one for one in made.texts if one.anchor is Anchor.END][1:-1]
        for one, bar, label in zip(chart.rows, rects(made), labels, strict=True):
            name, owner = text_of(made, one.name), text_of(made, one.owner)
            assert label.text == chart.label(one) and label.bold == (one.saving is not None)
            assert middle(name) == pytest.approx(middle(bar), abs=1.2)
            assert middle(owner) == middle(label) == pytest.approx(middle(name))
            assert name.box[2] <= owner.x - GAP and owner.box[2] <= label.box[0] - GAP and label.x < bar.x
            assert bar.height == pytest.approx(row / 2)

    @settings(max_examples=10)
    @given(plans())
    def test_tracks_head_their_initiatives_and_the_total_closes(self, chart: Roadmap) -> None:
        made = drawn(chart)
        order = [one.text for one in made.texts if one.x == 0]
        wanted = ["Initiative"]
        for track in chart.tracks:
            wanted += [track, *(one.name for one in chart.rows if one.track == track)]
        assert order == [*wanted, "Total"]
        heights = [one.y for one in made.texts if one.x == 0]
        row = made.height / (len(chart.rows) + len(chart.tracks) + 2)
        assert [lower - upper for upper, lower in pairwise(heights)] == pytest.approx([row] * (len(heights) - 1))
        assert text_of(made, "Total").bold and all(text_of(made, track).bold for track in chart.tracks)

    def test_the_total_is_level_with_its_word_under_the_savings(self) -> None:
        made = drawn(roadmap())
        total, label = text_of(made, "$4.60M"), text_of(made, "$1.40M")
        assert total.y == text_of(made, "Total").y and total.bold
        assert (total.x, total.anchor) == (label.x, Anchor.END) and total.colour == LIGHT.ink

    def test_a_saving_that_is_not_known_is_pale_and_the_total_says_so(self) -> None:
        first, *others = roadmap().initiatives
        made = drawn(replace(roadmap(), initiatives=(replace(first, saving=None), *others)))
        assert not text_of(made, "unknown").bold and text_of(made, "$4.10M known").bold
        pale = [bar.fill for bar in rects(made)]
        assert pale.count(mixed(LIGHT.accent, LIGHT.background, 0.45)) == 1

    def test_bars_of_a_track_are_of_one_colour_and_neighbours_differ(self) -> None:
        fills = [bar.fill for bar in rects(drawn(roadmap()))]
        assert fills == [LIGHT.accent, LIGHT.accent, LIGHT.ink, LIGHT.ink, LIGHT.accent, LIGHT.accent]

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_long_names_are_cut_before_the_next_column(self, width: float) -> None:
        first, *others = roadmap().initiatives
        long = replace(first, name=LONG_NAME, owner=LONG_NAME, track=LONG_NAME)
        made = drawn(replace(roadmap(), initiatives=(long, *others)), width)
        cut = [one for one in made.texts if one.text.endswith("…")]
        assert cut
        for one in cut:
            right = [other.box[0] for other in made.texts if other.y == one.y and other.box[0] > one.box[0]]
            assert all(one.box[2] <= left for left in right)
        begin = min(bar.x for bar in rects(made))
        assert all(one.box[2] <= begin for one in cut)


class TestTime:
    """The last column: months with a line each, bars from the first day of work to that of the full saving."""

    @settings(max_examples=10)
    @given(plans())
    def test_a_day_lies_where_the_months_put_it(self, chart: Roadmap) -> None:
        made = drawn(chart)
        lines = [one for one in made.marks if isinstance(one, Stroke) and one.thickness == 0.5]
        upright = [one.points[0][0] for one in lines if one.points[0][0] == one.points[1][0]]
        begin, end = upright[0], WIDE - GAP
        row = made.height / (len(chart.rows) + len(chart.tracks) + 2)
        for one, bar in zip(chart.rows, rects(made), strict=True):
            assert bar.x == pytest.approx(begin + chart.place(one.start) * (end - begin))
            assert bar.x + bar.width == pytest.approx(begin + chart.place(one.ramp_end) * (end - begin))
        ticks = chart.ticks(len(upright))
        assert upright == pytest.approx([begin + chart.place(day) * (end - begin) for day, _ in ticks])
        down = [one.points for one in lines if one.points[0][0] == one.points[1][0]]
        assert all((top, low) == pytest.approx((row, made.height - row)) for (_, top), (_, low) in down)
        assert all(text_of(made, name).y == text_of(made, "Initiative").y for _, name in ticks)

    def test_today_is_a_dotted_rule_named_below_the_bars(self) -> None:
        made = drawn(roadmap())
        (rule,) = [one for one in made.marks if isinstance(one, Stroke) and one.dash == (1.0, 2.0)]
        (x, top), (to_x, bottom) = rule.points
        word = text_of(made, "today")
        assert x == to_x and (word.x, word.anchor) == (pytest.approx(x), Anchor.MIDDLE)
        assert top < min(bar.y for bar in rects(made)) and bottom > max(bar.y + bar.height for bar in rects(made))
        assert word.y == pytest.approx(bottom + word.size)

    def test_a_day_outside_the_time_shown_is_not_marked(self) -> None:
        made = drawn(replace(roadmap(), today=date(2030, 1, 1)))
        assert "today" not in [one.text for one in made.texts]
        assert not [one for one in made.marks if isinstance(one, Stroke) and one.dash]

    def test_today_at_the_edge_is_named_on_the_paper(self) -> None:
        made = drawn(replace(roadmap(), today=date(2027, 11, 30)))
        assert text_of(made, "today").box[2] <= WIDE


class TestColumns:
    """What is left out where paper is narrow."""

    def test_wide_paper_heads_every_column(self) -> None:
        made = drawn(roadmap())
        heads = [text_of(made, name) for name in ("Initiative", "Owner", "Saving a year")]
        assert [one.x for one in heads] == sorted(one.x for one in heads)
        assert heads[2].anchor is Anchor.END and heads[2].x == text_of(made, "$1.40M").x
        assert heads[1].x == text_of(made, "Support Eng").x
        assert len({one.y for one in heads}) == 1

    @pytest.mark.parametrize(("width", "shown"), [(399.0, False), (400.0, True)])
    def test_the_owner_is_shown_from_400_points_on(self, width: float, shown: bool) -> None:
        told = [one.text for one in drawn(roadmap(), width).texts]
        assert ("Owner" in told, "Saving a year" in told) == (shown, shown)
        assert any(one.startswith("Support") for one in told) == shown

    def test_a_header_a_row_each_and_a_total_need_their_height(self) -> None:
        """Six initiatives and three tracks, header and total: eleven rows."""
        row = Paper(WIDE, 0, LIGHT).row
        assert least_height(roadmap(), WIDE) == pytest.approx(11 * 1.25 * row)


class TestFigures:
    """A row of figures: rule, label, value, change, context."""

    @pytest.mark.parametrize(("width", "across"), [(509.0, 4), (300.0, 2), (118.0, 1)])
    def test_as_many_stand_side_by_side_as_118_points_allow(self, width: float, across: int) -> None:
        made = drawn(figures(), width)
        lefts = sorted({round(one.x, 6) for one in rects(made)})
        tops = sorted({round(one.y, 6) for one in rects(made)})
        assert (len(lefts), len(tops)) == (across, 4 // across)
        assert [(round(one.x, 6), round(one.y, 6)) for one in rects(made)] == [(x, y) for y in tops for x in lefts]

    def test_a_figure_is_read_from_top_to_bottom_beside_its_rule(self) -> None:
        made = drawn(figures())
        for kpi, rule in zip(figures().kpis, rects(made), strict=True):
            lines = [text_of(made, words) for words in (kpi.label, kpi.value, kpi.delta, kpi.sub)]
            assert [one.y for one in lines] == sorted(one.y for one in lines)
            assert all(one.x == pytest.approx(rule.x + 8) for one in lines)
            assert rule.y <= lines[0].box[1] and lines[3].y <= rule.y + rule.height + 4
            tints = [LIGHT.muted, LIGHT.ink, mood_colour(kpi.mood, LIGHT), LIGHT.muted]
            assert [one.colour for one in lines] == tints and rule.fill == tints[2]
            assert [one.bold for one in lines] == [False, True, True, False]

    def test_without_a_change_the_context_moves_up(self) -> None:
        both = KpiRow(
            caption("Two"), (Kpi("A", "$1", "+1%", Mood.BAD, "of all"), Kpi("B", "$2", "", Mood.GOOD, "rest"))
        )
        made = drawn(both)
        assert text_of(made, "rest").y == text_of(made, "+1%").y < text_of(made, "of all").y

    def test_values_are_of_one_size_that_holds_the_widest(self) -> None:
        short, long = figures(), replace(figures(), kpis=(*figures().kpis[:3], Kpi("Wide", "$1,234,567,890.12 a year")))
        sizes = [{text_of(drawn(chart), kpi.value).size for kpi in chart.kpis[:3]} for chart in (short, long)]
        assert sizes[0] == {26.0} and len(sizes[1]) == 1 and max(sizes[1]) < 26

    @pytest.mark.parametrize("width", [509.0, 245.0])
    def test_hostile_words_stay_within_their_figure(self, width: float) -> None:
        made = drawn(figures_hostile(), width)
        lefts = sorted({one.x for one in rects(made)})
        wide = lefts[1] - lefts[0] if len(lefts) > 1 else width + GAP
        for one in made.texts:
            own = max(left for left in lefts if left <= one.x)
            assert one.box[2] <= own + wide - GAP + 0.01
