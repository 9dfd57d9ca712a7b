"""Stacked columns on paper: parts, totals, an open column that is hatched, names beside the last column."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.palette import mixed, segment_colours
from costlib.charts.printed.frame import (
    GAP,
    Label,
    Paper,
    Plot,
    money_axis,
    money_room,
    side_labels,
    side_room,
    time_axis,
    time_room,
)
from costlib.charts.printed.marks import Anchor, Area, Mark, Rect, hatched
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.ticks import Scale

_COLUMN = 0.68
_EDGE = 0.5
_OPEN_SHARE = 0.3
_DIAMOND = 3.4


def marks(chart: StackedColumns, paper: Paper) -> list[Mark]:
    """Axes, columns, totals and names."""
    colours = segment_colours(chart.segments, paper.palette)
    labels = _labels(chart, colours, paper)
    plot = Plot(
        money_room(chart.scale, paper),
        paper.row + 2,
        paper.width - side_room(labels, paper),
        paper.height - time_room(chart.periods, paper),
    )
    places = plot.slots(len(chart.periods))
    drawn = money_axis(plot, chart.scale, paper)
    for index, place in enumerate(places):
        drawn += column_marks(chart, index, place, colours, chart.scale, plot, paper)
    drawn += _nets(chart, places, plot, paper) if chart.has_credits else _totals(chart, places, plot, paper)
    return drawn + time_axis(plot, places, chart.periods, paper) + side_labels(labels, plot, paper)


def column_marks(
    chart: StackedColumns,
    index: int,
    place: float,
    colours: tuple[str, ...],
    scale: Scale,
    plot: Plot,
    paper: Paper,
) -> list[Mark]:
    """The parts of one period from zero outwards, a hair apart; a question mark where one is unknown."""
    wide = _COLUMN * plot.width / len(chart.periods)
    height, ends, drawn = plot.heights(scale), [Decimal(0), Decimal(0)], list[Mark]()
    for amount, colour in zip(chart.columns[index], colours, strict=True):
        if amount:
            side = int(amount < 0)
            start, end = ends[side], money.exact_sum((ends[side], amount))
            ends[side] = end
            top, bottom = sorted((height(start), height(end)))
            high = max(bottom - top - _EDGE, 0.3)
            drawn += _part(place - wide / 2, top, wide, high, colour, chart.periods.open_index == index, paper)
    if None in chart.columns[index]:
        mark = paper.text(place, height(ends[0]) - 3, "?", paper.palette.muted, anchor=Anchor.MIDDLE)
        drawn.append(mark)
    return drawn


def _part(x: float, y: float, wide: float, high: float, colour: str, is_open: bool, paper: Paper) -> list[Mark]:
    if not is_open:
        return [Rect(x, y, wide, high, colour)]
    return [
        Rect(x, y, wide, high, mixed(colour, paper.palette.background, _OPEN_SHARE)),
        *hatched(x, y, wide, high, colour),
    ]


def _totals(chart: StackedColumns, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """The total over each column: all of them where there is room, else the last."""
    texts = [money.short(total, chart.currency) if total is not None else "" for total in chart.totals]
    pitch = plot.width / len(texts)
    crowded = max(paper.wide(text, bold=True) for text in texts) + GAP > pitch
    height, ink = plot.heights(chart.scale), paper.palette.ink
    return [
        paper.text(place, height(top) - 3, text, ink, anchor=Anchor.MIDDLE, bold=True)
        for index, (place, top, text) in enumerate(zip(places, chart.tops, texts, strict=True))
        if text and (not crowded or index == len(texts) - 1)
    ]


def _nets(chart: StackedColumns, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """A diamond at the net of each column that holds credits."""
    height, palette = plot.heights(chart.scale), paper.palette
    return [
        Area(
            ((x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND), (x - _DIAMOND, y)),
            palette.background,
            palette.ink,
            1.2,
        )
        for x, y in ((x, height(net)) for x, net in zip(places, chart.totals, strict=True) if net is not None)
    ]


def _labels(chart: StackedColumns, colours: tuple[str, ...], paper: Paper) -> list[Label]:
    """Names in the order of the stack; where credits are, what the diamond says."""
    labels = [
        Label(chart.middle(index), segment.name, paper.palette.ink, (), colour, bold=False)
        for index, (segment, colour) in enumerate(zip(chart.segments, colours, strict=True))
    ]
    net = chart.totals[-1]
    if chart.has_credits:
        at = chart.scale.fraction(chart.tops[-1] if net is None else net)
        labels.append(Label(at, f"◆ Net {money.short(net, chart.currency)}", paper.palette.ink))
    return labels
