"""The best choice that was found under a plan's limits: programme first, exact search after.

Conventions: as in ``search``. Small plans are solved by the programme to its own proof; all are then searched exactly
from the programme's proposals and from the greedy choice. The same problem gives the same choice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.cuts import LARGE, programme
from costlib.roadmap.expected import OUT
from costlib.roadmap.limits import Limits
from costlib.roadmap.search import ROUNDS, Problem, Score, filled, improved

Ints = NDArray[np.int64]

_STARTS = 3


def nothing(problem: Problem) -> Ints:
    """The choice of no initiative at all."""
    return np.full(len(problem.expectation.initiatives), OUT, dtype=np.int64)


def best(problem: Problem, limits: Limits, score: Score | None = None, known: Sequence[Ints] = ()) -> Ints:
    """The best choice found; ``known`` are choices to begin from as well, ``score`` replaces the problem's value."""
    worth = score or problem.value
    greedy = improved(problem, limits, filled(problem, limits, nothing(problem)))
    proposed = [greedy, *(one for one in known if limits.kept(one)), nothing(problem)]
    proposed += [one for one in programme(problem, limits, [greedy]) if limits.kept(one)]
    distinct = list({one.tobytes(): one for one in proposed}.values())
    distinct.sort(key=worth, reverse=True)
    found = [improved(problem, limits, one, score) for one in distinct[:_STARTS]]
    return max(found, key=worth)


def nearby(
    problem: Problem, limits: Limits, starts: Sequence[Ints], score: Score | None = None, rounds: int = ROUNDS
) -> Ints:
    """The best choice that the exact search alone finds from each of ``starts``; a large plan is not traded through."""
    worth = score or problem.value
    trades = problem.money.size <= LARGE
    return max((improved(problem, limits, one, score, trades, rounds) for one in starts), key=worth)


def by_turns(
    problems: Sequence[Problem], limits: Limits, starts: Sequence[Ints], score: Score, rounds: int = ROUNDS
) -> Ints:
    """The best choice found ``nearby``, its steps proposed by each of the problems in turn.

    What serves a goal need not pay, and what pays need not serve it: a step is tried only where its problem gains.
    """
    for problem in problems:
        starts = [nearby(problem, limits, starts, score, rounds)]
    return starts[0]
