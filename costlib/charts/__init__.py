"""Charts: described once as data, drawn for the screen and for slides.

Import the description from here and a renderer from its module: ``costlib.charts.screen`` needs Plotly,
``costlib.charts.slide`` needs python-pptx, the description needs neither.
"""

from costlib.charts.palette import DARK, LIGHT, PRINT, Palette
from costlib.charts.spec import OTHER, Caption, Chart, Line, Role, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table

__all__ = [
    "DARK",
    "LIGHT",
    "OTHER",
    "PRINT",
    "Caption",
    "Chart",
    "Line",
    "Palette",
    "Periods",
    "Role",
    "Segment",
    "StackedColumns",
    "Trend",
    "alt_text",
    "notes",
    "table",
]
