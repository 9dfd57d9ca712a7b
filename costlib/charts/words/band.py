"""A trend with an outlook in words: where the actual line ends, where forecast and range end, and the plan."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.charts.spec.band import BandTrend
from costlib.charts.spec.parts import Line, holes, known
from costlib.charts.words.parts import Words, closed, open_note, span, timed_table, unknown_note, when


def words(chart: BandTrend) -> Words:
    """The outlook as text; no amount is unknown merely because its time has not come or the plan ends."""
    return Words(timed_table(chart.periods, chart.currency, chart.series), _notes(chart), _said(chart))


def _notes(chart: BandTrend) -> tuple[str, ...]:
    open_index = chart.periods.open_index
    begun = open_index is not None and chart.actual.values[open_index] is not None
    places = [(chart.actual, index) for index in _missing(chart)]
    places += [(line, index) for line in chart.lines[1:] for index in holes(line.values)]
    unknown = [f"{line.name} {when(chart.periods, index)}" for line, index in places]
    return (*(open_note(chart.periods) if begun else ()), *unknown_note(unknown), *filter(None, [chart.note]))


def _missing(chart: BandTrend) -> list[int]:
    """Periods before the last actual amount that have none; after it the forecast stands in its place."""
    return [index for index in range(chart.last_actual or 0) if chart.actual.values[index] is None]


def _said(chart: BandTrend) -> str:
    figures = closed(chart.periods, known(chart.actual.values))
    actual = f"{chart.actual.name} unknown"
    if figures:
        first, last = figures[0], figures[-1]
        lead = f"from {_at(chart, *first)} to " if first != last else ""
        actual = f"{chart.actual.name} {lead}{_at(chart, *last)}"
    others = [_plan(chart, line) for line in (chart.plan, chart.with_plan) if line is not None]
    told = "; ".join([actual, _forecast(chart), *others, *_target(chart)])
    return f"Actual and forecast by {chart.periods.grain}, {span(chart.periods)}. {told}."


def _forecast(chart: BandTrend) -> str:
    index, likely = known(chart.forecast.values)[-1]
    low, high = chart.band.low[index], chart.band.high[index]
    text = f"{chart.forecast.name} {_at(chart, index, likely)}"
    if low is None or high is None:
        return text
    return f"{text}, {chart.band.name} {money.short(low, chart.currency)} to {money.short(high, chart.currency)}"


def _plan(chart: BandTrend, plan: Line) -> str:
    figures = known(plan.values)
    return f"{plan.name} {_at(chart, *figures[-1])}" if figures else f"{plan.name} unknown"


def _target(chart: BandTrend) -> list[str]:
    target = chart.target
    return [] if target is None else [f"{target.name} {_at(chart, target.due, target.amount)}"]


def _at(chart: BandTrend, index: int, amount: Decimal) -> str:
    return f"{money.short(amount, chart.currency)} {when(chart.periods, index)}"
