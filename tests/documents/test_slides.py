"""Presentations: native through and through, on the page, and the same every time."""

import io

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from costlib.charts.fit import JOINER
from costlib.documents.model import Bullets, PageTooFull, Paragraph, Shape
from costlib.documents.slides import pptx
from tests.documents.pages_cases import document, page, rows


def opened(made):
    return Presentation(io.BytesIO(pptx(made)))


def said(slide):
    frames = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return frames + cells


@pytest.mark.parametrize("shape", list(Shape))
class TestEveryPaper:
    def test_nothing_is_a_picture_and_nothing_leaves_the_page(self, shape):
        deck = opened(document(shape=shape))
        for slide in deck.slides:
            for one in slide.shapes:
                assert one.shape_type != MSO_SHAPE_TYPE.PICTURE
                assert one.left >= 0 and one.top >= 0
                assert one.left + one.width <= deck.slide_width + 1
                assert one.top + one.height <= deck.slide_height + 1

    def test_titles_are_titles(self, shape):
        titles = [slide.shapes.title.text_frame.text for slide in opened(document(shape=shape)).slides]
        assert titles == ["What is to be done", "One chart", "Words"]

    def test_charts_hold_their_amounts(self, shape):
        first, second, _ = opened(document(shape=shape)).slides
        for slide in (first, second):
            (chart,) = [one.chart for one in slide.shapes if one.has_chart]
            assert [value for series in chart.series for value in series.values]


class TestWords:
    def test_figures_are_where_they_belong(self):
        first, second, third = opened(document()).slides
        assert "$1.00K" in " ".join(said(first))
        assert "Make it smaller" in said(first)
        assert any("one\ntwo" in text.replace("\v", "\n") for text in said(third))
        assert "1 of 3" in said(first)
        assert third.notes_slide.notes_text_frame.text == "Say it slowly."
        # An untitled chart still says what it measures.
        assert any(shape.name == "Measure alone" and shape.text_frame.text for shape in second.shapes)

    def test_the_status_stands_at_the_head_of_every_page(self):
        deck = opened(document(status="draft · $5K of the bill is not in these figures"))
        for slide in deck.slides:
            (standing,) = [one for one in slide.shapes if one.name == "Standing"]
            assert standing.text_frame.text == "sample data, USD · draft · $5K of the bill is not in these figures"

    def test_few_words_are_set_larger_than_many(self):
        few, many = (
            opened(document(page("one", Paragraph(("A sentence. " * count,))))).slides[0] for count in (3, 330)
        )

        def size(slide):
            (text,) = [one for one in slide.shapes if one.name.startswith("Text")]
            return text.text_frame.paragraphs[0].runs[0].font.size.pt

        assert size(few) > 14 > size(many)


def test_a_sign_stays_at_its_amount_and_nothing_else_changes():
    (slide,) = opened(document(page("one", Bullets("", ("Grow −$176K, up 5%",)), title="Down −$2"))).slides
    assert slide.shapes.title.text_frame.text == f"Down −{JOINER}$2"
    assert any(f"Grow −{JOINER}$176K, up 5%" in text for text in said(slide))


def test_too_full_a_page_is_refused():
    with pytest.raises(PageTooFull, match="holds more than fits"):
        pptx(document(page("one", rows(60))))


def test_the_same_document_gives_the_same_bytes():
    assert pptx(document()) == pptx(document())
