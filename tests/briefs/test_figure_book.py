"""The book of figures: figures put down once, shown with three figures, kept with all their digits."""

from datetime import date
from decimal import Decimal

import pytest

from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import Basis, Figure
from costlib.errors import InputError

SPEND = Figure("spend", "$1.00K", "1000", "a month", Basis.BILL)


class TestLedger:
    def test_amounts_keep_their_digits_and_their_currency(self):
        figure = FigureBook("EUR").amount("a", Decimal("1234567.89"), "mean month", Basis.BILL)
        assert figure == Figure("a", "€1.23M", "1234567.89", "mean month, EUR", Basis.BILL)

    def test_an_unknown_amount_is_called_unknown(self):
        figure = FigureBook("USD").amount("a", None, "mean month", Basis.BILL)
        assert (figure.shown, figure.exact) == ("unknown", None)

    @pytest.mark.parametrize(
        ("share", "shown"),
        [
            (0.304, "30%"),
            (0.0, "0%"),
            (0.004, "less than 1%"),
            (0.996, "more than 99%"),
            (1.0, "100%"),
            (None, "unknown"),
        ],
    )
    def test_a_chance_is_never_rounded_to_certainty(self, share, shown):
        assert FigureBook("USD").percent("p", share, "chance", Basis.PLAN).shown == shown

    @pytest.mark.parametrize(("high", "said"), [(1004, ""), (1006, ", between {a-low} and {a-high}")])
    def test_a_range_that_is_shown_without_width_is_not_told(self, high, said):
        """1,000 and 1,004 are both $1.00K."""
        book = FigureBook("USD")
        for end, value in (("low", 1000), ("high", high)):
            book.amount(f"a-{end}", Decimal(value), "end of the range", Basis.PLAN)
        assert book.range_of("a") == said

    def test_months_numbers_and_words(self):
        book = FigureBook("USD")
        assert book.month("m", date(2027, 4, 1), "due", Basis.PLAN).shown == "Apr 2027"
        assert book.number("n", 12345.6, "runs", Basis.BILL, digits=1).shown == "12,345.6"
        assert book.words("w", "Fraud", "largest", Basis.BILL).shown == "Fraud"

    def test_an_id_is_put_down_once(self):
        book = FigureBook("USD")
        book.put(SPEND)
        assert book.put(SPEND) is SPEND
        with pytest.raises(InputError, match="twice with different values"):
            book.amount("spend", 2, "a month", Basis.BILL)

    def test_an_editors_words_take_the_place_of_ours(self):
        book = FigureBook("USD", {"ask": "Please approve {spend}"})
        book.put(SPEND)
        assert book.say("ask", "Approve {spend}").text == "Please approve $1.00K"
        assert book.say("other", "Spend is {spend}").text == "Spend is $1.00K"
