"""Two teams, one cluster: day by day who reserved, who used, who caused the spike, and what each rule would charge.

Conventions: hours are those of the pool's resource (GPU hours); a day's nodes are the whole nodes that its highest hour
needs; the *step* is their number less that of the day before, which is not known on the first. Charges of a day are
exact parts of the pool's cost of that day: teams + idle + unallocated = the cost, under every rule that is known. A day
without any record is unallocated, whatever the rule. Where records say too little for a rule (days and no hours, no
use), what it would charge is unknown, on that day and in sum; a team that a rule charges nothing has 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from costlib.attribution import drivers
from costlib.attribution.drivers import Demand, IdlePolicy, Key, Portion
from costlib.attribution.shapley import nodes
from costlib.attribution.splits import parts
from costlib.focus import IDLE, UNALLOCATED
from costlib.money import exact_sum


@dataclass(frozen=True)
class Terms:
    """What the two sides may agree on: a day's quotas, shares by receiver, units of a node, the idle policy."""

    node_size: Decimal
    quotas: Callable[[Sequence[Demand]], Mapping[Key, Decimal]]
    shares: Mapping[Key, Decimal]
    idle: IdlePolicy = field(default_factory=IdlePolicy)


@dataclass(frozen=True)
class TeamDay:
    """One team's day. ``at_peak`` is its demand in the hour that set the nodes; None where hours are unknown."""

    reserved: Decimal
    used: Decimal | None
    at_peak: Decimal | None
    above_quota: Decimal | None
    added_at_peak: Decimal | None

    @property
    def unused(self) -> Decimal | None:
        """Hours reserved and not used; None where use is unknown."""
        return None if self.used is None else self.reserved - self.used


@dataclass(frozen=True)
class DisputeDay:
    """One day. ``charges`` has, for each rule, the amounts by team, ``idle`` and ``unallocated``; None is unknown.

    ``recorded`` says whether any usage is known of it. ``spike_by`` is the team that added most demand at the peak on a
    day whose nodes rose, None elsewhere.
    """

    day: date
    cost: Decimal
    recorded: bool
    teams: Mapping[str, TeamDay]
    idle: Decimal
    peak_hour: int | None
    nodes: int | None
    step: int | None
    spike_by: str | None
    charges: Mapping[str, Mapping[str, Decimal] | None]

    def of(self, team: str) -> TeamDay | None:
        """The team's day; one of nothing where the day's records do not name it, None where there are no records."""
        if team in self.teams or not self.recorded:
            return self.teams.get(team)
        nothing = None if self.nodes is None else Decimal(0)
        return TeamDay(Decimal(0), Decimal(0), nothing, nothing, None)


@dataclass(frozen=True)
class Dispute:
    """All days, and what each rule charges in sum; None where what it charges on any day is unknown."""

    days: tuple[DisputeDay, ...]
    totals: Mapping[str, Mapping[str, Decimal] | None]

    @property
    def known(self) -> dict[str, Mapping[str, Decimal]]:
        """What each rule charges in sum, without the rules of which that is unknown."""
        return {rule: amounts for rule, amounts in self.totals.items() if amounts is not None}

    @property
    def unknown(self) -> dict[str, int]:
        """The rules that the records say too little for, each with the number of days on which they do."""
        left = {rule: sum(day.charges[rule] is None for day in self.days) for rule in self.totals}
        return {rule: days for rule, days in left.items() if days}

    @property
    def spikes(self) -> tuple[DisputeDay, ...] | None:
        """Days that needed more nodes than the day before; None where no hour of any day is known."""
        if all(day.nodes is None for day in self.days):
            return None
        return tuple(day for day in self.days if day.step and day.step > 0)

    @property
    def causes(self) -> list[str | None] | None:
        """The team behind each spike, None where no team asked for more; None itself where spikes are unknown."""
        return None if self.spikes is None else [day.spike_by for day in self.spikes]

    def swing(self, team: str) -> Decimal:
        """How much the choice of rule moves: the team's largest charge less its smallest, of the rules that are known.

        Hours reserved and even parts are always known, so that there is always something to compare.
        """
        charged = [amounts.get(team, Decimal(0)) for amounts in self.known.values()]
        return max(charged) - min(charged) if charged else Decimal(0)


def dispute(demands: Mapping[date, Sequence[Demand]], costs: Mapping[date, Decimal], terms: Terms) -> Dispute:
    """Every day that has cost, with what each rule would charge; ``demands`` are the usage records by day."""
    found: list[DisputeDay] = []
    for day in sorted(costs):
        earlier = demands.get(day - timedelta(days=1), ()) if found else ()
        found.append(_day(day, costs[day], demands.get(day, ()), earlier, terms))
    totals = {rule: _total([day.charges[rule] for day in found]) for rule in (found[0].charges if found else ())}
    return Dispute(tuple(found), totals)


def _day(day: date, cost: Decimal, today: Sequence[Demand], earlier: Sequence[Demand], terms: Terms) -> DisputeDay:
    peak, before = _peak(today), _peak(earlier)
    needed = nodes(sum(peak[1].values(), Decimal(0)), terms.node_size) if peak else None
    last = nodes(sum(before[1].values(), Decimal(0)), terms.node_size) if before else None
    keys = dict.fromkeys(demand.receiver for demand in today if demand.receiver and not demand.idle)
    teams = {team_name(key): _team_day(key, today, peak, before, terms) for key in keys}
    step = None if needed is None or last is None else needed - last
    added = {team: more for team, one in teams.items() if (more := one.added_at_peak) is not None and more > 0}
    return DisputeDay(
        day=day,
        cost=cost,
        recorded=bool(today),
        teams=teams,
        idle=sum((demand.reserved for demand in today if demand.idle), Decimal(0)),
        peak_hour=peak[0] if peak else None,
        nodes=needed,
        step=step,
        spike_by=max(added, key=lambda team: added[team], default=None) if step and step > 0 else None,
        charges={
            rule: _charge(cost, portions) if _can_tell(rule, today) else None
            for rule, portions in _rules(today, terms).items()
        },
    )


def _peak(demands: Sequence[Demand]) -> tuple[int, dict[Key | None, Decimal]] | None:
    """The first hour of the highest demand and what each receiver wants in it; None where no hour is known."""
    by_hour: defaultdict[int, defaultdict[Key | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for demand in demands:
        if demand.hour is not None and not demand.idle:
            by_hour[demand.hour][demand.receiver] += demand.reserved
    if not by_hour:
        return None
    hour = max(sorted(by_hour), key=lambda hour: sum(by_hour[hour].values()))
    return hour, dict(by_hour[hour])


def _team_day(
    key: Key,
    today: Sequence[Demand],
    peak: tuple[int, dict[Key | None, Decimal]] | None,
    before: tuple[int, dict[Key | None, Decimal]] | None,
    terms: Terms,
) -> TeamDay:
    own = [demand for demand in today if demand.receiver == key and not demand.idle]
    used = [demand.used for demand in own if demand.used is not None]
    at_peak = peak[1].get(key, Decimal(0)) if peak else None
    earlier = before[1].get(key, Decimal(0)) if before else None
    return TeamDay(
        reserved=sum((demand.reserved for demand in own), Decimal(0)),
        used=sum(used, Decimal(0)) if len(used) == len(own) else None,
        at_peak=at_peak,
        above_quota=None if at_peak is None else max(at_peak - terms.quotas(today).get(key, Decimal(0)), Decimal(0)),
        added_at_peak=None if at_peak is None or earlier is None else at_peak - earlier,
    )


def _rules(today: Sequence[Demand], terms: Terms) -> dict[str, Sequence[Portion]]:
    """The portions of the day under every rule; fixed shares only where some are agreed."""
    keys = dict.fromkeys(demand.receiver for demand in today if demand.receiver and not demand.idle)
    found: dict[str, Sequence[Portion]] = {
        "reserved": drivers.measured(today, "reserved", terms.idle),
        "used": drivers.measured(today, "used", terms.idle),
        "even": drivers.weighted(dict.fromkeys(keys, Fraction(1))),
        "shapley": drivers.shapley_peak(today, terms.node_size, terms.idle),
        "quota": drivers.quota(today, terms.quotas(today), terms.node_size, terms.idle),
    }
    return found | ({"fixed": drivers.weighted(terms.shares)} if terms.shares else {})


def _can_tell(rule: str, today: Sequence[Demand]) -> bool:
    """Whether the day's records say what the rule measures; a day without records leaves nothing to be told."""
    wanted = [demand for demand in today if not demand.idle]
    if rule == "used":
        return all(demand.used is not None for demand in wanted)
    if rule in ("shapley", "quota"):
        return not wanted or any(demand.hour is not None for demand in wanted)
    return True


def _charge(cost: Decimal, portions: Sequence[Portion]) -> dict[str, Decimal]:
    if not portions:
        return {UNALLOCATED: cost}
    amounts = parts(cost, [portion.weight for portion in portions])
    return _sums([{_payer(portion): amount} for portion, amount in zip(portions, amounts, strict=True)])


def _payer(portion: Portion) -> str:
    if portion.receiver is not None:
        return team_name(portion.receiver)
    return IDLE if portion.kind == IDLE else UNALLOCATED


def team_name(key: Key) -> str:
    """What a receiver is called: its team, else all that it sets.

    >>> team_name((("x_Model", "ranker"), ("x_Team", "Search"))), team_name((("x_Model", "ranker"),))
    ('Search', 'ranker')
    """
    values = dict(key)
    return values.get("x_Team") or " / ".join(values.values())


def _total(days: Sequence[Mapping[str, Decimal] | None]) -> dict[str, Decimal] | None:
    """The charges of all days; unknown where those of any day are."""
    known = [one for one in days if one is not None]
    return _sums(known) if len(known) == len(days) else None


def _sums(amounts: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    names = sorted({name for one in amounts for name in one})
    return {name: exact_sum(one.get(name) for one in amounts) for name in names}
