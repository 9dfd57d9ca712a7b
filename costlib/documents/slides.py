"""A document as a PowerPoint file: native text, native tables, native charts; nothing in it is a picture.

Conventions: lengths are points. The finding is the slide's title, so that the outline reads as the argument; notes hold
what who presents needs. The same document gives the same bytes, its data date is the only date in the file besides the
data's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any, assert_never

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from costlib.charts.fit import unbroken, visible
from costlib.charts.package import seal
from costlib.charts.palette import PRINT, Palette, mixed
from costlib.charts.slide import draw
from costlib.charts.slide.page import FACE, Box, blank_deck, place, rgb
from costlib.documents.layout import LEADING, Placed, Sheet, Type, column_widths, lines, row_heights, sheet
from costlib.documents.marks import LOGO_HEIGHT, watermark_angle, watermark_colour, watermark_size
from costlib.documents.model import (
    Ask,
    Beside,
    Bullets,
    Document,
    Exhibit,
    Kpi,
    Kpis,
    Logo,
    Page,
    Paragraph,
    Table,
    Text,
    read,
)

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the office suites' own "no style, no grid"
_TINT = 0.08  # how much of the accent a ground holds
_MOODS = {"good": "good", "bad": "bad"}


def pptx(document: Document, palette: Palette = PRINT) -> bytes:
    """The document as a presentation with its trace inside; raises PageTooFull."""
    deck = blank_deck(palette)
    laid = [sheet(page, document.shape) for page in document.pages]
    deck.slide_width, deck.slide_height = Pt(laid[0].type.width), Pt(laid[0].type.height)
    for number, (page, own) in enumerate(zip(document.pages, laid, strict=True), start=1):
        _slide(deck, document, page, own, palette, number)
    return seal(deck, title=visible(document.title), trace=document.trace, made_on=document.data_date)


def _slide(deck: Any, document: Document, page: Page, own: Sheet, palette: Palette, number: int) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type != slide.shapes.title.placeholder_format.type:
            shape._element.getparent().remove(shape._element)
    type = own.type
    _watermark(slide, document.watermark, type, palette)
    _logo(slide, document.logo, type)
    slide.shapes.title.text_frame.text = unbroken(visible(page.title.text))
    slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(type.title)
    slide.shapes.title.name = "Title"
    place(slide.shapes.title, own.title)
    head = Box(type.edge, type.edge * 0.7, type.width - 2 * type.edge, type.small * LEADING)
    _text(slide, head, [page.eyebrow.upper()], type.small, palette.accent, name="Eyebrow", bold=True)
    standing = " · ".join(part for part in (document.standing, document.status) if part)
    _text(slide, head, [standing], type.small, palette.muted, name="Standing", align=PP_ALIGN.RIGHT)
    if read(page.subtitle):
        _text(slide, own.subtitle, [page.subtitle], type.subtitle, palette.muted, name="Subtitle")
    for count, placed in enumerate(own.blocks, start=1):
        _block(slide, document, placed, type, palette, count)
    foot = Box(own.foot.left, own.foot.top, own.foot.width - 60, own.foot.height)
    _text(slide, foot, [page.source], type.small, palette.muted, name="Source")
    corner = Box(type.width - type.edge - 50, own.foot.top, 50, own.foot.height)
    _text(
        slide,
        corner,
        [f"{number} of {len(document.pages)}"],
        type.small,
        palette.muted,
        name="Page",
        align=PP_ALIGN.RIGHT,
    )
    slide.notes_slide.notes_text_frame.text = "\n".join(visible(read(note)) for note in page.notes)


def _watermark(slide: Any, words: str, type: Type, palette: Palette) -> None:
    """Large and pale from corner to corner, behind everything else."""
    if not words:
        return
    size = watermark_size(words, type.width, type.height)
    length = math.hypot(type.width, type.height)
    box = Box((type.width - length) / 2, (type.height - size * LEADING) / 2, length, size * LEADING)
    colour = watermark_colour(palette)
    shape = _text(slide, box, [words], size, colour, name="Watermark", bold=True, align=PP_ALIGN.CENTER)
    shape.rotation = watermark_angle(type.width, type.height)
    slide.shapes._spTree.remove(shape._element)
    slide.shapes._spTree.insert(2, shape._element)


def _logo(slide: Any, logo: Logo | None, type: Type) -> None:
    if logo is None:
        return
    width = LOGO_HEIGHT * logo.aspect
    left, top = Pt(type.width - type.edge - width), Pt(max(type.edge * 0.7 - LOGO_HEIGHT - 2, 2))
    picture = slide.shapes.add_picture(io.BytesIO(logo.png), left, top, Pt(width), Pt(LOGO_HEIGHT))
    picture.name = "Logo"


def _block(slide: Any, document: Document, placed: Placed, type: Type, palette: Palette, number: int) -> None:
    block, box = placed.block, placed.box
    match block:
        case Paragraph(text):
            said = " ".join(read(part) for part in text)
            _text(slide, box, [said], type.body, palette.ink, name=f"Text {number}")
        case Bullets(label, points):
            _bullets(slide, box, label, points, type, palette)
        case Kpis(kpis):
            for at, kpi in enumerate(kpis):
                width = box.width / len(kpis)
                _kpi(slide, Box(box.left + at * width, box.top, width, box.height), kpi, type, palette)
        case Table():
            _table(slide, box, block, type, palette)
        case Ask():
            _ask(slide, box, block, type, palette)
        case Exhibit():
            _exhibit(slide, document, box, block, type, palette)
        case Beside():
            raise AssertionError("blocks beside each other were laid out before")
        case _:
            assert_never(block)


def _exhibit(slide: Any, document: Document, box: Box, block: Exhibit, type: Type, palette: Palette) -> None:
    """A chart, under its finding and what it measures where the page's title is not its own."""
    used, caption = 0.0, block.chart.caption
    if not block.titled and caption.subtitle:
        used = lines(caption.subtitle, type.small, box.width) * type.small * LEADING + 3
        head = Box(box.left, box.top, box.width, used)
        _text(slide, head, [caption.subtitle], type.small, palette.muted, name=f"Measure {block.id}")
    if block.titled:
        title = lines(caption.title, type.body, box.width, bold=True) * type.body * LEADING
        used = title + lines(caption.subtitle, type.small, box.width) * type.small * LEADING + 3
        head = Box(box.left, box.top, box.width, used)
        words = _text(slide, head, [caption.title], type.body, palette.ink, name=f"Finding {block.id}", bold=True)
        _run(words.text_frame.add_paragraph(), caption.subtitle, type.small, palette.muted)
    inner = Box(box.left, box.top + used, box.width, box.height - used)
    draw(slide, block.chart, palette, inner, document.data_date, scale=type.chart_type)


def _bullets(slide: Any, box: Box, label: str, points: Sequence[Text], type: Type, palette: Palette) -> None:
    shape = _text(slide, box, [label.upper()], type.small, palette.accent, name=label or "Points", bold=True)
    frame = shape.text_frame
    for point in points:
        paragraph = frame.add_paragraph()
        paragraph.space_before = Pt(2)
        properties = paragraph._p.get_or_add_pPr()
        indent = round(type.body * 12700 * 0.9)
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
        properties.append(parse_xml(f'<a:buChar xmlns:a="{_A}" char="•"/>'))
        _run(paragraph, read(point), type.body, palette.ink)


def _kpi(slide: Any, box: Box, kpi: Kpi, type: Type, palette: Palette) -> None:
    colour = getattr(palette, _MOODS.get(kpi.mood, "accent"))
    _filled(slide, Box(box.left, box.top, 3, box.height - 2), colour, f"Rule {kpi.label}")
    inner = Box(box.left + 10, box.top, box.width - 16, box.height)
    shape = _text(slide, inner, [kpi.label], type.cell, palette.muted, name=kpi.label)
    _run(shape.text_frame.add_paragraph(), kpi.value.shown, type.kpi, palette.ink, bold=True)
    if read(kpi.change):
        _run(shape.text_frame.add_paragraph(), read(kpi.change), type.body, colour, bold=True)
    if read(kpi.context):
        _run(shape.text_frame.add_paragraph(), read(kpi.context), type.cell, palette.muted)


def _ask(slide: Any, box: Box, block: Ask, type: Type, palette: Palette) -> None:
    ground = _filled(slide, box, mixed(palette.accent, palette.background, _TINT), block.label)
    frame = ground.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(type.gap)
    _run(frame.paragraphs[0], block.label.upper(), type.small, palette.accent, bold=True)
    _run(frame.add_paragraph(), block.sentence.text, type.body * 1.2, palette.ink, bold=True)
    for text in block.support:
        paragraph = frame.add_paragraph()
        paragraph.space_before = Pt(2)
        _run(paragraph, read(text), type.body, palette.ink)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT


def _table(slide: Any, box: Box, table: Table, type: Type, palette: Palette) -> None:
    top = box.top
    if table.label:
        label = Box(box.left, top, box.width, type.small * LEADING)
        _text(slide, label, [table.label.upper()], type.small, palette.accent, name=table.label, bold=True)
        top += label.height + 3
    heights, widths = row_heights(table, box.width, type), column_widths(table, box.width, type)
    frame = slide.shapes.add_table(
        len(table.rows) + 1, len(table.header), Pt(box.left), Pt(top), Pt(box.width), Pt(sum(heights))
    )
    frame.name = f"Table {table.label}"
    native = frame.table
    native._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _PLAIN_TABLE
    native.horz_banding = False
    for at, width in enumerate(widths):
        native.columns[at].width = Pt(width)
    for row, (cells, height) in enumerate(zip((table.header, *table.rows), heights, strict=True)):
        native.rows[row].height = Pt(height)
        for column, text in enumerate(cells):
            strong = row > 0 and row - 1 == table.emphasis
            numeric = bool(table.numeric) and table.numeric[column]
            _cell(native.cell(row, column), read(text), type, palette, head=row == 0, numeric=numeric, strong=strong)


def _cell(cell: Any, text: str, type: Type, palette: Palette, *, head: bool, numeric: bool, strong: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(type.cell * 0.4)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT
    _run(paragraph, text, type.cell, palette.muted if head else palette.ink, bold=head or strong)
    if strong:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(mixed(palette.accent, palette.background, _TINT))
    properties = cell._tc.get_or_add_tcPr()
    line = (palette.baseline if head else palette.grid)[1:]
    border = f'<a:lnB xmlns:a="{_A}" w="6350"><a:solidFill><a:srgbClr val="{line}"/></a:solidFill></a:lnB>'
    properties.insert(0, parse_xml(border))


def _text(
    slide: Any,
    box: Box,
    paragraphs: Sequence[Text],
    size: float,
    colour: str,
    *,
    name: str,
    bold: bool = False,
    align: Any = PP_ALIGN.LEFT,
) -> Any:
    shape = slide.shapes.add_textbox(Pt(box.left), Pt(box.top), Pt(box.width), Pt(box.height))
    shape.name = visible(name)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for at, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = align
        _run(paragraph, read(text), size, colour, bold=bold)
    return shape


def _run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = unbroken(visible(text)) or "\xa0"
    run.font.size, run.font.bold, run.font.name = Pt(round(size, 1)), bold, FACE
    run.font.color.rgb = rgb(colour)


def _filled(slide: Any, box: Box, colour: str, name: str) -> Any:
    """A rectangle of one colour, without the theme's line and shadow."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, 0, 0)
    place(shape, box)
    shape.name = visible(name)
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    shape._element.remove(shape._element.find(qn("p:style")))
    return shape
