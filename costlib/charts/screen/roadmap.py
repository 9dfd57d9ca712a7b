"""A roadmap on screen: tracks as headings, names and owners at the left, bars over months, savings at the right.

Conventions: one unit of the vertical axis is a pixel, from 0 at the top; the figure is as high as its rows need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from costlib.charts.fit import broken, visible
from costlib.charts.palette import Palette, track_colours
from costlib.charts.screen.frame import BOTTOM, FONT_SIZE, ROW, TOP, Drawing, bold, full_amount, literal, name_lines
from costlib.charts.screen.texts import above, bare_axis, label, width_of
from costlib.charts.spec.roadmap import Initiative, Roadmap

_NAME_WIDTH, _NAME_ROWS, _HEAD_WIDTH = 13.0, 3, 26.0
_GAP, _PAD, _HEADING = 12, 10, 26
_BAR = 12
_TICKS = 4
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class _Row:
    """One initiative as it is drawn: the lines of its name, its owner, its middle and its colour."""

    one: Initiative
    lines: list[str]
    owner: str
    middle: float
    colour: str


def drawing(chart: Roadmap, palette: Palette) -> Drawing:
    """Bars, names, months and savings."""
    rows, headings, height = _placed(chart, palette)
    texts = [line for row in rows for line in row.lines]
    owners = [row.owner for row in rows]
    left = max([*(width_of(text, bold=True) for text in texts), *(width_of(text) for text in owners), 60]) + _GAP
    sums = [chart.total_text, *(chart.label(row.one) for row in rows)]
    right = max(width_of(text, bold=True) for text in sums) + _GAP
    top = TOP + (ROW if chart.now is not None else 0)
    return Drawing(
        marks=[_bar(chart, row) for row in rows],
        x_axis=_months(chart, palette),
        y_axis=bare_axis(height, 0),
        labels=[
            *_names(rows, headings, left, palette),
            *_savings(chart, rows, height, right, palette),
            label(bold("Total", palette.ink), palette.ink, **_beside(height - _HEADING / 2, left)),
            *_today_label(chart, palette),
        ],
        left=round(left),
        right=round(right),
        bottom=BOTTOM,
        hovermode="closest",
        shapes=(*_rules(rows, height, palette), *_today(chart, palette)),
        top=top,
        height=round(top + height + BOTTOM),
    )


def _placed(chart: Roadmap, palette: Palette) -> tuple[list[_Row], list[tuple[str, float]], float]:
    """Rows and headings from the top, and the height of them all with the total below."""
    colours = dict(zip(chart.tracks, track_colours(chart.tracks, palette), strict=True))
    rows: list[_Row] = []
    headings: list[tuple[str, float]] = []
    at, track = 0.0, None
    for one in chart.rows:
        if one.track != track:
            track = one.track
            headings.append((track, at + _HEADING / 2))
            at += _HEADING
        lines = broken(visible(one.name), _NAME_WIDTH, _NAME_ROWS)
        owner = broken(visible(one.owner), _NAME_WIDTH, 1)[0]
        high = (len(lines) + bool(owner)) * ROW + _PAD
        rows.append(_Row(one, lines, owner, at + high / 2, colours[one.track]))
        at += high
    return rows, headings, at + _HEADING


def _bar(chart: Roadmap, row: _Row) -> dict[str, Any]:
    one = row.one
    saving = "unknown" if one.saving is None else full_amount(one.saving, chart.currency)
    told = (
        f"<b>{name_lines(one.name)}</b>",
        *_owner(row),
        literal(chart.when(one)),
        f"{name_lines(chart.saving_name)}  <b>{saving}</b>",
    )
    return {
        "type": "bar",
        "orientation": "h",
        "name": "",
        "showlegend": False,
        "base": [one.start.isoformat()],
        "x": [(one.ramp_end - one.start).days * _DAY_MS],
        "y": [row.middle],
        "width": _BAR,
        "marker": {"color": row.colour, "cornerradius": 3},
        "hovertext": "<br>".join(told),
        "hoverinfo": "text",
    }


def _months(chart: Roadmap, palette: Palette) -> dict[str, Any]:
    ticks = chart.ticks(_TICKS)
    return {
        "type": "date",
        "range": [chart.first.isoformat(), chart.end.isoformat()],
        "tickmode": "array",
        "tickvals": [day.isoformat() for day, _ in ticks],
        "ticktext": [name for _, name in ticks],
        "tickangle": 0,
        "tickfont": {"size": FONT_SIZE - 1},
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": palette.baseline,
        "showgrid": True,
        "gridcolor": palette.grid,
        "gridwidth": 1,
        "zeroline": False,
        "fixedrange": True,
    }


def _beside(y: float, left: float) -> dict[str, Any]:
    """A place at the left edge of the figure, level with ``y``."""
    return {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -left, "y": y, "yanchor": "middle", "align": "left"}


def _names(
    rows: Sequence[_Row], headings: Sequence[tuple[str, float]], left: float, palette: Palette
) -> list[dict[str, Any]]:
    """Tracks, and under each its initiatives with their owners."""
    heads = [
        label(
            bold(broken(visible(name).upper(), _HEAD_WIDTH, 1)[0], palette.accent),
            palette.accent,
            size=FONT_SIZE - 1,
            **_beside(y, left),
        )
        for name, y in headings
    ]
    names = [
        label("<br>".join([*(bold(line, palette.ink) for line in row.lines), *_owner(row)]), palette.muted)
        | _beside(row.middle, left)
        for row in rows
    ]
    return [*heads, *names]


def _owner(row: _Row) -> list[str]:
    return [literal(row.owner)] if row.owner else []


def _savings(
    chart: Roadmap, rows: Sequence[_Row], height: float, right: float, palette: Palette
) -> list[dict[str, Any]]:
    """What each initiative saves, their sum below, and over them what it is."""
    place: dict[str, Any] = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": right}
    texts = [
        label(
            literal(chart.label(row.one)) if row.one.saving is None else bold(chart.label(row.one), palette.ink),
            palette.muted,
            y=row.middle,
            yanchor="middle",
            **place,
        )
        for row in rows
    ]
    total = label(bold(chart.total_text, palette.ink), palette.ink, y=height - _HEADING / 2, yanchor="middle", **place)
    lift = 0 if chart.now is None else 1
    return [*texts, total, above(literal(chart.saving_name), palette.muted, row=lift, **place)]


def _rules(rows: Sequence[_Row], height: float, palette: Palette) -> list[dict[str, Any]]:
    """A hairline through each row, and one over the total."""
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    lines = [(row.middle, palette.grid) for row in rows] + [(height - _HEADING, palette.baseline)]
    return [across | {"y0": y, "y1": y, "line": {"color": colour, "width": 1}} for y, colour in lines]


def _today(chart: Roadmap, palette: Palette) -> list[dict[str, Any]]:
    if chart.now is None or chart.today is None:
        return []
    day = chart.today.isoformat()
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    return [{"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}]


def _today_label(chart: Roadmap, palette: Palette) -> list[dict[str, Any]]:
    if chart.now is None:
        return []
    anchor = "left" if chart.now < 0.5 else "right"
    return [above("today", palette.muted, x=chart.now, xanchor=anchor, size=FONT_SIZE - 1)]
