"""What every chart on screen has in common: size, axes of money and of time, layout, text shown literally.

Conventions: sizes are pixels, places are fractions of the plot (0 at the bottom). A drawing is what one kind
of chart brings along; the figure around it is the same for all.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from costlib import money
from costlib.charts.fit import broken, shortened, text_width, visible, wrapped
from costlib.charts.palette import Palette
from costlib.charts.spec.parts import Amount
from costlib.charts.ticks import Scale
from costlib.charts.timeline import Periods
from costlib.periods import Grain

FONT = "Source Sans, sans-serif"
FONT_SIZE = 12
HEIGHT = 340
TOP, BOTTOM, ROW = 24, 28, 16
FACE = 0.9  # Source Sans is this much narrower than the face the widths are measured in
LINE_HEIGHT = 1.3
DATED = (Grain.DAY, Grain.WEEK, Grain.MONTH)

_NAME_WIDTH, _NAME_ROWS = 9.5, 2
_INDENT = "\u2003"
_LABELS = 5
_DAY_MS = 86_400_000
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28}
_HOVER_DAYS = {Grain.DAY: "%{x|%a %-d %b %Y}", Grain.WEEK: "Week of %{x|%-d %b %Y}", Grain.MONTH: "%{x|%b %Y}"}


@dataclass(frozen=True)
class Drawing:
    """Traces, axes, annotations and margins of one chart, as Plotly attributes."""

    marks: list[dict[str, Any]]
    x_axis: dict[str, Any]
    y_axis: dict[str, Any]
    labels: list[dict[str, Any]]
    left: int
    right: int
    bottom: int
    hovermode: str = "x unified"
    hover_order: str = "normal"
    shapes: tuple[dict[str, Any], ...] = ()
    top: int = TOP
    height: int = HEIGHT
    more: Mapping[str, Any] = field(default_factory=dict)


def layout(drawing: Drawing, palette: Palette) -> dict[str, Any]:
    """The figure around a drawing."""
    shapes = {"shapes": list(drawing.shapes)} if drawing.shapes else {}
    return shapes | {
        "height": drawing.height,
        "margin": {"t": drawing.top, "b": drawing.bottom, "l": drawing.left, "r": drawing.right},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": palette.muted},
        "barmode": "relative",
        "dragmode": False,
        "showlegend": True,
        "legend": {"traceorder": drawing.hover_order},
        "hovermode": drawing.hovermode,
        "hoverlabel": {
            "bgcolor": palette.background,
            "bordercolor": palette.grid,
            "font": {"family": FONT, "size": FONT_SIZE + 1, "color": palette.ink},
        },
        "xaxis": drawing.x_axis,
        "yaxis": drawing.y_axis,
        **drawing.more,
        "annotations": drawing.labels,
    }


def money_axis(scale: Scale, palette: Palette) -> dict[str, Any]:
    """The value axis with the ticks of the scale."""
    return ticked_axis(scale, palette, *_money_range(scale))


def ticked_axis(scale: Scale, palette: Palette, low: float, high: float) -> dict[str, Any]:
    """An axis from ``low`` to ``high`` with the ticks of the scale."""
    return {
        "range": [low, high],
        "tickmode": "array",
        "tickvals": [float(tick) for tick in scale.ticks],
        "ticktext": [literal(text) for text in scale.texts],
        "gridcolor": palette.grid,
        "gridwidth": 1,
        "zeroline": True,
        "zerolinecolor": palette.baseline,
        "zerolinewidth": 1,
        "fixedrange": True,
    }


def money_margin(scale: Scale) -> int:
    """Pixels that the ticks of the value axis need at the left."""
    return round(max(text_width(text) for text in scale.texts) * FONT_SIZE + 12)


def _money_range(scale: Scale) -> tuple[float, float]:
    """From the lowest tick to the highest, with room for the grid line at an end that is not zero."""
    low, high = float(scale.low), float(scale.high)
    room = (high - low) * 0.006
    return (low - room if low < 0 else low), high + room


def time_axis(periods: Periods, palette: Palette, *, room: float) -> dict[str, Any]:
    """The axis of the periods; ``room`` is left at both ends, in periods."""
    shown = periods.labelled(_LABELS)
    values = x_values(periods)
    texts = [
        periods.labels[index] + (f"<br>{periods.open_note}" if index == periods.open_index else "") for index in shown
    ]
    axis: dict[str, Any] = {
        "type": "date" if periods.grain in DATED else "category",
        "range": _time_range(periods, room),
        "tickmode": "array",
        "tickvals": [values[index] for index in shown],
        "ticktext": texts,
        "tickangle": 0,
        "tickfont": {"size": FONT_SIZE - 1},
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": palette.grid,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "showspikes": False,
    }
    if periods.grain in DATED:
        axis["unifiedhovertitle"] = {"text": f"<b>{_HOVER_DAYS[periods.grain]}</b>"}
    else:
        axis["categoryorder"], axis["categoryarray"] = "array", values
    return axis


def _time_range(periods: Periods, room: float) -> list[Any]:
    if periods.grain not in DATED:
        return [-room, len(periods) - 1 + room]
    room_time = timedelta(milliseconds=room * unit(periods))
    first, last = (datetime.combine(day, time()) for day in (periods.starts[0], periods.starts[-1]))
    return [(first - room_time).isoformat(), (last + room_time).isoformat()]


def time_margin(periods: Periods) -> int:
    """Pixels that the names of the periods need at the bottom."""
    return BOTTOM + (ROW if periods.open_note else 0)


def x_values(periods: Periods) -> list[str]:
    """Where the periods stand: first days as ISO dates, fiscal quarters and years by name."""
    return [start.isoformat() for start in periods.starts] if periods.grain in DATED else list(periods.labels)


def unit(periods: Periods) -> float:
    """Width of the narrowest period on the axis: milliseconds on a date axis, else one place."""
    return _DAYS[periods.grain] * _DAY_MS if periods.grain in DATED else 1


def literal(text: str) -> str:
    """User text that Plotly shows as it is, neither as HTML nor as TeX.

    >>> literal("<b>x</b> & $y$")
    '&lt;b&gt;x&lt;/b&gt; &amp; &#36;y&#36;'
    """
    return html.escape(visible(text), quote=False).replace("$", "&#36;")


def short_name(name: str) -> str:
    """A name as wide as the margin allows."""
    return shortened(visible(name), _NAME_WIDTH)


def name_rows(name: str) -> list[str]:
    """A name in one or two lines as wide as the margin allows, the second cut if it must be."""
    return broken(visible(name), _NAME_WIDTH, _NAME_ROWS)


def marked(name: str, colour: str) -> str:
    """A name in its lines behind the square that repeats its colour."""
    first, *rest = (literal(row) for row in name_rows(name))
    return "<br>".join([coloured_mark(colour) + first, *(_INDENT + row for row in rest)])


def row_height(rows: int, plot_height: float) -> float:
    """What a label of so many rows takes of a plot of a height in pixels."""
    return rows * FONT_SIZE * LINE_HEIGHT / plot_height


def name_lines(name: str, width: float = 22) -> str:
    """A whole name in lines of ``width`` ems, shown literally."""
    return "<br>".join(literal(piece) for piece in wrapped(visible(name), width))


def full_amount(value: Decimal, currency: str) -> str:
    """An amount to the cent, finer where it is small; shown literally."""
    write = money.short if money.is_small(value, currency) else money.full
    return literal(write(value, currency))


def numbers(values: tuple[Amount, ...]) -> list[float | None]:
    """Amounts as Plotly draws them."""
    return [None if value is None else float(value) for value in values]


def side_label(palette: Palette, height: float, text: str) -> dict[str, Any]:
    """An annotation in the right margin, at a height of the plot."""
    return {
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 6,
        "y": height,
        "yref": "paper",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"color": palette.muted, "size": FONT_SIZE},
        "text": text,
    }


def coloured_mark(colour: str) -> str:
    """The square that repeats a colour in a label."""
    return f'<span style="color:{colour}">■</span> '


def bold_rows(name: str, colour: str) -> str:
    """A name in its lines, in bold."""
    return "<br>".join(bold(row, colour) for row in name_rows(name))


def bold(text: str, colour: str) -> str:
    """Literal text in bold and in a colour."""
    return f'<b><span style="color:{colour}">{literal(text)}</span></b>'
