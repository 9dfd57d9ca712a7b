"""Pages of blocks: structure that a screen reader follows, text that stays text, and pages that do not run over."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import DARK, LIGHT, Palette
from costlib.charts.spec import Kpi, Mood
from costlib.documents.blocks import GUTTER, Sheet, Span
from costlib.documents.page import A4, LETTER, PAPERS, Document, Paper, gap
from costlib.documents.traced import read_trace
from costlib.documents.typst import DocumentError
from costlib.errors import InputError
from tests.charts.conftest import bridge, outlook

MADE_ON = date(2026, 10, 21)
TRACE = {"plan": "fraud"}
HEADER = ["Initiative", "Owner", "Saving a year"]
ROWS = [[[Span("Quantise", bold=True)], "Fraud ML", "$1.40M"], ["Cache", "Support", "$500K"]]
KPIS = (
    Kpi("Spend", "$18.5M", "+$2.7M vs plan", Mood.BAD, "likely 17.9 to 19.2"),
    Kpi("Unit cost", "$0.41", "−18%", Mood.GOOD),
    Kpi("Booked", "$2.1M"),
)


def document(*blocks: str, paper: Paper = A4, pages: int | None = 1, palette: Palette = LIGHT) -> Document:
    return Document("One page", blocks, ["Confidential"], MADE_ON, TRACE, paper, palette, pages)


def one_pager(paper: Paper = A4, palette: Palette = LIGHT) -> Document:
    sheet = paper.sheet(palette)
    left, right = sheet.halves()
    return document(
        sheet.eyebrow("AI COST", "Bills to 20 Oct 2026"),
        sheet.headline("Fraud costs a third less by June"),
        sheet.subtitle("One sentence that says how."),
        sheet.figures(KPIS),
        sheet.beside([left.exhibit(outlook(), 150)], [right.exhibit(bridge(), 150, title="What changed")]),
        sheet.section("PROGRAMME"),
        sheet.table(HEADER, ROWS, widths=("1fr", "auto", "auto"), right=1),
        sheet.beside(
            [left.section("RISKS"), left.bullets([[Span("Volume", bold=True), Span(" adds cost")], "Quality"])],
            [right.ask("THE ASK", "Approve $3.2M.", "Pays back in 7 months.")],
        ),
        gap(4),
        sheet.note("Bills to 20 Oct 2026."),
        paper=paper,
        palette=palette,
    )


def tags(pdf: bytes) -> list[str]:
    """Names of the tags in the order the file lists them."""
    return [name.decode() for name in re.findall(rb"/Type/StructElem/S/(\w+)", pdf)]


def page_count(pdf: bytes) -> int:
    found = re.search(rb"/Type/Pages/Count (\d+)/", pdf)
    assert found
    return int(found[1])


class TestOnePage:
    @pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
    def test_it_is_one_tagged_page_of_the_paper(self, paper: Paper) -> None:
        pdf = one_pager(paper).pdf()
        assert page_count(pdf) == 1
        box = re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert box and (float(box[1]), float(box[2])) == pytest.approx((paper.width, paper.height), abs=0.1)

    def test_its_parts_are_what_a_screen_reader_calls_them(self) -> None:
        found = tags(one_pager().pdf())
        assert found.count("H1") == 1
        assert found.count("H2") == 5  # two exhibits, programme, risks, the ask
        assert found.count("Figure") == 2
        assert found.count("Table") == 1 and found.count("TH") == 3 and found.count("TD") == 6
        assert found.count("L") == 1 and found.count("LI") == 2

    def test_it_carries_its_trace_and_is_the_same_every_time(self) -> None:
        pdf = one_pager().pdf()
        assert read_trace(pdf) == TRACE
        assert pdf == one_pager().pdf()

    def test_a_preview_is_the_same_page_as_a_picture(self) -> None:
        picture = one_pager(LETTER).png(pixels_per_inch=72)
        size = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
        assert size == (612, 792)

    def test_it_can_be_dark(self) -> None:
        assert one_pager(palette=DARK).pdf() != one_pager().pdf()

    @pytest.mark.skipif(which("pdftotext") is None, reason="needs poppler")
    def test_text_is_read_in_order(self, tmp_path: Path) -> None:
        path = tmp_path / "page.pdf"
        path.write_bytes(one_pager().pdf())
        ran = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
        text = " ".join(ran.stdout.split())
        wanted = [
            "AI COST",
            "Fraud costs a third less",
            "$18.5M",
            "What changed",
            "PROGRAMME",
            "THE ASK",
            "Page 1 of 1",
        ]
        places = [text.index(words) for words in wanted]
        assert places == sorted(places)
        assert "Volume adds cost" in text and "Confidential" in text


class TestRoom:
    def test_a_page_that_needs_more_is_refused(self) -> None:
        sheet = A4.sheet()
        long = [sheet.headline("A"), *(sheet.paragraph("Words. " * 200) for _ in range(12))]
        with pytest.raises(DocumentError, match=r"needs more than 1 page of A4; shorten it"):
            document(*long).pdf()
        assert page_count(document(*long, pages=None).pdf()) > 1
        assert page_count(document(*long, pages=9).pdf()) > 1

    def test_halves_and_gutter_fill_the_room(self) -> None:
        left, right = Sheet(500).halves(0.6)
        assert left.width + right.width + GUTTER == pytest.approx(500)
        assert left.width / right.width == pytest.approx(1.5)

    def test_a_chart_is_never_lower_than_it_can_be_read(self) -> None:
        sheet = Sheet(245)
        assert sheet.exhibit(bridge(), 10) != sheet.exhibit(bridge(), 400)
        assert document(sheet.headline("A"), sheet.exhibit(bridge(), 10)).pdf()


class TestBlocks:
    def test_a_row_that_does_not_fit_its_header_is_refused(self) -> None:
        with pytest.raises(InputError, match="has 2 cells"):
            A4.sheet().table(HEADER, [["a", "b"]])

    @pytest.mark.parametrize("block", ["bullets", "figures"])
    def test_nothing_is_not_a_list(self, block: str) -> None:
        with pytest.raises(InputError, match="Leave it out"):
            getattr(A4.sheet(), block)([])

    def test_a_table_without_rows_is_its_header(self) -> None:
        found = tags(document(A4.sheet().headline("A"), A4.sheet().table(HEADER, [])).pdf())
        assert found.count("TH") == 3 and "TD" not in found

    def test_spans_keep_the_spaces_between_them(self) -> None:
        words = A4.sheet().paragraph([Span("Volume", bold=True), Span(" adds "), Span("cost")])
        assert '" " + "adds" + " "' in words

    @settings(max_examples=40, deadline=None)
    @given(st.text(max_size=40))
    def test_any_words_can_stand_in_any_block(self, text: str) -> None:
        sheet = A4.sheet()
        words: list[Span] = [Span(text), Span(text, bold=True)]
        blocks = [
            sheet.eyebrow(words, words),
            sheet.headline([Span("A "), *words]),
            sheet.subtitle(words),
            sheet.figures([Kpi(f"a{text}", f"b{text}", text, Mood.GOOD, text)]),
            sheet.section([Span("B "), *words]),
            sheet.table(["a", f"b{text}"], [[words, text]]),
            sheet.bullets([words]),
            sheet.ask([Span("C "), *words], words, words),
            sheet.note(words),
        ]
        assert document(*blocks, pages=None).pdf().startswith(b"%PDF-")

    @pytest.mark.parametrize("text", ['"]); panic("x', "#panic()", "\\", "= A", "$", "@x", "*", "<label>"])
    def test_code_in_words_is_not_run(self, text: str) -> None:
        sheet = A4.sheet()
        assert document(sheet.headline(text), sheet.paragraph(text), sheet.table([text], [[text]])).pdf()
