"""Watermark and logo: on every page of both kinds of file, read by nobody twice, and small whatever was given."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from costlib.charts.fit import text_width
from costlib.charts.palette import LIGHT, PRINT, contrast
from costlib.documents.marks import (
    LOGO_HEIGHT,
    MOST_PIXELS,
    logo_of,
    watermark_angle,
    watermark_colour,
    watermark_size,
)
from costlib.documents.model import Shape
from costlib.documents.pdf import pdf
from costlib.documents.slides import pptx
from costlib.errors import InputError
from tests.documents.pages_cases import document

UNTIED = "$12.0K of the bill is not in these figures"


def picture(width=400, height=100, kind="PNG", colour=(20, 60, 140)):
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, kind)
    return kept.getvalue()


def pages(made):
    return PdfReader(io.BytesIO(pdf(made))).pages


def slides(made):
    return Presentation(io.BytesIO(pptx(made))).slides


@pytest.mark.parametrize("shape", list(Shape))
class TestWatermark:
    def test_it_stands_on_every_page(self, shape):
        made = document(shape=shape, watermark=UNTIED)
        assert all(UNTIED in page.extract_text().replace("\n", " ") for page in pages(made))
        for slide in slides(made):
            assert slide.shapes[0].name == "Watermark"  # drawn first, so that everything else is over it
            assert slide.shapes[0].text_frame.text == UNTIED
            assert slide.shapes[0].rotation == pytest.approx(360 + watermark_angle(*size(shape)), abs=0.01)

    def test_without_one_there_is_none(self, shape):
        made = document(shape=shape)
        assert not any(one.name == "Watermark" for slide in slides(made) for one in slide.shapes)
        assert not any("not in these figures" in page.extract_text() for page in pages(made))

    def test_it_stays_inside_the_page_and_moves_nothing(self, shape):
        plain, marked = document(shape=shape), document(shape=shape, watermark=UNTIED)
        assert len(pages(plain)) == len(pages(marked))
        for before, after in zip(slides(plain), slides(marked), strict=True):
            places = [[(s.name, s.left, s.top, s.width) for s in one.shapes] for one in (before, after)]
            assert places[0] == places[1][1:]


def size(shape):
    return {Shape.A4: (595, 842), Shape.LETTER: (612, 792), Shape.SLIDE: (960, 540)}[shape]


@given(st.text("abc $", min_size=1, max_size=80).filter(str.strip), st.floats(200, 2000), st.floats(200, 2000))
def test_the_words_are_never_longer_than_the_diagonal(words, width, height):
    length = watermark_size(words, width, height) * text_width(words, bold=True)
    assert length <= (width**2 + height**2) ** 0.5


@pytest.mark.parametrize("palette", [LIGHT, PRINT])
def test_words_over_it_can_be_read(palette):
    assert contrast(palette.ink, watermark_colour(palette)) > 10
    assert contrast(palette.muted, watermark_colour(palette)) > 4.5


class TestLogo:
    def test_it_stands_at_the_head_of_every_page(self):
        logo = logo_of(picture())
        made = document(logo=logo)
        assert all(len(page.images) == 1 for page in pages(made))
        for slide in slides(made):
            (shown,) = (shape for shape in slide.shapes if shape.name == "Logo")
            assert shown.height.pt == pytest.approx(LOGO_HEIGHT)
            assert shown.width.pt == pytest.approx(4 * LOGO_HEIGHT, abs=0.1)
            title = next(shape for shape in slide.shapes if shape.name == "Title")
            assert shown.top + shown.height < title.top

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_it_is_kept_small(self, kind):
        logo = logo_of(picture(1600, 1200, kind))
        with Image.open(io.BytesIO(logo.png)) as kept:
            assert (kept.format, kept.size[1]) == ("PNG", MOST_PIXELS)
        assert logo.aspect == pytest.approx(4 / 3)

    def test_the_same_picture_gives_the_same_document(self):
        one, other = (pdf(document(logo=logo_of(picture()))) for _ in range(2))
        assert one == other

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "no picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
            (picture()[:60], "no picture"),
            (picture(900, 100), "900 by 100 pixels"),
            (b"\x89PNG" + b"\0" * 2_000_000, "2,000,004 bytes"),
        ],
    )
    def test_what_cannot_be_one_is_refused(self, data, problem):
        with pytest.raises(InputError, match=problem) as refused:
            logo_of(data, "mark.png")
        assert "mark.png" in str(refused.value)
