"""Words and rows of the estimate since the bill ends: labelled, with its past error, unknown where it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.units.drivers import Driver
from costlib.analysis.units.estimate import CostEstimate, PastError, Price, Replay
from costlib.analysis.units.measures import unit_of
from costlib.briefs.words.estimate import (
    HEADER,
    covered_words,
    error_words,
    estimate_finding,
    estimate_rows,
    unpriced_words,
)
from costlib.periods import Window

DAYS, WEEKS = Window(date(2026, 10, 21), date(2026, 10, 26)), Window(date(2026, 9, 21), date(2026, 10, 19))
BILLED = CostEstimate(
    unit_of("requests"),
    "fraud-scorer",
    DAYS,
    Decimal(5_000_000),
    Price(Decimal("0.000142"), WEEKS),
    (
        Replay(1, Decimal(97), Decimal(100)),
        Replay(2, Decimal(112), Decimal(100)),
        Replay(3, Decimal(101), Decimal(100)),
    ),
)
LISTED = CostEstimate(
    unit_of("p4d.24xlarge hours"),
    "new-model",
    Window(date(2026, 9, 30), date(2026, 10, 24)),
    Decimal(48),
    Price(Decimal("21.957642"), source="List price of 20 Jul 2026"),
)


def test_it_is_called_an_estimate_with_its_days() -> None:
    assert estimate_finding([BILLED], BILLED.amount, "USD") == (
        "What no bill has yet cost about $710 from 21 to 25 Oct 2026: an estimate from measured use"
    )
    one_day = CostEstimate(BILLED.unit, "m", Window(date(2026, 10, 21), date(2026, 10, 22)), Decimal(1), BILLED.price)
    assert "about $1.00 on 21 Oct 2026" in estimate_finding([one_day], Decimal(1), "USD")


def test_days_are_those_of_all() -> None:
    assert "from 30 Sep to 25 Oct 2026" in estimate_finding([BILLED, LISTED], Decimal(1), "USD")


def test_without_a_price_there_is_no_figure() -> None:
    assert estimate_finding([], None, "USD") == "What was used since the bill ends has no known price"


def test_a_row_of_the_bills_price() -> None:
    """0.000142 a request is 14.2 cents a thousand; errors are −3, +12 and +1 per cent: the middle is 3."""
    (row,) = estimate_rows([BILLED], "USD")
    assert dict(zip(HEADER, row, strict=True)) == {
        "Model": "fraud-scorer",
        "Measured by": "1,000 inferences",
        "Days": "21 to 25 Oct 2026",
        "Use": "5,000,000",
        "Price of one unit": "$0.142",
        "Priced by": "Bill of 21 Sep to 18 Oct 2026",
        "Estimate": "$710",
        "Usually off by": "3%",
        "Most off by": "+12%",
    }


def test_a_row_of_a_list_price_has_no_past() -> None:
    (row,) = estimate_rows([LISTED], "USD")
    found = dict(zip(HEADER, row, strict=True))
    assert (found["Priced by"], found["Estimate"]) == ("List price of 20 Jul 2026", "$1.05K")
    assert (found["Days"], found["Usually off by"], found["Most off by"]) == (
        "30 Sep to 23 Oct 2026",
        "unknown",
        "unknown",
    )


def test_a_year_that_ends_between_is_said_twice() -> None:
    days = Window(date(2026, 12, 30), date(2027, 1, 3))
    (row,) = estimate_rows([CostEstimate(BILLED.unit, "m", days, Decimal(1), BILLED.price)], "USD")
    assert row[5] == "30 Dec 2026 to 2 Jan 2027"


def test_how_far_off_it_was() -> None:
    assert error_words(PastError(Decimal("0.1"), Decimal("0.1"), 1)) == (
        "Made in the same way once before, it was off by 10% as a rule and by +10% at most."
    )
    assert "unknown" in error_words(None)


def test_how_much_it_covers() -> None:
    assert "work that was 57% of the cost" in covered_words(Decimal("0.571"))
    assert covered_words(None) == "How much of the cost it covers is unknown."


def test_what_has_no_price_is_named() -> None:
    drivers = [Driver(unit_of("requests"), f"m{number}", {}, {}, None) for number in range(6)]
    assert unpriced_words([]) == ""
    assert unpriced_words(drivers[:1]) == "Measured, but of unknown price or count, so not in it: requests of m0."
    assert unpriced_words(drivers).endswith("requests of m3 and 2 more.")


def test_up_to_four_are_named_and_further_ones_counted() -> None:
    drivers = [Driver(unit_of("requests"), f"m{number}", {}, {}, None) for number in range(5)]
    named = "Measured, but of unknown price or count, so not in it: "
    four = "requests of m0, requests of m1, requests of m2, requests of m3"
    assert unpriced_words(drivers[:4]) == f"{named}{four}."
    assert unpriced_words(drivers) == f"{named}{four} and 1 more."


@pytest.mark.parametrize(("times", "said"), [(1, "once before"), (2, "2 times before")])
def test_how_often_it_was_made_before(times: int, said: str) -> None:
    assert error_words(PastError(Decimal("0.023"), Decimal("0.087"), times)) == (
        f"Made in the same way {said}, it was off by 2% as a rule and by +9% at most."
    )


def test_two_days_are_from_one_to_the_other() -> None:
    two = CostEstimate(BILLED.unit, "m", Window(date(2026, 10, 21), date(2026, 10, 23)), Decimal(1), BILLED.price)
    assert "about $1.00 from 21 to 22 Oct 2026:" in estimate_finding([two], Decimal(1), "USD")
