"""A tornado: how far one result moves when one input at a time is low or high, the widest swing first.

Conventions: ``low`` and ``high`` are the result with the input at its low and at its high end, in the chart's
currency; which of the two is the larger depends on the input. Swings with an unknown end come last.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costlib import money
from costlib.charts.spec.bridge import Level
from costlib.charts.spec.parts import Amount, Caption, check_amount, check_currency, check_names
from costlib.charts.ticks import Scale, place_scale
from costlib.errors import InputError

MOST_SWINGS = 12


@dataclass(frozen=True)
class Swing:
    """One input and the result at its two ends; ``low_at`` and ``high_at`` say what the ends are ("10%", "30%")."""

    name: str
    low: Amount
    high: Amount
    low_at: str = ""
    high_at: str = ""

    @property
    def width(self) -> Decimal | None:
        """The distance between the two results; None where either is unknown."""
        width = money.difference(self.high, self.low)
        return None if width is None else width.copy_abs()


@dataclass(frozen=True)
class Tornado:
    """A base result and at most twelve swings around it; ``low_name`` and ``high_name`` name the two ends."""

    caption: Caption
    currency: str
    base: Level
    swings: tuple[Swing, ...]
    low_name: str = "Input at its low"
    high_name: str = "Input at its high"
    dimension: str = "Input"

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_names((swing.name for swing in self.swings), "swing")
        check_names((self.base.name,), "base")
        check_names((self.dimension, "Currency", self.low_name, self.high_name, self.base.name), "column")
        check_amount(self.base.amount, "base", self.base.name)
        for swing in self.swings:
            for amount in (swing.low, swing.high):
                if amount is not None:
                    check_amount(amount, "swing", swing.name, expected="a finite Decimal, or None")
        if len(self.swings) > MOST_SWINGS:
            raise InputError(
                f"A tornado has {len(self.swings)} swings",
                expected=f"at most {MOST_SWINGS}",
                fix="Show the widest.",
            )

    @property
    def ranked(self) -> tuple[Swing, ...]:
        """The swings from top to bottom."""
        return tuple(sorted(self.swings, key=lambda swing: (swing.width is None, -(swing.width or 0))))

    @property
    def columns(self) -> tuple[tuple[str, tuple[Amount, ...]], ...]:
        """Name and results of the two ends, from the top swing to the bottom one."""
        return (
            (self.low_name, tuple(swing.low for swing in self.ranked)),
            (self.high_name, tuple(swing.high for swing in self.ranked)),
        )

    @property
    def scale(self) -> Scale:
        """The axis of the result; it holds the base and leaves zero out where that lies far off."""
        return place_scale((self.base.amount, *(end for _, ends in self.columns for end in ends)), self.currency)

    def label(self, amount: Amount) -> str:
        """A result as it is written at the end of a bar."""
        return money.short(amount, self.currency)
