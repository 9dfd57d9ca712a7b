"""What a choice of initiatives and start months saves and costs on average, worked out without drawing paths.

Conventions: a choice is one start month an initiative (counted from 0), ``OUT`` where it is not done; initiatives are
in the order of the problem (predecessors first, else by id). The draws of two initiatives are independent unless one
waits for the other, so E[spend] = E[base] x product of E[1 - k] over the families of ``fates``. Where a saving becomes
cash only later, the cash part of the joint saving is shared out by the logarithms of the mean factors: exact for
certain savings, close for others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import MOST_SAVED
from costlib.roadmap.fates import Family, families_of, fates_of
from costlib.roadmap.flows import cash_months, flows
from costlib.roadmap.plan_checks import order
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.products import product
from costlib.roadmap.returns import discount_factors
from costlib.roadmap.segments import Groups, groups
from costlib.roadmap.spend import Baseline
from costlib.roadmap.timing import strength, timings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUT = -1
#: Choices whose kept share is remembered at a time.
_REMEMBERED = 256


@dataclass(frozen=True)
class Aim:
    """What is summed up: a weight for the saving of each group and month, and one a month for all other money."""

    saving: Floats
    money: Floats


@dataclass(frozen=True)
class _Effect:
    """What a family does from given starts: share kept by pattern and month, share saved by member, other money."""

    kept: Floats
    saved: Floats
    money: Floats


@dataclass
class Expectation:
    """Mean figures of any choice; results of a family are kept, so that near choices cost little."""

    plan: Plan
    initiatives: list[Initiative]
    groups: Groups
    base: Floats
    cash: Floats
    families: list[Family]
    family_of: list[int]
    _kept: dict[bytes, Floats] = field(default_factory=dict, repr=False)
    _held: dict[tuple[int, tuple[int, ...]], _Effect] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, plan: Plan, baseline: Baseline) -> Expectation:
        """Prepare the plan's initiatives on the mean of the baseline's paths."""
        by_id = {one.id: one for one in plan.initiatives}
        initiatives = [by_id[name] for name in order({one.id: one.depends_on for one in plan.initiatives})]
        grouped = groups(plan, initiatives, baseline.segments)
        steady = baseline.paths.strides[2] == 0
        mean = baseline.paths[:, :, 0] if steady else baseline.paths.mean(axis=2)
        families = families_of(plan, initiatives, grouped)
        family_of = [next(n for n, one in enumerate(families) if at in one.members) for at in range(len(initiatives))]
        cash = np.array([cash_months(plan, one) for one in initiatives]).reshape(len(initiatives), plan.plan.months)
        return cls(plan, initiatives, grouped, grouped.summed(mean), cash, families, family_of)

    def changed(self, one: Initiative) -> Expectation:
        """The same with other figures for one initiative; its scope, dependencies and release month stay."""
        at = [other.id for other in self.initiatives].index(one.id)
        number = self.family_of[at]
        initiatives = [one if place == at else other for place, other in enumerate(self.initiatives)]
        family = self.families[number]
        draws, weights = fates_of(self.plan, [initiatives[member] for member in family.members])
        families = list(self.families)
        families[number] = replace(family, draws=draws, weights=weights)
        held = {key: effect for key, effect in self._held.items() if key[0] != number}
        return replace(self, initiatives=initiatives, families=families, _kept={}, _held=held)

    def npv_aim(self) -> Aim:
        """Expected NPV: discounted cash saving and other money."""
        discount = discount_factors(self.plan.plan.discount_rate, self.plan.plan.months)
        return Aim(self.base * discount, discount)

    def month_aim(self, month: int) -> Aim:
        """Expected cash saving in the target's scope in one month; other money counts nothing."""
        saving = np.zeros_like(self.base)
        saving[self.groups.in_target, month] = self.base[self.groups.in_target, month]
        return Aim(saving, np.zeros(self.plan.plan.months))

    def value(self, starts: Sequence[int] | Ints, aim: Aim) -> float:
        """The aim's sum for a choice of starts."""
        money = np.zeros(len(aim.money))
        for number, family in enumerate(self.families):
            if any(starts[at] != OUT for at in family.members):
                money += self._effect(number, starts).money
        return float(np.vdot(aim.saving, self.saved(starts)) + aim.money @ money)

    def saved(self, starts: Sequence[int] | Ints) -> Floats:
        """Mean share of the baseline that is saved in cash, ``[group, month]``."""
        saved = 1.0 - self.kept(starts)
        return saved if self.all_cash else saved * self._cash_share(starts)

    @property
    def all_cash(self) -> bool:
        """Whether every saving is cash from its first month."""
        return bool(self.cash.all())

    def kept(self, starts: Sequence[int] | Ints) -> Floats:
        """Mean share of the baseline that is left, ``[group, month]``, freed capacity counted as saved."""
        known = np.asarray(starts, dtype=np.int64).tobytes()
        if known not in self._kept:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            self._kept[known] = self._kept_share(starts)
        return self._kept[known]

    def _kept_share(self, starts: Sequence[int] | Ints) -> Floats:
        logs = np.zeros_like(self.cash)
        linked: list[Floats] = []
        for number, family in enumerate(self.families):
            if all(starts[at] == OUT for at in family.members):
                continue
            effect = self._effect(number, starts)
            if len(family.members) == 1:
                logs[family.members[0]] = np.log1p(-effect.saved[0])
            else:
                linked.append(effect.kept[family.pattern_of])
        kept: Floats = np.exp(product(self.groups.acting, logs))
        for factor in linked:
            kept *= factor
        return kept

    def alone(self, at: int, start: int) -> tuple[Floats, Floats]:
        """Mean share saved and other money a month of one initiative, its predecessors done in time.

        Both are scaled by the probability that all it waits for succeeds.
        """
        one = self.initiatives[at]
        chance = float(np.prod([self.initiatives[n].probability for n in self.ancestors(at)]))
        family = self.families[self.family_of[at]]
        free = replace(family, members=(at,), patterns=np.ones((1, 1)), pattern_of=np.zeros(1, dtype=np.int64))
        effect = self._worked_out(free, {at: start}, {at: one.model_copy(update={"depends_on": ()})})
        return effect.saved[0] * chance, effect.money * chance

    def ancestors(self, at: int) -> set[int]:
        """All initiatives that one waits for, directly or not."""
        found: set[int] = set()
        for before in self.predecessors(at):
            found |= {before} | self.ancestors(before)
        return found

    def predecessors(self, at: int) -> list[int]:
        """Initiatives that one waits for directly."""
        names = [one.id for one in self.initiatives]
        return [names.index(name) for name in self.initiatives[at].depends_on]

    def _cash_share(self, starts: Sequence[int] | Ints) -> Floats:
        """Share of each group's saving that is cash, ``[group, month]``."""
        saved = np.zeros_like(self.cash)
        for number, family in enumerate(self.families):
            saved[list(family.members)] = self._effect(number, starts).saved
        logs = np.log1p(-np.minimum(saved, MOST_SAVED))
        whole = self.groups.acting @ logs
        share: Floats = np.divide(
            self.groups.acting @ (logs * self.cash), whole, out=np.ones_like(whole), where=whole < 0
        )
        return share

    def _effect(self, number: int, starts: Sequence[int] | Ints) -> _Effect:
        family = self.families[number]
        key = (number, tuple(int(starts[at]) for at in family.members))
        if key not in self._held:
            chosen = {at: start for at, start in zip(family.members, key[1], strict=True) if start != OUT}
            self._held[key] = self._worked_out(family, chosen, {at: self.initiatives[at] for at in chosen})
        return self._held[key]

    def _worked_out(self, family: Family, chosen: dict[int, int], initiatives: dict[int, Initiative]) -> _Effect:
        months = self.plan.plan.months
        chosen = _supported(chosen, initiatives)
        done = [initiatives[at] for at in chosen]
        timed = timings(done, {one.id: chosen[at] for at, one in zip(chosen, done, strict=True)}, family.draws)
        left = np.ones((len(family.patterns), months, len(family.weights)))
        saved = np.zeros((len(family.members), months))
        money = np.zeros(months)
        for place, at in enumerate(family.members):
            if at not in chosen:
                continue
            one, timing, own = initiatives[at], timed[initiatives[at].id], family.draws[initiatives[at].id]
            share = strength(timing, one.ramp_months, months) * (own.success * own.saving)
            saved[place] = share @ family.weights
            left[family.patterns[:, place] > 0] *= 1 - share
            moved = self.plan.moved(one, chosen[at])
            paid = flows(self.plan, moved, timing, own, family.weights)
            money += paid.other - paid.cost
        return _Effect(left @ family.weights, saved, money)


def _supported(chosen: dict[int, int], initiatives: dict[int, Initiative]) -> dict[int, int]:
    """The chosen whose predecessors are chosen too: the others never start. Predecessors come first."""
    ids: set[str] = set()
    found = {}
    for at, start in chosen.items():
        if ids.issuperset(initiatives[at].depends_on):
            ids.add(initiatives[at].id)
            found[at] = start
    return found
