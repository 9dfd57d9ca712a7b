"""Charges that come again: what counts as the same charge, as its own day, and as due on a day of the month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from costlib.analysis.anomalies.event import Rows
from costlib.analysis.anomalies.recurring import alike, known_size, monthly_part

#: 1 January 2026 is day 0; the months begin on days 0, 31, 59 and 90.
START = date(2026, 1, 1)
DAYS = 120
DATES = [START + timedelta(days=number) for number in range(DAYS)]
FEBRUARY, MARCH, APRIL = 31, 59, 90


def rows(surprises: Mapping[int, float], cost: float = 100.0) -> Rows:
    """Rows of a segment that costs the same every day but for its surprises; a day's spread is 5."""
    flat, surprise = np.full(DAYS, cost), np.zeros(DAYS)
    for day, amount in surprises.items():
        surprise[day] = amount
    return Rows(
        cost=flat + surprise,
        known=np.full(DAYS, True),
        history=flat,
        expected=flat,
        spread=np.full(DAYS, 5.0),
        weekly_spread=np.full(DAYS, 3.0),
        level=flat,
        residual=np.zeros(DAYS),
        base=flat,
        surprise=surprise,
        monthly=np.zeros(DAYS),
    )


class TestAlike:
    """A charge of 100 may change by three tenths, 30, and by two spreads of 5: by 40."""

    @pytest.mark.parametrize(
        ("deviation", "earlier", "again"),
        [
            (140, 100, True),
            (140.1, 100, False),
            (60, 100, True),
            (59.9, 100, False),
            (-60, -100, True),
            (-100, 100, False),
            (0.5, 0.5, True),
            (0, 5, False),  # nothing is no charge, however small the earlier one was
        ],
    )
    def test_by_hand(self, deviation: float, earlier: float, again: bool) -> None:
        assert alike(rows({}), 60, deviation, earlier) is again


class TestKnownSize:
    """A segment that mostly costs nothing: what it was charged three times it may be charged again, up to twice."""

    CHARGES: Mapping[int, float] = {3: 0.5, 20: 300, 33: -150}

    @pytest.mark.parametrize(("size", "known"), [(10, True), (600, True), (600.1, False)])
    def test_up_to_twice_the_largest(self, size: float, known: bool) -> None:
        assert known_size(rows(self.CHARGES, cost=0), 60, size) is known

    def test_two_charges_are_too_few(self) -> None:
        assert not known_size(rows({20: 300, 33: 300}, cost=0), 60, 300)

    def test_a_charge_of_the_day_itself_is_not_known_before(self) -> None:
        assert not known_size(rows({20: 300, 33: 300, 60: 300}, cost=0), 60, 300)

    @pytest.mark.parametrize(("quiet", "known"), [(29, False), (30, True)])
    def test_a_segment_is_sparse_from_six_days_of_ten_without_cost(self, quiet: int, known: bool) -> None:
        """Of the 50 days before day 50 it cost nothing on 30, or on one day less."""
        given = rows(self.CHARGES, cost=1)
        given.cost[:quiet] = 0.0
        assert known_size(given, 50, 300) is known

    def test_small_change_is_a_cost(self) -> None:
        assert not known_size(rows(self.CHARGES, cost=0.01), 60, 300)

    @pytest.mark.parametrize(("last", "known"), [(21, True), (68, False)])
    def test_only_eight_weeks_say_so(self, last: int, known: bool) -> None:
        """Day 78 looks back to day 22: what cost something until then is sparse now."""
        given = rows(self.CHARGES, cost=0)
        given.cost[: last + 1] = 80.0
        assert known_size(given, 78, 300) is known


class TestCameAgain:
    """600 on 1 February, and again about 1 March: all of it is explained."""

    @pytest.mark.parametrize(("deviation", "explained"), [(600, 600), (790, 790), (791, 0), (-600, 0)])
    def test_a_charge_of_about_the_same_size(self, deviation: float, explained: float) -> None:
        assert monthly_part(rows({FEBRUARY: 600}), DATES, MARCH, deviation, True) == explained

    @pytest.mark.parametrize("away", range(-5, 6))
    def test_three_days_sooner_or_later(self, away: int) -> None:
        part = monthly_part(rows({FEBRUARY + away: 600}), DATES, MARCH, 600, True)
        assert part == (600 if abs(away) <= 3 else 0)

    def test_an_ordinary_day_is_no_charge(self) -> None:
        assert monthly_part(rows({FEBRUARY: 600}), DATES, MARCH, 600, False) == 0

    @pytest.mark.parametrize(
        ("around", "explained"),
        [
            ({30: 300}, 600),  # one more day that is half as strange
            ({30: 300, 32: 300}, 0),  # two more: a longer story, and no charge
            ({30: 299, 32: 299}, 600),
            ({28: -300, 34: 300}, 0),
            ({27: 300, 30: 300}, 600),  # four days away
            ({30: 300, 35: 300}, 600),
        ],
    )
    def test_a_day_in_a_longer_story_is_no_charge(self, around: Mapping[int, float], explained: float) -> None:
        assert monthly_part(rows({FEBRUARY: 600, **around}), DATES, MARCH, 600, True) == explained

    @pytest.mark.parametrize(("around", "explained"), [({0: 300}, 600), ({0: 300, 3: 300}, 0)])
    def test_a_story_at_the_beginning_of_the_data(self, around: Mapping[int, float], explained: float) -> None:
        assert monthly_part(rows({1: 600, **around}), DATES, FEBRUARY + 1, 600, True) == explained

    def test_a_first_day_of_the_data_stands_for_the_month_before_it(self) -> None:
        """31 January is compared with 31 December, which is no day of the data, and 1 January, the day after it."""
        assert monthly_part(rows({0: 600}), DATES, 30, 600, True) == 600
        assert monthly_part(rows({0: 600}), DATES, 30, 0, False) == 0

    def test_without_a_month_before_nothing_is_explained(self) -> None:
        assert monthly_part(rows({0: 600, 3: 600}), DATES, 20, 600, True) == 0


class TestDue:
    """A credit of 500 on 1 February and of 600 on 1 March is due on 1 April, and did not come."""

    def test_the_last_one_is_due_and_kept(self) -> None:
        given = rows({FEBRUARY: -500, MARCH: -600})
        assert monthly_part(given, DATES, APRIL, 600, True) == -600
        assert given.monthly.tolist() == [0.0] * APRIL + [-600.0] + [0.0] * (DAYS - APRIL - 1)

    @pytest.mark.parametrize("deviation", [0.0, 12.0])
    def test_it_is_due_on_an_ordinary_day_too(self, deviation: float) -> None:
        assert monthly_part(rows({FEBRUARY: 600, MARCH: 600}), DATES, APRIL, deviation, False) == 600

    @pytest.mark.parametrize(
        "surprises",
        [
            {MARCH: -600},  # it came once
            {FEBRUARY: -600},
            {FEBRUARY: -100, MARCH: -600},  # not the same charge
            {FEBRUARY: 600, MARCH: -600},
            {FEBRUARY + 1: -600, MARCH: -600},  # not on the same day
            {FEBRUARY: -600, MARCH: -600, MARCH + 1: -400, MARCH + 2: -400},  # the last one is part of a longer story
            {FEBRUARY: -600, FEBRUARY - 1: -400, FEBRUARY - 2: -400, MARCH: -600},  # or the one before
        ],
    )
    def test_what_did_not_come_twice_alike_alone_and_on_that_day_is_not_due(self, surprises: dict[int, float]) -> None:
        given = rows(surprises)
        assert monthly_part(given, DATES, APRIL, 600, True) == 0
        assert not given.monthly.any()

    def test_on_the_day_before_it_is_not_due(self) -> None:
        assert monthly_part(rows({FEBRUARY: -600, MARCH: -600}), DATES, APRIL - 1, 600, True) == 0

    @pytest.mark.parametrize(("day", "due"), [(118, 0), (119, 600)])
    def test_a_charge_of_the_months_end_is_due_at_the_months_end(self, day: int, due: float) -> None:
        """It came on 28 February and on 31 March, and is due on 30 April (day 119), not on the 29th."""
        assert monthly_part(rows({58: 600, 89: 600}), DATES, day, 0.0, False) == due
