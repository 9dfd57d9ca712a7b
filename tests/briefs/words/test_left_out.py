"""What sums leave out, in words: one and several, what is named one by one, and nothing where nothing is left out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.briefs.words.left_out import (
    absence_words,
    left_out_words,
    missing_words,
    other_currency_words,
    statement_elsewhere_words,
    unfinished_words,
)
from costlib.focus import COST_MEASURES, MEASURE_NAMES
from costlib.periods import Window, add_months

JANUARY = date(2026, 1, 1)
OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))


def months(count, first=JANUARY):
    return [add_months(first, number) for number in range(count)]


class TestLineItems:
    @pytest.mark.parametrize(
        ("count", "said"),
        [
            (0, ""),
            (1, "1 line item of unknown billed cost is left out of sums"),
            (2, "2 line items of unknown billed cost are left out of sums"),
        ],
    )
    def test_none_one_and_two(self, count, said):
        assert left_out_words(count, "BilledCost") == said

    @pytest.mark.parametrize("measure", COST_MEASURES)
    def test_a_measure_is_called_as_everywhere(self, measure):
        assert f"unknown {MEASURE_NAMES[measure]} are" in left_out_words(3, measure)

    def test_a_measure_without_a_name_is_called_as_it_is(self):
        assert left_out_words(2, "x_Cost") == "2 line items of unknown x_Cost are left out of sums"


class TestMissingBills:
    def test_three_are_named_and_of_four_the_first_and_the_last(self):
        assert missing_words(months(3)) == "NO BILL of Jan 2026, Feb 2026, Mar 2026 is loaded: their cost is unknown"
        assert missing_words(months(4)) == (
            "NO BILL of 4 months from Jan 2026 to Apr 2026 is loaded: their cost is unknown"
        )

    @given(st.integers(2, 30))
    def test_of_several_the_cost_is_theirs(self, count):
        assert missing_words(months(count)).endswith("is loaded: their cost is unknown")
        assert missing_words(months(1)).endswith("is loaded: its cost is unknown")


class TestAbsences:
    """Accounts without a line item: since their last month or day, or in a gap that is over."""

    JULY = Window(date(2026, 7, 1), date(2026, 8, 1))

    def accounts(self, count):
        return [(f"a{number}", self.JULY, ()) for number in range(count)]

    def test_since_a_day_of_the_running_month(self):
        day = Window(date(2026, 7, 9), date(2026, 7, 10))
        assert absence_words([("AWS (7)", day, ())]) == "NO USAGE on a bill of AWS (7) since 9 Jul 2026"

    @pytest.mark.parametrize(
        ("count", "said"),
        [(1, "in Aug 2026"), (2, "in Aug 2026 and Sep 2026"), (3, "from Aug 2026 to Oct 2026"),
         (7, "from Aug 2026 to Feb 2027")],
    )  # fmt: skip
    def test_a_gap_of_some_months(self, count, said):
        gap = tuple(months(count, date(2026, 8, 1)))
        assert absence_words([("AWS (7)", self.JULY, gap)]) == f"NO USAGE on a bill of AWS (7) {said}"

    def test_three_accounts_are_named_and_the_rest_are_counted(self):
        said = "NO USAGE on a bill of a0 since Jul 2026, of a1 since Jul 2026, of a2 since Jul 2026"
        assert absence_words(self.accounts(3)) == said
        assert absence_words(self.accounts(4)) == f"{said}, of 1 more account"
        assert absence_words(self.accounts(6)) == f"{said}, of 3 more accounts"


class TestOtherCurrencies:
    def test_a_window_up_to_the_last_day_is_since(self):
        amounts = [("EUR", Decimal(290))]
        assert other_currency_words(amounts, OCTOBER, date(2026, 10, 31)) == (
            "not in these figures: €290 on bills in EUR since 1 Oct 2026"
        )
        assert other_currency_words(amounts, OCTOBER, date(2026, 11, 1)) == (
            "not in these figures: €290 on bills in EUR (Oct 2026)"
        )

    def test_an_unknown_cost_is_said_and_is_not_nought(self):
        said = other_currency_words([("EUR", None), ("GBP", Decimal(0))], OCTOBER, OCTOBER.last)
        assert said == "not in these figures: an unknown cost on bills in EUR, £0 on bills in GBP since 1 Oct 2026"

    @pytest.mark.parametrize(
        ("amounts", "said"),
        [
            ([], ""),
            ([("EUR", Decimal(290))], "Search also has €290 on bills in EUR for Oct 2026, on a statement of its own"),
            (
                [("EUR", Decimal(290)), ("GBP", None)],
                "Search also has €290 on bills in EUR, an unknown cost on bills in GBP for Oct 2026, on statements of "
                "their own",
            ),
        ],
    )
    def test_a_statement_for_each(self, amounts, said):
        assert statement_elsewhere_words("Search", amounts, OCTOBER.start) == said


class TestUnfinished:
    @pytest.mark.parametrize("in_month", [True, False])
    def test_no_day_is_no_word(self, in_month):
        assert unfinished_words(Window(OCTOBER.start, OCTOBER.start), in_month=in_month) == ""

    @pytest.mark.parametrize(
        ("last", "subject"),
        [(2, "1 Oct 2026 is"), (3, "1 Oct 2026 to 2 Oct 2026 are"), (31, "1 Oct 2026 to 30 Oct 2026 are")],
    )
    def test_one_day_and_several(self, last, subject):
        days = Window(OCTOBER.start, date(2026, 10, last))
        before = f"{subject} not billed in full yet: run rate"
        assert unfinished_words(days) == f"{before}, month to date and movers end before"
        assert unfinished_words(days, in_month=True) == f"{before} and movers end before"
