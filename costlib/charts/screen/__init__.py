"""Charts on screen, drawn with Plotly.

Conventions: the figure holds no title and no source line, the page writes them as text; the background is
transparent. Height is fixed and width follows the page, from a phone to a wide screen. Names come from bills
and are shown literally, never as HTML or TeX. Pass ``theme=None`` to ``st.plotly_chart``, the palette is the theme.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, assert_never

import plotly.graph_objects as go

from costlib.charts import spec
from costlib.charts.palette import Palette
from costlib.charts.screen import (
    band,
    bars,
    bridge,
    bubble,
    columns,
    heat,
    kpi,
    multiples,
    roadmap,
    scatter,
    tornado,
    trend,
)
from costlib.charts.screen.frame import FONT, HEIGHT, Drawing, layout

__all__ = ["CONFIG", "FONT", "HEIGHT", "figure"]

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


@lru_cache(maxsize=64)
def figure(chart: spec.Chart, palette: Palette) -> go.Figure:
    """The chart as a Plotly figure; equal charts share one, which is only read."""
    drawing = _drawing(chart, palette)
    return go.Figure(data=drawing.marks, layout={"template": go.layout.Template()} | layout(drawing, palette))


def _drawing(chart: spec.Chart, palette: Palette) -> Drawing:
    match chart:
        case spec.Trend():
            return trend.drawing(chart, palette)
        case spec.StackedColumns():
            return columns.drawing(chart, palette)
        case spec.BandTrend():
            return band.drawing(chart, palette)
        case spec.Bridge():
            return bridge.drawing(chart, palette)
        case spec.RankedBars():
            return bars.drawing(chart, palette)
        case spec.Roadmap():
            return roadmap.drawing(chart, palette)
        case spec.Tornado():
            return tornado.drawing(chart, palette)
        case spec.HeatTable():
            return heat.drawing(chart, palette)
        case spec.KpiRow():
            return kpi.drawing(chart, palette)
        case spec.Scatter():
            return scatter.drawing(chart, palette)
        case spec.Bubble():
            return bubble.drawing(chart, palette)
        case spec.SmallMultiples():
            return multiples.drawing(chart, palette)
    assert_never(chart)
