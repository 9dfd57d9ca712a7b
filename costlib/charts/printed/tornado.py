"""A tornado on paper: a bar from the base to each end of a swing, the result written at both ends."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.fit import visible
from costlib.charts.printed.frame import GAP, Paper, within
from costlib.charts.printed.key import Entry, key_marks
from costlib.charts.printed.marks import Anchor, Line, Mark, Rect
from costlib.charts.spec.tornado import Swing, Tornado

_NAMES_OF_WIDTH, _RESULTS_OF_WIDTH = 0.3, 0.22
_THICK = 0.62


def marks(chart: Tornado, paper: Paper) -> list[Mark]:
    """Key, base, bars, names and results."""
    palette = paper.palette
    drawn, top = key_marks([Entry(chart.low_name, palette.previous), Entry(chart.high_name, palette.ink)], paper)
    first = top + paper.row
    row = (paper.height - first) / len(chart.swings)
    names = [paper.row_name(swing.name, row, _NAMES_OF_WIDTH) for swing in chart.ranked]
    left = max(paper.wide(line) for lines in names for line in lines) + 2 * GAP
    widest = max(paper.wide(_told(chart, swing, end, paper)) for swing in chart.swings for end in (0, 1)) + GAP
    begin, room = left + widest, paper.width - left - 2 * widest
    lowest, highest = _reach(chart)

    def x(amount: Decimal) -> float:
        return begin + float((amount - lowest) / (highest - lowest)) * room

    base = x(chart.base.amount)
    words = f"{visible(chart.base.name)} {money.short(chart.base.amount, chart.currency)}"
    words = paper.cut(words, paper.width, bold=True)
    centre = within(base, paper.wide(words, bold=True), 0, paper.width)
    drawn.append(paper.text(centre, first - 4, words, palette.ink, anchor=Anchor.MIDDLE, bold=True))
    for index, (swing, lines) in enumerate(zip(chart.ranked, names, strict=True)):
        middle = first + (index + 0.5) * row
        drawn += paper.beside(lines, middle)
        ends = [None if amount is None else x(amount) for amount in (swing.low, swing.high)]
        drawn += _bars(ends, base, middle, row * _THICK, paper)
        drawn += _results(chart, swing, ends, base, middle, paper)
    return [*drawn, Line(((base, first), (base, paper.height)), palette.ink, 0.9)]


def _reach(chart: Tornado) -> tuple[Decimal, Decimal]:
    """From the lowest result to the highest, the base among them; never the same twice."""
    amounts = [chart.base.amount, *(end for _, ends in chart.columns for end in ends if end is not None)]
    low, high = min(amounts), max(amounts)
    return (low, high) if high > low else (low, low + 1)


def _bars(ends: list[float | None], base: float, middle: float, thick: float, paper: Paper) -> list[Mark]:
    """From the base to each end; where both lie on one side the longer one behind the other."""
    colours = (paper.palette.previous, paper.palette.ink)
    pairs = [(end, colour) for end, colour in zip(ends, colours, strict=True) if end is not None]
    return [
        Rect(min(end, base), middle - thick / 2, max(abs(end - base), 0.5), thick, colour)
        for end, colour in sorted(pairs, key=lambda pair: -abs(pair[0] - base))
    ]


def _results(
    chart: Tornado, swing: Swing, ends: list[float | None], base: float, middle: float, paper: Paper
) -> list[Mark]:
    """The result at each end: the lower one at the left, the other at the right; an unknown one beside the base."""
    y, tint = paper.level(middle), paper.palette.muted
    there = [(end, index) for index, end in enumerate(ends) if end is not None]
    order = [index for _, index in sorted(there)] if len(there) == 2 else [0, 1]
    leftmost = min([base, *(end for end, _ in there)])
    rightmost = max([base, *(end for end, _ in there)])
    low, high = (_told(chart, swing, index, paper) for index in order)
    return [
        paper.text(leftmost - GAP / 2, y, low, tint, anchor=Anchor.END),
        paper.text(rightmost + GAP / 2, y, high, tint),
    ]


def _told(chart: Tornado, swing: Swing, end: int, paper: Paper) -> str:
    """A result and at which end of the input; the latter is cut, or left out, where it takes too much room."""
    result = chart.label((swing.low, swing.high)[end])
    at = visible((swing.low_at, swing.high_at)[end])
    room = paper.width * _RESULTS_OF_WIDTH - paper.wide(f"{result} ()")
    cut = paper.cut(at, room) if at else ""
    return f"{result} ({cut})" if cut.strip("…") else result
