"""Lines and columns of a chart on screen, as Plotly traces.

Conventions: a trace is a plain dictionary of Plotly attributes; amounts become floats for drawing only, what
the pointer shows is the exact amount to the cent. A period that is still open is dotted or hatched.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from costlib import money
from costlib.charts.fit import visible, wrapped
from costlib.charts.palette import Palette, colours
from costlib.charts.screen_labels import literal
from costlib.charts.spec import Amount, Chart, Line, Role, Segment, StackedColumns, Trend, isolated, known
from costlib.charts.timeline import Periods
from costlib.periods import Grain

DATED = (Grain.DAY, Grain.WEEK, Grain.MONTH)

_COLUMN = 0.68
_DASHES = {Role.ACTUAL: "solid", Role.PREVIOUS: "solid", Role.FORECAST: "dash"}
_DAY_MS = 86_400_000
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28}


def x_values(periods: Periods) -> list[str]:
    """Where the periods stand: first days as ISO dates, fiscal quarters and years by name."""
    return [start.isoformat() for start in periods.starts] if periods.grain in DATED else list(periods.labels)


def unit(periods: Periods) -> float:
    """Width of the narrowest period on the axis: milliseconds on a date axis, else one place."""
    return _DAYS[periods.grain] * _DAY_MS if periods.grain in DATED else 1


def trend_marks(chart: Trend, palette: Palette) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    for line, colour in zip(chart.lines, colours(chart, palette), strict=True):
        open_index = chart.periods.open_index if line.role is Role.ACTUAL else None
        if open_index and line.values[open_index] is not None:
            closed = (*line.values[:open_index], None, *line.values[open_index + 1 :])
            ending = tuple(v if i in (open_index - 1, open_index) else None for i, v in enumerate(line.values))
            traces.append(_line_trace(chart, line, closed, colour, palette))
            traces.append(_open_end(chart, line, ending, colour, palette))
        else:
            traces.append(_line_trace(chart, line, line.values, colour, palette))
    return traces


def _line_trace(chart: Trend, line: Line, values: tuple[Amount, ...], colour: str, palette: Palette) -> dict[str, Any]:
    alone = set(isolated(values))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": literal(line.name),
        "showlegend": False,
        "x": x_values(chart.periods),
        "y": _numbers(values),
        "hovertext": _hover(chart, line, values),
        "hoverinfo": "x+text",
        "line": {"color": colour, "width": 1.6 if line.role is Role.PREVIOUS else 2.4, "dash": _DASHES[line.role]},
        "marker": {"color": colour, "opacity": 1, "size": [6 if index in alone else 0 for index in range(len(values))]},
        "cliponaxis": False,
        "connectgaps": False,
    }


def _open_end(chart: Trend, line: Line, values: tuple[Amount, ...], colour: str, palette: Palette) -> dict[str, Any]:
    last = known(values)[-1][0]
    return _line_trace(chart, line, values, colour, palette) | {
        "hoverinfo": ["x+text" if index == last else "skip" for index in range(len(values))],
        "line": {"color": colour, "width": 2, "dash": "dot"},
        "marker": {
            "color": palette.background,
            "opacity": 1,
            "line": {"color": colour, "width": 2},
            "size": [7 if index == last else 0 for index in range(len(values))],
        },
    }


def column_marks(chart: StackedColumns, palette: Palette) -> list[dict[str, Any]]:
    hatched = ["/" if index == chart.periods.open_index else "" for index in range(len(chart.periods))]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": literal(segment.name),
            "showlegend": False,
            "x": x_values(chart.periods),
            "y": _numbers(segment.values),
            "width": _COLUMN * unit(chart.periods),
            "hovertext": _hover(chart, segment, segment.values),
            "hoverinfo": "x+text",
            "marker": {
                "color": colour,
                "line": {"color": palette.background, "width": 1},
                "pattern": {"shape": hatched, "fillmode": "replace", "size": 5, "solidity": 0.45},
            },
        }
        for segment, colour in zip(chart.segments, colours(chart, palette), strict=True)
    ]
    return [*traces, _total_trace(chart, palette)]


def _total_trace(chart: StackedColumns, palette: Palette) -> dict[str, Any]:
    """The net amount of each column: seen as a mark only where credits make it differ from the top."""
    total = Segment("Net of credits" if chart.has_credits else "Total", chart.totals)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": total.name,
        "showlegend": False,
        "x": x_values(chart.periods),
        "y": _numbers(total.values),
        "hovertext": _hover(chart, total, total.values),
        "hoverinfo": "x+text",
        "marker": {
            "symbol": "diamond",
            "size": 8,
            "color": palette.background,
            "line": {"color": palette.ink, "width": 1.5},
            "opacity": 1 if chart.has_credits else 0,
        },
        "cliponaxis": False,
    }


def _hover(chart: Chart, part: Line | Segment, values: tuple[Amount, ...]) -> list[str]:
    name = "<br>".join(literal(piece) for piece in wrapped(visible(part.name), 22))
    open_index = chart.periods.open_index if getattr(part, "role", Role.ACTUAL) is Role.ACTUAL else None
    texts = []
    for index, value in enumerate(values):
        note = f" {chart.periods.open_note}" if index == open_index else ""
        texts.append("" if value is None else f"{name}  <b>{literal(_full(value, chart.currency))}</b>{note}")
    return texts


def _full(value: Decimal, currency: str) -> str:
    tiny = value != 0 and abs(value) < Decimal("0.01")
    return money.short(value, currency) if tiny else money.full(value, currency)


def _numbers(values: tuple[Amount, ...]) -> list[float | None]:
    return [None if value is None else float(value) for value in values]
