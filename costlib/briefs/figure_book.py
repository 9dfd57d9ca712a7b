"""The figures of a document while it is written: each is put down once, and sentences are written from them.

Conventions: amounts in the book's currency; a meaning says measure, period and scope in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.documents.model import Basis, Figure, Sentence
from costlib.errors import InputError

Number = Decimal | float | None


@dataclass
class FigureBook:
    """Figures by id, and the words that an editor put in the place of ours, by the id of the sentence."""

    currency: str
    edits: Mapping[str, str] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)

    def amount(self, id: str, value: Number, meaning: str, basis: Basis, *, signed: bool = False) -> Figure:
        """An amount of money with three figures, as in a headline."""
        exact = decimal(value)
        shown = money.signed(exact, self.currency) if signed else money.short(exact, self.currency)
        return self.put(Figure(id, shown, money.exact(exact), f"{meaning}, {self.currency}", basis))

    def percent(self, id: str, value: Number, meaning: str, basis: Basis) -> Figure:
        """A share or a change as whole per cent; between none and one it says so."""
        exact = decimal(value)
        shown = money.percent(exact)
        if exact is not None and 0 < exact < Decimal("0.005"):
            shown = "less than 1%"
        if exact is not None and Decimal("0.995") <= exact < 1:
            shown = "more than 99%"
        return self.put(Figure(id, shown, money.exact(exact), meaning, basis))

    def month(self, id: str, value: date, meaning: str, basis: Basis) -> Figure:
        """A month as it stands in a sentence."""
        return self.put(Figure(id, f"{value:%b %Y}", f"{value:%Y-%m}", meaning, basis))

    def number(self, id: str, value: Number, meaning: str, basis: Basis, *, digits: int = 0) -> Figure:
        """A count or another number without a unit."""
        exact = decimal(value)
        shown = money.UNKNOWN if exact is None else f"{exact:,.{digits}f}"
        return self.put(Figure(id, shown, money.exact(exact), meaning, basis))

    def words(self, id: str, value: str, meaning: str, basis: Basis) -> Figure:
        """A figure that is words, such as a name that the data decide."""
        return self.put(Figure(id, value, value, meaning, basis))

    def put(self, figure: Figure) -> Figure:
        """The figure, put down; raises InputError where the id stands for another one."""
        if self.figures.setdefault(figure.id, figure) != figure:
            raise InputError(f"The figure {figure.id!r} is put down twice with different values")
        return figure

    def range_of(self, id: str) -> str:
        """The range of a figure as a sentence goes on with it after a comma; nothing where its ends are shown alike."""
        low, high = f"{id}-low", f"{id}-high"
        return f", between {{{low}}} and {{{high}}}" if self.figures[low].shown != self.figures[high].shown else ""

    def say(self, id: str, template: str) -> Sentence:
        """A sentence over the figures put down so far, in the editor's words where there are some."""
        return Sentence(id, self.edits.get(id, template), dict(self.figures))


def decimal(value: Number) -> Decimal | None:
    """The number as a Decimal; of a float, which is simulated, twelve figures: the rest is the rounding of sums.

    >>> decimal(1 - 0.715), decimal(None)
    (Decimal('0.285'), None)
    """
    return Decimal(f"{value:.12g}") if isinstance(value, float) else value
