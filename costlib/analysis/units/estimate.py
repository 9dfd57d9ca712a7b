"""What models cost since their bill ends: measured use times the price of one unit, and how far off that was before.

Conventions: a driver (``drivers``) is the metric that a part of a model's cost is estimated by. Its price is cost over
count in the last four whole weeks (Monday to Sunday) of the model's bill, or a list price where no bill says
what its work cost. Between the first and the last day that a metric has of a model, a day without a count is a day
without work. A model that is not measured after its bill, or has no price, has no estimate; that is never 0.

The past error is replayed: as many days as now are estimated from a bill that ends a week, two weeks, up to half a
year earlier, and set against the bill of those days as it stands today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from statistics import median
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units.drivers import Driver
from costlib.analysis.units.measures import Unit
from costlib.periods import Window

#: Whole weeks that a price is taken over, and how many weeks back estimates are replayed.
PRICE_WEEKS: Final = 4
REPLAYED_WEEKS: Final = 26
_WIDE: Final = Context(prec=60)
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Price:
    """Cost of one base unit: from the bill of ``weeks``, or of a price list where that is None; ``source`` says which.

    A list has no past to be held against.
    """

    amount: Decimal
    weeks: Window | None = None
    source: str = ""


@dataclass(frozen=True)
class Replay:
    """An estimate as it would have been ``weeks_back`` ago, and what the bill then said of the same days."""

    weeks_back: int
    estimate: Decimal
    billed: Decimal

    @property
    def error(self) -> Amount:
        """The estimate less the bill over the bill: positive is too much; None where the bill says nothing."""
        return money.ratio(_WIDE.subtract(self.estimate, self.billed), self.billed) if self.billed > 0 else None


@dataclass(frozen=True)
class PastError:
    """How far past estimates were off: the middle one by size, the largest with its sign, and how many there are."""

    typical: Decimal
    largest: Decimal
    times: int


@dataclass(frozen=True)
class CostEstimate:
    """What a part of a model's work cost since its bill ends: ``volume`` base units at ``price``."""

    unit: Unit
    model: str
    days: Window
    volume: Decimal
    price: Price
    replays: tuple[Replay, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The estimated cost."""
        return _WIDE.multiply(self.volume, self.price.amount)

    @property
    def past_error(self) -> PastError | None:
        """How far past estimates were off; None where there are none."""
        return past_error(self.replays)


Listed = Callable[[Unit, str, date], Price | None]


def estimates(drivers: Iterable[Driver], listed: Listed) -> tuple[list[CostEstimate], list[Driver]]:
    """The estimate of each driver that is measured after its bill, largest first; and those of unknown price or count.

    ``listed`` tells the list price of one base unit of a model's work on a day.
    """
    found, unpriced = [], []
    for one in drivers:
        if one.days.days <= 0:
            continue
        volume, price = _sum(one.volumes, one.days), _price(one, listed)
        if volume is None or price is None:
            unpriced.append(one)
            continue
        replays = tuple(_replays(one)) if price.weeks else ()
        found.append(CostEstimate(one.unit, one.model, one.days, volume, price, replays))
    return sorted(found, key=lambda one: (-one.amount, one.model, one.unit.metric)), unpriced


def closed_weeks(billed_to: date) -> Window:
    """The last whole weeks, Monday to Sunday, that a bill covers.

    >>> closed_weeks(date(2026, 10, 20))
    Window(start=datetime.date(2026, 9, 21), end=datetime.date(2026, 10, 19))
    """
    after = billed_to + _DAY
    end = after - timedelta(days=after.weekday())
    return Window(end - PRICE_WEEKS * _WEEK, end)


def bill_price(driver: Driver, billed_to: date) -> Price | None:
    """What one base unit cost in the last whole weeks of a bill up to ``billed_to``, of those that were counted.

    None where no whole week was, where a cost or count is unknown, or where either is not above 0.
    """
    weeks = closed_weeks(billed_to)
    first = min(driver.volumes)
    started = first + timedelta(days=-first.weekday() % 7)
    weeks = Window(max(weeks.start, started), weeks.end)
    if weeks.days <= 0:
        return None
    cost, volume = _sum(driver.costs, weeks), _sum(driver.volumes, weeks)
    if cost is None or volume is None or cost <= 0 or volume <= 0:
        return None
    return Price(_WIDE.divide(cost, volume), weeks)


def past_error(replays: Iterable[Replay]) -> PastError | None:
    """The middle and the largest error of replayed estimates; None where there are none.

    >>> told = past_error([Replay(1, Decimal(90), Decimal(100)), Replay(2, Decimal(104), Decimal(100))])
    >>> [str(size) for size in (told.typical, told.largest)] if told else None
    ['0.07', '-0.1']
    """
    errors = [one.error for one in replays if one.error is not None]
    if not errors:
        return None
    return PastError(median(abs(error) for error in errors), max(errors, key=abs), len(errors))


def replayed_together(found: Sequence[CostEstimate]) -> list[Replay]:
    """The replays of all estimates at bill prices added up, of the weeks in which each of them has one."""
    asked = [{one.weeks_back: one for one in estimate.replays} for estimate in found if estimate.price.weeks]
    shared = set.intersection(*(set(one) for one in asked)) if asked else set()
    return [
        Replay(
            back,
            money.exact_sum(one[back].estimate for one in asked),
            money.exact_sum(one[back].billed for one in asked),
        )
        for back in sorted(shared)
    ]


def _price(one: Driver, listed: Listed) -> Price | None:
    own = bill_price(one, one.billed_to) if one.billed_to else None
    return own or listed(one.unit, one.model, one.days.start)


def _replays(one: Driver) -> Iterable[Replay]:
    """Estimates of as many days as now, from bills that end earlier; those whose days the bill covers by now."""
    if one.billed_to is None:
        return
    for back in range(1, REPLAYED_WEEKS + 1):
        cutoff = one.billed_to - back * _WEEK
        days = Window(cutoff + _DAY, cutoff + _DAY + timedelta(days=one.days.days))
        price = bill_price(one, cutoff)
        volume, billed = _sum(one.volumes, days), _sum(one.costs, days)
        if days.last <= one.billed_to and price and volume is not None and billed is not None:
            yield Replay(back, _WIDE.multiply(volume, price.amount), billed)


def _sum(days: Mapping[date, Amount], window: Window) -> Amount:
    found = [amount for day, amount in days.items() if window.start <= day < window.end]
    return None if None in found else money.exact_sum(found)
