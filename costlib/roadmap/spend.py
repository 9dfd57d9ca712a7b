"""The spend a plan acts on: paths of it per segment and month, actuals before it, and which segments a scope holds.

Conventions: a segment is a dictionary of column and value (``{"x_Team": "Fraud"}``), in the order of the first axis; a
value may be None. Spend is ``[segment, month, path]`` in the plan's currency, month 0 the plan's first. A scope lists
values by column: a segment is in it where it carries one of the values in every column named; an empty scope holds all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.periods import Grain, add_months, months_between, period_start
from costlib.roadmap.plan_errors import NoActuals, NoBaseline, PlanError
from costlib.roadmap.plan_model import Plan, Target

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Segment = Mapping[str, str | None]


@dataclass(frozen=True)
class Baseline:
    """Spend without the plan: one path of every segment for each path of the simulation."""

    segments: Sequence[Segment]
    paths: Floats

    def __post_init__(self) -> None:
        if self.paths.ndim != 3 or len(self.segments) != self.paths.shape[0] or 0 in self.paths.shape[1:]:
            raise PlanError(
                f"the forecast has the shape {self.paths.shape} for {len(self.segments)} segments",
                expected="[segment, month, path], one row a segment",
                fix="Hand in the paths in that order.",
            )


@dataclass(frozen=True)
class Actuals:
    """Booked spend of closed months, ``[segment, month]``; month 0 is ``start``."""

    segments: Sequence[Segment]
    start: date
    spend: Floats


@dataclass(frozen=True)
class Before:
    """What lies before a plan's first month, all segments together: booked months, then paths of those still open.

    ``booked`` is ``[month]``, ``ahead`` ``[month, path]``; the months end where the plan begins.
    """

    booked: Floats
    ahead: Floats


def baseline_of(plan: Plan, forecast: Baseline | None = None) -> Baseline:
    """The plan's own given spend, which does not vary, else the forecast; raises NoBaseline without either."""
    if plan.baseline is not None:
        segments = [one.segment for one in plan.baseline]
        monthly = np.array([one.monthly for one in plan.baseline], dtype=float).reshape(len(segments), plan.plan.months)
        return Baseline(segments, np.broadcast_to(monthly[:, :, None], (*monthly.shape, plan.plan.paths)))
    if forecast is None:
        raise NoBaseline(
            f"nothing says what would be spent without the plan {plan.plan.name}",
            expected="a baseline list in the plan file, or a store with a forecast",
            fix="Add baseline: to the plan file, or load bills first.",
        )
    if forecast.paths.shape[1] != plan.plan.months:
        raise PlanError(
            f"the forecast has {forecast.paths.shape[1]} months and the plan {plan.plan.months}",
            expected="as many as the plan has",
            fix="Forecast from the plan's first month to its last.",
        )
    return forecast


def in_scope(scope: Mapping[str, Sequence[str]], segments: Sequence[Segment]) -> Bools:
    """Which segments the scope holds, one flag a segment.

    >>> in_scope({"x_Team": ["Ads"]}, [{"x_Team": "Ads"}, {"x_Team": None}, {}]).tolist()
    [True, False, False]
    """
    held = [all(segment.get(column) in values for column, values in scope.items()) for segment in segments]
    return np.array(held, dtype=bool)


def target_reference(plan: Plan, target: Target, baseline: Baseline, actuals: Actuals | None) -> float:
    """The monthly spend that the target is measured against, one number for all paths.

    The value frozen in the plan where it holds one; else, by ``reference``, the mean baseline of scope and month, or
    the mean month of the last closed fiscal quarter before the plan. Raises NoActuals where that is unknown.
    """
    if target.reference_value is not None:
        return target.reference_value
    if target.reference == "baseline":
        month = plan.month_index(target.by)
        return float(baseline.paths[in_scope(target.scope, baseline.segments), month].mean(axis=1).sum())
    if actuals is None:
        raise NoActuals(
            "The target is measured against the last closed quarter, whose actual spend is unknown",
            expected="actual spend of the three months of the quarter before the plan",
            fix="Load the bills of that quarter, or set target.reference: baseline.",
        )
    return _last_quarter(plan, target, actuals)


def _last_quarter(plan: Plan, target: Target, actuals: Actuals) -> float:
    """Mean month of the last fiscal quarter that is over when the plan starts and lies wholly in the actuals."""
    fiscal_start = plan.plan.fiscal_year_start
    known_until = add_months(actuals.start, actuals.spend.shape[1])
    end = period_start(min(plan.plan.start, known_until), Grain.QUARTER, fiscal_start)
    first = add_months(end, -3)
    if first < actuals.start:
        raise NoActuals(
            f"the actual spend begins in {actuals.start:%Y-%m}, after the quarter from {first:%Y-%m}",
            expected="all three months of the last closed quarter",
            fix="Load the earlier bills, or set target.reference: baseline.",
        )
    at = months_between(actuals.start, first)
    scope = in_scope(target.scope, actuals.segments)
    return float(actuals.spend[scope, at : at + 3].sum() / 3)
