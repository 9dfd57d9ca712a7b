"""The decision ledger: what was asked and promised, what the plan says now, what came, what finance booked.

Conventions: money over the months of the plan that are named by each figure, in the plan's currency. *Promised* is
what was approved: it was written down when the ask was and never changes. *Asked* is the same of an ask that is still
open. *Simulated* is the plan's credit in cash as it stands today; *realised* and *booked* are sums of likely and of
signed amounts up to now; *due* is the part of the simulated credit that should have come by now. Nothing is counted for
two decisions: an initiative that several name belongs to the one that was decided first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from costlib.roadmap.figures import headline
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.savings.booked import Booking, Entry
from costlib.roadmap.simulate import Simulation, simulate
from costlib.roadmap.spend import Actuals, Baseline

WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True)
class Decision:
    """An ask, who decides it by when, what it is about and what was promised for it; ``decided`` is None while open.

    ``promised`` is gross saving by initiative over the plan's months, as simulated when it was asked for; it is a
    promise once ``approved``.
    """

    id: str
    ask: str
    owner: str
    deadline: date
    promised: Mapping[str, float]
    amount: float = 0.0
    decided: date | None = None
    approved: bool | None = None


@dataclass(frozen=True)
class Repeat:
    """Initiatives that the decision ``again`` names although the decision ``first`` names them, by id."""

    initiatives: tuple[str, ...]
    first: str
    again: str


@dataclass(frozen=True)
class LedgerRow:
    """Figures of one decision or one lever, money; ``realised`` is None where nothing of it was measured."""

    key: str
    promised: float
    simulated: float
    due: float
    realised: float | None
    booked: float
    overdue: bool
    asked: float = 0.0


def counted_once(decisions: Sequence[Decision]) -> tuple[list[Decision], list[Repeat]]:
    """The decisions in their order, each initiative left with one of them, and what was taken from which.

    An initiative stays with the decision that was decided first; of open asks, with the first that is given.

    >>> one, two = (Decision(name, "", "", date.max, {"a": 5.0}) for name in ("one", "two"))
    >>> (_, kept), repeats = counted_once([one, two])
    >>> dict(kept.promised), repeats
    ({}, [Repeat(initiatives=('a',), first='one', again='two')])
    """
    first: dict[str, str] = {}
    for one in sorted(decisions, key=lambda held: held.decided or date.max):
        for name in one.promised:
            first.setdefault(name, one.id)
    kept = []
    taken: dict[tuple[str, str], list[str]] = {}
    for one in decisions:
        kept.append(replace(one, promised={name: held for name, held in one.promised.items() if first[name] == one.id}))
        for name in one.promised.keys() - kept[-1].promised.keys():
            taken.setdefault((first[name], one.id), []).append(name)
    return kept, [Repeat(tuple(sorted(names)), *pair) for pair, names in taken.items()]


def ledger(
    decisions: Sequence[Decision],
    result: Simulation,
    realised: Sequence[Entry],
    bookings: Sequence[Booking],
    today: date,
) -> list[LedgerRow]:
    """One row a decision; an initiative that several name is counted with the first (``counted_once``).

    A decision is overdue where it is open after its deadline.
    """
    lines = {line.key: line for line in _lines(result, realised, bookings, today)}
    rows = []
    for one in counted_once(decisions)[0]:
        own = [lines[name] for name in one.promised if name in lines]
        overdue = one.decided is None and today > one.deadline
        total = sum(one.promised.values())
        promised, asked = total if one.approved else 0.0, total if one.approved is None else 0.0
        rows.append(replace(_added(one.id, own), promised=promised, asked=asked, overdue=overdue))
    return rows


def by_lever(
    decisions: Sequence[Decision],
    result: Simulation,
    realised: Sequence[Entry],
    bookings: Sequence[Booking],
    today: date,
) -> list[LedgerRow]:
    """The same by lever, largest promise first: what kind of promise is kept and what kind is not."""
    approved = [one for one in counted_once(decisions)[0] if one.approved]
    promised = {name: amount for one in approved for name, amount in one.promised.items()}
    lever_of = {one.id: one.lever or "no lever" for one in result.plan.initiatives}
    lines: dict[str, list[LedgerRow]] = {}
    for line in _lines(result, realised, bookings, today):
        lines.setdefault(lever_of[line.key], []).append(replace(line, promised=promised.get(line.key, 0.0)))
    return sorted((_added(lever, own) for lever, own in lines.items()), key=lambda row: (-row.promised, row.key))


def delay_cost(
    plan: Plan, initiatives: Sequence[str], forecast: Baseline | None = None, actuals: Actuals | None = None
) -> float:
    """What a week's delay of these initiatives costs: the NPV lost by starting a month later, by the week.

    Positive is a loss. One-off cost that is paid later is a gain and is counted. Raises as ``simulate`` does.
    """
    late = tuple(plan.moved(one, plan.start_of(one) + 1) if one.id in initiatives else one for one in plan.initiatives)
    now = headline(simulate(plan, forecast, actuals)).npv
    later = headline(simulate(plan.model_copy(update={"initiatives": late}), forecast, actuals)).npv
    return (now - later) / WEEKS_A_MONTH


def _lines(result: Simulation, realised: Sequence[Entry], bookings: Sequence[Booking], today: date) -> list[LedgerRow]:
    """One row an initiative, without what was promised."""
    passed = min(max(result.plan.month_index(today.replace(day=1)), 0), result.plan.plan.months)
    rows = []
    for at, one in enumerate(result.plan.initiatives):
        due = float(result.credit[at, :passed].sum())
        came = [entry.amount for entry in realised if entry.initiative == one.id]
        signed = sum(entry.amount for entry in bookings if entry.initiative == one.id)
        whole = float(result.credit[at].sum())
        rows.append(LedgerRow(one.id, 0.0, whole, due, sum(came) if came else None, signed, overdue=False))
    return rows


def _added(key: str, rows: Sequence[LedgerRow]) -> LedgerRow:
    sums = {name: sum(float(getattr(one, name)) for one in rows) for name in ("promised", "simulated", "due", "booked")}
    came = [one.realised for one in rows if one.realised is not None]
    return LedgerRow(key=key, realised=sum(came) if came else None, overdue=False, **sums)
