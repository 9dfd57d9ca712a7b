"""A line over time on paper, for every chart that has one.

Conventions: a period that is still open is dotted and ends in a hollow point; a known amount between unknown
ones is a point; unknown amounts leave a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from costlib.charts.palette import Palette
from costlib.charts.printed.marks import Dot, Line, Mark
from costlib.charts.spec.parts import Amount, Role, isolated, known
from costlib.charts.spec.parts import Line as Series

_DASHES = {
    Role.ACTUAL: None,
    Role.PREVIOUS: None,
    Role.PLAN: (1.2, 2.2),
    Role.FORECAST: (5.0, 2.6),
    Role.WITH_PLAN: (5.0, 2.6),
}
_THICKNESS = {Role.ACTUAL: 2.0, Role.PREVIOUS: 1.3, Role.PLAN: 1.3, Role.FORECAST: 2.0, Role.WITH_PLAN: 2.0}
_OPEN_DASH = (1.6, 2.0)


def line_marks(
    series: Series,
    values: Sequence[Amount],
    places: Sequence[float],
    height: Callable[[Decimal], float],
    colour: str,
    palette: Palette,
    open_index: int | None = None,
) -> list[Mark]:
    """The line through ``values``, its single points, and its open end where ``open_index`` names one."""
    is_open = series.role is Role.ACTUAL and open_index is not None and values[open_index] is not None
    opened = open_index if is_open else None
    closed = [None if index == opened else value for index, value in enumerate(values)]
    thickness, dash = _THICKNESS[series.role], _DASHES[series.role]
    marks: list[Mark] = [
        Line(tuple((places[index], height(value)) for index, value in run), colour, thickness, dash)
        for run in runs(closed)
        if len(run) > 1
    ]
    marks += [Dot(places[index], height(closed[index] or Decimal(0)), thickness, colour) for index in isolated(closed)]
    if opened is not None:
        marks += _open_end(values, opened, places, height, colour, palette)
    return marks


def _open_end(
    values: Sequence[Amount],
    opened: int,
    places: Sequence[float],
    height: Callable[[Decimal], float],
    colour: str,
    palette: Palette,
) -> list[Mark]:
    marks: list[Mark] = []
    before, amount = values[opened - 1] if opened else None, values[opened]
    if amount is None:
        return marks
    end = (places[opened], height(amount))
    if before is not None:
        marks.append(Line(((places[opened - 1], height(before)), end), colour, 1.6, _OPEN_DASH))
    return [*marks, Dot(*end, 2.4, palette.background, colour)]


def runs(values: Sequence[Amount]) -> list[list[tuple[int, Decimal]]]:
    """The known values, in groups without a gap.

    >>> [len(run) for run in runs([Decimal(1), Decimal(2), None, Decimal(3)])]
    [2, 1]
    """
    groups: list[list[tuple[int, Decimal]]] = []
    for index, value in known(values):
        if groups and groups[-1][-1][0] == index - 1:
            groups[-1].append((index, value))
        else:
            groups.append([(index, value)])
    return groups
