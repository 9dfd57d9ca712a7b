"""How a PDF looks, read from the file as a viewer draws it: where each word stands, its size, and what is bold."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from costlib.documents.model import Beside, Block, Bullets, Kpi, Kpis, Paragraph, Shape, Table
from costlib.documents.pdf import pdf
from tests.documents.pages_cases import ALONE, ASK, BARS, NET, SPEND, document, page, rows

LONG = "words that go on and on " * 3


@dataclass(frozen=True)
class Piece:
    """A piece of text: its left end, its height over the lower edge, its size, and whether its face is bold."""

    x: float
    y: float
    size: float
    bold: bool
    words: str


@cache
def pieces(made: bytes, number: int = 0) -> tuple[Piece, ...]:
    """The texts of a page in the order drawn, sizes as they are seen."""
    found: list[Piece] = []

    def note(text: str, outer: list[float], own: list[float], font: Any, size: float) -> None:
        if text.strip() and font:
            x = own[4] * outer[0] + own[5] * outer[2] + outer[4]
            y = own[4] * outer[1] + own[5] * outer[3] + outer[5]
            bold = "Semibold" in str(font.get("/BaseFont"))
            found.append(Piece(x, y, abs(size * own[3] * outer[3]), bold, text.strip()))

    PdfReader(io.BytesIO(made)).pages[number].extract_text(visitor_text=note)
    return tuple(found)


def shown(*blocks: Block, shape: Shape = Shape.A4, **more: Any) -> tuple[Piece, ...]:
    return pieces(pdf(document(page("one", *blocks), shape=shape, **more)))


def find(texts: tuple[Piece, ...], begin: str) -> Piece:
    return next(one for one in texts if one.words.startswith(begin))


class TestTable:
    ROWS = (("Alpha", "up", "$1"), ("Beta", "down", "$1,000,000"), ("Gamma", "flat", "$250"))

    def table(self, **more: Any) -> Table:
        return Table("", ("Name", "Way", "Saves"), self.ROWS, (False, False, True), **more)

    def test_words_begin_at_one_edge_and_amounts_end_at_one(self) -> None:
        texts = shown(self.table())
        names = {round(find(texts, name).x, 1) for name in ("Alpha", "Beta", "Gamma", "Name")}
        begins = [find(texts, amount).x for amount in ("$1", "$1,000,000", "$250")]
        assert len(names) == 1 and begins[1] < begins[2] < begins[0]

    def test_rows_stand_under_each_other_in_their_order(self) -> None:
        texts = shown(self.table())
        heights = [find(texts, name).y for name in ("Name", "Alpha", "Beta", "Gamma")]
        assert heights == sorted(heights, reverse=True)
        assert find(texts, "Beta").y == pytest.approx(find(texts, "$1,000,000").y, abs=0.5)

    @pytest.mark.parametrize("emphasis", [None, 0, 2])
    def test_the_row_that_is_proposed_is_bold_like_the_header_and_no_other(self, emphasis: int | None) -> None:
        texts = shown(self.table(emphasis=emphasis))
        bold = [name for name in ("Name", "Alpha", "Beta", "Gamma") if find(texts, name).bold]
        assert bold == ["Name", *([] if emphasis is None else [self.ROWS[emphasis][0]])]
        if emphasis is not None:
            assert all(find(texts, cell).bold for cell in self.ROWS[emphasis])

    def test_a_table_of_amounts_alone_fills_the_page(self) -> None:
        table = Table("", ("One", "Two"), (("1", "2"),), (True, True))
        texts = shown(table)
        assert find(texts, "Two").x > 480

    def test_without_saying_which_are_amounts_all_are_words(self) -> None:
        texts = shown(Table("", ("One", "Two"), (("1", "a"), ("10", "b"), (LONG, "c"))))
        assert find(texts, "10").x == pytest.approx(find(texts, "One").x, abs=0.2)

    def test_a_longer_column_of_words_is_wider_but_not_in_proportion(self) -> None:
        table = Table("", ("A", "B", "C"), ((LONG, LONG * 3, LONG),))
        texts = shown(table)
        a, b, c = (find(texts, name).x for name in "ABC")
        assert 1.5 < (c - b) / (b - a) < 3

    def test_a_label_stands_over_its_table_in_capitals(self) -> None:
        texts = shown(replace(self.table(), label="The plan"))
        assert find(texts, "THE PLAN").y > find(texts, "Name").y
        assert not any(one.words.startswith("THE PLAN") for one in shown(self.table()))


class TestBlocks:
    def test_a_column_takes_the_share_that_it_was_given(self) -> None:
        left, right = Paragraph(("Left words.",)), Paragraph(("Right words.",))
        starts = [find(shown(Beside((left,), (right,), share)), "Right").x for share in (0.3, 0.7)]
        assert find(shown(Beside((left,), (right,), 0.3)), "Left").x < starts[0] < 260 < starts[1]

    def test_a_row_of_figures_says_of_each_what_there_is_to_say(self) -> None:
        texts = shown(Kpis((Kpi("Spend", SPEND, "up", "bad", "a month"), Kpi("Saved", NET))))
        words = [one.words for one in texts]
        assert {"Spend", "$1.00K", "up", "a month", "Saved", "$580"} <= set(words)
        value, label, change, context = (find(texts, name) for name in ("$1.00K", "Spend", "up", "a month"))
        assert value.size > change.size > context.size and label.size < value.size
        assert (value.bold, change.bold, label.bold, context.bold) == (True, True, False, False)
        assert label.y > value.y > change.y > context.y

    def test_an_ask_is_bold_and_what_it_rests_on_is_not(self) -> None:
        texts = shown(ASK)
        assert find(texts, "Approve").bold and not find(texts, "It pays back").bold
        assert find(texts, "It pays back").y < find(texts, "Approve").y
        bare = shown(replace(ASK, support=()))
        assert not any(one.words.startswith("It pays") for one in bare)

    def test_sentences_and_points_keep_their_spaces(self) -> None:
        made = pdf(document(page("one", Paragraph(("First one.", "Second one.")), Bullets("", ("A point", "b")))))
        words = PdfReader(io.BytesIO(made)).pages[0].extract_text()
        assert "First one. Second one." in words and "A point" in words

    def test_a_chart_has_its_finding_over_it_unless_the_title_of_the_page_is_it(self) -> None:
        finding = BARS.chart.caption.title
        titled, alone = shown(BARS), shown(ALONE)
        assert find(titled, finding).bold and not any(one.words.startswith(finding) for one in alone)
        subtitle = BARS.chart.caption.subtitle[:20]
        assert find(titled, subtitle).y < find(titled, finding).y and find(alone, subtitle)


class TestSizes:
    def test_few_words_on_a_slide_are_larger_than_on_paper_and_its_title_is_not(self) -> None:
        words = Paragraph(("Body words.",))
        slide, paper = shown(words, shape=Shape.SLIDE), shown(words)
        assert find(slide, "Body").size == pytest.approx(1.4 * find(paper, "Body").size, rel=0.02)
        assert find(slide, "What is").size == pytest.approx(find(paper, "What is").size, rel=0.02)

    def test_a_slide_with_a_chart_anywhere_is_not_set_larger(self) -> None:
        words = Paragraph(("Body words.",))
        sizes = [
            find(shown(*blocks, shape=Shape.SLIDE), "Body").size
            for blocks in ((words, BARS), (Beside((words,), (BARS,)),), (Beside((BARS,), (words,)),))
        ]
        assert sizes == pytest.approx([find(shown(words), "Body").size] * 3, rel=0.02)

    def test_a_full_page_shrinks_alone(self) -> None:
        made = pdf(document(page("full", rows(54, 6)), page("one", Paragraph(("Body words.",))), shape=Shape.A4))
        full, usual = pieces(made, 0), pieces(made, 1)
        assert find(full, "word").size < 0.99 * find(usual, "Body").size
        assert find(full, "What is").size == pytest.approx(find(usual, "What is").size, rel=0.02)

    def test_a_page_of_two_charts_is_full(self) -> None:
        """The rest of the page goes to the charts: what is below the last one is less than a line or two."""
        texts = shown(BARS, replace(ALONE, id="other"), shape=Shape.SLIDE)
        lowest = min(one.y for one in texts if one.y > find(texts, "Source").y + 5)
        assert lowest - find(texts, "Source").y < 60


class TestHead:
    def test_what_holds_for_all_pages_stands_at_the_right_of_each(self) -> None:
        texts = shown(ASK, status="Draft")
        assert find(texts, "EYEBROW").x < 60 and "sample data, USD · Draft" in [one.words for one in texts]
        plain = shown(ASK)
        assert "sample data, USD" in [one.words for one in plain]

    def test_the_foot_says_the_source_and_which_page_it_is(self) -> None:
        made = pdf(document(page("one", ASK), page("two", ASK)))
        for number in (0, 1):
            text = PdfReader(io.BytesIO(made)).pages[number].extract_text()
            assert "Source: bills." in text and f"{number + 1} of 2" in text

    @pytest.mark.parametrize("subtitle", ["", "Another line."])
    def test_without_a_line_below_the_title_what_follows_moves_up(self, subtitle: str) -> None:
        own = replace(page("one", ASK), subtitle=subtitle)
        texts = pieces(pdf(document(own, shape=Shape.A4)))
        usual = shown(ASK)
        moved = find(texts, "Approve").y - find(usual, "Approve").y
        assert moved > 5 if not subtitle else moved == pytest.approx(0, abs=0.5)
