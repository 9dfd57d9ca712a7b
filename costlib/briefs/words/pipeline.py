"""The audit of a machine-learning pipeline in words: its most expensive component, and what drives it.

Conventions: a *component* is one stage of a model in one service, or its part of a shared pool. Its *driver* is the
meter that costs most in it, as quantity times unit cost; what moved it is said against an earlier window of the same
kind. Amounts are in one currency, None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.bridge import Parts
from costlib.analysis.trend import Amount
from costlib.briefs.words.bridge import PART_NAMES
from costlib.briefs.words.dispute import hours
from costlib.briefs.words.findings import STEADY

_UNITS: Final = {"Hrs": "hours", "Hours": "hours", "GB-Mo": "GB-months", "GB": "GB"}


@dataclass(frozen=True)
class Meter:
    """What a component pays for most: its name, cost, and the quantity used in a unit; None is unknown."""

    name: str
    cost: Amount
    quantity: Amount
    unit: str | None

    @property
    def rate(self) -> Amount:
        """Cost of a unit."""
        return None if self.cost is None or not self.quantity else money.ratio(self.cost, self.quantity)


def unit_words(unit: str | None) -> str:
    """A provider's unit as a reader would say it.

    >>> unit_words("Hrs"), unit_words("Requests"), unit_words(None)
    ('hours', 'Requests', 'units')
    """
    return _UNITS.get(unit, unit) if unit else "units"


def meter_words(meter: Meter, currency: str) -> str:
    """A meter as quantity times unit cost, as far as they are known.

    >>> meter_words(Meter("p4d.24xlarge", Decimal(96000), Decimal(4000), "Hrs"), "USD")
    '4,000 hours of p4d.24xlarge at $24.00 ($96.0K)'
    >>> meter_words(Meter("tokens", Decimal(96), None, None), "USD")
    'tokens ($96.00)'
    """
    cost = money.short(meter.cost, currency)
    if meter.quantity is None or meter.rate is None:
        return f"{meter.name} ({cost})"
    amount = hours(meter.quantity, 0 if meter.quantity >= 100 else 1)
    return f"{amount} {unit_words(meter.unit)} of {meter.name} at {money.short(meter.rate, currency)} ({cost})"


def component_finding(
    model: str,
    component: str,
    currency: str,
    amounts: tuple[Amount, Amount],
    period: str,
    meter: Meter | None,
    change: tuple[Decimal, Decimal, Parts, str] | None = None,
) -> str:
    r"""The most expensive component of a model's pipeline, what it consists of, and what moved it.

    ``amounts`` are the component's cost and the pipeline's; ``change`` is its earlier and its later cost, the parts of
    the way between, and the name of the earlier window as it stands in a sentence.

    >>> gpu = Meter("p4d.24xlarge", Decimal(96000), Decimal(4000), "Hrs")
    >>> moved = (Decimal(80000), Decimal(100000), Parts(volume=Decimal(18000), rate=Decimal(2000)), "in Aug 2026")
    >>> amounts = (Decimal(100000), Decimal(200000))
    >>> found = component_finding("ranker", "training (SageMaker)", "USD", amounts, "in Sep 2026", gpu, moved)
    >>> print("\n".join(found.split(", driven ")))
    The most expensive component of ranker in Sep 2026 is training (SageMaker): $100K, 50% of it
    by 4,000 hours of p4d.24xlarge at $24.00 ($96.0K); 25% more than in Aug 2026, mostly volume (+$18.0K)
    """
    cost, whole = amounts
    share = money.ratio(cost, whole)
    part = f", {money.percent(share)} of it" if share is not None and share < 1 else ""
    sentence = f"The most expensive component of {model} {period} is {component}: {money.short(cost, currency)}{part}"
    if meter is not None:
        sentence += f", driven by {meter_words(meter, currency)}"
    return sentence + (_moved(*change, currency) if change else "")


def _moved(before: Decimal, after: Decimal, parts: Parts, earlier: str, currency: str) -> str:
    grown = money.ratio(after - before, before)
    if grown is None:
        return "; it is new" if after > 0 and not before else ""
    if abs(grown) < STEADY:
        return f"; about the same as {earlier}"
    direction = "more" if grown > 0 else "less"
    moved = {name: part for name, part in parts.by_name().items() if part and (part > 0) is (grown > 0)}
    largest = max(moved.items(), key=lambda pair: abs(pair[1]), default=None)
    why = f", mostly {PART_NAMES[largest[0]]} ({money.signed(largest[1], currency)})" if largest else ""
    return f"; {money.percent(abs(grown))} {direction} than {earlier}{why}"
