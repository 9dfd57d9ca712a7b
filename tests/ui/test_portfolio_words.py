"""What Portfolio and Savings learn from signed months, and the counts that stand in their titles: no store, no page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.roadmap.leakage import Outcome
from costlib.roadmap.portfolio.cases import BusinessCase
from costlib.roadmap.savings.booked import Booking, Entry
from ui.portfolio.page import cases_finding, outcomes
from ui.savings.sign import unsigned_words

JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (6, 7, 8))


def promised(name: str, **months: float) -> list[Entry]:
    return [
        Entry(name, {"june": JUNE, "july": JULY, "august": AUGUST}[month], amount) for month, amount in months.items()
    ]


def signed(name: str, **months: float) -> list[Booking]:
    return [Booking(one.initiative, one.month, one.amount, "Cleo", AUGUST) for one in promised(name, **months)]


def learned(promises: list[Entry], bookings: list[Booking]) -> list[Outcome]:
    savings: Any = SimpleNamespace(promised=promises, bookings=bookings)
    return outcomes(savings)


class TestOutcomes:
    def test_what_was_promised_of_the_signed_months_and_what_was_signed(self) -> None:
        """August is promised and not signed yet: it says nothing about what arrives."""
        found = learned(promised("a", june=100, july=100, august=100), signed("a", june=60, july=90))
        assert found == [Outcome("L3", 200, 150)]

    def test_each_initiative_is_one_outcome_in_the_order_in_which_finance_signed(self) -> None:
        promises = [*promised("a", june=10), *promised("b", june=20)]
        assert learned(promises, [*signed("b", june=5), *signed("a", june=7)]) == [
            Outcome("L3", 20, 5), Outcome("L3", 10, 7),
        ]  # fmt: skip

    def test_a_month_that_nobody_promised_is_no_lesson(self) -> None:
        assert learned(promised("a", july=100), signed("a", june=40, july=80)) == [Outcome("L3", 100, 80)]
        assert learned(promised("a", july=100), signed("a", june=40)) == []

    @pytest.mark.parametrize("amount", [0.0, -50.0])
    def test_where_nothing_was_promised_nothing_can_leak(self, amount: float) -> None:
        assert learned(promised("a", june=amount), signed("a", june=40)) == []

    def test_a_month_that_lost_money_counts_as_it_is(self) -> None:
        assert learned(promised("a", june=100, july=100), signed("a", june=150, july=-30)) == [Outcome("L3", 200, 120)]

    def test_what_is_only_promised_is_no_outcome(self) -> None:
        assert learned(promised("a", june=100), []) == []


CASE = BusinessCase("a", "A", "run", "L3", "", 10, 10, 20, 10, 0, 1.0, 5.0, None, None, None, None, 0.1)


@pytest.mark.parametrize(
    ("npvs", "said"),
    [
        ((5, -1, 3), "2 of 3 initiatives are worth more than they take"),
        ((5, -1), "1 of 2 initiatives are worth more than they take"),
        ((5,), "1 of 1 initiative is worth more than it takes"),
        ((0,), "0 of 1 initiative is worth more than it takes"),
        ((0.01, 0, -0.01), "1 of 3 initiatives are worth more than they take"),
        ((), "0 of 0 initiatives are worth more than they take"),
    ],
)
def test_how_many_are_worth_more_than_they_take(npvs: tuple[float, ...], said: str) -> None:
    assert cases_finding([replace(CASE, npv=npv) for npv in npvs]) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, "Every closed month is signed off"),
        (1, "1 closed month is not signed off yet"),
        (2, "2 closed months are not signed off yet"),
        (1200, "1,200 closed months are not signed off yet"),
    ],
)
def test_how_many_months_wait_for_finance(months: int, said: str) -> None:
    assert unsigned_words(months) == said
