"""A bridge on a slide: native stacked columns over invisible floors, with lines for labels and connectors.

Conventions: a step that crosses zero is one part above and one below it, since a stack grows both ways from zero.
Connectors take turns in three series with gaps, because one line cannot be broken between two points.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE

from costlib.charts.fit import text_width, visible, wrapped
from costlib.charts.palette import Palette, step_colour
from costlib.charts.slide.axes import money_room, style_categories, style_money, style_names
from costlib.charts.slide.frame import (
    FONT_SIZE,
    INVISIBLE_LINE,
    Drawing,
    Plot,
    Room,
    labels_xml,
    line_xml,
    no_marker,
    put,
    regroup,
    run,
    series_elements,
    text_label,
)
from costlib.charts.slide.page import rgb
from costlib.charts.slide.sheets import Sheet
from costlib.charts.spec.bridge import Bridge, Column
from costlib.charts.spec.parts import Amount

LEVELS, FLOOR, RISE, FALL, TOP = "Start and end", "Floor", "Rise", "Fall", "Label height"
RISE_BELOW, FALL_BELOW = "Rise below zero", "Fall below zero"

_TURNS = 3
_NAME_ROW = 14.5
_PLOT_WIDTH = 800


def drawing(chart: Bridge, palette: Palette) -> Drawing:
    """Columns, labels and connectors."""
    names = [visible(column.name) for column in chart.columns]
    width = _PLOT_WIDTH / len(names) / FONT_SIZE
    rows = min(3, max(len(wrapped(name, width)) for name in names))
    return Drawing(
        XL_CHART_TYPE.COLUMN_STACKED,
        Sheet("Step", names, [*_parts(chart), (TOP, _tops(chart)), *_connectors(chart)], chart.currency),
        Room(money_room(chart.scale), 12, top=20, bottom=14 + _NAME_ROW * rows),
        partial(_style, chart, palette),
    )


def _parts(chart: Bridge) -> list[tuple[str, tuple[Amount, ...]]]:
    """The stacked series; those below zero only where a step goes there."""

    def series(part: Callable[[Column], Decimal], wanted: Callable[[Column], bool]) -> tuple[Amount, ...]:
        return tuple((part(column) or None) if wanted(column) else None for column in chart.columns)

    def is_rise(column: Column) -> bool:
        return not column.is_level and column.amount > 0

    def is_fall(column: Column) -> bool:
        return not column.is_level and column.amount < 0

    levels = tuple(column.amount if column.is_level else None for column in chart.columns)
    floors = series(lambda column: column.floor, lambda column: not column.is_level)
    below = [
        (RISE_BELOW, series(lambda column: column.below, is_rise)),
        (FALL_BELOW, series(lambda column: column.below, is_fall)),
    ]
    return [
        (LEVELS, levels),
        (FLOOR, floors),
        (RISE, series(lambda column: column.above, is_rise)),
        (FALL, series(lambda column: column.above, is_fall)),
        *((name, values) for name, values in below if any(value is not None for value in values)),
    ]


def _tops(chart: Bridge) -> tuple[Amount, ...]:
    return tuple(column.high for column in chart.columns)


def _connectors(chart: Bridge) -> list[tuple[str, tuple[Amount, ...]]]:
    """Running totals between neighbours: each is a line over two columns, then a gap."""
    lines: list[list[Amount]] = [[None] * len(chart.columns) for _ in range(min(_TURNS, len(chart.carried)))]
    for index, total in enumerate(chart.carried):
        lines[index % _TURNS][index] = lines[index % _TURNS][index + 1] = total
    return [(f"Carried over {turn}", tuple(line)) for turn, line in enumerate(lines, start=1)]


def _style(chart: Bridge, palette: Palette, native: Any, plot: Plot) -> None:
    style_money(native, chart.scale, palette)
    style_categories(native, palette)
    style_names(native, palette.muted, size=FONT_SIZE - 1)
    columns = native.plots[0]
    columns.gap_width, columns.overlap = 45, 100
    colours = {
        LEVELS: palette.ink,
        RISE: palette.bad,
        RISE_BELOW: palette.bad,
        FALL: palette.good,
        FALL_BELOW: palette.good,
    }
    for series in columns.series:
        series.invert_if_negative = False
        if series.name in colours:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = rgb(colours[series.name])
        else:
            series.format.fill.background()
    lines = series_elements(native)[len(_parts(chart)) :]
    regroup(native, "lineChart", lines)
    tops, *connectors = lines
    put(tops, INVISIBLE_LINE, no_marker(), labels_xml(_labels(chart, palette)))
    for line in connectors:
        put(line, line_xml(palette.previous), no_marker())


def _labels(chart: Bridge, palette: Palette) -> str:
    size = FONT_SIZE if max(text_width(label) for label in chart.labels) < 5 else FONT_SIZE - 1
    return "".join(
        text_label(index, run(label, step_colour(column, palette), bold=True, size=size), "t")
        for index, (column, label) in enumerate(zip(chart.columns, chart.labels, strict=True))
    )
