"""Rules of a page that does not flow: which type shrinks, which grows, and who gets the room that is left."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.slide.page import Box
from costlib.documents.layout import (
    LEADING,
    TYPES,
    Sheet,
    Type,
    column_widths,
    columns,
    kpi_height,
    least,
    lines,
    row_heights,
    sheet,
    stacked,
    way_out,
)
from costlib.documents.model import (
    Ask,
    Beside,
    Block,
    Bullets,
    Kpi,
    Kpis,
    Page,
    PageTooFull,
    Paragraph,
    Sentence,
    Shape,
    Table,
)
from tests.documents.pages_cases import ALONE, ASK, BARS, NET, SPEND, TABLE, page, rows

WORD = "saving "
A4 = TYPES[Shape.A4]
SIZES = ("title", "subtitle", "body", "small", "cell", "kpi")


def words(count: int) -> Paragraph:
    return Paragraph(((WORD * count).strip(),))


BLOCKS = st.lists(
    st.one_of(
        st.integers(1, 60).map(words),
        st.integers(1, 4).map(lambda count: Bullets("Points", ("one point",) * count)),
        st.integers(1, 4).map(lambda count: rows(count, 3)),
        st.sampled_from([BARS, ASK, TABLE, Kpis((Kpi("Spend", SPEND), Kpi("Saved", NET, "up")))]),
        st.just(Beside((BARS,), (TABLE, ASK), 0.6)),
    ),
    min_size=1,
    max_size=4,
)


def titled(title: str, subtitle: str = "", source: str = "Source", *blocks: Block) -> Page:
    return Page("one", "eyebrow", Sentence("title", title, {}), subtitle, blocks, source)


class TestType:
    @pytest.mark.parametrize("name", SIZES)
    def test_a_fuller_page_has_all_of_its_type_smaller(self, name: str) -> None:
        assert getattr(A4.scaled(0.8), name) == pytest.approx(0.8 * getattr(A4, name))

    @pytest.mark.parametrize("name", SIZES)
    def test_an_emptier_one_has_what_is_below_its_title_larger(self, name: str) -> None:
        same = name in ("title", "subtitle", "small")
        assert getattr(A4.scaled(1.2), name) == pytest.approx((1 if same else 1.2) * getattr(A4, name))

    def test_a_page_as_it_is_stays_as_it_is(self) -> None:
        assert A4.scaled(1) == A4

    def test_the_least_chart_shrinks_with_it_but_its_type_not_below_nine_tenths(self) -> None:
        small = A4.scaled(0.75)
        assert small.chart == pytest.approx(0.75 * A4.chart)
        assert small.chart_type == pytest.approx(0.9 * A4.chart_type)
        assert A4.scaled(0.95).chart_type == pytest.approx(0.95 * A4.chart_type)
        assert (small.width, small.height, small.edge) == (A4.width, A4.height, A4.edge)


class TestSheet:
    @given(st.sampled_from(list(Shape)), BLOCKS)
    def test_everything_lies_between_the_title_and_the_foot_in_its_order(
        self, shape: Shape, blocks: list[Block]
    ) -> None:
        try:
            made = sheet(page("one", *blocks), shape)
        except PageTooFull:
            return
        type = made.type
        assert type.edge * 0.5 < made.title.top and made.title.top + made.title.height <= made.subtitle.top
        bottom = made.subtitle.top + made.subtitle.height
        for placed in made.blocks:
            box = placed.box
            assert bottom < box.top and box.top + box.height <= made.foot.top - type.gap + 1e-6
            assert type.edge <= box.left + 1e-6 and box.left + box.width <= type.width - type.edge + 1e-6
            assert box.height >= least(placed.block, box.width, type) - 1e-6
        assert made.foot.top + made.foot.height <= type.height - type.edge * 0.5

    @given(BLOCKS)
    def test_blocks_that_stand_under_each_other_keep_a_gap(self, blocks: list[Block]) -> None:
        flat = [block for block in blocks if not isinstance(block, Beside)]
        placed = stacked(flat, Box(0, 0, 500, 900), A4)
        for one, other in pairwise(placed or ()):
            assert other.box.top - one.box.top - one.box.height == pytest.approx(A4.gap)

    def test_a_slide_of_few_words_is_set_larger_and_paper_is_not(self) -> None:
        base = {shape: TYPES[shape].body for shape in Shape}
        found = {shape: sheet(page("one", words(3)), shape).type.body / base[shape] for shape in Shape}
        assert found[Shape.SLIDE] == pytest.approx(1.35)
        assert found[Shape.A4] == found[Shape.LETTER] == 1.0

    @pytest.mark.parametrize("chart", [BARS, Beside((BARS,), (words(3),)), Beside((words(3),), (BARS,))])
    def test_a_slide_with_a_chart_is_not(self, chart: Block) -> None:
        assert sheet(page("one", words(3), chart), Shape.SLIDE).type.body == TYPES[Shape.SLIDE].body

    def test_the_title_is_as_high_as_its_lines_in_bold(self) -> None:
        made = sheet(titled(WORD * 12, "", "Source", words(2)), Shape.A4)
        count = lines(made_title := (WORD * 12).strip(), made.type.title, made.title.width, bold=True)
        assert count > 1 and made_title
        assert made.title.height == pytest.approx(count * made.type.title * LEADING)

    def test_a_title_that_only_bold_type_breaks_has_room_for_two_lines(self) -> None:
        type, inner = A4, A4.width - 2 * A4.edge
        title = next(
            "x" * length
            for length in range(20, 200)
            if lines("x" * length, type.title, inner, bold=True) > lines("x" * length, type.title, inner)
        )
        assert sheet(titled(title), Shape.A4).title.height == pytest.approx(2 * type.title * LEADING)

    def test_without_a_subtitle_its_room_goes_to_the_blocks(self) -> None:
        some, none = (sheet(titled("A", subtitle, "S", BARS), Shape.SLIDE) for subtitle in ("A line", ""))
        assert none.subtitle.height == 0 and some.subtitle.height == pytest.approx(some.type.subtitle * LEADING)
        assert some.blocks[0].box.top - none.blocks[0].box.top == pytest.approx(some.subtitle.height)

    def test_a_longer_source_lifts_the_foot_and_stays_clear_of_the_number_of_the_page(self) -> None:
        short, long = (sheet(titled("A", "", "word " * count, BARS), Shape.SLIDE) for count in (1, 60))
        assert long.foot.top < short.foot.top
        assert long.foot.top + long.foot.height == pytest.approx(short.foot.top + short.foot.height)
        assert long.foot.height == pytest.approx(
            lines("word " * 60, long.type.small, long.foot.width - 60) * long.type.small * LEADING
        )


class TestRoom:
    def test_what_fits_to_a_hair_is_placed_and_a_hair_more_is_not(self) -> None:
        blocks = (words(5), TABLE, words(2))
        needed = sum(least(block, 400, A4) for block in blocks) + 2 * A4.gap
        assert stacked(blocks, Box(0, 0, 400, needed + 1e-9), A4) is not None
        assert stacked(blocks, Box(0, 0, 400, needed - 0.01), A4) is None

    def test_a_block_alone_needs_no_gap(self) -> None:
        needed = least(TABLE, 400, A4)
        placed = stacked((TABLE,), Box(0, 0, 400, needed + 1e-9), A4)
        assert placed is not None and placed[0].box.height == pytest.approx(needed)

    def test_on_a_slide_charts_share_all_that_is_left_and_words_none(self) -> None:
        type = TYPES[Shape.SLIDE]
        placed = stacked((words(2), BARS, ALONE), Box(0, 10, 800, 700), type)
        assert placed is not None
        text, one, other = (block.box for block in placed)
        assert text.height == pytest.approx(least(words(2), 800, type))
        assert one.height == pytest.approx(other.height)
        assert other.top + other.height == pytest.approx(710)

    def test_on_paper_a_chart_grows_to_so_much_and_no_more(self) -> None:
        placed = stacked((BARS,), Box(0, 0, 500, 2000), A4)
        assert placed is not None and placed[0].box.height == pytest.approx(2.2 * A4.chart)

    def test_on_a_square_page_as_on_a_slide(self) -> None:
        square = Type(600, 600, *(getattr(A4, name) for name in ("edge", *SIZES, "gap", "chart", "chart_type")))
        placed = stacked((BARS,), Box(0, 0, 500, 2000), square)
        assert placed is not None and placed[0].box.height == pytest.approx(2000)

    @given(st.floats(0.2, 0.8), st.floats(200, 800))
    def test_two_columns_and_the_gap_between_them_fill_the_width(self, left: float, width: float) -> None:
        one, other = columns(Beside((BARS,), (TABLE,), left), Box(5, 7, width, 100), A4)
        between = other.left - one.left - one.width
        assert between > A4.gap and one.width + between + other.width == pytest.approx(width)
        assert one.width / (one.width + other.width) == pytest.approx(left)
        assert (one.top, other.top, one.height, other.height, one.left) == (7, 7, 100, 100, 5)

    def test_the_longer_column_says_how_high_both_are(self) -> None:
        short, long = (words(1),), (words(40), words(40))
        type, width = A4, 400.0
        one, other = (least(Beside(*pair), width, type) for pair in ((short, long), (long, short)))
        assert one == pytest.approx(other)
        column = columns(Beside(short, long), Box(0, 0, width, 0), type)[1].width
        assert one == pytest.approx(2 * least(words(40), column, type) + type.gap)


class TestHeights:
    def test_a_label_takes_a_line_and_no_label_none(self) -> None:
        with_label, without = (least(Bullets(label, ("a", "b")), 300, A4) for label in ("Risks", ""))
        assert with_label - without == pytest.approx(A4.small * LEADING + 3)

    def test_points_are_broken_beside_their_bullets(self) -> None:
        point = (WORD * 30).strip()
        inner = 300 - A4.body
        assert least(Bullets("", (point, "b")), 300, A4) == pytest.approx(
            (lines(point, A4.body, inner) + 1) * A4.body * LEADING + 2 * 2
        )

    def test_an_ask_grows_with_what_it_rests_on(self) -> None:
        bare, one, two = (least(Ask("Ask", ASK.sentence, ("It pays back.",) * count), 300, A4) for count in (0, 1, 2))
        assert two - one == pytest.approx(one - bare) and one - bare == pytest.approx(A4.body * LEADING + 2)

    def test_an_ask_is_broken_between_the_sides_of_its_box(self) -> None:
        """A gap is left on all four sides; the request is set a fifth larger than what it rests on."""
        request, inset = Sentence("ask", (WORD * 12).strip(), {}), 2 * A4.gap
        support = (WORD * 60).strip()
        width = next(at for at in range(150, 400) if lines(support, A4.body, at - inset) > lines(support, A4.body, at))
        high = A4.small + 1.2 * A4.body * lines(request, A4.body * 1.2, width - inset, bold=True)
        high += A4.body * lines(support, A4.body, width - inset)
        assert least(Ask("Ask", request, (support,)), width, A4) == pytest.approx(inset + high * LEADING + 4 + 4 + 2)

    def test_figures_of_one_line_are_as_high_as_label_value_and_four_points(self) -> None:
        """On A4: 8.5 and 19 points of type, each 1.22 of that high."""
        assert kpi_height(Kpis((Kpi("A", SPEND), Kpi("B", NET))), 400, A4) == pytest.approx((8.5 + 19) * 1.22 + 4)

    def test_a_row_of_figures_has_a_line_for_what_any_of_them_has(self) -> None:
        plain, changed, told = (
            kpi_height(Kpis((Kpi("A", SPEND), Kpi("B", NET, **more))), 400, A4)
            for more in ({}, {"change": "up"}, {"context": "a month"})
        )
        assert changed - plain == pytest.approx(A4.body * LEADING)
        assert told - plain == pytest.approx(A4.cell * LEADING)

    def test_the_longest_label_and_the_longest_context_count(self) -> None:
        long = (WORD * 8).strip()
        inner = 300 / 2 - 2 * A4.gap
        pair = Kpis((Kpi(long, SPEND, "", "neutral", "short"), Kpi("B", NET, "", "neutral", long)))
        plain = Kpis((Kpi("A", SPEND, "", "neutral", "short"), Kpi("B", NET, "", "neutral", "short")))
        more = 2 * (lines(long, A4.cell, inner) - 1) * A4.cell * LEADING
        assert kpi_height(pair, 300, A4) - kpi_height(plain, 300, A4) == pytest.approx(more)

    def test_a_row_is_as_high_as_its_highest_cell(self) -> None:
        table = Table("", ("What", "Saves"), ((WORD * 30, SPEND), ("Short", NET)), (False, True))
        header, high, low = row_heights(table, 250, A4)
        assert header == low < high
        (wide, _) = column_widths(table, 250, A4)
        assert high - low == pytest.approx((lines(WORD * 30, A4.cell, wide - 8) - 1) * A4.cell * LEADING)

    @given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.floats(150, 700))
    def test_columns_fill_the_width_and_a_longer_one_is_never_narrower(self, counts: list[int], width: float) -> None:
        header = tuple("x" * count for count in counts)
        found = column_widths(Table("", header, ()), width, A4)
        assert sum(found) == pytest.approx(width)
        for (count, own), (other, its) in pairwise(sorted(zip(counts, found, strict=True))):
            assert own <= its + 1e-6 or count == other


class TestWayOut:
    def test_a_page_that_no_paper_holds_can_only_be_shortened(self) -> None:
        full = page("one", rows(200))
        assert way_out(full, Shape.SLIDE) == "Shorten a sentence, or leave rows out of a table."

    def test_papers_that_hold_it_are_named_and_the_own_one_never(self) -> None:
        fits = page("one", words(3))
        assert way_out(fits, Shape.SLIDE).startswith("Take the paper a4 or letter, or shorten a sentence")
        assert way_out(fits, Shape.A4).startswith("Take the paper letter or slide, or shorten")

    def test_a_refusal_says_so(self) -> None:
        with pytest.raises(PageTooFull, match=r"three quarters of the usual type.*Shorten a sentence"):
            sheet(page("one", rows(200)), Shape.A4)


def test_a_sheet_is_one_value() -> None:
    one, again = (sheet(page("one", words(3), BARS), Shape.A4) for _ in range(2))
    assert isinstance(one, Sheet) and one == again and isinstance(one.blocks, tuple)
