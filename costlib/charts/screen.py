"""Charts on screen, drawn with Plotly.

Conventions: the figure holds no title and no source line, the page writes them as text; the background is
transparent. Height is fixed and width follows the page, from a phone to a wide screen. Names come from bills
and are shown literally, never as HTML or TeX. Pass ``theme=None`` to ``st.plotly_chart``, the palette is the theme.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import plotly.graph_objects as go

from costlib.charts.fit import text_width
from costlib.charts.palette import Palette
from costlib.charts.screen_labels import FONT_SIZE, end_labels, literal, margin, unknown_marks
from costlib.charts.screen_marks import DATED, column_marks, trend_marks, unit, x_values
from costlib.charts.spec import Chart, StackedColumns, Trend
from costlib.periods import Grain

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "doubleClick": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "showSendToCloud": False,
    "typesetMath": False,
}
FONT = "Source Sans, sans-serif"
HEIGHT = 340

_TOP, _BOTTOM, _ROW = 24, 28, 16
_LABELS = 5
_HOVER_DAYS = {Grain.DAY: "%{x|%a %-d %b %Y}", Grain.WEEK: "Week of %{x|%-d %b %Y}", Grain.MONTH: "%{x|%b %Y}"}


def figure(chart: Chart, palette: Palette) -> go.Figure:
    """The chart as a Plotly figure."""
    plot_height = HEIGHT - _TOP - _bottom(chart)
    labels = end_labels(chart, palette, plot_height)
    if isinstance(chart, Trend):
        marks = trend_marks(chart, palette)
    else:
        marks = column_marks(chart, palette)
        labels += unknown_marks(chart, palette, x_values(chart.periods))
    return go.Figure(data=marks, layout=_layout(chart, palette, labels))


def _layout(chart: Chart, palette: Palette, notes: list[dict[str, Any]]) -> dict[str, Any]:
    scale = chart.scale
    left = max(text_width(text) for text in scale.texts) * FONT_SIZE + 12
    return {
        "template": go.layout.Template(),
        "height": HEIGHT,
        "margin": {"t": _TOP, "b": _bottom(chart), "l": round(left), "r": margin(chart)},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": palette.muted},
        "barmode": "relative",
        "dragmode": False,
        "showlegend": True,
        "legend": {"traceorder": "reversed" if isinstance(chart, StackedColumns) else "normal"},
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": palette.background,
            "bordercolor": palette.grid,
            "font": {"family": FONT, "size": FONT_SIZE + 1, "color": palette.ink},
        },
        "xaxis": _x_axis(chart, palette),
        "yaxis": {
            "range": _y_range(chart),
            "tickmode": "array",
            "tickvals": [float(tick) for tick in scale.ticks],
            "ticktext": [literal(text) for text in scale.texts],
            "gridcolor": palette.grid,
            "gridwidth": 1,
            "zeroline": True,
            "zerolinecolor": palette.baseline,
            "zerolinewidth": 1,
            "fixedrange": True,
        },
        "annotations": notes,
    }


def _y_range(chart: Chart) -> list[float]:
    """From the lowest tick to the highest, with room for the grid line at an end that is not zero."""
    low, high = float(chart.scale.low), float(chart.scale.high)
    room = (high - low) * 0.006
    return [low - room if low < 0 else low, high + room]


def _bottom(chart: Chart) -> int:
    return _BOTTOM + (_ROW if chart.periods.open_note else 0)


def _x_axis(chart: Chart, palette: Palette) -> dict[str, Any]:
    periods = chart.periods
    shown = periods.labelled(_LABELS)
    values = x_values(periods)
    texts = [
        periods.labels[index] + (f"<br>{periods.open_note}" if index == periods.open_index else "") for index in shown
    ]
    axis: dict[str, Any] = {
        "type": "date" if periods.grain in DATED else "category",
        "range": _x_range(chart),
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
    return axis


def _x_range(chart: Chart) -> list[Any]:
    """From the first period to the last, with room for half a column at both ends, or a little for a line."""
    periods = chart.periods
    room = 0.5 if isinstance(chart, StackedColumns) or len(periods) == 1 else 0.02 * len(periods)
    if periods.grain not in DATED:
        return [-room, len(periods) - 1 + room]
    room_time = timedelta(milliseconds=room * unit(periods))
    first, last = (datetime.combine(day, time()) for day in (periods.starts[0], periods.starts[-1]))
    return [(first - room_time).isoformat(), (last + room_time).isoformat()]
