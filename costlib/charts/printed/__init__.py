"""Charts on paper: laid out once as marks in points, written as SVG or as Typst markup.

Conventions: a drawing holds the chart alone, without title and source, which the page around it writes as
text. The same chart, size and palette give the same marks. Nothing is drawn outside the size that was asked for.
"""

from __future__ import annotations

from typing import assert_never

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
from costlib.charts.spec import (
    BandTrend,
    Bridge,
    Bubble,
    Chart,
    HeatTable,
    KpiRow,
    RankedBars,
    Roadmap,
    Scatter,
    SmallMultiples,
    StackedColumns,
    Tornado,
    Trend,
)

__all__ = ["Drawing", "drawing", "least_height"]

_ROW = 1.35  # height of a row of a ranking, of the distance of base lines
_PLOT = 96.0


def drawing(chart: Chart, width: float, height: float, palette: Palette = PRINT) -> Drawing:
    """The chart as marks on a rectangle of ``width`` and ``height`` points."""
    paper = Paper(width, height, palette)
    return Drawing(width, height, tuple(_marks(chart, paper)))


def least_height(chart: Chart, width: float) -> float:
    """The height in points below which texts of the chart would touch on paper of this width."""
    paper = Paper(width, 0.0, PRINT)
    match chart:
        case RankedBars():
            return (len(chart.bars) * _ROW + 2) * paper.row
        case Bridge():
            return max(_PLOT, (len(chart.columns) + 1) * _ROW * paper.row)
        case Tornado():
            return (len(chart.swings) * _ROW + 4) * paper.row
        case Roadmap():
            return roadmap.least_height(chart, paper)
        case HeatTable():
            return heat.least_height(chart, paper)
        case KpiRow():
            return kpi.least_height(chart, paper)
        case SmallMultiples():
            return multiples.least_height(chart, paper)
        case Trend() | StackedColumns() | BandTrend() | Scatter() | Bubble():
            return max(_PLOT, 12 * paper.row)
    assert_never(chart)


def _marks(chart: Chart, paper: Paper) -> list[Mark]:
    match chart:
        case Trend():
            return trend.marks(chart, paper)
        case StackedColumns():
            return columns.marks(chart, paper)
        case BandTrend():
            return band.marks(chart, paper)
        case Bridge():
            return bridge.marks(chart, paper)
        case RankedBars():
            return bars.marks(chart, paper)
        case Roadmap():
            return roadmap.marks(chart, paper)
        case Tornado():
            return tornado.marks(chart, paper)
        case HeatTable():
            return heat.marks(chart, paper)
        case KpiRow():
            return kpi.marks(chart, paper)
        case Scatter():
            return scatter.marks(chart, paper)
        case Bubble():
            return bubble.marks(chart, paper)
        case SmallMultiples():
            return multiples.marks(chart, paper)
    assert_never(chart)
