"""Dated list prices of machines: data/prices.yaml, read and checked.

Conventions: a price is USD (or what the file says) for an hour of one machine, on demand, and holds from its day until
the next. A SageMaker type (``ml.g5.xlarge``) that has no price of its own takes that of the EC2 machine inside it,
which leaves out SageMaker's own charge: the bill shows by how much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from costlib.errors import InputError

SHIPPED = Path(__file__).parents[2] / "data" / "prices.yaml"


@dataclass(frozen=True)
class PriceList:
    """Prices an hour by machine, each with the day it holds from, oldest first."""

    currency: str
    as_of: date
    prices: Mapping[str, tuple[tuple[date, Decimal], ...]]

    def price(self, kind: str | None, day: date) -> Decimal | None:
        """The price of an hour of the machine on the day; None where the list has none."""
        known = self.prices.get(kind or "") or self.prices.get((kind or "").removeprefix("ml."), ())
        held = [price for first, price in known if first <= day]
        return held[-1] if held else None


def read_prices(path: Path = SHIPPED) -> PriceList:
    """The price list of the file.

    Raises ``InputError`` where it does not say what it means.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        prices = {str(kind): _dated(entries) for kind, entries in document["prices"].items()}
        if document["version"] != 1 or document["unit"] != "hour" or not isinstance(document["as_of"], date):
            raise ValueError("version 1, unit hour and as_of, a day, are needed")
        return PriceList(str(document["currency"]), document["as_of"], prices)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise InputError(
            f"The price list {path} cannot be used ({error})",
            expected="prices: {machine: [{from: 2026-01-01, price: 1.5}]}, with version, currency, unit and as_of",
            fix="Correct it, or leave it out for the one that is shipped.",
        ) from error


def _dated(entries: Any) -> tuple[tuple[date, Decimal], ...]:
    found = [(entry["from"], Decimal(str(entry["price"]))) for entry in entries]
    if not all(isinstance(day, date) and price.is_finite() and price > 0 for day, price in found):
        raise ValueError(f"{entries} is no list of a day and a price above 0")
    return tuple(sorted(found))
