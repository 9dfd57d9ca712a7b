"""The probable driver of an anomaly: what its line items have that those of the weeks before had not.

Conventions: charges are sums by usage day, resource and meter, money in one currency, quantity in ``unit``; None is
unknown. An anomaly's days are compared with the same weekdays of the four weeks before; a monthly charge with the same
day of the month before. Resources whose names differ only in a date or a serial number are one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from costlib import money
from costlib.analysis.anomalies.records import Anomaly
from costlib.analysis.bridge import Measured, Parts, SegmentParts, bridge, paired, summed
from costlib.analysis.trend import Amount
from costlib.periods import Window, add_months

#: Weeks that an anomaly is compared with; a fifth one holds the same day of the month before.
_WEEKS = 4
_DAYS_BEFORE = 35
#: A credit that came on so many days of these weeks comes every day.
_OFTEN = 14
#: A monthly charge may come so many days sooner or later.
_NEAR = 3
#: A driver explains at least this share of the excess.
_LEAST_SHARE = Decimal("0.3")
#: Where ended resources are this share of new ones, one took over from the other.
_REPLACED = Decimal("0.25")
#: arn, partition, service, region and account stand before the resource in an Amazon resource name.
_ARN_PARTS = 5
_SERIAL = re.compile(r"(?<![0-9A-Za-z])(\d{4}-\d{2}-\d{2}|\d{6,})(?![0-9A-Za-z])")
_USAGE = "Usage"
#: Category, family of the resource, meter and whether it is a correction: what comes again is told by.
_Key = tuple[str | None, str | None, str | None, bool]


class Cause(StrEnum):
    """Why an anomaly cost more, or less."""

    VOLUME = "volume"
    RATE = "rate"
    NEW_RESOURCE = "new resource"
    ENDED_RESOURCE = "ended resource"
    MISSING_CREDIT = "missing credit"
    MISSING_CHARGE = "missing charge"
    CREDIT = "credit"
    ONE_OFF = "one-off charge"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Charge:
    """One day's charges for a resource and meter; ``category`` is the ChargeCategory.

    A ``correction`` (ChargeClass) belongs to another invoice than its day's: a refund, or what was forgotten.
    """

    day: date
    resource: str | None
    meter: str | None
    unit: str | None
    category: str | None
    cost: Amount
    quantity: Amount
    service: str | None = None
    correction: bool = False


@dataclass(frozen=True)
class Driver:
    """The probable driver: how much of the excess it explains, and which resource or meter leads.

    ``service`` is that of the largest credit or other charge that is no usage.
    ``quantity0`` and ``rate0`` are what the leading segment consumed, and cost a unit, on the days compared with.
    """

    cause: Cause
    amount: Decimal
    name: str | None = None
    unit: str | None = None
    quantity0: Amount = None
    quantity1: Amount = None
    rate0: Amount = None
    rate1: Amount = None
    service: str | None = None


def comparison(anomaly: Anomaly) -> Window:
    """The days before an anomaly whose charges ``driver`` compares with."""
    return Window(anomaly.first - timedelta(days=_DAYS_BEFORE), anomaly.first)


def driver(anomaly: Anomaly, charges: Iterable[Charge]) -> Driver:
    """The probable driver of an anomaly, from charges of its segment over ``comparison`` and its own days.

    Charges whose cost is unknown are left out.
    """
    known = [one for one in charges if one.cost is not None]
    during = [one for one in known if anomaly.window.start <= one.day < anomaly.window.end]
    window = comparison(anomaly)
    before = [one for one in known if window.start <= one.day < window.end]
    others = (_missing, _ran_out, _came_once, _turned)
    found = [*(one(anomaly, before, during) for one in others), *_usage(anomaly, before, during)]
    best = max((one for one in found if one), key=lambda one: _explained(anomaly, one), default=None)
    if best is None or _explained(anomaly, best) < _LEAST_SHARE:
        return Driver(Cause.UNKNOWN, Decimal(0))
    return best


def family(resource: str) -> str:
    """A resource's name without address, dates and serial numbers: what its runs have in common.

    >>> family("arn:aws:sagemaker:us-east-1:444455556666:training-job/ranker-2026-09-22"), family("gpu-2")
    ('training-job/ranker-…', 'gpu-2')
    """
    name = resource.split(":", _ARN_PARTS)[-1] if resource.startswith("arn:") else resource
    return _SERIAL.sub("…", name)


def _explained(anomaly: Anomaly, found: Driver) -> Decimal:
    """The share of the excess that a driver explains, no more than all of it; negative if it goes the other way."""
    return min(found.amount / anomaly.excess, Decimal(1)) if anomaly.excess else Decimal(0)


def _missing(anomaly: Anomaly, before: Sequence[Charge], during: Sequence[Charge]) -> Driver | None:
    """Credits, or monthly charges, of the same days of the month before that did not come."""
    first, last = (add_months(day, -1) for day in (anomaly.first, anomaly.last))
    near = Window(first - timedelta(days=_NEAR), last + timedelta(days=_NEAR + 1))
    came = {_key(one) for one in during}
    monthly = [one for one in before if near.start <= one.day < near.end and _is_apart(one)]
    lacking = [one for one in monthly if _key(one) not in came and (one.cost or 0) * anomaly.excess < 0]
    if not lacking or anomaly.window.days > 2 * _NEAR + 1:
        return None
    cause = Cause.MISSING_CREDIT if anomaly.excess > 0 else Cause.MISSING_CHARGE
    return _named(cause, -money.exact_sum(one.cost for one in lacking), lacking)


def _ran_out(anomaly: Anomaly, before: Sequence[Charge], during: Sequence[Charge]) -> Driver | None:
    """Credits of almost every day that came no more, but for what was left of them on the first."""
    weights = _weights(anomaly)
    still = {_key(one) for one in during if one.day > anomaly.first}
    recent = [one for one in before if weights[one.day] and _is_apart(one) and (one.cost or 0) < 0]
    often = Counter(_key(one) for one in recent)
    gone = [one for one in recent if often[_key(one)] >= _OFTEN and _key(one) not in still]
    if not gone or anomaly.excess < 0:
        return None
    keys = {_key(one) for one in gone}
    left = money.exact_sum(one.cost for one in during if _key(one) in keys)
    usual = money.exact_sum((one.cost or 0) * weights[one.day] for one in gone)
    return _named(Cause.MISSING_CREDIT, left - usual, gone)


def _came_once(anomaly: Anomaly, before: Sequence[Charge], during: Sequence[Charge]) -> Driver | None:
    """Charges that are no usage: those that the weeks before had not, and what others exceed the largest of then by."""
    sign = 1 if anomaly.excess > 0 else -1
    held: defaultdict[_Key, Decimal] = defaultdict(Decimal)
    for one in before:
        held[_key(one)] = max(held[_key(one)], sign * (one.cost or Decimal(0)))
    beyond = [(one, sign * (one.cost or 0) - held[_key(one)]) for one in during if _is_apart(one)]
    once = [one for one, amount in beyond if amount > 0]
    if not once:
        return None
    cause = Cause.CREDIT if anomaly.excess < 0 else Cause.ONE_OFF if len(_days(once)) == 1 else Cause.NEW_RESOURCE
    return _named(cause, sign * money.exact_sum(amount for _, amount in beyond if amount > 0), once)


def _turned(anomaly: Anomaly, before: Sequence[Charge], during: Sequence[Charge]) -> Driver | None:
    """Usage that costs less than nothing, as it never did before: a credit or refund is among its line items."""
    were = {_key(one) for one in before if (one.cost or 0) < 0}
    turned = [one for one in during if _is_usage(one) and (one.cost or 0) < 0 and _key(one) not in were]
    if not turned or anomaly.excess > 0:
        return None
    keys, weights = {_key(one) for one in turned}, _weights(anomaly)
    usual = money.exact_sum((one.cost or 0) * weights[one.day] for one in before if _key(one) in keys)
    return _named(Cause.CREDIT, money.exact_sum(one.cost for one in during if _key(one) in keys) - usual, turned)


def _usage(anomaly: Anomaly, before: Sequence[Charge], during: Sequence[Charge]) -> list[Driver]:
    """Volume, rate, new and ended resources of usage, each as a driver."""
    names: dict[str, str | None] = {}
    weights = _weights(anomaly)
    earlier = [_measured(one, weights[one.day], names) for one in before if weights[one.day] and _is_usage(one)]
    later = [_measured(one, Decimal(1), names) for one in during if _is_usage(one)]
    found = bridge(paired(earlier, later)).segments
    parts = summed(one.parts for one in found)
    drivers = [_driver(Cause.RATE, found, lambda one: one.rate, names)]
    if parts.new * parts.ended < 0 and abs(parts.ended) >= _REPLACED * abs(parts.new):
        return [*drivers, _driver(Cause.VOLUME, found, lambda one: one.volume + one.mix + one.new + one.ended, names)]
    return [
        *drivers,
        _driver(Cause.VOLUME, found, lambda one: one.volume + one.mix, names),
        _driver(Cause.NEW_RESOURCE, found, lambda one: one.new, names),
        _driver(Cause.ENDED_RESOURCE, found, lambda one: one.ended, names),
    ]


def _driver(
    cause: Cause, found: Sequence[SegmentParts], part: Callable[[Parts], Decimal], names: dict[str, str | None]
) -> Driver:
    amount = money.exact_sum(part(one.parts) for one in found)
    if not found:
        return Driver(cause, amount)
    leader = max(found, key=lambda one: part(one.parts) * (1 if amount > 0 else -1)).segment
    rates = [
        None if quantity is None else money.ratio(cost, quantity)
        for cost, quantity in ((leader.cost0, leader.quantity0), (leader.cost1, leader.quantity1))
    ]
    name = names.get(leader.name or "")
    return Driver(cause, amount, name, leader.unit, leader.quantity0, leader.quantity1, rates[0], rates[1])


def _weights(anomaly: Anomaly) -> defaultdict[date, Decimal]:
    """How much each earlier day counts, so that four weeks become the anomaly's days, weekday by weekday."""
    days = [anomaly.first + timedelta(days=number) for number in range(anomaly.window.days)]
    weekdays = Counter(day.weekday() for day in days)
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for number in range(1, _WEEKS * 7 + 1):
        day = anomaly.first - timedelta(days=number)
        found[day] = Decimal(weekdays[day.weekday()]) / _WEEKS
    return found


def _measured(charge: Charge, weight: Decimal, names: dict[str, str | None]) -> Measured:
    name = family(charge.resource) if charge.resource else None
    key = f"{name} {charge.meter}"
    names[key] = name or charge.meter
    cost = None if charge.cost is None else charge.cost * weight
    quantity = None if charge.quantity is None else charge.quantity * weight
    return Measured(key, charge.unit, cost, quantity)


def _is_usage(charge: Charge) -> bool:
    return charge.category in (_USAGE, None) and not charge.correction


def _is_apart(charge: Charge) -> bool:
    return charge.category != _USAGE or charge.correction


def _key(charge: Charge) -> _Key:
    return charge.category, family(charge.resource) if charge.resource else None, charge.meter, charge.correction


def _days(charges: Sequence[Charge]) -> set[date]:
    return {one.day for one in charges}


def _named(cause: Cause, amount: Decimal, charges: Sequence[Charge]) -> Driver:
    """A driver by the name and service of the largest of its charges."""
    largest = max(charges, key=lambda one: abs(one.cost or Decimal(0)))
    name = family(largest.resource) if largest.resource else largest.meter
    return Driver(cause, amount, name, service=largest.service)
