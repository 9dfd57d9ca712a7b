"""A trend with an outlook on screen: lines, the range as a light area, and a rule where the data end.

Conventions: what runs to the end is named in the right margin; the actual line, and a plan that ends early, are
named inside the plot, on the side where no other line is. The rule stands at the last period that holds data.
"""

from __future__ import annotations

from typing import Any

from costlib import money
from costlib.charts.fit import spread, text_width
from costlib.charts.palette import BAND_SHARE, Palette, line_colours, mixed
from costlib.charts.placing import Spot, actual_spot, plan_spot
from costlib.charts.screen.frame import (
    FACE,
    FONT_SIZE,
    HEIGHT,
    LINE_HEIGHT,
    TOP,
    Drawing,
    bold,
    coloured_mark,
    full_amount,
    literal,
    money_axis,
    money_margin,
    name_lines,
    numbers,
    short_name,
    side_label,
    time_axis,
    time_margin,
    x_values,
)
from costlib.charts.screen.lines import last_amount, line_marks, line_trace
from costlib.charts.screen.trend import line_room
from costlib.charts.spec.band import BandTrend
from costlib.charts.spec.parts import Line, known

_MARK = 24
_ROWS = 2
_ACTUAL_SPAN, _PLAN_SPAN = 0.4, 0.3  # of the periods, what a name inside the plot covers on a phone


def drawing(chart: BandTrend, palette: Palette) -> Drawing:
    """Range, lines, labels and the rule."""
    periods = chart.periods
    ink, accent, *muted = line_colours(chart.lines, palette)
    plan = [] if chart.plan is None else line_marks(periods, chart.currency, chart.plan, muted[0], palette)
    actual = line_marks(periods, chart.currency, chart.actual, ink, palette)
    return Drawing(
        marks=[_area(chart, accent), *plan, _forecast(chart, accent), *actual],
        x_axis=time_axis(periods, palette, room=line_room(len(periods))),
        y_axis=money_axis(chart.scale, palette),
        labels=[*_side_labels(chart, palette), *_inner_labels(chart, palette), *_rule_label(chart, palette)],
        left=money_margin(chart.scale),
        right=_margin(chart),
        bottom=time_margin(periods),
        shapes=_rule(chart, palette),
    )


def _area(chart: BandTrend, accent: str) -> dict[str, Any]:
    """The range as one closed outline: along its upper edge and back along the lower one."""
    places, low, high = x_values(chart.periods), chart.low, chart.high
    there = [index for index, _ in known(high)]
    outline = [(index, high[index]) for index in there] + [(index, low[index]) for index in reversed(there)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": literal(chart.band.name),
        "showlegend": False,
        "x": [places[index] for index, _ in outline],
        "y": numbers(tuple(edge for _, edge in outline)),
        "fill": "toself",
        "fillcolor": _rgba(accent, BAND_SHARE),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _rgba(colour: str, share: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def _forecast(chart: BandTrend, accent: str) -> dict[str, Any]:
    """The dashed line from the last actual amount on; the pointer tells its range, and nothing twice."""
    trace = line_trace(chart.periods, chart.currency, chart.forecast, chart.path, accent)
    own = [value is not None for value in chart.forecast.values]
    texts = [text + _range_text(chart, index) if own[index] else "" for index, text in enumerate(trace["hovertext"])]
    return trace | {"hovertext": texts, "hoverinfo": ["x+text" if is_own else "skip" for is_own in own]}


def _range_text(chart: BandTrend, index: int) -> str:
    low, high = chart.band.low[index], chart.band.high[index]
    if low is None or high is None:
        return ""
    ends = f"{full_amount(low, chart.currency)} to {full_amount(high, chart.currency)}"
    return f"<br>{name_lines(chart.band.name)}  {ends}"


def _side_labels(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    scale = chart.scale
    end, likely = known(chart.forecast.values)[-1]
    amount = literal(money.short(likely, chart.currency))
    name = bold(short_name(chart.forecast.name), palette.ink)
    labels = [(scale.fraction(likely), f"{coloured_mark(palette.accent)}{name}<br>{amount}")]
    edge = chart.band.high[end]
    if edge is not None:
        tint = mixed(palette.accent, palette.background, 2 * BAND_SHARE)
        labels.append((scale.fraction(edge), coloured_mark(tint) + literal(short_name(chart.band.name))))
    if chart.plan is not None and plan_spot(chart, _PLAN_SPAN) is None:
        labels.append((_end_height(chart, chart.plan), _line_text(chart, chart.plan, palette.muted)))
    gap = _ROWS * FONT_SIZE * LINE_HEIGHT / (HEIGHT - TOP - time_margin(chart.periods))
    heights = spread([height for height, _ in labels], gap, 0.0, 1.0)
    return [side_label(palette, height, text) for height, (_, text) in zip(heights, labels, strict=True)]


def _line_text(chart: BandTrend, line: Line, tint: str) -> str:
    return f"{bold(short_name(line.name), tint)}<br>{literal(last_amount(chart.periods, chart.currency, line))}"


def _end_height(chart: BandTrend, line: Line) -> float:
    figures = known(line.values)
    return chart.scale.fraction(figures[-1][1]) if figures else 0.0


def _inner_labels(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    labels = []
    actual, plan = actual_spot(chart, _ACTUAL_SPAN), plan_spot(chart, _PLAN_SPAN)
    if actual is not None and chart.last_actual is not None:
        amount = money.short(chart.actual.values[chart.last_actual], chart.currency)
        text = f"{bold(short_name(chart.actual.name), palette.ink)}<br>{literal(amount)}"
        labels.append(_inner_label(chart, actual, text, palette))
    if plan is not None and chart.plan is not None:
        labels.append(_inner_label(chart, plan, bold(short_name(chart.plan.name), palette.muted), palette))
    return labels


def _inner_label(chart: BandTrend, spot: Spot, text: str, palette: Palette) -> dict[str, Any]:
    away = {True: 4, False: -4}[spot.above]
    return {
        "x": x_values(chart.periods)[spot.index],
        "xanchor": "right" if spot.ends_there else "left",
        "xshift": 6 if spot.level else 0,
        "y": spot.height,
        "yref": "paper",
        "yanchor": "middle" if spot.level else "bottom" if spot.above else "top",
        "yshift": 0 if spot.level else away,
        "align": "right" if spot.ends_there else "left",
        "showarrow": False,
        "font": {"color": palette.muted, "size": FONT_SIZE},
        "text": text,
    }


def _rule(chart: BandTrend, palette: Palette) -> tuple[dict[str, Any], ...]:
    """Where the data end, if the axis runs on."""
    index = chart.periods.data_index
    if index is None or index == len(chart.periods) - 1:
        return ()
    x = x_values(chart.periods)[index]
    line = {"color": palette.baseline, "width": 1, "dash": "dot"}
    return ({"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "layer": "below", "line": line},)


def _rule_label(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    rule = _rule(chart, palette)
    if not rule:
        return []
    late = 2 * (chart.periods.data_index or 0) >= len(chart.periods)
    return [
        {
            "x": rule[0]["x0"],
            "xanchor": "right" if late else "left",
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": palette.muted, "size": FONT_SIZE - 1},
            "text": f"data {chart.periods.data_note}",
        }
    ]


def _margin(chart: BandTrend) -> int:
    texts = [short_name(chart.forecast.name), short_name(chart.band.name)]
    texts.append(money.short(known(chart.forecast.values)[-1][1], chart.currency))
    if chart.plan is not None and plan_spot(chart, _PLAN_SPAN) is None:
        texts += [short_name(chart.plan.name), last_amount(chart.periods, chart.currency, chart.plan)]
    return round(max(text_width(text, bold=True) for text in texts) * FONT_SIZE * FACE + _MARK)
