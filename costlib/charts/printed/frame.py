"""What every printed chart has in common: paper, plot, axes of money and of time, labels beside the plot.

Conventions: lengths are points. A label is never smaller than eight points, whatever the width of the paper.
Periods stand at even distances. What ends at the right of a plot is named there, in the margin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from costlib.charts.fit import spread, visible
from costlib.charts.palette import Palette
from costlib.charts.printed.face import shortened, width, wrapped
from costlib.charts.printed.marks import Anchor, Line, Mark, Rect, Text
from costlib.charts.ticks import Scale
from costlib.charts.timeline import Periods

LEAST_SIZE, MOST_SIZE = 8.0, 11.0
ROW = 1.22  # from one base line to the next, of the size
GAP = 5.0
HALF_CAPITAL = 0.33  # a text is level with what is so far above its base line, of the size

_SIZE_OF_WIDTH = 1 / 58
_MOST_OF_WIDTH = 0.36
_TICK = 3.0
_APART = 0.35  # rows between two labels of several lines


@dataclass(frozen=True)
class Paper:
    """The rectangle that a chart is drawn on, and its colours."""

    width: float
    height: float
    palette: Palette

    @property
    def size(self) -> float:
        """Size of the labels: smaller on narrow paper, and never below eight points."""
        return min(MOST_SIZE, max(LEAST_SIZE, round(self.width * _SIZE_OF_WIDTH * 2) / 2))

    @property
    def row(self) -> float:
        """From one base line to the next."""
        return self.size * ROW

    def wide(self, text: str, *, bold: bool = False) -> float:
        """Width of a label."""
        return width(visible(text), self.size, bold=bold)

    def cut(self, text: str, room: float, *, bold: bool = False) -> str:
        """A label cut to a width."""
        return shortened(visible(text), room, self.size, bold=bold)

    def text(
        self, x: float, y: float, text: str, tint: str, *, anchor: Anchor = Anchor.START, bold: bool = False
    ) -> Text:
        """A label of the paper's size at a base line."""
        return Text(x, y, visible(text), self.size, tint, bold, anchor)

    def level(self, y: float) -> float:
        """The base line of a label that is level with ``y``."""
        return y + HALF_CAPITAL * self.size

    def row_name(self, name: str, row: float, share: float) -> list[str]:
        """The name of a row of that height, ``share`` of the paper wide: in two lines where they fit, else in one."""
        return wrapped(visible(name), self.width * share, self.size, 2 if row >= 2 * self.row else 1)

    def beside(self, lines: Sequence[str], middle: float) -> list[Mark]:
        """Lines at the left edge, level with ``middle`` together."""
        first = self.level(middle) - (len(lines) - 1) * self.row / 2
        return [self.text(0, first + number * self.row, line, self.palette.ink) for number, line in enumerate(lines)]


@dataclass(frozen=True)
class Plot:
    """Where the marks that carry data lie."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def y(self, fraction: float) -> float:
        """The place of a fraction of the height, 0 at the bottom."""
        return self.bottom - fraction * self.height

    def heights(self, scale: Scale) -> Callable[[Decimal], float]:
        """The y of an amount."""
        return lambda amount: self.y(scale.fraction(amount))

    def slots(self, count: int) -> tuple[float, ...]:
        """The centres of ``count`` columns side by side."""
        return tuple(self.left + (index + 0.5) * self.width / count for index in range(count))


def points_in_time(plot: Plot, count: int) -> tuple[float, ...]:
    """Where the periods of a line stand: from edge to edge."""
    if count == 1:
        return (plot.left + plot.width / 2,)
    inset = min(6.0, plot.width / count / 2)
    pitch = (plot.width - 2 * inset) / (count - 1)
    return tuple(plot.left + inset + index * pitch for index in range(count))


def money_room(scale: Scale, paper: Paper) -> float:
    """Points that the ticks of a value axis need at the left."""
    return max(paper.wide(text) for text in scale.texts) + GAP


def money_axis(plot: Plot, scale: Scale, paper: Paper, *, ticked: bool = True) -> list[Mark]:
    """A grid line and its text for every tick; the one at zero is darker. Crowded ticks lose their texts in turn."""
    palette, marks = paper.palette, list[Mark]()
    pitch = plot.height / (len(scale.ticks) - 1)
    every = next(step for step in (1, 2, 5, 10, len(scale.ticks)) if step * pitch >= paper.row)
    zero = scale.ticks.index(Decimal(0)) if Decimal(0) in scale.ticks else 0
    for index, (tick, text) in enumerate(zip(scale.ticks, scale.texts, strict=True)):
        y = plot.y(scale.fraction(tick))
        tint, thickness = (palette.baseline, 1.0) if tick == 0 else (palette.grid, 0.6)
        marks.append(Line(((plot.left, y), (plot.right, y)), tint, thickness))
        if ticked and (index - zero) % every == 0:
            marks.append(paper.text(plot.left - GAP, paper.level(y), text, palette.muted, anchor=Anchor.END))
    return marks


def time_room(periods: Periods, paper: Paper) -> float:
    """Points that the names of the periods need at the bottom."""
    return paper.row * (2 if periods.open_note else 1) + 2 * _TICK


def time_axis(plot: Plot, places: Sequence[float], periods: Periods, paper: Paper, *, most: int = 13) -> list[Mark]:
    """As many names of periods as there is room for, the last always among them; the open one says until when."""
    palette, marks = paper.palette, list[Mark]()
    widest = max(paper.wide(label) for label in periods.labels)
    room = max(1, min(most, int(plot.width / (widest + 2 * GAP))))
    for index in periods.labelled(room):
        lines = [periods.labels[index]]
        if index == periods.open_index:
            lines.append(periods.open_note)
        x = within(places[index], max(paper.wide(line) for line in lines), 0, paper.width)
        marks.append(Line(((places[index], plot.bottom), (places[index], plot.bottom + _TICK)), palette.baseline, 0.6))
        for number, line in enumerate(lines):
            y = plot.bottom + _TICK + paper.row * (number + 0.85)
            marks.append(paper.text(x, y, line, palette.muted, anchor=Anchor.MIDDLE))
    return marks


def within(centre: float, wide: float, low: float, high: float) -> float:
    """The centre of something ``wide``, moved so that it lies between low and high.

    >>> within(5, 20, 0, 100), within(50, 20, 0, 100), within(99, 20, 0, 100)
    (10.0, 50, 90.0)
    """
    return min(max(centre, low + wide / 2), high - wide / 2)


@dataclass(frozen=True)
class Label:
    """What stands beside the end of a line or a part: its name, what follows it, and a mark that repeats its colour."""

    at: float
    name: str
    tint: str
    after: tuple[str, ...] = ()
    mark: str | None = None
    bold: bool = True
    beside: bool = False


def side_room(labels: Sequence[Label], paper: Paper) -> float:
    """Points that labels need at the right of a plot, at most about a third of the paper."""
    widest = max(_label_width(label, paper) for label in labels)
    return min(widest, paper.width * _MOST_OF_WIDTH) + GAP + 1


def side_labels(labels: Sequence[Label], plot: Plot, paper: Paper) -> list[Mark]:
    """Labels at the right of a plot, moved apart where they would touch; on one line each where they are many."""
    if sum(1 + len(label.after) for label in labels) * paper.row > plot.height + paper.row:
        labels = [replace(label, after=label.after[:1], beside=True) for label in labels]
    heights = [(_rows(label) + (0 if label.beside else _APART)) * paper.row / plot.height for label in labels]
    half = max(heights) / 2
    places = spread([label.at for label in labels], heights, min(half, 0.5), 1.0)
    return [
        mark
        for label, place in zip(labels, places, strict=True)
        for mark in _side_label(label, plot.right + GAP, plot.y(place), paper)
    ]


def _rows(label: Label) -> int:
    return 1 if label.beside else 1 + len(label.after)


def _label_width(label: Label, paper: Paper) -> float:
    lines = [paper.wide(label.name, bold=label.bold), *(paper.wide(line) for line in label.after)]
    return max(lines) + (_mark_room(paper) if label.mark else 0)


def _mark_room(paper: Paper) -> float:
    return paper.size * 0.9


def _side_label(label: Label, x: float, middle: float, paper: Paper) -> list[Mark]:
    marks: list[Mark] = []
    y = paper.level(middle - (_rows(label) - 1) * paper.row / 2)
    if label.mark:
        side = paper.size * 0.62
        marks.append(Rect(x, y - side, side, side, label.mark))
        x += _mark_room(paper)
    room, muted = paper.width - x, paper.palette.muted
    name = paper.text(x, y, paper.cut(label.name, room, bold=label.bold), label.tint, bold=label.bold)
    if label.beside:
        after = paper.text(x + name.width + GAP / 2, y, " ".join(label.after), muted)
        return [*marks, name, *([after] if after.width and after.box[2] <= paper.width else [])]
    after_lines = enumerate(label.after, start=1)
    return [*marks, name, *(paper.text(x, y + n * paper.row, paper.cut(line, room), muted) for n, line in after_lines)]
