"""The length of months: shares of a usual one, and which segments cost by the day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib.analysis.month_days import goes_by_days, month_lengths
from costlib.periods import add_months

YEAR = tuple(add_months(date(2027, 1, 1), at) for at in range(12))
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)


def test_the_months_of_a_year_are_a_year():
    assert month_lengths(YEAR) == pytest.approx(DAYS * 12 / 365.25)
    assert month_lengths(YEAR).sum() * 365.25 / 12 == pytest.approx(365)


def test_a_leap_february_has_a_day_more():
    ordinary, leap = month_lengths([date(2027, 2, 1), date(2028, 2, 1)])
    assert leap / ordinary == pytest.approx(29 / 28)


@pytest.mark.parametrize(
    ("spend", "by_days"),
    [
        pytest.param(10 * DAYS, True, id="the same every day"),
        pytest.param(np.full(12, 300.0), False, id="the same every month"),
        pytest.param(-10 * DAYS, True, id="a credit a day"),
        pytest.param(10 * DAYS * 1.05 ** np.arange(12), True, id="more every day"),
        pytest.param(np.where(np.arange(12) < 4, np.nan, 10 * DAYS), True, id="begun in May"),
        pytest.param(np.where(np.arange(12) == 6, np.nan, 10 * DAYS), True, id="a month that is not known"),
        pytest.param(np.zeros(12), False, id="nothing"),
        pytest.param(np.full(12, np.nan), False, id="never known"),
    ],
)
def test_usage_goes_by_days_and_a_fixed_charge_does_not(spend, by_days):
    assert goes_by_days(spend[None], month_lengths(YEAR)).tolist() == [by_days]


def test_each_segment_is_judged_by_itself_in_whatever_money():
    both = np.array([10 * DAYS, np.full(12, 300.0), 1e9 * DAYS, np.full(12, 3e-6)])
    assert goes_by_days(both, month_lengths(YEAR)).tolist() == [True, False, True, False]


def test_one_month_says_nothing():
    assert goes_by_days(np.array([[310.0]]), month_lengths(YEAR[:1])).tolist() == [False]
