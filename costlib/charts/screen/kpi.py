"""A row of figures on screen: label, value, change, context, beside a rule in the colour of the change.

Conventions: more than two figures stand in two columns, so that a phone can show them; places are fractions.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import broken, fitted, visible
from costlib.charts.palette import Palette, mood_colour
from costlib.charts.screen.frame import FONT_SIZE, Drawing, bold, literal
from costlib.charts.screen.texts import bare_axis, label
from costlib.charts.spec.kpi import Kpi, KpiRow

_CARD = 112
_VALUES = (24, 20, 16, 13)
_COLUMNS, _WIDTH = 2, 13.0
_INDENT = 12


def drawing(chart: KpiRow, palette: Palette) -> Drawing:
    """Cards in a grid."""
    columns = min(_COLUMNS, len(chart.kpis))
    rows = -(-len(chart.kpis) // columns)
    places = [(index % columns / columns, index // columns) for index in range(len(chart.kpis))]
    height = rows * _CARD
    return Drawing(
        marks=[{"type": "scatter", "x": [], "y": [], "showlegend": False, "hoverinfo": "skip"}],
        x_axis=bare_axis(0, 1),
        y_axis=bare_axis(height, 0),
        labels=[
            one for kpi, (x, row) in zip(chart.kpis, places, strict=True) for one in _card(kpi, x, row * _CARD, palette)
        ],
        left=2,
        right=2,
        bottom=2,
        hovermode="closest",
        shapes=tuple(
            {
                "type": "line",
                "x0": x,
                "x1": x,
                "y0": row * _CARD + 4,
                "y1": (row + 1) * _CARD - 10,
                "line": {"color": mood_colour(kpi.mood, palette), "width": 3},
            }
            for kpi, (x, row) in zip(chart.kpis, places, strict=True)
        ),
        top=2,
        height=height + 4,
    )


def _card(kpi: Kpi, x: float, top: float, palette: Palette) -> list[dict[str, Any]]:
    place = {"x": x, "xanchor": "left", "xshift": _INDENT, "yanchor": "top", "align": "left"}
    muted, mood = palette.muted, mood_colour(kpi.mood, palette)
    cut = [broken(visible(text), _WIDTH, 1)[0] for text in (kpi.label, kpi.delta, kpi.sub)]
    value, size = fitted(visible(kpi.value), _WIDTH * FONT_SIZE, 1, _VALUES, bold=True)
    texts = [
        (literal(cut[0]), muted, FONT_SIZE, 2),
        (bold(value, palette.ink), palette.ink, size, 18),
        (bold(cut[1], mood), mood, FONT_SIZE, 54),
        (literal(cut[2]), muted, FONT_SIZE, 72),
    ]
    return [label(text, colour, size=round(high), y=top + down, **place) for text, colour, high, down in texts]
