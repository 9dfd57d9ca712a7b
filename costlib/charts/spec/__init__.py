"""Charts as data: what is shown, described once, and drawn by several renderers.

Conventions: amounts are Decimal in the chart's one currency, or in what a ``Measure`` says; None is unknown, drawn as
a gap and never as zero; credits are negative. A caption's title is the finding, its subtitle the metric, unit, cost
measure and period, its source the trace in words. A chart that cannot be drawn as described raises InputError.

A kind of chart is one module here and one of the same name in ``screen``, ``slide``, ``printed`` and ``words``; each of
the four has one ``match`` over ``Chart``, and mypy points at those that miss a kind.
"""

from costlib.charts.spec.band import Band, BandTrend, Target
from costlib.charts.spec.bars import MOST_BARS, Bar, RankedBars, leading
from costlib.charts.spec.bridge import MOST_STEPS, Bridge, Level, Step, gathered
from costlib.charts.spec.bubble import MOST_INVESTMENTS, Bubble, Bucket, Disc, Investment
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.heat import MOST_COLUMNS, MOST_ROWS, HeatTable
from costlib.charts.spec.kpi import MOST_FIGURES, Kpi, KpiRow, Mood
from costlib.charts.spec.measure import Measure
from costlib.charts.spec.multiples import MOST_PANELS, Panel, SmallMultiples
from costlib.charts.spec.parts import MOST_NAMED, OTHER, Amount, Caption, Line, Role, Segment, isolated, known
from costlib.charts.spec.roadmap import MOST_INITIATIVES, Initiative, Roadmap
from costlib.charts.spec.scatter import MOST_POINTS, Placed, Point, Scatter
from costlib.charts.spec.tornado import MOST_SWINGS, Swing, Tornado
from costlib.charts.spec.trend import Trend

Timed = Trend | StackedColumns | BandTrend
Chart = Timed | Bridge | RankedBars | Roadmap | Tornado | HeatTable | KpiRow | Scatter | Bubble | SmallMultiples

__all__ = [
    "MOST_BARS",
    "MOST_COLUMNS",
    "MOST_FIGURES",
    "MOST_INITIATIVES",
    "MOST_INVESTMENTS",
    "MOST_NAMED",
    "MOST_PANELS",
    "MOST_POINTS",
    "MOST_ROWS",
    "MOST_STEPS",
    "MOST_SWINGS",
    "OTHER",
    "Amount",
    "Band",
    "BandTrend",
    "Bar",
    "Bridge",
    "Bubble",
    "Bucket",
    "Caption",
    "Chart",
    "Disc",
    "HeatTable",
    "Initiative",
    "Investment",
    "Kpi",
    "KpiRow",
    "Level",
    "Line",
    "Measure",
    "Mood",
    "Panel",
    "Placed",
    "Point",
    "RankedBars",
    "Roadmap",
    "Role",
    "Scatter",
    "Segment",
    "SmallMultiples",
    "StackedColumns",
    "Step",
    "Swing",
    "Target",
    "Timed",
    "Tornado",
    "Trend",
    "gathered",
    "isolated",
    "known",
    "leading",
]
