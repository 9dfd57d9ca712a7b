"""Months as a forecast of months should see them, and outlooks of segments that begin, end, step or pay once."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.month_history import month_history
from costlib.analysis.outlook import outlook
from costlib.periods import Window, add_months
from tests.analysis.outlooks import daily, months

Array = NDArray[np.float64]
FIRST, END = date(2025, 7, 1), date(2026, 10, 21)
DAYS = (END - FIRST).days
LAST = DAYS - 20
"""The place of 1 October 2026, of which 20 days are known."""


def cost(*, begun: int = 0, ended: int = DAYS, noise: float = 0.0) -> Array:
    """Two teams: the first of 100 a day from one day to another, nothing after, the second of 50 throughout."""
    days = np.array([[100.0] * DAYS, [50.0] * DAYS])
    days *= np.exp(np.random.default_rng(3).normal(0, noise, days.shape))
    days[0, :begun], days[0, ended:] = np.nan, 0.0
    return days


def history(days: Array) -> list[float]:
    """The months of the first team from July 2026 on; its days say 3,100 of October and 3,000 of November."""
    near = np.repeat([[[3100.0], [3000.0], [3100.0]], [[1550.0], [1500.0], [1550.0]]], 3, axis=2)
    found: list[float] = month_history(daily(days, FIRST), months(FIRST, 15), near)[0, -4:].tolist()
    return found


def likely(days: Array) -> list[float]:
    """What all teams' months from October 2026 on are likely to cost a day."""
    found = outlook(daily(days, FIRST), 13)
    lengths = [Window(month, add_months(month, 1)).days for month in found.months]
    return (np.median(found.spend(), axis=1) / lengths).tolist()


class TestHistory:
    def test_whole_months_and_the_running_one(self) -> None:
        assert history(cost()) == [3100, 3100, 3000, 3100]

    def test_a_month_in_which_a_segment_began_is_none_of_its_months(self) -> None:
        np.testing.assert_array_equal(history(cost(begun=LAST - 40)), [np.nan, np.nan, 3000, 3100])

    def test_one_that_began_on_the_first_is_whole(self) -> None:
        np.testing.assert_array_equal(history(cost(begun=LAST - 30)), [np.nan, np.nan, 3000, 3100])

    def test_of_one_that_began_in_the_running_month_the_next_one_tells(self) -> None:
        np.testing.assert_array_equal(history(cost(begun=LAST + 5)), [np.nan, np.nan, np.nan, 3000])

    @pytest.mark.parametrize("once", [-2900.0, 900.0, 40_000.0])
    def test_what_came_once_is_left_out_of_the_running_month(self, once: float) -> None:
        """The days before say 3,100 with it in."""
        days = cost()
        days[0, LAST + 4] += once
        assert history(days)[-1] == pytest.approx(3100 - once)

    def test_what_came_once_in_a_closed_month_stays(self) -> None:
        days = cost()
        days[0, LAST - 4] += 900
        assert history(days) == [3100, 3100, 3900, 3100]

    def test_a_monthly_charge_comes_again_and_stays(self) -> None:
        days = cost()
        days[0, [at for at in range(DAYS) if (FIRST + timedelta(days=at)).day == 5]] += 900
        assert history(days)[-1] == 3100

    def test_a_month_that_is_full_has_no_days_of_the_running_one(self) -> None:
        near = np.full((2, 3, 3), 3100.0)
        found = month_history(daily(cost()[:, :LAST], FIRST), months(FIRST, 15), near)
        assert found[0].tolist()[-3:] == [3100, 3000, 3100]


class TestOutlook:
    @pytest.mark.parametrize("once", [-2900.0, 3000.0, 20_000.0])
    def test_a_refund_or_a_fee_in_the_running_month_moves_no_later_month(self, once: float) -> None:
        """150 a day: it went to 85 after the refund and to 181 after the fee."""
        days = cost(noise=0.04)
        days[0, LAST + 4] += once
        running, *later = likely(days)
        assert running == pytest.approx(150 + once / 31, rel=0.02)
        assert later == pytest.approx([150] * 12, rel=0.04)

    @pytest.mark.parametrize("ago", [9, 39, 80, 150])
    def test_a_team_that_began_in_the_middle_of_a_month_has_not_grown(self, ago: int) -> None:
        """It went to 215 a day where the first month of 20 days and the whole ones after it were taken for growth."""
        assert likely(cost(begun=DAYS - ago, noise=0.04))[3:] == pytest.approx([150] * 10, rel=0.1)

    def test_a_team_that_ended_stays_ended(self) -> None:
        """For three months it cost nothing, then 35 a day again."""
        assert likely(cost(ended=DAYS - 39, noise=0.04))[1:] == pytest.approx([50] * 12, rel=0.04)

    @pytest.mark.parametrize("before", [20, 60, 150])
    @pytest.mark.parametrize("ago", [80, 260])
    def test_a_step_is_kept_and_not_carried_on(self, before: float, ago: int) -> None:
        """From 20 to 100 a day in February the year went to 229 in a range that began at 207."""
        days = cost(noise=0.04)
        days[0, :-ago] *= before / 100
        assert likely(days) == pytest.approx([150] * 13, rel=0.25 if ago == 80 else 0.05)
