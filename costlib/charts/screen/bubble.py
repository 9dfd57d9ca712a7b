"""A portfolio on screen: a bubble for each investment, its name and money beside it, its purpose in the key.

Conventions: a name that has no room beside its bubble is a number there, and stands with its number below the plot.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import shortened, visible
from costlib.charts.palette import Palette, bucket_colour
from costlib.charts.screen.frame import ROW, TOP, Drawing, literal, money_margin, name_lines
from costlib.charts.screen.points import POINTS_BOTTOM, axes, headings, labels, name_rows
from costlib.charts.screen.texts import key, label
from costlib.charts.spec.bubble import Bubble, Bucket, Disc

_ROOM = (0.1, 0.12)
_WIDEST, _CROWDED, _LEAST = 52, 36, 8
_FEW = 8
_RIGHT = 12
_HEIGHT = 430
_KEY_WIDTH = 22.0


def drawing(chart: Bubble, palette: Palette) -> Drawing:
    """Bubbles, names, axes and the key."""
    scales = chart.x_scale, chart.y_scale
    left = money_margin(scales[1])
    x_axis, y_axis = axes(*scales, _ROOM, palette)
    discs = chart.discs
    points = [
        (one.x, one.y, _diameter(chart, one) / 2, [*name_rows(one.name), chart.size.text(one.size)]) for one in discs
    ]
    shown, numbered = labels(points, scales, _ROOM, _HEIGHT - TOP - ROW - POINTS_BOTTOM, palette)
    keys = key([(str(bucket).capitalize(), bucket_colour(bucket, palette)) for bucket in chart.buckets], palette, left)
    return Drawing(
        marks=[_trace(chart, bucket, palette) for bucket in chart.buckets],
        x_axis=x_axis,
        y_axis=y_axis,
        labels=[
            *headings(chart.x, chart.y, left, palette),
            *(one | {"yshift": one["yshift"] + ROW} for one in keys),
            *shown,
            *(_below(chart, discs[at], row, left, palette) for row, at in enumerate(numbered)),
        ],
        left=left,
        right=_RIGHT,
        bottom=POINTS_BOTTOM + ROW * len(numbered),
        hovermode="closest",
        top=TOP + ROW * len(keys),
        height=_HEIGHT + ROW * len(numbered),
    )


def _below(chart: Bubble, disc: Disc, row: int, left: int, palette: Palette) -> dict[str, Any]:
    """What a number stands for, in its row below the plot."""
    name = shortened(visible(disc.name), _KEY_WIDTH)
    return label(
        f"<b>{row + 1}</b>  {literal(name)} · {literal(chart.size.text(disc.size))}",
        palette.muted,
        x=0,
        xanchor="left",
        xshift=-left,
        y=0,
        yref="paper",
        xref="paper",
        yanchor="top",
        yshift=-POINTS_BOTTOM - ROW * row,
        align="left",
    )


def _diameter(chart: Bubble, disc: Disc) -> float:
    """The width of a bubble in pixels; the widest is smaller where there are many."""
    return max(_LEAST, (_WIDEST if len(chart.discs) <= _FEW else _CROWDED) * disc.width)


def _trace(chart: Bubble, bucket: Bucket, palette: Palette) -> dict[str, Any]:
    discs = [disc for disc in chart.discs if disc.bucket is bucket]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": str(bucket),
        "showlegend": False,
        "x": [float(disc.x) for disc in discs],
        "y": [float(disc.y) for disc in discs],
        "marker": {
            "size": [_diameter(chart, disc) for disc in discs],
            "color": bucket_colour(bucket, palette),
            "opacity": 0.85,
            "line": {"color": palette.background, "width": 1.5},
        },
        "hovertext": [_hover(chart, disc) for disc in discs],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _hover(chart: Bubble, disc: Disc) -> str:
    told = ((chart.x, disc.x), (chart.y, disc.y), (chart.size, disc.size))
    rows = (f"{name_lines(measure.name)}  <b>{literal(measure.text(value))}</b>" for measure, value in told)
    return "<br>".join([f"<b>{name_lines(disc.name)}</b>", str(disc.bucket).capitalize(), *rows])
