"""Windows that a page compares: worked by hand at every edge of a month, then what must hold for any data."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.windows import (
    Compared,
    comes_monthly,
    earliest,
    last_billed_month,
    last_days,
    last_full_month,
    last_month_of_days,
    missing_days,
    month_to_date,
    unknown_periods,
    within,
)
from costlib.fiscal import WeekCalendar
from costlib.periods import Grain, Window, add_months, days_in_month, meets, month_start, period_starts

ALWAYS = Window(date(2025, 11, 1), date(2026, 10, 21))  # as the sample company's: the last month open


def window(start: str, end: str) -> Window:
    return Window(date.fromisoformat(start), date.fromisoformat(end))


data_windows = st.builds(
    lambda start, days: Window(start, start + timedelta(days=days)),
    st.dates(date(2019, 1, 1), date(2028, 12, 31)),
    st.integers(1, 900),
)


class TestLastFullMonth:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            pytest.param(
                ALWAYS,
                Compared(window("2026-09-01", "2026-10-01"), window("2026-08-01", "2026-09-01")),
                id="open month",
            ),
            pytest.param(
                window("2026-01-01", "2026-03-01"),
                Compared(window("2026-02-01", "2026-03-01"), window("2026-01-01", "2026-02-01")),
                id="ends with a month",
            ),
            pytest.param(
                window("2026-01-02", "2026-03-01"),
                Compared(window("2026-02-01", "2026-03-01"), None),
                id="the month before lacks a day",
            ),
            pytest.param(
                window("2025-12-01", "2026-01-01"), Compared(window("2025-12-01", "2026-01-01"), None), id="one month"
            ),
            pytest.param(window("2026-02-02", "2026-03-31"), None, id="no month is whole"),
            pytest.param(window("2026-02-01", "2026-02-28"), None, id="the last day is missing"),
        ],
    )
    def test_by_hand(self, data: Window, expected: Compared | None) -> None:
        assert last_full_month(data) == expected

    @given(data_windows)
    def test_whole_months_inside_the_data_one_after_the_other(self, data: Window) -> None:
        found = last_full_month(data)
        if found is None:
            first_whole = add_months(month_start(data.start - timedelta(days=1)), 1)
            assert add_months(first_whole, 1) > data.end
            return
        assert found.now.start.day == found.now.end.day == 1
        assert data.start <= found.now.start and found.now.end <= data.end < add_months(found.now.end, 1)
        assert found.now.days == days_in_month(found.now.start)
        if found.before:
            assert found.before.end == found.now.start and found.before.start == add_months(found.now.start, -1)
            assert found.before.start >= data.start
        else:
            assert add_months(found.now.start, -1) < data.start


class TestMonthToDate:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            pytest.param(
                ALWAYS, Compared(window("2026-10-01", "2026-10-21"), window("2026-09-01", "2026-09-21")), id="20 days"
            ),
            pytest.param(
                window("2026-01-01", "2026-04-01"),
                Compared(window("2026-03-01", "2026-04-01"), window("2026-02-01", "2026-03-01")),
                id="31 days have no more than 28 to be compared with",
            ),
            pytest.param(
                window("2028-02-01", "2028-03-31"),
                Compared(window("2028-03-01", "2028-03-31"), window("2028-02-01", "2028-03-01")),
                id="leap year",
            ),
            pytest.param(
                window("2025-12-01", "2026-01-02"),
                Compared(window("2026-01-01", "2026-01-02"), window("2025-12-01", "2025-12-02")),
                id="one day, over new year",
            ),
            pytest.param(
                window("2026-10-05", "2026-10-21"), Compared(window("2026-10-05", "2026-10-21"), None), id="begins late"
            ),
            pytest.param(
                window("2026-09-02", "2026-10-21"),
                Compared(window("2026-10-01", "2026-10-21"), None),
                id="the month before lacks a day",
            ),
        ],
    )
    def test_by_hand(self, data: Window, expected: Compared) -> None:
        assert month_to_date(data) == expected

    @given(data_windows)
    def test_the_same_days_of_both_months_inside_the_data(self, data: Window) -> None:
        found = month_to_date(data)
        assert found.now == Window(max(month_start(data.last), data.start), data.end)
        if found.before:
            assert data.start <= found.before.start and found.before.end <= found.now.start
            assert found.before.start.day == found.now.start.day == 1
            assert found.before.days == min(found.now.days, days_in_month(found.before.start))


class TestMonthOfDays:
    """A month of days holds each day of the month once, so that what comes monthly is in it once."""

    def test_by_hand(self) -> None:
        assert last_month_of_days(ALWAYS) == Compared(
            window("2026-09-21", "2026-10-21"), window("2026-08-21", "2026-09-21")
        )
        assert last_month_of_days(window("2026-01-01", "2026-03-01")) == Compared(
            window("2026-02-01", "2026-03-01"), window("2026-01-01", "2026-02-01")
        )
        assert last_month_of_days(window("2026-01-01", "2026-01-31")) is None
        assert last_month_of_days(window("2026-01-15", "2026-03-01")) == Compared(
            window("2026-02-01", "2026-03-01"), None
        )

    @given(data_windows, st.integers(1, 28))
    def test_a_day_of_the_month_lies_in_each_once(self, data: Window, day: int) -> None:
        found = last_month_of_days(data)
        for one in (found.now, found.before) if found and found.before else ():
            days = [one.start + timedelta(days=step) for step in range(one.days)]
            assert [found_day.day for found_day in days].count(day) == 1

    @pytest.mark.parametrize(
        ("fees", "comes"),
        [
            ([(6, 1), (7, 1), (8, 1), (9, 1)], True),
            ([(7, 1), (8, 1), (9, 1)], True),
            ([(8, 1), (9, 1)], False),  # twice may be chance
            ([(6, 1), (7, 1), (8, 1)], False),  # it has ended
            ([(7, 1), (8, 9), (9, 20)], False),
            ([], False),
        ],
    )
    def test_what_comes_monthly(self, fees: list[tuple[int, int]], comes: bool) -> None:
        data = window("2026-01-01", "2026-09-26")
        costs: dict[date, D | None] = {data.start + timedelta(days=step): D(10 + step % 3) for step in range(data.days)}
        costs |= {date(2026, *fee): D(500) for fee in fees}
        assert comes_monthly(costs, data) is comes

    def test_an_unknown_day_says_nothing_and_short_data_neither(self) -> None:
        data = window("2026-01-01", "2026-09-26")
        fees: dict[date, D | None] = {date(2026, month, 3): D(500) for month in (5, 6, 7, 9)}
        assert comes_monthly(fees | {date(2026, 8, 3): None}, data)
        assert not comes_monthly(fees, window("2026-09-01", "2026-09-26"))


class TestLastDays:
    def test_by_hand(self) -> None:
        assert last_days(ALWAYS) == Compared(window("2026-09-23", "2026-10-21"), window("2026-08-26", "2026-09-23"))
        assert last_days(ALWAYS, 7) == Compared(window("2026-10-14", "2026-10-21"), window("2026-10-07", "2026-10-14"))

    @pytest.mark.parametrize(
        ("days", "has_now", "has_before"), [(27, False, False), (28, True, False), (55, True, False)]
    )
    def test_short_data(self, days: int, has_now: bool, has_before: bool) -> None:
        found = last_days(Window(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days)))
        assert (found is not None, bool(found and found.before)) == (has_now, has_before)

    def test_56_days_are_enough_for_both(self) -> None:
        found = last_days(window("2026-01-01", "2026-02-26"))
        assert found == Compared(window("2026-01-29", "2026-02-26"), window("2026-01-01", "2026-01-29"))

    @given(data_windows, st.integers(1, 400))
    def test_both_are_as_long_and_inside_the_data(self, data: Window, days: int) -> None:
        found = last_days(data, days)
        assert (found is None) == (data.days < days)
        if found:
            assert found.now.days == days and found.now.end == data.end and found.now.start >= data.start
            assert (found.before is None) == (data.days < 2 * days)
        if found and found.before:
            assert found.before.days == days and found.before.end == found.now.start


class TestWithin:
    DATA = window("2026-03-10", "2026-06-10")

    @pytest.mark.parametrize(
        ("asked", "covered"),
        [
            pytest.param(window("2026-04-01", "2026-05-01"), True, id="inside"),
            pytest.param(DATA, True, id="all of it"),
            pytest.param(window("2026-01-01", "2026-12-01"), False, id="around"),
            pytest.param(window("2026-03-09", "2026-04-01"), False, id="a day before the start"),
            pytest.param(window("2026-06-01", "2026-06-11"), False, id="a day after the end"),
            pytest.param(window("2026-02-10", "2026-03-10"), False, id="just before"),
            pytest.param(window("2026-06-10", "2026-06-11"), False, id="just after"),
        ],
    )
    def test_by_hand(self, asked: Window, covered: bool) -> None:
        """A part of a window would be compared with a whole one: 50 days with 294."""
        assert within(self.DATA, asked) == (asked if covered else None)

    @given(data_windows, data_windows)
    def test_every_day_of_it_or_none(self, data: Window, asked: Window) -> None:
        def days(one: Window) -> set[int]:
            return set(range(one.start.toordinal(), one.end.toordinal()))

        assert (within(data, asked) == asked) == (days(asked) <= days(data))


class TestEarliest:
    @pytest.mark.parametrize(
        ("months", "expected"),
        [(0, "2026-10-01"), (2, "2026-08-01"), (11, "2025-11-01"), (12, "2025-11-01"), (23, "2025-11-01")],
    )
    def test_by_hand(self, months: int, expected: str) -> None:
        assert earliest(ALWAYS, months) == date.fromisoformat(expected)

    def test_data_that_ends_with_a_month_counts_that_month(self) -> None:
        assert earliest(window("2026-01-01", "2026-10-01"), 0) == date(2026, 9, 1)

    def test_not_before_the_data_begins(self) -> None:
        assert earliest(window("2026-10-05", "2026-10-21"), 0) == date(2026, 10, 5)
        assert earliest(window("2026-08-15", "2026-10-21"), 11) == date(2026, 8, 15)

    @given(data_windows, st.integers(0, 40))
    def test_lies_in_the_data(self, data: Window, months: int) -> None:
        found = earliest(data, months)
        assert data.start <= found <= data.last
        assert found == data.start or found.day == 1


class TestMissing:
    """Months of which no bill is loaded: nothing is compared with a window that has a day in one."""

    SEPTEMBER, AUGUST = [date(2026, 9, 1)], [date(2026, 8, 1)]

    def test_the_window_before_is_left_out_and_the_one_now_stays(self) -> None:
        whole = last_full_month(ALWAYS)
        assert whole and last_full_month(ALWAYS, self.AUGUST) == Compared(whole.now, None, True)
        assert month_to_date(ALWAYS, self.SEPTEMBER) == Compared(month_to_date(ALWAYS).now, None, True)

    def test_a_window_that_lacks_a_bill_itself_is_compared_with_nothing(self) -> None:
        whole = last_full_month(ALWAYS)
        assert whole and last_full_month(ALWAYS, self.SEPTEMBER) == Compared(whole.now, None, True)
        running = month_to_date(ALWAYS)
        assert month_to_date(ALWAYS, [date(2026, 10, 1)]) == Compared(running.now, None, True)

    def test_where_nothing_is_earlier_it_is_not_for_a_missing_bill(self) -> None:
        data = window("2026-09-01", "2026-10-21")
        found = last_full_month(data, self.SEPTEMBER)
        assert found and found == Compared(found.now, None, False)

    def test_a_day_of_it_is_enough(self) -> None:
        """The 28 days before 23 September begin on 26 August."""
        found = last_days(ALWAYS)
        assert found and last_days(ALWAYS, missing=self.AUGUST) == Compared(found.now, None, True)
        assert last_days(ALWAYS, missing=[date(2026, 7, 1)]) == found

    def test_another_month_changes_nothing(self) -> None:
        march = [date(2026, 3, 1)]
        assert (last_full_month(ALWAYS, march), month_to_date(ALWAYS, march)) == (
            last_full_month(ALWAYS),
            month_to_date(ALWAYS),
        )

    @pytest.mark.parametrize(
        ("missing", "start"),
        [
            ([], "2026-09-01"),
            ([date(2026, 9, 1)], "2026-08-01"),
            ([date(2026, 9, 1), date(2026, 8, 1)], "2026-07-01"),
            ([date(2026, 8, 1)], "2026-09-01"),
        ],
    )
    def test_the_last_month_with_a_bill_is_never_one_without(self, missing: list[date], start: str) -> None:
        now = date.fromisoformat(start)
        assert last_billed_month(ALWAYS, missing) == Window(now, add_months(now, 1))

    def test_there_is_none_where_the_only_full_month_has_no_bill(self) -> None:
        assert last_billed_month(window("2026-07-15", "2026-09-20"), self.AUGUST) is None

    def test_a_window_within_the_data_is_none_where_a_bill_of_it_is_missing(self) -> None:
        summer = window("2026-06-01", "2026-09-01")
        assert within(ALWAYS, summer, self.AUGUST) is None
        assert within(ALWAYS, summer, self.SEPTEMBER) == summer

    @pytest.mark.parametrize(
        ("grain", "unknown"),
        [
            (Grain.MONTH, ["2026-08-01", "2026-09-01"]),
            (Grain.QUARTER, []),
            (
                Grain.WEEK,
                ["2026-07-27", "2026-08-03", "2026-08-10", "2026-08-17", "2026-08-24", "2026-08-31", "2026-09-07"],
            ),
        ],
    )
    def test_a_day_makes_a_short_period_unknown_and_a_quarter_adds_up_what_it_has(
        self, grain: Grain, unknown: list[str]
    ) -> None:
        """July is billed; the week from 27 July reaches into August, the quarter begins with July."""
        starts = period_starts(window("2026-07-20", "2026-09-14"), grain)
        found = unknown_periods(starts, grain, 1, [*self.AUGUST, *self.SEPTEMBER])
        assert sorted(found) == [date.fromisoformat(day) for day in unknown]

    def test_every_day_of_it_is_unknown(self) -> None:
        starts = period_starts(window("2026-08-30", "2026-10-03"), Grain.DAY)
        assert len(unknown_periods(starts, Grain.DAY, 1, self.SEPTEMBER)) == 30

    @given(data_windows, st.integers(-40, 40))
    def test_a_window_meets_a_month_that_shares_a_day(self, data: Window, months: int) -> None:
        month = add_months(month_start(data.start), months)
        assert meets(data, [month]) is (month < data.end and data.start < add_months(month, 1))

    def test_a_fiscal_period_of_weeks_with_a_day_of_it_is_unknown(self) -> None:
        retail = WeekCalendar("4-5-4", 1, nearest=True)
        starts = period_starts(window("2026-02-01", "2026-06-01"), Grain.PERIOD, retail)
        around = pairwise([*starts, date(2026, 6, 1)])
        march = [start for start, end in around if start < date(2026, 4, 1) and end > date(2026, 3, 1)]
        assert sorted(unknown_periods(starts, Grain.PERIOD, retail, [date(2026, 3, 1)])) == march
        assert 1 <= len(march) < len(starts)

    @given(data_windows, st.integers(-5, 40))
    def test_missing_days_are_the_days_of_the_month(self, data: Window, months: int) -> None:
        month = add_months(month_start(data.start), months)
        days = [data.start + timedelta(days=number) for number in range(data.days)]
        assert missing_days(data, [month]).tolist() == [month_start(day) == month for day in days]

    def test_a_window_without_an_end_meets_what_lies_after_its_start(self) -> None:
        """As `query --from` asks without `--to`."""
        assert meets(Window(date(2026, 1, 1), date.max), self.AUGUST)
        assert not meets(Window(date(2026, 9, 1), date.max), self.AUGUST)
