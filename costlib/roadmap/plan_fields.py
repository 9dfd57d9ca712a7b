"""Kinds of value that a plan's fields hold: months, shares, money, three-point estimates, scopes.

Conventions: a month is the first day of it and is written ``2026-03``; money is in the plan's currency; a share is a
ratio (0.3 is 30 %); person-weeks are whole or broken. An estimate is low / likely / high; a single number is one that
is certain, and a low or high that is left out is the likely one. ``yes`` and ``no`` are not numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from costlib.periods import month_start
from costlib.roadmap.plan_errors import FieldRefusal

#: The largest number of a plan: beyond any budget, and small enough for sums of it to be exact to the unit.
MOST = 1e15
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_text(month: date) -> str:
    """The month as a plan writes it.

    >>> month_text(date(2026, 3, 1))
    '2026-03'
    """
    return f"{month:%Y-%m}"


def parsed_month(value: object) -> date:
    """The first day of a month given as ``2026-03`` or as that day; raises FieldRefusal for anything else.

    >>> parsed_month("2026-03")
    datetime.date(2026, 3, 1)
    """
    if isinstance(value, date) and value == month_start(value):
        return value
    found = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found[1]) < 1:
        raise FieldRefusal(f"{value} is not a month", expected="a month such as 2026-03", fix="Write it as YYYY-MM.")
    return date(int(found[1]), int(found[2]), 1)


def _no_switch(value: object) -> object:
    if isinstance(value, bool):
        raise FieldRefusal(f"{value} is not a number", expected="a number", fix="Write digits, without yes or no.")
    return value


def _within(value: float) -> float:
    if abs(value) > MOST:
        raise FieldRefusal(f"{value:g} is too large", expected=f"{MOST:,.0f} or less", fix="Correct it there.")
    return value


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Month = Annotated[date, BeforeValidator(parsed_month), PlainSerializer(month_text, return_type=str)]
Number = Annotated[float, BeforeValidator(_no_switch), Field(allow_inf_nan=False), AfterValidator(_within)]
Amount = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(_no_switch), Field(ge=0)]
#: A length of time in months; a plan has 120 at most.
Months = Annotated[Whole, Field(le=1200)]
Words = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
Scope = dict[str, Words]


class Strict(BaseModel):
    """A part of a plan: unknown fields are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Estimate(Strict):
    """Low / likely / high of an uncertain quantity: PERT between low and high, certain where they are equal."""

    low: Number
    likely: Number
    high: Number

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, value: Any) -> Any:
        """A single number and a missing low or high, spelt out."""
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return {"low": value, "likely": value, "high": value}
        if isinstance(value, Mapping) and "likely" in value:
            return {"low": value["likely"], "high": value["likely"], **value}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not self.low <= self.likely <= self.high:
            problem = f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are out of order"
            raise FieldRefusal(problem, expected="low <= likely <= high", fix="Put the three figures in order.")
        return self

    @property
    def mean(self) -> float:
        """Mean of the PERT distribution, (low + 4 likely + high) / 6.

        >>> Estimate(low=0.2, likely=0.3, high=0.4).mean
        0.3
        """
        return self.likely if self.certain else (self.low + 4 * self.likely + self.high) / 6

    @property
    def certain(self) -> bool:
        """Whether nothing is left to chance."""
        return self.low == self.high


class SavingEstimate(Estimate):
    """Share of the spend in scope that is saved; ``0 <= low`` and ``high < 1``."""

    @model_validator(mode="after")
    def _a_share(self) -> SavingEstimate:
        if self.low < 0 or self.high >= 1:
            wrong = self.low if self.low < 0 else self.high
            raise FieldRefusal(
                f"a saving of {wrong:g} of the spend in scope is impossible",
                expected="0 <= low <= likely <= high < 1",
                fix="Write shares: 0.3 for 30 %.",
            )
        return self


class MonthsEstimate(Estimate):
    """A number of whole months, from none."""

    low: Months
    likely: Months
    high: Months
