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
    TOP,
    Drawing,
    bold,
    bold_rows,
    coloured_mark,
    full_amount,
    literal,
    marked,
    money_axis,
    money_margin,
    name_lines,
    name_rows,
    numbers,
    row_height,
    short_name,
    side_label,
    time_axis,
    time_margin,
    x_values,
)
from costlib.charts.screen.lines import line_marks, line_trace
from costlib.charts.screen.trend import line_room
from costlib.charts.spec.band import BandTrend, Target
from costlib.charts.spec.parts import Amount, Line, Role, known
from costlib.charts.words.parts import last_amount

_MARK = 24
_PLAN_SPAN = 0.3  # of the periods, what the name of a plan covers on a phone
_PHONE_PLOT = 180  # px that the plot is wide on a phone


def drawing(chart: BandTrend, palette: Palette) -> Drawing:
    """Range, lines, target, labels and the rule."""
    periods = chart.periods
    colours = dict(zip(chart.lines, line_colours(chart.lines, palette), strict=True))
    plan = [] if chart.plan is None else line_marks(periods, chart.currency, chart.plan, colours[chart.plan], palette)
    actual = line_marks(periods, chart.currency, chart.actual, colours[chart.actual], palette)
    ahead = [_ahead(chart, chart.forecast, chart.path, colours[chart.forecast])]
    if chart.with_plan is not None:
        ahead.append(_ahead(chart, chart.with_plan, chart.with_plan_path, colours[chart.with_plan]))
    return Drawing(
        marks=[_area(chart, palette.accent), *plan, *_target(chart, palette), *ahead, *actual],
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


def _ahead(chart: BandTrend, line: Line, path: tuple[Amount, ...], colour: str) -> dict[str, Any]:
    """A line from the last actual amount on; the pointer tells the forecast's range, and nothing twice."""
    trace = line_trace(chart.periods, chart.currency, line, path, colour)
    own = [value is not None for value in line.values]
    ranges = [_range_text(chart, index) if line is chart.forecast else "" for index in range(len(own))]
    texts = [
        text + after if is_own else "" for text, after, is_own in zip(trace["hovertext"], ranges, own, strict=True)
    ]
    return trace | {"hovertext": texts, "hoverinfo": ["x+text" if is_own else "skip" for is_own in own]}


def _target(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    """The target as a hairline over the outlook, and a hollow diamond where it is due."""
    target = chart.target
    if target is None:
        return []
    line = Line(target.name, chart.target_level, Role.PLAN)
    trace = line_trace(chart.periods, chart.currency, line, line.values, palette.ink)
    at_due = [index == target.due for index in range(len(chart.periods))]
    return [
        trace
        | {
            "hoverinfo": ["x+text" if is_due else "skip" for is_due in at_due],
            "line": {"color": palette.ink, "width": 1},
            "marker": {
                "symbol": "diamond",
                "color": palette.background,
                "opacity": 1,
                "line": {"color": palette.ink, "width": 1.5},
                "size": [10 if is_due else 0 for is_due in at_due],
            },
        }
    ]


def _range_text(chart: BandTrend, index: int) -> str:
    low, high = chart.band.low[index], chart.band.high[index]
    if low is None or high is None:
        return ""
    ends = f"{full_amount(low, chart.currency)} to {full_amount(high, chart.currency)}"
    return f"<br>{name_lines(chart.band.name)}  {ends}"


def _side_labels(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    """What runs to the end, named in the right margin: forecast, range, budget, path with the plan, target."""
    scale = chart.scale
    end, likely = known(chart.forecast.values)[-1]
    labels = [(scale.fraction(likely), _line_text(chart, chart.forecast, palette.ink, palette.accent))]
    edge = chart.band.high[end]
    if edge is not None:
        tint = mixed(palette.accent, palette.background, 2 * BAND_SHARE)
        labels.append((scale.fraction(edge), marked(chart.band.name, tint)))
    if chart.plan is not None and plan_spot(chart, _PLAN_SPAN) is None:
        labels.append((_end_height(chart, chart.plan), _line_text(chart, chart.plan, palette.muted)))
    if chart.with_plan is not None:
        text = _line_text(chart, chart.with_plan, palette.ink, palette.good)
        labels.append((_end_height(chart, chart.with_plan), text))
    if chart.target is not None:
        labels.append((scale.fraction(chart.target.amount), _target_text(chart, chart.target, palette)))
    plot_height = HEIGHT - TOP - time_margin(chart.periods)
    rows = [row_height(text.count("<br>") + 1, plot_height) for _, text in labels]
    heights = spread([height for height, _ in labels], rows, 0.0, 1.0)
    return [side_label(palette, height, text) for height, (_, text) in zip(heights, labels, strict=True)]


def _line_text(chart: BandTrend, line: Line, tint: str, mark: str = "") -> str:
    lead = coloured_mark(mark) if mark else ""
    return f"{lead}{bold_rows(line.name, tint)}<br>{literal(last_amount(line, chart.periods, chart.currency))}"


def _target_text(chart: BandTrend, target: Target, palette: Palette) -> str:
    amount = literal(f"{money.short(target.amount, chart.currency)} {chart.periods.labels[target.due]}")
    return f"◇ {bold_rows(target.name, palette.ink)}<br>{amount}"


def _end_height(chart: BandTrend, line: Line) -> float:
    figures = known(line.values)
    return chart.scale.fraction(figures[-1][1]) if figures else 0.0


def _inner_labels(chart: BandTrend, palette: Palette) -> list[dict[str, Any]]:
    labels = []
    last, name = chart.last_actual, short_name(chart.actual.name)
    amount = money.short(None if last is None else chart.actual.values[last], chart.currency)
    actual, plan = actual_spot(chart, _phone_share(name, amount)), plan_spot(chart, _PLAN_SPAN)
    if actual is not None:
        labels.append(_inner_label(chart, actual, f"{bold(name, palette.ink)}<br>{literal(amount)}", palette))
    if plan is not None and chart.plan is not None:
        labels.append(_inner_label(chart, plan, bold(short_name(chart.plan.name), palette.muted), palette))
    return labels


def _phone_share(*rows: str) -> float:
    """The share of the plot that a name of these rows covers on a phone."""
    return min(1.0, max(text_width(row, bold=True) for row in rows) * FONT_SIZE * FACE / _PHONE_PLOT)


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
    lines = [chart.forecast, chart.with_plan]
    if chart.plan is not None and plan_spot(chart, _PLAN_SPAN) is None:
        lines.append(chart.plan)
    drawn = [line for line in lines if line is not None]
    names = [chart.band.name, *(line.name for line in drawn)]
    texts = [last_amount(line, chart.periods, chart.currency) for line in drawn]
    if chart.target is not None:
        names.append(chart.target.name)
        texts.append(f"{money.short(chart.target.amount, chart.currency)} {chart.periods.labels[chart.target.due]}")
    texts += [row for name in names for row in name_rows(name)]
    return round(max(text_width(text, bold=True) for text in texts) * FONT_SIZE * FACE + _MARK)
