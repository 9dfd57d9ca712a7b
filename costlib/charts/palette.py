"""Colours of the charts, one palette per surface.

Conventions: colours are ``#RRGGBB``; luminance and contrast are those of WCAG 2.1. Every colour that carries
data stands out from its background by 3:1 or more, every colour of text by 4.5:1. Neighbours in a stack
differ in luminance, so that a print in grey can still be read: dark and medium take turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib.charts.spec.bars import Bar
from costlib.charts.spec.bridge import Column
from costlib.charts.spec.bubble import Bucket
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.kpi import Mood
from costlib.charts.spec.parts import Line, Role, Segment
from costlib.charts.spec.trend import Trend

BAND_SHARE = 0.24  # how much of its colour a range shows over the background

_HEAT_LEAST, _HEAT_MOST = 0.05, 0.58  # the faintest and the strongest shade on which ink can be read


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for; ``categories`` are used in order, ``other`` gathers the rest."""

    background: str
    ink: str
    muted: str
    grid: str
    baseline: str
    accent: str
    good: str
    bad: str
    previous: str
    other: str
    categories: tuple[str, ...]


LIGHT = Palette(
    background="#FFFFFF",
    ink="#14213D",
    muted="#5B6473",
    grid="#E3E7ED",
    baseline="#A9B1BD",
    accent="#2F6FDE",
    good="#1B7F5C",
    bad="#C8442F",
    previous="#8B93A0",
    other="#8B93A0",
    categories=("#14213D", "#2F6FDE", "#0F4C5C", "#C4720F", "#7A2E5D", "#1D9A8A", "#4B3B8F"),
)

DARK = Palette(
    background="#0E1624",
    ink="#E6EBF4",
    muted="#9AA5B8",
    grid="#2B3950",
    baseline="#56637D",
    accent="#6EA0FF",
    good="#3FB58A",
    bad="#F0715C",
    previous="#7F8BA1",
    other="#77839A",
    categories=("#E6EBF4", "#5A8FF0", "#A5DCE0", "#CE7F2C", "#F0BBD2", "#2F9F90", "#CBBFF5"),
)

PRINT = LIGHT


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 for black to 1 for white (WCAG 2.1).

    >>> luminance("#FFFFFF"), luminance("#000000")
    (1.0, 0.0)
    """
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1).

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def line_colours(lines: Sequence[Line], palette: Palette) -> tuple[str, ...]:
    """One colour per line: a lone actual one is ink, several take the categories, the others go by their role."""
    actual = [line for line in lines if line.role is Role.ACTUAL]
    named = iter(palette.categories if len(actual) > 1 else (palette.ink,))
    by_role = {
        Role.PREVIOUS: palette.previous,
        Role.PLAN: palette.muted,
        Role.FORECAST: palette.accent,
        Role.WITH_PLAN: palette.good,
    }
    return tuple(by_role[line.role] if line.role in by_role else next(named) for line in lines)


def segment_colours(segments: Sequence[Segment], palette: Palette) -> tuple[str, ...]:
    """One colour per part of a stack: the categories in order, and the neutral one for the rest."""
    named = iter(palette.categories)
    return tuple(palette.other if segment.other else next(named) for segment in segments)


def part_colours(chart: Trend | StackedColumns, palette: Palette) -> tuple[str, ...]:
    """One colour per line, or per part of a stack."""
    if isinstance(chart, Trend):
        return line_colours(chart.lines, palette)
    return segment_colours(chart.segments, palette)


def step_colour(column: Column, palette: Palette) -> str:
    """A level is ink; a step is bad where cost rises, good where it falls and neither where it stays."""
    if column.is_level:
        return palette.ink
    return palette.bad if column.amount > 0 else palette.good if column.amount < 0 else palette.muted


def bar_colour(bar: Bar, palette: Palette) -> str:
    """A bar of the ranking is ink, the one that gathers the rest is not."""
    return palette.muted if bar.other else palette.ink


def track_colours(tracks: Sequence[str], palette: Palette) -> tuple[str, ...]:
    """Accent and ink take turns: a track is named beside its bars, its colour only holds them together."""
    return tuple((palette.accent, palette.ink)[index % 2] for index in range(len(tracks)))


def bucket_colour(bucket: Bucket, palette: Palette) -> str:
    """What keeps things going is grey, what grows them accent, what changes them ink."""
    return {Bucket.RUN: palette.previous, Bucket.GROW: palette.accent, Bucket.TRANSFORM: palette.ink}[bucket]


def mood_colour(mood: Mood, palette: Palette) -> str:
    """The colour of a change that is good, bad or neither."""
    return {Mood.GOOD: palette.good, Mood.BAD: palette.bad, Mood.NEUTRAL: palette.muted}[mood]


def heat_colour(shade: float | None, palette: Palette) -> str:
    """The colour of a cell, from the background up to a tint on which ink can be read; warm below zero.

    >>> heat_colour(None, LIGHT), heat_colour(0.0, LIGHT), heat_colour(1.0, LIGHT)
    ('#FFFFFF', '#FFFFFF', '#86ABEC')
    """
    if not shade:
        return palette.background
    tint = palette.accent if shade > 0 else palette.categories[3]
    return mixed(tint, palette.background, _HEAT_LEAST + (_HEAT_MOST - _HEAT_LEAST) * abs(shade))


def mixed(colour: str, background: str, share: float) -> str:
    """The colour that ``share`` of one gives over a background, as a light area shows it.

    >>> mixed("#000000", "#FFFFFF", 0.2)
    '#CCCCCC'
    """
    pairs = ((int(colour[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02X}" for over, under in pairs)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
