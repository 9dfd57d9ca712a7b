"""What stood idle, in money: the cost of a machine times the share of the day in which it was not used.

Conventions: a machine without a reading is neither idle nor used: its cost is *not measured*, and counted. A reading
counts for the machine that it names, else for those that serve the model that it names (``readings``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.measures import REAL_TIME
from costlib.analysis.units.readings import QUEUED, REQUESTS, SHARES, Basis, Reading, tail

_ONE, _NONE = Decimal(1), Decimal(0)
_WIDE = Context(prec=60)


@dataclass(frozen=True)
class Machine:
    """What a machine cost a team on a day; ``gpu`` where its cost is that of an accelerator.

    ``basis`` and ``used`` are given where the bill's own usage records tell them, as those of shared pools do.
    """

    day: date
    team: str | None
    model: str | None
    resource: str | None
    stage: str | None
    cost: Amount
    gpu: bool
    basis: Basis | None = None
    used: Decimal | None = None

    @property
    def serves(self) -> bool:
        """Whether a reading of its model can be meant for it: training and the like are not what serves."""
        return self.stage in (REAL_TIME, None)


@dataclass(frozen=True)
class Stood:
    """A team's part of an endpoint, machine or pool over the period: its cost where measured, and what stood idle."""

    team: str | None
    name: str
    basis: Basis
    cost: Decimal
    idle: Decimal
    requests: Amount = None
    queued: Amount = None

    @property
    def used(self) -> Decimal | None:
        """The share of the cost that was used; None where there is no cost."""
        return money.ratio(self.cost - self.idle, self.cost)


@dataclass(frozen=True)
class IdleFound:
    """What stood idle, most idle money first, and what nobody measured.

    ``unmeasured`` is cost by team; ``unknown`` counts machine days whose cost the bill does not tell.
    """

    stood: tuple[Stood, ...] = ()
    unmeasured: tuple[tuple[str | None, Decimal], ...] = ()
    unknown: int = 0

    @property
    def idle(self) -> Decimal:
        """All idle money."""
        return money.exact_sum(one.idle for one in self.stood)

    @property
    def cost(self) -> Decimal:
        """The cost of all that was measured."""
        return money.exact_sum(one.cost for one in self.stood)

    @property
    def not_measured(self) -> Decimal:
        """The cost of all that was not."""
        return money.exact_sum(cost for _, cost in self.unmeasured)


@dataclass
class _Sums:
    cost: Decimal = _NONE
    idle: Decimal = _NONE
    requests: Amount = None
    queued: Amount = None


@dataclass
class _Day:
    """The readings of one machine, or of one model, on one day."""

    shares: defaultdict[str, list[tuple[Decimal, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    counts: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def best(self, *, gpu: bool) -> tuple[Basis, Decimal] | None:
        """The most telling measure and its mean; the CPU tells nothing of an accelerator."""
        for basis in SHARES:
            if self.shares[basis] and not (gpu and basis is Basis.CPU):
                weight = money.exact_sum(weight for _, weight in self.shares[basis])
                whole = money.exact_sum(_WIDE.multiply(share, weight) for share, weight in self.shares[basis])
                return basis, _WIDE.divide(whole, weight)
        return None


def idle_of(machines: Iterable[Machine], readings: Iterable[Reading]) -> IdleFound:
    """What stood idle of the machines, by readings that were ``matched``.

    >>> day = date(2026, 9, 1)
    >>> machine = Machine(day, "Fraud", "scorer", "endpoint/scorer", REAL_TIME, Decimal(100), gpu=True)
    >>> found = idle_of([machine], [Reading(day, "endpoint/scorer", None, "engine active", Decimal("0.3"))])
    >>> found.stood[0].name, str(found.idle), str(found.not_measured)
    ('endpoint/scorer', '70.0', '0')
    """
    days = _by_key(readings)
    sums: defaultdict[tuple[str | None, str, Basis], _Sums] = defaultdict(_Sums)
    unmeasured: defaultdict[str | None, Decimal] = defaultdict(Decimal)
    counted: set[tuple[date, str]] = set()
    unknown = 0
    for machine in machines:
        key, read = _read(machine, days)
        used = _used(machine, read)
        if machine.cost is None:
            unknown += 1
        elif used is None:
            unmeasured[machine.team] = _WIDE.add(unmeasured[machine.team], machine.cost)
        else:
            row = sums[machine.team, machine.resource or "no resource named", used[0]]
            row.cost = _WIDE.add(row.cost, machine.cost)
            row.idle = _WIDE.add(row.idle, _WIDE.multiply(machine.cost, _ONE - used[1]))
            if read is not None and (machine.day, key) not in counted:
                counted.add((machine.day, key))
                row.requests = _plus(row.requests, read.counts.get(REQUESTS))
                row.queued = _plus(row.queued, read.counts.get(QUEUED))
    stood = [
        Stood(team, name, basis, row.cost, row.idle, row.requests, row.queued)
        for (team, name, basis), row in sums.items()
    ]
    stood.sort(key=lambda one: (-one.idle, -one.cost, one.name, one.team or ""))
    rest = sorted(unmeasured.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    return IdleFound(tuple(stood), tuple(rest), unknown)


def by_team(stood: Sequence[Stood]) -> list[tuple[str | None, Decimal, Decimal]]:
    """Team, cost and idle money, most idle first."""
    found: defaultdict[str | None, list[Stood]] = defaultdict(list)
    for one in stood:
        found[one.team].append(one)
    rows = [
        (team, money.exact_sum(one.cost for one in own), money.exact_sum(one.idle for one in own))
        for team, own in found.items()
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0] or ""))


def _by_key(readings: Iterable[Reading]) -> dict[tuple[date, str], _Day]:
    """The readings of each machine, and of each model (its name after a colon) where no machine is named, by day."""
    days: defaultdict[tuple[date, str], _Day] = defaultdict(_Day)
    for one in readings:
        held = days[one.day, one.resource or f":{one.model}"]
        if one.measure in SHARES:
            held.shares[one.measure].append((one.value, one.weight))
        else:
            held.counts[one.measure] = _WIDE.add(held.counts[one.measure], one.value)
    return dict(days)


def _read(machine: Machine, days: dict[tuple[date, str], _Day]) -> tuple[str, _Day | None]:
    """The key of the machine's readings on its day, and the readings: its own, else its model's where it serves."""
    for key in _keys(machine):
        found = days.get((machine.day, key))
        if found is not None:
            return key, found
    return "", None


def _keys(machine: Machine) -> Iterator[str]:
    if machine.resource is not None:
        yield machine.resource
    if machine.model is not None and machine.serves:
        yield f":{machine.model}"


def _used(machine: Machine, read: _Day | None) -> tuple[Basis, Decimal] | None:
    if machine.basis is not None:
        return None if machine.used is None else (machine.basis, machine.used)
    return read.best(gpu=machine.gpu) if read else None


def _plus(amount: Amount, more: Amount) -> Amount:
    return amount if more is None else _WIDE.add(amount or _NONE, more)


def short_names(stood: Sequence[Stood]) -> dict[str, str]:
    """The last part of each name, or the whole where two end alike.

    >>> rows = [Stood(None, name, Basis.CPU, _ONE, _ONE) for name in ("x/a", "y/a", "z/b")]
    >>> short_names(rows)
    {'x/a': 'x/a', 'y/a': 'y/a', 'z/b': 'b'}
    """
    names = dict.fromkeys(one.name for one in stood)
    tails = [tail(name) for name in names]
    return {name: tail if tails.count(tail) == 1 else name for name, tail in zip(names, tails, strict=True)}
