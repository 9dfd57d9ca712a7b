"""A portfolio on paper: circles whose area is money, their purpose as the colour, named inside or beside."""

from __future__ import annotations

from costlib.charts.palette import bucket_colour
from costlib.charts.printed.frame import Paper, Plot
from costlib.charts.printed.key import Entry, Named, key_marks, names_beside
from costlib.charts.printed.marks import Dot, Mark
from costlib.charts.printed.numbers import numbers_axes, numbers_plot
from costlib.charts.spec.bubble import Bubble, Disc

_WIDEST = 0.055  # radius of the largest circle, of the paper
_LEAST = 2.5


def marks(chart: Bubble, paper: Paper) -> list[Mark]:
    """Key, axes, circles from the largest to the smallest, names."""
    entries = [Entry(bucket.capitalize(), bucket_colour(bucket, paper.palette), True) for bucket in chart.buckets]
    drawn, top = key_marks([*entries, Entry(f"Area: {chart.size.heading}", paper.palette.grid, True)], paper)
    plot = numbers_plot(chart.y_scale, paper, top, _widest(paper))
    drawn += numbers_axes(plot, _widest(paper), chart.x, chart.x_scale, chart.y, chart.y_scale, paper)
    named = [_named(chart, disc, plot, paper) for disc in chart.discs]
    for disc, one in zip(chart.discs, named, strict=True):
        fill = bucket_colour(disc.bucket, paper.palette)
        drawn.append(Dot(one.x, one.y, one.radius, fill, paper.palette.background, 0.9))
    return [*drawn, *names_beside(named, (plot.left, plot.top - paper.row * 0.5, paper.width, plot.bottom), paper)]


def _named(chart: Bubble, disc: Disc, plot: Plot, paper: Paper) -> Named:
    radius = max(_LEAST, disc.width * _widest(paper))
    x = plot.left + chart.x_scale.fraction(disc.x) * plot.width
    return Named(x, plot.y(chart.y_scale.fraction(disc.y)), radius, disc.name)


def _widest(paper: Paper) -> float:
    """Radius of the largest circle."""
    return _WIDEST * min(paper.width, 2 * paper.height)
