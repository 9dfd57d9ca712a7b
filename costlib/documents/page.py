"""Documents of whole pages, A4 or US letter, from blocks.

Conventions: lengths are points. Every page closes with a hairline, what the document rests on, and its number. A
document that has a fixed number of pages fails where its text needs more, rather than run over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from costlib import money
from costlib.charts.palette import PRINT, Palette
from costlib.charts.printed.face import BOLD_WEIGHT
from costlib.charts.printed.markup import colour, points, quoted
from costlib.documents.blocks import SMALL, Sheet
from costlib.documents.marks import LOGO_HEIGHT, LOGO_TOP, watermark_angle, watermark_colour, watermark_size
from costlib.documents.model import Logo
from costlib.documents.typst import compiled, measured, preamble

_EDGE, _FOOT = 40.0, 52.0
_GAP = 10.0


@dataclass(frozen=True)
class Paper:
    """A size of paper."""

    name: str
    width: float
    height: float

    @property
    def room(self) -> float:
        """The height between the margins."""
        return self.height - _EDGE - _FOOT

    def sheet(self, palette: Palette = PRINT) -> Sheet:
        """The room between the margins."""
        return Sheet(self.width - 2 * _EDGE, palette)


A4 = Paper("A4", 595.28, 841.89)
LETTER = Paper("US letter", 612.0, 792.0)
PAPERS = {"a4": A4, "letter": LETTER}


@dataclass(frozen=True)
class Document:
    """Pages of blocks, the words at the foot of each (the last one's go on), and what made the figures.

    ``pages`` is the number of pages that the document must not exceed; None lets it run on. ``watermark`` stands
    behind every page, ``logo`` in its upper right corner; neither is read out: the head says the same in words.
    """

    title: str
    blocks: Sequence[str]
    feet: Sequence[str]
    made_on: date
    trace: Mapping[str, object]
    paper: Paper = A4
    palette: Palette = PRINT
    pages: int | None = None
    watermark: str = ""
    logo: Logo | None = None

    def pdf(self) -> bytes:
        """The document as a tagged PDF (PDF/UA-1); raises DocumentError where it does not fit."""
        return compiled(self._source(), "pdf", made_on=self.made_on)

    def png(self, *, pixels_per_inch: int = 144) -> bytes:
        """The only page as a picture, as a preview shows it."""
        return compiled(self._source(), "png", made_on=self.made_on, pixels_per_inch=pixels_per_inch)

    def heights(self) -> list[float]:
        """What each block needs of the height, in points, where nothing limits it."""
        return measured(preamble(title=self.title, made_on=self.made_on) + self._setup(), self.blocks)

    def _source(self) -> str:
        opening = preamble(title=self.title, made_on=self.made_on, trace=self.trace)
        blocks = [f"#{block}" for block in self.blocks]
        return "\n".join([opening, self._setup(), *blocks, self._limit()])

    def _setup(self) -> str:
        size = f"width: {points(self.paper.width)}, height: {points(self.paper.height)}"
        margin = f"margin: (x: {points(_EDGE)}, top: {points(_EDGE)}, bottom: {points(_FOOT)})"
        fill = f"fill: {colour(self.palette.background)}"
        around = f"background: {self._background()}, foreground: {self._corner()}, footer: {self._footer()}"
        return "\n".join(
            [
                f"#set page({size}, {margin}, {fill}, {around})",
                f"#set par(leading: 0.5em, spacing: {points(_GAP)}, justify: false)",
                f"#set block(spacing: {points(_GAP)})",
                "#show heading: set block(above: 0pt, below: 0pt)",
                f"#show heading: set block(spacing: {points(_GAP)})",
            ]
        )

    def _background(self) -> str:
        """The watermark from corner to corner, as large as its words allow."""
        if not self.watermark:
            return "none"
        size = watermark_size(self.watermark, self.paper.width, self.paper.height)
        angle = watermark_angle(self.paper.width, self.paper.height)
        style = f"size: {points(size)}, weight: {BOLD_WEIGHT}, fill: {colour(watermark_colour(self.palette))}"
        width = points(math.hypot(self.paper.width, self.paper.height))
        return f"rotate({angle:.4g}deg, box(width: {width}, align(center, text({style}, {quoted(self.watermark)}))))"

    def _corner(self) -> str:
        """The logo over the head's right end."""
        if self.logo is None:
            return "none"
        data = f"bytes(({','.join(map(str, self.logo.png))}))"
        picture = f'image({data}, format: "png", alt: "Logo", height: {points(LOGO_HEIGHT)})'
        return f"place(top + right, dx: {points(-_EDGE)}, dy: {points(LOGO_TOP)}, {picture})"

    def _footer(self) -> str:
        """A hairline, the words of the foot, and the number of the page at the right."""
        style = f"size: {points(SMALL)}, fill: {colour(self.palette.muted)}"
        rule = f"line(length: 100%, stroke: 0.6pt + {colour(self.palette.grid)})"
        number = 'counter(page).display("1 of 1", both: true)'
        feet = "".join(f"{quoted(foot)}, " for foot in self.feet)
        words = f"({feet}).at(calc.min(counter(page).get().first(), {len(self.feet)}) - 1)"
        row = f'grid(columns: (1fr, auto), column-gutter: 12pt, {words}, "Page " + {number})'
        return f"context {{ set text({style}); stack(dir: ttb, spacing: 5pt, {rule}, {row}) }}"

    def _limit(self) -> str:
        """A check inside the document, since only the engine knows how many pages it became."""
        if self.pages is None:
            return ""
        most = money.counted(self.pages, "page")
        message = quoted(f"the text needs more than {most} of {self.paper.name}; shorten it")
        return f"#context assert(counter(page).final().first() <= {self.pages}, message: {message})"


def gap(height: float) -> str:
    """Empty room between blocks."""
    return f"v({points(height)})"
