"""Periods of a chart: consecutive, named shortly, the open one marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.timeline import Periods, short_label
from costlib.errors import InputError
from costlib.periods import Grain, Window, next_period, period_starts

SEPTEMBER = (date(2026, 9, 1), date(2026, 10, 1))


def days(count: int) -> tuple[date, ...]:
    return tuple(date(2026, 1, 1) + timedelta(days=index) for index in range(count))


def test_labels_per_grain() -> None:
    assert Periods(SEPTEMBER, Grain.MONTH).labels == ("Sep 26", "Oct 26")
    assert Periods(days(2), Grain.DAY).labels == ("1 Jan", "2 Jan")
    assert Periods((date(2026, 9, 7),), Grain.WEEK).labels == ("7 Sep",)
    assert Periods((date(2025, 10, 1), date(2026, 1, 1)), Grain.QUARTER, 10).labels == ("Q1 FY26", "Q2 FY26")
    assert Periods((date(2026, 4, 1),), Grain.YEAR, 4).labels == ("FY27",)


def test_full_names_carry_the_year() -> None:
    assert Periods(days(1), Grain.DAY).names == ("1 Jan 2026",)
    assert short_label(date(2026, 9, 3), Grain.DAY) == "3 Sep"


@pytest.mark.parametrize(
    ("starts", "grain", "said"),
    [
        ((date(2026, 9, 1), date(2026, 11, 1)), Grain.MONTH, "2026-10-01"),
        ((date(2026, 9, 2),), Grain.MONTH, "2026-09-01"),
        ((date(2026, 9, 8),), Grain.WEEK, "2026-09-07"),
        ((date(2026, 10, 1), date(2026, 9, 1)), Grain.MONTH, "2026-11-01"),
        ((date(2026, 9, 1), date(2026, 9, 1)), Grain.DAY, "2026-09-02"),
    ],
)
def test_hole_or_wrong_first_day_is_refused(starts: tuple[date, ...], grain: Grain, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Periods(starts, grain)


def test_fiscal_quarter_must_begin_with_the_fiscal_year() -> None:
    Periods((date(2026, 2, 1),), Grain.QUARTER, fiscal_start=2)
    with pytest.raises(InputError):
        Periods((date(2026, 2, 1),), Grain.QUARTER, fiscal_start=1)


def test_no_period_and_total_are_refused() -> None:
    with pytest.raises(InputError, match="no period"):
        Periods((), Grain.MONTH)
    with pytest.raises(InputError, match="grain total"):
        Periods((date(2026, 9, 1),), Grain.TOTAL)


@pytest.mark.parametrize(
    ("until", "index", "note"),
    [
        (None, None, ""),
        (date(2026, 10, 31), None, ""),
        (date(2026, 12, 3), None, ""),
        (date(2026, 10, 30), 1, "to 30 Oct"),
        (date(2026, 10, 1), 1, "to 1 Oct"),
        (date(2026, 9, 30), None, ""),
        (date(2026, 9, 29), 0, "to 29 Sep"),
    ],
)
def test_open_period_is_the_one_that_the_data_cuts_short(until: date | None, index: int | None, note: str) -> None:
    periods = Periods(SEPTEMBER, Grain.MONTH, data_until=until)
    assert (periods.open_index, periods.open_note) == (index, note)


def test_data_that_ends_before_the_chart_is_refused() -> None:
    with pytest.raises(InputError, match="before the first period"):
        Periods(SEPTEMBER, Grain.MONTH, data_until=date(2026, 8, 31))


def test_a_day_is_never_open() -> None:
    assert Periods(days(3), Grain.DAY, data_until=date(2026, 1, 3)).open_index is None


@pytest.mark.parametrize(("count", "step"), [(5, 1), (8, 2), (14, 7), (30, 7), (90, 28), (365, 91), (2000, 400)])
def test_days_are_labelled_in_spans_a_reader_knows(count: int, step: int) -> None:
    assert Periods(days(count), Grain.DAY).step(5) == step


def following(grain: Grain, count: int) -> tuple[date, ...]:
    """So many periods of the grain from the first week of 2024 on."""
    starts = [date(2024, 1, 1)]
    while len(starts) < count:
        starts.append(next_period(starts[-1], grain))
    return tuple(starts)


@pytest.mark.parametrize(
    ("grain", "spans"),
    [
        (Grain.DAY, {7: 7, 8: 14, 28: 28, 57: 91, 92: 182, 364: 364}),
        (Grain.WEEK, {2: 2, 3: 4, 5: 13, 14: 26, 27: 52, 52: 52, 53: 53}),  # four weeks, a quarter, half a year, a year
        (Grain.MONTH, {2: 2, 4: 6, 5: 6, 7: 12, 13: 24, 25: 60, 61: 61}),
        (Grain.QUARTER, {2: 2, 3: 4, 5: 8, 9: 20, 21: 21}),  # a year, two, five
        (Grain.YEAR, {2: 2, 3: 5, 6: 10, 11: 11}),
    ],
)
def test_every_grain_has_spans_that_a_reader_knows(grain: Grain, spans: Mapping[int, int]) -> None:
    """Where a label is wanted after so many periods at least, two of them over twice as many."""
    for needed, step in spans.items():
        assert Periods(following(grain, 2 * needed), grain).step(2) == step


@given(st.integers(1, 400), st.integers(1, 15))
def test_labels_are_few_even_and_end_at_the_last(count: int, most: int) -> None:
    shown = Periods(days(count), Grain.DAY).labelled(most)
    assert len(shown) <= most
    assert shown[-1] == count - 1
    assert len({after - before for before, after in pairwise(shown)}) <= 1


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 500),
    st.sampled_from([Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]),
    st.integers(1, 12),
)
def test_periods_of_any_window_are_accepted(start: date, length: int, grain: Grain, fiscal_start: int) -> None:
    starts = period_starts(Window(start, start + timedelta(days=length)), grain, fiscal_start)
    periods = Periods(tuple(starts), grain, fiscal_start)
    assert len(periods.labels) == len(periods.names) == len(periods) == len(starts)
    assert len(set(periods.names)) == len(starts)


@pytest.mark.parametrize(
    ("until", "index", "is_open"),
    [
        (date(2026, 7, 1), 0, True),
        (date(2026, 7, 31), 0, False),
        (date(2026, 8, 1), 1, True),
        (date(2026, 9, 30), 2, False),
        (date(2026, 10, 1), None, False),
        (None, None, False),
    ],
)
def test_data_end_is_found_whether_its_period_is_complete_or_not(
    until: date | None, index: int | None, is_open: bool
) -> None:
    periods = Periods((date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)), Grain.MONTH, data_until=until)
    assert periods.data_index == index
    assert periods.open_index == (index if is_open else None)
    assert bool(periods.data_note) == (until is not None)
    assert periods.open_note == (periods.data_note if is_open else "")
