"""Money: exact for machines, the same figure in the same words for people."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.money import (
    SCALE,
    SQL_TYPE,
    cents,
    count,
    currency_codes,
    difference,
    exact,
    full,
    percent,
    ratio,
    short,
    signed,
    total,
)
from tests.bills import amounts

D = Decimal


class TestExact:
    @given(amounts())
    def test_the_text_is_the_amount_without_exponent_or_trailing_noughts(self, text):
        shown = exact(D(text))
        assert shown is not None
        assert D(shown) == D(text)
        assert "e" not in shown.lower()
        assert not (("." in shown) and shown.endswith(("0", ".")))

    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            ("0E-18", "0"),
            ("-0.000", "0"),
            ("1E+3", "1000"),
            ("100", "100"),
            ("1E-18", "0.000000000000000001"),
            ("-2.50", "-2.5"),
        ],
    )
    def test_worked_by_hand(self, amount, text):
        assert exact(D(amount)) == text

    def test_unknown_stays_unknown(self):
        assert exact(None) is None


class TestSums:
    @given(st.lists(st.one_of(st.none(), amounts())))
    def test_a_total_keeps_every_digit(self, texts):
        found = total(None if text is None else D(text) for text in texts)
        known = [Fraction(text) for text in texts if text is not None]
        assert (None if found is None else Fraction(found)) == (sum(known) if known else None)

    @given(amounts(), amounts())
    def test_a_difference_keeps_every_digit(self, one, other):
        found = difference(D(one), D(other))
        assert found is not None
        assert Fraction(found) == Fraction(one) - Fraction(other)

    def test_unknown_is_never_nought(self):
        assert total([]) is None
        assert total([None, None]) is None
        assert total([None, D(0)]) == 0
        assert difference(None, D(1)) is difference(D(1), None) is None

    @pytest.mark.parametrize(("amount", "base"), [(None, D(1)), (D(1), None), (D(1), D(0)), (D(1), D(-2))])
    def test_a_ratio_to_nothing_is_unknown(self, amount, base):
        assert ratio(amount, base) is None

    def test_a_ratio(self):
        assert ratio(D("-1"), D("4")) == D("-0.25")
        assert ratio(D("0.2"), D("0.5")) == D("0.4")

    @pytest.mark.parametrize(
        ("amount", "rounded"), [("2.345", "2.35"), ("-2.345", "-2.35"), ("2.3449", "2.34"), ("7", "7.00")]
    )
    def test_cents_are_rounded_half_away_from_nought(self, amount, rounded):
        assert cents(D(amount)) == D(rounded)

    def test_the_type_of_the_store(self):
        assert f"DECIMAL(38,{SCALE})" == SQL_TYPE


class TestWords:
    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [
            ("1234567.891", "USD", "$1,234,567.89"),
            ("-12.3", "EUR", "−€12.30"),
            ("0", "USD", "$0.00"),
            ("1234", "JPY", "¥1,234"),
            ("-0.004", "USD", "$0.00"),
            ("-0.4", "JPY", "¥0"),
            ("12345678901234567890.12", "USD", "$12,345,678,901,234,567,890.12"),
        ],
    )
    def test_full_is_as_an_invoice_prints_it(self, amount, currency, text):
        assert full(D(amount), currency) == text

    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            ("0", "$0"),
            ("0.0042", "$0.0042"),
            ("-0.001", "−$0.001"),
            ("0.00999", "$0.01"),
            ("0.01", "$0.01"),
            ("0.0652", "$0.065"),
            ("0.0996", "$0.10"),
            ("99.99", "$99.99"),
            ("100", "$100"),
            ("842.6", "$843"),
            ("999.4", "$999"),
            ("999.6", "$1.00K"),
            ("12345", "$12.3K"),
            ("999500", "$1.00M"),
            ("-34567", "−$34.6K"),
            ("5160000000", "$5.16B"),
            ("999500000000", "$1.00T"),
            ("12345000000000000", "$12,300T"),
        ],
    )
    def test_short_has_three_significant_figures(self, amount, text):
        assert short(D(amount), "USD") == text

    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [
            ("0.42", "JPY", "¥0.42"),
            ("0.02", "JPY", "¥0.02"),
            ("-0.999", "JPY", "−¥1"),
            ("6.51", "JPY", "¥6.5"),
            ("12.3", "JPY", "¥12"),
            ("0.005", "KWD", "KWD\xa00.005"),
            ("0.00042", "KWD", "KWD\xa00.00042"),
        ],
    )
    def test_less_than_the_smallest_unit_is_not_nothing(self, amount, currency, text):
        assert short(D(amount), currency) == text

    @given(st.decimals(D("0.01"), D("1e14"), places=2))
    def test_short_is_within_half_a_per_cent_of_the_amount(self, amount):
        letters = {"K": 3, "M": 6, "B": 9, "T": 12}
        text = short(amount, "USD").removeprefix("$").replace(",", "")
        shown = D(text[:-1]).scaleb(letters[text[-1]]) if text[-1] in letters else D(text)
        assert abs(shown - amount) <= amount * D("0.00501")

    @given(st.decimals(D("-1e12"), D("1e12"), places=4))
    def test_a_change_and_its_opposite_differ_in_sign_alone(self, amount):
        up, down = signed(abs(amount), "USD"), signed(-abs(amount), "USD")
        assert up.removeprefix("+") == down.removeprefix("−")
        assert (up[0], down[0]) == (("+", "−") if amount else ("$", "$"))

    def test_unknown_is_said(self):
        assert {full(None, "USD"), short(None, "USD"), signed(None, "USD"), percent(None)} == {"unknown"}

    @pytest.mark.parametrize(
        ("share", "options", "text"),
        [
            (D("0.183"), {}, "18%"),
            (D("0.005"), {}, "1%"),
            (-0.0421, {"sign": True, "digits": 1}, "−4.2%"),
            (0.0421, {"sign": True, "digits": 1}, "+4.2%"),
            (D("-0.0001"), {"sign": True}, "0%"),
            (0.1 + 0.2, {"digits": 2}, "30.00%"),
            (12, {}, "1200%"),
        ],
    )
    def test_per_cent(self, share, options, text):
        assert percent(share, **options) == text

    def test_a_count(self):
        assert (count(0), count(-1234567)) == ("0", "-1,234,567")


def test_currencies_are_those_of_iso_4217():
    assert {"USD", "EUR", "JPY", "CHF", "INR"} <= currency_codes()
    assert not {"ZZZ", "XXX", "usd", "", "BTC"} & currency_codes()
