"""Which input moves the plan most: expected NPV with one input at a time at its low and at its high.

Conventions: one row an input, the widest swing first; ``low`` and ``high`` are expected NPV of the whole plan with that
input at its low and its high end, all else as planned. Ends: saving, delay and benefit at their own low and high;
success certain to fail and certain to come; one-off and running cost 20 % down and up (a stated spread: the plan file
gives no range for them); the spend without the plan 10 % down and up. What is certain is left out. Where the plan was
simulated as well, all figures of it are moved by what the simulation's mean is off the expected one, so that a reader
meets one net present value only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from costlib.roadmap.expected import Aim, Expectation
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.spend import Baseline, baseline_of

COST_SPREAD, SPEND_SPREAD = 0.20, 0.10
SPEND = "spend without the plan"


@dataclass(frozen=True)
class Swing:
    """NPV at the two ends of one input; ``initiative`` is None for an input of the whole plan."""

    initiative: str | None
    input: str
    low: float
    planned: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the two ends."""
        return abs(self.high - self.low)


def tornado(plan: Plan, forecast: Baseline | None = None, simulated: float | None = None) -> list[Swing]:
    """Every uncertain input of the plan with the NPV at its ends, the widest first.

    ``simulated`` is the NPV of the plan as it was simulated: swings start from it.
    """
    expectation = Expectation.of(plan, baseline_of(plan, forecast))
    starts = [plan.start_of(one) for one in expectation.initiatives]
    aim = expectation.npv_aim()
    planned = expectation.value(starts, aim)
    rows = []
    for one in plan.initiatives:
        for name, low, high in _ends(one):
            ends = [expectation.changed(one.model_copy(update=change)).value(starts, aim) for change in (low, high)]
            rows.append(Swing(one.id, name, ends[0], planned, ends[1]))
    spend = [expectation.value(starts, Aim(aim.saving * (1 + by), aim.money)) for by in (-SPEND_SPREAD, SPEND_SPREAD)]
    rows.append(Swing(None, SPEND, spend[0], planned, spend[1]))
    off = 0.0 if simulated is None else simulated - planned
    moved = [Swing(row.initiative, row.input, row.low + off, row.planned + off, row.high + off) for row in rows]
    return sorted((row for row in moved if row.width > 0), key=lambda row: -row.width)


def _ends(one: Initiative) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, change to the low end and change to the high end of every input that is not certain."""
    for name in ("saving", "delay_months", "benefit"):
        estimate: Estimate = getattr(one, name)
        if not estimate.certain:
            yield name, {name: _at(estimate, estimate.low)}, {name: _at(estimate, estimate.high)}
    if one.probability < 1:
        yield "probability", {"probability": 0.0}, {"probability": 1.0}
    for name in ("one_off_cost", "running_cost"):
        amount = getattr(one, name)
        if amount:
            yield name, {name: amount * (1 - COST_SPREAD)}, {name: amount * (1 + COST_SPREAD)}


def _at(estimate: Estimate, value: float) -> Estimate:
    return estimate.model_copy(update={"low": value, "likely": value, "high": value})
