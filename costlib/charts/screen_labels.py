"""Text inside a chart on screen: direct labels at the end of each series, and names shown literally.

Conventions: places are fractions of the plot (0 at the bottom), sizes are pixels. A label stands in the right
margin at the height where its series ends, moved no further than its neighbours require.
"""

from __future__ import annotations

import html
from decimal import Decimal
from typing import Any

from costlib import money
from costlib.charts.fit import shortened, spread, text_width, visible
from costlib.charts.palette import Palette, colours
from costlib.charts.spec import Chart, Line, Role, Segment, StackedColumns, Trend, known

FONT_SIZE = 12

_NAME_WIDTH = 9.5
_FACE = 0.9  # Source Sans is this much narrower than the face the widths are measured in
_LINE_HEIGHT = 1.3
_MARK = 24
_TOTAL_LIFT = 0.03


def literal(text: str) -> str:
    """User text that Plotly shows as it is, neither as HTML nor as TeX.

    >>> literal("<b>x</b> & $y$")
    '&lt;b&gt;x&lt;/b&gt; &amp; &#36;y&#36;'
    """
    return html.escape(visible(text), quote=False).replace("$", "&#36;")


def end_labels(chart: Chart, palette: Palette, plot_height: float) -> list[dict[str, Any]]:
    """The name of every series in the right margin, at the height where it ends, kept apart."""
    parts: tuple[Line | Segment, ...] = chart.series
    labels = [
        (_height(chart, index), _end_text(chart, part, colour, palette))
        for index, (part, colour) in enumerate(zip(parts, colours(chart, palette), strict=True))
    ]
    if isinstance(chart, StackedColumns):
        labels.append((chart.scale.fraction(chart.tops[-1]) + _TOTAL_LIFT, _total_text(chart, palette)))
    rows = 2 if isinstance(chart, Trend) else 1
    gap = rows * FONT_SIZE * _LINE_HEIGHT / plot_height
    heights = spread([height for height, _ in labels], gap, 0.0, 1.0)
    return [_label(palette, height, text) for height, (_, text) in zip(heights, labels, strict=True)]


def margin(chart: Chart) -> int:
    """Pixels that the labels need at the right."""
    texts = [short_name(part) for part in chart.series]
    if isinstance(chart, Trend):
        texts += [_last_amount(chart, line) for line in chart.lines]
    else:
        texts.append(_total(chart))
    return round(max(text_width(text, bold=True) for text in texts) * FONT_SIZE * _FACE + _MARK)


def unknown_marks(chart: StackedColumns, palette: Palette, places: list[str]) -> list[dict[str, Any]]:
    """A question mark on every column of which a part is unknown."""
    style = {"showarrow": False, "yanchor": "bottom", "font": {"color": palette.muted, "size": FONT_SIZE}}
    columns = zip(places, chart.columns, chart.tops, strict=True)
    return [{"x": x, "y": float(top), "text": "?", **style} for x, column, top in columns if None in column]


def _height(chart: Chart, index: int) -> float:
    if isinstance(chart, Trend):
        figures = known(chart.lines[index].values)
        return chart.scale.fraction(figures[-1][1]) if figures else 0.0
    column = chart.columns[-1]
    value = column[index] or Decimal(0)
    below = money.exact_sum(part for part in column[:index] if part and (part < 0) == (value < 0))
    return chart.scale.fraction(below + value / 2)


def _end_text(chart: Chart, part: Line | Segment, colour: str, palette: Palette) -> str:
    name = literal(short_name(part))
    mark = f'<span style="color:{colour}">■</span> '
    if isinstance(part, Segment):
        return f"{mark}{name}"
    tint = palette.muted if part.role is Role.PREVIOUS else palette.ink
    marked = isinstance(chart, Trend) and chart.needs_mark(part)
    return (
        f'{mark if marked else ""}<b><span style="color:{tint}">{name}</span></b>'
        f"<br>{literal(_last_amount(chart, part))}"
    )


def _last_amount(chart: Chart, line: Line) -> str:
    figures = known(line.values)
    if not figures:
        return money.UNKNOWN
    index, amount = figures[-1]
    open_end = index == chart.periods.open_index and line.role is Role.ACTUAL
    return money.short(amount, chart.currency) + (f" {chart.periods.open_note}" if open_end else "")


def short_name(part: Line | Segment) -> str:
    """The name as wide as the margin allows."""
    return shortened(visible(part.name), _NAME_WIDTH)


def _total_text(chart: StackedColumns, palette: Palette) -> str:
    return f'<b><span style="color:{palette.ink}">{literal(_total(chart))}</span></b>'


def _total(chart: StackedColumns) -> str:
    lead = "Net " if chart.has_credits else ""
    open_end = chart.periods.open_index == len(chart.periods) - 1
    note = f" {chart.periods.open_note}" if open_end else ""
    return f"{lead}{money.short(chart.totals[-1], chart.currency)}{note}"


def _label(palette: Palette, height: float, text: str) -> dict[str, Any]:
    return {
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 6,
        "y": height,
        "yref": "paper",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"color": palette.muted, "size": FONT_SIZE},
        "text": text,
    }
