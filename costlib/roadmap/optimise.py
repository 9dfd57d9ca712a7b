"""Which initiatives to do and when: for the highest NPV, the earliest month on target, or the likeliest target.

Conventions: start months are free from an initiative's ``earliest_start`` (else the plan's first month) to the plan's
last; the ``start`` of the file is the plan as it stands, not a limit. Within the limits of ``limits``. Money is the
expected NPV of ``expected``; "earliest" is the first month from which expected spend stays on target (``earliest``),
then the highest NPV that keeps it; "probability" is judged by simulation among candidates, with NPV to decide between
equals. Where initiatives depend on each other, proposals rest on an approximation and are valued exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.chance import Chance
from costlib.roadmap.cuts import LARGE
from costlib.roadmap.earliest import allowed_spend, soonest
from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.explain import Binding, Breach, Choice, Measure, Omission, binding, breaches, choices, omissions
from costlib.roadmap.limits import Limits
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_model import Goal, Plan, Target
from costlib.roadmap.search import ROUNDS, Problem, Score
from costlib.roadmap.solve import best, by_turns
from costlib.roadmap.spend import Actuals, Baseline, baseline_of, target_reference

Ints = NDArray[np.int64]

#: Weight of NPV, as a share of all discounted spend, between choices that meet the target equally often.
_TIE = 1e-4
#: Rounds of the search in a large plan where each choice has to be simulated.
_FEW = 3


@dataclass(frozen=True)
class Optimum:
    """The plan to follow, what it achieves, what holds it back, and why each initiative is in or out.

    ``objective`` is expected NPV, a probability, or the month as 2026-05 (None where no month meets the target).
    ``broken`` are the limits that the plan as it stands breaks: one that breaks none and can be simulated serves the
    goal no better than the best plan found.
    """

    goal: Goal
    plan: Plan
    objective: float | str | None
    npv: float
    chosen: list[Choice]
    omitted: list[Omission]
    binding: list[Binding]
    broken: tuple[Breach, ...] = ()


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
    planned = limits.as_planned(plan, expectation.initiatives)
    broken = tuple(breaches(problem, limits, planned))
    known = [planned] if limits.kept(planned) else []
    if goal == "npv":
        task = _Task(best(problem, limits, known=known), (problem,), problem.value, problem.value)
    else:
        target = _target(plan, goal)
        reference = target_reference(plan, target, baseline, actuals)
        if goal == "earliest":
            allowed = allowed_spend(plan, target, reference, baseline)
            found = soonest(problem, limits, allowed, plan.month_index(target.by), known)
            month = None if found.month is None else plan.months[found.month]
            task = _Task(found.starts, found.problems, found.score, found.measure, month)
        else:
            limit = (1 - target.reduction) * reference
            few, every = (Chance.of(plan, target, limit, baseline, expectation, every=whole) for whole in (False, True))
            task = replace(_likeliest(problem, limits, few, target, known), measure=every)
    return replace(_explained(goal, plan, problem, limits, task), broken=broken)


def _target(plan: Plan, goal: Goal) -> Target:
    if plan.plan.target is None:
        raise PlanError(
            f"the goal {goal} needs a target, and the plan has none",
            expected="target: with reduction and by",
            fix="Add a target to the plan, or optimise for npv.",
        )
    return plan.plan.target


def _likeliest(problem: Problem, limits: Limits, chance: Chance, target: Target, known: list[Ints]) -> _Task:
    """The highest probability of the target, NPV to decide between equals."""
    monthly = problem.aimed(problem.expectation.month_aim(problem.expectation.plan.month_index(target.by)))
    both = (monthly, problem)
    scale = max(1.0, float(problem.aim.saving.sum()))

    def score(starts: Ints) -> float:
        return chance(starts) + _TIE * problem.value(starts) / scale

    richest = best(problem, limits, known=known)
    if chance(richest) == 1.0:
        return _Task(richest, both, score, chance)
    rounds = _FEW if problem.money.size > LARGE else ROUNDS
    starts = by_turns(both, limits, [best(monthly, limits), richest, *known], score, rounds)
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
