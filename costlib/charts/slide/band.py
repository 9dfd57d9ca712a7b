"""A trend with an outlook on a slide: a native line chart over a stacked area whose floor is invisible.

Conventions: forecast and range begin at the last complete actual amount, as they are drawn; so they do in the
data. The range is kept as its upper edge, an invisible line that carries its label, and as its lower edge and
its width, which is what a stacked area is made of.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE

from costlib import money
from costlib.charts.fit import spread, text_width, visible
from costlib.charts.palette import BAND_SHARE, PRINT, Palette, line_colours, mixed
from costlib.charts.placing import Spot, actual_spot, plan_spot
from costlib.charts.slide.axes import money_room, style_money, style_periods, timed_sheet
from costlib.charts.slide.frame import (
    BREAK,
    FONT_SIZE,
    INVISIBLE_LINE,
    MARK,
    SPACES,
    Drawing,
    Plot,
    Room,
    labels_xml,
    no_marker,
    put,
    regroup,
    run,
    series_elements,
    strip,
    text_label,
)
from costlib.charts.slide.lines import ROW, end_runs, end_words, short_name, style_line, style_target
from costlib.charts.slide.page import Box
from costlib.charts.spec.band import BandTrend, Target
from costlib.charts.spec.parts import Amount, Line, Role, known

_SPAN = 0.18  # of the periods, what a label inside the plot may cover
_LIFT = 4
_LABEL_SHARE = 0.3  # of the box, what labels on one line may take


def drawing(chart: BandTrend, palette: Palette) -> Drawing:
    """Lines, range and labels."""
    return Drawing(
        XL_CHART_TYPE.LINE,
        timed_sheet(chart.periods, chart.currency, _series(chart)),
        lambda box: Room(money_room(chart.scale), _label_room(chart, box)),
        partial(_style, chart, palette),
    )


def _series(chart: BandTrend) -> list[tuple[str, tuple[Amount, ...]]]:
    """Lines as they are drawn, the target, then the range from its lower edge up."""
    lines = [(visible(line.name), values) for line, values in _drawn(chart)]
    lines += [] if chart.target is None else [(visible(chart.target.name), chart.target_level)]
    widths = tuple(money.difference(high, low) for high, low in zip(chart.high, chart.low, strict=True))
    name = visible(chart.band.name)
    return [*lines, (f"{name}, high", chart.high), (f"{name}, low", chart.low), (f"{name}, width", widths)]


def _drawn(chart: BandTrend) -> list[tuple[Line, tuple[Amount, ...]]]:
    paths = {Role.FORECAST: chart.path, Role.WITH_PLAN: chart.with_plan_path}
    return [(line, paths.get(line.role, line.values)) for line in chart.lines]


def _style(chart: BandTrend, palette: Palette, native: Any, plot: Plot) -> None:
    style_money(native, chart.scale, palette)
    style_periods(native, chart.periods, palette, plot.width)
    colours = line_colours(chart.lines, palette)
    drawn = list(zip(native.plots[0].series, _drawn(chart), colours, strict=False))
    *_, high, floor, width = series_elements(native)
    for series, (line, values), colour in drawn:
        style_line(series, line, values, chart.periods, colour, palette)
    labels = _labels(chart, palette, plot)
    for series, (line, _), _ in drawn:
        if line.name in labels:
            put(series._element, labels_xml(labels[line.name]))
    if chart.target is not None:
        level = native.plots[0].series[len(drawn)]
        style_target(level, chart.target.due, palette)
        put(level._element, labels_xml(labels[chart.target.name]))
    range_label = [labels_xml(labels[chart.band.name])] if chart.band.name in labels else []
    strip(high)
    put(high, INVISIBLE_LINE, no_marker(), *range_label)
    regroup(native, "areaChart", [floor, width], grouping="stacked", behind=True)
    put(floor, f"<c:spPr {SPACES}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>")
    put(width, _area_xml(mixed(palette.accent, palette.background, BAND_SHARE)))


def _area_xml(colour: str) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
    return f"<c:spPr {SPACES}>{fill}<a:ln><a:noFill/></a:ln></c:spPr>"


def _labels(chart: BandTrend, palette: Palette, plot: Plot) -> dict[str, str]:
    """A label for each line and for the range, by name: the actual inside the plot, the others where they end."""
    labels = _end_labels(chart, palette, plot)
    actual = _actual_label(chart, palette, plot)
    early = plan_spot(chart, _SPAN)
    if actual:
        labels[chart.actual.name] = actual
    if early is not None and chart.plan is not None:
        words = end_words(chart.plan, chart.periods, chart.currency)
        runs = end_runs(chart.plan, words, None, palette)
        labels[chart.plan.name] = _inner_label(early, known(chart.plan.values)[-1], runs, " ".join(words), chart, plot)
    return labels


def _end_labels(chart: BandTrend, palette: Palette, plot: Plot) -> dict[str, str]:
    """What runs as far as the forecast, kept apart at the right of the plot."""
    last = known(chart.forecast.values)[-1][0]
    ends: list[tuple[str, int, Amount, str]] = []
    between = BREAK if _is_stacked(chart, plot.box) else ""
    for line, colour in _ending(chart, palette):
        figures = known(line.values)
        if figures:
            runs = end_runs(line, end_words(line, chart.periods, chart.currency), colour, palette, between)
            ends.append((line.name, *figures[-1], runs))
    words = _range_words(chart, last)
    if words:
        tint = mixed(palette.accent, palette.background, 2 * BAND_SHARE)
        name, amounts = (run(part, palette.muted, bold=False) for part in words)
        ends.append((chart.band.name, last, chart.high[last], run(MARK, tint, bold=False) + name + between + amounts))
    if chart.target is not None:
        told, at = _target_words(chart, chart.target)
        runs = run(f"◇ {told}", palette.ink, bold=True) + between + run(f" {at}", palette.muted, bold=False)
        ends.append((chart.target.name, last, chart.target.amount, runs))
    wanted = [chart.scale.fraction(amount or Decimal(0)) for _, _, amount, _ in ends]
    placed = spread(wanted, (2 if between else 1) * FONT_SIZE * ROW / plot.height, 0.0, 1.0)
    return {
        name: text_label(index, runs, "r", (0.004, (at - to) * plot.inner.height))
        for (name, index, _, runs), at, to in zip(ends, wanted, placed, strict=True)
    }


def _ending(chart: BandTrend, palette: Palette) -> list[tuple[Line, str | None]]:
    """The lines that are named at the right of the plot, and the colour that their label repeats."""
    lines: list[tuple[Line, str | None]] = [(chart.forecast, palette.accent)]
    if chart.plan is not None and plan_spot(chart, _SPAN) is None:
        lines.append((chart.plan, None))
    if chart.with_plan is not None:
        lines.append((chart.with_plan, palette.good))
    return lines


def _target_words(chart: BandTrend, target: Target) -> tuple[str, str]:
    return short_name(target.name), f"{money.short(target.amount, chart.currency)} {chart.periods.labels[target.due]}"


def _actual_label(chart: BandTrend, palette: Palette, plot: Plot) -> str:
    spot, last = actual_spot(chart, _SPAN), chart.last_actual
    amount = None if last is None else chart.actual.values[last]
    if spot is None or last is None or amount is None:
        return ""
    words = (short_name(chart.actual.name), money.short(amount, chart.currency))
    runs = end_runs(chart.actual, words, None, palette)
    return _inner_label(spot, (last, amount), runs, " ".join(words), chart, plot)


def _inner_label(spot: Spot, end: tuple[int, Decimal], runs: str, words: str, chart: BandTrend, plot: Plot) -> str:
    """A label moved from the middle over or under its point to its spot."""
    index, amount = end
    if spot.level:
        return text_label(index, runs, "r", (0.004, 0.0))
    half = text_width(words, bold=True) * FONT_SIZE / 2 / plot.box.width
    away = (spot.index - index) * plot.inner.width / max(len(chart.periods) - 1, 1)
    up = (spot.height - chart.scale.fraction(amount)) * plot.inner.height
    lift = (_LIFT if spot.above else -_LIFT) / plot.box.height
    side = -half if spot.ends_there else half
    return text_label(index, runs, "t" if spot.above else "b", (away + side, -up - lift))


def _range_words(chart: BandTrend, index: int) -> tuple[str, str] | None:
    """Name and ends of the range; None where they are unknown."""
    low, high = chart.band.low[index], chart.band.high[index]
    if low is None or high is None:
        return None
    ends = f"{money.short(low, chart.currency)} to {money.short(high, chart.currency)}"
    return short_name(chart.band.name), f" {ends}"


def _label_room(chart: BandTrend, box: Box) -> float:
    """Points that the labels at the right need: on one line each, or, in a narrow box, on two."""
    widths = _label_widths(chart)
    pairs = (max(pair) if _is_stacked(chart, box) else sum(pair) for pair in widths)
    return max(pairs) * FONT_SIZE + 12


def _is_stacked(chart: BandTrend, box: Box) -> bool:
    """Whether amounts stand under their names since beside them they would take too much of the box."""
    return max(sum(pair) for pair in _label_widths(chart)) * FONT_SIZE > box.width * _LABEL_SHARE


def _label_widths(chart: BandTrend) -> list[tuple[float, float]]:
    """The widths of name and amount of each label at the right, in ems."""
    ends = [end_words(line, chart.periods, chart.currency) for line, _ in _ending(chart, PRINT)]
    ends += [] if chart.target is None else [_target_words(chart, chart.target)]
    widths = [(text_width(MARK + name, bold=True), text_width(f" {amount}")) for name, amount in ends]
    words = _range_words(chart, known(chart.forecast.values)[-1][0])
    return [*widths, (text_width(MARK + words[0]), text_width(words[1]))] if words else widths
