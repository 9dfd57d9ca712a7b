"""The first month from which a plan's spend stays on its target, and the choice of highest NPV that gets there.

Conventions: a month is on target where the *expected* spend in the target's scope is at most what the target leaves.
Against the last closed quarter that is the same money in every month. Against the month without the plan it is so much
less than each month would cost without it (a frozen reference moves as that spend does), so that spend which grows or
shrinks by itself brings the target no nearer. A target is met *from* a month on where every month from it to the
target's own is on target: who is there early and falls back before the month that counts has not met it. Of the months
after the target's own, each counts by itself. What can be met from a month on can be met from any later one up to the
target's own, so the search goes backwards from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.expected import Aim
from costlib.roadmap.explain import Measure
from costlib.roadmap.limits import Limits
from costlib.roadmap.plan_model import Plan, Target
from costlib.roadmap.search import Problem, Score
from costlib.roadmap.solve import best, by_turns
from costlib.roadmap.spend import Baseline, in_scope

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CLOSE = 1e-9


class Soonest(NamedTuple):
    """The best choice for the first month on target: what proposes steps from it, how it is ranked, what it is worth.

    ``month`` is counted from the plan's first (0), None where no month of the plan can be brought on target.
    """

    starts: Ints
    problems: tuple[Problem, ...]
    score: Score
    measure: Measure
    month: int | None


def allowed_spend(plan: Plan, target: Target, reference: float, baseline: Baseline) -> Floats:
    """Money a month that the target leaves in its scope, one amount for each month of the plan.

    ``reference`` is the target's own; in the target's month the amount is (1 - reduction) x reference, whatever the
    target is measured against.
    """
    course = np.ones(plan.plan.months)
    if target.reference == "baseline":
        spend = baseline.paths[in_scope(target.scope, baseline.segments)].mean(axis=2).sum(axis=0)
        own = spend[plan.month_index(target.by)]
        course = spend / own if own > 0 else course
    found: Floats = (1 - target.reduction) * reference * course
    return found


def soonest(problem: Problem, limits: Limits, allowed: Floats, by: int, known: Sequence[Ints] = ()) -> Soonest:
    """The first month from which the ``allowed`` spend can be kept, at the highest NPV found; ``known`` as in ``best``.

    Where no month's can, the choice that comes nearest in the target's own month ``by``.
    """
    course = _Course.of(problem, limits, allowed, by)
    month, starts = course.first(known)
    if month is None:
        monthly = problem.aimed(problem.expectation.month_aim(by))
        return Soonest(best(monthly, limits, known=known), (monthly, problem), monthly.value, monthly.value, None)
    while True:
        found = course.richest(month, starts)
        sooner = course.met_from(found.starts, month)
        if sooner == month:
            return found
        month, starts = sooner, found.starts


@dataclass(frozen=True)
class _Course:
    """What has to be saved in each month for its spend to be on target, and whether any choice could."""

    problem: Problem
    limits: Limits
    needed: Floats
    reachable: Floats
    by: int

    @classmethod
    def of(cls, problem: Problem, limits: Limits, allowed: Floats, by: int) -> _Course:
        expectation = problem.expectation
        base = expectation.base[expectation.groups.in_target]
        needed = base.sum(axis=0) - allowed - _CLOSE * np.maximum(1.0, np.abs(allowed))
        strongest = problem.saved.max(axis=1, initial=0.0)
        acting = expectation.groups.acting[expectation.groups.in_target]
        left = np.exp(acting @ np.log1p(-np.minimum(strongest, 1 - 1e-12)))
        return cls(problem, limits, needed, (base * (1 - left)).sum(axis=0), by)

    def first(self, known: Sequence[Ints]) -> tuple[int | None, Ints]:
        """The first month from which the target can be met, with a choice that does; None where there is none."""
        found: tuple[int | None, Ints] = None, np.zeros(0, dtype=np.int64)
        month, begun = self.by, list(known)
        while month >= 0 and (starts := self._reaching(month, begun)) is not None:
            found = self.met_from(starts, month), starts
            month, begun = self.met_from(starts, month) - 1, [starts, *known]
        if found[0] is not None:
            return found
        later = ((late, self._reaching(late, known)) for late in range(self.by + 1, len(self.needed)))
        return next(((late, starts) for late, starts in later if starts is not None), found)

    def richest(self, month: int, known: Ints) -> Soonest:
        """The highest NPV found that meets the target from the month on; ``known`` does."""

        def measure(starts: Ints) -> float | None:
            return self.problem.value(starts) if self._missing(starts, month) == 0 else None

        def score(starts: Ints) -> float:
            npv = measure(starts)
            return lowest - self._missing(starts, month) if npv is None else npv

        # Below every NPV lies what all initiatives cost at their dearest; of two that miss, the nearer one scores more.
        lowest = -float(self.problem.aim.saving.sum() + np.abs(self.problem.money).max(axis=1, initial=0.0).sum())
        both = (self.problem.aimed(self._aim(month)), self.problem)
        begun = [known, best(self.problem, self.limits, score, [known])]
        return Soonest(by_turns(both, self.limits, begun, score), both, score, measure, month)

    def met_from(self, starts: Ints, month: int) -> int:
        """The first month from which a choice that meets the target from ``month`` on does so."""
        on_target = self._saved(starts) >= self.needed
        while 0 < month <= self.by and on_target[month - 1]:
            month -= 1
        return month

    def _reaching(self, month: int, known: Sequence[Ints]) -> Ints | None:
        """A choice that meets the target from the month on, if one is found."""
        span = self._span(month)
        if (self.reachable[span] < self.needed[span]).any():
            return None
        monthly = self.problem.aimed(self.problem.expectation.month_aim(month))
        starts = best(monthly, self.limits, known=known)
        if (self._saved(starts) < self.needed)[month]:
            return None
        if self._missing(starts, month) > 0:
            whole = self.problem.aimed(self._aim(month))
            starts = best(whole, self.limits, lambda tried: -self._missing(tried, month), [starts, *known])
        return starts if self._missing(starts, month) == 0 else None

    def _span(self, month: int) -> slice:
        return slice(month, max(month, self.by) + 1)

    def _saved(self, starts: Ints) -> Floats:
        """Expected saving in the target's scope, by month."""
        expectation = self.problem.expectation
        saved = expectation.base * expectation.saved(starts)
        found: Floats = saved[expectation.groups.in_target].sum(axis=0)
        return found

    def _missing(self, starts: Ints, month: int) -> float:
        """Money by which the months from this one to the target's own are short of the target, added up."""
        span = self._span(month)
        return float(np.maximum(self.needed - self._saved(starts), 0.0)[span].sum())

    def _aim(self, month: int) -> Aim:
        """Savings in the months from this one to the target's own, each beside what has to be saved in it."""
        expectation, span = self.problem.expectation, self._span(month)
        aim = Aim(np.zeros_like(expectation.base), np.zeros(len(self.needed)))
        weight = np.where(self.needed > 0, 1 / np.where(self.needed > 0, self.needed, 1.0), 0.0)
        held = expectation.groups.in_target
        aim.saving[held, span] = expectation.base[held, span] * weight[span]
        return aim
