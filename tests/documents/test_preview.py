"""Pictures of the pages of a PDF: of the page asked for, in its proportions."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from costlib.documents.model import Paragraph, Shape
from costlib.documents.pdf import pdf
from costlib.documents.preview import PIXELS_PER_INCH, picture
from costlib.errors import InputError
from tests.documents.pages_cases import document, page


@pytest.fixture(scope="module")
def two_pages():
    """The first page is full of words, the second has a line."""
    full = page("one", Paragraph(("A sentence. " * 150,)))
    return pdf(document(full, page("two", Paragraph(("Little.",))), shape=Shape.A4))


def opened(png):
    return Image.open(io.BytesIO(png))


def darkness(png):
    """The mean of what is not white, of 255."""
    grey = opened(png).convert("L")
    return 255 - sum(level * count for level, count in enumerate(grey.histogram())) / (grey.width * grey.height)


def test_a_picture_is_as_large_as_its_page_at_that_resolution(two_pages):
    size = PdfReader(io.BytesIO(two_pages)).pages[0].mediabox
    drawn = opened(picture(two_pages, 1))
    assert drawn.width == pytest.approx(float(size.width) / 72 * PIXELS_PER_INCH, abs=1)
    assert drawn.height == pytest.approx(float(size.height) / 72 * PIXELS_PER_INCH, abs=1)


def test_a_lower_resolution_gives_a_smaller_picture(two_pages):
    assert opened(picture(two_pages, 1, pixels_per_inch=72)).width == pytest.approx(595, abs=1)


def test_it_is_the_page_asked_for(two_pages):
    first, second = (picture(two_pages, number) for number in (1, 2))
    assert darkness(first) > 2 * darkness(second) > 0


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_refused(two_pages, number):
    with pytest.raises(InputError, match=f"no page {number}"):
        picture(two_pages, number)
