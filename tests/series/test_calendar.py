"""Which frequency dates have, their numbers as periods, and the way back to dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.forecast.rhythm import Frequency
from costlib.series.calendar import IrregularDates, dates_of, frequency_of, numbered, unit

FILE = Path("long.csv")
#: A Thursday.
NEW_YEAR = date(2026, 1, 1)
#: The first day that dates are counted from.
EPOCH = date(1970, 1, 1)


def arrays(series: Mapping[str, Sequence[date]]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the series one after the other: days since the epoch, and whose they are."""
    days = [(day - EPOCH).days for dates in series.values() for day in dates]
    codes = [code for code, dates in enumerate(series.values()) for _ in dates]
    return np.array(days, dtype=np.int64), np.array(codes, dtype=np.int64)


def every(step: int, count: int, start: date = NEW_YEAR) -> list[date]:
    return [start + timedelta(days=step * number) for number in range(count)]


def firsts(count: int, year: int = 2026) -> list[date]:
    return [date(year + number // 12, number % 12 + 1, 1) for number in range(count)]


def found(**series: Sequence[date]) -> Frequency:
    return frequency_of(*arrays(series), FILE)


class TestFrequency:
    @pytest.mark.parametrize(
        ("dates", "frequency"),
        [
            (every(1, 2), Frequency.DAY),
            (every(7, 2), Frequency.WEEK),
            (firsts(2), Frequency.MONTH),
            (firsts(3)[1:], Frequency.MONTH),  # February has the fewest days, 28
            ([NEW_YEAR, date(2026, 7, 1), date(2027, 1, 1)], Frequency.MONTH),  # months that are missing
            ([*every(1, 5), *every(1, 5, date(2026, 3, 1))], Frequency.DAY),  # days that are missing
            ([*every(7, 4), *every(7, 4, NEW_YEAR + timedelta(weeks=9))], Frequency.WEEK),
            ([*every(7, 4), NEW_YEAR + timedelta(days=24)], Frequency.DAY),  # mostly weeks, and one day off
        ],
    )
    def test_of_one_series(self, dates: list[date], frequency: Frequency) -> None:
        assert found(a=dates) is frequency
        assert found(a=dates[::-1]) is frequency

    def test_two_series_are_not_measured_against_each_other(self) -> None:
        """Each comes every seven days; the second one starts a day later."""
        assert found(a=every(7, 3), b=every(7, 3, NEW_YEAR + timedelta(days=1))) is Frequency.WEEK

    def test_a_day_that_comes_twice_says_nothing(self) -> None:
        assert found(a=[NEW_YEAR, *every(7, 3)]) is Frequency.WEEK

    @pytest.mark.parametrize("series", [{"a": [NEW_YEAR]}, {"a": [NEW_YEAR], "b": every(1, 1)}, {"a": [NEW_YEAR] * 2}])
    def test_one_date_a_series_tells_none(self, series: Mapping[str, Sequence[date]]) -> None:
        with pytest.raises(IrregularDates, match=r"long\.csv: no series has two dates.*Say it with --freq"):
            found(**series)

    @pytest.mark.parametrize(("step", "said"), [(2, 2), (6, 6), (8, 8), (14, 14), (30, 30)])
    def test_another_distance_is_refused(self, step: int, said: int) -> None:
        with pytest.raises(IrregularDates, match=f"mostly {said} days apart"):
            found(a=every(step, 6, date(2026, 1, 2)))


def numbers(frequency: Frequency, **series: Sequence[date]) -> tuple[list[int], list[int]]:
    period, anchor = numbered(*arrays(series), frequency, FILE)
    return period.tolist(), anchor.tolist()


class TestNumbered:
    def test_days_are_counted_from_1970(self) -> None:
        assert numbers(Frequency.DAY, a=[EPOCH, date(1970, 1, 3), date(1969, 12, 31)]) == ([0, 2, -1], [0])

    def test_months_are_counted_from_january_1970(self) -> None:
        assert numbers(Frequency.MONTH, a=[EPOCH, date(1971, 2, 1)], b=[date(1969, 12, 1)]) == ([0, 13, -1], [0, 0])

    def test_weeks_are_those_of_the_series_own_weekday(self) -> None:
        """1 January 1970 was a Thursday: a series of Saturdays lies two days off, one of Wednesdays six."""
        saturdays, wednesdays = every(7, 2, date(1970, 1, 3)), every(7, 2, date(1970, 1, 7))
        assert numbers(Frequency.WEEK, a=saturdays, b=wednesdays) == ([0, 1, 0, 1], [2, 6])

    @pytest.mark.parametrize(
        ("frequency", "dates", "expected"),
        [
            (Frequency.MONTH, [NEW_YEAR, date(2026, 2, 1), date(2026, 3, 2)], "the first day of a month"),
            (Frequency.WEEK, [NEW_YEAR, date(2026, 1, 8), date(2026, 1, 16)], "the weekday of the series' first row"),
        ],
    )
    def test_the_first_date_that_does_not_fit_is_named(
        self, frequency: Frequency, dates: list[date], expected: str
    ) -> None:
        with pytest.raises(IrregularDates, match=f"row 3: {dates[2]} does not fit frequency") as refused:
            numbers(frequency, a=[*dates, dates[2]])
        assert refused.value.expected == expected

    def test_the_first_row_names_the_weekday_not_the_last(self) -> None:
        with pytest.raises(IrregularDates, match=r"row 4: 2026-01-09"):
            numbers(Frequency.WEEK, b=every(7, 2), a=[date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 16)])


@given(
    st.sampled_from(list(Frequency)),
    st.lists(st.integers(-3000, 3000), min_size=1, max_size=9),
    st.integers(0, 6),
)
def test_numbers_lead_back_to_their_dates(frequency: Frequency, steps: list[int], weekday: int) -> None:
    made = {
        Frequency.DAY: lambda step: EPOCH + timedelta(days=step),
        Frequency.WEEK: lambda step: EPOCH + timedelta(days=7 * step + weekday),
        Frequency.MONTH: lambda step: date(1970 + step // 12, step % 12 + 1, 1),
    }[frequency]
    days, codes = arrays({"a": [made(step) for step in steps]})
    number, anchor = numbered(days, codes, frequency, FILE)
    assert number.tolist() == steps
    assert dates_of(number, anchor, frequency).tolist() == [made(step) for step in steps]


@pytest.mark.parametrize(
    ("frequency", "count", "said"),
    [
        (Frequency.DAY, 0, "0 days"),
        (Frequency.DAY, 1, "1 day"),
        (Frequency.WEEK, 2, "2 weeks"),
        (Frequency.MONTH, 1, "1 month"),
    ],
)
def test_periods_in_words(frequency: Frequency, count: int, said: str) -> None:
    assert unit(frequency, count) == said
