"""What a number of a chart is: money, a share, or a count of something, and how it is written.

Conventions: numbers are Decimal; a share is kept as a ratio (0.18) and written as per cent; None is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from costlib import money
from costlib.charts.spec.parts import check_currency
from costlib.charts.ticks import Scale, place_scale
from costlib.errors import InputError

PERCENT = "%"
_PLURAL = re.compile(r"[a-z-]{3,}[a-rt-z]s")


@dataclass(frozen=True)
class Measure:
    """A name, and either a currency or a unit: ``%`` for a share, else the word behind the number.

    >>> Measure("NPV", currency="USD").text(Decimal(1234567)), Measure("Pass rate", unit="%").text(Decimal("0.918"))
    ('$1.23M', '91.8%')
    >>> Measure("Time to value", unit="months").text(Decimal("4.50")), Measure("Users").text(None)
    ('4.5 months', 'unknown')
    >>> Measure("Time to value", unit="months").text(Decimal(1)), Measure("Wait", unit="ms").text(Decimal(1))
    ('1 month', '1 ms')
    """

    name: str
    currency: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("A measure has no name", fix="Name it as a table's heading would.")
        if self.currency:
            check_currency(self.currency)
        if self.currency and self.unit:
            raise InputError(f"{self.name} is in {self.currency} and in {self.unit}", expected="a currency or a unit")

    @property
    def is_share(self) -> bool:
        """Whether the number is a ratio, written as per cent."""
        return self.unit == PERCENT

    @property
    def heading(self) -> str:
        """The name with what the numbers are in, for an axis or a column.

        >>> Measure("Time to value", unit="months").heading, Measure("NPV", currency="USD").heading
        ('Time to value, months', 'NPV, USD')
        """
        return ", ".join(part for part in (self.name, self.currency or self.unit) if part)

    def text(self, value: Decimal | None) -> str:
        """The number as a label shows it."""
        return self._text(value, f" {self._unit_of(value)}" if self.unit else "")

    def bare(self, value: Decimal | None) -> str:
        """The number without its word, where a heading says it."""
        return self._text(value, "")

    def scale(self, values: Iterable[Decimal | None]) -> Scale:
        """An axis for points of this measure; zero is left out where it lies far off."""
        return place_scale(values, self.currency, percent=self.is_share)

    def _unit_of(self, value: Decimal | None) -> str:
        """The word behind the number: of one, a plural such as months without its last letter."""
        one = value is not None and _tenths(abs(value)) == "1"
        return self.unit[:-1] if one and _PLURAL.fullmatch(self.unit) else self.unit

    def _text(self, value: Decimal | None, after: str) -> str:
        if value is None:
            return money.UNKNOWN
        if self.currency:
            return money.short(value, self.currency)
        if self.is_share:
            return _tenths(value * 100) + PERCENT
        return _tenths(value) + after


def _tenths(value: Decimal) -> str:
    """A number to a tenth, or to a whole one from 1,000 on, without an empty decimal."""
    step = Decimal(1) if abs(value) >= 1000 else Decimal("0.1")
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".removesuffix(".0")
    return f"−{text}" if rounded < 0 else text
