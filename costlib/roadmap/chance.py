"""The probability that a choice meets the plan's target, by simulation of the target's month alone.

Conventions: the draws are the plan's own, so that on all paths the figure is that of ``simulate``; candidates are
compared on the first of them, the fewer the larger the plan (at least ``FEWEST_PATHS``). One amount a path, in the
target's scope and month. What an initiative does from a start is kept, unless it waits for another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import Draws, draw
from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.plan_model import Plan, Target
from costlib.roadmap.products import product
from costlib.roadmap.spend import Baseline, in_scope
from costlib.roadmap.timing import timings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_PATHS = 500
_WORK = 5_000_000
_CLOSE = 1e-9


@dataclass(frozen=True)
class Chance:
    """Draws and baseline of the target's month, ready for any choice of starts."""

    expectation: Expectation
    limit: float
    month: int
    base: Floats
    total: Floats
    draws: dict[str, Draws]
    logs: dict[tuple[int, int], Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, plan: Plan, target: Target, limit: float, baseline: Baseline, expectation: Expectation, *, every: bool
    ) -> Chance:
        """Prepare for a target whose spend may reach ``limit`` at most, on every path or on as many as it takes."""
        month, paths = plan.month_index(target.by), baseline.paths.shape[2]
        if not every:
            paths = min(paths, max(FEWEST_PATHS, _WORK // max(1, expectation.groups.acting.size)))
        spend = np.ascontiguousarray(baseline.paths[:, month, :paths])
        whole = draw_all(expectation, plan, baseline.paths.shape[2], paths)
        scope = in_scope(target.scope, baseline.segments)
        grouped = expectation.groups.summed(spend)[expectation.groups.in_target]
        return cls(expectation, limit, month, grouped, spend[scope].sum(axis=0), whole)

    def __call__(self, starts: Ints) -> float:
        """Share of the paths on which the choice meets the target."""
        return float(np.mean(self.spend(starts) <= self.limit + _CLOSE * max(1.0, abs(self.limit))))

    def spend(self, starts: Ints) -> Floats:
        """Spend in the target's scope and month, one amount a path."""
        expectation = self.expectation
        chosen = [int(at) for at in np.flatnonzero(starts != OUT)]
        if not chosen:
            return self.total
        logs = self._logarithms(starts, chosen)
        acting = expectation.groups.acting[expectation.groups.in_target][:, chosen]
        joint = np.minimum(product(acting, logs), -1e-300)
        cash = expectation.cash[chosen, self.month]
        saved = self.base * (1 - np.exp(joint)) / joint * product(acting * cash, logs)
        left: Floats = self.total - saved.sum(axis=0)
        return left

    def _logarithms(self, starts: Ints, chosen: list[int]) -> Floats:
        """ln(1 - k) of the chosen in the target's month, ``[initiative, path]``."""
        families = self.expectation.families
        rows = []
        for at in chosen:
            key = at, int(starts[at])
            if len(families[self.expectation.family_of[at]].members) > 1:
                rows.append(self._linked(starts, at))
            else:
                if key not in self.logs:
                    self.logs[key] = self._linked(starts, at)
                rows.append(self.logs[key])
        return np.stack(rows)

    def _linked(self, starts: Ints, at: int) -> Floats:
        """ln(1 - k) of one initiative, with what it waits for."""
        needed = sorted(self.expectation.ancestors(at) | {at})
        done = [self.expectation.initiatives[other] for other in needed]
        timed = timings(done, {one.id: int(starts[n]) for n, one in zip(needed, done, strict=True)}, self.draws)
        one = self.expectation.initiatives[at]
        own, timing = self.draws[one.id], timed[one.id]
        ramped = np.clip((self.month - timing.begin + 1) / (one.ramp_months + 1), 0.0, 1.0)
        logs: Floats = np.log1p(-np.where(self.month < timing.off, ramped, 0.0) * own.success * own.saving)
        return logs


def draw_all(expectation: Expectation, plan: Plan, paths: int, kept: int) -> dict[str, Draws]:
    """The simulation's own draws of every initiative, the first ``kept`` paths of them."""
    found = {}
    for one in expectation.initiatives:
        own = draw(one, plan.plan.seed, paths)
        found[one.id] = Draws(
            own.success[:kept], own.saving[:kept], own.delay[:kept], own.guardrail_fails[:kept], own.benefit[:kept]
        )
    return found
