"""Charts: described once as data, drawn for the screen and for slides.

Import the description from here and a renderer from its module: ``costlib.charts.screen`` needs Plotly,
``costlib.charts.slide`` needs python-pptx, the description needs neither.
"""

from costlib.charts.palette import DARK, LIGHT, PRINT, Palette
from costlib.charts.spec import (
    OTHER,
    Band,
    BandTrend,
    Bar,
    Bridge,
    Caption,
    Chart,
    Level,
    Line,
    RankedBars,
    Role,
    Segment,
    StackedColumns,
    Step,
    Trend,
    gathered,
    leading,
)
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table

__all__ = [
    "DARK",
    "LIGHT",
    "OTHER",
    "PRINT",
    "Band",
    "BandTrend",
    "Bar",
    "Bridge",
    "Caption",
    "Chart",
    "Level",
    "Line",
    "Palette",
    "Periods",
    "RankedBars",
    "Role",
    "Segment",
    "StackedColumns",
    "Step",
    "Trend",
    "alt_text",
    "gathered",
    "leading",
    "notes",
    "table",
]
