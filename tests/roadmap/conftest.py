"""Small plans whose answers are worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from costlib.roadmap.plan_model import Plan

PlanOf = Callable[..., Plan]


@pytest.fixture
def plan_of() -> PlanOf:
    """A plan of one segment of 1,000 a month for 12 months, with these initiatives; header fields by name."""

    def build(
        *initiatives: dict[str, Any],
        spend: dict[str, float] | None = None,
        capacity: dict[str, float] | None = None,
        budget: dict[str, float] | None = None,
        **header: Any,
    ) -> Plan:
        whole = {"start": "2026-01", "months": 12, "paths": 40, "discount_rate": 0.10, **header}
        segments = spend or {"A": 1000.0}
        return Plan.model_validate(
            {
                "plan": whole,
                "capacity": capacity or {},
                "budget": budget or {},
                "initiatives": list(initiatives),
                "baseline": [
                    {"segment": {"x_Team": team}, "monthly": [amount] * whole["months"]}
                    for team, amount in segments.items()
                ],
            }
        )

    return build
