"""A plan with its money in another currency, all of it by one rate.

Conventions: one unit of the plan's currency is ``rate`` units of the new one. Shares, months, person-weeks and metrics
stay; what is worth money is listed here, and a test holds the list against every field of a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from costlib.roadmap.plan_model import Plan

#: Fields of a plan that are money, by dotted name; a part in a list goes by the list's name.
MONEY = (
    "plan.target.reference_value",
    "budget.one_off",
    "budget.one_off_per_quarter",
    "initiatives.one_off_cost",
    "initiatives.running_cost",
    "initiatives.added_spend",
    "initiatives.benefit.low",
    "initiatives.benefit.likely",
    "initiatives.benefit.high",
    "initiatives.quality_effect.value_per_point",
    "initiatives.stake.committed",
    "initiatives.stake.asked",
    "baseline.monthly",
)


def in_currency(plan: Plan, currency: str, rate: float) -> Plan:
    """The plan in another currency.

    >>> plan = Plan(plan={"start": "2026-11", "months": 3}, budget={"one_off": 1000})
    >>> in_currency(plan, "EUR", 0.9).budget.one_off
    900.0
    """
    body = plan.model_dump(mode="json", exclude_unset=True)
    for name in MONEY:
        _scale(body, name.split("."), rate)
    body["plan"]["currency"] = currency
    return Plan.model_validate(body)


def _scale(part: Any, path: list[str], rate: float) -> None:
    """Multiply what lies at the path, in every part of a list; what is not stated stays so."""
    if isinstance(part, list):
        for one in part:
            _scale(one, path, rate)
        return
    if not isinstance(part, Mapping) or part.get(path[0]) is None:
        return
    name, *rest = path
    if rest:
        _scale(part[name], rest, rate)
    elif isinstance(part[name], list):
        part[name] = [amount * rate for amount in part[name]]  # type: ignore[index]
    else:
        part[name] = part[name] * rate  # type: ignore[index]
