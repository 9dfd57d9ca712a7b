"""One amount, one way of writing its currency: in full, in short and with its sign, in every currency of a bill."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money

CODES = st.sampled_from(sorted(money.currency_codes()))
AMOUNTS = st.decimals(D("-99.99"), D("99.99"), places=2).filter(bool)


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("USD", "−$1,234.50"),
        ("CHF", "−CHF\xa01,234.50"),
        ("CAD", "−CA$1,234.50"),
        ("PLN", "−PLN\xa01,234.50"),
        ("JPY", "−¥1,235"),
        ("KWD", "−KWD\xa01,234.500"),
    ],
)
def test_letters_keep_a_space_and_signs_do_not(currency: str, text: str) -> None:
    assert money.full(D("-1234.5"), currency) == text


@given(CODES, AMOUNTS)
def test_what_stands_before_the_number_is_the_same_in_full_and_in_short(currency: str, amount: D) -> None:
    for text in (money.full(amount, currency), money.short(amount, currency), money.short(amount * 1000, currency)):
        sign = "−" if amount < 0 and set(text) & set("123456789") else ""  # what rounds to nothing has none
        assert text.startswith(sign + money.prefix(currency))
        assert text.removeprefix(sign + money.prefix(currency))[0].isdigit()


@given(CODES, AMOUNTS)
def test_a_change_in_full_differs_from_the_amount_by_its_sign_alone(currency: str, amount: D) -> None:
    assert money.signed(amount, currency).lstrip("+") == money.short(amount, currency)
    assert money.full(-amount, currency).lstrip("−") == money.full(amount, currency).lstrip("−")


@given(st.decimals(D("-1e6"), D("1e6"), places=3))
def test_an_amount_in_full_is_rounded_as_its_cents_are(amount: D) -> None:
    shown = money.full(amount, "USD").replace("$", "").replace(",", "").replace("−", "-")
    assert D(shown) == money.cents(amount)


@pytest.mark.parametrize(("amount", "currency", "text"), [("-0.01", "JPY", "¥0"), ("-0.004", "USD", "$0.00")])
def test_what_rounds_to_nothing_has_no_sign(amount: str, currency: str, text: str) -> None:
    assert money.full(D(amount), currency) == text


@pytest.mark.parametrize(("amount", "text"), [("2.345", "$2.35"), ("0.125", "$0.13"), ("-0.005", "−$0.01")])
def test_half_a_cent_is_rounded_away_from_nothing(amount: str, text: str) -> None:
    assert money.full(D(amount), "USD") == text


def test_the_largest_amount_of_the_store_is_written_in_full() -> None:
    assert money.full(D("99999999999999999999.994"), "USD") == "$99,999,999,999,999,999,999.99"
