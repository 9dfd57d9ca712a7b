"""Which initiatives to do and when: for the highest NPV, the earliest month on target, or the likeliest target.

Conventions: start months are free from an initiative's ``earliest_start`` (else the plan's first month) to the plan's
last; the ``start`` of the file is the plan as it stands, not a limit. Within the limits of ``limits``. Money is the
expected NPV of ``expected``; "earliest" is the first month whose *expected* spend in the target's scope meets the
target, then the highest NPV that keeps it; "probability" is judged by simulation among candidates, with NPV to decide
between equals. Where initiatives depend on each other, proposals rest on an approximation and are valued exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.chance import Chance
from costlib.roadmap.cuts import LARGE
from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.explain import Binding, Choice, Measure, Omission, binding, choices, omissions
from costlib.roadmap.limits import Limits
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_model import Goal, Plan, Target
from costlib.roadmap.search import ROUNDS, Problem, Score
from costlib.roadmap.solve import best, by_turns
from costlib.roadmap.spend import Actuals, Baseline, baseline_of, target_reference

Ints = NDArray[np.int64]

_CLOSE = 1e-9
#: Weight of NPV, as a share of all discounted spend, between choices that meet the target equally often.
_TIE = 1e-4
#: Rounds of the search in a large plan where each choice has to be simulated.
_FEW = 3


@dataclass(frozen=True)
class Optimum:
    """The plan to follow, what it achieves, what holds it back, and why each initiative is in or out.

    ``objective`` is expected NPV, a probability, or the month as 2026-05 (None where no month meets the target).
    """

    goal: Goal
    plan: Plan
    objective: float | str | None
    npv: float
    chosen: list[Choice]
    omitted: list[Omission]
    binding: list[Binding]


@dataclass(frozen=True)
class _Task:
    """The best choice so far, what proposes steps from it, how choices are ranked, what they achieve.

    ``month`` is the one in which the target is met, where that is the goal.
    """

    start: Ints
    problems: tuple[Problem, ...]
    score: Score
    measure: Measure
    month: str | None = None


def optimise(
    plan: Plan, forecast: Baseline | None = None, actuals: Actuals | None = None, goal: Goal | None = None
) -> Optimum:
    """The best choice found for the goal (default: the plan's); raises PlanError, NoBaseline or NoActuals."""
    goal = goal or plan.plan.goal
    baseline = baseline_of(plan, forecast)
    expectation = Expectation.of(plan, baseline)
    limits = Limits.of(plan, expectation.initiatives)
    problem = Problem.of(expectation, expectation.npv_aim())
    if goal == "npv":
        task = _Task(best(problem, limits), (problem,), problem.value, problem.value)
    else:
        target = _target(plan, goal)
        limit = (1 - target.reduction) * target_reference(plan, target, baseline, actuals)
        if goal == "earliest":
            task = _earliest(problem, limits, limit, plan.month_index(target.by))
        else:
            few, every = (Chance.of(plan, target, limit, baseline, expectation, every=whole) for whole in (False, True))
            task = replace(_likeliest(problem, limits, few, target), measure=every)
    return _explained(goal, plan, problem, limits, task)


def _target(plan: Plan, goal: Goal) -> Target:
    if plan.plan.target is None:
        raise PlanError(
            f"the goal {goal} needs a target, and the plan has none",
            expected="target: with reduction and by",
            fix="Add a target to the plan, or optimise for npv.",
        )
    return plan.plan.target


def _earliest(problem: Problem, limits: Limits, limit: float, by: int) -> _Task:
    """The first month whose expected spend can be brought down to ``limit``, at the highest NPV.

    Where no month's can, the choice that comes nearest in the target's own month.
    """
    expectation = problem.expectation
    for month in range(expectation.plan.plan.months):
        aim = expectation.month_aim(month)
        needed = float(aim.saving.sum()) - limit - _CLOSE * max(1.0, abs(limit))
        monthly = problem.aimed(aim)
        if _most_saved(monthly) < needed:
            continue
        starts = best(monthly, limits)
        if monthly.value(starts) >= needed:
            score, measure = _within(problem, monthly, needed)
            both = (monthly, problem)
            starts = by_turns(both, limits, [starts, best(problem, limits, score, [starts])], score)
            return _Task(starts, both, score, measure, expectation.plan.months[month])
    monthly = problem.aimed(expectation.month_aim(by))
    return _Task(best(monthly, limits), (monthly, problem), monthly.value, monthly.value)


def _within(problem: Problem, monthly: Problem, needed: float) -> tuple[Score, Measure]:
    """NPV where the month's saving reaches what is needed; else None, and a score below that of any choice that does.

    Below every NPV lies what all initiatives cost at their dearest; of two that miss, the nearer one scores more.
    """
    lowest = -float(problem.aim.saving.sum() + np.abs(problem.money).max(axis=1, initial=0.0).sum())

    def measure(starts: Ints) -> float | None:
        return problem.value(starts) if monthly.value(starts) >= needed else None

    def score(starts: Ints) -> float:
        npv = measure(starts)
        return lowest + monthly.value(starts) - needed if npv is None else npv

    return score, measure


def _most_saved(monthly: Problem) -> float:
    """More than any choice can save in the aim's month: every initiative at its best start, limits left aside."""
    strongest = monthly.saved.max(axis=1, initial=0.0)
    left = np.exp(monthly.expectation.groups.acting @ np.log1p(-np.minimum(strongest, 1 - 1e-12)))
    return float((monthly.aim.saving * (1 - left)).sum())


def _likeliest(problem: Problem, limits: Limits, chance: Chance, target: Target) -> _Task:
    """The highest probability of the target, NPV to decide between equals."""
    monthly = problem.aimed(problem.expectation.month_aim(problem.expectation.plan.month_index(target.by)))
    both = (monthly, problem)
    scale = max(1.0, float(problem.aim.saving.sum()))

    def score(starts: Ints) -> float:
        return chance(starts) + _TIE * problem.value(starts) / scale

    richest = best(problem, limits)
    if chance(richest) == 1.0:
        return _Task(richest, both, score, chance)
    rounds = _FEW if problem.money.size > LARGE else ROUNDS
    starts = by_turns(both, limits, [best(monthly, limits), richest], score, rounds)
    return _Task(starts, both, score, chance)


def _explained(goal: Goal, plan: Plan, problem: Problem, limits: Limits, task: _Task) -> Optimum:
    """The optimum with its reasons; a better choice that turns up on the way takes its place."""
    rounds = 0 if goal == "probability" and problem.money.size > LARGE else ROUNDS
    starts, reasons = choices(task.problems, limits, task.start, task.score, task.measure, rounds)
    names = [one.id for one in problem.expectation.initiatives]
    chosen = {names[at]: int(starts[at]) for at in np.flatnonzero(starts != OUT)}
    position = {one.id: at for at, one in enumerate(plan.initiatives)}
    return Optimum(
        goal=goal,
        plan=plan.restarted(chosen),
        objective=task.month if goal == "earliest" else task.measure(starts),
        npv=problem.value(starts),
        chosen=sorted(reasons, key=lambda one: position[one.id]),
        omitted=sorted(omissions(problem, limits, starts), key=lambda one: position[one.id]),
        binding=binding(task.problems, limits, starts, task.score, task.measure, rounds),
    )
