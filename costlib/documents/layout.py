"""Where the blocks of a page lie on a slide or sheet that does not flow: boxes and type sizes, in points.

Conventions: blocks stand under each other, each as high as its text needs; charts share what is left. Where a page is
too full all type shrinks together, by steps, down to the least that can be read; a page that is still too full is
refused, never cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from costlib.charts.fit import text_width, visible, wrapped
from costlib.charts.slide.page import Box
from costlib.documents.model import (
    Ask,
    Beside,
    Block,
    Bullets,
    Exhibit,
    Kpis,
    Page,
    PageTooFull,
    Paragraph,
    Shape,
    Table,
    Text,
    read,
)

LEADING = 1.22
#: Measured widths are a little wider than the faces of office suites, and those break lines a little earlier.
SLACK = 1.05
_SHRINK = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_GROW = (1.35, 1.2, 1.1)
#: By how much of its least height a chart on upright paper grows at most: beyond it is all air.
_PRINTED = 1.2


@dataclass(frozen=True)
class Type:
    """Sizes of type, and the least height of a chart, on one shape of page."""

    width: float
    height: float
    edge: float
    title: float
    subtitle: float
    body: float
    small: float
    cell: float
    """Of tables, and of the words around a figure."""
    kpi: float
    gap: float
    chart: float
    chart_type: float
    """Size of the type in a chart, as a share of that on a slide of its own."""

    def scaled(self, share: float) -> Type:
        """All type and gaps smaller; of a share above one only what is below the title is larger."""
        names: tuple[str, ...] = ("body", "cell", "kpi", "gap")
        names += () if share > 1 else ("title", "subtitle", "small")
        changed = {name: getattr(self, name) * share for name in names}
        return replace(self, **changed, chart=self.chart * share, chart_type=self.chart_type * max(share, 0.9))


TYPES = {
    Shape.SLIDE: Type(960, 540, 36, 24, 14, 14, 11, 11, 30, 12, 150, 0.92),
    Shape.A4: Type(595, 842, 42, 17, 10.5, 9.5, 8.5, 8.5, 19, 11, 150, 0.72),
    Shape.LETTER: Type(612, 792, 42, 17, 10.5, 9.5, 8.5, 8.5, 19, 10, 140, 0.72),
}


@dataclass(frozen=True)
class Placed:
    """A block and where it lies."""

    block: Block
    box: Box


@dataclass(frozen=True)
class Sheet:
    """A page laid out: the sizes in force, where title and subtitle lie, where the blocks do, where the foot begins."""

    type: Type
    title: Box
    subtitle: Box
    blocks: tuple[Placed, ...]
    foot: Box


def sheet(page: Page, shape: Shape) -> Sheet:
    """The page laid out; raises PageTooFull."""
    words_only = shape is Shape.SLIDE and not any(holds_chart(block) for block in page.blocks)
    for share in (*_GROW, *_SHRINK) if words_only else _SHRINK:
        found = _sheet(page, TYPES[shape].scaled(share))
        if found:
            return found
    raise PageTooFull(
        f"The page {page.title.text!r} holds more than fits it",
        expected="words that fit at three quarters of the usual type",
        fix=way_out(page, shape),
    )


def way_out(page: Page, shape: Shape) -> str:
    """What to do with a page that is too full: take a paper that holds it, where there is one, or say less."""
    others = [other for other in Shape if other is not shape]
    holding = [one.value for one in others if any(_sheet(page, TYPES[one].scaled(share)) for share in _SHRINK)]
    papers = f"Take the paper {' or '.join(holding)}, or shorten" if holding else "Shorten"
    return f"{papers} a sentence, or leave rows out of a table."


def _sheet(page: Page, type: Type) -> Sheet | None:
    inner = type.width - 2 * type.edge
    top = type.edge * 0.7 + type.small * LEADING + 4
    title = Box(type.edge, top, inner, lines(page.title, type.title, inner, bold=True) * type.title * LEADING)
    top += title.height + 2
    size = type.subtitle
    subtitle = Box(
        type.edge, top, inner, lines(page.subtitle, size, inner) * size * LEADING if read(page.subtitle) else 0
    )
    top += subtitle.height + type.gap
    foot_height = lines(page.source, type.small, inner - 60) * type.small * LEADING
    foot = Box(type.edge, type.height - type.edge * 0.6 - foot_height, inner, foot_height)
    placed = stacked(page.blocks, Box(type.edge, top, inner, foot.top - type.gap - top), type)
    return None if placed is None else Sheet(type, title, subtitle, tuple(placed), foot)


def stacked(blocks: Sequence[Block], box: Box, type: Type) -> list[Placed] | None:
    """The blocks under each other, the charts as high as the rest leaves them; None where the box is too small."""
    heights = [least(block, box.width, type) for block in blocks]
    left = box.height - sum(heights) - type.gap * max(len(blocks) - 1, 0)
    if left < 0:
        return None
    growing = [holds_chart(block) for block in blocks]
    extra = left / sum(growing) if any(growing) else 0.0
    if type.height > type.width:
        extra = min(extra, _PRINTED * type.chart)
    placed: list[Placed] = []
    top = box.top
    for block, height, grows in zip(blocks, heights, growing, strict=True):
        whole = height + (extra if grows else 0.0)
        own = Box(box.left, top, box.width, whole)
        inside = _beside(block, own, type) if isinstance(block, Beside) else [Placed(block, own)]
        if inside is None:
            return None
        placed += inside
        top += whole + type.gap
    return placed


def _beside(block: Beside, box: Box, type: Type) -> list[Placed] | None:
    placed: list[Placed] = []
    for blocks, column in zip((block.first, block.second), columns(block, box, type), strict=True):
        inside = stacked(blocks, column, type)
        if inside is None:
            return None
        placed += inside
    return placed


def columns(block: Beside, box: Box, type: Type) -> tuple[Box, Box]:
    """The two columns of blocks that stand beside each other."""
    between = type.gap * 1.6
    first = (box.width - between) * block.left
    return (
        Box(box.left, box.top, first, box.height),
        Box(box.left + first + between, box.top, box.width - between - first, box.height),
    )


def holds_chart(block: Block) -> bool:
    """Whether the block takes the room that is left."""
    if isinstance(block, Beside):
        return any(holds_chart(one) for one in (*block.first, *block.second))
    return isinstance(block, Exhibit)


def least(block: Block, width: float, type: Type) -> float:
    """The height that the block needs at this width."""
    match block:
        case Paragraph(text):
            return _height(" ".join(read(part) for part in text), type.body, width)
        case Bullets(label, points):
            inner = width - type.body
            return _label(label, type) + sum(_height(point, type.body, inner) + 2 for point in points)
        case Kpis():
            return kpi_height(block, width, type)
        case Table():
            return _label(block.label, type) + sum(row_heights(block, width, type))
        case Ask(_, sentence, support):
            inner = width - 2 * type.gap
            said = sum(_height(text, type.body, inner) + 2 for text in support)
            return (
                2 * type.gap
                + type.small * LEADING
                + 4
                + _height(sentence, type.body * 1.2, inner, bold=True)
                + 4
                + said
            )
        case Exhibit():
            return type.chart
        case Beside(first, second):
            box = Box(0, 0, width, 0)
            pairs = zip((first, second), columns(block, box, type), strict=True)
            return max(
                sum(least(one, column.width, type) for one in blocks) + type.gap * max(len(blocks) - 1, 0)
                for blocks, column in pairs
            )


def kpi_height(block: Kpis, width: float, type: Type) -> float:
    """The height of a row of figures: label, value, change and the lines of context."""
    inner = width / len(block.kpis) - 2 * type.gap
    change = any(read(kpi.change) for kpi in block.kpis)
    context = max(lines(kpi.context, type.cell, inner) if read(kpi.context) else 0 for kpi in block.kpis)
    label = max(lines(kpi.label, type.cell, inner) for kpi in block.kpis)
    return (label + context) * type.cell * LEADING + type.kpi * LEADING + (type.body * LEADING if change else 0) + 4


def row_heights(table: Table, width: float, type: Type) -> list[float]:
    """The height of the header and of every row."""
    widths = column_widths(table, width, type)
    padding = type.cell * 0.45
    heights = []
    for row in (table.header, *table.rows):
        most = max(lines(cell, type.cell, own - 8) for cell, own in zip(row, widths, strict=True))
        heights.append(most * type.cell * LEADING + 2 * padding)
    return heights


def column_widths(table: Table, width: float, type: Type) -> list[float]:
    """Columns as wide as their longest text where there is room, else the longest give way."""
    wanted = []
    for at, name in enumerate(table.header):
        texts = [name, *(read(row[at]) for row in table.rows)]
        wanted.append(max(text_width(visible(text), bold=True) for text in texts) * type.cell / SLACK + 12)
    over = sum(wanted) - width
    if over <= 0:
        spare = -over / len(wanted)
        return [one + spare for one in wanted]
    floor = [min(one, width * 0.14) for one in wanted]
    words = [max(floor[at], _widest_word(table, at, type)) for at in range(len(wanted))]
    floor = words if sum(words) < width else floor
    give = [one - least_ for one, least_ in zip(wanted, floor, strict=True)]
    return [one - over * part / sum(give) for one, part in zip(wanted, give, strict=True)]


def _widest_word(table: Table, at: int, type: Type) -> float:
    """The width that a column needs for no word of it to be broken."""
    texts = (table.header[at], *(read(row[at]) for row in table.rows))
    words = (word for text in texts for word in visible(text).split())
    return max((text_width(word, bold=True) for word in words), default=0.0) * type.cell / SLACK + 12


def lines(text: Text, size: float, width: float, *, bold: bool = False) -> int:
    """How many lines the text takes."""
    return len(wrapped(visible(read(text)), max(width * SLACK / size, 1.0), bold=bold))


def _height(text: Text, size: float, width: float, *, bold: bool = False) -> float:
    return lines(text, size, width, bold=bold) * size * LEADING


def _label(label: str, type: Type) -> float:
    return type.small * LEADING + 3 if label else 0.0
