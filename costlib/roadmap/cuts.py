"""The choice as a mixed-integer programme: spend is convex in the logarithms, so tangents bound it from below.

Conventions: x[i, m] = 1 where initiative i starts in month m. With a[i, m, t] = ln(1 - E[k]) the mean spend of a group
is sum over t of weight x exp(sum of a x), convex in x: each round solves the programme with the tangents so far (HiGHS
through ``scipy.optimize.milp``) and adds the tangents at its solution, until they meet the exact spend. First x may be
broken, which is quick and finds the tangents that matter; then it is whole. A large plan is then held to the starts
that a broken solution or the search has used. Exact for small plans of independent initiatives whose savings are cash
at once; else an approximation that the exact search works on. No time limit: the answer is the same on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from costlib.roadmap.draws import MOST_SAVED
from costlib.roadmap.expected import OUT
from costlib.roadmap.limits import Limits
from costlib.roadmap.search import Problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Above so many starts a plan is large.
LARGE = 400


class _Effort(NamedTuple):
    """Rounds with broken and with whole starts, share of the spend that counts as met, nodes of the search tree."""

    rounds: tuple[int, int]
    close: float
    nodes: int


_SMALL_EFFORT, _LARGE_EFFORT = _Effort((12, 12), 1e-5, 2000), _Effort((3, 1), 1e-3, 20)
#: Tangents of a large plan's groups are added up to so many rows.
_ROWS = 8


@dataclass
class _Programme:
    """Spend as a function of the starts, and the tangents to it so far."""

    acting: Floats
    weight: Floats
    logs: Floats
    bucket: Floats
    worth: Floats
    limits: list[LinearConstraint]
    effort: _Effort
    slopes: list[Floats] = field(default_factory=list)
    heights: list[Floats] = field(default_factory=list)

    def touch(self, at: Floats) -> float:
        """Add the tangents at a solution; its exact spend."""
        spend = self.weight * np.exp((self.acting * at) @ self.logs)
        slope = self.bucket @ ((spend @ self.logs.T) * self.acting)
        height = self.bucket @ spend.sum(axis=1)
        self.slopes.append(slope)
        self.heights.append(height - slope @ at)
        return float(height.sum())

    def solved(self, open_starts: Bools, whole: bool) -> tuple[Floats, float] | None:
        """The best starts under the tangents so far, and the spend that the tangents give them; None without one."""
        kept, rows = np.flatnonzero(open_starts), len(self.bucket)
        slopes = np.concatenate([slope[:, kept] for slope in self.slopes])
        tangents = sparse.hstack(
            [sparse.csr_array(-slopes), sparse.vstack([sparse.eye_array(rows)] * len(self.slopes))]
        )
        rules = [_narrowed(rule, kept, rows) for rule in self.limits]
        upper = np.concatenate([np.ones(len(kept)), np.full(rows, np.inf)])
        result = milp(
            np.concatenate([-self.worth[kept], np.ones(rows)]),
            integrality=np.concatenate([np.full(len(kept), float(whole)), np.zeros(rows)]),
            bounds=Bounds(np.zeros(len(upper)), upper),
            constraints=[*rules, LinearConstraint(tangents.tocsr(), np.concatenate(self.heights), np.inf)],
            options={"mip_rel_gap": self.effort.close, "node_limit": self.effort.nodes},
        )
        if result.x is None:
            return None
        at = np.zeros(len(self.worth))
        at[kept] = np.round(result.x[: len(kept)]) if whole else result.x[: len(kept)]
        return at, float(result.x[len(kept) :].sum())


def programme(problem: Problem, limits: Limits, known: Sequence[Ints] = ()) -> list[Ints]:
    """Choices that the programme proposes, one a round, the last the best by its own account.

    ``known`` are good choices that stay open to a large plan.
    """
    count, months = problem.money.shape
    free = limits.allowed.ravel()
    model = _prepared(problem, limits)
    if not len(model.weight) or not free.any():
        return []
    model.touch(np.zeros(count * months))
    open_starts = np.zeros(count * months, dtype=bool)
    for starts in known:
        at = _variables(starts, months)
        open_starts |= at > 0
        model.touch(at)
    for at in _rounds(model, free, whole=False):
        open_starts |= at > 1e-6
    if count * months <= LARGE:
        open_starts = free
    return [_starts(at, count, months) for at in _rounds(model, open_starts & free, whole=True)]


def _rounds(model: _Programme, open_starts: Bools, whole: bool) -> list[Floats]:
    """Solve and add tangents until they meet the spend."""
    found: list[Floats] = []
    for _ in range(model.effort.rounds[whole]):
        solved = model.solved(open_starts, whole)
        if solved is None:
            break
        found.append(solved[0])
        if model.touch(solved[0]) - solved[1] <= model.effort.close:
            break
    return found


def _prepared(problem: Problem, limits: Limits) -> _Programme:
    count, months = problem.money.shape
    weight = np.maximum(problem.aim.saving, 0.0)
    scale = float(weight.sum()) or 1.0
    logs = np.log1p(-np.minimum(problem.saved, MOST_SAVED)).reshape(count * months, months)
    acting = problem.expectation.groups.acting
    used = np.flatnonzero(acting.any(axis=1) & (weight.sum(axis=1) > 0))
    rows = len(used) if count * months <= LARGE else min(_ROWS, len(used))
    bucket = np.zeros((rows, len(used)))
    bucket[np.arange(len(used)) % max(rows, 1), np.arange(len(used))] = 1.0
    return _Programme(
        acting=np.repeat(acting[used], months, axis=1),
        weight=weight[used] / scale,
        logs=logs,
        bucket=bucket,
        worth=problem.money.ravel() / scale,
        limits=_constraints(limits, count, months),
        effort=_SMALL_EFFORT if count * months <= LARGE else _LARGE_EFFORT,
    )


def _narrowed(rule: LinearConstraint, kept: Ints, rows: int) -> LinearConstraint:
    """The constraint on the starts that stay open, and on no spend."""
    matrix = rule.A[:, kept]
    padded = sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], rows))], format="csr")
    return LinearConstraint(padded, rule.lb, rule.ub)


def _constraints(limits: Limits, count: int, months: int) -> list[LinearConstraint]:
    """Each initiative at most once, one of the alternatives, dependents after predecessors, and the limits."""
    once: Floats = np.kron(np.eye(count), np.ones(months)).astype(np.float64)
    rows: list[tuple[Floats, Floats]] = [(once, np.ones(count))]
    for group in sorted({name for name in limits.alternative if name}):
        members = np.repeat([name == group for name in limits.alternative], months).astype(float)
        rows.append((members[None, :], np.ones(1)))
    for at, waits in enumerate(limits.waits):
        for before, lag in waits:
            rows.append((_after(at, before, lag, count, months), np.zeros(months)))
    if len(limits.most):
        rows.append((limits.use.reshape(count * months, -1).T, limits.most))
    return [LinearConstraint(sparse.csc_array(rule), -np.inf, most) for rule, most in rows]


def _after(at: int, before: int, lag: int, count: int, months: int) -> Floats:
    """One row a month: who has started by then had its predecessor start ``lag`` months earlier or more."""
    rule = np.zeros((months, count, months))
    for month in range(months):
        rule[month, at, : month + 1] = 1
        rule[month, before, : max(0, month + 1 - lag)] = -1
    return rule.reshape(months, count * months)


def _variables(starts: Ints, months: int) -> Floats:
    table = np.zeros((len(starts), months))
    chosen = np.flatnonzero(starts != OUT)
    table[chosen, starts[chosen]] = 1.0
    return table.ravel()


def _starts(at: Floats, count: int, months: int) -> Ints:
    table = at.reshape(count, months)
    return np.where(table.max(axis=1) > 0.5, table.argmax(axis=1), OUT).astype(np.int64)
