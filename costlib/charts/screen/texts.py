"""Texts and axes of the charts on screen that are not over time: labels at a place, a key, axes of any scale.

Conventions: sizes are pixels; an anchor says which side of the text stands at the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from costlib.charts.fit import text_width, visible
from costlib.charts.palette import Palette
from costlib.charts.screen.frame import FACE, FONT_SIZE, ROW, coloured_mark, literal, ticked_axis
from costlib.charts.ticks import Scale

_KEY_WIDTH, _KEY_GAP = 340, 14  # a phone's page, and the room between two entries
_MARK = 16


def label(text: str, colour: str, *, size: int = FONT_SIZE, **place: Any) -> dict[str, Any]:
    """An annotation without an arrow; ``place`` says where."""
    return {"showarrow": False, "font": {"color": colour, "size": size}, "text": text} | place


def above(text: str, colour: str, *, row: int = 0, **place: Any) -> dict[str, Any]:
    """A line of text over the plot, ``row`` lines above the lowest one."""
    over: dict[str, Any] = {"xref": "paper", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 2 + row * ROW}
    return label(text, colour, **(over | place))


def key(pairs: Sequence[tuple[str, str]], palette: Palette, left: int = 0) -> list[dict[str, Any]]:
    """What the colours are, over the plot, in as many lines as a phone needs; pairs of name and colour."""
    rows: list[list[tuple[str, str]]] = [[]]
    for pair in pairs:
        if rows[-1] and _key_width([*rows[-1], pair]) > _KEY_WIDTH:
            rows.append([])
        rows[-1].append(pair)
    return [
        above(
            "   ".join(coloured_mark(colour) + literal(name) for name, colour in row),
            palette.muted,
            row=len(rows) - 1 - index,
            x=0,
            xanchor="left",
            xshift=-left,
            align="left",
        )
        for index, row in enumerate(rows)
    ]


def _key_width(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(width_of(name) + _MARK + _KEY_GAP for name, _ in pairs)


def width_of(text: str, *, bold: bool = False, size: float = FONT_SIZE) -> float:
    """Pixels that a text takes on one line."""
    return text_width(visible(text), bold=bold) * size * FACE


def number_axis(scale: Scale, palette: Palette, room: tuple[float, float]) -> dict[str, Any]:
    """An axis with the ticks of the scale, and room beyond its ends as parts of its length."""
    low, high = float(scale.low), float(scale.high)
    axis = ticked_axis(scale, palette, low - room[0] * (high - low), high + room[1] * (high - low))
    return axis | {"type": "linear", "tickangle": 0, "tickfont": {"size": FONT_SIZE - 1}}


def bare_axis(low: float, high: float) -> dict[str, Any]:
    """An axis that only gives places: no ticks, no grid."""
    return {
        "type": "linear",
        "range": [low, high],
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
