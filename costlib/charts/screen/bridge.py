"""A bridge on screen: columns that hang between running totals, hairlines that carry them on, signed labels.

Conventions: columns stand on the whole numbers from 0; names turn upright where the page is too narrow for them.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import broken, shortened, text_width, visible
from costlib.charts.palette import Palette, step_colour
from costlib.charts.screen.frame import (
    BOTTOM,
    FACE,
    FONT_SIZE,
    ROW,
    Drawing,
    bold,
    full_amount,
    literal,
    money_axis,
    money_margin,
    name_lines,
)
from costlib.charts.spec.bridge import Bridge, Column

_COLUMN = 0.68
_NAME_WIDTH, _NAME_LINES = 6.5, 2
_RIGHT = 12
_LABEL_ROW = 14
_PHONE_WIDTH, _PHONE_PLOT = 358, 200  # the page of a phone and the height that turned names leave


def drawing(chart: Bridge, palette: Palette) -> Drawing:
    """Columns, hairlines and labels."""
    names = [_name(column.name) for column in chart.columns]
    lines = max(name.count("<br>") for name in names)
    return Drawing(
        marks=[_hairlines(chart, palette), _columns(chart, palette)],
        x_axis=_x_axis(names, palette),
        y_axis=money_axis(chart.scale, palette),
        labels=_labels(chart, palette),
        left=money_margin(chart.scale),
        right=_RIGHT,
        bottom=BOTTOM + ROW * lines,
        hovermode="x",
    )


def _columns(chart: Bridge, palette: Palette) -> dict[str, Any]:
    columns = chart.columns
    colours = [step_colour(column, palette) for column in columns]
    return {
        "type": "bar",
        "name": "",
        "showlegend": False,
        "x": list(range(len(columns))),
        "y": [float(column.high - column.low) for column in columns],
        "base": [float(column.low) for column in columns],
        "width": _COLUMN,
        "hovertext": [_hover(column, chart.currency) for column in columns],
        "hoverinfo": "text",
        "marker": {"color": colours, "line": {"color": colours, "width": 1}},
    }


def _hover(column: Column, currency: str) -> str:
    sign = "+" if column.amount > 0 and not column.is_level else ""
    text = f"{name_lines(column.name)}  <b>{sign}{full_amount(column.amount, currency)}</b>"
    return text if column.is_level else f"{text}<br>to {full_amount(column.after, currency)}"


def _hairlines(chart: Bridge, palette: Palette) -> dict[str, Any]:
    """From the end of each column to the next, at the running total."""
    x: list[float | None] = []
    y: list[float | None] = []
    for index, total in enumerate(chart.carried):
        x += [index + _COLUMN / 2, index + 1 - _COLUMN / 2, None]
        y += [float(total), float(total), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "",
        "showlegend": False,
        "x": x[:-1],
        "y": y[:-1],
        "line": {"color": palette.previous, "width": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _labels(chart: Bridge, palette: Palette) -> list[dict[str, Any]]:
    return [
        {
            "x": index,
            "y": float(column.low if place is None else column.high),
            "yanchor": "top" if place is None else "bottom",
            "yshift": place or 0.0,
            "showarrow": False,
            "font": {"color": step_colour(column, palette), "size": FONT_SIZE - 1},
            "text": bold(label, palette.ink) if column.is_level else literal(label),
        }
        for index, (column, label, place) in enumerate(zip(chart.columns, chart.labels, _places(chart), strict=True))
    ]


def _places(chart: Bridge) -> list[float | None]:
    """Pixels that each label stands above its column; None is below it.

    A label that would, on a phone, touch the one before it goes below its step, or higher up where there is no room.
    """
    widths = [text_width(label, bold=True) * (FONT_SIZE - 1) * FACE for label in chart.labels]
    pitch = (_PHONE_WIDTH - money_margin(chart.scale) - _RIGHT) / len(widths)
    places: list[float | None] = [0.0]
    before = chart.scale.fraction(chart.columns[0].high) * _PHONE_PLOT
    for index, column in enumerate(chart.columns[1:], start=1):
        above, below = (chart.scale.fraction(end) * _PHONE_PLOT for end in (column.high, column.low))
        below -= _LABEL_ROW
        is_wide = (widths[index - 1] + widths[index]) / 2 > pitch
        if not is_wide or abs(above - before) >= _LABEL_ROW:
            place, before = 0.0, above
        elif not column.is_level and below > 0 and abs(below - before) >= _LABEL_ROW:
            place, before = None, below
        else:
            place, before = before + _LABEL_ROW - above, before + _LABEL_ROW
        places.append(place)
    return places


def _x_axis(names: list[str], palette: Palette) -> dict[str, Any]:
    return {
        "type": "linear",
        "range": [-0.5, len(names) - 0.5],
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "autotickangles": [0, 90],
        "automargin": "height",
        "tickfont": {"size": FONT_SIZE - 1},
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _name(name: str) -> str:
    """The name in two lines, broken between words only."""
    words = [shortened(word, _NAME_WIDTH / FACE) for word in visible(name).split()]
    width = max(_NAME_WIDTH, *(text_width(word) for word in words))
    return "<br>".join(literal(line) for line in broken(" ".join(words), width, _NAME_LINES))
