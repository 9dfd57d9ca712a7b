"""The case for a plan: what is asked, what less and more would bring, and the questions that a decision maker asks.

Conventions: every option is simulated on the same paths, so that their figures can be held against each other. Spend is
that in the plan's reach: the segments in the target's scope or in an initiative's; what no scope holds is left out,
which changes no saving. Money is in the plan's currency, means over paths unless named. Options:

* recommended: the plan as it stands;
* minimum: the highest NPV with half of the recommended one-off money, nothing sooner than planned (without any
  one-off money: the containment phase);
* ambitious: the highest NPV with no limit on people or money;
* more volume: the recommended plan, where everything costs a fifth more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.focus import null_label
from costlib.periods import add_months
from costlib.roadmap.explain import Binding, Choice, Omission
from costlib.roadmap.figures import Headline, Share, headline, shares
from costlib.roadmap.optimise import optimise
from costlib.roadmap.plan_model import Budget, Initiative, Plan
from costlib.roadmap.simulate import Simulation, simulate
from costlib.roadmap.spend import Actuals, Baseline, Before, Segment, baseline_of, in_scope
from costlib.roadmap.tornado import Swing, tornado

Floats = NDArray[np.float64]

#: How much more is spent on every path where volume grows.
MORE_VOLUME = 0.20
#: Today's spend is the mean of so many of the last booked months, or of as many as there are.
TODAY_MONTHS = 3
STAGE = "x_Stage"
#: Parts of today's spend that a reader is told apart, by stage; other stages are "other", none at all is "no stage".
PARTS = {
    "training": ("training",),
    "experimentation": ("experimentation",),
    "inference": ("real-time inference", "batch inference"),
    "data pipeline": ("data pipeline",),
    "idle": ("idle",),
}
OTHER, NO_STAGE = "other", null_label(STAGE).lower()


@dataclass(frozen=True)
class Option:
    """One way to decide, simulated."""

    name: str
    result: Simulation
    figures: Headline
    shares: tuple[Share, ...]

    @property
    def plan(self) -> Plan:
        """The initiatives of the option and when they start."""
        return self.result.plan

    @property
    def one_off(self) -> float:
        """Mean one-off money over the plan."""
        return float(sum(flow.one_off.sum() for flow in self.result.flows))

    @property
    def running(self) -> float:
        """Mean running cost over the plan."""
        return float(sum(flow.running.sum() for flow in self.result.flows))

    @property
    def quality(self) -> float:
        """What lower quality costs over the plan, a mean; below 0 where better quality is worth something."""
        return -float(sum(flow.quality.sum() for flow in self.result.flows)) + 0.0

    @property
    def person_weeks(self) -> float:
        """Effort over all roles and initiatives."""
        return sum(one.person_weeks for one in self.plan.initiatives)

    @property
    def net_range(self) -> tuple[float, float]:
        """The 80 % interval of the gross saving over the plan less its mean costs, computed path by path."""
        cost = sum(float(flow.cost.sum()) for flow in self.result.flows)
        low, high = np.percentile(self.result.gross.sum(axis=0), [10, 90]) - cost
        return float(low), float(high)


@dataclass(frozen=True)
class Case:
    """A plan with what stands beside it when it is decided on."""

    recommended: Option
    minimum: Option
    ambitious: Option
    more_volume: Option
    worth: tuple[Choice, ...]
    omitted: tuple[Omission, ...]
    binding: tuple[Binding, ...]
    swings: tuple[Swing, ...]
    today: dict[str, float]
    """The mean of ``today_months`` in the plan's reach, by part (``PARTS``, other and no stage); empty without any."""
    before: Before
    today_months: tuple[date, ...] = ()
    """The booked months behind ``today``, oldest first; none where the plan gives its spend."""
    is_whole: bool = True
    """Whether the reach is no more than the target's scope, or without a target all spend."""
    bridged_days: int = 0
    """Days of unknown cost behind the forecast and today's spend, each counted like the days around it."""

    @property
    def plan(self) -> Plan:
        """The recommended plan."""
        return self.recommended.plan

    @property
    def by_phase(self) -> dict[str, list[Initiative]]:
        """The initiatives of each phase that has some, in the order of the phases, then of their start."""
        order = ("containment", "optimisation", "governance")
        started = sorted(self.plan.initiatives, key=self.plan.start_of)
        found = {phase: [one for one in started if one.phase == phase] for phase in order}
        return {phase: held for phase, held in found.items() if held}


def case(
    plan: Plan,
    forecast: Baseline | None = None,
    actuals: Actuals | None = None,
    approach: Baseline | None = None,
) -> Case:
    """The case for the plan on its forecast; ``approach`` holds the open months before its first one.

    Raises PlanError, NoBaseline or NoActuals.
    """
    whole = baseline_of(plan, forecast)
    held = reach(plan, whole.segments)
    baseline = Baseline([whole.segments[at] for at in np.flatnonzero(held).tolist()], whole.paths[held])
    given = plan.model_copy(update={"baseline": None})
    recommended = _option("recommended", given, baseline, actuals)
    minimum = _minimum(given, recommended, baseline, actuals)
    best = optimise(given, baseline, actuals, goal="npv")
    unlimited = given.model_copy(update={"capacity": {}, "budget": Budget()})
    ambitious = optimise(unlimited, baseline, actuals, goal="npv").plan if _limited(given) else best.plan
    louder = Baseline(baseline.segments, baseline.paths * (1 + MORE_VOLUME))
    return Case(
        recommended=recommended,
        minimum=minimum,
        ambitious=_option("ambitious", ambitious, baseline, actuals),
        more_volume=_option("more volume", _held(given, recommended), louder, actuals),
        worth=tuple(best.chosen),
        omitted=tuple(best.omitted),
        binding=tuple(best.binding),
        swings=tuple(tornado(given, baseline, recommended.figures.npv)),
        today=split(plan, actuals) if actuals else {},
        before=_before(plan, actuals, approach),
        today_months=_today_months(actuals) if actuals else (),
        is_whole=_is_whole(plan, whole, held),
    )


def _is_whole(plan: Plan, spend: Baseline, held: NDArray[np.bool_]) -> bool:
    """Whether what the plan acts on costs as much as what its target is about, on every path and in every month."""
    aimed = in_scope(plan.plan.target.scope if plan.plan.target else {}, spend.segments)
    return not spend.paths[held != aimed].any()


def _before(plan: Plan, actuals: Actuals | None, approach: Baseline | None) -> Before:
    booked, ahead = np.zeros(0), np.zeros((0, plan.plan.paths))
    if approach:
        ahead = approach.paths[reach(plan, approach.segments)].sum(axis=0)
    if actuals:
        months = max(plan.month_index(actuals.start) * -1 - len(ahead), 0)
        booked = actuals.spend[reach(plan, actuals.segments), :months].sum(axis=0)
    return Before(booked, ahead)


def reach(plan: Plan, segments: Sequence[Segment]) -> NDArray[np.bool_]:
    """Which segments the plan is about: those in the target's scope or in an initiative's; all where that is none."""
    scopes = [one.scope for one in plan.initiatives]
    scopes += [plan.plan.target.scope] if plan.plan.target else []
    held = np.array([in_scope(scope, segments) for scope in scopes]).reshape(len(scopes), len(segments)).any(axis=0)
    return np.asarray(held) if held.any() else np.ones(len(segments), dtype=np.bool_)


def split(plan: Plan, actuals: Actuals) -> dict[str, float]:
    """The mean of the last booked months in the plan's reach, by part; nothing where no month is booked."""
    if not actuals.spend.shape[1]:
        return {}
    part_of = {"": NO_STAGE} | {stage: part for part, stages in PARTS.items() for stage in stages}
    parts = dict.fromkeys([*PARTS, OTHER, NO_STAGE], 0.0)
    monthly = actuals.spend[:, -TODAY_MONTHS:].mean(axis=1)
    for at in np.flatnonzero(reach(plan, actuals.segments)).tolist():
        stage = actuals.segments[at].get(STAGE) or ""
        parts[part_of.get(stage, OTHER)] += float(monthly[at])
    return parts


def _today_months(actuals: Actuals) -> tuple[date, ...]:
    """The booked months that ``split`` takes the mean of."""
    booked = actuals.spend.shape[1]
    return tuple(add_months(actuals.start, at) for at in range(max(booked - TODAY_MONTHS, 0), booked))


def _option(name: str, plan: Plan, baseline: Baseline, actuals: Actuals | None) -> Option:
    result = simulate(plan, baseline, actuals)
    return Option(name, result, headline(result), tuple(shares(result)))


def _minimum(plan: Plan, recommended: Option, baseline: Baseline, actuals: Actuals | None) -> Option:
    if recommended.one_off <= 0:
        kept = tuple(one for one in plan.initiatives if one.phase == "containment")
        return _option("minimum", plan.model_copy(update={"initiatives": kept}), baseline, actuals)
    planned = tuple(one.model_copy(update={"earliest_start": one.start}) for one in plan.initiatives)
    money = plan.budget.model_copy(update={"one_off": recommended.one_off / 2})
    half = plan.model_copy(update={"budget": money, "initiatives": planned})
    return _option("minimum", optimise(half, baseline, actuals, goal="npv").plan, baseline, actuals)


def _limited(plan: Plan) -> bool:
    return bool(plan.capacity) or plan.budget != Budget()


def _held(plan: Plan, recommended: Option) -> Plan:
    """The plan with the recommended option's reference, so that more volume is not measured against itself."""
    target, reference = plan.plan.target, recommended.result.reference
    if target is None or reference is None:
        return plan
    frozen = target.model_copy(update={"reference_value": reference})
    return plan.model_copy(update={"plan": plan.plan.model_copy(update={"target": frozen})})
