"""The outlook in sentences: where a caution begins and ends, and a table whose ranges have a width or none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.briefs.ahead import Part, Span
from costlib.briefs.words.outlook import bridged_words, cautions, parts_finding, parts_rows, short_words

NARROW = Span(Decimal(5), Decimal(4), Decimal(6))
GUESS = (
    "You look further ahead than the {} days of bills reach back: what history alone says that far ahead is a guess. "
    "Plan with scenarios."
)
NO_YEAR = "The bills cover less than 14 months, so no yearly pattern (holidays, peaks) is in the forecast."


def span(likely, low=None, high=None):
    return Span(*(Decimal(str(likely if one is None else one)) for one in (likely, low, high)))


class TestHistory:
    """One caution of the history at most: too short, too far ahead, or too short for a yearly pattern."""

    @pytest.mark.parametrize(
        ("days", "months", "said"),
        [
            (60, 2, [NO_YEAR]), (60, 3, [GUESS.format(60)]), (90, 3, [NO_YEAR]), (89, 3, [GUESS.format(89)]),
            (425, 2, [NO_YEAR]), (425, 1, []), (426, 2, []), (1200, 41, [GUESS.format("1,200")]), (1200, 40, []),
        ],
    )  # fmt: skip
    def test_where_a_caution_begins(self, days, months, said):
        """A month ahead counts as 30 days of history; fourteen months are 426 days."""
        assert cautions(days, months, NARROW, "USD") == said

    @pytest.mark.parametrize("months", [1, 12])
    def test_a_short_history_is_all_that_is_said_of_it(self, months):
        (said,) = cautions(59, months, NARROW, "USD")
        assert said == (
            "The bills cover 59 days. Under 60 days a forecast is little more than the pace of the last weeks carried "
            "on."
        )

    @pytest.mark.parametrize(("days", "begins"), [(1, "The bills cover 1 day. "), (59, "The bills cover 59 days. ")])
    def test_documents_say_it_in_the_same_words(self, days, begins):
        assert short_words(days).startswith(begins)
        assert cautions(days, 12, NARROW, "USD") == [short_words(days)]

    @pytest.mark.parametrize("days", [60, 61, 800])
    def test_from_sixty_days_on_it_is_not_short(self, days):
        assert short_words(days) == ""


class TestWidth:
    @pytest.mark.parametrize(
        ("low", "high", "wide"),
        [("2", "5", False), ("2", "5.01", True), ("0.2", "0.51", True), ("0.2", "0.5", False), (0, 9, False),
         (-2, 9, False), (-9, -2, False)],
    )  # fmt: skip
    def test_more_than_two_and_a_half_times_the_lower_end(self, low, high, wide):
        said = cautions(800, 12, span(3, low, high), "USD")
        assert bool(said) is wide

    def test_the_upper_end_is_named_and_stands_after_the_history(self):
        said = cautions(365, 3, span(3, 2, 6000), "EUR")
        assert said == [
            NO_YEAR,
            "The upper end of the range is €6.00K, more than twice the lower end: too wide to plan on without "
            "scenarios.",
        ]


class TestBridged:
    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (0, ""),
            (1, "Forecasts and plans count 1 day not billed in full like the days around it"),
            (31, "Forecasts and plans count 31 days not billed in full like the days around them"),
        ],
    )
    def test_none_one_and_several(self, days, said):
        assert bridged_words(days) == said


class TestParts:
    def test_the_header_says_the_level_of_the_range(self):
        header, _ = parts_rows([], span(9), "USD", "x_Team")
        assert header == ["Likely", "Range, 80%", "Share", "Parts forecast their own way"]

    def test_a_row_without_a_width_has_one_amount_and_notes_do_not_break(self):
        parts = [Part("Ads", span(3), ("new", "on and off")), Part(None, span(6, 5, 7), ())]
        _, rows = parts_rows(parts, span(9, 8, 10), "USD", "x_Team")
        assert rows == [
            ["Ads", "$3.00", "$3.00", "33%", "new,\xa0on\xa0and\xa0off"],
            ["No team", "$6.00", "$5.00\xa0to\xa0$7.00", "67%", "–"],
            ["All", "$9.00", "$8.00\xa0to\xa0$10.00", "100%", "–"],
        ]

    def test_a_range_that_rounds_to_one_amount_is_one(self):
        _, rows = parts_rows([], span(1234567, 1234001, 1234999), "USD", "x_Team")
        assert rows[0][2] == "$1.23M"

    def test_a_share_of_nothing_is_unknown(self):
        _, rows = parts_rows([Part("Ads", span(3), ())], span(0), "USD", "x_Team")
        assert rows[0][3] == "unknown"

    def test_cents_are_a_part_like_any_other(self):
        parts = [Part("Ads", span("0.4"), ()), Part("Search", span("0.2"), ())]
        assert parts_finding(parts, span("0.6"), "USD", "x_Team") == (
            "Ads is likely to be the largest part: $0.40, 67% of the whole"
        )

    def test_where_no_part_has_a_name_the_sentence_begins_with_what_spends(self):
        parts = [Part(None, span(6), ()), Part(None, span(3), ())]
        assert parts_finding(parts, span(9), "USD", "RegionId") == (
            "Spend that is not given is likely to be the largest part: $6.00, 67% of the whole"
        )
