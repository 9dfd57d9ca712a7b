"""What colours mean, in a row of marks and names over a chart, and text beside marks that touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.marks import Dot, Mark, Rect, Text

Box = tuple[float, float, float, float]

_SIDE = 0.62  # of the size of the text
_DISTANCES = (0.0, 1.0, 2.0, 3.0)
_STEP = 4.0


@dataclass(frozen=True)
class Entry:
    """A name, the colour that stands for it, and whether it is shown as a dot."""

    name: str
    colour: str
    round: bool = False


def key_marks(entries: Sequence[Entry], paper: Paper, left: float = 0.0) -> tuple[list[Mark], float]:
    """Marks and names from left to right, on a new line where there is no room, and the height they take."""
    x, y, side, marks = left, paper.size * 0.9, paper.size * _SIDE, list[Mark]()
    for entry in entries:
        text = paper.cut(entry.name, paper.width - left - side - GAP)
        wide = side + 3 + paper.wide(text)
        if x > left and x + wide > paper.width:
            x, y = left, y + paper.row
        if entry.round:
            marks.append(Dot(x + side / 2, y - side / 2, side / 2, entry.colour))
        else:
            marks.append(Rect(x, y - side, side, side, entry.colour))
        marks.append(paper.text(x + side + 3, y, text, paper.palette.muted))
        x += wide + 2.4 * GAP
    return marks, y + paper.size * 0.3 + GAP


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge.

    >>> overlaps((0, 0, 2, 2), (1, 1, 3, 3)), overlaps((0, 0, 2, 2), (2, 0, 3, 2))
    (True, False)
    """
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True)
class Named:
    """A round mark and the name that belongs beside it."""

    x: float
    y: float
    radius: float
    name: str
    bold: bool = False


def names_beside(
    named: Sequence[Named], inside: Box, paper: Paper, path: Sequence[tuple[float, float]] = ()
) -> list[Text]:
    """A name beside each mark, over no mark, no other name and not over the path; without room it is left out.

    The bold ones choose their place first, then in the order given.
    """
    return [text for text in placed_beside(named, inside, paper, path) if text is not None]


def placed_beside(
    named: Sequence[Named],
    inside: Box,
    paper: Paper,
    path: Sequence[tuple[float, float]] = (),
    others: Sequence[Text] = (),
    distances: Sequence[float] = _DISTANCES,
) -> list[Text | None]:
    """The name of each mark where ``names_beside`` puts it, clear of ``others``; None where there is no room.

    ``distances`` are the rows between a mark and its name that are tried.
    """
    taken: list[Box] = [*(_around(one) for one in named), *_along(path), *(text.box for text in others)]
    placed: dict[int, Text] = {}
    for at in sorted(range(len(named)), key=lambda at: not named[at].bold):
        text = next(
            (text for text in _candidates(named[at], paper, distances) if _is_free(text.box, taken, inside)), None
        )
        if text is not None:
            placed[at] = text
            taken.append(text.box)
    return [placed.get(at) for at in range(len(named))]


def _along(path: Sequence[tuple[float, float]]) -> list[Box]:
    """Small boxes along a line."""
    boxes: list[Box] = []
    for (x, y), (to_x, to_y) in pairwise(path):
        count = max(1, round(hypot(to_x - x, to_y - y) / _STEP))
        places = ((x + (to_x - x) * at / count, y + (to_y - y) * at / count) for at in range(1, count))
        boxes += [(px - _STEP / 4, py - _STEP / 4, px + _STEP / 4, py + _STEP / 4) for px, py in places]
    return boxes


def _around(one: Named) -> Box:
    return one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius


def _candidates(one: Named, paper: Paper, distances: Sequence[float]) -> Iterable[Text]:
    """Right, left, over and under the mark, then further up and down."""
    name = paper.cut(one.name, paper.width * 0.4, bold=one.bold)
    wide, away = paper.wide(name, bold=one.bold), one.radius + 3
    level, tint = paper.level(one.y), paper.palette.ink
    for rows in distances:
        over = one.y - away - rows * paper.row - paper.size * 0.1
        under = one.y + away + rows * paper.row + paper.size * 0.75
        if rows == 0:
            yield paper.text(one.x + away, level, name, tint, bold=one.bold)
            yield paper.text(one.x - away - wide, level, name, tint, bold=one.bold)
        for y in (over, under):
            for x in (one.x - wide / 2, one.x, one.x - wide):
                yield paper.text(x, y, name, tint, bold=one.bold)


def _is_free(box: Box, taken: Sequence[Box], inside: Box) -> bool:
    within = inside[0] <= box[0] and inside[1] <= box[1] and box[2] <= inside[2] and box[3] <= inside[3]
    return within and not any(overlaps(box, other) for other in taken)
