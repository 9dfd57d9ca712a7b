"""Fiscal years of whole weeks: published calendars, and what is true of every one of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.windows import previous_window, year_before
from costlib.fiscal import PATTERNS, WeekCalendar, first_month
from costlib.periods import Grain, Window, fiscal_year, next_period, period_name, period_start, period_starts

#: The calendar of the US National Retail Federation: 4-5-4, Saturday nearest to the end of January.
NRF = WeekCalendar("4-5-4", 1, nearest=True)
#: Last Saturday of September, as Apple's annual reports have it.
SEPTEMBER = WeekCalendar("4-4-5", 9)
CALENDARS = st.builds(WeekCalendar, st.sampled_from(sorted(PATTERNS)), st.integers(1, 12), st.booleans())
DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))
GRAINS = st.sampled_from([Grain.PERIOD, Grain.QUARTER, Grain.YEAR])


def day(text: str) -> date:
    return date.fromisoformat(text)


class TestPublished:
    @pytest.mark.parametrize(
        ("year", "first", "last", "weeks"),
        [
            (2013, "2012-01-29", "2013-02-02", 53),
            (2018, "2017-01-29", "2018-02-03", 53),
            (2019, "2018-02-04", "2019-02-02", 52),
            (2023, "2022-01-30", "2023-01-28", 52),
            (2024, "2023-01-29", "2024-02-03", 53),
            (2025, "2024-02-04", "2025-02-01", 52),
            (2026, "2025-02-02", "2026-01-31", 52),
        ],
    )
    def test_years_of_the_retail_calendar(self, year: int, first: str, last: str, weeks: int) -> None:
        """Retail calls each after the year before: its 2023, of 53 weeks, ends on 3 February 2024."""
        assert NRF.starts(year)[0] == day(first)
        assert (NRF.year_end(year), NRF.weeks(year)) == (day(last), weeks)

    @pytest.mark.parametrize(
        ("year", "last", "weeks"),
        [
            (2017, "2017-09-30", 53),
            (2018, "2018-09-29", 52),
            (2022, "2022-09-24", 52),
            (2023, "2023-09-30", 53),
            (2024, "2024-09-28", 52),
        ],
    )
    def test_years_that_end_on_the_last_saturday_of_september(self, year: int, last: str, weeks: int) -> None:
        assert (SEPTEMBER.year_end(year), SEPTEMBER.weeks(year)) == (day(last), weeks)

    def test_the_months_of_retail_2024(self) -> None:
        """February from the 4th, March from 3 March, April from 7 April, May from 5 May; January from 5 January."""
        starts = NRF.starts(2025)
        assert starts[:4] == (day("2024-02-04"), day("2024-03-03"), day("2024-04-07"), day("2024-05-05"))
        assert starts[-1] == day("2025-01-05")

    def test_the_53rd_week_is_in_the_last_period(self) -> None:
        """January of retail 2023 has five weeks, from 31 December to 3 February."""
        assert NRF.starts(2024)[-1] == day("2023-12-31")
        assert next_period(day("2023-12-31"), Grain.PERIOD, NRF) == day("2024-02-04")

    @pytest.mark.parametrize(
        ("pattern", "starts"),
        [
            ("4-4-5", ["2025-12-28", "2026-01-25", "2026-02-22", "2026-03-29"]),
            ("4-5-4", ["2025-12-28", "2026-01-25", "2026-03-01", "2026-03-29"]),
            ("5-4-4", ["2025-12-28", "2026-02-01", "2026-03-01", "2026-03-29"]),
        ],
    )
    def test_weeks_of_each_pattern(self, pattern: str, starts: list[str]) -> None:
        assert [one.isoformat() for one in WeekCalendar(pattern, 12).starts(2026)[:4]] == starts

    def test_the_nearest_saturday_may_lie_in_the_next_month_and_keeps_the_years_name(self) -> None:
        """31 December 2026 is a Thursday: 2 January 2027 is nearer than 26 December."""
        nearest = WeekCalendar("4-4-5", 12, nearest=True)
        assert nearest.year_end(2026) == day("2027-01-02")
        assert fiscal_year(day("2027-01-02"), nearest) == 2026 and fiscal_year(day("2027-01-03"), nearest) == 2027


class TestEveryCalendar:
    @given(CALENDARS, st.integers(2002, 2090))
    def test_a_year_is_52_or_53_weeks_and_ends_on_its_saturday(self, calendar: WeekCalendar, year: int) -> None:
        end = calendar.year_end(year)
        month_end = date(year + calendar.closing_month // 12, calendar.closing_month % 12 + 1, 1) - timedelta(days=1)
        assert end.weekday() == 5 and calendar.weeks(year) in (52, 53)
        assert abs((end - month_end).days) <= 3 if calendar.nearest else 0 <= (month_end - end).days <= 6

    @given(CALENDARS, DAYS, GRAINS)
    def test_every_day_is_in_exactly_one_period(self, calendar: WeekCalendar, one: date, grain: Grain) -> None:
        start = period_start(one, grain, calendar)
        after = next_period(start, grain, calendar)
        assert start <= one < after and start.weekday() == 6
        assert period_start(after - timedelta(days=1), grain, calendar) == start
        assert period_start(after, grain, calendar) == after

    @given(CALENDARS, st.integers(2002, 2090))
    def test_periods_follow_the_pattern_and_the_last_takes_the_53rd(self, calendar: WeekCalendar, year: int) -> None:
        starts = (*calendar.starts(year), calendar.starts(year + 1)[0])
        weeks = [(after - start).days // 7 for start, after in pairwise(starts)]
        assert weeks[:11] == list(PATTERNS[calendar.pattern] * 4)[:11]
        assert weeks[11] == PATTERNS[calendar.pattern][2] + calendar.weeks(year) - 52

    @given(CALENDARS, DAYS, st.integers(1, 800), GRAINS)
    def test_periods_cover_a_window_without_gap(
        self, calendar: WeekCalendar, start: date, length: int, grain: Grain
    ) -> None:
        window = Window(start, start + timedelta(days=length))
        starts = period_starts(window, grain, calendar)
        assert starts[0] <= window.start and next_period(starts[-1], grain, calendar) >= window.end
        assert all(next_period(one, grain, calendar) == other for one, other in pairwise(starts))

    @given(CALENDARS, DAYS)
    def test_four_quarters_of_three_periods_with_names_of_their_own(self, calendar: WeekCalendar, one: date) -> None:
        first = period_start(one, Grain.YEAR, calendar)
        year = Window(first, next_period(first, Grain.YEAR, calendar))
        for grain, count in ((Grain.QUARTER, 4), (Grain.PERIOD, 12)):
            starts = period_starts(year, grain, calendar)
            assert len(starts) == len({period_name(start, grain, calendar) for start in starts}) == count
            assert {fiscal_year(start, calendar) for start in starts} == {calendar.year_of(one)}

    @given(CALENDARS, DAYS, st.integers(1, 700), GRAINS, st.booleans())
    def test_compared_windows_lie_in_as_many_periods_before(
        self, calendar: WeekCalendar, start: date, length: int, grain: Grain, a_year: bool
    ) -> None:
        here = Window(period_start(start, grain, calendar), start + timedelta(days=length))
        before = (year_before if a_year else previous_window)(here, grain, calendar)
        counts = [len(period_starts(one, grain, calendar)) for one in (before, here)]
        assert counts[0] == counts[1] and before.start == period_start(before.start, grain, calendar)
        assert a_year or before.end <= here.start


class TestWindows:
    def test_a_whole_quarter_is_compared_with_the_whole_quarter_before(self) -> None:
        """Retail's last quarter of 2023 has 14 weeks; the first of 2024 is held against all of them."""
        here = Window(day("2024-02-04"), day("2024-05-05"))
        assert previous_window(here, Grain.QUARTER, NRF) == Window(day("2023-10-29"), day("2024-02-04"))
        assert year_before(here, Grain.QUARTER, NRF) == Window(day("2023-01-29"), day("2023-04-30"))

    def test_a_part_of_a_period_is_compared_with_as_many_days(self) -> None:
        here = Window(day("2024-03-03"), day("2024-03-13"))
        assert previous_window(here, Grain.PERIOD, NRF) == Window(day("2024-02-04"), day("2024-02-14"))

    def test_months_stay_months_of_the_calendar(self) -> None:
        assert period_start(day("2024-02-03"), Grain.MONTH, NRF) == day("2024-02-01")
        assert next_period(day("2024-02-01"), Grain.MONTH, NRF) == day("2024-03-01")
        assert period_name(day("2024-02-01"), Grain.MONTH, NRF) == "Feb 2024"


def test_names_of_periods_and_quarters() -> None:
    assert period_name(day("2023-12-31"), Grain.PERIOD, NRF) == "P12 FY24"
    assert period_name(day("2024-02-04"), Grain.QUARTER, NRF) == "Q1 FY25"
    assert period_name(day("2024-02-04"), Grain.YEAR, NRF) == "FY25"
    assert period_name(day("2026-09-01"), Grain.PERIOD, 10) == "Sep 2026"


def test_the_first_month_beside_a_calendar_of_weeks() -> None:
    assert [first_month(one) for one in (4, NRF, SEPTEMBER, WeekCalendar("4-4-5", 12))] == [4, 2, 10, 1]
