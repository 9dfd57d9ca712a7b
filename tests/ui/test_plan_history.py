"""A change of a plan in one line: what it did, in the units of the form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from costlib.state.records import Entry
from ui.roadmap.history import change_words

BATCH = {"id": "batch", "title": "Batch the calls", "stage": "L1"}


def entry(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Entry:
    return Entry(1, datetime(2026, 11, 1, tzinfo=UTC), "Ada", "", "initiative", "plan/batch", before, after, 1)


def of(**fields: Any) -> dict[str, Any]:
    return {"initiative": {**BATCH, **fields}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, of(), "added"),
        (of(), None, "removed"),
        (of(probability=0.9), of(probability=0.38), "probability 90% → 38%"),
        (of(saving={"likely": 0.3}), of(saving={"likely": 0.125}), "saving, likely 30% → 12.5%"),
        (of(one_off_cost=40_000.0), of(), "one-off cost 40,000 → –"),
        (of(), of(stage="L2", probability=0.5), "L1 to L2"),
        (of(), of(), "order"),
    ],
)
def test_what_changed_is_told_as_it_was_entered(before: Any, after: Any, said: str) -> None:
    told = change_words(entry(before, after)).removeprefix("Batch the calls").removeprefix(":").strip()
    assert told == said


def test_a_target_is_told_in_percent() -> None:
    before, after = (
        {"plan": {"target": {"reduction": share, "by": by}}} for share, by in ((0.3, "2027-01"), (0.38, "2027-03"))
    )
    assert change_words(entry(before, after)) == "The plan: target, reduction 30% → 38%; target, by Jan 2027 → Mar 2027"


def test_of_many_fields_four_are_named() -> None:
    fields = dict.fromkeys(("one_off_cost", "running_cost", "added_spend", "ramp_months", "probability", "owner"), 0.5)
    assert change_words(entry(of(), of(**fields))).endswith("months to full effect – → 0.5; 2 more")
