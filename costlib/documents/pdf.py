"""A document as a tagged PDF: the same pages, figures and charts as its presentation, set by Typst.

Conventions: lengths are points. A slide is a page of 16:9. Charts are as high as the page leaves room for: the highest
of a few heights at which every page still fits. A page that is too full even with the lowest is refused, never run on.
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib.charts.palette import PRINT, Palette
from costlib.charts.spec.kpi import Kpi as Figure
from costlib.charts.spec.kpi import Mood
from costlib.documents.blocks import Sheet
from costlib.documents.layout import PageTooFull
from costlib.documents.model import (
    Ask,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Shape,
    Table,
    Text,
    read,
)
from costlib.documents.page import A4, LETTER, Paper, gap
from costlib.documents.page import Document as Setting
from costlib.documents.typst import DocumentError

_PAPERS = {Shape.A4: A4, Shape.LETTER: LETTER, Shape.SLIDE: Paper("slide", 720.0, 405.0)}
_HEIGHTS = {
    Shape.A4: (210.0, 190.0, 170.0, 150.0, 130.0, 110.0),
    Shape.LETTER: (190.0, 170.0, 150.0, 130.0, 110.0, 95.0),
    Shape.SLIDE: (235.0, 210.0, 185.0, 160.0, 135.0, 110.0),
}


def pdf(document: Document, palette: Palette = PRINT) -> bytes:
    """The document as PDF with its trace inside; raises PageTooFull."""
    return _fitting(document, palette).pdf()


def png(document: Document, palette: Palette = PRINT, *, pixels_per_inch: int = 110) -> bytes:
    """A document of one page as a picture, for a preview; raises PageTooFull."""
    return _fitting(document, palette).png(pixels_per_inch=pixels_per_inch)


def _fitting(document: Document, palette: Palette) -> Setting:
    """The setting with the highest charts with which no page runs on."""
    for height in _HEIGHTS[document.shape]:
        setting = _setting(document, palette, height)
        try:
            setting.pdf()
        except DocumentError as error:
            if "page(s)" not in str(error):
                raise
            continue
        return setting
    raise PageTooFull(
        f"{document.title!r} holds more than fits its {len(document.pages)} pages",
        expected="words that fit under charts of the least height",
        fix="Shorten a sentence, or leave rows out of a table.",
    )


def _setting(document: Document, palette: Palette, height: float) -> Setting:
    paper = _PAPERS[document.shape]
    sheet = paper.sheet(palette)
    standing = " · ".join(part for part in (document.standing, document.status) if part)
    blocks: list[str] = []
    for number, page in enumerate(document.pages):
        blocks += ["pagebreak()"] * (number > 0) + _page(page, sheet, standing, height)
    return Setting(
        title=document.title,
        blocks=blocks,
        foot=document.pages[0].source if len(document.pages) == 1 else document.standing,
        made_on=document.data_date,
        trace=document.trace,
        paper=paper,
        palette=palette,
        pages=len(document.pages),
    )


def _page(page: Page, sheet: Sheet, standing: str, height: float) -> list[str]:
    head = [sheet.eyebrow(page.eyebrow.upper(), standing), sheet.headline(page.title.text)]
    head += [sheet.subtitle(read(page.subtitle))] if read(page.subtitle) else []
    return [*head, gap(2), *(_block(block, sheet, height) for block in page.blocks)]


def _block(block: Block, sheet: Sheet, height: float) -> str:
    match block:
        case Paragraph(text):
            return sheet.paragraph(" ".join(read(part) for part in text))
        case Bullets(label, points):
            return _under(sheet, label, [sheet.bullets([read(point) for point in points])])
        case Kpis(kpis):
            return sheet.figures([_kpi(kpi) for kpi in kpis])
        case Table():
            return _under(sheet, block.label, [_table(block, sheet)])
        case Ask(label, sentence, support):
            return sheet.ask(label, sentence.text, " ".join(read(text) for text in support))
        case Exhibit(_, chart, titled):
            return sheet.exhibit(chart, height) if titled else sheet.exhibit(chart, height, title="")
        case Beside(first, second, left):
            one, other = sheet.halves(left)
            columns = [
                [_block(inner, room, height) for inner in blocks] for blocks, room in ((first, one), (second, other))
            ]
            return sheet.beside(columns[0], columns[1], share=left, gap=10)


def _under(sheet: Sheet, label: str, blocks: Sequence[str]) -> str:
    parts = [sheet.section(label.upper()), *blocks] if label else list(blocks)
    return f"stack(dir: ttb, spacing: 5pt, {', '.join(parts)})"


def _kpi(kpi: Kpi) -> Figure:
    return Figure(kpi.label, kpi.value.shown, read(kpi.change), Mood(kpi.mood), read(kpi.context))


def _table(block: Table, sheet: Sheet) -> str:
    right = sum(block.numeric)
    widths = ["auto" if numeric else "1fr" for numeric in block.numeric or (False,) * len(block.header)]
    rows: list[Sequence[Text]] = list(block.rows)
    return sheet.table(block.header, [[read(cell) for cell in row] for row in rows], widths=widths, right=right)
