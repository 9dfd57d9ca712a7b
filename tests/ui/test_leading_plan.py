"""Which plan pages begin with, where nobody chose one: never the first of the alphabet."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.state.saved import SavedPlan
from costlib.state.stages import Approval
from ui.plan import leading

MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def plan(name: str, *stages: str, approved: datetime | None = None) -> SavedPlan:
    """A plan with an initiative in each of the stages."""
    initiatives: dict[str, Any] = {
        str(at): SimpleNamespace(initiative=SimpleNamespace(stage=stage)) for at, stage in enumerate(stages)
    }
    approval = Approval(reference=Decimal(1), cycle="FY26", at=approved, by="Cleo") if approved else None
    head: Any = None
    return SavedPlan(name, head, 1, MAY, "Ada", 1, initiatives, approval)


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        (plan("z", "L1", "L2"), plan("a")),
        (plan("z", "L1", "L2"), plan("a", "L0")),
        (plan("z", "L1", "L0"), plan("a", "L1")),
        (plan("z", "L0", approved=MARCH), plan("a", "L4", "L4")),
        (plan("z", "L0", approved=MAY), plan("a", "L4", approved=MARCH)),
        (plan("z", "L0"), plan("a", "L5", "L5", approved=MAY)),
    ],
    ids=["not empty", "not just begun", "larger", "approved", "approved last", "work left"],
)
def test_the_one_that_leads(wanted: SavedPlan, other: SavedPlan) -> None:
    for order in permutations((wanted, other)):
        assert leading(order) is wanted


def test_of_two_alike_the_first_and_of_none_none() -> None:
    first, second = plan("a", "L1"), plan("b", "L1")
    assert leading([first, second]) is first
    assert leading([]) is None
