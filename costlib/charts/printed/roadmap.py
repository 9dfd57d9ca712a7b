"""A roadmap on paper: a table of initiatives whose last column is time, grouped by track.

Conventions: a track is a line of its own over its initiatives; the owner is left out where the paper is narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

from costlib.charts.palette import mixed, track_colours
from costlib.charts.printed.frame import GAP, Paper, within
from costlib.charts.printed.marks import Anchor, Line, Mark, Rect
from costlib.charts.spec.roadmap import Initiative, Roadmap

_NAMES_OF_WIDTH, _OWNERS_OF_WIDTH = 0.34, 0.16
_WITH_OWNER = 400.0
_THICK = 0.5


@dataclass(frozen=True)
class _Columns:
    """Where names, owners, savings and time begin; owners begin nowhere on narrow paper."""

    owner: float | None
    saving: float
    begin: float
    end: float


def least_height(chart: Roadmap, paper: Paper) -> float:
    """Points that the rows need: one a track, one an initiative, the header and the total."""
    return (len(chart.rows) + len(chart.tracks) + 2) * 1.25 * paper.row


def marks(chart: Roadmap, paper: Paper) -> list[Mark]:
    """Header, tracks, initiatives and the total."""
    columns = _columns(chart, paper)
    row = paper.height / (len(chart.rows) + len(chart.tracks) + 2)
    drawn, y = _header(chart, columns, row, paper), row
    for track, colour in zip(chart.tracks, track_colours(chart.tracks, paper.palette), strict=True):
        name = paper.cut(track, columns.begin - GAP, bold=True)
        drawn.append(paper.text(0, paper.level(y + row / 2), name, paper.palette.accent, bold=True))
        y += row
        for one in (one for one in chart.rows if one.track == track):
            drawn += _row(chart, one, y, row, colour, columns, paper)
            y += row
    return [*drawn, *_total(chart, y, row, columns, paper), *_today(chart, row, y, columns, paper)]


def _columns(chart: Roadmap, paper: Paper) -> _Columns:
    name = min(max(paper.wide(one.name) for one in chart.rows), paper.width * _NAMES_OF_WIDTH) + 2 * GAP
    owner = name if paper.width >= _WITH_OWNER else None
    widest = min(
        max(paper.wide(text) for text in ("Owner", *(one.owner for one in chart.rows))), paper.width * _OWNERS_OF_WIDTH
    )
    left = name + (widest + 2 * GAP if owner is not None else 0)
    savings = [chart.label(one) for one in chart.rows]
    heading = paper.wide(chart.saving_name) if owner is not None else 0
    saving = max(heading, *(paper.wide(text, bold=True) for text in (*savings, chart.total_text)))
    return _Columns(owner, left + saving, left + saving + 3 * GAP, paper.width - GAP)


def _header(chart: Roadmap, columns: _Columns, row: float, paper: Paper) -> list[Mark]:
    """What the columns are, and the months with a faint line each."""
    palette, y = paper.palette, paper.level(row / 2)
    drawn: list[Mark] = [paper.text(0, y, "Initiative", palette.muted)]
    if columns.owner is not None:
        drawn.append(paper.text(columns.owner, y, "Owner", palette.muted))
        drawn.append(paper.text(columns.saving, y, chart.saving_name, palette.muted, anchor=Anchor.END))
    span = columns.end - columns.begin
    widest = max(paper.wide(text) for _, text in chart.ticks(99))
    for day, text in chart.ticks(max(1, int(span / (widest + GAP)))):
        x = columns.begin + chart.place(day) * span
        drawn.append(Line(((x, row), (x, paper.height - row)), palette.grid, 0.5))
        drawn.append(paper.text(min(x, paper.width - paper.wide(text)), y, text, palette.muted))
    return [*drawn, Line(((0, row), (paper.width, row)), palette.baseline, 0.8)]


def _row(
    chart: Roadmap, one: Initiative, y: float, row: float, colour: str, columns: _Columns, paper: Paper
) -> list[Mark]:
    palette, base, span = paper.palette, paper.level(y + row / 2), columns.end - columns.begin
    saving_left = columns.saving - paper.wide(chart.label(one), bold=True)
    drawn: list[Mark] = [
        Line(((0, y + row), (paper.width, y + row)), palette.grid, 0.5),
        paper.text(0, base, paper.cut(one.name, (columns.owner or saving_left) - GAP), palette.ink),
        paper.text(columns.saving, base, chart.label(one), palette.ink, anchor=Anchor.END, bold=one.saving is not None),
    ]
    if columns.owner is not None:
        drawn.append(
            paper.text(columns.owner, base, paper.cut(one.owner, saving_left - columns.owner - GAP), palette.muted)
        )
    begin, end = (columns.begin + chart.place(day) * span for day in (one.start, one.ramp_end))
    thick = row * _THICK
    fill = colour if one.saving is not None else mixed(colour, palette.background, 0.45)
    return [*drawn, Rect(begin, y + (row - thick) / 2, end - begin, thick, fill, min(1.5, thick / 2))]


def _total(chart: Roadmap, y: float, row: float, columns: _Columns, paper: Paper) -> list[Mark]:
    base, ink = paper.level(y + row / 2), paper.palette.ink
    return [
        paper.text(0, base, "Total", ink, bold=True),
        paper.text(columns.saving, base, chart.total_text, ink, anchor=Anchor.END, bold=True),
    ]


def _today(chart: Roadmap, top: float, bottom: float, columns: _Columns, paper: Paper) -> list[Mark]:
    """A dotted rule at today, named below the bars."""
    if chart.now is None:
        return []
    x = columns.begin + chart.now * (columns.end - columns.begin)
    middle = within(x, paper.wide("today"), columns.begin, paper.width)
    return [
        Line(((x, top), (x, bottom)), paper.palette.ink, 0.8, (1.0, 2.0)),
        paper.text(middle, bottom + paper.size, "today", paper.palette.muted, anchor=Anchor.MIDDLE),
    ]
