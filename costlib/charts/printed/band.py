"""A trend with an outlook on paper: lines, the range as a light area, and a rule where the data end.

Conventions: what runs to the end is named in the right margin, the range below the forecast; the actual line,
and a plan that ends early, are named inside the plot, on the side where no other line is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from costlib import money
from costlib.charts.palette import BAND_SHARE, line_colours, mixed
from costlib.charts.placing import Spot, actual_spot, plan_spot
from costlib.charts.printed.frame import (
    GAP,
    Label,
    Paper,
    Plot,
    money_axis,
    money_room,
    points_in_time,
    side_labels,
    side_room,
    time_axis,
    time_room,
    within,
)
from costlib.charts.printed.lines import line_marks
from costlib.charts.printed.marks import Anchor, Area, Dot, Line, Mark, Text
from costlib.charts.spec.band import BandTrend
from costlib.charts.spec.parts import Amount, known
from costlib.charts.spec.parts import Line as Series
from costlib.charts.words.parts import last_amount

_LIFT = 4.0
_FAR = 0.1  # of the plot, between a line's end and its name
_DOTS = (1.0, 2.0)


@dataclass(frozen=True)
class _Inner:
    """A name inside the plot, an amount after it, and where it stands."""

    name: str
    amount: str
    tint: str
    spot: Spot


def marks(chart: BandTrend, paper: Paper) -> list[Mark]:
    """Axes, range, lines, the rule and names."""
    labels, plot = _plot(chart, paper)
    places = points_in_time(plot, len(chart.periods))
    drawn = money_axis(plot, chart.scale, paper) + time_axis(plot, places, chart.periods, paper)
    drawn += _area(chart, places, plot, paper) + _rule(chart, places, plot, paper)
    drawn += _target(chart, places, plot, paper)
    height, opened = plot.heights(chart.scale), chart.periods.open_index
    for line, colour in reversed(list(zip(chart.lines, line_colours(chart.lines, paper.palette), strict=True))):
        drawn += line_marks(line, _path(chart, line), places, height, colour, paper.palette, opened)
    for inner in _inner_names(chart, plot, paper):
        drawn += _inner_label(inner, places, plot, paper)
    return drawn + side_labels(labels, plot, paper)


def _path(chart: BandTrend, line: Series) -> tuple[Amount, ...]:
    """A line as it is drawn: what lies ahead begins at the last actual amount."""
    if line is chart.forecast:
        return chart.path
    return chart.with_plan_path if line is chart.with_plan else line.values


def _target(chart: BandTrend, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """The target as a level, and a hollow point where it is due."""
    if chart.target is None:
        return []
    palette, y = paper.palette, plot.y(chart.scale.fraction(chart.target.amount))
    there = [places[index] for index, _ in known(chart.target_level)]
    due = Dot(places[chart.target.due], y, 2.6, palette.background, palette.good)
    return [Line(((there[0], y), (there[-1], y)), palette.good, 1.0, (1.2, 2.2)), due]


def _plot(chart: BandTrend, paper: Paper) -> tuple[list[Label], Plot]:
    """The labels of the right margin and the plot they leave; where the plan is named depends on both."""
    top, bottom = paper.row + 2, paper.height - time_room(chart.periods, paper)
    left, labels = money_room(chart.scale, paper), [_forecast(chart, paper), *_ahead(chart, paper)]
    plot = Plot(left, top, paper.width - side_room(labels, paper), bottom)
    if chart.plan is not None and plan_spot(chart, _plan_share(chart, plot, paper)) is None:
        labels.append(_plan(chart, paper))
        plot = Plot(left, top, paper.width - side_room(labels, paper), bottom)
    return labels, plot


def _area(chart: BandTrend, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """The range as one outline: along its upper edge and back along the lower one."""
    height = plot.heights(chart.scale)
    upper = [(places[index], height(amount)) for index, amount in known(chart.high)]
    lower = [(places[index], height(amount)) for index, amount in known(chart.low)]
    tint = mixed(paper.palette.accent, paper.palette.background, BAND_SHARE)
    return [Area((*upper, *reversed(lower)), tint)] if len(upper) > 1 else []


def _rule(chart: BandTrend, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """Where the data end, if the axis runs on."""
    index = chart.periods.data_index
    if index is None or index == len(chart.periods) - 1:
        return []
    x, text = places[index], f"data {chart.periods.data_note}"
    middle = within(x, paper.wide(text), plot.left, plot.right)
    return [
        Line(((x, plot.top - 1), (x, plot.bottom)), paper.palette.baseline, 0.9, _DOTS),
        paper.text(middle, plot.top - 4, text, paper.palette.muted, anchor=Anchor.MIDDLE),
    ]


def _forecast(chart: BandTrend, paper: Paper) -> Label:
    end, likely = known(chart.forecast.values)[-1]
    low, high = chart.band.low[end], chart.band.high[end]
    after = [money.short(likely, chart.currency)]
    if low is not None and high is not None:
        ends = f"{money.short(low, chart.currency)}–{money.short(high, chart.currency)}"
        after += [chart.band.name, ends]
    return Label(chart.scale.fraction(likely), chart.forecast.name, paper.palette.accent, tuple(after))


def _ahead(chart: BandTrend, paper: Paper) -> list[Label]:
    """What the measures lead to, and the target."""
    labels, scale = [], chart.scale
    if chart.with_plan is not None:
        end = known(chart.with_plan.values)[-1][1]
        told = (money.short(end, chart.currency),)
        labels.append(Label(scale.fraction(end), chart.with_plan.name, paper.palette.good, told))
    if chart.target is not None:
        told = (money.short(chart.target.amount, chart.currency),)
        at = scale.fraction(chart.target.amount)
        labels.append(Label(at, chart.target.name, paper.palette.good, told, bold=False))
    return labels


def _plan(chart: BandTrend, paper: Paper) -> Label:
    plan = chart.plan if chart.plan is not None else chart.forecast
    figures = known(plan.values)
    at = chart.scale.fraction(figures[-1][1]) if figures else 0.0
    return Label(at, plan.name, paper.palette.muted, (last_amount(plan, chart.periods, chart.currency),))


def _inner_names(chart: BandTrend, plot: Plot, paper: Paper) -> list[_Inner]:
    names = []
    if chart.last_actual is not None:
        amount = money.short(chart.actual.values[chart.last_actual], chart.currency)
        spot = actual_spot(chart, _share(f"{chart.actual.name} {amount}", plot, paper))
        if spot is not None:
            names.append(_Inner(chart.actual.name, amount, paper.palette.ink, spot))
    if chart.plan is not None:
        share = _plan_share(chart, plot, paper)
        spot = plan_spot(chart, share)
        if spot is not None:
            spot = _near_plan(chart, spot, share)
            names.append(_Inner(chart.plan.name, "", paper.palette.muted, spot))
    return names


def _near_plan(chart: BandTrend, spot: Spot, share: float) -> Spot:
    """The spot, or one over or under the beginning of the plan where the spot lies far from its end."""
    plan = () if chart.plan is None else chart.plan.values
    figures = known(plan)
    if abs(spot.height - chart.scale.fraction(figures[-1][1])) <= _FAR:
        return spot
    first, amount = figures[0]
    actual = chart.actual.values[first]
    above = actual is None or amount >= actual
    passed = range(first, min(first + ceil(share * len(chart.periods)) + 1, len(chart.periods)))
    amounts = [values[index] for values in (plan, chart.actual.values) for index in passed]
    heights = [chart.scale.fraction(amount) for amount in amounts if amount is not None]
    return Spot(first, max(heights) if above else min(heights), above, ends_there=False)


def _plan_share(chart: BandTrend, plot: Plot, paper: Paper) -> float:
    return _share("" if chart.plan is None else chart.plan.name, plot, paper)


def _share(text: str, plot: Plot, paper: Paper) -> float:
    """Of the periods, what a name inside the plot covers."""
    return min(1.0, (paper.wide(text, bold=True) + 2 * GAP) / plot.width)


def _inner_label(inner: _Inner, places: tuple[float, ...], plot: Plot, paper: Paper) -> list[Mark]:
    """The name in bold and the amount after it, as one label that ends or begins at its spot."""
    spot, palette = inner.spot, paper.palette
    y = plot.y(spot.height)
    base = paper.level(y) if spot.level else y - _LIFT if spot.above else y + _LIFT + paper.size * 0.7
    name = paper.cut(inner.name, plot.width * 0.6, bold=True)
    wide = paper.wide(name, bold=True) + (paper.wide(inner.amount) + GAP / 2 if inner.amount else 0)
    x = places[spot.index] + (GAP if spot.level else 0) - (wide + GAP / 2 if spot.ends_there else 0)
    x = max(plot.left, min(x, plot.right - wide))
    texts: list[Text] = [paper.text(x, base, name, inner.tint, bold=True)]
    if inner.amount:
        texts.append(paper.text(x + texts[0].width + GAP / 2, base, inner.amount, palette.muted))
    return list(texts)
