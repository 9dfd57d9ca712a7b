"""Signed beside measured: the difference that a reader finds on adding up is told, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.briefs.words.signed import signed_words
from costlib.roadmap.savings.booked import Booking, Entry, standings

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def signed(amount: float, month: date = JULY, initiative: str = "a") -> Booking:
    return Booking(initiative, month, amount, "Controller", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("bookings", "said"),
    [
        pytest.param([], "", id="nothing is signed"),
        pytest.param([signed(100.0)], "", id="as measured"),
        pytest.param([signed(100.004)], "", id="to the cent"),
        pytest.param([signed(90.0)], "$100 was measured and $90.00 signed: * $10.00 less than saved", id="less"),
        pytest.param([signed(120.0)], "$100 was measured and $120 signed: * $20.00 more than saved", id="more"),
        pytest.param([signed(50.0, JULY, "b")], "$0 was measured and $50.00 signed: * $50.00 more than saved", id="b"),
    ],
)
def test_the_difference_is_told(bookings: list[Booking], said: str) -> None:
    """July is measured at 100 and August at 40; one of a month that nobody measured adds all of itself."""
    told = signed_words([Entry("a", JULY, 100.0), Entry("a", AUGUST, 40.0)], bookings, "USD")
    middle = "signed off, provisional and in flight add up to"
    assert told == (said and f"In the months that finance signed {said.replace('*', middle)}")


def test_it_is_what_a_reader_finds_on_adding_up() -> None:
    realised = [Entry("a", JULY, 100.0), Entry("a", AUGUST, 40.0), Entry("b", JULY, 7.0)]
    bookings = [signed(90.0)]
    rows = standings({"a": "L5", "b": "L3"}, realised, bookings)
    added = sum(row.booked + row.provisional + row.in_flight for row in rows)
    assert added == sum(one.amount for one in realised) - 10.0
    assert signed_words(realised, bookings, "USD").endswith("$10.00 less than saved")
