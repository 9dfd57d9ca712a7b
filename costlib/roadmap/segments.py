"""Segments that the same initiatives act on, added up: the arithmetic of a plan needs no finer grain.

Conventions: a group is a set of segments with the same initiatives in scope and on the same side of the target's scope;
groups are in order of their first segment, initiatives in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.spend import Segment, in_scope

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Groups:
    """Which segments make up a group (``[group, segment]``), which initiatives act on it (``[group, initiative]``)."""

    members: Floats
    acting: Floats
    in_target: Bools

    def summed(self, spend: Floats) -> Floats:
        """Spend ``[segment, ...]`` added up to ``[group, ...]``."""
        if self.members.shape[0] == self.members.shape[1]:
            return spend
        added: Floats = np.tensordot(self.members, spend, axes=1)
        return added


def groups(plan: Plan, initiatives: Sequence[Initiative], segments: Sequence[Segment]) -> Groups:
    """The groups that a plan's scopes and its target divide the segments into."""
    scopes = [one.scope for one in initiatives] + [plan.plan.target.scope if plan.plan.target else {}]
    held = np.array([in_scope(scope, segments) for scope in scopes]).reshape(len(scopes), len(segments))
    numbers: dict[bytes, int] = {}
    group_of = [numbers.setdefault(held[:, at].tobytes(), len(numbers)) for at in range(len(segments))]
    members = np.zeros((len(numbers), len(segments)))
    members[group_of, np.arange(len(segments))] = 1.0
    first = [group_of.index(number) for number in range(len(numbers))]
    patterns = held[:, first].T
    return Groups(members, patterns[:, :-1].astype(float), patterns[:, -1].copy())
