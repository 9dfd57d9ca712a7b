"""What documents refuse, in words: files without a trace, pages and pictures that are not there, marks too large."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from costlib.documents.blocks import Sheet
from costlib.documents.marks import MOST_PIXELS, logo_of
from costlib.documents.page import Document
from costlib.documents.preview import picture
from costlib.documents.traced import read_trace
from costlib.documents.typst import DocumentError, compiled, measured, preamble
from costlib.errors import CostError, InputError

MADE_ON = date(2026, 10, 21)
SHEET = Sheet(515.0)


def pdf_of(**attached: bytes) -> bytes:
    """A PDF of two empty pages with files inside."""
    writer, made = PdfWriter(), io.BytesIO()
    for _ in range(2):
        writer.add_blank_page(100, 50)
    for name, data in attached.items():
        writer.add_attachment(name.replace("_", "."), data)
    writer.write(made)
    return made.getvalue()


def png_of(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(made, "PNG")
    return made.getvalue()


def two_pages() -> bytes:
    return compiled(preamble(title="T", made_on=MADE_ON) + "= A\n#pagebreak()\nB", "png", made_on=MADE_ON)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a PDF without a trace": (
        lambda: read_trace(pdf_of()),
        "The PDF carries no trace. Expected: a file written by Glidepath. Export it again.",
    ),
    "a trace that is a list": (
        lambda: read_trace(pdf_of(trace_json=b"[1]")),
        "The PDF carries no trace. Expected: a file written by Glidepath. Export it again.",
    ),
    "a trace that is no JSON": (
        lambda: read_trace(pdf_of(trace_json=b"{")),
        "The PDF carries no trace that can be read. Export it again.",
    ),
    "a file that is no PDF": (
        lambda: read_trace(b"%PDF-1.7 no"),
        "The PDF carries no trace that can be read. Export it again.",
    ),
    "the third of two pages": (lambda: picture(pdf_of(), 3), "There is no page 3. Expected: 1 to 2."),
    "a page before the first": (lambda: picture(pdf_of(), 0), "There is no page 0. Expected: 1 to 2."),
    "a picture of two pages": (two_pages, "A picture was asked of several pages. Expected: one page. Ask for a PDF."),
    "a logo of three megabytes": (
        lambda: logo_of(b"x" * 3_000_000, "mark.png"),
        "mark.png has 3,000,000 bytes. Expected: a PNG or JPEG picture of at most 2 MB. Save it smaller.",
    ),
    "a logo that is text": (
        lambda: logo_of(b"text"),
        "the logo is no picture that can be read. Expected: a PNG or JPEG picture of at most 2 MB.",
    ),
    "an empty list": (lambda: SHEET.bullets([]), "A list has no item. Leave it out."),
    "no figure": (lambda: SHEET.figures([]), "A row of figures has no figure. Leave it out."),
    "a row that is shorter than its header": (
        lambda: SHEET.table(("A", "B"), (("1",),)),
        "A row of a table has 1 cell. Expected: 2, as its header.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_says_what_is_wrong_and_what_to_do(what: str) -> None:
    build, said = REFUSED[what]
    with pytest.raises(CostError) as caught:
        build()
    assert str(caught.value) == said


class TestEngine:
    """What Typst says reaches the reader with its hint."""

    def test_a_fault_in_a_document_is_told(self) -> None:
        with pytest.raises(DocumentError, match=r"^The document cannot be set: .*unknown variable: nothing") as caught:
            compiled(preamble(title="T", made_on=MADE_ON) + "#nothing", "pdf", made_on=MADE_ON)
        with pytest.raises(DocumentError, match="unknown variable: nothing"):
            measured(preamble(title="T", made_on=MADE_ON), ["nothing"])
        assert caught.value.problem.startswith("The document cannot be set")

    def test_a_hint_of_the_engine_is_the_thing_to_do(self) -> None:
        with pytest.raises(DocumentError) as caught:
            compiled(preamble(title="T", made_on=MADE_ON) + "#(a-b)", "pdf", made_on=MADE_ON)
        assert caught.value.fix and "subtraction" in caught.value.fix

    def test_a_page_too_many_names_the_paper(self) -> None:
        blocks = [SHEET.headline("A title"), *(SHEET.paragraph("words " * 400) for _ in range(6))]
        made = Document("T", blocks, ("Source",), MADE_ON, {}, pages=1)
        with pytest.raises(DocumentError, match=r"the text needs more than 1 page of A4; shorten it"):
            made.pdf()


class TestKept:
    """What is just inside the limits."""

    @pytest.mark.parametrize(("width", "height"), [(60, 10), (10, 60), (100, 100)])
    def test_a_mark_up_to_six_times_as_wide_as_high_is_taken(self, width: int, height: int) -> None:
        made = logo_of(png_of(width, height))
        assert made.aspect == pytest.approx(width / height)
        with Image.open(io.BytesIO(made.png)) as opened:
            assert opened.size == (width, height)

    def test_a_large_one_is_made_small_in_proportion(self) -> None:
        made = logo_of(png_of(1600, 800))
        with Image.open(io.BytesIO(made.png)) as opened:
            assert opened.size == (2 * MOST_PIXELS, MOST_PIXELS)
        assert made.aspect == 2

    def test_a_mark_wider_than_that_is_to_be_cropped(self) -> None:
        with pytest.raises(InputError, match=r"the logo is \d+ by 10 pixels\. .*Crop it to the mark itself\."):
            logo_of(png_of(400, 10))

    def test_the_first_and_the_last_page_are_drawn_in_their_size(self) -> None:
        data = pdf_of()
        for number in range(1, len(PdfReader(io.BytesIO(data)).pages) + 1):
            with Image.open(io.BytesIO(picture(data, number, pixels_per_inch=72))) as opened:
                assert opened.size == (100, 50)

    def test_a_trace_of_any_keys_is_read_back(self) -> None:
        assert read_trace(pdf_of(trace_json=b'{"sum": "1.50"}')) == {"sum": "1.50"}
