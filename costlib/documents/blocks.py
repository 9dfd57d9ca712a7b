"""What a printed page is made of: headline, figures, sections, tables, lists, an ask, charts.

Conventions: a block is Typst markup in code mode, made by a method of ``Sheet``, which knows the colours and how
wide the room is in points. Text is data: it is quoted and never read as markup. Headings are real ones: the
headline is the first level, sections and exhibits the second. No text is smaller than eight points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from costlib import money
from costlib.charts.fit import amounts_apart
from costlib.charts.palette import PRINT, Palette, mixed, mood_colour
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.face import BOLD_WEIGHT
from costlib.charts.printed.markup import colour, drawn, points, quoted
from costlib.charts.spec import Chart
from costlib.charts.spec.kpi import Kpi
from costlib.charts.words import alt_text
from costlib.errors import InputError

HEADLINE, SUBTITLE, BODY, SMALL = 19.0, 11.0, 9.5, 8.0
#: Room at the left and at the right of a cell's text.
CELL_INSET = 3.0
GUTTER = 16.0

_VALUE = 20.0
_SPACE = '" "'
_TINT = 0.08  # how much of the accent the ask's background holds


@dataclass(frozen=True)
class Span:
    """A part of a sentence: bold, or in a colour of its own."""

    text: str
    bold: bool = False
    tint: str | None = None


Words = str | Sequence[Span]


@dataclass(frozen=True)
class Sheet:
    """Room of a width, and the colours to fill it with."""

    width: float
    palette: Palette = PRINT

    def eyebrow(self, left: Words, right: Words = "") -> str:
        """A small line over the headline: what the document is, and at the right what its figures are."""
        words = self._text(left, SMALL, self.palette.accent, bold=True)
        return f"grid(columns: (auto, 1fr), {words}, align(right, {self._text(right, SMALL, self.palette.muted)}))"

    def headline(self, words: Words) -> str:
        """The answer: the only heading of the first level."""
        return self._heading(1, words, HEADLINE, self.palette.ink)

    def subtitle(self, words: Words) -> str:
        """The sentence below the headline."""
        return self._paragraph(self._text(words, SUBTITLE, self.palette.muted))

    def section(self, name: Words) -> str:
        """A heading of the second level over a part of the page."""
        return self._heading(2, name, SMALL, self.palette.accent)

    def paragraph(self, words: Words) -> str:
        """Sentences."""
        return self._paragraph(self._text(words, BODY, self.palette.ink))

    def note(self, words: Words) -> str:
        """Small and pale: sources, conditions, what a reader must know."""
        return self._paragraph(self._text(words, SMALL, self.palette.muted))

    def bullets(self, items: Sequence[Words]) -> str:
        """A list, one item a line."""
        if not items:
            raise InputError("A list has no item", fix="Leave it out.")
        told = ", ".join(self._text(item, BODY, self.palette.ink) for item in items)
        marker = f'text(fill: {colour(self.palette.muted)}, "•")'
        return f"list(indent: 0pt, body-indent: 5pt, spacing: 4.5pt, marker: {marker}, {told})"

    def figures(self, kpis: Sequence[Kpi]) -> str:
        """Numbers side by side, each with a coloured rule at its left, its change and a line of context."""
        if not kpis:
            raise InputError("A row of figures has no figure", fix="Leave it out.")
        cells = ", ".join(self._figure(kpi) for kpi in kpis)
        return f"grid(columns: (1fr,) * {len(kpis)}, column-gutter: 10pt, {cells})"

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[Words]], *, widths: Sequence[str] = (), right: int = 0
    ) -> str:
        """Rows under a header that a screen reader knows as one; the last ``right`` columns hold amounts.

        ``widths`` are Typst lengths such as ``auto``, ``2fr`` or ``60pt``, one a column; raises InputError where a
        row has another number of cells than the header.
        """
        for row in rows:
            if len(row) != len(header):
                told = money.counted(len(row), "cell")
                raise InputError(f"A row of a table has {told}", expected=f"{len(header)}, as its header")
        first_right = len(header) - right
        heads = ", ".join(self._text(name, SMALL, self.palette.muted, bold=True) for name in header)
        cells = ", ".join(self._text(cell, BODY, self.palette.ink) for row in rows for cell in row)
        line = f"0.6pt + {colour(self.palette.grid)}"
        columns = ", ".join(widths or ("auto",) * len(header))
        return (
            f"table(columns: ({columns},), inset: (x: {points(CELL_INSET)}, y: 3.6pt), "
            f"align: (x, y) => (if x >= {first_right} {{ right }} else {{ left }}) + horizon, "
            f"stroke: (x, y) => (bottom: {line}), table.header({heads}), {cells})"
        )

    def ask(self, name: Words, request: Words, detail: Words = "") -> str:
        """A tinted box: what is asked for, and below it what it brings and by when."""
        ground = mixed(self.palette.accent, self.palette.background, _TINT)
        parts = [self.section(name), self._paragraph(self._text(request, SUBTITLE, self.palette.ink, bold=True))]
        parts += [self.paragraph(detail)] if detail else []
        return f"block(width: 100%, fill: {colour(ground)}, radius: 4pt, inset: 10pt, {_stacked(parts, 6)})"

    def exhibit(self, chart: Chart, height: float, *, title: Words | None = None) -> str:
        """A chart of the room's width under its finding, described in words for who cannot see it.

        It is at least as high as it needs to be read. ``title`` takes the place of the finding.
        """
        high = max(height, least_height(chart, self.width))
        figure = f"figure(alt: {quoted(alt_text(chart))}, {drawn(drawing(chart, self.width, high, self.palette))})"
        finding = self._heading(2, chart.caption.title if title is None else title, BODY + 1, self.palette.ink)
        subtitle = [self.note(chart.caption.subtitle)] if chart.caption.subtitle else []
        return _stacked([_stacked([finding, *subtitle], 4), figure], 7)

    def halves(self, share: float = 0.5) -> tuple[Sheet, Sheet]:
        """The room left and right of a gutter, ``share`` of it for the left one."""
        room = self.width - GUTTER
        return replace(self, width=room * share), replace(self, width=room * (1 - share))

    def beside(self, left: Sequence[str], right: Sequence[str], *, share: float = 0.5, gap: float = 8) -> str:
        """Blocks in two columns, made by the sheets that ``halves`` gives for the same ``share``."""
        one, other = self.halves(share)
        widths = f"({points(one.width)}, {points(other.width)})"
        return (
            f"grid(columns: {widths}, column-gutter: {points(GUTTER)}, {_stacked(left, gap)}, {_stacked(right, gap)})"
        )

    def _figure(self, kpi: Kpi) -> str:
        tint, ink, muted = mood_colour(kpi.mood, self.palette), self.palette.ink, self.palette.muted
        lines = [self._text(kpi.label, SMALL + 0.5, muted), self._text(kpi.value, _VALUE, ink, bold=True)]
        lines += [self._text(kpi.delta, BODY, tint, bold=True)] if kpi.delta else []
        lines += [self._text(kpi.sub, SMALL, muted)] if kpi.sub else []
        stroke = f"(left: 2.2pt + {colour(tint)})"
        return f"grid.cell(stroke: {stroke}, inset: (left: 8pt, y: 2pt), {_stacked(lines, 5)})"

    def _heading(self, level: int, words: Words, size: float, tint: str) -> str:
        return f"heading(level: {level}, {self._text(words, size, tint, bold=True)})"

    def _text(self, words: Words, size: float, tint: str, *, bold: bool = False) -> str:
        spans = [Span(words)] if isinstance(words, str) else words
        told = []
        for span in spans:
            weight = BOLD_WEIGHT if bold or span.bold else 400
            style = f"size: {points(size)}, weight: {weight}, fill: {colour(span.tint or tint)}"
            told.append(f"text({style}, {' + '.join(_pieces(span.text))})")
        return " + ".join(told) or "[]"

    def _paragraph(self, words: str) -> str:
        return f"par({words})"


def _pieces(text: str) -> list[str]:
    """The text as Typst strings with the spaces at its ends; an amount stands in a box, which is never broken."""
    parts = []
    for piece, torn in amounts_apart(text) or [("", False)]:
        before, after = (end.isspace() for end in (piece[:1], piece[-1:]))
        told = f"box({quoted(piece)})" if torn else quoted(piece)
        parts += [_SPACE] * before + [told] + [_SPACE] * after
    return parts


def _stacked(blocks: Sequence[str], gap: float) -> str:
    return f"stack(dir: ttb, spacing: {points(gap)}, {', '.join(blocks)})"
