"""A document as data: pages of sentences, figures, tables and charts, set by a renderer that adds nothing.

Conventions: every figure of a document is a ``Figure`` with an id; a sentence names figures by id in braces and holds
no number of its own, so that a reader may reword it and the figures stay linked. Texts are final, as ``costlib.money``
writes them. The same id means the same figure everywhere in a document. Two figures that are shown the same may differ
in the digits behind; ``exact`` has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from costlib.charts.spec import Chart
from costlib.errors import CostError, InputError, did_you_mean

#: An id may hold that of an initiative, which a plan writes as it likes.
_NAME = re.compile(r"\{([^{}]+)\}")


class PageTooFull(CostError):
    """The words and tables of a page need more room than it has."""


class Basis(StrEnum):
    """The part of the chain that a figure comes from."""

    BILL = "bill"
    FORECAST = "forecast"
    PLAN = "plan"
    RECORD = "record"
    BUDGET = "budget"


@dataclass(frozen=True)
class Figure:
    """One figure: how it is shown, its exact value, what it means (measure, currency, period), whence it comes."""

    id: str
    shown: str
    exact: str | None
    meaning: str
    basis: Basis

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class Sentence:
    """Words with figures in them; ``id`` is the place where a reader may put other words.

    >>> spend = Figure("spend", "$142K", "142034.55", "mean month, Jul to Sep 2026", Basis.BILL)
    >>> line = Sentence("headline", "Fraud costs {spend} a month", {"spend": spend})
    >>> line.text, line.reworded("We pay {spend} for fraud").text
    ('Fraud costs $142K a month', 'We pay $142K for fraud')
    """

    id: str
    template: str
    figures: Mapping[str, Figure]

    def __post_init__(self) -> None:
        for name in self.names:
            if name not in self.figures:
                raise InputError(
                    f"The sentence {self.id!r} names {{{name}}}, which is no figure of it",
                    expected=f"one of {', '.join(f'{{{one}}}' for one in self.figures) or 'no figure'}",
                    fix=did_you_mean(name, list(self.figures)) or "Take the braces out.",
                )

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of the figures that the words use, in their order."""
        return tuple(_NAME.findall(self.template))

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        return _NAME.sub(lambda found: self.figures[found.group(1)].shown, self.template)

    @property
    def used(self) -> tuple[Figure, ...]:
        """The figures that the words use."""
        return tuple(self.figures[name] for name in dict.fromkeys(self.names))

    @property
    def loose_numbers(self) -> tuple[str, ...]:
        """Numbers that stand in the words themselves: nothing renews them when the bill changes.

        >>> Sentence("ask", "Approve 20,000 by Q1 FY27", {}).loose_numbers
        ('20,000',)
        """
        words = re.findall(r"[^\s{}]+", _NAME.sub(" ", self.template))
        return tuple(word.strip(".,;:()") for word in words if re.match(r"[^\w]*\d", word))

    def reworded(self, template: str) -> Sentence:
        """The same figures in other words; raises InputError for a figure that is not of the sentence."""
        return replace(self, template=template)


Text = Sentence | Figure | str


@dataclass(frozen=True)
class Paragraph:
    """A few sentences that follow each other."""

    text: tuple[Text, ...]


@dataclass(frozen=True)
class Bullets:
    """Points of equal weight under a short label."""

    label: str
    points: tuple[Text, ...]


@dataclass(frozen=True)
class Kpi:
    """A figure that a reader takes away, with its label, its change and a line of context."""

    label: str
    value: Figure
    change: Text = ""
    mood: str = "neutral"
    context: Text = ""


@dataclass(frozen=True)
class Kpis:
    """Three such figures beside each other; a one-pager has no more."""

    kpis: tuple[Kpi, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a header, ``numeric`` columns to the right; ``emphasis`` is the row that is proposed."""

    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numeric: tuple[bool, ...] = ()
    emphasis: int | None = None


@dataclass(frozen=True)
class Exhibit:
    """A chart in a document, by an id that its trace carries; ``titled`` is False where the page's title is its own."""

    id: str
    chart: Chart
    titled: bool = True


@dataclass(frozen=True)
class Ask:
    """What the reader is asked to decide: the sentence, and what it rests on."""

    label: str
    sentence: Sentence
    support: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Beside:
    """Blocks beside each other; ``left`` is the share of the width that the first ones take."""

    first: tuple[Block, ...]
    second: tuple[Block, ...]
    left: float = 0.5


Block = Paragraph | Bullets | Kpis | Table | Exhibit | Ask | Beside


@dataclass(frozen=True)
class Page:
    """One page or slide: the finding as its title, what supports it below; ``notes`` are for who presents."""

    id: str
    eyebrow: str
    title: Sentence
    subtitle: Text = ""
    blocks: tuple[Block, ...] = ()
    source: str = ""
    notes: tuple[Text, ...] = ()


class Shape(StrEnum):
    """The paper: two of print, one of the screen."""

    A4 = "a4"
    LETTER = "letter"
    SLIDE = "slide"


@dataclass(frozen=True)
class Logo:
    """The reader's own mark at the head of every page: a PNG, and how wide it is for its height."""

    png: bytes
    aspect: float


@dataclass(frozen=True)
class Document:
    """Pages with what holds for all of them; ``status`` is draft, untied or final in plain words, or nothing.

    ``watermark`` stands large and pale behind every page: what a reader must not overlook.
    """

    kind: str
    title: str
    shape: Shape
    pages: tuple[Page, ...]
    data_date: date
    standing: str
    """One line at the head of a page: data date, currency, measure, and whether it is a sample."""
    status: str = ""
    watermark: str = ""
    logo: Logo | None = None
    trace: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shown: dict[str, Figure] = {}
        for figure in self._walk():
            if shown.setdefault(figure.id, figure) != figure:
                raise InputError(
                    f"The figure {figure.id!r} is {shown[figure.id].shown} and {figure.shown} in one document",
                    expected="one figure for one id",
                )

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure shown, by id, in reading order."""
        return {figure.id: figure for figure in self._walk()}

    @property
    def sentences(self) -> dict[str, Sentence]:
        """Every sentence, by id, in reading order."""
        found = (text for page in self.pages for text in texts_of(page) if isinstance(text, Sentence))
        return {sentence.id: sentence for sentence in found}

    @property
    def exhibits(self) -> dict[str, Chart]:
        """Every chart, by id, in reading order."""
        return {one.id: one.chart for page in self.pages for one in flat(page.blocks) if isinstance(one, Exhibit)}

    def _walk(self) -> Iterator[Figure]:
        for page in self.pages:
            for text in texts_of(page):
                if isinstance(text, Figure):
                    yield text
                elif isinstance(text, Sentence):
                    yield from text.used


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in reading order, those that stand beside each other one after the other."""
    for block in blocks:
        if isinstance(block, Beside):
            yield from flat((*block.first, *block.second))
        else:
            yield block


def texts_of(page: Page) -> Iterator[Text]:
    """Every text of a page in reading order."""
    yield page.title
    yield page.subtitle
    for block in flat(page.blocks):
        yield from _texts(block)
    yield from page.notes


def read(text: Text) -> str:
    """A text as it is read."""
    return text.text if isinstance(text, Sentence) else str(text)


def _texts(block: Block) -> Iterator[Text]:
    match block:
        case Paragraph(text):
            yield from text
        case Bullets(_, points):
            yield from points
        case Kpis(kpis):
            for kpi in kpis:
                yield from (kpi.value, kpi.change, kpi.context)
        case Table(_, _, rows):
            for row in rows:
                yield from row
        case Ask(_, sentence, support):
            yield from (sentence, *support)
