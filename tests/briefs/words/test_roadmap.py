"""Rows and findings of the roadmap: what is not simulated is unknown, and the widest disagreement is the one named."""

from __future__ import annotations

import pytest

from costlib.briefs.words import roadmap as words
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.prioritise import Priority, priorities
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

PLAN = Plan(
    plan={"start": "2026-11", "months": 6},
    initiatives=[
        {"id": name, "title": title, "saving": 0.1} for name, title in (("a", "Batch"), ("b", "Spot"), ("c", ""))
    ],
)


def ranked(name: str, npv_rank: int, rice_rank: int, reason: str | None = "it takes much work") -> Priority:
    return Priority(name, 10.0, 1.0, 100.0 / npv_rank, rice_rank, npv_rank, reason)


class TestFinding:
    def test_the_first_itself_may_be_where_they_disagree(self) -> None:
        found = [ranked("a", 1, 3), ranked("b", 2, 1), ranked("c", 3, 2, None)]
        assert words.priority_finding(PLAN, found) == "Batch is worth most; NPV and RICE disagree most on it"

    def test_the_widest_is_named_whichever_way_and_wherever(self) -> None:
        """Spot moves by one place, c by two upwards."""
        found = [ranked("a", 1, 2, None), ranked("b", 2, 3), ranked("c", 3, 1)]
        assert words.priority_finding(PLAN, found) == "Batch is worth most; NPV and RICE disagree most on c"

    def test_without_an_initiative_nothing_is_ranked(self) -> None:
        assert words.priority_finding(PLAN, []) == "There is no initiative to rank yet"


def test_a_priority_by_hand() -> None:
    assert words.priority_rows(PLAN, [Priority("b", 1234.5, 9.0, 2500.0, 2, 1, None)], "EUR") == [
        ["Spot", "1", "2", "€2.50K", "1,234", "they nearly agree"]
    ]


def test_rows_of_a_simulated_plan_by_hand() -> None:
    """0.4 of 150 a month is 60: 360 in six months, 720 a year; 100 once. 0.2 of 50 is 10: 60, and 120 a year."""
    plan = scorer_plan(
        initiative("a", "training", 0.4, one_off_cost=100.0, title="Spot", owner="CTO"),
        initiative("b", "idle", 0.2),
        discount_rate=0.0,
    )
    found = scorer_figures(scorer_case(plan))
    first, second = words.initiative_rows(plan, found)
    assert (first["Initiative"], first["Owner"], first["Starts"]) == ("Spot", "CTO", "Jan 2027")
    assert (first["Saves a year"], first["Net"], first["NPV"]) == (720, 260, 260)
    assert (second["Saves a year"], second["Net"], second["NPV"]) == (120, 60, 60)
    ranks = {one.id: f"{one.npv_rank} / –" for one in priorities(found.case.recommended.result)}  # without an effort
    assert (first["By NPV, by RICE"], second["By NPV, by RICE"]) == (ranks["a"], ranks["b"])
    assert all(
        (isinstance(row["NPV"], int) and row["RICE"] is None) or isinstance(row["RICE"], int) for row in (first, second)
    )


@pytest.mark.parametrize("text", ["Q3 FY27", "whole plan", "2026-Q3", "FY-11", ""])
def test_what_is_no_month_stays(text: str) -> None:
    assert words.month_words(text) == text
