"""Initiatives linked by dependencies, and everything that may become of them together, with its probability.

Conventions: a *family* is a set of initiatives linked by dependencies; a joint fate is the success, delay and guardrail
failure of each of its members. The size of a saving or a benefit enters by its mean. A family with more than 4,096
joint fates is drawn instead.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.draws import MOST_SAVED, Draws, delay_probabilities, draw
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.segments import Groups

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_FATES = 4096


@dataclass(frozen=True)
class Family:
    """Initiatives linked by dependencies, with their joint fates.

    ``patterns`` are the sets of members that act together on some group of segments, ``pattern_of`` the one of each.
    """

    members: tuple[int, ...]
    draws: dict[str, Draws]
    weights: Floats
    patterns: Floats
    pattern_of: Ints


def families_of(plan: Plan, initiatives: list[Initiative], grouped: Groups) -> list[Family]:
    """Sets of initiatives linked by dependencies, in the order of their first member."""
    label = {one.id: number for number, one in enumerate(initiatives)}
    for one in initiatives:
        for before in one.depends_on:
            joined = {label[before], label[one.id]}
            label = {name: min(joined) if number in joined else number for name, number in label.items()}
    found = []
    for number in sorted(set(label.values())):
        members = tuple(at for at, one in enumerate(initiatives) if label[one.id] == number)
        draws, weights = fates_of(plan, [initiatives[at] for at in members])
        patterns, pattern_of = np.unique(grouped.acting[:, members], axis=0, return_inverse=True)
        found.append(Family(members, draws, weights, patterns, pattern_of.reshape(-1)))
    return found


def fates_of(plan: Plan, members: list[Initiative]) -> tuple[dict[str, Draws], Floats]:
    """Every joint fate of a family with its probability, or equally likely draws where there are too many."""
    single = [_single_fates(one) for one in members]
    if np.prod([float(len(fates)) for fates in single]) > _MOST_FATES:
        drawn = {one.id: _mean_sized(one, draw(one, plan.plan.seed, _MOST_FATES)) for one in members}
        return drawn, np.full(_MOST_FATES, 1 / _MOST_FATES)
    joint = list(itertools.product(*single))
    weights = np.array([np.prod([fate[3] for fate in fates]) for fates in joint])
    found = {}
    for place, one in enumerate(members):
        own = [fates[place] for fates in joint]
        success, delay, fails = (np.array([fate[at] for fate in own]) for at in range(3))
        empty = np.zeros(len(own))
        found[one.id] = _mean_sized(one, Draws(success.astype(bool), empty, delay, fails.astype(bool), empty))
    return found, weights


def _single_fates(one: Initiative) -> list[tuple[bool, int, bool, float]]:
    """Success, delay in months, guardrail failure and the probability of all three; impossible ones left out."""
    failure = one.guardrail.failure_probability if one.guardrail else 0.0
    return [
        (success, delay, fails, p_success * p_delay * p_fails)
        for success, p_success in ((True, one.probability), (False, 1 - one.probability))
        for delay, p_delay in delay_probabilities(one.delay_months)
        for fails, p_fails in ((False, 1 - failure), (True, failure))
        if p_success * p_delay * p_fails > 0
    ]


def _mean_sized(one: Initiative, drawn: Draws) -> Draws:
    """The draws with saving and benefit at their means: they enter an expectation in no other way."""
    size = len(drawn.delay)
    saving, benefit = np.full(size, min(one.saving.mean, MOST_SAVED)), np.full(size, one.benefit.mean)
    return replace(drawn, saving=saving, benefit=benefit)
