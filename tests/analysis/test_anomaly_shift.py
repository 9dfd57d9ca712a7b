"""A lasting change: which price by the month it may be, and how a segment's history is moved to the new level."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib.analysis.anomalies.event import Rows
from costlib.analysis.anomalies.shift import began, by_month_length, move_level, move_weekday

DAYS = 56


def rows(cost: np.ndarray) -> Rows:
    """Rows of a segment of which every day was expected to cost 100."""
    flat = np.full(DAYS, 100.0)
    nothing = np.zeros(DAYS)
    return Rows(
        cost=cost.copy(),
        known=np.full(DAYS, True),
        history=flat.copy(),
        expected=flat.copy(),
        spread=np.full(DAYS, 5.0),
        weekly_spread=np.full(DAYS, 3.0),
        level=flat.copy(),
        residual=cost - flat,
        base=flat.copy(),
        surprise=nothing.copy(),
        monthly=nothing.copy(),
    )


def stepped(first: int, level: float) -> np.ndarray:
    cost = np.full(DAYS, 100.0)
    cost[first:] = level
    return cost


class TestMonthLength:
    """A price by the month costs 31/28 as much a day in February as in January, and 28/31 in March."""

    @pytest.mark.parametrize(
        ("first", "ratio", "told"),
        [
            (date(2026, 2, 1), 31 / 28, True),
            (date(2026, 2, 3), 31 / 28, True),  # the third day is the last that may be the month's first
            (date(2026, 2, 4), 31 / 28, False),
            (date(2026, 2, 1), 1.0, True),  # all of the way between no change and the whole of it
            (date(2026, 2, 1), 31 / 28 + 0.019, True),
            (date(2026, 2, 1), 31 / 28 + 0.021, False),
            (date(2026, 2, 1), 1 - 0.019, True),
            (date(2026, 2, 1), 1 - 0.021, False),
            (date(2026, 3, 1), 28 / 31, True),
            (date(2026, 3, 1), 31 / 28, False),
            (date(2026, 8, 1), 1.0, False),  # July and August are as long as each other
        ],
    )
    def test_by_hand(self, first: date, ratio: float, told: bool) -> None:
        assert by_month_length(first, ratio) is told


class TestBegan:
    def test_the_day_from_which_the_deviations_speak_loudest(self) -> None:
        assert began(rows(stepped(40, 130.0)), 46) == 40

    def test_no_longer_than_thirteen_days_ago_and_no_sooner_than_three(self) -> None:
        assert began(rows(stepped(24, 130.0)), 46) == 33
        assert began(rows(stepped(46, 130.0)), 46) == 43

    @pytest.mark.parametrize(("before", "first"), [(113.0, 43), (115.0, 42)])
    def test_a_day_before_it_that_is_half_as_far_off_belongs_to_it_or_not(self, before: float, first: int) -> None:
        """Four days of 30 more, 120 over the root of 4, are 60; with 13 before them 59.5 and with 15 60.4."""
        cost = stepped(43, 130.0)
        cost[42] = before
        assert began(rows(cost), 46) == first

    def test_strange_days_are_told_already(self) -> None:
        """What only a spike of day 36 deviates by is left out; the rest began on day 41."""
        cost = stepped(41, 120.0)
        cost[36] = 900.0
        given = rows(cost)
        given.surprise[36] = 800.0
        assert began(given, 46) == 41


class TestMoveLevel:
    def test_by_a_ratio_where_that_fits(self) -> None:
        given = rows(stepped(40, 150.0))
        assert move_level(given, 40, 46) == pytest.approx(1.5)
        np.testing.assert_allclose(given.history[:47], 150.0)
        np.testing.assert_allclose(given.base[:47], 150.0)
        np.testing.assert_allclose(given.residual[40:47], 0.0)
        assert given.history[47] == given.base[47] == 100.0  # the days after it are not judged yet

    def test_a_ratio_moves_peaks_as_far_and_a_step_moves_all_alike(self) -> None:
        """Costs of 50 and 150 by turns become 100 and 300, a ratio of 2; or 150 and 250, a step of 100."""
        turns = np.where(np.arange(DAYS) % 2, 150.0, 50.0)
        for new, before in ((turns * 2, turns * 2), (turns + 100, turns + 100)):
            given = rows(np.where(np.arange(DAYS) < 40, turns, new))
            given.expected[:], given.history[:], given.base[:] = turns, turns, turns
            move_level(given, 40, 46)
            np.testing.assert_allclose(given.history[:40], before[:40])

    def test_credits_leave_no_ratio(self) -> None:
        given = rows(stepped(40, -20.0))
        assert move_level(given, 40, 46) is None
        np.testing.assert_allclose(given.history[:47], -20.0)

    def test_nothing_before_leaves_no_ratio(self) -> None:
        given = rows(np.where(np.arange(DAYS) < 40, 0.0, 60.0))
        given.expected[:] = given.history[:] = given.base[:] = 0.0
        assert move_level(given, 40, 46) is None
        np.testing.assert_allclose(given.history[:47], 60.0)

    def test_expected_credits_leave_no_ratio(self) -> None:
        given = rows(stepped(40, 150.0))
        given.expected[44] = -10.0
        assert move_level(given, 40, 46) is None

    @pytest.mark.parametrize(("earlier", "quiet"), [(100.0, 0.0), (0.0, 0.0), (-1.0, -20.0)])
    def test_what_never_was_a_credit_is_not_moved_below_zero(self, earlier: float, quiet: float) -> None:
        """150 and 50 by turns become 110 and 10, a step of 40 less: a quiet day of 20 ends at 0, and at -20 where there
        have been credits."""
        turns = np.where(np.arange(DAYS) % 2, 150.0, 50.0)
        given = rows(turns - 40)
        given.cost[3] = earlier
        for row in (given.expected, given.history, given.base):
            row[:] = turns
        given.history[20] = given.base[20] = 20.0
        move_level(given, 40, 46)
        assert given.history[20] == given.base[20] == pytest.approx(quiet)
        np.testing.assert_allclose(given.base[40:47], (turns - 40)[40:47])
        np.testing.assert_allclose(given.residual[40:47], 0.0)

    def test_unknown_days_of_it_say_nothing(self) -> None:
        cost = stepped(40, 150.0)
        given = rows(cost)
        given.known[43], given.cost[43] = False, 0.0
        move_level(given, 40, 46)
        assert given.history[43] == pytest.approx(100.0)


def test_a_weekday_moves_alone() -> None:
    given = rows(stepped(49, 130.0))
    move_weekday(given, 49, 30.0)
    moved = np.flatnonzero(given.history[:49] != 100.0)
    assert moved.tolist() == [0, 7, 14, 21, 28, 35, 42]
    assert given.history[49] == 130.0 and set(given.history[moved]) == {130.0}
