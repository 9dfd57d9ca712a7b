"""PDFs: one page for each of the document's, tagged, filled but never run over."""

import io

import pytest
from pypdf import PdfReader

from costlib.charts.palette import PRINT
from costlib.documents import pdf as module
from costlib.documents.model import Beside, Bullets, Kpi, Kpis, PageTooFull, Shape
from costlib.documents.pdf import pdf
from costlib.documents.traced import read_trace
from tests.documents.pages_cases import ALONE, ASK, BARS, NET, SPEND, TABLE, document, page, rows

SIZES = {Shape.A4: (595, 842), Shape.LETTER: (612, 792), Shape.SLIDE: (800, 450)}


def opened(made):
    return PdfReader(io.BytesIO(pdf(made)))


def spaced(text):
    return "".join(text.split())


@pytest.mark.parametrize("shape", list(Shape))
class TestEveryPaper:
    def test_as_many_pages_as_the_document_has_tagged_and_of_the_paper(self, shape):
        reader = opened(document(shape=shape))
        assert len(reader.pages) == 3
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        for one in reader.pages:
            assert tuple(round(float(side)) for side in one.mediabox[2:]) == SIZES[shape]

    def test_every_word_is_there(self, shape):
        first, second, third = (spaced(one.extract_text()) for one in opened(document(shape=shape)).pages)
        for words in ("What is to be done", "A line below.", "$1.00K", "Make it smaller", "Approve $1.00K", "PLAN"):
            assert spaced(words) in first
        assert "Onechart" in second
        assert "two" in third

    def test_a_full_page_is_set_smaller_and_keeps_its_last_row(self, shape):
        many = 34 if shape is not Shape.SLIDE else 18
        reader = opened(document(page("one", rows(many, width=6)), shape=shape))
        (only,) = reader.pages
        assert only.extract_text().count("$1.00K") == many


class TestFit:
    def heights(self, made):
        return module._fitting(made, PRINT)

    def test_a_chart_alone_takes_the_room_of_the_page(self):
        made = document(page("one", ALONE), shape=Shape.SLIDE)
        setting = module._setting(
            made, PRINT, module._finished(made, PRINT, {0: module._Fit(110.0)}, 358.0), final=False
        )
        (needed,) = setting.heights()
        assert 340 < needed <= 358

    def test_a_chart_beside_longer_words_grows_with_them(self):
        made = document(page("one", Kpis((Kpi("Spend", SPEND), Kpi("Net", NET))), Beside((BARS,), (TABLE, ASK))))
        setting = self.heights(made)
        assert setting.pages == 1

    def test_words_that_fit_at_no_size_are_refused(self):
        with pytest.raises(PageTooFull, match="holds more than fits its page"):
            pdf(document(page("one", rows(80)), shape=Shape.SLIDE))

    def test_only_the_page_that_is_too_full_is_named(self):
        with pytest.raises(PageTooFull, match="The full one"):
            pdf(document(page("one", ALONE), page("two", rows(80), title="The full one")))


def test_the_status_stands_on_every_page():
    for one in opened(document(status="draft")).pages:
        assert "draft" in one.extract_text()


def test_the_trace_is_inside():
    assert read_trace(pdf(document(trace={"generation": "ab12"}))) == {"generation": "ab12"}


def test_the_same_document_gives_the_same_bytes():
    assert pdf(document()) == pdf(document())


def test_an_amount_is_never_broken_behind_its_sign():
    """Words before it push it to the end of a line wherever that is."""
    points = tuple("w" * count + " −$176K" * 40 for count in range(1, 5))
    (only,) = opened(document(page("one", Bullets("Points", points)), shape=Shape.A4)).pages
    lines = only.extract_text().splitlines()
    assert sum(line.count("−$176K") for line in lines) == 160
    assert not any(line.rstrip().endswith("−") for line in lines)
