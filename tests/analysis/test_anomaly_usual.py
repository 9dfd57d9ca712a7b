"""What a day is expected to cost and how far it may differ, worked by hand on one segment's weeks."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from costlib.analysis.anomalies.usual import cleaned, expected, fitted, spreads, weekly_means

#: Median absolute deviation to standard deviation of a normal distribution.
NORMAL = 1.4826


def ahead(days: Sequence[float]) -> tuple[float, float]:
    """The expected cost of the day after, and the level."""
    cost, level = expected(np.array([days], dtype=float))
    return float(cost[0]), float(level[0])


def weeks(means: Sequence[float], mondays: Sequence[float]) -> list[float]:
    """Weeks of these means; the six days after Monday share what Monday leaves of it."""
    return [
        day for mean, monday in zip(means, mondays, strict=True) for day in [monday, *[(7 * mean - monday) / 6] * 6]
    ]


class TestExpected:
    def test_a_line_is_followed_from_four_weeks_on(self) -> None:
        """100, 101, 102 … reaches 128 on day 28; three weeks are taken as steady, with their weekday's 107 in the
        middle."""
        rising = [100.0 + day for day in range(28)]
        assert ahead(rising) == pytest.approx((128.0, 113.5))
        assert ahead(rising[:21]) == pytest.approx((107.0, 110.0))

    def test_days_before_the_first_whole_week_are_left_out(self) -> None:
        assert ahead([9000.0] * 6 + [100.0] * 28) == (100.0, 100.0)

    def test_eight_weeks_are_looked_back_on(self) -> None:
        """Four weeks of 10 and four of 20 have the level 15; a ninth of 10 before them would make it 10."""
        assert ahead([10.0] * 35 + [20.0] * 28)[1] == 15.0

    def test_a_weekday_keeps_its_share_of_a_growing_line(self) -> None:
        """Means of 10, 20, 30 and 40 lie on a line that begins its weeks at 40/7, 110/7 … and reaches 320/7."""
        lines = [(40 + 70 * week) / 7 for week in range(4)]
        assert ahead(weeks([10, 20, 30, 40], [2 * line for line in lines]))[0] == pytest.approx(2 * 320 / 7)

    def test_credits_have_no_share_and_keep_their_step(self) -> None:
        """Twice the line is a step of -40/7, -110/7, -180/7 or -250/7; in the middle -145/7."""
        lines = [-(40 + 70 * week) / 7 for week in range(4)]
        days = weeks([-10, -20, -30, -40], [2 * line for line in lines])
        assert ahead(days) == pytest.approx((-(320 + 145) / 7, 25.0))

    def test_a_line_from_below_zero_has_no_share(self) -> None:
        """Mondays that cost nothing, under a line that begins its weeks at -30/7, 40/7, 110/7, 180/7 and reaches
        250/7: a step of -75/7 in the middle."""
        assert ahead(weeks([0, 10, 20, 30], [0, 0, 0, 0]))[0] == pytest.approx((250 - 75) / 7)

    def test_what_falls_is_not_followed_below_zero(self) -> None:
        falling = weeks([30, 20, 10, 0], [30, 20, 10, 0])
        assert ahead(falling)[0] == 0.0
        beside_credits, _ = expected(np.array([falling, [-5.0] * 28]))
        assert beside_credits.tolist() == [0.0, -5.0]

    def test_unless_it_was_there_before(self) -> None:
        """From 30 down by 10 a week through -10: the line begins the fifth week at -20 + 30/7, with no step."""
        lines = [30 + 30 / 7 - 10 * week for week in range(5)]
        assert ahead(weeks([30, 20, 10, 0, -10], lines))[0] == pytest.approx(-20 + 30 / 7)

    def test_one_wild_week_does_not_move_it(self) -> None:
        assert ahead([100.0] * 28 + [900.0] * 7 + [100.0] * 21) == (100.0, 100.0)


def spread(
    residuals: Sequence[float], expectations: float | Sequence[float] = 100.0, level: float = 100.0, cost: float = 100.0
) -> tuple[float, float]:
    size = np.array([residuals], dtype=float)
    day, week = spreads(size, np.broadcast_to(expectations, size.shape), np.array([level]), np.array([cost]))
    return float(day[0]), float(week[0])


class TestSpreads:
    def test_as_a_share_where_much_is_expected_and_in_money_where_little_is(self) -> None:
        """Two of 100 are 2 %, and from 14 days 3/14 more."""
        turns = [2.0, -2.0] * 7
        assert spread(turns, cost=1000)[0] == pytest.approx(NORMAL * 0.02 * (1 + 3 / 14) * 1000)
        assert spread(turns, cost=-1000)[0] == pytest.approx(NORMAL * 0.02 * (1 + 3 / 14) * 1000)
        assert spread(turns, cost=10)[0] == pytest.approx(NORMAL * 2)

    @pytest.mark.parametrize("expectation", [50.0, 60.0])
    def test_a_day_of_half_the_level_has_a_share(self, expectation: float) -> None:
        share = 3 / expectation
        assert spread([3.0] * 14, expectation, cost=1000)[0] == pytest.approx(NORMAL * share * (1 + 3 / 14) * 1000)

    def test_a_quieter_day_has_none(self) -> None:
        assert spread([3.0] * 14, 49.0, cost=1000)[0] == pytest.approx(1000 * 0.01)
        assert spread([3.0] * 14, 49.0, cost=100)[0] == pytest.approx(NORMAL * 3)

    @pytest.mark.parametrize(
        ("sizes", "middle"), [([5], 5), ([1, 2], 1.5), ([2, 9, 1], 2), ([9, 1, 4, 2], 3), ([1, 2, 3, 8, 9], 3)]
    )
    def test_the_share_is_the_middle_one_of_busy_days_and_larger_where_they_are_few(
        self, sizes: Sequence[float], middle: float
    ) -> None:
        quiet = 14 - len(sizes)
        day, _ = spread([*sizes, *[0.0] * quiet], [*[100.0] * len(sizes), *[10.0] * quiet], cost=1000)
        assert day == pytest.approx(NORMAL * middle / 100 * (1 + 3 / len(sizes)) * 1000)

    @pytest.mark.parametrize(("cost", "least"), [(100, 2), (300, 3), (-300, 3)])
    def test_no_bill_is_believed_to_be_more_regular_than_a_hundredth(self, cost: float, least: float) -> None:
        """A hundredth of the level, 200, or of the cost; of a week's mean, by the root of seven."""
        day, week = spread([0.0] * 14, 200.0, 200.0, cost)
        assert (day, week) == pytest.approx((least, least / math.sqrt(7)))

    def test_the_mean_of_a_week_of_ups_and_downs(self) -> None:
        """It has the spread of a day of the level over the root of seven, though the means themselves are smaller."""
        share = NORMAL * 0.02 * (1 + 3 / 14)
        assert spread([2.0, -2.0] * 7)[1] == pytest.approx(share * 100 / math.sqrt(7))

    def test_weeks_that_stay_away_have_the_spread_of_their_means(self) -> None:
        assert spread([2.0] * 14)[1] == pytest.approx(NORMAL * 2)

    @pytest.mark.parametrize(("days", "means"), [(12, False), (13, True)])
    def test_fewer_than_seven_means_are_not_asked(self, days: int, means: bool) -> None:
        """Until then a week's mean may differ as one day does."""
        turns = [2.0 * (-1) ** day for day in range(days)]
        from_days = NORMAL * 0.02 * (1 + 3 / days) * 100 / math.sqrt(7)
        assert spread(turns)[1] == pytest.approx(from_days if means else NORMAL * 2)


def test_weekly_means() -> None:
    assert weekly_means(np.arange(1.0, 10.0)[None, :]).tolist() == [[4.0, 5.0, 6.0]]


class TestCleaned:
    """Three weeks of 10 a day, one of which is strange: a spread of a tenth, a hundredth of 10, is the least."""

    def test_a_strange_day_becomes_its_weekdays_median_and_the_others_take_its_size(self) -> None:
        days = np.full((1, 21), 10.0)
        days[0, 4] = 100.0
        clean, residual = cleaned(days)
        assert clean.tolist() == [[10.0] * 21]
        strange = {day: value for day, value in enumerate(residual[0].tolist()) if value}
        assert strange == {4: 90.0, 11: -45.0, 18: -45.0}

    @pytest.mark.parametrize(("cost", "kept"), [(10.59, True), (10.61, False), (9.41, True), (9.39, False)])
    def test_beyond_six_spreads(self, cost: float, kept: bool) -> None:
        days = np.full((1, 21), 10.0)
        days[0, 8] = cost
        assert cleaned(days)[0][0, 8] == (cost if kept else 10.0)

    def test_noise_widens_the_spread(self) -> None:
        """Every weekday costs 8, 10 and 12: residuals of 2 and, for the one in the middle, (2 + 2) / 2."""
        days = np.repeat([8.0, 10.0, 12.0], 7)[None, :]
        clean, residual = cleaned(days)
        assert np.array_equal(clean, days)
        assert np.abs(residual).tolist() == [[2.0] * 21]
        days[0, 20] = 10 + 6 * NORMAL * 2 + 0.01
        assert cleaned(days)[0][0, 20] == 10.0


class TestFitted:
    def test_a_new_segments_weeks_are_drawn_back(self) -> None:
        """Weeks of 10, 20 and 30 grow by 10 a week: those before them are 0 and -10."""
        line = fitted(np.repeat([10.0, 20.0, 30.0], 7), 8)
        assert line == pytest.approx([-10.0, *[0.0] * 7, *np.repeat([10.0, 20.0, 30.0], 7)], abs=1e-9)

    def test_one_week_is_repeated(self) -> None:
        week = [1.0, 2, 3, 4, 5, 0, 0]
        assert fitted(np.array(week), 8) == pytest.approx([0.0, *week, *week])


def test_segments_do_not_touch_each_other() -> None:
    """A small one, a large one and credits, side by side and each alone, come to the same."""
    random = np.random.default_rng(3)
    week = np.array([1.0, 1, 1, 1, 1, 0.4, 0.2])
    cost = np.array([[5.0], [4000.0], [-90.0]]) * np.tile(week, 6) * random.uniform(0.9, 1.1, (3, 42))
    residual, level = cost - np.median(cost, axis=1, keepdims=True), np.abs(cost).mean(axis=1)
    for row in range(3):
        one = slice(row, row + 1)
        for together, alone in (
            (expected(cost), expected(cost[one])),
            (cleaned(cost[:, :21]), cleaned(cost[one, :21])),
            (
                spreads(residual, cost, level, level),
                spreads(residual[one], cost[one], level[one], level[one]),
            ),
            ((weekly_means(residual),), (weekly_means(residual[one]),)),
        ):
            for all_of_them, its_own in zip(together, alone, strict=True):
                np.testing.assert_allclose(all_of_them[row], its_own[0])


def test_a_quiet_weekend_is_no_strange_day() -> None:
    """A weekday is compared with itself: three weeks of 10 a day and 2 at weekends stay as they are."""
    days = np.tile([10.0, 10, 10, 10, 10, 2, 2], 3)[None, :]
    clean, residual = cleaned(days)
    assert np.array_equal(clean, days)
    assert not residual.any()
