"""Charts as data: what is shown, described once, and drawn by several renderers.

Conventions: amounts are Decimal in the chart's one currency; None is unknown, drawn as a gap and never as
zero; credits are negative. A caption's title is the finding, its subtitle the metric, unit, cost measure and
period, its source the trace in words. A chart that cannot be drawn as described raises InputError.

A kind of chart is one module here and one of the same name in ``screen``, ``slide`` and ``words``; each of the
three has one ``match`` over ``Chart``, and mypy points at those that miss a kind.
"""

from costlib.charts.spec.band import Band, BandTrend
from costlib.charts.spec.bars import MOST_BARS, Bar, RankedBars, leading
from costlib.charts.spec.bridge import MOST_STEPS, Bridge, Level, Step, gathered
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import MOST_NAMED, OTHER, Amount, Caption, Line, Role, Segment, isolated, known
from costlib.charts.spec.trend import Trend

Chart = Trend | StackedColumns | BandTrend | Bridge | RankedBars

__all__ = [
    "MOST_BARS",
    "MOST_NAMED",
    "MOST_STEPS",
    "OTHER",
    "Amount",
    "Band",
    "BandTrend",
    "Bar",
    "Bridge",
    "Caption",
    "Chart",
    "Level",
    "Line",
    "RankedBars",
    "Role",
    "Segment",
    "StackedColumns",
    "Step",
    "Trend",
    "gathered",
    "isolated",
    "known",
    "leading",
]
