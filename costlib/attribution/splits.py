"""Who takes what of every pool: the drivers of the rule file applied to the facts of a store.

``shares`` is asked when a cube is built; the store then cuts the cost by them (see ``store.splits``). ``parts`` is the
same cut for one amount. Usage records find their receiver by namespace or label; a record that finds none is demand
of an unknown owner, whose part stays unallocated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from costlib import money
from costlib.attribution import drivers
from costlib.attribution.conditions import pattern_matches
from costlib.attribution.drivers import Demand, IdlePolicy, Key, Portion
from costlib.attribution.pools import HOURLY_DRIVERS, MEASURED_DRIVERS, Measured, Pool, Receiver
from costlib.focus import fold
from costlib.periods import period_start
from costlib.store.splits import Facts, Share, Usage

_STEP = Decimal(1).scaleb(-money.SCALE)
_WIDE = Context(prec=100)

Values = Callable[[Mapping[str, str]], Mapping[str, str]]


def parts(amount: Decimal, weights: Sequence[Fraction]) -> list[Decimal]:
    """The amount cut by the weights, in their order; the parts sum to it exactly.

    >>> [str(part) for part in parts(Decimal("0.000000000000000001"), [Fraction(1), Fraction(1), Fraction(1)])]
    ['0E-18', '1E-18', '0E-18']
    >>> [str(part.normalize()) for part in parts(Decimal(-10), [Fraction(1), Fraction(3)])]
    ['-2.5', '-7.5']
    """
    whole, reached, found, last = sum(weights, Fraction(0)), Fraction(0), [], Decimal(0)
    for weight in weights:
        reached += weight
        cut = amount if reached == whole else _scaled(amount, reached / whole)
        found.append(_WIDE.subtract(cut, last))
        last = cut
    return found


def _scaled(amount: Decimal, share: Fraction) -> Decimal:
    exact = _WIDE.divide(_WIDE.multiply(amount, Decimal(share.numerator)), Decimal(share.denominator))
    return exact.quantize(_STEP, ROUND_HALF_EVEN, _WIDE)


def shares(pool: Pool, facts: Facts, spelled: Mapping[str, str], values: Values = dict) -> Iterator[Share]:
    """What each receiver takes of the pool, for every period and currency in which it has cost.

    ``spelled`` gives the name that a folded team label stands for, ``values`` what a receiver's dimensions imply.
    """
    portions = _portions(pool, facts, spelled)
    for period, currency in facts.charges(pool.name, pool.grain):
        for one in portions(period, currency):
            given = values(dict(one.receiver or ()))
            yield Share(pool.name, period, currency, one.kind, given, one.weight, one.reserved, one.used)


def _portions(pool: Pool, facts: Facts, spelled: Mapping[str, str]) -> Callable[[date, str], Sequence[Portion]]:
    """The pool's driver as a function of period and currency."""
    if pool.usage and pool.driver in MEASURED_DRIVERS:
        demands = demands_of(pool, pool.usage, facts, spelled)
        by_period = {period: portions_of(pool, pool.usage, found) for period, found in demands.items()}
        return lambda period, currency: by_period.get(period, ())
    if pool.driver == "direct":
        costs = _direct_costs(pool, facts)
        return lambda period, currency: drivers.weighted(costs.get((period, currency), {}))
    given = drivers.weighted(
        {one.key: (one.share or Decimal(0)) if pool.driver == "fixed" else Decimal(1) for one in pool.receivers}
    )
    return lambda period, currency: given


def portions_of(pool: Pool, usage: Measured, demands: Sequence[Demand]) -> list[Portion]:
    """Portions of one period by a driver that measures use."""
    policy = IdlePolicy(
        pool.idle, pool.idle_by == "node", {one.key: one.share for one in pool.receivers if one.share is not None}
    )
    if pool.driver == "quota":
        return drivers.quota(demands, quotas_of(pool.receivers, demands), usage.node_size, policy)
    if pool.driver == "shapley":
        return drivers.shapley_peak(demands, usage.node_size, policy)
    return drivers.measured(demands, usage.basis, policy)


def quotas_of(receivers: Sequence[Receiver], demands: Sequence[Demand]) -> dict[Key, Decimal]:
    """The units that each receiver may reserve in a day with these records."""
    capacity = drivers.highest_capacity(demands)
    return {one.key: one.quota if one.quota_share is None else one.quota_share * capacity for one in receivers}


def demands_of(pool: Pool, usage: Measured, facts: Facts, spelled: Mapping[str, str]) -> dict[date, list[Demand]]:
    """The pool's usage records by period, each with its receiver; periods with hours unknown are left out."""
    found: defaultdict[date, list[Demand]] = defaultdict(list)
    unknown: set[date] = set()
    for row in facts.usage(usage.cluster, usage.of, hourly=pool.driver in HOURLY_DRIVERS):
        period = period_start(row.day, pool.grain)
        if row.reserved is None:
            unknown.add(period)
            continue
        owner = _owner(pool, row, spelled) if row.kind == "allocation" else None
        found[period].append(Demand(owner, row.reserved, row.used, row.hour, row.node, idle=row.kind == "idle"))
    return {period: demands for period, demands in found.items() if period not in unknown}


def _owner(pool: Pool, row: Usage, spelled: Mapping[str, str]) -> Key | None:
    """The receiver whose record it is: the first that matches, or the team of its label where the pool names none."""
    label = (row.label or "").strip()
    team = spelled.get(fold(label), label)
    if not pool.receivers:
        return (("x_Team", team),) if team else None
    for receiver in pool.receivers:
        named = receiver.set.get("x_Team") if not receiver.namespace and not receiver.label else None
        if named is not None and team == named:
            return receiver.key
        if any(pattern_matches(pattern, row.namespace or "") for pattern in receiver.namespace):
            return receiver.key
        if any(pattern_matches(pattern, label) for pattern in receiver.label):
            return receiver.key
    return None


def _direct_costs(pool: Pool, facts: Facts) -> dict[tuple[date, str], dict[Key, Decimal]]:
    """Direct cost of each receiver by period and currency; of every team where the pool names no receiver."""
    names = tuple(dict.fromkeys(name for one in pool.receivers for name in one.set)) or ("x_Team",)
    found: defaultdict[tuple[date, str], defaultdict[Key, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in facts.direct(names, pool.grain):
        keys = [one.key for one in pool.receivers if all(row.values.get(name) == value for name, value in one.key)]
        if not pool.receivers:
            keys = [(("x_Team", str(row.values["x_Team"])),)]
        for key in keys:
            found[(row.period, row.currency)][key] += row.cost
    return {place: dict(costs) for place, costs in found.items()}
