"""Showback: what a team is shown, or charged, for one billing month, at cost or at agreed internal rates.

Conventions: one currency and one cost measure a statement; a charge at a rate is quantity times rate; *rate variance*
is what cost and charges differ by (cost less charge), so that charges + rate variance = the team's part of the bill.
Idle capacity is charged only where the pool's policy gives it to a team. Unallocated cost is shown and not charged.
An amount, a sum of lines too, is None where no line item behind it is known; without any line it is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib.focus import COST_KINDS, DIRECT, IDLE, SHARED, UNALLOCATED
from costlib.money import difference, total


@dataclass(frozen=True)
class Cost:
    """Cost of a team under one name: a model or service for direct cost, a pool for shared and idle.

    ``quantity`` is in ``unit``, None where none is known.
    """

    kind: str
    name: str | None
    amount: Decimal | None
    quantity: Decimal | None = None
    unit: str | None = None
    unknown: int = 0


@dataclass(frozen=True)
class Rate:
    """An agreed price of a unit of ``name``, valid from the first of a month on."""

    name: str
    unit: str
    rate: Decimal
    currency: str
    start: date = date.min


@dataclass(frozen=True)
class StatementLine:
    """One line: its cost on the bill, and the charge, which is the cost itself where no rate was agreed."""

    cost: Cost
    rate: Rate | None
    charge: Decimal | None


@dataclass(frozen=True)
class Statement:
    """A team's statement for a billing month; ``not_charged`` is the organisation's cost that no team pays, by kind."""

    team: str
    month: date
    currency: str
    measure: str
    lines: tuple[StatementLine, ...]
    not_charged: tuple[Cost, ...]

    @property
    def cost(self) -> Decimal | None:
        """The team's part of the bill, as far as it is known."""
        return _sum([line.cost.amount for line in self.lines])

    @property
    def charge(self) -> Decimal | None:
        """What the team is charged, as far as it is known."""
        return _sum([line.charge for line in self.lines])

    @property
    def rate_variance(self) -> Decimal | None:
        """Cost less charge: above 0 where the agreed rates do not cover the cost."""
        return difference(self.cost, self.charge)

    @property
    def unknown(self) -> int:
        """Line items whose cost is not known."""
        return sum(line.cost.unknown for line in self.lines)

    def of(self, kind: str) -> tuple[StatementLine, ...]:
        """The lines of one kind of cost."""
        return tuple(line for line in self.lines if line.cost.kind == kind)

    def sum_of(self, kind: str) -> Decimal | None:
        """The charges of one kind, as far as they are known."""
        return _sum([line.charge for line in self.of(kind)])


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The known amounts added up: 0 where there are none, None where none of them is known."""
    return total(amounts) if amounts else Decimal(0)


def statement(
    team: str,
    month: date,
    currency: str,
    measure: str,
    costs: Sequence[Cost],
    not_charged: Sequence[Cost] = (),
    rates: Sequence[Rate] = (),
) -> Statement:
    """The statement of a team's costs, ordered by kind and size, at the rates that are in force in the month.

    >>> from datetime import date
    >>> costs = [Cost("shared", "gpu", Decimal(100), Decimal(30), "GPU hour"), Cost("direct", "web", Decimal(7))]
    >>> found = statement("Search", date(2026, 9, 1), "USD", "EffectiveCost", costs,
    ...                   rates=[Rate("gpu", "GPU hour", Decimal(3), "USD")])
    >>> str(found.cost), str(found.charge), str(found.rate_variance)
    ('107', '97', '10')
    """
    ordered = sorted(costs, key=_order)
    lines = [_line(cost, _rate(cost, month, currency, rates)) for cost in ordered]
    return Statement(team, month, currency, measure, tuple(lines), tuple(sorted(not_charged, key=_order)))


def _order(cost: Cost) -> tuple[int, Decimal, str]:
    return (COST_KINDS.index(cost.kind), -(cost.amount or Decimal(0)), cost.name or "")


def _line(cost: Cost, rate: Rate | None) -> StatementLine:
    if rate is None or cost.quantity is None:
        return StatementLine(cost, None, cost.amount)
    return StatementLine(cost, rate, cost.quantity * rate.rate)


def _rate(cost: Cost, month: date, currency: str, rates: Sequence[Rate]) -> Rate | None:
    """The newest rate in force for the cost; idle capacity and unknown quantities have none."""
    if cost.kind not in (DIRECT, SHARED):
        return None
    found = [
        rate
        for rate in rates
        if (rate.name, rate.unit, rate.currency) == (cost.name, cost.unit, currency) and rate.start <= month
    ]
    return max(found, key=lambda rate: rate.start, default=None)


#: What a reader calls the kinds on a statement.
KIND_TITLES = {
    DIRECT: "Direct",
    SHARED: "Shared, by pool",
    IDLE: "Idle capacity, by the pool's policy",
    UNALLOCATED: "Unallocated (not charged)",
}
