"""What a choice of initiatives must keep within: people, money, quality, dependencies, alternatives.

Conventions: a limit is a number that the sum over the chosen initiatives may not exceed. Effort is spread evenly over
max(1, ramp months) months from the planned start; what falls after the plan's last month is not counted. One-off cost
falls in the planned start plus the delay that is certain (its low), in a fiscal quarter. A role without a stated
capacity is not limited, nor is a budget that is left out. Quality: the joint likely effect on a metric of a model may
not take it from today's level below its floor, where a guardrail states both. A dependent starts after its
predecessor's ramp and certain delay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costlib.periods import Grain, add_months, period_name, period_start
from costlib.roadmap.expected import OUT
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.quality import effect_on, limits, models

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: One unit more of a limit, for the question what it would buy: a person-week, ten thousand of the currency.
MORE_PEOPLE, MORE_MONEY = 1.0, 10_000.0
_SLACK = 1e-9


@dataclass(frozen=True)
class Limit:
    """One limit: ``kind`` is capacity, one_off, one_off_per_quarter or quality; ``when`` a month or quarter."""

    kind: str
    what: str
    when: str
    most: float


@dataclass(frozen=True)
class Limits:
    """All limits of a plan and what each initiative uses of them, ``[initiative, start, limit]``."""

    limits: tuple[Limit, ...]
    most: Floats
    use: Floats
    allowed: Bools
    waits: tuple[tuple[tuple[int, int], ...], ...]
    alternative: tuple[str | None, ...]

    @classmethod
    def of(cls, plan: Plan, initiatives: Sequence[Initiative]) -> Limits:
        """The limits of a plan; initiatives with predecessors first."""
        rows = [*_people(plan, initiatives), *_money(plan, initiatives), *_quality(plan, initiatives)]
        months = plan.plan.months
        allowed = np.ones((len(initiatives), months), dtype=bool)
        for at, one in enumerate(initiatives):
            if one.earliest_start:
                allowed[at, : plan.month_index(one.earliest_start)] = False
        names = [one.id for one in initiatives]
        waits = tuple(
            tuple((names.index(name), _lag(initiatives[names.index(name)])) for name in one.depends_on)
            for one in initiatives
        )
        use = np.stack([use for _, use in rows], axis=2) if rows else np.zeros((len(initiatives), months, 0))
        found = tuple(limit for limit, _ in rows)
        most = np.array([limit.most for limit in found])
        return cls(found, most, use, allowed, waits, tuple(one.alternative_group for one in initiatives))

    def loosened(self, number: int, by: float) -> Limits:
        """The same with one limit raised."""
        most = self.most.copy()
        most[number] += by
        return replace(self, most=most)

    def without(self, at: int) -> Limits:
        """The same with one initiative ruled out."""
        allowed = self.allowed.copy()
        allowed[at] = False
        return replace(self, allowed=allowed)

    def used(self, starts: Ints) -> Floats:
        """What a choice uses of each limit."""
        chosen = np.flatnonzero(starts != OUT)
        total: Floats = self.use[chosen, starts[chosen]].sum(axis=0)
        return total

    def kept(self, starts: Ints) -> bool:
        """Whether a choice keeps within every limit."""
        chosen = [int(at) for at in np.flatnonzero(starts != OUT)]
        groups = [self.alternative[at] for at in chosen if self.alternative[at]]
        return (
            len(groups) == len(set(groups))
            and all(self.allowed[at, starts[at]] for at in chosen)
            and all(starts[b] != OUT and starts[at] >= starts[b] + lag for at in chosen for b, lag in self.waits[at])
            and not self.broken(starts)
        )

    def broken(self, starts: Ints) -> list[int]:
        """The numbers of the limits that a choice exceeds."""
        over: Bools = self.used(starts) > self.most + self.tolerance
        return [int(number) for number in np.flatnonzero(over)]

    def as_planned(self, plan: Plan, initiatives: Sequence[Initiative]) -> Ints:
        """The plan as it stands as a choice: dependents put off to when they may start, out where that is too late."""
        starts = np.array([plan.start_of(one) for one in initiatives], dtype=np.int64)
        for at, waits in enumerate(self.waits):
            ready = [int(starts[before]) + lag if starts[before] != OUT else plan.plan.months for before, lag in waits]
            starts[at] = max([int(starts[at]), *ready])
            if starts[at] >= plan.plan.months:
                starts[at] = OUT
        return starts

    @property
    def tolerance(self) -> Floats:
        """How far rounding may take a sum over its limit."""
        scale: Floats = _SLACK * np.maximum(1.0, np.abs(self.most))
        return scale

    def dependents(self, at: int) -> list[int]:
        """Initiatives that wait for one, directly or not."""
        found: list[int] = []
        for other, waits in enumerate(self.waits):
            if any(before == at or before in found for before, _ in waits):
                found.append(other)
        return found

    def open_starts(self, starts: Ints, used: Floats) -> tuple[Bools, Bools]:
        """Start months at which each initiative that is out could join, ``[initiative, start]``.

        First with every limit, second with all but the numbers of ``limits``: the difference is what they block.
        """
        fits = np.all(used + self.use <= self.most + self.tolerance, axis=2)
        free = np.stack([self._free(starts, at) for at in range(len(starts))]) if len(starts) else self.allowed
        return free & fits, free

    def open_months(self, starts: Ints, at: int) -> Bools:
        """Start months at which one initiative that is out could join."""
        fits = np.all(self.used(starts) + self.use[at] <= self.most + self.tolerance, axis=1)
        found: Bools = fits & self._free(starts, at)
        return found

    def _free(self, starts: Ints, at: int) -> Bools:
        """Start months that dependencies and alternatives leave open to an initiative, none where it is in already."""
        free: Bools = self.allowed[at].copy()
        group, waits = self.alternative[at], self.waits[at]
        rivals = (other for other, name in enumerate(self.alternative) if name == group and starts[other] != OUT)
        if starts[at] != OUT or any(starts[b] == OUT for b, _ in waits) or (group and any(True for _ in rivals)):
            free[:] = False
        elif waits:
            free[: max(int(starts[before]) + lag for before, lag in waits)] = False
        return free


def _lag(one: Initiative) -> int:
    return one.ramp_months + int(one.delay_months.low) + 1


def _people(plan: Plan, initiatives: Sequence[Initiative]) -> list[tuple[Limit, Floats]]:
    months, rows = plan.plan.months, []
    for role, most in sorted(plan.capacity.items()):
        use = np.zeros((len(initiatives), months, months))
        for at, one in enumerate(initiatives):
            length = max(1, one.ramp_months)
            for start in range(months):
                use[at, start, start : start + length] = one.effort.get(role, 0.0) / length
        rows += [(Limit("capacity", role, plan.months[t], most), use[:, :, t]) for t in range(months)]
    return rows


def _money(plan: Plan, initiatives: Sequence[Initiative]) -> list[tuple[Limit, Floats]]:
    months, budget = plan.plan.months, plan.budget
    cost = np.array([one.one_off_cost for one in initiatives])
    rows = []
    if budget.one_off is not None:
        use = np.repeat(cost[:, None], months, axis=1)
        rows.append((Limit("one_off", "one-off budget", "", budget.one_off), use))
    if budget.one_off_per_quarter is not None:
        certain = np.array([int(one.delay_months.low) for one in initiatives])
        falls = np.arange(months)[None, :] + certain.reshape(-1, 1)
        for name, in_quarter in _quarters(plan).items():
            use = np.where(np.isin(falls, in_quarter), cost.reshape(-1, 1), 0.0)
            rows.append((Limit("one_off_per_quarter", "one-off budget", name, budget.one_off_per_quarter), use))
    return rows


def _quarters(plan: Plan) -> dict[str, list[int]]:
    """Months of the plan by fiscal quarter."""
    found: dict[str, list[int]] = {}
    fiscal_start = plan.plan.fiscal_year_start
    for t in range(plan.plan.months):
        quarter = period_start(add_months(plan.plan.start, t), Grain.QUARTER, fiscal_start)
        found.setdefault(period_name(quarter, Grain.QUARTER, fiscal_start), []).append(t)
    return found


def _quality(plan: Plan, initiatives: Sequence[Initiative]) -> list[tuple[Limit, Floats]]:
    keys = {(model, one.quality_effect.metric) for one in initiatives if one.quality_effect for model in models(one)}
    rows = []
    for model, metric in sorted(keys, key=lambda key: (key[0] or "", key[1])):
        floor, level = limits(initiatives, model, metric)
        if floor is not None and level is not None:
            loss = np.array([-effect_on(one, model, metric) for one in initiatives])
            name = f"{metric} of {model}" if model else metric
            rows.append((Limit("quality", name, "", level - floor), np.repeat(loss[:, None], plan.plan.months, axis=1)))
    return rows
