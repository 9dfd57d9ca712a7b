"""Agreed internal rates: a small YAML file of prices per unit, each valid from a month on.

    version: 1
    rates:
      - {name: ml-shared-gpu, unit: GPU hour, rate: 2.50, currency: USD, from: 2026-01-01}

``name`` is that of a pool whose hours are known, as direct cost has no quantity; the newest rate in force counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from costlib.attribution.conditions import Strict, Version
from costlib.attribution.rule_words import refusal
from costlib.attribution.showback import Rate
from costlib.errors import RuleError, cause_words, did_you_mean
from costlib.money import currency_codes
from costlib.yaml_text import parsed


class _Rate(Strict):
    name: str
    unit: str
    rate: Annotated[Decimal, Field(allow_inf_nan=False)]
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
        if one.rate < 0:
            raise RuleError(
                f"{path}, {one.name}: {one.rate} is refused, because a rate below 0 would pay teams for what they use",
                expected="0 or more",
                fix="Correct it.",
            )
    return [Rate(one.name, one.unit, one.rate, one.currency, one.start) for one in found.rates]


def idle_rates(rates: Iterable[Rate], units: Mapping[str, str], currencies: Sequence[str]) -> list[str]:
    """The rates that no statement charges by, a sentence each: ``units`` has the unit of each pool on the bills.

    >>> rate = Rate("gpus", "GPU hour", Decimal(2), "USD")
    >>> idle_rates([rate], {"gpu": "GPU hour"}, ["USD"])
    ['gpus: no bill has hours of a pool called so, so this rate charges nothing. Did you mean gpu?']
    """
    found = (_idle_words(one, units, currencies) for one in rates)
    return list(dict.fromkeys(words for words in found if words))


def _idle_words(one: Rate, units: Mapping[str, str], currencies: Sequence[str]) -> str | None:
    if one.name not in units:
        problem, hint = "no bill has hours of a pool called so", did_you_mean(one.name, units)
    elif one.unit != units[one.name]:
        unit = units[one.name]
        problem, hint = f"no bill counts this pool in {one.unit}", f"Its unit is {unit}."
        hint = did_you_mean(one.unit, [unit]) or hint
    elif one.currency not in currencies:
        problem, hint = f"no bill is in {one.currency}", f"Bills are in {', '.join(currencies)}."
    else:
        return None
    return f"{one.name}: {problem}, so this rate charges nothing. {hint}".strip()
