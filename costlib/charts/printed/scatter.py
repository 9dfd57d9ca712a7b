"""A trade-off on paper: every choice a dot with its name, the front a line through those that no other beats."""

from __future__ import annotations

from costlib.charts.printed.frame import Paper
from costlib.charts.printed.key import Named, names_beside
from costlib.charts.printed.marks import Dot, Line, Mark
from costlib.charts.printed.numbers import numbers_axes, numbers_plot
from costlib.charts.spec.scatter import Placed, Scatter

_RADIUS, _CHOSEN = 3.2, 5.0


def marks(chart: Scatter, paper: Paper) -> list[Mark]:
    """Axes, the front, dots and names."""
    palette = paper.palette
    plot = numbers_plot(chart.y_scale, paper, 0, _CHOSEN)
    drawn = numbers_axes(plot, _CHOSEN, chart.x, chart.x_scale, chart.y, chart.y_scale, paper)

    def place(one: Placed) -> tuple[float, float]:
        return plot.left + chart.x_scale.fraction(one.x) * plot.width, plot.y(chart.y_scale.fraction(one.y))

    front = tuple(place(one) for one in chart.front)
    if len(front) > 1:
        drawn.append(Line(front, palette.accent, 1.4, (4.0, 2.4)))
    named = []
    for one in chart.placed:
        x, y = place(one)
        radius = _CHOSEN if one.chosen else _RADIUS
        fill = palette.accent if one.chosen else palette.ink if one.front else palette.background
        drawn.append(Dot(x, y, radius, fill, None if one.front or one.chosen else palette.previous))
        named.append(Named(x, y, radius, one.name, bold=one.chosen))
    return [
        *drawn,
        *names_beside(named, (plot.left, plot.top - paper.row * 0.5, paper.width, plot.bottom), paper, front),
    ]
