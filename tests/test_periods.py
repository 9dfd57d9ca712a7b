"""The calendar: windows without gaps, fiscal years, names a reader writes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.windows import previous_window, year_before
from costlib.fiscal import WeekCalendar
from costlib.periods import (
    Grain,
    Window,
    add_months,
    days_in_month,
    fiscal_year,
    month_start,
    months_name,
    next_period,
    period_name,
    period_start,
    period_starts,
    window_name,
)

DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))
CUT = st.sampled_from([grain for grain in Grain if grain is not Grain.TOTAL])
MONTHS = st.integers(1, 12)


def window(start: str, end: str) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end))


class TestPeriods:
    @given(DAYS, CUT, MONTHS)
    def test_a_day_lies_in_its_period(self, day, grain, fiscal_start):
        start = period_start(day, grain, fiscal_start)
        assert start <= day < next_period(start, grain)

    @given(DAYS, CUT, MONTHS)
    def test_the_start_of_a_period_is_its_own(self, day, grain, fiscal_start):
        start = period_start(day, grain, fiscal_start)
        assert period_start(start, grain, fiscal_start) == start
        assert period_start(next_period(start, grain), grain, fiscal_start) == next_period(start, grain)

    @given(DAYS, st.integers(1, 500), CUT, MONTHS)
    def test_periods_cover_a_window_without_gap(self, start, length, grain, fiscal_start):
        covered = Window(start, start + timedelta(days=length))
        starts = period_starts(covered, grain, fiscal_start)
        assert starts[0] <= covered.start
        assert next_period(starts[-1], grain) >= covered.end
        assert all(next_period(one, grain) == other for one, other in pairwise(starts))

    @given(DAYS, MONTHS)
    def test_a_fiscal_year_is_four_quarters_and_twelve_months(self, day, fiscal_start):
        start = period_start(day, Grain.YEAR, fiscal_start)
        year = Window(start, next_period(start, Grain.YEAR))
        assert start.month == fiscal_start
        assert len(period_starts(year, Grain.QUARTER, fiscal_start)) == 4
        assert len(period_starts(year, Grain.PERIOD, fiscal_start)) == 12
        assert len(period_starts(year, Grain.DAY)) == year.days
        assert len(period_starts(year, Grain.MONTH)) == 12
        assert {fiscal_year(one, fiscal_start) for one in period_starts(year, Grain.MONTH)} == {(year.last).year}

    @pytest.mark.parametrize(
        ("day", "grain", "fiscal_start", "start"),
        [
            ("2026-08-19", Grain.WEEK, 1, "2026-08-17"),
            ("2026-08-17", Grain.WEEK, 1, "2026-08-17"),
            ("2026-01-01", Grain.WEEK, 1, "2025-12-29"),
            ("2026-08-19", Grain.QUARTER, 2, "2026-08-01"),
            ("2026-01-31", Grain.QUARTER, 12, "2025-12-01"),
            ("2026-09-30", Grain.YEAR, 10, "2025-10-01"),
            ("2026-10-01", Grain.YEAR, 10, "2026-10-01"),
            ("2028-02-29", Grain.MONTH, 1, "2028-02-01"),
        ],
    )
    def test_worked_by_hand(self, day, grain, fiscal_start, start):
        assert period_start(date.fromisoformat(day), grain, fiscal_start) == date.fromisoformat(start)

    def test_a_total_has_no_start_but_the_day_itself(self):
        assert period_start(date(2026, 8, 19), Grain.TOTAL) == date(2026, 8, 19)


class TestMonths:
    @given(DAYS, st.integers(-600, 600))
    def test_there_and_back_is_the_first_of_the_month(self, day, months):
        assert month_start(add_months(add_months(month_start(day), months), -months)) == month_start(day)

    @given(DAYS)
    def test_a_month_has_as_many_days_as_to_the_next(self, day):
        first = month_start(day)
        assert add_months(first, 1) - first == timedelta(days=days_in_month(day))

    @pytest.mark.parametrize(
        ("day", "months", "found"),
        [
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2026-12-15", 1, "2027-01-15"),
            ("2026-01-15", -1, "2025-12-15"),
        ],
    )
    def test_a_day_that_a_month_does_not_have_is_its_last(self, day, months, found):
        assert add_months(date.fromisoformat(day), months) == date.fromisoformat(found)


class TestWindows:
    @given(DAYS, st.integers(1, 60), st.integers(-90, 90), st.integers(1, 60))
    def test_windows_overlap_where_they_share_a_day(self, start, length, later, other_length):
        here = Window(start, start + timedelta(days=length))
        there = Window(start + timedelta(days=later), start + timedelta(days=later + other_length))
        shared = set(range(length)) & set(range(later, later + other_length))
        assert here.overlaps(there) == there.overlaps(here) == bool(shared)

    @given(DAYS, st.integers(1, 400), st.sampled_from([Grain.MONTH, Grain.WEEK]))
    def test_the_window_before_lies_before_and_has_days_of_the_same_kind(self, start, length, grain):
        here = Window(start, start + timedelta(days=length))
        before = previous_window(here, grain)
        assert before.start < before.end <= here.start
        if grain is Grain.WEEK:
            assert (before.days, before.start.weekday()) == (here.days, here.start.weekday())
        elif start.day == 1:
            assert before.start.day == 1
        else:
            assert (before.days, before.end) == (here.days, here.start)

    @pytest.mark.parametrize(
        ("here", "before"),
        [
            (("2026-03-01", "2026-05-01"), ("2026-01-01", "2026-03-01")),
            (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-03-01")),
            (("2026-10-01", "2026-10-21"), ("2026-09-01", "2026-09-21")),
            (("2026-02-01", "2026-03-01"), ("2026-01-01", "2026-02-01")),
            (("2026-09-07", "2026-09-10"), ("2026-09-04", "2026-09-07")),
        ],
    )
    def test_like_is_compared_with_like(self, here, before):
        assert previous_window(window(*here)) == window(*before)

    @pytest.mark.parametrize(
        ("here", "grain", "fiscal_start", "before"),
        [
            (("2026-07-01", "2026-08-21"), Grain.QUARTER, 1, ("2026-04-01", "2026-05-21")),
            (("2026-04-01", "2026-10-21"), Grain.QUARTER, 1, ("2025-07-01", "2026-01-21")),
            (("2026-08-01", "2026-11-01"), Grain.QUARTER, 2, ("2026-05-01", "2026-08-01")),
            (("2026-01-01", "2026-03-01"), Grain.YEAR, 1, ("2025-01-01", "2025-03-01")),
            (("2025-11-01", "2026-10-21"), Grain.YEAR, 1, ("2023-11-01", "2024-10-21")),
            (("2025-11-01", "2026-09-01"), Grain.YEAR, 10, ("2024-11-01", "2025-09-01")),
            (("2026-02-01", "2026-03-01"), Grain.DAY, 1, ("2026-01-04", "2026-02-01")),
        ],
    )
    def test_whole_periods_of_the_grain_go_back(self, here, grain, fiscal_start, before):
        assert previous_window(window(*here), grain, fiscal_start) == window(*before)

    @given(DAYS, st.integers(1, 900), st.sampled_from([Grain.QUARTER, Grain.YEAR]), MONTHS)
    def test_quarters_and_years_lie_on_the_same_places_of_the_year(self, start, length, grain, fiscal_start):
        here = Window(start.replace(day=1), start.replace(day=1) + timedelta(days=length))
        before = previous_window(here, grain, fiscal_start)
        starts = [period_starts(one, grain, fiscal_start) for one in (before, here)]
        assert before.end <= here.start and len(starts[0]) == len(starts[1])
        assert starts[0][-1] < starts[1][0] and next_period(starts[0][-1], grain) == starts[1][0]

    @given(DAYS, st.integers(1, 900), st.booleans())
    def test_by_day_as_many_days_are_compared(self, start, length, a_year):
        here = Window(start, start + timedelta(days=length))
        before = year_before(here, Grain.DAY) if a_year else previous_window(here, Grain.DAY)
        assert before.days == here.days

    def test_a_year_before(self):
        assert year_before(window("2028-02-29", "2028-03-01")) == window("2027-02-28", "2027-03-01")
        assert year_before(window("2026-09-07", "2026-09-14"), Grain.WEEK) == window("2025-09-08", "2025-09-15")

    def test_length_and_last_day(self):
        assert window("2028-02-01", "2028-03-01").days == 29
        assert window("2028-02-01", "2028-03-01").last == date(2028, 2, 29)

    @pytest.mark.parametrize(
        ("start", "end", "name"),
        [
            ("2026-09-01", "2026-10-01", "Sep 2026"),
            ("2025-11-01", "2026-02-01", "Nov 2025 to Jan 2026"),
            ("2026-09-07", "2026-09-08", "7 Sep 2026"),
            ("2026-09-01", "2026-09-08", "1 Sep 2026 to 7 Sep 2026"),
        ],
    )
    def test_as_a_reader_writes_it(self, start, end, name):
        assert window_name(window(start, end)) == name


@pytest.mark.parametrize(
    ("start", "grain", "fiscal_start", "name"),
    [
        ("2026-09-07", Grain.DAY, 1, "7 Sep 2026"),
        ("2026-09-07", Grain.WEEK, 1, "week of 7 Sep 2026"),
        ("2026-09-01", Grain.MONTH, 1, "Sep 2026"),
        ("2026-07-01", Grain.QUARTER, 1, "Q3 FY26"),
        ("2026-07-01", Grain.QUARTER, 7, "Q1 FY27"),
        ("2026-04-01", Grain.QUARTER, 10, "Q3 FY26"),
        ("2026-10-01", Grain.YEAR, 10, "FY27"),
        ("2009-01-01", Grain.YEAR, 1, "FY09"),
    ],
)
def test_periods_as_a_reader_calls_them(start, grain, fiscal_start, name):
    assert period_name(date.fromisoformat(start), grain, fiscal_start) == name


class TestNamesByMonths:
    """Quarters and years of calendar months, whatever the fiscal calendar is made of."""

    WEEKS = WeekCalendar("4-4-5", 1)

    @pytest.mark.parametrize(
        ("start", "grain", "fiscal", "name"),
        [
            (date(2026, 7, 1), Grain.QUARTER, 7, "Q1 FY27"),
            (date(2026, 7, 1), Grain.YEAR, 7, "FY27"),
            (date(2026, 8, 1), Grain.QUARTER, WEEKS, "Q3 FY27 by calendar months"),
            (date(2026, 2, 1), Grain.YEAR, WEEKS, "FY27 by calendar months"),
            (date(2026, 8, 1), Grain.MONTH, WEEKS, "Aug 2026"),
        ],
    )
    def test_worked_by_hand(self, start, grain, fiscal, name):
        assert months_name(start, grain, fiscal) == name
