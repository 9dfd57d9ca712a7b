"""What must hold for every forecast: order, coherence, repeatability, no fear of odd series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from costlib.analysis.forecast.engine import Forecast, forecast
from costlib.analysis.forecast.rhythm import RHYTHMS, Frequency

Array = NDArray[np.float64]

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
frequencies = st.sampled_from(list(Frequency))
horizons = st.integers(min_value=1, max_value=20)
amounts = st.one_of(st.just(0.0), st.just(np.nan), st.floats(min_value=-1e7, max_value=1e7), st.floats(0.01, 1e5))
panels = st.tuples(st.integers(1, 4), st.integers(1, 70)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=amounts)
)


def known(y: Array) -> NDArray[np.bool_]:
    return ~np.isnan(y).all(axis=1)


@few
@given(panels, horizons, frequencies)
def test_any_panel_has_a_finite_answer_where_there_is_any_history(y: Array, horizon: int, frequency: Frequency) -> None:
    ahead = forecast(y, horizon, frequency)
    rows = known(y)
    for answer in (ahead.p50, ahead.mean, *ahead.interval(80)):
        assert answer.shape == (len(y), horizon)
        assert np.isfinite(answer[rows]).all()
        assert np.isnan(answer[~rows]).all()
    assert np.isfinite(ahead.paths(3, seed=1)[rows]).all()
    assert np.isfinite(ahead.totals(80).p50[rows]).all()


@few
@given(panels, horizons, frequencies)
def test_quantiles_never_cross_and_a_wider_level_is_wider(y: Array, horizon: int, frequency: Frequency) -> None:
    ahead = forecast(y, horizon, frequency)
    rows = known(y)
    quantiles = ahead.quantiles([0.01, 0.1, 0.4, 0.5, 0.6, 0.9, 0.99])[rows]
    slack = 1e-9 * np.abs(quantiles).max(initial=1.0)
    assert (np.diff(quantiles, axis=2) >= -slack).all()
    previous: tuple[Array, Array] | None = None
    for level in (50, 80, 95, 99):
        lower, upper = (end[rows] for end in ahead.interval(level))
        if previous:
            assert (lower <= previous[0] + slack).all() and (upper >= previous[1] - slack).all()
        previous = lower, upper


@few
@given(panels, st.integers(2, 12))
def test_totals_are_ordered_and_widen_with_the_level(y: Array, horizon: int) -> None:
    ahead = forecast(y, horizon, Frequency.MONTH)
    rows = known(y)
    narrow, wide = ahead.totals(80), ahead.totals(95)
    slack = 1e-9 * np.abs(wide.upper[rows]).max(initial=1.0)
    assert (wide.lower[rows] <= narrow.lower[rows] + slack).all()
    assert (narrow.lower[rows] <= narrow.p50[rows] + slack).all()
    assert (narrow.p50[rows] <= narrow.upper[rows] + slack).all()
    assert (narrow.upper[rows] <= wide.upper[rows] + slack).all()


def test_the_sum_of_paths_is_the_path_of_the_sum(daily: Array) -> None:
    ahead = forecast(daily, 10, Frequency.DAY)
    paths = ahead.paths(200, seed=4)
    again = ahead.paths(200, seed=4)
    parts = paths[:10].sum(axis=0) + paths[10:].sum(axis=0)
    assert paths.shape == (24, 200, 10)
    np.testing.assert_allclose(parts, again.sum(axis=0))


def test_means_of_totals_add_up_over_series_and_over_time(daily: Array) -> None:
    ahead = forecast(daily, 30, Frequency.DAY)
    whole = ahead.totals_of([range(24)], 80)
    np.testing.assert_allclose(whole.mean[0], ahead.totals(80).mean.sum())
    np.testing.assert_allclose(ahead.totals(80).mean, ahead.mean.sum(axis=1))


def test_the_range_of_a_sum_is_that_of_its_paths(daily: Array) -> None:
    ahead = forecast(daily, 30, Frequency.DAY)
    total = ahead.totals_of([range(24)], 80)
    drawn = np.quantile(ahead.paths(4000, seed=2).sum(axis=(0, 2)), [0.1, 0.9])
    width = total.upper[0] - total.lower[0]
    assert abs(drawn - [total.lower[0], total.upper[0]]).max() < 0.15 * width


def test_paths_have_the_distribution_of_the_quantiles(daily: Array) -> None:
    ahead = forecast(daily, 14, Frequency.DAY)
    drawn = np.quantile(ahead.paths(4000, seed=3), [0.1, 0.5, 0.9], axis=1)
    said = np.moveaxis(ahead.quantiles([0.1, 0.5, 0.9]), 2, 0)
    width = (said[2] - said[0])[None]
    assert (np.abs(drawn - said) / width).max() < 0.12


def test_sums_are_those_of_the_same_paths_wherever_they_are_written(daily: Array) -> None:
    """Steps 3 to 9, 10 alone and 11 to the end, of the same futures."""
    ahead = forecast(daily, 30, Frequency.DAY)
    paths = ahead.paths(60, seed=5)
    wanted = np.stack([paths[:, :, first:end].sum(axis=2) for first, end in ((3, 10), (10, 11), (11, 30))], axis=1)
    given = np.zeros((len(daily), 4, 60))
    found = ahead.sums(60, 5, [3, 10, 11], out=given[:, 1:])
    np.testing.assert_allclose(found, wanted)
    np.testing.assert_array_equal(given[:, 1:], ahead.sums(60, 5, [3, 10, 11]))
    assert not given[:, 0].any()


def test_series_that_move_together_keep_doing_so_on_the_paths() -> None:
    random = np.random.default_rng(5)
    shared = random.normal(0, 0.05, 400).cumsum()
    y = np.exp(5 + shared + random.normal(0, 0.01, (12, 400)))
    paths = forecast(y, 20, Frequency.DAY).paths(500, seed=1)[:, :, -1]
    together = np.corrcoef(paths)[np.triu_indices(12, 1)].mean()
    assert together > 0.6


def test_a_seed_repeats_and_another_differs(monthly: Array) -> None:
    ahead = forecast(monthly, 12, Frequency.MONTH)
    np.testing.assert_array_equal(ahead.paths(50, seed=9), ahead.paths(50, seed=9))
    assert not np.array_equal(ahead.paths(50, seed=9), ahead.paths(50, seed=10))


@few
@given(factor=st.floats(min_value=1e-4, max_value=1e6), seed=st.integers(0, 50))
def test_scaling_money_scales_the_answer(factor: float, seed: int) -> None:
    y = np.exp(np.random.default_rng(seed).normal(3, 0.2, (4, 40)))
    once, scaled = forecast(y, 6, Frequency.MONTH), forecast(y * factor, 6, Frequency.MONTH)
    np.testing.assert_allclose(scaled.quantiles([0.1, 0.5, 0.9]), factor * once.quantiles([0.1, 0.5, 0.9]), rtol=1e-6)
    np.testing.assert_allclose(scaled.totals(80).upper, factor * once.totals(80).upper, rtol=1e-6)


@few
@given(seed=st.integers(0, 50), empty=st.integers(1, 40))
def test_shifting_time_shifts_the_answer(seed: int, empty: int) -> None:
    y = np.exp(np.random.default_rng(seed).normal(3, 0.2, (3, 40)))
    later = np.concatenate([np.full((3, empty), np.nan), y], axis=1)
    once, shifted = forecast(y, 6, Frequency.MONTH), forecast(later, 6, Frequency.MONTH)
    np.testing.assert_allclose(shifted.quantiles([0.1, 0.5, 0.9]), once.quantiles([0.1, 0.5, 0.9]))


@few
@given(seed=st.integers(0, 50))
def test_the_order_of_series_changes_no_answer(seed: int) -> None:
    random = np.random.default_rng(seed)
    y = np.exp(random.normal(3, 0.2, (7, 50)))
    order = random.permutation(7)
    once, permuted = forecast(y, 6, Frequency.MONTH), forecast(y[order], 6, Frequency.MONTH)
    np.testing.assert_allclose(permuted.quantiles([0.1, 0.5, 0.9]), once.quantiles([0.1, 0.5, 0.9])[order], rtol=1e-9)
    np.testing.assert_allclose(permuted.totals(80).lower, once.totals(80).lower[order], rtol=1e-9)


@pytest.mark.parametrize("frequency", list(Frequency))
def test_more_history_never_breaks(frequency: Frequency) -> None:
    y = np.exp(np.random.default_rng(1).normal(3, 0.2, (3, 130)))
    for length in (1, 2, 3, 7, 8, 9, 11, 12, 13, 14, 23, 24, 25, 26, 27, 52, 60, 61, 104, 106, 107, 130):
        lower, upper = forecast(y[:, :length], 9, frequency).interval(80)
        assert np.isfinite(lower).all() and (lower <= upper).all()


def test_a_forecast_does_not_change_what_it_was_given(daily: Array) -> None:
    before = daily.copy()
    ahead = forecast(daily, 5, Frequency.DAY)
    first = ahead.p50
    ahead.paths(10, seed=1)
    ahead.totals(80)
    np.testing.assert_array_equal(daily, before)
    np.testing.assert_array_equal(ahead.p50, first)


def test_uncertainty_grows_with_the_horizon(monthly: Array) -> None:
    lower, upper = forecast(monthly, 12, Frequency.MONTH).interval(80)
    width = ((upper - lower) / (upper + lower)).mean(axis=0)
    assert width[11] > 1.2 * width[0]


def test_a_horizon_longer_than_the_history_widens_on_and_says_so() -> None:
    y = np.exp(np.random.default_rng(3).normal(0.02, 0.05, (5, 24)).cumsum(axis=1) + 5)
    ahead = forecast(y, 36, Frequency.MONTH)
    lower, upper = ahead.interval(80)
    width = np.log(upper / lower).mean(axis=0)
    assert width[35] > width[20] > width[5]
    assert any("longer than the history" in note for note in ahead.notes[0])


def test_a_weekly_pattern_is_carried_on() -> None:
    week = np.array([10.0, 10, 10, 10, 10, 4, 3])
    y = np.tile(week, 20)[None] * np.exp(np.random.default_rng(0).normal(0, 0.02, (1, 140)))
    np.testing.assert_allclose(forecast(y, 14, Frequency.DAY).p50[0], np.tile(week, 2), rtol=0.1)


def test_a_december_peak_is_carried_on(monthly: Array) -> None:
    ahead = forecast(monthly, 12, Frequency.MONTH).p50
    ratio = ahead[:, 11] / ahead[:, 10]
    assert 1.25 < np.median(ratio) < 1.75


def test_growth_of_the_whole_panel_is_carried_on_in_part() -> None:
    random = np.random.default_rng(8)
    y = np.exp(np.arange(60) * 0.03 + random.normal(0, 0.02, (30, 60)))
    ahead = forecast(y, 12, Frequency.MONTH).p50
    growth = np.log(ahead[:, 11] / y[:, -1]) / 12
    assert 0.015 < np.median(growth) < 0.04


def test_a_random_walk_is_not_pulled_back_to_its_past() -> None:
    y = np.exp(np.random.default_rng(2).normal(0, 0.02, (40, 300)).cumsum(axis=1) + 5)
    ahead = forecast(y, 1, Frequency.DAY).p50[:, 0]
    assert np.median(np.abs(np.log(ahead / y[:, -1]))) < 0.01


def test_one_wild_month_does_not_move_the_forecast() -> None:
    calm = np.exp(np.random.default_rng(4).normal(5, 0.03, (1, 48)))
    wild = calm.copy()
    wild[0, 30] *= 30
    calm_ahead, wild_ahead = (forecast(one, 6, Frequency.MONTH).p50 for one in (calm, wild))
    np.testing.assert_allclose(wild_ahead, calm_ahead, rtol=0.2)


def test_a_step_that_all_take_at_once_is_no_growth() -> None:
    y = np.exp(np.random.default_rng(6).normal(5, 0.03, (30, 60)))
    y[:, 35:] *= 4
    ahead = forecast(y, 12, Frequency.MONTH).p50
    assert 0.9 < np.median(ahead[:, 11] / y[:, -12:].mean(axis=1)) < 1.1


@pytest.mark.parametrize(("y", "horizon"), [(np.ones(5), 3), (np.ones((1, 5)), 0)])
def test_wrong_shapes_are_refused(y: Array, horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon"):
        forecast(y, horizon, Frequency.DAY)


def test_no_series_is_no_forecast() -> None:
    ahead = forecast(np.empty((0, 30)), 5, Frequency.DAY)
    assert ahead.p50.shape == (0, 5) and ahead.totals(80).mean.shape == (0,)


def test_every_frequency_has_its_settings() -> None:
    assert set(RHYTHMS) == set(Frequency)
    assert isinstance(forecast(np.ones((1, 3)), 1, Frequency.WEEK), Forecast)
