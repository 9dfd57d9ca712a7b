"""Ranked bars: who costs most, at one glance, with an earlier period for comparison.

Conventions: bars are shown largest first, credits below zero after them, unknown amounts after those and what
gathers the rest last; the order is made here, whatever order the bars are given in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costlib import money
from costlib.charts.spec.parts import OTHER, Amount, Caption, check_amount, check_currency, check_names
from costlib.errors import InputError

MOST_BARS = 12


@dataclass(frozen=True)
class Bar:
    """One name and its amount, and the earlier one it is compared with; None is unknown."""

    name: str
    amount: Amount
    previous: Amount = None
    other: bool = False


@dataclass(frozen=True)
class RankedBars:
    """At most twelve bars and one that gathers the rest.

    ``amount_name`` says what the bars are ("Sep 2026"), ``previous_name`` what they are compared with; without
    the latter no comparison is drawn. ``dimension`` names what is ranked, as a table's heading does.
    """

    caption: Caption
    currency: str
    bars: tuple[Bar, ...]
    amount_name: str
    previous_name: str | None = None
    dimension: str = "Name"

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_names((bar.name for bar in self.bars), "bar")
        check_names((self.dimension, self.amount_name, *self._compared), "column")
        for bar in self.bars:
            for amount in (bar.amount, bar.previous):
                if amount is not None:
                    check_amount(amount, "bar", bar.name, expected="a finite Decimal, or None")
            if bar.previous is not None and self.previous_name is None:
                raise InputError(
                    f"The bar {bar.name!r} has an earlier amount", fix="Say in previous_name what it is compared with."
                )
        if sum(bar.other for bar in self.bars) > 1 or sum(not bar.other for bar in self.bars) > MOST_BARS:
            raise InputError(
                f"A ranking has {len(self.bars)} bars",
                expected=f"at most {MOST_BARS} and one that gathers the rest",
                fix="Pass them through leading().",
            )

    @property
    def _compared(self) -> tuple[str, ...]:
        return () if self.previous_name is None else (self.previous_name,)

    @property
    def ranked(self) -> tuple[Bar, ...]:
        """The bars from top to bottom."""

        def rank(bar: Bar) -> tuple[bool, bool, Decimal]:
            return bar.other, bar.amount is None, (bar.amount or Decimal(0)).copy_negate()

        return tuple(sorted(self.bars, key=rank))

    @property
    def columns(self) -> tuple[tuple[str, tuple[Amount, ...]], ...]:
        """Name and amounts of what is drawn, from the top bar to the bottom one: this period, then the earlier one."""
        amounts = (self.amount_name, tuple(bar.amount for bar in self.ranked))
        if self.previous_name is None:
            return (amounts,)
        return amounts, (self.previous_name, tuple(bar.previous for bar in self.ranked))

    @property
    def reach(self) -> tuple[Decimal, Decimal]:
        """From the lowest amount to the highest, zero always among them; never the same twice."""
        amounts = [amount for _, values in self.columns for amount in values if amount is not None]
        low, high = min([Decimal(0), *amounts]), max([Decimal(0), *amounts])
        return low, high if high > low else Decimal(1)

    def label(self, bar: Bar) -> str:
        """What stands at the end of a bar."""
        return money.short(bar.amount, self.currency)


def leading(bars: Sequence[Bar], most: int = MOST_BARS) -> tuple[Bar, ...]:
    """The ``most`` bars of the largest size, then the sum of the rest as one; unknown where any of the rest is.

    >>> bars = [Bar("A", Decimal(5)), Bar("B", Decimal(1)), Bar("Credit", Decimal(-7)), Bar("C", Decimal(2))]
    >>> [(bar.name, int(bar.amount)) for bar in leading(bars, most=2)]
    [('A', 5), ('Credit', -7), ('All other', 3)]
    """
    if len(bars) <= most:
        return tuple(bars)

    def size(index: int) -> tuple[bool, Decimal, int]:
        return bars[index].other, (bars[index].amount or Decimal(0)).copy_abs().copy_negate(), index

    kept = set(sorted(range(len(bars)), key=size)[:most])
    rest = [bar for index, bar in enumerate(bars) if index not in kept]
    name = rest[0].name if len(rest) == 1 else OTHER
    amount, previous = (_whole([bar.amount for bar in rest]), _whole([bar.previous for bar in rest]))
    return (*(bar for index, bar in enumerate(bars) if index in kept), Bar(name, amount, previous, other=True))


def _whole(amounts: Sequence[Amount]) -> Amount:
    return None if None in amounts else money.exact_sum(amounts)
