"""Ranked bars on screen: names at the left, amounts at the end of each bar, an earlier period lighter below it.

Conventions: bars stand on the whole numbers from 0 at the top. Every amount is written, so there are no ticks; it
is written at the right of everything in its row, where a name or a bar below zero cannot be.
"""

from __future__ import annotations

from typing import Any

from costlib.charts.fit import broken, text_width, visible
from costlib.charts.palette import Palette, bar_colour
from costlib.charts.screen.frame import (
    FACE,
    FONT_SIZE,
    Drawing,
    bold,
    coloured_mark,
    full_amount,
    literal,
    name_lines,
    numbers,
    short_name,
)
from costlib.charts.spec.bars import Bar, RankedBars
from costlib.charts.spec.parts import Amount

_BOTTOM = 10
_NAME_WIDTH = 10.5
_MOST_OF_TWO_LINES = 9
_ALONE, _UPPER, _LOWER = (0.0, 0.62), (-0.14, 0.44), (0.23, 0.26)  # place in the row, thickness
_GAP = 14


def drawing(chart: RankedBars, palette: Palette) -> Drawing:
    """Bars, names and amounts."""
    names = [_name(bar.name, len(chart.bars)) for bar in chart.ranked]
    widest = max(text_width(line) for lines in names for line in lines)
    return Drawing(
        marks=_bars(chart, palette),
        x_axis={
            "range": [float(end) for end in chart.reach],
            "showticklabels": False,
            "ticks": "",
            "showgrid": False,
            "zeroline": True,
            "zerolinecolor": palette.baseline,
            "zerolinewidth": 1,
            "fixedrange": True,
        },
        y_axis=_y_axis(["<br>".join(literal(line) for line in lines) for lines in names], palette),
        labels=[*_amounts(chart, palette), *_key(chart, palette)],
        left=round(widest * FONT_SIZE * FACE + _GAP),
        right=round(max(text_width(chart.label(bar), bold=True) for bar in chart.bars) * FONT_SIZE * FACE + _GAP),
        bottom=_BOTTOM,
        hovermode="closest",
    )


def _bars(chart: RankedBars, palette: Palette) -> list[dict[str, Any]]:
    (_, amounts), *compared = chart.columns
    upper, colours = _UPPER if compared else _ALONE, [bar_colour(bar, palette) for bar in chart.ranked]
    earlier = [_trace(chart, values, _LOWER, palette.previous) for _, values in compared]
    return [_trace(chart, amounts, upper, colours), *earlier]


def _trace(
    chart: RankedBars, values: tuple[Amount, ...], place: tuple[float, float], colours: str | list[str]
) -> dict[str, Any]:
    shift, thickness = place
    return {
        "type": "bar",
        "orientation": "h",
        "name": "",
        "showlegend": False,
        "x": numbers(values),
        "y": [index + shift for index in range(len(values))],
        "width": thickness,
        "hovertext": [_hover(chart, bar) for bar in chart.ranked],
        "hoverinfo": "text",
        "marker": {"color": colours},
        "cliponaxis": False,
    }


def _hover(chart: RankedBars, bar: Bar) -> str:
    pairs = [(chart.amount_name, bar.amount)]
    if chart.previous_name is not None:
        pairs.append((chart.previous_name, bar.previous))
    told = (
        f"{name_lines(name)}  <b>{'unknown' if amount is None else full_amount(amount, chart.currency)}</b>"
        for name, amount in pairs
    )
    return "<br>".join([f"<b>{name_lines(bar.name)}</b>", *told])


def _amounts(chart: RankedBars, palette: Palette) -> list[dict[str, Any]]:
    return [
        {
            "x": float(max(0, bar.amount or 0, bar.previous or 0)),
            "xanchor": "left",
            "xshift": 4,
            "y": index + (_UPPER[0] if chart.previous_name is not None else _ALONE[0]),
            "yanchor": "middle",
            "showarrow": False,
            "font": {"color": palette.muted, "size": FONT_SIZE},
            "text": literal(chart.label(bar)) if bar.amount is None else bold(chart.label(bar), palette.ink),
        }
        for index, bar in enumerate(chart.ranked)
    ]


def _key(chart: RankedBars, palette: Palette) -> list[dict[str, Any]]:
    """What the two shades are, over the bars."""
    if chart.previous_name is None:
        return []
    pairs = ((chart.amount_name, palette.ink), (chart.previous_name, palette.previous))
    text = "   ".join(coloured_mark(colour) + literal(short_name(name)) for name, colour in pairs)
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return [place | {"showarrow": False, "font": {"color": palette.muted, "size": FONT_SIZE}, "text": text}]


def _y_axis(names: list[str], palette: Palette) -> dict[str, Any]:
    return {
        "type": "linear",
        "range": [len(names) - 0.5, -0.5],
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "tickfont": {"size": FONT_SIZE, "color": palette.ink},
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "rgba(0,0,0,0)",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _name(name: str, count: int) -> list[str]:
    """The name in two lines where there is room for them, the rest cut."""
    most = 2 if count <= _MOST_OF_TWO_LINES else 1
    return broken(visible(name), _NAME_WIDTH, most)
