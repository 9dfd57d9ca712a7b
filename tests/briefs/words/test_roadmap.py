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


class TestAgreement:
    """What is said of the order where nothing disagrees, and of initiatives that nobody estimated."""

    UNKNOWN = Plan(
        plan={"start": "2026-11", "months": 6},
        initiatives=[
            {"id": "a", "title": "Batch", "saving": 0.1},
            {"id": "b", "title": "Spot"},
            {"id": "c", "saving": 0.2},
        ],
    )

    def test_all_places_alike_agree_and_one_apart_nearly(self) -> None:
        alike = [ranked("a", 1, 1, None), ranked("b", 2, 2, None)]
        assert words.priority_finding(PLAN, alike) == "Batch is worth most; NPV and RICE agree on the order"
        apart = [ranked("a", 1, 2, None), ranked("b", 2, 1, None), ranked("c", 3, 3, None)]
        assert words.priority_finding(PLAN, apart) == "Batch is worth most; NPV and RICE nearly agree on the order"

    def test_what_nobody_estimated_has_no_place_to_disagree_about(self) -> None:
        """Spot stands two places apart and is not estimated: the order of the others is what agrees."""
        found = [ranked("a", 1, 1, None), ranked("c", 2, 2, None), ranked("b", 3, 1)]
        assert words.priority_finding(self.UNKNOWN, found) == "Batch is worth most; NPV and RICE agree on the order"

    def test_where_nothing_is_estimated_none_comes_first(self) -> None:
        plan = Plan(plan={"start": "2026-11", "months": 6}, initiatives=[{"id": "a"}, {"id": "b"}])
        said = "What the initiatives save is not estimated yet, so none comes first"
        assert words.priority_finding(plan, [ranked("a", 1, 2), ranked("b", 2, 1)]) == said

    def test_rows_under_their_header(self) -> None:
        found = [ranked("a", 1, 1, None), ranked("b", 2, 3, "nobody stated it"), ranked("c", 3, 2)]
        rows = [
            dict(zip(words.PRIORITY_HEADER, row, strict=True))
            for row in words.priority_rows(self.UNKNOWN, found, "USD")
        ]
        assert [row["Why they disagree"] for row in rows] == ["they agree", "nobody stated it", "it takes much work"]
        assert [(row["By NPV"], row["By RICE"], row["NPV"], row["RICE"], row["Classic RICE"]) for row in rows] == [
            ("1", "1", "$100", "10", "1"), ("–", "–", *["not estimated"] * 3), ("3", "2", "$33.33", "10", "1"),
        ]  # fmt: skip

    def test_without_a_score_there_is_no_place_by_rice(self) -> None:
        (row,) = words.priority_rows(PLAN, [Priority("a", None, None, 5.0, 1, 1, None)], "USD")
        assert row == ["Batch", "1", "–", "$5.00", "unknown", "unknown", "they agree"]


@pytest.mark.parametrize(("number", "name"), [(1, "Jan"), (2, "Feb"), (6, "Jun"), (9, "Sep"), (11, "Nov"), (12, "Dec")])
def test_a_month_has_its_name(number: int, name: str) -> None:
    assert words.month_words(f"2027-{number:02}") == f"{name} 2027"


def test_a_priority_by_hand() -> None:
    assert words.priority_rows(PLAN, [Priority("b", 1234.5, 9.0, 2500.0, 2, 1, None)], "EUR") == [
        ["Spot", "1", "2", "€2.50K", "1,234", "9", "they nearly agree"]
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
