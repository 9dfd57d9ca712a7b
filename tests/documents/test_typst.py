"""Compiling: what is refused, what is the same every time, and that nothing outside decides."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D

import pytest

from costlib.charts.printed.face import BOLD_WEIGHT, FAMILY
from costlib.documents import typst as engine
from costlib.documents.traced import read_trace
from costlib.documents.typst import DocumentError, compiled, preamble
from costlib.errors import InputError

MADE_ON = date(2026, 10, 21)
TRACE = {"sum": D("1.50"), "to": MADE_ON, "say": 'quotes " and \\ and #code'}


def source(body: str) -> str:
    return preamble(title="A title", made_on=MADE_ON, trace=TRACE) + "#set page(width: 200pt, height: 100pt)\n" + body


def pdf(body: str = "= A") -> bytes:
    return compiled(source(body), "pdf", made_on=MADE_ON)


def test_it_is_tagged_and_claims_the_standard_that_it_is_checked_against() -> None:
    data = pdf("= A\nText")
    assert b"/StructTreeRoot" in data and b"/Marked true" in data and b"/Lang(en-US)" in data
    assert b"pdfuaid" in data


def test_title_author_and_date_are_those_given() -> None:
    data = pdf()
    assert b"(A title)" in data and b"(Glidepath)" in data
    assert b"D:20261021000000" in data


def test_the_same_source_gives_the_same_bytes() -> None:
    assert pdf() == pdf()
    assert pdf() != pdf("= B")


def test_only_the_two_faces_are_there_whatever_the_machine_has() -> None:
    faces = {(font.family, font.weight, font.style) for font in engine._faces().fonts()}
    assert faces == {(FAMILY, 400, "normal"), (FAMILY, BOLD_WEIGHT, "normal")}


def test_both_faces_are_embedded() -> None:
    data = pdf(f"= A\nText #text(weight: {BOLD_WEIGHT})[bold]")
    assert data.count(b"/FontFile2 ") == 2
    assert b"SourceSansPro-Regular" in data and b"SourceSansPro-Semibold" in data


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('#set text(font: "Nowhere")\n= A', "with a warning: unknown font family"),
        ("= A\n=== C", "skipped from heading level 1 to 3"),
        ("= A\n漢", "could not be displayed"),
        ("#nothing", "unknown variable"),
        ('#image("/etc/hosts")', "cannot be set"),
        ("= A\n#figure(rect())", "alt"),
    ],
)
def test_what_is_not_right_is_refused(body: str, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        pdf(body)


def test_a_picture_is_of_one_page() -> None:
    with pytest.raises(DocumentError, match="several pages"):
        compiled(source("= A\n#pagebreak()\nB"), "png", made_on=MADE_ON)


@pytest.mark.parametrize(("output", "begins"), [("pdf", b"%PDF-"), ("png", b"\x89PNG"), ("svg", b"<svg")])
def test_outputs(output: str, begins: bytes) -> None:
    assert compiled(source("= A"), output, made_on=MADE_ON).startswith(begins)  # type: ignore[arg-type]


def test_a_picture_is_as_fine_as_it_is_asked_to_be() -> None:
    made = compiled(source("= A"), "png", made_on=MADE_ON, pixels_per_inch=144)
    assert (int.from_bytes(made[16:20], "big"), int.from_bytes(made[20:24], "big")) == (400, 200)


class TestTrace:
    def test_what_went_in_comes_out(self) -> None:
        assert read_trace(pdf()) == {"sum": "1.5", "to": "2026-10-21", "say": TRACE["say"]}

    def test_long_traces_too(self) -> None:
        trace = {str(index): ["x" * 50, "endstream"] for index in range(2000)}
        data = compiled(preamble(title="T", made_on=MADE_ON, trace=trace) + "= A", "pdf", made_on=MADE_ON)
        assert read_trace(data) == json.loads(json.dumps(trace))

    def test_a_pdf_without_one_is_refused(self) -> None:
        data = compiled(preamble(title="T", made_on=MADE_ON) + "= A", "pdf", made_on=MADE_ON)
        for other in (data, b"", b"%PDF-1.7 obj <</Type/EmbeddedFile/Length 3>>\nstream\nabc"):
            with pytest.raises(InputError, match="no trace"):
                read_trace(other)
