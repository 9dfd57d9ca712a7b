"""What was used in one month and is on the bill of another: which of it concerns a window, and how it is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from costlib.briefs.words.billing_month import OtherBill, on_other_bills, other_bills_words
from costlib.periods import Window

MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))
REFUND = (MARCH, MAY, D("-3403.24"))


def window(first: str, end: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("days", "is_told"),
    [
        pytest.param(window("2026-03-01", "2026-04-01"), True, id="used in it"),
        pytest.param(window("2026-05-10", "2026-05-20"), True, id="a part of the month that bills it"),
        pytest.param(window("2025-01-01", "2027-01-01"), True, id="both in it"),
        pytest.param(window("2026-04-01", "2026-05-01"), False, id="between the two"),
        pytest.param(window("2026-06-01", "2026-07-01"), False, id="after both"),
    ],
)
def test_a_month_differs_from_its_bill_on_both_sides(days: Window, is_told: bool) -> None:
    assert bool(on_other_bills([REFUND], days)) is is_told


def test_what_is_on_its_own_bill_and_what_is_nothing_are_not_told() -> None:
    sums = [(MARCH, MARCH, D(100)), (MARCH, APRIL, D(0)), (APRIL, MAY, None), REFUND]
    found = on_other_bills(sums, window("2026-01-01", "2026-12-01"))
    assert found == (OtherBill(*REFUND), OtherBill(APRIL, MAY, None))
    assert other_bills_words(found, "EUR") == (
        "−€3,403.24 of use in Mar 2026 is on the bill of May 2026; "
        "an unknown cost of use in Apr 2026 is on the bill of May 2026"
    )


def test_many_are_summed() -> None:
    """Usage of the last hours of every month is often on the next bill: 5 times 2, one of them unknown."""
    late = [OtherBill(date(2026, month, 1), date(2026, month + 1, 1), D(2)) for month in range(1, 6)]
    late.append(OtherBill(date(2026, 6, 1), date(2026, 7, 1), None))
    told = other_bills_words(late, "USD")
    assert told == "6 amounts of use in other months are on 6 bills, $10.00 in all as far as it is known"
    assert other_bills_words(late[:3], "USD").count(";") == 2
