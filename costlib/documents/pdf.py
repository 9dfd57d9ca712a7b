"""A document as a tagged PDF: the same pages, figures and charts as its presentation, set by Typst.

Conventions: lengths are points. A slide is a page of 16:9. Pages are measured: charts are as high as the rest leaves
room for; where the words alone are too much the page is set smaller, by steps; one that is still too full is refused,
never run on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from costlib.charts.fit import text_width, visible
from costlib.charts.palette import PRINT, Palette
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.markup import drawn, points, quoted
from costlib.charts.spec import Chart
from costlib.charts.spec.kpi import Kpi as Figure
from costlib.charts.spec.kpi import Mood
from costlib.charts.words import alt_text
from costlib.documents.blocks import BODY, CELL_INSET, SMALL, Sheet, Span
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
    PageTooFull,
    Paragraph,
    Shape,
    Table,
    read,
)
from costlib.documents.page import A4, LETTER, Paper, gap
from costlib.documents.page import Document as Setting

_PAPERS = {Shape.A4: A4, Shape.LETTER: LETTER, Shape.SLIDE: Paper("slide", 800.0, 450.0)}
#: The least height of a chart that is worth its room, and the most that one takes.
_LEAST = {Shape.A4: 105.0, Shape.LETTER: 95.0, Shape.SLIDE: 110.0}
_MOST = 340.0
_ROUNDS = 2
#: A column of words no wider than this, in sizes of type, is never broken.
_SHORT = 7.5
#: How large what is below the title is set, the largest that fits: larger on a slide of few words than elsewhere.
_SHARES = (1.0, 0.92, 0.85, 0.78, 0.72)
_LARGER = {Shape.SLIDE: (1.4, 1.25, 1.12)}


def pdf(document: Document, palette: Palette = PRINT) -> bytes:
    """The document as PDF with its trace inside; raises PageTooFull."""
    return _fitting(document, palette).pdf()


@dataclass(frozen=True)
class _Fit:
    """How a page is set: the height of its charts, and how large everything is."""

    height: float
    share: float = 1.0


def _fitting(document: Document, palette: Palette) -> Setting:
    """The setting in which every page is full and none runs over: measured with the least charts, then with more."""
    shape = document.shape
    room = _PAPERS[shape].room
    fits: dict[int, _Fit] = {}
    for share in (*_LARGER.get(shape, ()), *_SHARES):
        tried = {
            at: _Fit(_LEAST[shape] / share, share)
            for at, page in enumerate(document.pages)
            if at not in fits and (share <= 1 or not _charts(page.blocks))
        }
        for at, needed in (_needed(document, palette, tried) if tried else {}).items():
            if needed <= room:
                fits[at] = _grown(document.pages[at], tried[at], room - needed)
        if len(fits) == len(document.pages):
            return _setting(document, palette, _finished(document, palette, fits, room))
    full = next(page for at, page in enumerate(document.pages) if at not in fits)
    from costlib.documents.layout import way_out  # only a refusal pays for loading it

    raise PageTooFull(
        f"{full.title.text!r} holds more than fits its page",
        expected="words that fit under charts of the least height",
        fix=way_out(full, shape),
    )


def _needed(document: Document, palette: Palette, fits: Mapping[int, _Fit]) -> dict[int, float]:
    """The height that each of these pages needs."""
    pages = tuple(document.pages[at] for at in fits)
    heights = _setting(replace(document, pages=pages), palette, dict(enumerate(fits.values())), final=False).heights()
    return dict(zip(fits, heights, strict=True))


def _grown(page: Page, fit: _Fit, left: float) -> _Fit:
    """The charts of the page as high as what is left allows."""
    charts = _charts(page.blocks)
    return replace(fit, height=min(fit.height + left / fit.share / charts, _MOST)) if charts else fit


def _finished(document: Document, palette: Palette, fits: dict[int, _Fit], room: float) -> dict[int, _Fit]:
    """The charts grown into what is still left: some are higher than asked, some stand beside longer words."""
    charted = [at for at, page in enumerate(document.pages) if _charts(page.blocks)]
    for _ in range(_ROUNDS if charted else 0):
        for at, needed in _needed(document, palette, {at: fits[at] for at in charted}).items():
            fits[at] = _grown(document.pages[at], fits[at], max(room - needed - 1, 0.0))
    return fits


def _charts(blocks: Sequence[Block]) -> int:
    """How many charts stand under each other at most."""
    count = 0
    for block in blocks:
        if isinstance(block, Beside):
            count += max(_charts(block.first), _charts(block.second))
        else:
            count += isinstance(block, Exhibit)
    return count


def _setting(document: Document, palette: Palette, fits: Mapping[int, _Fit], *, final: bool = True) -> Setting:
    """The pages, each a block to be measured, or ``final`` with breaks between them."""
    paper = _PAPERS[document.shape]
    standing = " · ".join(part for part in (document.standing, document.status) if part)
    blocks = [_page(page, paper, palette, standing, fits[at]) for at, page in enumerate(document.pages)]
    if final:
        blocks = [blocks[0], *(f"{{ pagebreak(); {block} }}" for block in blocks[1:])]
    return Setting(
        title=document.title,
        blocks=blocks,
        feet=[page.source for page in document.pages],
        made_on=document.data_date,
        trace=document.trace,
        paper=paper,
        palette=palette,
        pages=len(document.pages),
        watermark=document.watermark,
        logo=document.logo,
    )


def _page(page: Page, paper: Paper, palette: Palette, standing: str, fit: _Fit) -> str:
    """A page as one block: its title at one size, what is below it as large as fits."""
    whole = paper.sheet(palette)
    sheet = replace(whole, width=whole.width / fit.share)
    head = [whole.eyebrow(page.eyebrow.upper(), standing), whole.headline(page.title.text)]
    head += [whole.subtitle(read(page.subtitle))] if read(page.subtitle) else []
    flow = "; ".join(f"block(width: 100%, {_block(block, sheet, fit.height)})" for block in page.blocks)
    body = f"block(width: {points(sheet.width)}, {{ {flow} }})"
    if fit.share != 1:
        body = f"scale({fit.share * 100:g}%, origin: top + left, reflow: true, {body})"
    parts = "; ".join(f"block(width: 100%, {part})" for part in (*head, gap(2), body))
    return f"block(width: {points(whole.width)}, breakable: false, {{ {parts} }})"


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
            return sheet.exhibit(chart, height) if titled else _untitled(chart, sheet, height)
        case Beside(first, second, left):
            one, other = sheet.halves(left)
            columns = [
                [_block(inner, room, height) for inner in blocks] for blocks, room in ((first, one), (second, other))
            ]
            return sheet.beside(columns[0], columns[1], share=left, gap=10)


def _untitled(chart: Chart, sheet: Sheet, height: float) -> str:
    """A chart whose finding is the page's title: what it measures, and the drawing described in words."""
    picture = drawing(chart, sheet.width, max(height, least_height(chart, sheet.width)), sheet.palette)
    figure = f"figure(alt: {quoted(alt_text(chart))}, {drawn(picture)})"
    return f"stack(dir: ttb, spacing: 7pt, {sheet.note(chart.caption.subtitle)}, {figure})"


def _under(sheet: Sheet, label: str, blocks: Sequence[str]) -> str:
    parts = [sheet.section(label.upper()), *blocks] if label else list(blocks)
    return f"stack(dir: ttb, spacing: 5pt, {', '.join(parts)})"


def _kpi(kpi: Kpi) -> Figure:
    return Figure(kpi.label, kpi.value.shown, read(kpi.change), Mood(kpi.mood), read(kpi.context))


def _table(block: Table, sheet: Sheet) -> str:
    right = sum(block.numeric)
    rows = [[read(cell) for cell in row] for row in block.rows]
    numeric = block.numeric or (False,) * len(block.header)
    widths = ["auto" if number else _width(at, block.header, rows) for at, number in enumerate(numeric)]
    if set(widths) == {"auto"}:
        last = max((at for at, number in enumerate(numeric) if not number), default=0)
        needed = [_room(at, block.header, rows) for at in range(len(numeric))]
        widths[last] = "1fr" if sum(needed) <= sheet.width else points(needed[last])
    shown = [[[Span(cell, bold=at == block.emphasis)] for cell in row] for at, row in enumerate(rows)]
    return sheet.table(block.header, shown, widths=widths, right=right)


def _room(at: int, header: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """The points that a column takes with every text of it in one line, in bold."""
    texts = [(header[at], SMALL), *((row[at], BODY) for row in rows)]
    return max(text_width(visible(text), bold=True) * size for text, size in texts) + 2 * CELL_INSET


def _width(at: int, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """How wide a column of words is: that of its texts where they are short, else a share by its longest one."""
    longest = max(text_width(visible(text)) for text in (header[at], *(row[at] for row in rows)))
    return "auto" if longest <= _SHORT and at < len(header) - 1 else f"{longest**0.8:.4g}fr"
