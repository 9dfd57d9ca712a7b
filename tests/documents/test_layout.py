"""Pages that do not flow: nothing overlaps, nothing leaves the page, what does not fit is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.fit import text_width
from costlib.charts.slide.page import Box
from costlib.documents.layout import TYPES, column_widths, least, lines, row_heights, sheet, stacked
from costlib.documents.model import (
    Ask,
    Basis,
    Beside,
    Bullets,
    Exhibit,
    Figure,
    Kpi,
    Kpis,
    Page,
    PageTooFull,
    Paragraph,
    Sentence,
    Shape,
    Table,
)
from tests.charts.conftest import ranked_plain

SPEND = Figure("spend", "$1.00K", "1000", "a month", Basis.BILL)
TABLE = Table("Plan", ("What", "Saves"), (("Switch it off", "$1"), ("Make it smaller", "$2")), (False, True))
ASK = Ask("The ask", Sentence("ask", "Approve {spend}", {"spend": SPEND}), ("It pays back.",))
TYPE = TYPES[Shape.A4]


def page(*blocks, title="What is to be done"):
    return Page("one", "eyebrow", Sentence("title", title, {}), "A line below.", blocks, "Source: bills.")


def chart():
    return Exhibit("bars", ranked_plain())


def overlap(one, other):
    return min(one.left + one.width, other.left + other.width) - max(one.left, other.left) > 1e-6 and (
        min(one.top + one.height, other.top + other.height) - max(one.top, other.top) > 1e-6
    )


@pytest.mark.parametrize("shape", list(Shape))
def test_blocks_lie_on_the_page_and_apart(shape):
    blocks = (Kpis((Kpi("Spend", SPEND),) * 3), Beside((chart(),), (TABLE, ASK)), Bullets("Risks", ("one", "two")))
    found = sheet(page(*blocks), shape)
    boxes = [found.title, found.subtitle, *(placed.box for placed in found.blocks), found.foot]
    assert len(found.blocks) == 5
    for at, one in enumerate(boxes):
        assert one.left >= 0
        assert one.left + one.width <= found.type.width
        assert 0 <= one.top <= one.top + one.height <= found.type.height
        assert not any(overlap(one, other) for other in boxes[at + 1 :])


def test_charts_share_the_room_that_is_left():
    found = sheet(page(Paragraph(("Words.",)), chart(), chart()), Shape.A4)
    words, one, other = (placed.box.height for placed in found.blocks)
    assert one == pytest.approx(other)
    assert one > TYPE.chart > words


def test_a_fuller_page_has_smaller_type_and_then_is_refused():
    roomy = sheet(page(chart(), TABLE), Shape.A4)
    tight = sheet(page(chart(), Bullets("Points", ("word " * 40,) * 23)), Shape.A4)
    assert tight.type.body < roomy.type.body == TYPE.body
    with pytest.raises(PageTooFull, match="'What is to be done' holds more than fits"):
        sheet(page(chart(), Bullets("Points", ("word " * 40,) * 60)), Shape.A4)


@pytest.mark.parametrize(
    ("points", "said"),
    [(23, "Take the paper a4 or letter, or shorten a sentence"), (90, "Shorten a sentence, or leave rows out")],
)
def test_a_refusal_names_the_papers_that_hold_the_page(points, said):
    with pytest.raises(PageTooFull) as refused:
        sheet(page(Bullets("Points", ("word " * 40,) * points)), Shape.SLIDE)
    assert refused.value.fix.startswith(said)


def test_too_small_a_box_holds_nothing():
    assert stacked((TABLE,), Box(0, 0, 300, 10), TYPE) is None


class TestTables:
    def test_columns_fill_the_width_and_no_text_is_wider_than_its_own_where_there_is_room(self):
        widths = column_widths(TABLE, 400, TYPE)
        assert sum(widths) == pytest.approx(400)
        assert widths[0] > text_width("Make it smaller", bold=True) * TYPE.small / 1.05

    def test_in_a_narrow_room_the_longest_column_gives_way_and_its_rows_grow(self):
        long = Table("", ("What", "Saves"), (("a rather long name of an initiative " * 4, "$1"),))
        widths = column_widths(long, 150, TYPE)
        assert sum(widths) == pytest.approx(150)
        header, row = row_heights(long, 150, TYPE)
        assert row > 2 * header

    def test_no_word_is_broken_as_long_as_all_words_have_room(self):
        cells = ("Recommendations", "an owner with many names " * 3, "a reason " * 9)
        table = Table("", ("Team", "Owner", "Reason"), (cells,))
        widths = column_widths(table, 180, TYPE)
        assert sum(widths) == pytest.approx(180)
        assert lines("Recommendations", TYPE.cell, widths[0] - 8) == 1

    def test_one_line_of_text_is_one_line_high(self):
        header, first, _ = row_heights(TABLE, 400, TYPE)
        assert header == first


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=12), max_size=30))
def test_a_narrower_room_never_needs_less_height(words):
    block = Paragraph((" ".join(words),))
    assert least(block, 120, TYPE) >= least(block, 300, TYPE)
    assert lines(" ".join(words), 10, 80) >= lines(" ".join(words), 10, 800) >= 1
