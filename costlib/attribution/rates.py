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

import yaml
from pydantic import Field, ValidationError

from costlib.attribution.conditions import Strict
from costlib.attribution.showback import Rate
from costlib.errors import RuleError, cause_words
from costlib.money import currency_codes


class _Rate(Strict):
    name: str
    unit: str
    rate: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
    currency: str
    start: date = Field(default=date.min, alias="from")


class _Rates(Strict):
    version: int
    rates: list[_Rate]


def read_rates(path: Path) -> list[Rate]:
    """The rates of the file, checked.

    Raises ``RuleError``.
    """
    try:
        found = _Rates.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else cause_words(error)
        raise RuleError(f"{path} cannot be read ({why})", expected="a YAML file of rates", fix="Correct it.") from error
    for one in found.rates:
        if one.currency not in currency_codes():
            raise RuleError(
                f"{path}, {one.name}: {one.currency} is no currency", expected="a code such as USD", fix="Correct it."
            )
    return [Rate(one.name, one.unit, one.rate, one.currency, one.start) for one in found.rates]
