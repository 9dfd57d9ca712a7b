"""A portfolio on paper: circles whose area is money, their purpose as the colour, named beside.

Conventions: a name that has no room beside its circle is a number there, and stands with its number below the plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from costlib.charts.palette import bucket_colour
from costlib.charts.printed.frame import GAP, Paper, Plot
from costlib.charts.printed.key import Box, Entry, Named, key_marks, placed_beside
from costlib.charts.printed.marks import Dot, Mark, Text
from costlib.charts.printed.numbers import numbers_axes, numbers_plot
from costlib.charts.spec.bubble import Bubble, Disc

_WIDEST = 0.055  # radius of the largest circle, of the paper
_LEAST = 2.5
_BESIDE = (0.0,)
_KEY_WIDTH = 24.0  # of a column, in sizes of the text
_KEY_SHARE = 0.45  # of the plot, what the rows of numbers may take


def marks(chart: Bubble, paper: Paper) -> list[Mark]:
    """Key, axes, circles from the largest to the smallest, names; below, what the numbers stand for."""
    entries = [Entry(bucket.capitalize(), bucket_colour(bucket, paper.palette), True) for bucket in chart.buckets]
    drawn, top = key_marks([*entries, Entry(f"Area: {chart.size.heading}", paper.palette.grid, True)], paper)
    upper, texts, numbered = _fitted(chart, paper, top)
    plot = _plot(chart, upper, top)
    drawn += numbers_axes(plot, _widest(upper), chart.x, chart.x_scale, chart.y, chart.y_scale, upper)
    for disc in chart.discs:
        one, fill = _named(chart, disc, plot, upper), bucket_colour(disc.bucket, paper.palette)
        drawn.append(Dot(one.x, one.y, one.radius, fill, paper.palette.background, 0.9))
    return [*drawn, *texts, *_key(chart, numbered, upper.height, paper)]


def _key(chart: Bubble, numbered: Sequence[Disc], top: float, paper: Paper) -> list[Text]:
    """What the numbers stand for, in columns."""
    columns = _columns(paper)
    rows, wide = ceil(len(numbered) / columns), paper.width / columns
    texts = []
    for at, disc in enumerate(numbered):
        money, number = f" · {chart.size.text(disc.size)}", f"{at + 1} "
        name = paper.cut(disc.name, wide - 2 * GAP - paper.wide(number + money))
        x, y = at // rows * wide, top + GAP + (at % rows + 0.8) * paper.row
        texts.append(paper.text(x, y, number + name + money, paper.palette.muted))
    return texts


def _columns(paper: Paper) -> int:
    return max(1, int(paper.width / (_KEY_WIDTH * paper.size)))


def _fitted(chart: Bubble, paper: Paper, top: float) -> tuple[Paper, list[Text], list[Disc]]:
    """The paper above the rows that the numbers need, the texts beside the circles, and the circles numbered.

    A name stands right beside its circle or is a number: further away nobody could tell whose it is. The rows take no
    more than a share of the plot; for whom there is none, its circle stands alone.
    """
    columns, most = _columns(paper), _plot(chart, paper, top).height * _KEY_SHARE
    for rows in range(max(1, 1 + int((most - GAP) / paper.row))):
        upper = replace(paper, height=paper.height - (rows * paper.row + GAP if rows else 0.0))
        plot = _plot(chart, upper, top)
        inside = (plot.left, plot.top - paper.row * 0.5, paper.width, plot.bottom)
        named = [_named(chart, disc, plot, upper) for disc in chart.discs]
        placed = placed_beside(named, inside, upper, distances=_BESIDE)
        texts = [text for text in placed if text is not None]
        left = [at for at, text in enumerate(placed) if text is None]
        if len(left) <= rows * columns:
            break
    left = left[: rows * columns]
    return upper, [*texts, *_numbers(named, left, inside, texts, upper)], [chart.discs[at] for at in left]


def _numbers(
    named: Sequence[Named], left: Sequence[int], inside: Box, texts: Sequence[Text], paper: Paper
) -> list[Text]:
    """The numbers of the circles ``left``, beside them; over another circle where one lies within it."""
    numbers = [replace(named[at], name=str(row), bold=True) for row, at in enumerate(left, start=1)]
    around = [replace(one, name="") for at, one in enumerate(named) if at not in left]
    found = placed_beside([*numbers, *around], inside, paper, others=texts, distances=_BESIDE)[: len(numbers)]
    known = [*texts, *(text for text in found if text is not None)]
    for number, text in zip(numbers, found, strict=True):
        if text is None:
            known += [one for one in placed_beside([number], inside, paper, others=known) if one is not None]
    return known[len(texts) :]


def _plot(chart: Bubble, paper: Paper, top: float) -> Plot:
    return numbers_plot(chart.y_scale, paper, top, _widest(paper))


def _named(chart: Bubble, disc: Disc, plot: Plot, paper: Paper) -> Named:
    radius = max(_LEAST, disc.width * _widest(paper))
    x = plot.left + chart.x_scale.fraction(disc.x) * plot.width
    return Named(x, plot.y(chart.y_scale.fraction(disc.y)), radius, disc.name)


def _widest(paper: Paper) -> float:
    """Radius of the largest circle."""
    return _WIDEST * min(paper.width, 2 * paper.height)
