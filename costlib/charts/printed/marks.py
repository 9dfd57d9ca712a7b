"""What a printed chart is made of: a few marks that any vector format can draw.

Conventions: lengths are points; x runs right and y down from the upper left corner of the drawing; the y of a
text is its base line. Marks are listed from back to front. A mark says nothing about the format it ends up in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from costlib.charts.printed.face import ASCENT, DESCENT, width

Point = tuple[float, float]


class Anchor(StrEnum):
    """Which point of a text its x is."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True)
class Line:
    """An open line through points; ``dash`` is the length of a stroke and of the gap after it."""

    points: tuple[Point, ...]
    colour: str
    thickness: float
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Area:
    """A filled outline, closed by itself, with an edge where one is named."""

    points: tuple[Point, ...]
    fill: str
    edge: str | None = None
    thickness: float = 0.75


@dataclass(frozen=True)
class Rect:
    """A filled rectangle, its corners rounded by ``radius``."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0.0


@dataclass(frozen=True)
class Dot:
    """A filled circle with an edge where one is named."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str | None = None
    thickness: float = 1.25


@dataclass(frozen=True)
class Text:
    """One line of text."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    anchor: Anchor = Anchor.START

    @property
    def width(self) -> float:
        """How wide the text is."""
        return width(self.text, self.size, bold=self.bold)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what the text covers."""
        left = self.x - {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}[self.anchor] * self.width
        return left, self.y - ASCENT * self.size, left + self.width, self.y + DESCENT * self.size


Mark = Line | Area | Rect | Dot | Text


@dataclass(frozen=True)
class Drawing:
    """Marks on a rectangle of a size."""

    width: float
    height: float
    marks: tuple[Mark, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts of the drawing, in the order of its marks."""
        return tuple(mark for mark in self.marks if isinstance(mark, Text))


def moved(marks: Iterable[Mark], right: float, down: float) -> tuple[Mark, ...]:
    """The same marks elsewhere.

    >>> moved([Rect(1, 2, 3, 4, "#000000")], 10, 20)[0].x
    11
    """
    return tuple(_moved(mark, right, down) for mark in marks)


def _moved(mark: Mark, right: float, down: float) -> Mark:
    if isinstance(mark, Line | Area):
        return replace(mark, points=tuple((x + right, y + down) for x, y in mark.points))
    return replace(mark, x=mark.x + right, y=mark.y + down)


def hatched(x: float, y: float, wide: float, high: float, colour: str, *, gap: float = 3.2) -> list[Mark]:
    """Diagonal lines over a rectangle, cut at its edges: what is not complete, readable in grey.

    >>> [line.points for line in hatched(0, 0, 4, 4, "#000000", gap=4)]
    [((0.0, 4), (4, 0.0))]
    """
    lines: list[Mark] = []
    offset = gap
    while offset < wide + high:
        begin = (max(0.0, offset - high), min(offset, high))
        end = (min(offset, wide), max(0.0, offset - wide))
        points = ((x + begin[0], y + begin[1]), (x + end[0], y + end[1]))
        lines.append(Line(points, colour, gap * 0.4))
        offset += gap
    return lines
