"""Stacked columns on screen: parts, totals, an open column that is hatched, names beside the last column."""

from __future__ import annotations

from typing import Any

from costlib import money
from costlib.charts.fit import spread, text_width
from costlib.charts.palette import Palette, segment_colours
from costlib.charts.screen.frame import (
    FACE,
    FONT_SIZE,
    HEIGHT,
    TOP,
    Drawing,
    bold,
    literal,
    marked,
    money_axis,
    money_margin,
    name_rows,
    numbers,
    row_height,
    side_label,
    time_axis,
    time_margin,
    unit,
    x_values,
)
from costlib.charts.screen.lines import hover_texts
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import Amount, Segment

_COLUMN = 0.68
_MARK = 24
_TOTAL_LIFT = 0.03


def drawing(chart: StackedColumns, palette: Palette) -> Drawing:
    """Columns, a mark for each net total, and their labels."""
    colours = segment_colours(chart.segments, palette)
    marks = [_segment(chart, part, colour, palette) for part, colour in zip(chart.segments, colours, strict=True)]
    return Drawing(
        marks=[*marks, _total_trace(chart, palette)],
        x_axis=time_axis(chart.periods, palette, room=0.5),
        y_axis=money_axis(chart.scale, palette),
        labels=_labels(chart, colours, palette) + _unknown_marks(chart, palette),
        left=money_margin(chart.scale),
        right=_margin(chart),
        bottom=time_margin(chart.periods),
        hover_order="reversed",
    )


def _segment(chart: StackedColumns, segment: Segment, colour: str, palette: Palette) -> dict[str, Any]:
    hatched = ["/" if index == chart.periods.open_index else "" for index in range(len(chart.periods))]
    return {
        "type": "bar",
        "name": literal(segment.name),
        "showlegend": False,
        "x": x_values(chart.periods),
        "y": numbers(segment.values),
        "width": _COLUMN * unit(chart.periods),
        "hovertext": _hover(chart, segment.name, segment.values),
        "hoverinfo": "x+text",
        "marker": {
            "color": colour,
            "line": {"color": palette.background, "width": 1},
            "pattern": {"shape": hatched, "fillmode": "replace", "size": 5, "solidity": 0.45},
        },
    }


def _total_trace(chart: StackedColumns, palette: Palette) -> dict[str, Any]:
    """The net amount of each column: seen as a mark only where credits make it differ from the top."""
    name = "Net of credits" if chart.has_credits else "Total"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "showlegend": False,
        "x": x_values(chart.periods),
        "y": numbers(chart.totals),
        "hovertext": _hover(chart, name, chart.totals),
        "hoverinfo": "x+text",
        "marker": {
            "symbol": "diamond",
            "size": 8,
            "color": palette.background,
            "line": {"color": palette.ink, "width": 1.5},
            "opacity": 1 if chart.has_credits else 0,
        },
        "cliponaxis": False,
    }


def _hover(chart: StackedColumns, name: str, values: tuple[Amount, ...]) -> list[str]:
    return hover_texts(name, values, chart.currency, chart.periods.open_index, chart.periods.open_note)


def _labels(chart: StackedColumns, colours: tuple[str, ...], palette: Palette) -> list[dict[str, Any]]:
    labels = [
        (chart.middle(index), marked(segment.name, colour))
        for index, (segment, colour) in enumerate(zip(chart.segments, colours, strict=True))
    ]
    labels.append((chart.scale.fraction(chart.tops[-1]) + _TOTAL_LIFT, bold(_total(chart), palette.ink)))
    plot_height = HEIGHT - TOP - time_margin(chart.periods)
    rows = [row_height(text.count("<br>") + 1, plot_height) for _, text in labels]
    heights = spread([height for height, _ in labels], rows, 0.0, 1.0)
    return [side_label(palette, height, text) for height, (_, text) in zip(heights, labels, strict=True)]


def _total(chart: StackedColumns) -> str:
    lead = "Net " if chart.has_credits else ""
    open_end = chart.periods.open_index == len(chart.periods) - 1
    note = f" {chart.periods.open_note}" if open_end else ""
    return f"{lead}{money.short(chart.totals[-1], chart.currency)}{note}"


def _margin(chart: StackedColumns) -> int:
    texts = [*(row for segment in chart.segments for row in name_rows(segment.name)), _total(chart)]
    return round(max(text_width(text, bold=True) for text in texts) * FONT_SIZE * FACE + _MARK)


def _unknown_marks(chart: StackedColumns, palette: Palette) -> list[dict[str, Any]]:
    """A question mark on every column of which a part is unknown."""
    style = {"showarrow": False, "yanchor": "bottom", "font": {"color": palette.muted, "size": FONT_SIZE}}
    columns = zip(x_values(chart.periods), chart.columns, chart.tops, strict=True)
    return [{"x": x, "y": float(top), "text": "?", **style} for x, column, top in columns if None in column]
