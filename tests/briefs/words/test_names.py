"""Names that may mean the same, in words: how two, three and four differ, and when one ended as another began."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.renames import Rename
from costlib.briefs.words.names import rename_words, spellings_words
from costlib.periods import Window

OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))


def said(*names, hidden=50):
    return spellings_words(names, Decimal(hidden), "USD", OCTOBER)


class TestSpellings:
    @pytest.mark.parametrize(
        ("names", "differ"),
        [
            (("Ads", "ADS"), "Ads and ADS differ by case only"),
            (("Straße", "STRASSE"), "Straße and STRASSE differ by case only"),
            (("Ads Team", "ads-team"), "Ads Team and ads-team differ by case, blanks or punctuation only"),
            (("Ads", "ADS", "A-ds"), "Ads, ADS and A-ds differ by case, blanks or punctuation only"),
            (("Fraud", "fraud", "Fruad"), "Fraud, fraud and Fruad differ by a letter or two"),
        ],
    )
    def test_the_mildest_difference_that_holds_for_all(self, names, differ):
        assert said(*names).startswith(f"{differ}: ")

    def test_of_two_the_second_is_named_and_of_more_they_are_the_others(self):
        assert ": $50.00 is under ADS (Oct 2026). A rule can join them." in said("Ads", "ADS")
        assert ": $50.00 is under the others (Oct 2026)." in said("Ads", "ADS", "ads")
        assert said("A", "a", "Á", "á").startswith("A, a, Á and á differ by ")

    def test_a_credit_is_a_credit(self):
        assert "−$1.12K is under ADS" in said("Ads", "ADS", hidden=-1120)


class TestRename:
    @pytest.mark.parametrize(
        ("first", "ended", "began"),
        [(date(2026, 8, 1), "Jul 2026", "Aug 2026"), (date(2027, 1, 1), "Dec 2026", "Jan 2027")],
    )
    def test_the_month_before_and_the_month(self, first, ended, began):
        found = Rename("Fraud", "Risk", first, Decimal(77), Decimal("80.5"))
        assert rename_words(found, "EUR") == (
            f"Fraud ended with {ended} and Risk began in {began} at nearly the same cost (€77.00 and €80.50 a day). "
            "If one was renamed, a rule can join them."
        )
