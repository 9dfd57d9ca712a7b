"""The straight line of a series: least squares by hand, how far it goes on, and by how much it was off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from costlib.analysis.forecast.lines import line_of
from costlib.analysis.forecast.rhythm import DAILY, MONTHLY

Array = NDArray[np.float64]


def series(*values: float) -> Array:
    return np.array([values], dtype=np.float64)


class TestLine:
    def test_through_three_periods_there_is_none_but_their_mean(self):
        line = line_of(series(1.0, 4.0, 1.0), np.array([1]), 8)
        assert line.level.tolist() == [[2.5, 2.0]]
        assert line.slope.tolist() == [[0.0, 0.0]]

    def test_by_hand(self):
        """1, 3, 2, 6 at places 0 to 3: mean 3, slope (-1.5 x 1 - 0.5 x 3 + 0.5 x 2 + 1.5 x 6) / 5 = 1.4; at place 3
        the line is 3 + 1.5 x 1.4 = 5.1.
        """
        line = line_of(series(1.0, 3.0, 2.0, 6.0), np.array([], dtype=np.intp), 4)
        assert line.slope[0, -1] == pytest.approx(1.4)
        assert line.level[0, -1] == pytest.approx(5.1)

    def test_it_sees_its_window_and_nothing_after_its_origin(self):
        """Up by 2 in the last four periods, whatever was before and comes after."""
        line = line_of(series(90.0, -40.0, 10.0, 12.0, 14.0, 16.0, 500.0), np.array([5]), 4)
        assert line.level[0, 0] == pytest.approx(16.0)
        assert line.slope[0, 0] == pytest.approx(2.0)

    def test_a_young_series_has_the_line_of_its_life(self):
        line = line_of(series(np.nan, np.nan, 3.0, 4.0, 5.0, 6.0), np.array([1, 5]), 6)
        assert line.level[0, 1] == pytest.approx(6.0)
        assert line.slope[0, 1] == pytest.approx(1.0)

    def test_an_origin_is_evidence_where_half_the_window_lies_behind_it(self):
        line = line_of(series(np.nan, *range(8)), np.array([0, 2, 3, 8]), 6)
        assert line.lived.tolist() == [[False, False, True, True, True]]

    @given(st.integers(5, 40), st.floats(-3, 3), st.floats(-50, 50), st.integers(4, 30))
    def test_it_is_that_of_a_least_squares_fit(self, periods, slope, level, window):
        noise = np.random.default_rng(periods).normal(0, 1, periods)
        y = level + slope * np.arange(periods) + noise
        line = line_of(y[None], np.array([periods - 2]), window)
        for at, end in enumerate((periods - 2, periods - 1)):
            known = np.arange(max(0, end + 1 - window), end + 1)
            fitted = np.polyfit(known, y[known], 1) if known.size >= 4 else (0.0, y[known].mean())
            assert line.slope[0, at] == pytest.approx(fitted[0], abs=1e-6)
            assert line.level[0, at] == pytest.approx(np.polyval(fitted, end), abs=1e-6)


class TestAhead:
    LINE = line_of(np.arange(20.0)[None] * 2, np.array([10, 15]), 6)

    def test_it_goes_on_by_its_slope(self):
        assert self.LINE.ahead(3, np.array([19.0]), DAILY)[0] == pytest.approx([40.0, 42.0, 44.0])

    def test_for_as_long_as_the_series_was_seen(self):
        """Seen over two periods before the newest: months three times that, days twice, then level."""
        assert self.LINE.ahead(4, np.array([2.0]), DAILY)[0] == pytest.approx([40.0, 42.0, 42.0, 42.0])
        assert self.LINE.ahead(8, np.array([2.0]), MONTHLY)[0][-3:] == pytest.approx([50.0, 50.0, 50.0])

    def test_and_at_half_pace_after_a_year(self):
        ahead = self.LINE.ahead(14, np.array([19.0]), MONTHLY)[0]
        assert np.diff(ahead) == pytest.approx([2.0] * 11 + [1.0] * 2)

    def test_past_lines_are_those_of_their_origins(self):
        said = self.LINE.past(np.array([0]), 3, DAILY)
        assert said[0] == pytest.approx(np.array([[22.0, 24.0, 26.0], [32.0, 34.0, 36.0]]))


class TestMissed:
    def test_a_line_that_goes_on_missed_nothing(self):
        line = line_of(np.arange(20.0)[None], np.array([10, 15]), 6)
        assert line.missed(np.arange(20.0)[None], np.array([10, 15]), 4, DAILY) == pytest.approx(np.zeros((1, 2)))

    def test_the_mean_of_the_steps_is_what_counts(self):
        """Level at 5, then 6 and 8: off by 1 and 3, by 2 in the mean; 6 and 4 are off by 0."""
        flat = [5.0] * 8
        for came, off in (([6.0, 8.0], 2.0), ([6.0, 4.0], 0.0)):
            y = series(*flat, *came)
            line = line_of(y, np.array([7]), 6)
            assert line.missed(y, np.array([7]), 2, DAILY)[0, 0] == pytest.approx(off)

    def test_what_is_no_evidence_is_not_known(self):
        y = series(np.nan, np.nan, *range(10))
        line = line_of(y, np.array([3, 8]), 8)
        assert np.isnan(line.missed(y, np.array([3, 8]), 2, DAILY)).tolist() == [[True, False]]

    def test_half_pace_counts_as_it_is_said(self):
        """A year of one period: the first step is a whole one, the second a half."""
        y = series(0.0, 1.0, 2.0, 3.0, 4.0, 4.5)
        line = line_of(y, np.array([3]), 4)
        assert line.missed(y, np.array([3]), 2, replace(DAILY, year=1))[0, 0] == pytest.approx(0.0)
