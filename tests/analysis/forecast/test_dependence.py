"""What goes with what on the paths: measured where history can tell, a random walk where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.dependence import agreement, level_share, places_of
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency

Array = NDArray[np.float64]


def overlapping(series: int, periods: int, steps: int, seed: int) -> Array:
    """Errors of the newest value carried on, of random walks, from every origin."""
    walks = np.random.default_rng(seed).normal(0, 1, (series, periods)).cumsum(axis=1)
    origins = np.arange(periods - steps)
    return walks[:, origins[:, None] + np.arange(1, steps + 1)] - walks[:, origins, None]


def places(errors: Array, spacing: int, agreeing: float) -> NDArray[np.int16]:
    """``[series, origin, step]``."""
    return places_of(errors, level_share(errors), spacing, agreeing).transpose(0, 2, 1)


def together(places: NDArray[np.int16], step: int = -1) -> float:
    """Mean correlation of the series' places at one step."""
    return float(np.corrcoef(places[:, :, step])[np.triu_indices(len(places), 1)].mean())


def test_many_stretches_of_history_are_followed_as_they_were() -> None:
    errors = np.random.default_rng(1).normal(0, 1, (3, 40, 2))
    np.testing.assert_array_equal(places(errors, 1, 0.5), errors.argsort(axis=1).argsort(axis=1))


def test_the_older_of_equal_errors_has_the_lower_place_whatever_their_sign() -> None:
    errors = np.array([0.0, -2.0, 3.0, -0.0, -2.0, 0.0, -1e-30, 5.0, 1e-30, -5.0, 3.0, -0.0])
    found = places(errors.reshape(1, -1, 1), 1, 0.0)[0, :, 0]
    assert found.tolist() == [4, 1, 9, 5, 2, 6, 3, 11, 8, 0, 10, 7]


@pytest.mark.parametrize("periods", [13, 24, 60])
def test_every_place_is_taken_once_at_each_step(periods: int) -> None:
    found = places(overlapping(4, periods, 12, seed=2), 1, 0.3)
    np.testing.assert_array_equal(
        np.sort(found, axis=1), np.broadcast_to(np.arange(found.shape[1])[None, :, None], found.shape)
    )


def test_one_stretch_only_does_not_make_errors_cancel_out() -> None:
    """In a history of two horizons, places of overlapping origins lose the level that they share; a walk keeps it."""
    errors = overlapping(60, 24, 12, seed=3)
    measured = errors.argsort(axis=1).argsort(axis=1)
    first, last = 2, 11

    def hold(found: NDArray[np.int_]) -> float:
        each = [np.corrcoef(one[:, first], one[:, last])[0, 1] for one in found]
        return float(np.mean(each))

    # Correlation of a walk with itself after 3 and after 12 steps is the root of 3/12.
    assert abs(hold(places(errors, 1, 0.0)) - 0.5) < abs(hold(measured) - 0.5)


def test_series_go_together_as_far_as_their_changes_do() -> None:
    errors = np.full((8, 1, 6), 1.0)
    apart, joined = (together(places(errors, 1, one)) for one in (0.0, 0.8))
    assert abs(apart) < 0.1
    assert joined == pytest.approx(0.8, abs=0.1)


def test_order_of_series_plays_no_part() -> None:
    errors = overlapping(7, 20, 8, seed=4)
    order = np.random.default_rng(0).permutation(7)
    np.testing.assert_array_equal(places(errors[order], 1, 0.4), places(errors, 1, 0.4)[order])


def test_the_level_share_of_noise_is_small_and_of_a_shift_is_all() -> None:
    random = np.random.default_rng(5)
    noise, shift = random.normal(0, 1, (1, 200, 10)), np.repeat(random.normal(0, 1, (1, 200, 1)), 10, axis=2)
    share = level_share(np.concatenate([noise, shift, np.full((1, 200, 10), np.nan)]))
    assert share == pytest.approx([0.1, 1.0, 2 / 3], abs=0.03)


def test_agreement_is_the_mean_correlation_of_changes() -> None:
    random = np.random.default_rng(6)
    shared, own = random.normal(0, 1, (1, 400)), random.normal(0, 1, (40, 400))
    assert agreement((own).cumsum(axis=1)) < 0.03
    # Half of the variance is shared: a correlation of one half, less what few series cost (40 of 44).
    assert agreement((shared + own).cumsum(axis=1)) == pytest.approx(0.5 * 40 / 44, abs=0.05)


@pytest.mark.parametrize("values", [np.ones((3, 9)), np.full((2, 5), np.nan), np.ones((1, 1)), np.empty((0, 4))])
def test_where_nothing_changes_nothing_agrees(values: Array) -> None:
    assert agreement(values) == 0.0


def test_agreement_does_not_know_the_units() -> None:
    walks = np.random.default_rng(7).normal(0, 1, (6, 90)).cumsum(axis=1)
    walks[2, :40] = np.nan
    assert agreement(1000.0 * walks + 5.0) == pytest.approx(agreement(walks))


def test_a_sum_of_unrelated_series_with_two_years_of_months_is_not_taken_to_move_as_one() -> None:
    """Sixty unrelated series: a sum is far surer than its parts, and its range says so."""
    random = np.random.default_rng(8)
    y = np.exp(5 + random.normal(0, 0.08, (60, 18)).cumsum(axis=1))
    ahead = forecast(y, 6, Frequency.MONTH)
    each, whole = ahead.totals(80), ahead.totals_of([range(60)], 80)
    relative = ((each.upper - each.lower) / each.p50).mean()
    assert (whole.upper - whole.lower)[0] / whole.p50[0] < 0.5 * relative


def test_totals_of_two_years_of_months_are_covered() -> None:
    inside = []
    for seed in range(4):
        y = np.exp(6 + np.random.default_rng(40 + seed).normal(0.01, 0.06, (80, 30)).cumsum(axis=1))
        total, actual = forecast(y[:, :24], 6, Frequency.MONTH).totals(80), y[:, 24:].sum(axis=1)
        inside.append(((total.lower <= actual) & (actual <= total.upper)).mean())
    assert 0.7 <= np.mean(inside) <= 0.9
