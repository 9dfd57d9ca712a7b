"""How a slide looks, read from the file: where each shape lies, its sizes, its colours, and what is bold."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn

from costlib.charts.palette import LIGHT, PRINT, mixed
from costlib.documents.layout import LEADING, TYPES, column_widths, lines, row_heights, sheet
from costlib.documents.marks import logo_of, watermark_size
from costlib.documents.model import (
    Ask,
    Beside,
    Block,
    Bullets,
    Document,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
)
from costlib.documents.slides import pptx
from tests.documents.pages_cases import ALONE, ASK, BARS, NET, SPEND, TABLE, document, page

A4 = TYPES[Shape.A4]
LONG = "words that go on and on " * 8


@cache
def deck(made: bytes) -> Any:
    return Presentation(io.BytesIO(made))


def slide_of(*blocks: Block, **more: Any) -> Any:
    """The one slide of a document on upright paper, whose type is neither larger nor smaller than usual."""
    return drawn(document(page("one", *blocks), **({"shape": Shape.A4} | more)))


def drawn(made: Document, number: int = 0) -> Any:
    return deck(pptx(made)).slides[number]


def named(slide: Any, name: str) -> Any:
    (found,) = [one for one in slide.shapes if one.name == name]
    return found


def runs(shape: Any) -> list[tuple[str, float, bool, str]]:
    """Each paragraph of a shape: its words, size in points, whether it is bold, and its colour."""
    found = []
    for paragraph in shape.text_frame.paragraphs:
        (run,) = paragraph.runs
        found.append((run.text, run.font.size.pt, run.font.bold, f"#{run.font.color.rgb}".lower()))
    return found


def ground(shape: Any) -> str:
    return f"#{shape.fill.fore_color.rgb}".lower()


def box_of(shape: Any) -> tuple[float, float, float, float]:
    return tuple(round(side.pt, 1) for side in (shape.left, shape.top, shape.width, shape.height))


def tint() -> str:
    return mixed(PRINT.accent, PRINT.background, 0.08).lower()


class TestHead:
    def test_what_the_page_is_about_at_the_left_and_whose_figures_these_are_at_the_right(self) -> None:
        slide = slide_of(ASK)
        left, right = named(slide, "Eyebrow"), named(slide, "Standing")
        assert runs(left) == [("EYEBROW", A4.small, True, PRINT.accent.lower())]
        assert runs(right) == [("sample data, USD", A4.small, False, PRINT.muted.lower())]
        assert left.text_frame.paragraphs[0].alignment == PP_ALIGN.LEFT
        assert right.text_frame.paragraphs[0].alignment == PP_ALIGN.RIGHT
        assert box_of(left) == box_of(right) == (42.0, 29.4, 595 - 84, round(A4.small * LEADING, 1))

    def test_a_status_follows_and_without_a_standing_it_stands_alone(self) -> None:
        made = document(page("one", ASK), shape=Shape.A4, status="draft")
        assert runs(named(drawn(made), "Standing"))[0][0] == "sample data, USD · draft"
        assert runs(named(drawn(replace(made, standing="")), "Standing"))[0][0] == "draft"

    def test_title_and_line_below_lie_where_they_were_laid(self) -> None:
        own = page("one", ASK)
        laid = sheet(own, Shape.A4)
        slide = drawn(document(own, shape=Shape.A4))
        title, below = named(slide, "Title"), named(slide, "Subtitle")
        assert title == slide.shapes.title
        assert title.text_frame.paragraphs[0].font.size.pt == A4.title
        for shape, box in ((title, laid.title), (below, laid.subtitle)):
            assert box_of(shape) == pytest.approx((box.left, box.top, box.width, box.height), abs=0.06)
        assert runs(below) == [("A line below.", A4.subtitle, False, PRINT.muted.lower())]

    def test_a_page_without_a_line_below_has_no_empty_box_for_it(self) -> None:
        bare = replace(page("one", ASK), subtitle="")
        assert "Subtitle" not in [one.name for one in drawn(document(bare, shape=Shape.A4)).shapes]

    def test_no_placeholder_is_left_for_a_presenter_to_fill(self) -> None:
        for slide in deck(pptx(document())).slides:
            assert [one.name for one in slide.placeholders] == ["Title"]

    def test_the_deck_has_the_paper_of_the_document(self) -> None:
        sizes = {shape: deck(pptx(document(page("one", ASK), shape=shape))) for shape in Shape}
        assert {shape: (one.slide_width.pt, one.slide_height.pt) for shape, one in sizes.items()} == {
            Shape.A4: (595, 842),
            Shape.LETTER: (612, 792),
            Shape.SLIDE: (960, 540),
        }


class TestFoot:
    def test_the_source_at_the_left_and_the_number_of_the_page_at_the_right(self) -> None:
        made = document(page("one", ASK), page("two", ASK), shape=Shape.A4)
        for number in (0, 1):
            source, corner = (named(drawn(made, number), name) for name in ("Source", "Page"))
            assert runs(source) == [("Source: bills.", A4.small, False, PRINT.muted.lower())]
            assert runs(corner) == [(f"{number + 1} of 2", A4.small, False, PRINT.muted.lower())]
            assert corner.text_frame.paragraphs[0].alignment == PP_ALIGN.RIGHT
            assert source.top == corner.top and source.height == corner.height

    def test_they_never_lie_over_each_other(self) -> None:
        slide = slide_of(ASK)
        source, corner = box_of(named(slide, "Source")), box_of(named(slide, "Page"))
        assert source[0] == A4.edge and corner[0] + corner[2] == A4.width - A4.edge
        assert source[0] + source[2] == corner[0] - 10

    def test_what_who_presents_needs_is_in_the_notes_a_line_each(self) -> None:
        own = page("one", ASK, notes=("Say it slowly.", "Then wait."))
        assert drawn(document(own)).notes_slide.notes_text_frame.text == "Say it slowly.\nThen wait."


class TestAsk:
    def test_the_request_is_larger_and_bold_in_a_tinted_box(self) -> None:
        shape = named(slide_of(ASK), "The ask")
        assert ground(shape) == tint()
        assert runs(shape) == [
            ("THE ASK", A4.small, True, PRINT.accent.lower()),
            ("Approve $1.00K", pytest.approx(A4.body * 1.2, abs=0.05), True, PRINT.ink.lower()),
            ("It pays back.", A4.body, False, PRINT.ink.lower()),
        ]
        assert {paragraph.alignment for paragraph in shape.text_frame.paragraphs} == {PP_ALIGN.LEFT}

    def test_a_gap_is_left_on_all_four_sides_and_words_begin_at_the_top(self) -> None:
        frame = named(slide_of(ASK), "The ask").text_frame
        assert {frame.margin_left.pt, frame.margin_right.pt, frame.margin_top.pt, frame.margin_bottom.pt} == {A4.gap}
        assert frame.vertical_anchor == MSO_ANCHOR.TOP and frame.word_wrap

    def test_what_it_rests_on_stands_a_little_apart_line_for_line(self) -> None:
        own = Ask("The ask", ASK.sentence, ("One reason.", "Another."))
        _, _, *support = named(slide_of(own), "The ask").text_frame.paragraphs
        assert [paragraph.space_before.pt for paragraph in support] == [2, 2]

    def test_the_box_has_no_line_and_no_shadow_of_the_theme(self) -> None:
        element = named(slide_of(ASK), "The ask")._element
        assert element.find(qn("p:style")) is None
        assert element.spPr.find(qn("a:ln")).find(qn("a:noFill")) is not None


class TestFigures:
    KPIS = Kpis((Kpi("Spend", SPEND, "up", "bad", "a month"), Kpi("Saved", NET, "down", "good"), Kpi("Net", NET)))

    def test_each_says_what_there_is_to_say_and_no_more(self) -> None:
        slide = slide_of(self.KPIS)
        ink, muted = PRINT.ink.lower(), PRINT.muted.lower()
        assert runs(named(slide, "Spend")) == [
            ("Spend", A4.cell, False, muted),
            ("$1.00K", A4.kpi, True, ink),
            ("up", A4.body, True, PRINT.bad.lower()),
            ("a month", A4.cell, False, muted),
        ]
        assert [words for words, *_ in runs(named(slide, "Saved"))] == ["Saved", "$580", "down"]
        assert [words for words, *_ in runs(named(slide, "Net"))] == ["Net", "$580"]

    def test_the_rule_beside_each_has_the_colour_of_its_mood(self) -> None:
        slide = slide_of(self.KPIS)
        rules = [ground(named(slide, f"Rule {name}")) for name in ("Spend", "Saved", "Net")]
        assert rules == [PRINT.bad.lower(), PRINT.good.lower(), PRINT.accent.lower()]

    def test_a_rule_lies_left_of_its_words_and_all_three_at_one_height(self) -> None:
        slide = slide_of(self.KPIS)
        rules = [box_of(named(slide, f"Rule {name}")) for name in ("Spend", "Saved", "Net")]
        texts = [box_of(named(slide, name)) for name in ("Spend", "Saved", "Net")]
        assert len({rule[1] for rule in rules} | {text[1] for text in texts}) == 1
        for rule, text in zip(rules, texts, strict=True):
            assert rule[0] + 10 == pytest.approx(text[0], abs=0.1) and rule[2] == 3
            assert rule[3] == pytest.approx(text[3] - 2, abs=0.1)

    def test_three_figures_take_a_third_of_the_width_each(self) -> None:
        slide = slide_of(self.KPIS)
        first, second, third = (named(slide, f"Rule {name}").left.pt for name in ("Spend", "Saved", "Net"))
        assert first == A4.edge
        assert second - first == pytest.approx(third - second, abs=0.1)
        last = box_of(named(slide, "Net"))
        assert last[0] + last[2] <= A4.width - A4.edge + 0.1


class TestWords:
    def test_a_paragraph_is_one_text_of_body_type(self) -> None:
        slide = slide_of(Paragraph(("First one.", Sentence("s", "Then {spend}.", {"spend": SPEND}))))
        (shape,) = [one for one in slide.shapes if one.name.startswith("Text")]
        assert runs(shape) == [("First one. Then $1.00K.", A4.body, False, PRINT.ink.lower())]

    def test_points_hang_behind_their_bullets_under_a_label_in_capitals(self) -> None:
        shape = named(slide_of(Bullets("Risks", ("one", NET))), "Risks")
        label, *points = runs(shape)
        assert label == ("RISKS", A4.small, True, PRINT.accent.lower())
        assert points == [("one", A4.body, False, PRINT.ink.lower()), ("$580", A4.body, False, PRINT.ink.lower())]
        for paragraph in shape.text_frame.paragraphs[1:]:
            properties = paragraph._p.pPr
            assert int(properties.get("marL")) == -int(properties.get("indent")) > 0
            assert properties.find(qn("a:buChar")).get("char") == "•"
            assert paragraph.space_before.pt == 2

    def test_the_words_of_a_box_are_broken_in_it_and_begin_at_its_edge(self) -> None:
        frame = named(slide_of(Bullets("Risks", ("one",))), "Risks").text_frame
        assert frame.word_wrap
        assert {frame.margin_left, frame.margin_right, frame.margin_top, frame.margin_bottom} == {0}

    def test_every_word_has_the_one_face(self) -> None:
        slide = slide_of(ASK, TABLE, Bullets("Risks", ("one",)))
        frames = [one.text_frame for one in slide.shapes if one.has_text_frame and one.name != "Title"]
        faces = {run.font.name for frame in frames for one in frame.paragraphs for run in one.runs}
        assert faces == {"Arial"}

    def test_blocks_beside_each_other_lie_left_and_right(self) -> None:
        slide = slide_of(Beside((Bullets("Left", ("a",)),), (Bullets("Right", ("b",)),), 0.3))
        left, right = box_of(named(slide, "Left")), box_of(named(slide, "Right"))
        assert left[1] == right[1] and left[0] + left[2] < right[0]
        assert left[2] / (left[2] + right[2]) == pytest.approx(0.3, abs=0.005)


class TestTable:
    def native(self, table: Table = TABLE) -> Any:
        return named(slide_of(table), f"Table {table.label}")

    def cells(self, table: Table = TABLE) -> list[list[Any]]:
        native = self.native(table).table
        return [list(row.cells) for row in native.rows]

    def test_header_and_rows_in_their_order(self) -> None:
        assert [[cell.text for cell in row] for row in self.cells()] == [
            ["What", "Saves"],
            ["Switch it off", "$580"],
            ["Make it smaller", "$1.00K"],
        ]

    def test_the_header_is_bold_and_pale_the_proposed_row_bold_on_a_tint_the_others_plain(self) -> None:
        head, plain, proposed = self.cells()
        runs_of = [[cell.text_frame.paragraphs[0].runs[0].font for cell in row] for row in (head, plain, proposed)]
        assert [{font.bold for font in row} for row in runs_of] == [{True}, {False}, {True}]
        colours = [{f"#{font.color.rgb}".lower() for font in row} for row in runs_of]
        assert colours == [{PRINT.muted.lower()}, {PRINT.ink.lower()}, {PRINT.ink.lower()}]
        assert {ground(cell) for cell in proposed} == {tint()}
        assert not any(cell._tc.tcPr.find(qn("a:solidFill")) is not None for cell in (*head, *plain))

    def test_the_first_row_can_be_the_proposed_one_and_none_need_be(self) -> None:
        def bold(emphasis: int | None) -> list[bool]:
            rows = self.cells(replace(TABLE, emphasis=emphasis))[1:]
            return [bool(row[0].text_frame.paragraphs[0].runs[0].font.bold) for row in rows]

        assert (bold(0), bold(1), bold(None)) == ([True, False], [False, True], [False, False])

    def test_amounts_end_at_the_right_and_words_begin_at_the_left(self) -> None:
        for row in self.cells():
            assert [cell.text_frame.paragraphs[0].alignment for cell in row] == [PP_ALIGN.LEFT, PP_ALIGN.RIGHT]
        for row in self.cells(replace(TABLE, numeric=())):
            assert {cell.text_frame.paragraphs[0].alignment for cell in row} == {PP_ALIGN.LEFT}

    def test_columns_and_rows_are_as_wide_and_high_as_they_were_measured(self) -> None:
        long = Table("Plan", ("What", "Saves"), ((LONG, SPEND), ("Short", NET)), (False, True))
        inner = A4.width - 2 * A4.edge
        frame = self.native(long)
        widths, heights = column_widths(long, inner, A4), row_heights(long, inner, A4)
        assert [one.width.pt for one in frame.table.columns] == pytest.approx(widths, abs=0.01)
        assert [one.height.pt for one in frame.table.rows] == pytest.approx(heights, abs=0.01)
        assert heights[1] > 1.5 * heights[2]

    def test_its_label_stands_a_line_over_it_and_without_one_there_is_no_room_for_it(self) -> None:
        slide = slide_of(TABLE)
        label = named(slide, "Plan")
        assert runs(label) == [("PLAN", A4.small, True, PRINT.accent.lower())]
        assert named(slide, "Table Plan").top.pt == pytest.approx(label.top.pt + A4.small * LEADING + 3, abs=0.01)
        bare = slide_of(replace(TABLE, label=""))
        assert named(bare, "Table ").top.pt == pytest.approx(label.top.pt, abs=0.01)

    def test_a_line_is_drawn_under_every_row_and_a_darker_one_under_the_header(self) -> None:
        lines_under = []
        for row in self.cells():
            colours = {cell._tc.tcPr.find(qn("a:lnB")).find(f".//{qn('a:srgbClr')}").get("val") for cell in row}
            lines_under.append({f"#{colour}".lower() for colour in colours})
        assert lines_under == [{PRINT.baseline.lower()}, {PRINT.grid.lower()}, {PRINT.grid.lower()}]

    def test_it_has_no_stripes_and_no_grid_of_its_own(self) -> None:
        frame = self.native()
        assert not frame.table.horz_banding
        style = frame.table._tbl.tblPr.find(qn("a:tableStyleId")).text
        assert style == "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "no style, no grid" of the office suites

    def test_words_stand_in_the_middle_of_a_cell_clear_of_its_edges(self) -> None:
        for row in self.cells():
            for cell in row:
                assert cell.vertical_anchor == MSO_ANCHOR.MIDDLE
                assert (cell.margin_left.pt, cell.margin_right.pt) == (4, 4)
                assert cell.margin_top == cell.margin_bottom > 0


class TestCharts:
    def test_a_chart_stands_under_its_finding_and_what_it_measures(self) -> None:
        slide = slide_of(BARS)
        caption = BARS.chart.caption
        words = named(slide, "Finding bars")
        assert runs(words) == [
            (caption.title, A4.body, True, PRINT.ink.lower()),
            (caption.subtitle, A4.small, False, PRINT.muted.lower()),
        ]
        (chart,) = [one for one in slide.shapes if one.has_chart]
        assert chart.top >= words.top + words.height

    def test_one_whose_finding_is_the_title_says_only_what_it_measures(self) -> None:
        slide = slide_of(ALONE)
        subtitle = ALONE.chart.caption.subtitle
        words = named(slide, "Measure alone")
        assert runs(words) == [(subtitle, A4.small, False, PRINT.muted.lower())]
        count = lines(subtitle, A4.small, A4.width - 2 * A4.edge)
        assert words.height.pt == pytest.approx(count * A4.small * LEADING + 3, abs=0.01)
        assert not any(one.name.startswith("Finding") for one in slide.shapes)

    def test_one_that_measures_nothing_in_words_takes_the_room(self) -> None:
        bare = replace(ALONE.chart, caption=replace(ALONE.chart.caption, subtitle=""))
        with_words, without = slide_of(ALONE), slide_of(replace(ALONE, chart=bare))
        assert not any(one.name.startswith("Measure") for one in without.shapes)
        tops = [min(one.top for one in slide.shapes if one.has_chart) for slide in (with_words, without)]
        assert tops[1] < tops[0]


class TestMarks:
    def test_a_watermark_lies_across_the_middle_of_the_page(self) -> None:
        mark = named(slide_of(ASK, watermark="DRAFT"), "Watermark")
        left, top, width, height = box_of(mark)
        assert left + width / 2 == pytest.approx(A4.width / 2, abs=0.1)
        assert top + height / 2 == pytest.approx(A4.height / 2, abs=0.1)
        assert width == pytest.approx((A4.width**2 + A4.height**2) ** 0.5, abs=0.1)
        ((words, size, bold, _),) = runs(mark)
        assert (words, bold) == ("DRAFT", True)
        assert size == pytest.approx(watermark_size("DRAFT", A4.width, A4.height), abs=0.05)
        assert mark.text_frame.paragraphs[0].alignment == PP_ALIGN.CENTER

    def test_a_logo_ends_at_the_right_edge_over_the_head(self) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (300, 100), (20, 60, 140)).save(kept, "PNG")
        slide = slide_of(ASK, logo=logo_of(kept.getvalue()))
        left, top, width, height = box_of(named(slide, "Logo"))
        assert (width, height) == (60, 20)
        assert left + width == A4.width - A4.edge
        assert top + height <= named(slide, "Standing").top.pt

    def test_a_logo_on_a_slide_of_little_edge_stays_on_it(self) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (100, 100), (20, 60, 140)).save(kept, "PNG")
        own = document(page("one", ASK), logo=logo_of(kept.getvalue()))
        slide = deck(pptx(own)).slides[0]
        assert named(slide, "Logo").top.pt >= 2


def test_another_palette_gives_its_colours_everywhere() -> None:
    made = Presentation(io.BytesIO(pptx(document(page("one", ASK, TABLE), shape=Shape.A4), LIGHT)))
    slide = made.slides[0]
    assert runs(named(slide, "Eyebrow"))[0][3] == LIGHT.accent.lower()
    assert ground(named(slide, "The ask")) == mixed(LIGHT.accent, LIGHT.background, 0.08).lower()


def test_a_text_of_nothing_keeps_its_line() -> None:
    own = Page("one", "", Sentence("t", "A title", {}), "", (ASK,), "")
    made = drawn(document(own, shape=Shape.A4))
    assert runs(named(made, "Source"))[0][0] == "\xa0"
    assert runs(named(made, "Eyebrow"))[0][0] == "\xa0"
