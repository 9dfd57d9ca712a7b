"""Odd series: each handled in its own way, and said."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.kinds import begun, kinds_of
from costlib.analysis.forecast.rhythm import DAILY, MONTHLY, Frequency

Array = NDArray[np.float64]


def noisy(length: int, seed: int = 0) -> Array:
    made: Array = np.exp(np.random.default_rng(seed).normal(3, 0.1, length))
    return made


def said(y: Array, frequency: Frequency = Frequency.DAY, horizon: int = 7) -> str:
    return "; ".join(forecast(y, horizon, frequency).notes[0])


def test_a_long_and_lively_series_has_nothing_to_be_told() -> None:
    assert said(noisy(200)[None]) == ""


def test_no_history_is_no_forecast_not_zero() -> None:
    ahead = forecast(np.full((1, 30), np.nan), 3, Frequency.DAY)
    assert np.isnan(ahead.p50).all() and np.isnan(ahead.totals(80).p50).all()
    assert ahead.notes[0] == ("No history: no forecast",)


def test_an_ended_series_costs_nothing_more() -> None:
    y = np.concatenate([noisy(200), np.zeros(30)])[None]
    ahead = forecast(y, 5, Frequency.DAY)
    assert (ahead.interval(95)[1] == 0).all() and (ahead.paths(20, 1) == 0).all()
    assert "Ended" in said(y)


def test_a_quiet_week_is_not_an_end() -> None:
    y = np.concatenate([noisy(200), np.zeros(7)])[None]
    assert not kinds_of(y, DAILY).ended[0]


def test_a_series_that_always_came_and_went_has_not_ended() -> None:
    y = np.zeros(200)
    y[::10] = 50.0
    y[-40:] = 0.0
    kinds = kinds_of(y[None], DAILY)
    assert kinds.intermittent[0] and not kinds.ended[0]


def test_credits_are_the_mirror_of_costs() -> None:
    y = noisy(120)[None]
    cost, credit = forecast(y, 7, Frequency.DAY), forecast(-y, 7, Frequency.DAY)
    np.testing.assert_allclose(credit.p50, -cost.p50)
    np.testing.assert_allclose(credit.interval(80)[0], -cost.interval(80)[1])
    assert "Credits: no value is above 0" in said(-y)


def test_credits_with_days_of_none_are_credits_and_costs_with_such_days_are_not() -> None:
    y = noisy(120)[None]
    y[0, [30, 60]] = 0.0
    assert said(-y) == "Credits: no value is above 0"
    assert said(y) == ""


def test_costs_and_credits_mixed_stay_in_money() -> None:
    y = np.random.default_rng(1).normal(0, 10, (1, 120))
    lower, upper = forecast(y, 7, Frequency.DAY).interval(80)
    assert (lower < 0).all() and (upper > 0).all()
    assert "mixed" in said(y)


def test_what_never_changed_is_carried_on_exactly() -> None:
    ahead = forecast(np.full((1, 90), 12.5), 7, Frequency.DAY)
    np.testing.assert_allclose(ahead.p50, 12.5)
    np.testing.assert_allclose(ahead.totals(80).upper, 7 * 12.5)
    assert "never changed" in said(np.full((1, 90), 12.5))


def test_zero_throughout_stays_zero() -> None:
    ahead = forecast(np.zeros((1, 90)), 7, Frequency.DAY)
    assert (ahead.p50 == 0).all() and (ahead.totals(80).upper == 0).all()


@pytest.mark.parametrize("length", [1, 2, 5, 7])
def test_a_new_series_keeps_its_level_and_borrows_its_range(length: int) -> None:
    young = np.concatenate([np.full(200 - length, np.nan), np.full(length, 40.0)])
    y = np.vstack([np.array([noisy(200, seed) for seed in range(9)]), young])
    ahead = forecast(y, 7, Frequency.DAY)
    lower, upper = ahead.interval(80)
    np.testing.assert_allclose(ahead.p50[9], 40.0, rtol=0.1)
    assert (upper[9] - lower[9] > 0).all()
    assert "New" in ahead.notes[9][0]


def test_a_short_series_is_called_short_and_has_no_invented_season() -> None:
    y = noisy(20)[None]
    ahead = forecast(y, 12, Frequency.MONTH)
    assert "Short" in ahead.notes[0][0]
    assert np.log(ahead.p50.max() / ahead.p50.min()) < 0.1


def test_missing_periods_are_bridged_not_taken_as_zero() -> None:
    whole = np.full((1, 120), 20.0) * np.exp(np.random.default_rng(2).normal(0, 0.02, (1, 120)))
    holed = whole.copy()
    holed[0, 50:80] = np.nan
    np.testing.assert_allclose(forecast(holed, 7, Frequency.DAY).p50, forecast(whole, 7, Frequency.DAY).p50, rtol=0.05)
    assert "30 missing dates" in said(holed)


def test_zeros_before_the_first_amount_are_not_history() -> None:
    launched = np.concatenate([np.zeros(150), noisy(100)])[None]
    np.testing.assert_allclose(
        forecast(launched, 7, Frequency.DAY).p50, forecast(launched[:, 150:], 7, Frequency.DAY).p50, rtol=1e-9
    )


def test_zeros_before_the_first_amount_of_an_intermittent_series_stay() -> None:
    y = np.array([[0.0, 0, 0, 5, 0, 0, 5, 0]])
    np.testing.assert_array_equal(begun(y), y)


def test_repeating_the_last_season_is_used_where_it_clearly_won_and_said() -> None:
    random = np.random.default_rng(7)
    weeks = [np.tile(random.uniform(10, 100, 7), 13) for _ in range(8)]
    ahead = forecast(np.concatenate(weeks)[None], 7, Frequency.DAY)
    assert ahead.methods == ("seasonal naive",)
    assert "Repeating its last season" in ahead.notes[0][-1]
    np.testing.assert_allclose(ahead.p50[0], weeks[-1][:7], rtol=0.02)


def test_the_run_rate_is_used_where_it_clearly_won_and_said() -> None:
    random = np.random.default_rng(12)
    regular = np.array([noisy(400, seed) for seed in range(6)])
    bursts = np.where(np.arange(400) % 28 == 5, 900.0, random.uniform(0.5, 40.0, 400))
    ahead = forecast(np.vstack([regular, bursts]), 28, Frequency.DAY)
    for method, notes in zip(ahead.methods, ahead.notes, strict=True):
        assert (method == "run rate") == any("run rate" in note for note in notes)
        assert (method == "seasonal naive") == any("last season" in note for note in notes)


def test_flags_of_a_panel_by_hand() -> None:
    y = np.array([[1.0] * 10, [-1.0] * 10, [1.0, -1.0] * 5, [np.nan] * 9 + [3.0]])
    kinds = kinds_of(y, MONTHLY)
    assert kinds.constant.tolist() == [True, True, False, False]
    assert kinds.credit.tolist() == [False, True, False, False]
    assert kinds.mixed.tolist() == [False, False, True, False]
    assert kinds.length.tolist() == [10, 10, 10, 1]


def test_a_series_that_never_changes_neither_drifts_nor_widens_the_others() -> None:
    random = np.random.default_rng(4)
    grown = np.exp(5 + 0.002 * np.arange(500) + random.normal(0, 0.01, (20, 500)).cumsum(axis=1))
    flat = np.full((1, 500), np.nan)
    flat[0, -33:] = 170.16
    beside, alone = forecast(np.vstack([grown, flat]), 20, Frequency.DAY), forecast(grown, 20, Frequency.DAY)
    lower, upper = beside.interval(80)
    np.testing.assert_allclose(lower[20], 170.16)
    np.testing.assert_allclose(upper[20], 170.16)
    widths = [np.log(high / low)[:20].mean() for low, high in (beside.interval(80), alone.interval(80))]
    assert widths[0] == pytest.approx(widths[1], rel=0.05)


def test_a_hair_of_noise_on_a_young_flat_series_does_not_widen_the_others() -> None:
    random = np.random.default_rng(5)
    grown = np.exp(5 + 0.002 * np.arange(500) + random.normal(0, 0.01, (20, 500)).cumsum(axis=1))
    flat = np.full((1, 500), np.nan)
    flat[0, -33:] = 170.16 * (1 + 1e-15 * np.arange(33))
    upper = forecast(np.vstack([grown, flat]), 20, Frequency.DAY).quantiles([0.999])[:, :, 0]
    assert (upper[:20] < 3 * grown[:, -1:]).all()


def test_young_series_of_no_common_past_are_not_taken_to_move_together() -> None:
    random = np.random.default_rng(6)
    y = np.exp(5 + random.normal(0, 0.03, (60, 400)).cumsum(axis=1))
    for row in range(60):
        y[row, : 250 + row] = np.nan
    paths = forecast(y, 20, Frequency.DAY).paths(400, seed=1).sum(axis=2)
    together = np.corrcoef(paths)[np.triu_indices(60, 1)].mean()
    assert abs(together) < 0.15
