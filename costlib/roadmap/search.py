"""Better choices by small steps: add, drop, move and swap until none helps.

Conventions: a choice is an array of start months, ``OUT`` for initiatives that are left out. Steps are ranked by an
estimate in which every initiative's mean factor is independent of the others' (exact without dependencies), and taken
only where the exact expectation rises. Nothing is left to chance: the same problem gives the same choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.roadmap.expected import OUT, Aim, Expectation
from costlib.roadmap.limits import Limits
from costlib.roadmap.products import product

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Score = Callable[[Ints], float]

#: Steps tried a round, best estimate first; rounds at most; a gain below this share of the value is noise.
_TRIES, ROUNDS, _NOISE = 12, 60, 1e-10


@dataclass(frozen=True)
class Problem:
    """An expectation, an aim and what each initiative alone does from each start, ``[initiative, start, month]``."""

    expectation: Expectation
    aim: Aim
    saved: Floats
    money: Floats

    @classmethod
    def of(cls, expectation: Expectation, aim: Aim) -> Problem:
        """Work out every initiative alone from every start."""
        months, count = expectation.plan.plan.months, len(expectation.initiatives)
        saved, money = np.zeros((count, months, months)), np.zeros((count, months))
        for at in range(count):
            for start in range(months):
                share, other = expectation.alone(at, start)
                saved[at, start] = share * expectation.cash[at]
                money[at, start] = aim.money @ other
        return cls(expectation, aim, saved, money)

    def aimed(self, aim: Aim) -> Problem:
        """The same initiatives with an aim that counts savings and no other money."""
        return Problem(self.expectation, aim, self.saved, np.zeros_like(self.money))

    def value(self, starts: Ints) -> float:
        """Exact expectation of the aim."""
        return self.expectation.value(starts, self.aim)

    def estimate_is_exact(self, at: int) -> bool:
        """Whether what an initiative adds is estimated exactly: it stands alone and all savings are cash at once."""
        family = self.expectation.families[self.expectation.family_of[at]]
        return len(family.members) == 1 and self.expectation.all_cash

    def gains_of(self, starts: Ints, at: int) -> Floats:
        """What adding one initiative at each start would bring, estimated."""
        left = self.aim.saving * self.expectation.kept(starts)
        found: Floats = self.saved[at] @ (self.expectation.groups.acting[:, at] @ left) + self.money[at]
        return found

    def gains(self, starts: Ints) -> Floats:
        """What adding each initiative at each start would bring, estimated, ``[initiative, start]``."""
        left = self.aim.saving * self.expectation.kept(starts)
        reachable = product(self.expectation.groups.acting.T, left)
        found: Floats = np.einsum("imt,it->im", self.saved, reachable) + self.money
        return found


def improved(
    problem: Problem,
    limits: Limits,
    starts: Ints,
    score: Score | None = None,
    trades: bool = True,
    rounds: int = ROUNDS,
) -> Ints:
    """A choice that no step of the search betters; ``starts`` must keep within the limits.

    Without ``trades`` the search adds, drops and moves only, which is quicker.
    """
    worth = score or problem.value
    best, value = starts, worth(starts)
    for _ in range(rounds):
        step = next(
            (
                (tried, found)
                for tried in _steps(problem, limits, best, trades, worth == problem.value)
                if (found := worth(tried)) > value + _NOISE * max(1.0, abs(value))
            ),
            None,
        )
        if step is None:
            break
        best, value = step
    return best


def _steps(problem: Problem, limits: Limits, starts: Ints, trading: bool, own_value: bool) -> Iterator[Ints]:
    """Choices near ``starts`` that keep within the limits, promising kinds first."""
    yield from _additions(problem, limits, starts, _TRIES)
    chosen = [int(at) for at in np.flatnonzero(starts != OUT)]
    trades: list[tuple[float, Ints]] = []
    value = problem.value(starts) if trading else 0.0
    for at in chosen:
        yield from _moves(problem, limits, starts, at, own_value and problem.estimate_is_exact(at))
        without = dropped(limits, starts, at)
        yield without
        if not trading:
            continue
        loss = value - problem.value(without)
        trades += [(gain - loss, tried) for gain, tried in _ranked(problem, limits, without, 3)]
    trades.sort(key=lambda trade: -trade[0])
    for _, tried in trades[: 3 * _TRIES]:
        yield filled(problem, limits, tried)


def filled(problem: Problem, limits: Limits, starts: Ints) -> Ints:
    """The choice with whatever still fits and pays, best first."""
    while True:
        tried = next(_additions(problem, limits, starts, 1), None)
        if tried is None:
            return starts
        starts = tried


def dropped(limits: Limits, starts: Ints, at: int) -> Ints:
    """The choice without an initiative and what waits for it."""
    without = starts.copy()
    without[[at, *limits.dependents(at)]] = OUT
    return without


def _additions(problem: Problem, limits: Limits, starts: Ints, count: int) -> Iterator[Ints]:
    return (tried for gain, tried in _ranked(problem, limits, starts, count) if gain > 0)


def _ranked(problem: Problem, limits: Limits, starts: Ints, count: int) -> list[tuple[float, Ints]]:
    """The best additions, one start an initiative, with their estimated gain."""
    fits, _ = limits.open_starts(starts, limits.used(starts))
    gains = np.where(fits, problem.gains(starts), -np.inf)
    if not gains.size:
        return []
    when = gains.argmax(axis=1)
    best = gains[np.arange(len(when)), when]
    found = []
    for at in np.argsort(-best, kind="stable")[:count]:
        if best[at] == -np.inf:
            break
        tried = starts.copy()
        tried[at] = when[at]
        found.append((float(best[at]), tried))
    return found


def _moves(problem: Problem, limits: Limits, starts: Ints, at: int, trusted: bool) -> Iterator[Ints]:
    """The initiative at other start months, best estimate first; what waits for it must still fit.

    Where the estimate can be ``trusted``, only months that better the present one.
    """
    without = starts.copy()
    without[at] = OUT
    estimate = problem.gains_of(without, at)
    gains = np.where(limits.open_months(without, at), estimate, -np.inf)
    if trusted:
        gains[gains <= estimate[starts[at]]] = -np.inf
    for when in np.argsort(-gains, kind="stable")[:3]:
        if gains[when] == -np.inf:
            break
        tried = without.copy()
        tried[at] = when
        if when != starts[at] and limits.kept(tried):
            yield tried
