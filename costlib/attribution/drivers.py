"""Drivers: how much of a pool falls to whom in one period, as weights whose sum is the whole pool.

Conventions: weights are exact fractions of no unit, at least 0; a receiver is any key, None is demand whose owner is
unknown. *Reserved* hours are the larger of requested and used; *idle* is capacity of the nodes less what is reserved.
No portion at all means that the driver is zero or unknown: the cost then stays unallocated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from costlib.attribution.shapley import nodes, peak_values
from costlib.focus import IDLE, SHARED, UNALLOCATED

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Demand:
    """Hours of one receiver on one node in one hour (None: the whole period); ``idle`` marks capacity unreserved."""

    receiver: Key | None
    reserved: Decimal
    used: Decimal | None = None
    hour: int | None = None
    node: str | None = None
    idle: bool = False


@dataclass(frozen=True)
class Portion:
    """One receiver's weight as one kind of cost, with the hours behind it."""

    kind: str
    receiver: Key | None
    weight: Fraction
    reserved: Decimal | None = None
    used: Decimal | None = None


@dataclass(frozen=True)
class IdlePolicy:
    """What becomes of idle capacity: ``own line``, ``reserved`` (by cluster or by node), or ``shares``."""

    name: str = "own line"
    by_node: bool = False
    shares: Mapping[Key, Decimal] | None = None


def weighted(weights: Mapping[Key, Decimal | Fraction]) -> list[Portion]:
    """Portions by given weights: fixed shares, even parts, direct cost. A weight below 0 counts as 0."""
    known = {key: Fraction(weight) for key, weight in weights.items() if weight > 0}
    return [Portion(SHARED, key, weight) for key, weight in known.items()]


def measured(demands: Sequence[Demand], basis: str, policy: IdlePolicy) -> list[Portion]:
    """Portions by hours reserved or used (``basis``), idle capacity by the policy.

    By ``used``, what was reserved and not used is idle; where use is unknown there is no portion.
    """
    if basis == "used" and any(demand.used is None for demand in demands if not demand.idle):
        return []
    wanted = [demand for demand in demands if not demand.idle]
    weights: defaultdict[Key | None, Fraction] = defaultdict(Fraction)
    idle: defaultdict[str | None, Fraction] = defaultdict(Fraction)
    for demand in demands:
        taken = Fraction(0) if demand.idle else Fraction(_weight(demand, basis))
        idle[demand.node] += max(Fraction(demand.reserved) - taken, Fraction(0))
        if not demand.idle:
            weights[demand.receiver] += taken
    return [*_portions(weights, wanted), *_idle(idle, wanted, policy)]


def quota(
    demands: Sequence[Demand], quotas: Mapping[Key, Decimal], node_size: Decimal, policy: IdlePolicy
) -> list[Portion]:
    """Portions in nodes: those within the quotas by hours reserved, those above by demand above quota at the peak.

    The peak is every hour that needs the day's highest number of whole nodes. Capacity beyond that number is idle.
    """
    wanted = [demand for demand in demands if not demand.idle]
    by_hour = _hourly(wanted)
    totals = {hour: sum(taken.values(), Decimal(0)) for hour, taken in by_hour.items()}
    needed = max((nodes(total, node_size) for total in totals.values()), default=0)
    if not needed:
        return []
    within = min(needed, nodes(sum(quotas.values(), Decimal(0)), node_size))
    above: defaultdict[Key | None, Fraction] = defaultdict(Fraction)
    reserved: defaultdict[Key | None, Fraction] = defaultdict(Fraction)
    for hour, taken in by_hour.items():
        for receiver, units in taken.items():
            reserved[receiver] += Fraction(units)
            if nodes(totals[hour], node_size) == needed:
                allowed = quotas.get(receiver, Decimal(0)) if receiver else Decimal(0)
                above[receiver] += max(Fraction(units) - Fraction(allowed), Fraction(0))
    weights = _scaled(reserved, within)
    for receiver, weight in _scaled(above, needed - within).items():
        weights[receiver] += weight
    return [*_portions(weights, wanted), *_idle_nodes(demands, needed, node_size, policy)]


def shapley_peak(demands: Sequence[Demand], node_size: Decimal, policy: IdlePolicy) -> list[Portion]:
    """Portions in nodes: each receiver's Shapley value of the nodes that the day's highest hour needs."""
    wanted = [demand for demand in demands if not demand.idle]
    by_hour = _hourly(wanted)
    players = list(dict.fromkeys(demand.receiver for demand in wanted))
    profiles = {one: [taken.get(one, Decimal(0)) for taken in by_hour.values()] for one in players}
    values = peak_values(profiles, node_size)
    needed = sum(values.values(), Fraction(0))
    return [*_portions(values, wanted), *_idle_nodes(demands, int(needed), node_size, policy)] if needed else []


def _weight(demand: Demand, basis: str) -> Decimal:
    if basis != "used":
        return demand.reserved
    return demand.used or Decimal(0)


def _hourly(wanted: Sequence[Demand]) -> dict[int, dict[Key | None, Decimal]]:
    """Units by hour and receiver; records of whole days say nothing of hours and are left out."""
    found: defaultdict[int, defaultdict[Key | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for demand in wanted:
        if demand.hour is not None:
            found[demand.hour][demand.receiver] += demand.reserved
    return {hour: dict(taken) for hour, taken in sorted(found.items())}


def _scaled(weights: Mapping[Key | None, Fraction], whole: int) -> defaultdict[Key | None, Fraction]:
    total = sum(weights.values(), Fraction(0))
    scaled = {receiver: weight / total * whole for receiver, weight in weights.items()} if total else {}
    return defaultdict(Fraction, scaled)


def _portions(weights: Mapping[Key | None, Fraction], wanted: Sequence[Demand]) -> list[Portion]:
    return [
        Portion(UNALLOCATED if receiver is None else SHARED, receiver, weight, *_hours(receiver, wanted))
        for receiver, weight in weights.items()
        if weight > 0
    ]


def _hours(receiver: Key | None, wanted: Sequence[Demand]) -> tuple[Decimal, Decimal | None]:
    """Hours reserved and used by the receiver; use is None where any of it is unknown."""
    own = [demand for demand in wanted if demand.receiver == receiver]
    used = [demand.used for demand in own if demand.used is not None]
    reserved = sum((demand.reserved for demand in own), Decimal(0))
    return reserved, sum(used, Decimal(0)) if len(used) == len(own) else None


def _idle_nodes(demands: Sequence[Demand], needed: int, node_size: Decimal, policy: IdlePolicy) -> list[Portion]:
    """Idle portions, in nodes, of capacity beyond the nodes needed."""
    held = Fraction(highest_capacity(demands))
    beyond = max(held / Fraction(node_size) - needed, Fraction(0))
    wanted = [demand for demand in demands if not demand.idle]
    return _idle({None: beyond}, wanted, IdlePolicy(policy.name, False, policy.shares))


def highest_capacity(demands: Sequence[Demand]) -> Decimal:
    """The units of the hour in which the cluster was largest, reserved or idle; 0 where no hour is known."""
    capacity: defaultdict[int, Decimal] = defaultdict(Decimal)
    for demand in demands:
        if demand.hour is not None:
            capacity[demand.hour] += demand.reserved
    return max(capacity.values(), default=Decimal(0))


def _idle(idle: Mapping[str | None, Fraction], wanted: Sequence[Demand], policy: IdlePolicy) -> list[Portion]:
    """Idle capacity as the policy wants it; what has no one to go to stays a line of its own."""
    if not policy.by_node:
        idle = {None: sum(idle.values(), Fraction(0))}
    taken: defaultdict[Key | None, Fraction] = defaultdict(Fraction)
    for node, amount in idle.items():
        here = [demand for demand in wanted if demand.node == node or not policy.by_node]
        claims = _claims(here, policy)
        total = sum(claims.values(), Fraction(0))
        for receiver, claim in (claims if total else {None: Fraction(1)}).items():
            taken[receiver] += amount * claim / (total or 1)
    return [Portion(IDLE, receiver, weight) for receiver, weight in taken.items() if weight > 0]


def _claims(here: Sequence[Demand], policy: IdlePolicy) -> dict[Key | None, Fraction]:
    claims: defaultdict[Key | None, Fraction] = defaultdict(Fraction)
    if policy.name == "shares":
        claims.update({key: Fraction(share) for key, share in (policy.shares or {}).items()})
    elif policy.name == "reserved":
        for demand in here:
            if demand.receiver is not None:
                claims[demand.receiver] += Fraction(demand.reserved)
    return claims
