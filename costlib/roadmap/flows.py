"""The money of one initiative other than its saving: one-off and running cost, benefit, added spend, quality.

Conventions: one mean amount a month over the paths; costs and added spend are positive, benefit is positive, quality is
signed (a loss is negative). One-off cost falls in the month of the start, running cost and added spend run from there
to a roll-back, all three whether or not the initiative succeeds.
Choices that the method leaves open: a benefit and a quality effect come with success only, ramp (the benefit on its own
ramp, the effect with the saving) and end with a roll-back; the benefit's start is put off as far as the initiative's
is; a quality effect is worth effect x value per point a month, a point being one unit of the metric as the plan writes
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import Draws
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.timing import NEVER, Timing, months_from, strength

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """Mean money a month, by kind; ``cost`` is what savings are held against, ``other`` comes on top for NPV."""

    one_off: Floats
    running: Floats
    added_spend: Floats
    benefit: Floats
    quality: Floats

    @property
    def cost(self) -> Floats:
        """One-off and running cost less what quality is worth: gross less this is net."""
        return self.one_off + self.running - self.quality

    @property
    def other(self) -> Floats:
        """Benefit less added spend: part of NPV, never of a saving."""
        return self.benefit - self.added_spend

    @property
    def outlay(self) -> Floats:
        """Money that is paid out."""
        return self.one_off + self.running + self.added_spend


def flows(plan: Plan, initiative: Initiative, timing: Timing, draws: Draws, weights: Floats | None = None) -> Flows:
    """Mean money of an initiative a month over its paths, equally likely or with the given weights."""
    months = plan.plan.months
    share = 1.0 / len(timing.begin) if weights is None else weights / weights.sum()
    begun = months_from(timing.begin, months, weights)
    in_force = begun - months_from(np.maximum(timing.off, timing.begin), months, weights)
    weight = np.broadcast_to(share, len(timing.begin)) * draws.success
    benefit = quality = np.zeros(months)
    if initiative.benefit.high or initiative.benefit.low:
        benefit = _benefit_strength(plan, initiative, timing) @ (weight * draws.benefit)
    if initiative.quality_effect:
        worth = initiative.quality_effect.likely * initiative.quality_effect.value_per_point
        quality = strength(timing, initiative.ramp_months, months) @ weight * worth
    return Flows(
        one_off=np.diff(begun, prepend=0.0) * initiative.one_off_cost,
        running=in_force * initiative.running_cost,
        added_spend=in_force * initiative.added_spend,
        benefit=benefit,
        quality=quality,
    )


def path_value(plan: Plan, initiative: Initiative, timing: Timing, draws: Draws, discount: Floats) -> Floats:
    """Discounted money of an initiative other than its saving, one amount a path; its mean is that of ``flows``."""
    months = len(discount)
    at_start = np.append(discount, 0.0)
    until = np.append(0.0, np.cumsum(discount))
    begin = np.minimum(timing.begin, months)
    running = until[np.minimum(np.maximum(timing.off, timing.begin), months)] - until[begin]
    value = -initiative.one_off_cost * at_start[begin]
    value -= (initiative.running_cost + initiative.added_spend) * running
    if initiative.benefit.high or initiative.benefit.low:
        value += (discount @ _benefit_strength(plan, initiative, timing)) * draws.success * draws.benefit
    if initiative.quality_effect:
        worth = initiative.quality_effect.likely * initiative.quality_effect.value_per_point
        value += (discount @ strength(timing, initiative.ramp_months, months)) * draws.success * worth
    return value


def cash_months(plan: Plan, initiative: Initiative) -> Floats:
    """1 in the months in which what is saved is cash, 0 in those in which it is freed capacity."""
    first: int = 0
    if initiative.releases and initiative.releases.month is not None:
        month = initiative.releases.month
        first = NEVER if month == "never" else plan.month_index(month)
    return (np.arange(plan.plan.months) >= first).astype(float)


def _benefit_strength(plan: Plan, initiative: Initiative, timing: Timing) -> Floats:
    start = initiative.benefit.start
    offset = 0 if start is None else plan.month_index(start) - plan.start_of(initiative)
    return strength(timing, initiative.benefit.ramp_months, plan.plan.months, offset)
