"""Charts on paper: laid out once as marks in points, written as SVG or as Typst markup.

Conventions: a drawing holds the chart alone, without title and source, which the page around it writes as
text. The same chart, size and palette give the same marks. Nothing is drawn outside the size that was asked for.
"""

from __future__ import annotations

from typing import assert_never

from costlib.charts import spec
from costlib.charts.palette import PRINT, Palette
from costlib.charts.printed import (
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
from costlib.charts.printed.frame import Paper
from costlib.charts.printed.marks import Drawing, Mark

__all__ = ["Drawing", "drawing", "least_height"]

_ROW = 1.35  # height of a row of a ranking, of the distance of base lines
_PLOT = 96.0


def drawing(chart: spec.Chart, width: float, height: float, palette: Palette = PRINT) -> Drawing:
    """The chart as marks on a rectangle of ``width`` and ``height`` points."""
    paper = Paper(width, height, palette)
    return Drawing(width, height, tuple(_marks(chart, paper)))


def least_height(chart: spec.Chart, width: float) -> float:
    """The height in points below which texts of the chart would touch on paper of this width."""
    paper = Paper(width, 0.0, PRINT)
    match chart:
        case spec.RankedBars():
            return (len(chart.bars) * _ROW + 2) * paper.row
        case spec.Bridge():
            return max(_PLOT, (len(chart.columns) + 1) * _ROW * paper.row)
        case spec.Tornado():
            return (len(chart.swings) * _ROW + 4) * paper.row
        case spec.Roadmap():
            return roadmap.least_height(chart, paper)
        case spec.HeatTable():
            return heat.least_height(chart, paper)
        case spec.KpiRow():
            return kpi.least_height(chart, paper)
        case spec.SmallMultiples():
            return multiples.least_height(chart, paper)
        case spec.Trend() | spec.StackedColumns() | spec.BandTrend() | spec.Scatter() | spec.Bubble():
            return max(_PLOT, 12 * paper.row)
    assert_never(chart)


def _marks(chart: spec.Chart, paper: Paper) -> list[Mark]:
    match chart:
        case spec.Trend():
            return trend.marks(chart, paper)
        case spec.StackedColumns():
            return columns.marks(chart, paper)
        case spec.BandTrend():
            return band.marks(chart, paper)
        case spec.Bridge():
            return bridge.marks(chart, paper)
        case spec.RankedBars():
            return bars.marks(chart, paper)
        case spec.Roadmap():
            return roadmap.marks(chart, paper)
        case spec.Tornado():
            return tornado.marks(chart, paper)
        case spec.HeatTable():
            return heat.marks(chart, paper)
        case spec.KpiRow():
            return kpi.marks(chart, paper)
        case spec.Scatter():
            return scatter.marks(chart, paper)
        case spec.Bubble():
            return bubble.marks(chart, paper)
        case spec.SmallMultiples():
            return multiples.marks(chart, paper)
    assert_never(chart)
