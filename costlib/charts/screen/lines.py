"""A line over time on screen, for every chart that has one.

Conventions: amounts become floats for drawing only, what the pointer shows is the exact amount to the cent. A
period that is still open is dotted and ends in a hollow point; a known amount between unknown ones is a point.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.palette import Palette
from costlib.charts.screen.frame import full_amount, literal, name_lines, numbers, x_values
from costlib.charts.spec.parts import Amount, Line, Role, isolated, known
from costlib.charts.timeline import Periods

_DASHES = {
    Role.ACTUAL: "solid",
    Role.PREVIOUS: "solid",
    Role.PLAN: "dot",
    Role.FORECAST: "dash",
    Role.WITH_PLAN: "longdash",
}
_WIDTHS = {Role.ACTUAL: 2.4, Role.PREVIOUS: 1.6, Role.PLAN: 1.6, Role.FORECAST: 2.4, Role.WITH_PLAN: 2.4}


def line_marks(periods: Periods, currency: str, line: Line, colour: str, palette: Palette) -> list[dict[str, Any]]:
    """The line, and its open end as a trace of its own."""
    open_index = periods.open_index if line.role is Role.ACTUAL else None
    if open_index is None or line.values[open_index] is None:
        return [line_trace(periods, currency, line, line.values, colour)]
    closed = (*line.values[:open_index], None, *line.values[open_index + 1 :])
    ending = tuple(v if i in (open_index - 1, open_index) else None for i, v in enumerate(line.values))
    return [
        line_trace(periods, currency, line, closed, colour),
        _open_end(periods, currency, line, ending, colour, palette),
    ]


def line_trace(periods: Periods, currency: str, line: Line, values: tuple[Amount, ...], colour: str) -> dict[str, Any]:
    """One line without its open end."""
    alone = set(isolated(values))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": literal(line.name),
        "showlegend": False,
        "x": x_values(periods),
        "y": numbers(values),
        "hovertext": _hover(periods, currency, line, values),
        "hoverinfo": "x+text",
        "line": {"color": colour, "width": _WIDTHS[line.role], "dash": _DASHES[line.role]},
        "marker": {"color": colour, "opacity": 1, "size": [6 if index in alone else 0 for index in range(len(values))]},
        "cliponaxis": False,
        "connectgaps": False,
    }


def _open_end(
    periods: Periods, currency: str, line: Line, values: tuple[Amount, ...], colour: str, palette: Palette
) -> dict[str, Any]:
    last = known(values)[-1][0]
    return line_trace(periods, currency, line, values, colour) | {
        "hoverinfo": ["x+text" if index == last else "skip" for index in range(len(values))],
        "line": {"color": colour, "width": 2, "dash": "dot"},
        "marker": {
            "color": palette.background,
            "opacity": 1,
            "line": {"color": colour, "width": 2},
            "size": [7 if index == last else 0 for index in range(len(values))],
        },
    }


def _hover(periods: Periods, currency: str, line: Line, values: tuple[Amount, ...]) -> list[str]:
    open_index = periods.open_index if line.role is Role.ACTUAL else None
    return hover_texts(line.name, values, currency, open_index, periods.open_note)


def hover_texts(
    name: str, values: tuple[Amount, ...], currency: str, open_index: int | None, open_note: str
) -> list[str]:
    """What the pointer shows of a line or of a part of a stack in each period."""
    lead, texts = name_lines(name), []
    for index, value in enumerate(values):
        note = f" {open_note}" if index == open_index else ""
        texts.append("" if value is None else f"{lead}  <b>{full_amount(value, currency)}</b>{note}")
    return texts
