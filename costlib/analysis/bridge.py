"""The bridge from one period to another: a change of cost split into rate, volume, mix, new, ended and unquantified.

Conventions: a *segment* is what is compared, one thing in one unit (a meter, a model, an instance type) with its cost
and consumed quantity in both periods; nothing there in a period is cost 0 and quantity 0, unknown is None. Costs are in
one currency. The earlier side may be a budget and the later one the actual: the arithmetic is the same.

Within each unit, over segments with a positive quantity on both sides (q quantity, r = cost / q, Q = sum of q,
m = q / Q, 0 and 1 the sides):

* volume = (Q1 - Q0) * sum(cost0) / Q0, a segment's part (Q1 - Q0) * m0 * r0: as much more of everything as before;
* mix = Q1 * (m1 - m0) * r0: a shift towards dearer or cheaper segments at the old rates;
* rate = q1 * (r1 - r0): other rates for what is used now.

A segment on one side only is ``new`` or ``ended``. Where a quantity is unknown, zero or negative, or has no unit, the
change is ``unquantified`` and not guessed. Parts are rounded to the scale of money (18 digits), and the residue goes to
the largest part of the segment, so parts add up to the change to the last digit, by segment and in total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Context, Decimal

from costlib import money
from costlib.analysis.trend import Amount

#: Wide enough for products and quotients of two exact amounts of the store's money type.
_WIDE = Context(prec=120, rounding=ROUND_HALF_UP)
_LAST_DIGIT = Decimal(1).scaleb(-money.SCALE)
_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Measured:
    """What a segment cost and consumed in one period; None is unknown."""

    name: str | None
    unit: str | None
    cost: Amount
    quantity: Amount


@dataclass(frozen=True)
class Segment:
    """A segment on both sides of the bridge: cost in one currency, quantity in ``unit``."""

    name: str | None
    unit: str | None
    cost0: Amount
    quantity0: Amount
    cost1: Amount
    quantity1: Amount

    @property
    def change(self) -> Amount:
        """Later less earlier cost; None where either is unknown."""
        return money.difference(self.cost1, self.cost0)

    @property
    def before(self) -> bool:
        """Whether the segment is there on the earlier side: it cost or consumed something, or may have."""
        return bool(self.cost0 is None or self.quantity0 is None or self.cost0 or self.quantity0)

    @property
    def after(self) -> bool:
        """Whether the segment is there on the later side."""
        return bool(self.cost1 is None or self.quantity1 is None or self.cost1 or self.quantity1)

    @property
    def quantified(self) -> bool:
        """Whether rate and volume can be told apart: a unit, and a positive quantity on both sides."""
        amounts = (self.quantity0, self.quantity1)
        return self.unit is not None and all(amount is not None and amount > 0 for amount in amounts)


@dataclass(frozen=True)
class Parts:
    """A change of cost by its causes, in one currency; increases are positive."""

    rate: Decimal = _NOTHING
    volume: Decimal = _NOTHING
    mix: Decimal = _NOTHING
    new: Decimal = _NOTHING
    ended: Decimal = _NOTHING
    unquantified: Decimal = _NOTHING

    @property
    def total(self) -> Decimal:
        """The whole change."""
        return money.exact_sum(self.by_name().values())

    def by_name(self) -> dict[str, Decimal]:
        """Each part by its name, in the order of the fields.

        >>> list(Parts().by_name())
        ['rate', 'volume', 'mix', 'new', 'ended', 'unquantified']
        """
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class SegmentParts:
    """One segment of a bridge and what its change is made of."""

    segment: Segment
    parts: Parts


@dataclass(frozen=True)
class Bridge:
    """The whole way from ``cost0`` to ``cost1``.

    ``segments`` come largest change first. ``unknown`` are segments whose cost is unknown on a side: they are in
    neither total and in no part, and a page says how many they are.
    """

    cost0: Decimal
    cost1: Decimal
    parts: Parts
    segments: tuple[SegmentParts, ...]
    unknown: tuple[Segment, ...] = ()

    @property
    def change(self) -> Decimal:
        """Later less earlier cost, which the parts add up to."""
        return _WIDE.subtract(self.cost1, self.cost0)


def bridge(segments: Iterable[Segment]) -> Bridge:
    """The change of cost between two sides, split into its parts.

    Ten hours at 2 became fifteen hours at 3: five more hours at the old rate, then one more for each of fifteen hours.

    >>> hours = Segment("gpu", "Hrs", Decimal(20), Decimal(10), Decimal(45), Decimal(15))
    >>> found = bridge([hours])
    >>> money.exact(found.parts.volume), money.exact(found.parts.rate), money.exact(found.parts.mix)
    ('10', '15', '0')
    """
    given = list(segments)
    known = [one for one in given if one.change is not None]
    totals = _unit_totals(known)
    found = [SegmentParts(one, _parts(one, totals)) for one in known]
    found.sort(key=lambda one: (-abs(one.segment.change or _NOTHING), one.segment.name or "", one.segment.unit or ""))
    return Bridge(
        money.exact_sum(one.cost0 for one in known),
        money.exact_sum(one.cost1 for one in known),
        summed(one.parts for one in found),
        tuple(found),
        tuple(one for one in given if one.change is None),
    )


def paired(before: Iterable[Measured], after: Iterable[Measured]) -> list[Segment]:
    """Segments of both sides by name and unit; one that a side does not have cost and consumed nothing there.

    Rows of the same name and unit are added; an unknown cost or quantity among them makes the sum unknown.

    >>> paired([], [Measured("gpu", "Hrs", Decimal(20), Decimal(10))])[0].quantity0
    Decimal('0')
    """
    earlier, later = _by_key(before), _by_key(after)
    nothing = Measured(None, None, _NOTHING, _NOTHING)
    found = []
    for name, unit in dict.fromkeys((*earlier, *later)):
        old, now = earlier.get((name, unit), nothing), later.get((name, unit), nothing)
        found.append(Segment(name, unit, old.cost, old.quantity, now.cost, now.quantity))
    return found


def summed(parts: Iterable[Parts]) -> Parts:
    """Several changes as one, part by part, every digit kept."""
    given = [one.by_name() for one in parts]
    return Parts(**{field.name: money.exact_sum(one[field.name] for one in given) for field in fields(Parts)})


@dataclass(frozen=True)
class _UnitTotals:
    """Sums of one unit over its quantified segments."""

    quantity0: Decimal
    quantity1: Decimal


def _unit_totals(segments: Sequence[Segment]) -> dict[str | None, _UnitTotals]:
    groups: defaultdict[str | None, list[Segment]] = defaultdict(list)
    for one in segments:
        if one.quantified:
            groups[one.unit].append(one)
    return {
        unit: _UnitTotals(
            money.exact_sum(one.quantity0 for one in group), money.exact_sum(one.quantity1 for one in group)
        )
        for unit, group in groups.items()
    }


def _parts(segment: Segment, totals: Mapping[str | None, _UnitTotals]) -> Parts:
    change = segment.change or _NOTHING
    if segment.quantified:
        return Parts(**_rounded(_quantified(segment, totals[segment.unit]), change, _LAST_DIGIT))
    if segment.before and segment.after:
        return Parts(unquantified=change)
    return Parts(new=change) if segment.after else Parts(ended=change)


def _quantified(segment: Segment, unit: _UnitTotals) -> dict[str, Decimal]:
    cost0, cost1 = segment.cost0 or _NOTHING, segment.cost1 or _NOTHING
    quantity0, quantity1 = segment.quantity0 or _NOTHING, segment.quantity1 or _NOTHING
    grown = _WIDE.divide(_WIDE.multiply(cost0, unit.quantity1), unit.quantity0)
    at_old_rate = _WIDE.divide(_WIDE.multiply(cost0, quantity1), quantity0)
    return {
        "rate": _WIDE.subtract(cost1, at_old_rate),
        "volume": _WIDE.subtract(grown, cost0),
        "mix": _WIDE.subtract(at_old_rate, grown),
    }


def _rounded(parts: Mapping[str, Decimal], change: Decimal, digit: Decimal) -> dict[str, Decimal]:
    """The parts rounded to ``digit``; what they then lack of ``change`` goes to the largest."""
    found = {name: part.quantize(digit, context=_WIDE) for name, part in parts.items()}
    largest = max(found, key=lambda name: abs(found[name]))
    residue = _WIDE.subtract(change, money.exact_sum(found.values()))
    return {**found, largest: _WIDE.add(found[largest], residue)}


def _by_key(rows: Iterable[Measured]) -> dict[tuple[str | None, str | None], Measured]:
    found: dict[tuple[str | None, str | None], Measured] = {}
    for row in rows:
        key = row.name, row.unit
        held = found.get(key)
        found[key] = row if held is None else _added(held, row)
    return found


def _added(one: Measured, other: Measured) -> Measured:
    cost = None if one.cost is None or other.cost is None else money.exact_sum((one.cost, other.cost))
    unknown = one.quantity is None or other.quantity is None
    quantity = None if unknown else money.exact_sum((one.quantity, other.quantity))
    return Measured(one.name, one.unit, cost, quantity)
