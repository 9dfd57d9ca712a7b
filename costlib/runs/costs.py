"""What runs cost: from the bill where it shows their resource, else list price times time; each says which.

Conventions: one currency. A resource that one run names is that run's, whole; one that several name is split by their
hours on each of its days, and a day on which none of them ran is the resource's rest. So the runs of a resource and its
rest add up to what the bill says of it, to the last digit. A run that is not on the bill and has no price, end or
machine has an unknown cost (None), and is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from costlib import money
from costlib.analysis.trend import Amount
from costlib.runs.model import Run, Status
from costlib.runs.prices import PriceList

_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_LAST_DIGIT = Decimal(1).scaleb(-money.SCALE)
_NOTHING = Decimal(0)
#: Cost of a resource by day.
Days = Mapping[date, Amount]


class How(StrEnum):
    """Where a run's cost is from."""

    BILL = "bill"
    LIST = "list price"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RunCost:
    """A run and what it cost; ``listed`` is list price times time, also where the bill is known, to compare.

    ``spot_saving`` is what its time would have cost at list price beyond the hours that are charged; None where the
    provider does not say them. ``storage`` is what keeping its results cost, apart from ``cost``; None is unknown.
    """

    run: Run
    cost: Amount
    how: How
    listed: Amount
    spot_saving: Amount = None
    storage: Amount = None


@dataclass(frozen=True)
class Group:
    """Several runs as one: how many, their cost, those that failed or were cancelled, and those of unknown cost.

    ``storage`` is what keeping their results cost, ``utilisation`` the mean by time of the runs that say it; None where
    no run does.
    """

    name: str | None
    runs: int
    cost: Decimal
    failed: int
    failed_cost: Decimal
    cancelled: int
    cancelled_cost: Decimal
    unknown: int
    storage: Amount = None
    utilisation: Amount = None

    @property
    def wasted(self) -> Decimal:
        """Cost of the runs that ended without a result."""
        return money.exact_sum((self.failed_cost, self.cancelled_cost))

    @property
    def each(self) -> Amount:
        """Mean cost of a run whose cost is known."""
        return money.ratio(self.cost, Decimal(self.runs - self.unknown))


def matched(runs: Iterable[Run], resources: Iterable[str]) -> dict[str, list[Run]]:
    """The runs of each resource of the bill that any of them names, by the bill's name of it.

    >>> run = Run("a", datetime(2026, 9, 1), resource="ranker-7")
    >>> list(matched([run], ["arn:aws:sagemaker:us-east-1:1:training-job/ranker-7", "endpoint/ranker"]))
    ['arn:aws:sagemaker:us-east-1:1:training-job/ranker-7']

    A resource may be named whole, by all that follows its last colon (``training-job/ranker-7``), or by all that
    follows its last slash; the longest name that a run uses counts.
    """
    wanted: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.resource is not None:
            wanted[run.resource].append(run)
    found = {}
    for resource in resources:
        names = (resource, resource.rpartition(":")[2], resource.rpartition("/")[2])
        named = next((wanted[name] for name in names if name in wanted), None)
        if named:
            found[resource] = named
    return found


def run_costs(
    runs: Sequence[Run], billed: Mapping[str, Days], prices: PriceList, currency: str
) -> tuple[list[RunCost], Decimal]:
    """Every run with its cost, in the order given, and what the bill says of their resources beyond their hours.

    ``billed`` is the cost by day of each resource that ``matched`` found.
    """
    from_bill: defaultdict[str, list[Amount]] = defaultdict(list)
    rest: list[Decimal] = []
    for resource, named in matched(runs, billed).items():
        for day, cost in billed[resource].items():
            for run, part in _split(named, day, cost):
                from_bill[run.run_id].append(part)
            if cost is not None and not _split(named, day, cost):
                rest.append(cost)
    return [_cost(run, from_bill.get(run.run_id), prices, currency) for run in runs], money.exact_sum(rest)


def grouped(found: Iterable[RunCost], name: Callable[[Run], str | None]) -> list[Group]:
    """The runs by what ``name`` calls them, dearest first; unnamed ones are a group of their own."""
    groups: defaultdict[str | None, list[RunCost]] = defaultdict(list)
    for one in found:
        groups[name(one.run)].append(one)
    made = [group(key, ones) for key, ones in groups.items()]
    return sorted(made, key=lambda one: (-one.cost, one.name is None, one.name or ""))


def group(name: str | None, found: Sequence[RunCost]) -> Group:
    """Several runs as one."""

    def of(status: Status) -> list[RunCost]:
        return [one for one in found if one.run.status is status]

    failed, cancelled = of(Status.FAILED), of(Status.CANCELLED)
    return Group(
        name,
        len(found),
        money.exact_sum(one.cost for one in found),
        len(failed),
        money.exact_sum(one.cost for one in failed),
        len(cancelled),
        money.exact_sum(one.cost for one in cancelled),
        sum(one.cost is None for one in found),
        money.total(one.storage for one in found),
        _utilisation([one.run for one in found]),
    )


def bill_factor(found: Iterable[RunCost]) -> Amount:
    """What the bill charged over what list prices say, for the runs where both are known; None where there is none."""
    both = [(one.cost, one.listed) for one in found if one.how is How.BILL and one.listed and one.cost is not None]
    return money.ratio(money.exact_sum(cost for cost, _ in both), money.exact_sum(listed for _, listed in both))


def _utilisation(runs: Iterable[Run]) -> Amount:
    """The mean share at work by machine hours; None where no run says its own and its time."""
    known = [
        (run.utilisation, _WIDE.multiply(run.hours, Decimal(1) if run.instances is None else run.instances))
        for run in runs
        if run.utilisation is not None and run.hours is not None
    ]
    at_work = money.exact_sum(_WIDE.multiply(share, hours) for share, hours in known)
    return money.ratio(at_work, money.exact_sum(hours for _, hours in known))


def _split(named: Sequence[Run], day: date, cost: Amount) -> list[tuple[Run, Amount]]:
    """A day's cost of a resource among its runs, by their hours on that day; empty where none of them ran."""
    if len(named) == 1:
        return [(named[0], cost)]
    hours = [(run, hours_on(run, day)) for run in named]
    ran = [(run, part) for run, part in hours if part > 0]
    whole = money.exact_sum(part for _, part in ran)
    if cost is None:
        return [(run, None) for run, _ in ran]
    parts, before, gone = [], _NOTHING, _NOTHING
    for run, part in ran:
        before = money.exact_sum((before, part))
        share = _WIDE.divide(_WIDE.multiply(cost, before), whole)
        upto = cost if before == whole else _WIDE.quantize(share, _LAST_DIGIT)
        parts.append((run, money.difference(upto, gone)))
        gone = upto
    return parts


def hours_on(run: Run, day: date) -> Decimal:
    """Hours of the run on a UTC day; a run that has not ended runs to the end of each day.

    >>> night = Run("a", datetime(2026, 9, 1, 22), end=datetime(2026, 9, 2, 4))
    >>> hours_on(night, date(2026, 9, 1)), hours_on(night, date(2026, 9, 2)), hours_on(night, date(2026, 9, 3))
    (Decimal('2'), Decimal('4'), Decimal('0'))
    """
    midnight = datetime.combine(day, time.min)
    after = midnight + timedelta(days=1)
    seconds = (min(run.end or after, after) - max(run.start, midnight)).total_seconds()
    return Decimal(max(int(seconds), 0)) / 3600


def _cost(run: Run, parts: Sequence[Amount] | None, prices: PriceList, currency: str) -> RunCost:
    charged = run.hours if run.billed_hours is None else run.billed_hours
    listed = _listed(run, charged, prices) if prices.currency == currency else None
    uncharged = None if run.billed_hours is None or run.hours is None else max(run.hours - run.billed_hours, _NOTHING)
    saving = _listed(run, uncharged, prices) if prices.currency == currency else None
    if parts is not None:
        return RunCost(run, None if None in parts else money.exact_sum(parts), How.BILL, listed, saving)
    return RunCost(run, listed, How.LIST if listed is not None else How.UNKNOWN, listed, saving)


def _listed(run: Run, hours: Amount, prices: PriceList) -> Amount:
    """List price of so many hours of the run's machines; nothing for no hours."""
    if hours == 0 and run.billed_hours is not None:
        return _NOTHING
    price = prices.price(run.instance_type, run.start.date())
    if price is None or hours is None:
        return None
    machines = Decimal(1) if run.instances is None else run.instances
    return _WIDE.multiply(_WIDE.multiply(price, hours), machines)
