"""Series as they are measured: where periods lie, what drives them, when days become weeks, what is too little."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.roadmap.savings.measured import WEEK, Basis, Measured, TooLittleHistory, driver, usable

START = date(2026, 1, 1)
NAN = float("nan")


def flat(days: int = 100, **series: object) -> Measured:
    """10 a day."""
    return Measured(START, np.full(days, 10.0), **series)  # type: ignore[arg-type]


class TestPeriods:
    def test_days_and_back(self) -> None:
        one = flat()
        assert [one.index(START + timedelta(days=at)) for at in (0, 1, 99)] == [0, 1, 99]
        assert one.date_of(99) == date(2026, 4, 10)

    def test_days_outside_are_the_ends(self) -> None:
        one = flat()
        assert (one.index(date(2025, 1, 1)), one.index(date(2030, 1, 1))) == (0, 100)

    def test_a_week_begins_on_the_next_day_that_begins_one(self) -> None:
        weeks = Measured(START, np.ones(10), days=WEEK)
        assert [weeks.index(START + timedelta(days=at)) for at in (0, 1, 7, 8)] == [0, 1, 1, 2]
        assert weeks.date_of(2) == date(2026, 1, 15)

    @given(st.integers(0, 99))
    def test_the_first_day_of_a_period_is_in_it(self, at: int) -> None:
        assert flat().index(flat().date_of(at)) == at

    @pytest.mark.parametrize("wrong", [{"volume": np.ones(99)}, {"panel": np.ones((3, 101))}, {"quantity": np.ones(1)}])
    def test_series_of_other_lengths_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(InputError, match="periods of"):
            flat(**wrong)

    def test_periods_are_days_or_weeks(self) -> None:
        with pytest.raises(InputError, match="periods of 30 days"):
            Measured(START, np.ones(10), days=30)


class TestWeeks:
    def test_whole_weeks_back_and_on_from_go_live(self) -> None:
        """Of 30 days 10 lie before: weeks begin on day 3, so that day 10 begins one; the last 6 days are no week."""
        weeks = Measured(START, np.arange(30.0)).weekly(10)
        assert (weeks.start, weeks.days) == (START + timedelta(days=3), WEEK)
        assert weeks.cost.tolist() == [sum(range(3, 10)), sum(range(10, 17)), sum(range(17, 24))]

    def test_a_week_with_a_gap_is_unknown(self) -> None:
        cost = np.ones(21)
        cost[8] = NAN
        assert np.isnan(Measured(START, cost).weekly(14).cost).tolist() == [False, True, False]

    def test_every_series_goes_along(self) -> None:
        weeks = flat(21, volume=np.ones(21), panel=np.ones((2, 21))).weekly(0)
        assert weeks.volume is not None and weeks.volume.tolist() == [7, 7, 7]
        assert weeks.panel is not None and weeks.panel.tolist() == [[7, 7, 7]] * 2
        assert weeks.quantity is None

    @given(st.integers(0, 40), st.integers(1, 120))
    def test_no_day_counts_twice(self, until: int, days: int) -> None:
        weeks = Measured(START, np.ones(days)).weekly(until)
        assert weeks.cost.sum() <= days
        assert set(weeks.cost.tolist()) <= {7.0}


class TestDriver:
    def test_the_strongest_is_taken(self) -> None:
        volume, panel = np.ones(100), np.ones((1, 100))
        assert flat(volume=volume, panel=panel).basis is Basis.VOLUME
        assert flat(panel=panel).basis is Basis.PANEL
        assert flat(panel=np.empty((0, 100))).basis is Basis.TREND
        assert flat().basis is Basis.TREND

    def test_volume_is_one_before_on_average(self) -> None:
        volume = np.r_[np.full(50, 200.0), np.full(50, 300.0)]
        found = driver(flat(volume=volume), 50)
        assert found is not None and (found[0], found[99]) == (1.0, 1.5)

    def test_the_panel_has_one_voice_a_segment_whatever_its_size(self) -> None:
        """One segment of 1,000 doubles, one of 1 stays: the mean of their logarithms is the root of two."""
        panel = np.ones((2, 100))
        panel[0] *= 1000
        panel[0, 50:] *= 2
        found = driver(flat(panel=panel), 50)
        assert found is not None and found[99] == pytest.approx(2**0.5)

    def test_a_segment_that_stops_is_no_witness(self) -> None:
        panel = np.ones((2, 100))
        panel[0, 70:] = 0
        found = driver(flat(panel=panel), 50)
        assert found is not None and found.tolist() == [1.0] * 100
        assert driver(flat(panel=panel[:1]), 50) is None

    def test_nothing_drives_a_trend(self) -> None:
        assert driver(flat(), 50) is None


class TestUsable:
    LIVE = START + timedelta(days=84)

    def test_days_that_all_cost_something_stay_days(self) -> None:
        assert usable(flat(), self.LIVE).days == 1

    def test_days_that_rest_become_weeks(self) -> None:
        cost = np.full(112, 10.0)
        cost[5::7] = 0
        found = usable(Measured(START, cost), self.LIVE)
        assert (found.days, set(found.cost.tolist())) == (WEEK, {60.0})

    def test_too_few_days_are_refused_with_how_many_there_are(self) -> None:
        with pytest.raises(TooLittleHistory, match="40 days with a known cost"):
            usable(flat(), START + timedelta(days=40))

    def test_unknown_days_do_not_count(self) -> None:
        cost = np.full(100, 10.0)
        cost[:50] = NAN
        with pytest.raises(TooLittleHistory, match="34 days"):
            usable(Measured(START, cost), self.LIVE)

    def test_weeks_without_spend_are_refused(self) -> None:
        cost = np.full(112, 10.0)
        cost[:14] = 0
        with pytest.raises(TooLittleHistory, match="weeks"):
            usable(Measured(START, cost), self.LIVE)
