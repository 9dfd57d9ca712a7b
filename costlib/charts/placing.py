"""Where the names of lines stand that end inside a plot, for every renderer alike.

Conventions: heights are fractions of the plot, 0 at the bottom; positions are those of the periods. A name lies
over none of the lines: on the outer side of all that it passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from costlib.charts.spec.band import BandTrend
from costlib.charts.spec.parts import Amount, known

_CROWDED = 0.84


@dataclass(frozen=True)
class Spot:
    """The period a name begins or ends at, its height, whether it stands above that, or level with it."""

    index: int
    height: float
    above: bool
    ends_there: bool
    level: bool = False


def actual_spot(chart: BandTrend, share: float) -> Spot | None:
    """Where the actual line is named: before its end, above all lines unless the plan or the upper edge is there.

    ``share`` of the periods is what the name may cover.
    """
    last = chart.last_actual
    if last is None:
        return None
    span = ceil(share * len(chart.periods))
    ends_there = last >= span
    passed = range(last - span, last + 1) if ends_there else range(min(span + 1, len(chart.periods)))
    drawn = [chart.actual.values, () if chart.plan is None else chart.plan.values]
    drawn += [] if ends_there else [chart.low, chart.high]
    over, under = _ends(chart, drawn, passed)
    plan = None if chart.plan is None else chart.plan.values[last]
    amount = chart.actual.values[last]
    plan_is_above = plan is not None and amount is not None and plan > amount
    above = under < 1 - _CROWDED or not (over > _CROWDED or plan_is_above)
    return Spot(last if ends_there else 0, over if above else under, above, ends_there)


def plan_spot(chart: BandTrend, share: float) -> Spot | None:
    """Where a plan is named that ends before the forecast: level with its end, else on the side away from it."""
    figures = [] if chart.plan is None else known(chart.plan.values)
    if not figures or figures[-1][0] >= known(chart.forecast.values)[-1][0]:
        return None
    end, amount = figures[-1]
    nearest = chart.path[end] if chart.path[end] is not None else chart.actual.values[end]
    above = nearest is not None and amount > nearest
    span, own = ceil(share * len(chart.periods)), chart.scale.fraction(amount)
    drawn = [chart.low, chart.high, chart.path, chart.actual.values]
    plan = () if chart.plan is None else chart.plan.values
    before = _side(_ends(chart, [*drawn, plan], range(max(0, end - span), end + 1)), above)
    spot = Spot(end, before, above, ends_there=True)
    if end + span < len(chart.periods):
        after = _side(_ends(chart, drawn, range(end + 1, end + span + 1)), above)
        if after <= own if above else own <= after:
            return Spot(end, own, above, ends_there=False, level=True)
        if abs(after - own) <= abs(before - own):
            return Spot(end, after, above, ends_there=False)
    return spot


def _side(ends: tuple[float, float], above: bool) -> float:
    return ends[0] if above else ends[1]


def _ends(chart: BandTrend, drawn: list[tuple[Amount, ...]], passed: range) -> tuple[float, float]:
    """Heights of the highest and the lowest amount among the periods passed."""
    there = [values[index] for values in drawn for index in passed if 0 <= index < len(values)]
    heights = [chart.scale.fraction(amount) for amount in there if amount is not None]
    return max(heights, default=0.5), min(heights, default=0.5)
