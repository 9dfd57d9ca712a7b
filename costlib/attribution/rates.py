"""Agreed internal rates: a small YAML file of prices per unit, each valid from a month on.

    version: 1
    rates:
      - {name: ml-shared-gpu, unit: GPU hour, rate: 2.50, currency: USD, from: 2026-01-01}

``name`` is that of a pool, or of direct cost as the statement names it; the newest rate in force counts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from costlib.attribution.conditions import Strict, Version
from costlib.attribution.rule_words import refusal
from costlib.attribution.showback import Rate
from costlib.errors import RuleError, cause_words
from costlib.money import currency_codes
from costlib.yaml_text import parsed


class _Rate(Strict):
    name: str
    unit: str
    rate: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
    currency: str
    start: date = Field(default=date.min, alias="from")


class _Rates(Strict):
    version: Version
    rates: list[_Rate]


def read_rates(path: Path) -> list[Rate]:
    """The rates of the file, checked.

    Raises ``RuleError``.
    """
    try:
        document = parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(
            f"{path} cannot be read ({cause_words(error)})",
            expected="a YAML file of rates",
            fix="Check the path." if isinstance(error, OSError) else "Correct it.",
        ) from error
    try:
        found = _Rates.model_validate(document)
    except ValidationError as error:
        raise refusal(error, document, str(path), _Rates, {"rates": _Rate}) from error
    for one in found.rates:
        if one.currency not in currency_codes():
            raise RuleError(
                f"{path}, {one.name}: {one.currency} is no currency", expected="a code such as USD", fix="Correct it."
            )
    return [Rate(one.name, one.unit, one.rate, one.currency, one.start) for one in found.rates]
