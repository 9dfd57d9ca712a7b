"""Why a choice is as it is: what each initiative is worth, why others are left out, which limits hold it back.

Conventions: ``score`` ranks choices; ``measure`` says what one achieves in the goal's unit (money or a probability),
None where it misses the goal; ``problems`` propose the steps of a search, the last of them by NPV. An initiative's
worth is what the best choice achieves beyond the best found without it. A limit binds where it alone or with others
keeps out an addition or a better start month that would pay; its shadow price is what the best choice found gains from
one unit more: a person-week in that month, 10,000 of the currency. Since initiatives are done whole or not at all, one
unit may buy nothing while a few would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from costlib.periods import Grain, period_name
from costlib.roadmap.cuts import LARGE
from costlib.roadmap.expected import OUT
from costlib.roadmap.limits import MORE_MONEY, MORE_PEOPLE, Limits
from costlib.roadmap.plan_names import names_by_id
from costlib.roadmap.search import ROUNDS, Problem, Score, dropped, filled
from costlib.roadmap.solve import by_turns, nothing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Measure = Callable[[Ints], float | None]

_MOST_BINDING = 12
_BETTER = 4


@dataclass(frozen=True)
class Choice:
    """An initiative that is done: from when, what it adds, what would be done in its place.

    ``worth`` is None where the goal is met later, or not, without it.
    """

    id: str
    start: str
    worth: float | None
    instead: tuple[str, ...]


@dataclass(frozen=True)
class Omission:
    """An initiative that is not done, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Binding:
    """A limit that holds the plan back. ``gain`` is what one ``unit`` more would buy, None where none can be bought."""

    kind: str
    what: str
    when: str
    most: float
    used: float
    unit: str
    gain: float | None


@dataclass(frozen=True)
class Breach:
    """A limit that the plan as it stands breaks: ``kind`` as of a limit, or earliest_start with an initiative's id."""

    kind: str
    what: str
    when: str
    most: float
    used: float


def choices(
    problems: Sequence[Problem], limits: Limits, starts: Ints, score: Score, measure: Measure, rounds: int = ROUNDS
) -> tuple[Ints, list[Choice]]:
    """Each initiative of the best choice against the best without it; the choice itself, if a better one turned up."""
    problem = problems[-1]
    rivals = _rivals(problems, limits, starts, score, rounds)
    for _ in range(_BETTER if problem.money.size <= LARGE else 1):
        better = max(rivals.values(), key=score, default=starts)
        if score(better) <= score(starts) + 1e-9 * max(1.0, abs(score(starts))):
            break
        starts = better
        rivals = _rivals(problems, limits, starts, score, rounds)
    plan = problem.expectation.plan
    names = [one.id for one in problem.expectation.initiatives]
    found = []
    for at, rival in rivals.items():
        instead = tuple(names[other] for other in np.flatnonzero((rival != OUT) & (starts == OUT)))
        worth = _more(measure, starts, rival)
        found.append(Choice(names[at], plan.months[int(starts[at])], worth, instead))
    return starts, found


def _more(measure: Measure, starts: Ints, rival: Ints) -> float | None:
    """What a choice achieves beyond a lesser one; None where either misses the goal."""
    whole, less = measure(starts), measure(rival)
    return None if whole is None or less is None else max(0.0, whole - less)


def _rivals(problems: Sequence[Problem], limits: Limits, starts: Ints, score: Score, rounds: int) -> dict[int, Ints]:
    """The best choice found without each of the chosen."""
    return {int(at): _without(problems, limits, starts, score, int(at), rounds) for at in np.flatnonzero(starts != OUT)}


def _without(problems: Sequence[Problem], limits: Limits, starts: Ints, score: Score, at: int, rounds: int) -> Ints:
    barred = limits.without(at)
    bare = dropped(limits, starts, at)
    begun = [filled(problem, barred, bare) for problem in problems]
    if problems[-1].money.size <= LARGE:
        begun += [bare, *(filled(problem, barred, nothing(problem)) for problem in problems)]
    return by_turns(problems, barred, begun, score, rounds)


def omissions(problem: Problem, limits: Limits, starts: Ints) -> list[Omission]:
    """The first reason that applies to each initiative that is not done."""
    fits, free = limits.open_starts(starts, limits.used(starts))
    gains = problem.gains(starts)
    initiatives = problem.expectation.initiatives
    names = names_by_id(problem.expectation.plan.initiatives)
    taken = {limits.alternative[at]: names[initiatives[at].id] for at in np.flatnonzero(starts != OUT)}
    found = []
    for at in np.flatnonzero(starts == OUT):
        one = initiatives[at]
        missing = [names[initiatives[before].id] for before, _ in limits.waits[at] if starts[before] == OUT]
        paying = free[at] & (gains[at] > 0)
        if one.alternative_group and one.alternative_group in taken:
            reason = f"{taken[one.alternative_group]}, its alternative, is done"
        elif missing:
            reason = f"{' and '.join(missing)}, which it depends on, {'is' if len(missing) == 1 else 'are'} not done"
        elif not free[at].any():
            reason = "no month of the plan is left for it"
        elif not paying.any():
            lacks = "would save nothing" if gains[at][free[at]].max() == 0 else "costs more than it would still save"
            reason = f"it {lacks} beside the others"
        elif not (paying & fits[at]).any():
            reason = (
                f"no room: {_blocking(limits, starts, int(at), int(np.argmax(np.where(paying, gains[at], -np.inf))))}"
            )
        else:
            reason = "it does not serve the goal"
        found.append(Omission(one.id, reason))
    return found


def _blocking(limits: Limits, starts: Ints, at: int, start: int) -> str:
    over = limits.used(starts) + limits.use[at, start] > limits.most + limits.tolerance
    first = limits.limits[int(np.flatnonzero(over)[0])]
    by_month = first.kind == "capacity"
    when = period_name(date.fromisoformat(f"{first.when}-01"), Grain.MONTH) if by_month else first.when
    return " in ".join(word for word in (first.what.replace("_", " "), when) if word)


def breaches(problem: Problem, limits: Limits, starts: Ints) -> list[Breach]:
    """What keeps a choice, most often the plan as it stands, from being a best plan; nothing where it may be one."""
    used, plan = limits.used(starts), problem.expectation.plan
    found = []
    for at in np.flatnonzero(starts != OUT):
        if not limits.allowed[at, starts[at]]:
            one, first = problem.expectation.initiatives[at], int(limits.allowed[at].argmax())
            found.append(Breach("earliest_start", one.id, plan.months[first], float(first), float(starts[at])))
    for number in limits.broken(starts):
        limit = limits.limits[number]
        found.append(Breach(limit.kind, limit.what, limit.when, limit.most, float(used[number])))
    return found


def binding(
    problems: Sequence[Problem], limits: Limits, starts: Ints, score: Score, measure: Measure, rounds: int = ROUNDS
) -> list[Binding]:
    """The limits that keep out what would pay, the dearest first, at most a dozen."""
    problem = problems[-1]
    blocked = _blocked(problem, limits, starts)
    numbers = [int(n) for n in np.argsort(-blocked, kind="stable")[:_MOST_BINDING] if blocked[n] > 0]
    used, found = limits.used(starts), []
    for number in numbers:
        limit = limits.limits[number]
        more, unit = _unit(limit.kind, problem.expectation.plan.plan.currency)
        gain = None
        if more:
            loosened = limits.loosened(number, more)
            begun = [starts, *(filled(one, loosened, starts) for one in problems)]
            better = by_turns(problems, loosened, begun, score, rounds)
            gain = _more(measure, better, starts)
        found.append(Binding(limit.kind, limit.what, limit.when, limit.most, float(used[number]), unit, gain))
    return sorted(found, key=lambda one: -(one.gain or 0.0))


def _unit(kind: str, currency: str) -> tuple[float, str]:
    if kind == "capacity":
        return MORE_PEOPLE, "1 person-week"
    if kind == "quality":
        return 0.0, "quality"
    return MORE_MONEY, f"{MORE_MONEY:,.0f} {currency}"


def _blocked(problem: Problem, limits: Limits, starts: Ints) -> Floats:
    """The largest gain that each limit keeps out, over additions and better start months."""
    most = np.zeros(len(limits.limits))
    _keep_out(problem, limits, starts, most, None)
    for at in np.flatnonzero(starts != OUT):
        without = starts.copy()
        without[at] = OUT
        _keep_out(problem, limits, without, most, (int(at), int(starts[at])))
    return most


def _keep_out(problem: Problem, limits: Limits, starts: Ints, most: Floats, moved: tuple[int, int] | None) -> None:
    used = limits.used(starts)
    fits, free = limits.open_starts(starts, used)
    gains = problem.gains(starts)
    shut = free & ~fits
    if moved:
        at, start = moved
        shut[np.arange(len(starts)) != at] = False
        gains = gains - gains[at, start]
    for at, start in zip(*np.nonzero(shut & (gains > 0)), strict=True):
        over = used + limits.use[at, start] > limits.most + limits.tolerance
        most[over] = np.maximum(most[over], gains[at, start])
