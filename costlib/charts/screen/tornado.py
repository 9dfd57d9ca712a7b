"""A tornado on screen: bars to both sides of the base, names at the left, results at the ends.

Conventions: bars stand on the whole numbers from 0 at the top. Every result is written, so there are no ticks. Where
both ends lie on one side of the base, the nearer one is written on the other side.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from costlib.charts.fit import broken, visible
from costlib.charts.palette import Palette
from costlib.charts.screen.frame import HEIGHT, ROW, TOP, Drawing, bold, full_amount, literal, name_lines
from costlib.charts.screen.texts import above, bare_axis, key, label, width_of
from costlib.charts.spec.parts import Amount
from costlib.charts.spec.tornado import Swing, Tornado

_NAME_WIDTH, _NAME_ROWS = 11.0, 2
_BAR, _GAP, _BOTTOM = 0.6, 12, 10
_ROW_LEAST = 42


def drawing(chart: Tornado, palette: Palette) -> Drawing:
    """Bars, names, results and the base."""
    names = [_name(swing) for swing in chart.ranked]
    widest = max(width_of(line) for lines in names for line in lines)
    ends = [end for _, results in chart.columns for end in results if end is not None]
    room = max([width_of(chart.label(end)) for end in (*ends, chart.base.amount)]) + _GAP
    left = widest + _GAP + room
    shades = (palette.previous, palette.ink)
    keys = key([(name, colour) for (name, _), colour in zip(chart.columns, shades, strict=True)], palette, round(left))
    top = TOP + ROW * len(keys)
    low, high = (float(end) for end in (min([*ends, chart.base.amount]), max([*ends, chart.base.amount])))
    pad = 0.0 if high > low else 1.0
    return Drawing(
        marks=[_bars(chart, name, ends, shade) for (name, ends), shade in zip(chart.columns, shades, strict=True)],
        x_axis=bare_axis(low - pad, high + pad),
        y_axis=bare_axis(len(names) - 0.5, -0.5),
        labels=[
            *(one | {"yshift": one["yshift"] + ROW} for one in keys),
            _base_label(chart, low, high, palette),
            *_names(names, left, palette),
            *_results(chart, palette),
        ],
        left=round(left),
        right=round(room),
        bottom=_BOTTOM,
        hovermode="closest",
        shapes=(_base_line(chart, palette),),
        top=top,
        height=max(HEIGHT, top + _BOTTOM + _ROW_LEAST * len(names)),
    )


def _bars(chart: Tornado, name: str, ends: tuple[Amount, ...], shade: str) -> dict[str, Any]:
    base = chart.base.amount
    return {
        "type": "bar",
        "orientation": "h",
        "name": literal(name),
        "showlegend": False,
        "base": [float(base)] * len(ends),
        "x": [None if end is None else float(end - base) for end in ends],
        "y": list(range(len(ends))),
        "width": _BAR,
        "offset": -_BAR / 2,
        "marker": {"color": shade},
        "hovertext": [_hover(chart, swing) for swing in chart.ranked],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _hover(chart: Tornado, swing: Swing) -> str:
    pairs = ((chart.low_name, swing.low_at, swing.low), (chart.high_name, swing.high_at, swing.high))
    told = (
        f"{name_lines(f'{name} ({at})' if at else name)}  "
        f"<b>{'unknown' if end is None else full_amount(end, chart.currency)}</b>"
        for name, at, end in pairs
    )
    return "<br>".join([f"<b>{name_lines(swing.name)}</b>", *told])


def _name(swing: Swing) -> list[str]:
    """The name, and below it what its two ends are."""
    ends = " to ".join(at for at in (swing.low_at, swing.high_at) if at)
    lines = broken(visible(swing.name), _NAME_WIDTH, _NAME_ROWS)
    return [*lines, *broken(visible(ends), _NAME_WIDTH, 1)] if ends else lines


def _names(names: list[list[str]], left: float, palette: Palette) -> list[dict[str, Any]]:
    place: dict[str, Any] = {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": -left,
        "yanchor": "middle",
        "align": "left",
    }
    return [
        label("<br>".join(literal(line) for line in lines), palette.ink, y=index, **place)
        for index, lines in enumerate(names)
    ]


def _results(chart: Tornado, palette: Palette) -> list[dict[str, Any]]:
    """Both results of each swing, where they are known."""
    base, labels = chart.base.amount, list[dict[str, Any]]()
    for index, swing in enumerate(chart.ranked):
        pairs = ((swing.low, swing.high), (swing.high, swing.low))
        for end, other in pairs[:1] if swing.low == swing.high else pairs:
            if end is not None:
                at, right = _spot(end, other, base)
                text = literal(chart.label(end))
                labels.append(label(text, palette.ink, y=index, yanchor="middle", **_beside(at, right=right)))
        if swing.width is None:
            labels.append(_unknown(chart, swing, index, palette))
    return labels


def _spot(end: Decimal, other: Amount, base: Decimal) -> tuple[Decimal, bool]:
    """Where a result is written, and whether to the right of there: beyond its bar if no longer one covers it."""
    if end == base:
        return base, other is not None and other < base
    if other is not None and (end > base) == (other > base) and abs(end - base) < abs(other - base):
        return base, end < base
    return end, end > base


def _beside(x: Decimal, *, right: bool) -> dict[str, Any]:
    return {"x": float(x), "xanchor": "left" if right else "right", "xshift": 4 if right else -4}


def _unknown(chart: Tornado, swing: Swing, index: int, palette: Palette) -> dict[str, Any]:
    """The end that is not known, written on the side where nothing is."""
    known = swing.low if swing.low is not None else swing.high
    right = known is None or known < chart.base.amount
    place = _beside(chart.base.amount, right=right)
    return label(literal(chart.label(None)), palette.muted, y=index, yanchor="middle", **place)


def _base_line(chart: Tornado, palette: Palette) -> dict[str, Any]:
    x = float(chart.base.amount)
    line = {"color": palette.baseline, "width": 1}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _base_label(chart: Tornado, low: float, high: float, palette: Palette) -> dict[str, Any]:
    """Name and amount of the base over its line, turned towards the middle of the plot."""
    x = float(chart.base.amount)
    share = (x - low) / (high - low) if high > low else 0.5
    anchor = "left" if share < 0.35 else "right" if share > 0.65 else "center"
    name = literal(broken(visible(chart.base.name), _NAME_WIDTH, 1)[0])
    text = f"{name} {bold(chart.label(chart.base.amount), palette.ink)}"
    return above(text, palette.muted, x=x, xref="x", xanchor=anchor)
