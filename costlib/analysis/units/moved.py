"""What moved the cost of a unit between two periods: volume, utilisation, price, and what came or went.

Conventions: V units of work were done at cost C by items (meters), each with its quantity q and rate p = c / q; 0 and 1
are the periods. For each item that both periods have with a known positive quantity:

* volume = c0 * (V1 / V0 - 1): as much more work at the old cost a unit;
* utilisation = (q1 - q0 * V1 / V0) * p0: more or less of the item for one unit of work, at the old rate;
* price = (p1 - p0) * q1: other rates for what is used now.

An item that one period lacks, or whose quantity is unknown, has its volume part and the rest is ``other``. The parts
add up to C1 - C0 to the last digit. As V1 units at the old cost a unit cost C0 + volume, the cost of a unit moves by
(utilisation + price + other) / V1 and never by volume alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Context, Decimal

from costlib import money
from costlib.analysis.bridge import Measured, Segment, paired
from costlib.analysis.trend import Amount
from costlib.analysis.units.measures import Unit

_WIDE = Context(prec=120, rounding=ROUND_HALF_UP)
_LAST_DIGIT = Decimal(1).scaleb(-money.SCALE)
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class MovedParts:
    """A change of cost by its causes, in one currency; increases are positive."""

    volume: Decimal = _NOTHING
    utilisation: Decimal = _NOTHING
    price: Decimal = _NOTHING
    other: Decimal = _NOTHING

    @property
    def total(self) -> Decimal:
        """The whole change."""
        return money.exact_sum(self.by_name().values())

    def by_name(self) -> dict[str, Decimal]:
        """Each part by its name, in the order of the fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def rounded(self, change: Decimal, digit: Decimal) -> MovedParts:
        """The parts rounded to ``digit``; what they then lack of ``change`` goes to the largest.

        >>> MovedParts(Decimal("0.334"), Decimal("0.333"), Decimal("0.333")).rounded(Decimal(1), money.CENT).volume
        Decimal('0.34')
        """
        found = {name: part.quantize(digit, context=_WIDE) for name, part in self.by_name().items()}
        largest = max(found, key=lambda name: abs(found[name]))
        residue = _WIDE.subtract(change, money.exact_sum(found.values()))
        return MovedParts(**{**found, largest: _WIDE.add(found[largest], residue)})


@dataclass(frozen=True)
class Moved:
    """The way of a model's cost from one period to another, and of the cost of one unit."""

    unit: Unit
    cost0: Decimal
    cost1: Decimal
    volume0: Decimal
    volume1: Decimal
    parts: MovedParts

    @property
    def amounts(self) -> tuple[Decimal, Decimal]:
        """The cost of one unit before and now."""
        return self._each(self.cost0, self.volume0), self._each(self.cost1, self.volume1)

    @property
    def unit_parts(self) -> MovedParts:
        """What moved the cost of one unit: the parts over the volume of now, without volume; they add up to it."""
        parts = {name: self._each(part, self.volume1) for name, part in self.parts.by_name().items()}
        before, now = self.amounts
        change = _WIDE.subtract(now, before).quantize(_LAST_DIGIT, context=_WIDE)
        return MovedParts(**{**parts, "volume": _NOTHING}).rounded(change, _LAST_DIGIT)

    def _each(self, amount: Decimal, volume: Decimal) -> Decimal:
        return _WIDE.divide(_WIDE.multiply(amount, self.unit.per), volume)


def moved(
    unit: Unit, before: Sequence[Measured], after: Sequence[Measured], volume0: Amount, volume1: Amount
) -> Moved | None:
    """What moved the cost; None where a volume is unknown or not above 0, or an item's cost is unknown.

    A hundred machine hours at 2 for a thousand requests became 120 at 3 for two thousand: the work doubled (+200), took
    80 hours fewer than it would have (-160), and each of the 120 cost 1 more (+120).

    >>> from costlib.analysis.units.measures import unit_of
    >>> hours = [Measured("gpu", "Hrs", Decimal(cost), Decimal(used)) for cost, used in ((200, 100), (360, 120))]
    >>> found = moved(unit_of("requests"), hours[:1], hours[1:], Decimal(1000), Decimal(2000))
    >>> {name: money.exact(part) for name, part in found.parts.by_name().items()} if found else None
    {'volume': '200', 'utilisation': '-160', 'price': '120', 'other': '0'}
    """
    segments = paired(before, after)
    if volume0 is None or volume1 is None or volume0 <= 0 or volume1 <= 0:
        return None
    if any(one.change is None for one in segments):
        return None
    found = [_parts(one, volume0, volume1) for one in segments]
    cost0 = money.exact_sum(one.cost0 for one in segments)
    cost1 = money.exact_sum(one.cost1 for one in segments)
    return Moved(unit, cost0, cost1, volume0, volume1, _summed(found))


def _parts(one: Segment, volume0: Decimal, volume1: Decimal) -> MovedParts:
    cost0, cost1 = one.cost0 or _NOTHING, one.cost1 or _NOTHING
    grown = _WIDE.divide(_WIDE.multiply(cost0, volume1), volume0)
    change = _WIDE.subtract(cost1, cost0)
    if not one.quantified or one.quantity0 is None or one.quantity1 is None:
        parts = MovedParts(volume=_WIDE.subtract(grown, cost0), other=_WIDE.subtract(cost1, grown))
        return parts.rounded(change, _LAST_DIGIT)
    at_old_rate = _WIDE.divide(_WIDE.multiply(cost0, one.quantity1), one.quantity0)
    parts = MovedParts(
        volume=_WIDE.subtract(grown, cost0),
        utilisation=_WIDE.subtract(at_old_rate, grown),
        price=_WIDE.subtract(cost1, at_old_rate),
    )
    return parts.rounded(change, _LAST_DIGIT)


def _summed(parts: Sequence[MovedParts]) -> MovedParts:
    given = [one.by_name() for one in parts]
    return MovedParts(**{field.name: money.exact_sum(one[field.name] for one in given) for field in fields(MovedParts)})
