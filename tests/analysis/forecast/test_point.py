"""Parts of the forecast: slopes, drift, and what the panel did a year ago, each worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.point import (
    Drift,
    components,
    forecasts,
    last_year_together,
    late_damped,
    slopes,
)
from costlib.analysis.forecast.rhythm import DAILY, MONTHLY, RHYTHMS, Rhythm
from costlib.analysis.forecast.smooth import smoothed

Array = NDArray[np.float64]
NAN = math.nan


class TestSlopes:
    def test_between_the_means_of_the_first_and_last_sixth(self) -> None:
        """Of thirteen periods the first two, 1 and 3, and the last two, 10 and 14, are eleven periods apart."""
        values = np.array([[1.0, 3.0, *[100.0] * 9, 10.0, 14.0]])
        slope, live = slopes(values, np.array([12]), 12)
        assert slope[0, 0] == pytest.approx((12 - 2) / 11)
        assert live.tolist() == [[True]]

    @pytest.mark.parametrize("window", [3, 6, 7, 12, 40, 100])
    def test_of_a_line_it_is_the_lines(self, window: int) -> None:
        line = 5 - 0.25 * np.arange(60.0)[None]
        slope, _ = slopes(line, np.array([10, 30, 59]), window)
        assert slope == pytest.approx(np.full((1, 3), -0.25))

    def test_only_the_window_and_nothing_later_counts(self) -> None:
        values = np.array([[900.0, 900.0, *range(7), 900.0, 900.0]])
        assert slopes(values, np.array([8]), 6)[0].tolist() == [[1.0]]

    def test_a_young_series_has_the_slope_of_its_life_and_none_under_three_periods(self) -> None:
        values = np.array([[NAN, NAN, NAN, 1.0, 3.0, 5.0, 7.0, 9.0]])
        slope, live = slopes(values, np.array([2, 3, 5, 6, 7]), 100)
        assert slope.tolist() == [[0.0, 0.0, 0.0, 2.0, 2.0]]
        assert live.tolist() == [[False, False, False, True, True]]


class TestDrift:
    def after(self, own: float, own_most: float, common: float, common_most: float, year: int = 100) -> list[float]:
        one = Drift(*(np.array([[value]]) for value in (own, own_most, common, common_most)))
        return [float(value) for value in one.after(np.array([0]), np.arange(1.0, 6.0), year)[0, 0]]

    def test_own_and_common_add_up_each_for_its_time(self) -> None:
        """0.1 a period for three periods, and 0.01 for all five."""
        assert self.after(0.1, 3, 0.01, 50) == pytest.approx([0.11, 0.22, 0.33, 0.34, 0.35])

    def test_after_a_year_at_half_the_pace(self) -> None:
        assert self.after(1.0, 50, 0.0, 50, year=3) == pytest.approx([1, 2, 3, 3.5, 4])
        assert late_damped(np.array([3.0, 4.0, 13.0]), 3).tolist() == [3.0, 3.5, 8.0]

    def test_some_of_the_series(self) -> None:
        many = Drift(*(np.arange(6.0).reshape(3, 2) + number for number in range(4)))
        some = many.of(slice(1, 2))
        assert (some.own.tolist(), some.common_most.tolist()) == ([[2.0, 3.0]], [[5.0, 6.0]])


#: 430 days: 66 before the last year begins, in which the panel was up by 1 from its 21st day to its 41st.
THEN = 430 - 364


def last_year(series: int = 10) -> Array:
    values = np.zeros((series, 430))
    values[:, THEN + 20 : THEN + 41] = 1.0
    return values


class TestLastYear:
    def test_half_of_what_all_did_in_the_same_days(self) -> None:
        found = last_year_together(last_year(), 60, DAILY)
        assert found.tolist() == [0.0] * 20 + [0.5] * 21 + [0.0] * 19

    def test_measured_from_the_four_weeks_before(self) -> None:
        values = last_year() + 7.0
        values[:, : THEN - 28] = 500.0
        assert last_year_together(values, 60, DAILY).tolist() == [0.0] * 20 + [0.5] * 21 + [0.0] * 19

    def test_what_one_series_did_is_not_what_all_did(self) -> None:
        values = last_year()
        values[:4, THEN + 20 : THEN + 41] = 90.0
        assert last_year_together(values, 60, DAILY).max() == 0.5

    def test_a_day_or_a_week_of_it_is_chance(self) -> None:
        values = np.zeros((10, 430))
        values[:, THEN + 20 : THEN + 27] = 1.0
        assert not last_year_together(values, 60, DAILY).any()

    def test_fewer_than_ten_series_do_not_say_what_all_did(self) -> None:
        assert not last_year_together(last_year(9), 60, DAILY).any()

    def test_series_that_began_later_are_not_asked(self) -> None:
        values = np.concatenate([last_year(), np.full((30, 430), NAN)])
        values[10:, THEN - 5 :] = -4.0
        assert last_year_together(values, 60, DAILY).max() == 0.5

    @pytest.mark.parametrize(("periods", "told"), [(421, True), (420, False)])
    def test_eight_weeks_before_that_year_are_needed(self, periods: int, told: bool) -> None:
        values = last_year()[:, 430 - periods :]
        assert last_year_together(values, 60, DAILY).any() == told

    def test_beyond_a_year_there_is_no_last_one(self) -> None:
        values = np.zeros((10, 430))
        values[:, THEN + 200 :] = 1.0
        found = last_year_together(values, 400, DAILY)
        assert found.size == 400
        assert set(found[200:357].tolist()) == {0.5}
        assert not found[357:].any()

    def test_months_have_a_season_for_it(self) -> None:
        assert last_year_together(np.ones((20, 100)), 6, MONTHLY).tolist() == [0.0] * 6


#: Nothing but the averaged level: each test adds the one part that it is about.
BARE = replace(
    MONTHLY, medians={}, slopes={}, common_slopes={}, gate=(1000.0, 1.0), holt=0.0, slow=0.0, fast=0.0, clip=None
)
WALKS = np.random.default_rng(11).normal(0, 1, (6, 60)).cumsum(axis=1)
ORIGINS = np.arange(11, 60, dtype=np.intp)


class TestComponents:
    STATES = smoothed(WALKS, ORIGINS, BARE.steps)

    @pytest.mark.parametrize(
        ("part", "level"),
        [({}, "level"), ({"slow": 1.0}, "slow"), ({"fast": 1.0}, "fast"), ({"holt": 1.0}, "holt_level")],
    )
    def test_each_part_draws_the_level_to_its_own(self, part: dict[str, float], level: str) -> None:
        found = components(WALKS, ORIGINS, replace(BARE, **part))  # type: ignore[arg-type]
        assert found.flat == pytest.approx(getattr(self.STATES, level))

    def test_by_its_share(self) -> None:
        found = components(WALKS, ORIGINS, replace(BARE, slow=0.25, fast=-0.5)).flat
        level, slow, fast = self.STATES.level, self.STATES.slow, self.STATES.fast
        assert found == pytest.approx(level + 0.25 * (slow - level) - 0.5 * (fast - level))

    @pytest.mark.parametrize(("factor", "power"), [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (0.0, 1.0)])
    def test_slow_parts_fade_where_the_level_moves_fast(self, factor: float, power: float) -> None:
        rhythm = replace(BARE, slow=1.0, gate=(factor, power))
        gate = np.clip((1 - self.STATES.speed[:, None]) * factor, 0, 1) ** power
        level, slow = self.STATES.level, self.STATES.slow
        assert components(WALKS, ORIGINS, rhythm).flat == pytest.approx(level + gate * (slow - level))

    @pytest.mark.parametrize("window", [1, 4, 5, 11])
    def test_the_running_median_ends_at_the_origin(self, window: int) -> None:
        found = components(WALKS, ORIGINS, replace(BARE, medians={window: 1.0})).flat
        wanted = [np.median(WALKS[:, end - window + 1 : end + 1], axis=1) for end in ORIGINS]
        assert found == pytest.approx(np.array(wanted).T, abs=1e-5)

    @pytest.mark.parametrize("length", [1, 2, 23, 24, 25, 26])
    def test_a_younger_series_has_the_median_of_what_there_is(self, length: int) -> None:
        values = WALKS.copy()
        values[0, : 60 - length] = NAN
        ends, rhythm = np.array([30, 59]), replace(BARE, medians={25: 1.0})
        found = components(values, ends, rhythm).flat
        assert found[0, 1] == pytest.approx(np.median(values[0, -min(length, 25) :]), abs=1e-5)
        assert found[1:] == pytest.approx(
            components(WALKS, np.array([30, 59]), replace(BARE, medians={25: 1.0})).flat[1:]
        )

    def test_a_series_that_has_not_begun_has_no_median(self) -> None:
        values = WALKS.copy()
        values[0, :40] = NAN
        plain, drawn = (
            components(values, np.array([30, 59]), replace(BARE, medians=one)).flat for one in ({}, {5: 1.0})
        )
        assert drawn[0, 0] == plain[0, 0] and drawn[0, 1] != plain[0, 1]

    def test_the_own_slope_goes_on_as_long_as_the_series_is_old(self) -> None:
        values = WALKS.copy()
        values[1, :20] = NAN
        drift = components(values, ORIGINS, replace(BARE, slopes={12: 0.5, 24: 0.1}, carried=3.0)).drift
        short, long = (slopes(values, ORIGINS, window)[0] for window in (12, 24))
        assert drift.own == pytest.approx(0.5 * short + 0.1 * long)
        assert drift.own_most[0] == pytest.approx(3.0 * ORIGINS)
        assert drift.own_most[1] == pytest.approx(3.0 * np.maximum(ORIGINS - 20, 0))
        assert not drift.common.any()

    def test_the_panels_slope_is_its_middle_one_and_counts_more_for_many(self) -> None:
        """Six series count 6 / (6 + 4); a series that had not begun is not among them."""
        values = WALKS.copy()
        values[1, :58] = NAN
        drift = components(values, ORIGINS, replace(BARE, common_slopes={12: 0.5}, carried=2.0)).drift
        others = np.median(slopes(values, ORIGINS, 12)[0][[0, 2, 3, 4, 5]], axis=0)
        assert drift.common == pytest.approx(np.tile(0.6 * 0.5 * others, (6, 1)))
        assert drift.common_most == pytest.approx(np.tile(2.0 * ORIGINS, (6, 1)))
        assert not drift.own.any()

    def test_drift_fades_where_the_level_hardly_moves(self) -> None:
        rhythm = replace(BARE, slopes={12: 1.0})
        whole, faded = (components(WALKS, ORIGINS, replace(rhythm, drift_gate=gate)).drift.own for gate in (0.0, 0.7))
        assert faded == pytest.approx(whole * (1 - 0.7 * (1 - self.STATES.speed[:, None])))

    def test_damped_slopes_of_holt_are_summed_over_the_steps(self) -> None:
        """A slope of 1 a period damped by 0.9 comes to 0.9, 0.9 + 0.81, …"""
        parts = components(WALKS, ORIGINS, replace(BARE, holt=1.0))
        slope, none = np.full_like(parts.flat, 1.0), np.zeros_like(parts.flat)
        alone = replace(parts, flat=none, holt_slopes=(slope, none))
        ahead = forecasts(alone, WALKS, np.zeros(6), np.array([0]), 3, replace(BARE, recent_seasons=()))
        assert ahead[0, 0] == pytest.approx([0.9, 1.71, 2.439])

    @pytest.mark.parametrize("rhythm", [MONTHLY, DAILY], ids=["MS", "D"])
    def test_but_for_the_panels_slope_series_do_not_touch_each_other(self, rhythm: Rhythm) -> None:
        values, apart = WALKS * np.array([[1.0], [0.1], [9.0], [1.0], [2.0], [1.0]]), replace(rhythm, common_slopes={})
        values[4, :20] = NAN
        newest, belief = np.array([20, ORIGINS.size - 1]), np.full(6, 0.8)
        together = forecasts(components(values, ORIGINS, apart), values, belief, newest, 9, apart)
        for row in range(6):
            own = values[row : row + 1]
            alone = forecasts(components(own, ORIGINS, apart), own, belief[:1], newest, 9, apart)
            assert together[row] == pytest.approx(alone[0], abs=1e-5)

    def test_some_of_the_series(self) -> None:
        parts = components(WALKS, ORIGINS, MONTHLY)
        some = parts.of(slice(2, 4))
        assert np.array_equal(some.flat, parts.flat[2:4]) and np.array_equal(some.middle, parts.middle[2:4])
        assert np.array_equal(some.drift.own, parts.drift.own[2:4])


@pytest.mark.parametrize("rhythm", list(RHYTHMS.values()), ids=[one.value for one in RHYTHMS])
class TestForecasts:
    def made(self, values: Array, rhythm: Rhythm, horizon: int, belief: float = 0.0) -> Array:
        origins = np.arange(11, values.shape[1], dtype=np.intp)
        parts = components(values, origins, rhythm)
        newest = np.array([origins.size - 1])
        return forecasts(parts, values, np.full(len(values), belief), newest, horizon, rhythm)[:, 0]

    def test_what_never_moved_stays(self, rhythm: Rhythm) -> None:
        assert self.made(np.full((3, 130), 4.0), rhythm, 9) == pytest.approx(np.full((3, 9), 4.0))

    def test_more_of_everything_is_more_of_the_forecast(self, rhythm: Rhythm) -> None:
        values = np.random.default_rng(1).normal(0, 0.1, (5, 130)).cumsum(axis=1)
        one, other = self.made(values, rhythm, 9), self.made(values + 3, rhythm, 9)
        assert other == pytest.approx(one + 3, abs=1e-5)

    def test_a_line_is_followed_in_part_and_never_overtaken(self, rhythm: Rhythm) -> None:
        values = np.tile(0.01 * np.arange(130.0), (8, 1))
        found = self.made(values, rhythm, 12)
        assert (np.diff(found, axis=1) > 0).all()
        assert (np.diff(found, axis=1) < 0.02).all()
        assert (found <= 1.29 + 0.02 * np.arange(1, 13)).all()

    def test_the_last_season_is_believed_as_far_as_its_figures_are(self, rhythm: Rhythm) -> None:
        """A bump of one period a season ago comes again with a share of its distance from the level, which had moved a
        quarter of the way; without belief it does not."""
        values = np.zeros((1, 3 * rhythm.season + 20))
        values[0, -rhythm.season] = 0.01
        flat = replace(rhythm, clip=None)
        none, whole, half = (self.made(values, flat, 3, belief)[0] for belief in (0.0, 1.0, 0.5))
        away = whole - none
        assert away[0] == pytest.approx(rhythm.recent_seasons[0] * 0.75 * 0.01)
        assert half - none == pytest.approx(away / 4)
        assert away[1] == pytest.approx(-away[0] / 4)
