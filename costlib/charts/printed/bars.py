"""Ranked bars on paper: names at the left, amounts at the end of each bar, an earlier period lighter below it."""

from __future__ import annotations

from decimal import Decimal

from costlib.charts.palette import bar_colour
from costlib.charts.printed.frame import GAP, Paper
from costlib.charts.printed.key import Entry, key_marks
from costlib.charts.printed.marks import Line, Mark, Rect
from costlib.charts.spec.bars import Bar, RankedBars
from costlib.charts.spec.parts import Amount

_MOST_OF_WIDTH = 0.34
_MOST_ROW = 42.0  # a bar does not grow beyond what such a row holds
_ALONE, _UPPER, _LOWER = (0.0, 0.6), (-0.13, 0.44), (0.22, 0.2)  # centre in the row, thickness


def marks(chart: RankedBars, paper: Paper) -> list[Mark]:
    """Names, bars and amounts, and over them what the two shades are."""
    key, top = _key(chart, paper)
    row = (paper.height - top - 2) / len(chart.bars)
    names = [paper.row_name(bar.name, row, _MOST_OF_WIDTH) for bar in chart.ranked]
    left = max(paper.wide(line) for lines in names for line in lines) + GAP
    widest = max(paper.wide(chart.label(bar), bold=True) for bar in chart.bars)
    low, high = (float(end) for end in chart.reach)
    unit = (paper.width - left - widest - 2 * GAP) / (high - low)
    zero = left + GAP - low * unit
    drawn = [*key, Line(((zero, top), (zero, paper.height - 2)), paper.palette.baseline, 0.8)]
    for index, (bar, lines) in enumerate(zip(chart.ranked, names, strict=True)):
        middle = top + (index + 0.5) * row
        drawn += paper.beside(lines, middle)
        drawn += _row(chart, bar, middle, row, zero, unit, paper)
    return drawn


def _row(chart: RankedBars, bar: Bar, middle: float, row: float, zero: float, unit: float, paper: Paper) -> list[Mark]:
    palette, compared = paper.palette, chart.previous_name is not None
    shift, thickness = _UPPER if compared else _ALONE
    high = min(row, _MOST_ROW)
    centre = middle + shift * high
    drawn = _bar(bar.amount, centre, thickness * high, zero, unit, bar_colour(bar, palette))
    if compared:
        drawn += _bar(bar.previous, middle + _LOWER[0] * high, _LOWER[1] * high, zero, unit, palette.previous)
    end = zero + float(max(0, bar.amount or 0, bar.previous or 0)) * unit
    known = bar.amount is not None
    tint = palette.ink if known else palette.muted
    return [*drawn, paper.text(end + GAP, paper.level(centre), chart.label(bar), tint, bold=known)]


def _bar(amount: Amount, centre: float, thick: float, zero: float, unit: float, colour: str) -> list[Mark]:
    if not amount:
        return []
    long = float(amount.copy_abs()) * unit
    return [Rect(zero if amount > Decimal(0) else zero - long, centre - thick / 2, long, thick, colour)]


def _key(chart: RankedBars, paper: Paper) -> tuple[list[Mark], float]:
    """What the two shades are, and the height that takes."""
    if chart.previous_name is None:
        return [], 2.0
    palette = paper.palette
    return key_marks([Entry(chart.amount_name, palette.ink), Entry(chart.previous_name, palette.previous)], paper)
