"""A plan simulated on paths of spend: what it saves, on each path and by initiative.

Conventions: a month t is counted from the plan's start (0), a path p is one draw of forecast and plan together, money
is in the plan's currency. With k the share that initiative i saves of a segment in month t on path p,

    spend = base x product over i of (1 - k_i)             levers compound
    credit_i = (base - spend) x ln(1 - k_i) / sum over j of ln(1 - k_j)    order-free, adds up exactly

``gross`` is cash: an initiative's credit counts from its release month on and is freed capacity before, shown apart, so
that baseline - spend = gross in every month. net = gross - running - one-off cost + worth of quality effects. Paths
come from the forecast; given spend does not vary and is taken for the plan's own number of paths. One seed, one answer.
The whole is worked through in blocks of paths and one month at a time: the memory is that of the forecast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import Draws, draw
from costlib.roadmap.flows import Flows, cash_months, flows, path_value
from costlib.roadmap.plan_checks import order
from costlib.roadmap.plan_errors import PlanError
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.products import product
from costlib.roadmap.returns import discount_factors
from costlib.roadmap.segments import Groups, groups
from costlib.roadmap.spend import Actuals, Baseline, baseline_of, in_scope, target_reference
from costlib.roadmap.timing import Timing, strength, timings

Floats = NDArray[np.float64]

_BLOCK = 512
#: Where no lever acts the sum of logarithms is held this far from 0: the saving is then 0, and so is every credit.
_TINY = -1e-300
#: Spend this close to the target's limit meets it.
_CLOSE = 1e-9


@dataclass(frozen=True)
class Simulation:
    """What a plan does. Path arrays are ``[month, path]``, initiative arrays ``[initiative, month]``, means over paths.

    Initiatives are in the order of ``plan.initiatives``. ``reference``, ``target_spend`` and ``target_baseline`` (one
    amount a path, in the target's scope and month, with and without the plan) are None without a target. ``reach`` is
    the mean monthly baseline in scope.
    """

    plan: Plan
    baseline: Floats
    gross: Floats
    credit: Floats
    freed: Floats
    flows: list[Flows]
    reach: Floats
    npv_paths: Floats
    reference: float | None
    target_spend: Floats | None
    target_baseline: Floats | None

    @property
    def spend(self) -> Floats:
        """Spend with the plan, ``[month, path]``: the baseline less what is saved in cash."""
        return self.baseline - self.gross

    @property
    def p_target(self) -> float | None:
        """Share of the paths on which the target is met, None without one."""
        target = self.plan.plan.target
        if target is None or self.reference is None or self.target_spend is None:
            return None
        limit = (1 - target.reduction) * self.reference
        return float(np.mean(self.target_spend <= limit + _CLOSE * max(abs(limit), abs(self.reference))))


def simulate(plan: Plan, forecast: Baseline | None = None, actuals: Actuals | None = None) -> Simulation:
    """Simulate the plan as it stands; raises PlanError, NoBaseline or NoActuals.

    ``forecast`` is used where the plan gives no spend of its own; ``actuals`` where the target's reference is the last
    closed quarter.
    """
    _refuse_alternatives(plan.initiatives)
    baseline = baseline_of(plan, forecast)
    target = plan.plan.target
    reference = target_reference(plan, target, baseline, actuals) if target else None
    ordered = _ordered(plan)
    paths = baseline.paths.shape[2]
    draws = {one.id: draw(one, plan.plan.seed, paths) for one in ordered}
    timed = timings(ordered, {one.id: plan.start_of(one) for one in ordered}, draws)
    work = _Work.empty(plan, ordered, baseline)
    for first in range(0, paths, _BLOCK):
        _block(work, timed, draws, slice(first, min(first + _BLOCK, paths)))
    _refuse_unknown(work.total)
    return _result(plan, ordered, work, timed, draws, reference)


def _refuse_alternatives(initiatives: Sequence[Initiative]) -> None:
    counted = Counter(one.alternative_group for one in initiatives if one.alternative_group)
    for group, number in counted.items():
        if number > 1:
            ids = ", ".join(one.id for one in initiatives if one.alternative_group == group)
            raise PlanError(
                f"{ids} are alternatives ({group}) and cannot all be done",
                expected="one of them",
                fix="Take the others out, or let `plan optimise` choose.",
            )


def _refuse_unknown(total: Floats) -> None:
    if not np.isfinite(total).all():
        month = int(np.flatnonzero(~np.isfinite(total).all(axis=1))[0])
        raise PlanError(
            f"the forecast of month {month + 1} holds an amount that is not a number",
            expected="an amount for every segment, month and path",
            fix="Forecast again, or leave the segment out.",
        )


def _ordered(plan: Plan) -> list[Initiative]:
    """Predecessors first, else by id, so that the order of the file changes no figure."""
    by_id = {one.id: one for one in plan.initiatives}
    return [by_id[name] for name in order({one.id: one.depends_on for one in plan.initiatives})]


@dataclass
class _Work:
    """What is collected while the blocks go by."""

    plan: Plan
    initiatives: list[Initiative]
    baseline: Baseline
    groups: Groups
    cash: Floats
    total: Floats
    gross: Floats
    credit: Floats
    segments: Floats
    target_spend: Floats
    target_baseline: Floats
    in_target: NDArray[np.bool_] = field(repr=False)
    target_month: int = -1

    @classmethod
    def empty(cls, plan: Plan, initiatives: list[Initiative], baseline: Baseline) -> _Work:
        """Nothing collected yet."""
        _, months, paths = baseline.paths.shape
        target = plan.plan.target
        cash = [cash_months(plan, one) for one in initiatives]
        return cls(
            plan=plan,
            initiatives=initiatives,
            baseline=baseline,
            groups=groups(plan, initiatives, baseline.segments),
            cash=np.array(cash).reshape(len(initiatives), months),
            total=np.empty((months, paths)),
            gross=np.empty((months, paths)),
            credit=np.zeros((len(initiatives), months)),
            segments=np.zeros(len(baseline.segments)),
            target_spend=np.zeros(paths),
            target_baseline=np.zeros(paths),
            in_target=in_scope(target.scope if target else {}, baseline.segments),
            target_month=plan.month_index(target.by) if target else -1,
        )


def _block(work: _Work, timed: dict[str, Timing], draws: dict[str, Draws], block: slice) -> None:
    """Work through one block of paths, month by month, and collect."""
    logs = _logarithms(work, timed, draws, block)
    acting = work.groups.acting
    for month, log in enumerate(logs):
        spend = work.baseline.paths[:, month, block]
        work.total[month, block] = spend.sum(axis=0)
        work.segments += spend.sum(axis=1)
        joint = np.minimum(product(acting, log), _TINY)
        rate = np.exp(joint)
        np.subtract(1.0, rate, out=rate)
        rate *= work.groups.summed(spend)
        rate /= joint
        credit = product(acting.T, rate) * log
        work.credit[:, month] += credit.sum(axis=1)
        work.gross[month, block] = work.cash[:, month] @ credit
        if month == work.target_month:
            aimed = work.groups.in_target
            saved = (rate[aimed] * (acting[aimed] @ (log * work.cash[:, month, None]))).sum(axis=0)
            work.target_baseline[block] = spend[work.in_target].sum(axis=0)
            work.target_spend[block] = work.target_baseline[block] - saved


def _logarithms(work: _Work, timed: dict[str, Timing], draws: dict[str, Draws], block: slice) -> Floats:
    """ln(1 - k), ``[month, initiative, path]``."""
    months = work.total.shape[0]
    logs = np.empty((months, len(work.initiatives), block.stop - block.start))
    for number, one in enumerate(work.initiatives):
        own, timing = draws[one.id], timed[one.id]
        part = strength(Timing(timing.begin[block], timing.off[block]), one.ramp_months, months)
        part *= own.success[block] * own.saving[block]
        np.log1p(np.negative(part, out=part), out=logs[:, number])
    return logs


def _result(
    plan: Plan,
    ordered: list[Initiative],
    work: _Work,
    timed: dict[str, Timing],
    draws: dict[str, Draws],
    reference: float | None,
) -> Simulation:
    discount = discount_factors(plan.plan.discount_rate, plan.plan.months)
    npv_paths = discount @ work.gross
    for one in ordered:
        npv_paths += path_value(plan, one, timed[one.id], draws[one.id], discount)
    place = {one.id: at for at, one in enumerate(ordered)}
    back = np.array([place[one.id] for one in plan.initiatives], dtype=int)
    credit = work.credit[back] / work.total.shape[1]
    cash = work.cash[back]
    mean_month = work.segments / work.total.size
    return Simulation(
        plan=plan,
        baseline=work.total,
        gross=work.gross,
        credit=credit * cash,
        freed=credit * (1 - cash),
        flows=[flows(plan, one, timed[one.id], draws[one.id]) for one in plan.initiatives],
        reach=np.array([mean_month[in_scope(one.scope, work.baseline.segments)].sum() for one in plan.initiatives]),
        npv_paths=npv_paths,
        reference=reference,
        target_spend=work.target_spend if plan.plan.target else None,
        target_baseline=work.target_baseline if plan.plan.target else None,
    )
