"""Alarms and the quarterly review in words: what slips is said, what is not measured is called unknown."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.briefs.words import savings as words
from costlib.fiscal import WeekCalendar
from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.booked import Review
from costlib.roadmap.savings.slipback import Check, Held

FULL = date(2026, 4, 1)
Q2, Q3 = date(2026, 4, 1), date(2026, 7, 1)


def check(verdict: Held, days: int = 30, lost: float | None = 0.0) -> Check:
    """A check of a saving of 40 %."""
    on = date(2026, 5, 1) if days == 30 else date(2026, 6, 30)
    return Check(days, on, verdict, 0.4, Range(0.1, 0.15, 0.2), lost)


def review(name: str, quarter: date, promised: float, realised: float | None, booked: float = 0.0) -> Review:
    variance = None if realised is None else realised - promised
    kept = realised / promised if realised and promised else None
    return Review(name, quarter, promised, realised, booked, variance, kept)


class TestChecksFinding:
    @pytest.mark.parametrize(
        ("verdicts", "said"),
        [
            ([Held.HELD], "The saving that was checked is still there"),
            ([Held.HELD] * 2, "Both savings that were checked are still there"),
            ([Held.HELD] * 3, "All 3 savings that were checked are still there"),
            ([Held.HELD, Held.SLIPPED], "1 of 2 savings that were checked is less than at the start"),
            ([Held.WATCH, Held.SLIPPED], "2 of 2 savings that were checked are less than at the start"),
            ([Held.UNKNOWN, Held.HELD], "The saving that was checked is still there"),
            ([Held.UNKNOWN], "Whether the savings last cannot be told"),
            ([], "No saving is old enough to be checked yet"),
        ],
    )
    def test_by_hand(self, verdicts: list[Held], said: str) -> None:
        assert words.checks_finding([[check(verdict)] for verdict in verdicts]) == said

    def test_the_last_check_counts(self) -> None:
        slipped_then_held = [check(Held.SLIPPED), check(Held.HELD, 90)]
        assert words.checks_finding([slipped_then_held]).endswith("still there")
        assert words.checks_finding([slipped_then_held[::-1]]).startswith("1 of 1")

    def test_what_is_not_due_is_not_counted(self) -> None:
        assert words.checks_finding([[], [check(Held.HELD)]]).startswith("The saving")


class TestEveryCheck:
    def test_verdicts_with_their_days(self) -> None:
        checks = [check(Held.HELD), check(Held.SLIPPED, 90, 2_500.0)]
        assert words.every_check([("Spot", FULL, checks)], "USD") == [
            ["Spot", "still there, 1 May 2026", "slipping away, 30 Jun 2026", "$2.50K"]
        ]

    def test_what_is_to_come_has_its_day(self) -> None:
        rows = words.every_check([("Spot", FULL, [check(Held.HELD)]), ("New", FULL, [])], "USD")
        assert [row[2] for row in rows] == ["due 30 Jun 2026"] * 2
        assert rows[1] == ["New", "due 1 May 2026", "due 30 Jun 2026", "unknown"]

    def test_as_many_cells_as_the_header(self) -> None:
        (row,) = words.every_check([("Spot", FULL, [])], "USD")
        assert len(row) == len(words.EVERY_CHECK_HEADER)
        assert words.EVERY_CHECK_HEADER[1:3] == ("After 30 days", "After 90 days")

    def test_what_cannot_be_told_is_not_called_nothing_lost(self) -> None:
        (row,) = words.every_check([("Spot", FULL, [check(Held.UNKNOWN, lost=None)])], "USD")
        assert (row[1], row[3]) == ("cannot be told, 1 May 2026", "unknown")


class TestAlarm:
    def test_watch_says_that_it_may_be_chance(self) -> None:
        said = words.alarm("Spot", [check(Held.WATCH, lost=900.0)], "USD")
        assert said == (
            "Spot is less than at the start, but that may be chance, $900 a month: checked 30 days after it was in "
            "full effect"
        )

    def test_of_several_checks_the_last_that_is_bad_is_told(self) -> None:
        """Held, then watched after 30 days, then slipped after 90: the ninety days and what is lost by them."""
        found = [check(Held.WATCH, lost=900.0), check(Held.SLIPPED, 90, 2_500.0)]
        assert words.alarm("Spot", found, "USD") == (
            "Spot is slipping away, $2.50K a month: checked 90 days after it was in full effect"
        )
        assert words.alarm("Spot", [found[0], check(Held.HELD, 90)], "USD") == (
            "Spot is less than at the start, but that may be chance, $900 a month: checked 30 days after it was in "
            "full effect"
        )

    def test_a_loss_that_is_not_known_is_not_said(self) -> None:
        assert words.alarm("Spot", [check(Held.SLIPPED, lost=None)], "USD") == (
            "Spot is slipping away: checked 30 days after it was in full effect"
        )

    @pytest.mark.parametrize("calm", [[], [check(Held.HELD)], [check(Held.UNKNOWN, lost=None)]])
    def test_what_holds_or_is_unknown_raises_none(self, calm: list[Check]) -> None:
        assert words.alarm("Spot", calm, "USD") is None


NAMES = {"a": "Spot", "b": "Cache"}


class TestReview:
    def rows(self, *found: Review) -> list[list[str]]:
        return words.review_rows(found, NAMES, "USD", 1)

    def test_a_quarter_of_several_ends_with_all_of_it(self) -> None:
        rows = self.rows(review("a", Q2, 100, 80, 50), review("b", Q2, 50, 90))
        assert rows == [
            ["Cache", "Q2 FY26", "$50.00", "$90.00", "–", "+$40.00", "180%"],
            ["Spot", "Q2 FY26", "$100", "$80.00", "$50.00", "−$20.00", "80%"],
            ["All of Q2 FY26", "Q2 FY26", "$150", "$170", "$50.00", "+$20.00", "113%"],
        ]

    def test_one_initiative_is_its_own_whole(self) -> None:
        assert [row[0] for row in self.rows(review("a", Q2, 100, 80))] == ["Spot"]

    def test_the_newest_quarter_comes_first(self) -> None:
        rows = self.rows(review("a", Q2, 1, 1), review("a", Q3, 1, 1), review("b", Q3, 1, 1))
        assert [row[1] for row in rows] == ["Q3 FY26"] * 3 + ["Q2 FY26"]

    def test_what_is_not_measured_is_unknown_and_in_no_variance(self) -> None:
        rows = self.rows(review("a", Q2, 100, 80), review("b", Q2, 50, None))
        assert rows[0][3:] == ["unknown", "–", "unknown", "unknown"]
        assert rows[2] == ["All of Q2 FY26", "Q2 FY26", "$150", "$80.00", "–", "−$20.00", "80%"]

    def test_quarters_are_those_of_the_fiscal_year(self) -> None:
        (row,) = words.review_rows([review("a", Q2, 1, 1)], NAMES, "USD", 4)
        assert row[1] == "Q1 FY27"

    def test_under_a_calendar_of_weeks_a_quarter_says_that_it_is_of_months(self) -> None:
        weeks, found = WeekCalendar("4-4-5", 3), [review("a", Q2, 1, 1)]
        assert words.review_rows(found, NAMES, "USD", weeks)[0][1] == "Q1 FY27 by calendar months"
        said = words.review_finding(found, "USD", weeks)
        assert said == "Q1 FY27 by calendar months: as much saved as promised, so far"

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            ([], "No quarter has anything to review yet"),
            ([review("a", Q2, 100, 80)], "Q2 FY26: $20.00 less saved than promised, so far"),
            ([review("a", Q2, 100, 80), review("b", Q2, 0, 30)], "Q2 FY26: $10.00 more saved than promised, so far"),
            ([review("a", Q2, 100, 100)], "Q2 FY26: as much saved as promised, so far"),
            ([review("a", Q2, 0.3, 0.1 + 0.2)], "Q2 FY26: as much saved as promised, so far"),
            ([review("a", Q2, 100, 100.5)], "Q2 FY26: $0.50 more saved than promised, so far"),
            ([review("a", Q2, 100, 99.5)], "Q2 FY26: $0.50 less saved than promised, so far"),
            ([review("a", Q3, 1, 9), review("a", Q2, 9, 1)], "Q3 FY26: $8.00 more saved than promised, so far"),
            ([review("a", Q3, 100, None)], "Q3 FY26: nothing that was promised for it is measured yet"),
        ],
    )
    def test_the_finding(self, found: list[Review], said: str) -> None:
        assert words.review_finding(found, "USD", 1) == said


class TestFinding:
    def test_one_initiative(self) -> None:
        assert words.savings_finding(90, 100, 0, 1, "USD") == (
            "1 initiative has saved $90.00 so far, 90% of what was promised; finance has signed off nothing yet"
        )

    def test_half_a_dollar_of_a_promise_is_one(self) -> None:
        assert words.savings_finding(0.4, 0.5, 1, 2, "USD") == (
            "2 initiatives have saved $0.40 so far, 80% of what was promised; finance has signed off $1.00"
        )

    @pytest.mark.parametrize(
        ("count", "booked", "said"),
        [
            (1, 0, "1 initiative has saved nothing so far: spend is $90.00 above what it would have been; finance has "
                   "signed off nothing yet"),
            (2, 10, "2 initiatives have saved nothing so far: spend is $90.00 above what it would have been; finance "
                    "has signed off $10.00"),
        ],
    )  # fmt: skip
    def test_what_costs_more_than_without_it_is_no_saving_of_less_than_nothing(self, count, booked, said) -> None:
        assert words.savings_finding(-90, 100, booked, count, "USD") == said

    def test_the_dust_of_floats_is_no_cost(self) -> None:
        assert words.savings_finding(-1e-9, 0, 0, 1, "USD").startswith("1 initiative has saved ")
        assert "above" not in words.savings_finding(-1e-9, 0, 0, 1, "USD")
        assert "above" in words.savings_finding(-0.01, 0, 0, 1, "USD")

    def test_what_nobody_promised_is_not_a_share(self) -> None:
        assert "of what was promised" not in words.savings_finding(90, 0, 10, 2, "USD")

    def test_a_range(self) -> None:
        assert words.range_words(Range(-10, 5, 20), "EUR") == "−€10.00 and €20.00"
