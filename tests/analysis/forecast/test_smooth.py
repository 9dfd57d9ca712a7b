"""Exponential smoothing: states worked by hand, what settings are preferred, and that no state knows what is later."""

from __future__ import annotations

import math

import numpy as np
import pytest

from costlib.analysis.forecast.smooth import ALPHAS, FAST, MIDDLE, SLOW, States, smoothed

STEPS = (1, 3, 6)


def states(values: np.ndarray, origins: list[int] | None = None) -> States:
    chosen = np.array(origins or range(4, values.shape[1]), dtype=np.intp)
    return smoothed(values, chosen, STEPS)


def by_hand(values: list[float], alpha: float) -> float:
    """Simple smoothing from the mean of the first four."""
    level = sum(values[:4]) / 4
    for value in values:
        level += alpha * (value - level)
    return level


def test_single_settings_worked_by_hand() -> None:
    """From 4, the mean of the first four, a quarter of the way each time: 4, 5, 3.75, 3.8125, 5.359375."""
    found = states(np.array([[4.0, 8.0, 0.0, 4.0, 10.0]]), [3, 4])
    assert found.middle.tolist() == [[3.8125, 5.359375]]
    assert found.slow[0, 1] == pytest.approx(by_hand([4, 8, 0, 4, 10], 0.06))
    assert found.fast[0, 1] == pytest.approx(by_hand([4, 8, 0, 4, 10], 0.8))
    assert (ALPHAS[SLOW], ALPHAS[MIDDLE], ALPHAS[FAST]) == (0.06, 0.25, 0.8)


def test_where_all_settings_were_as_good_they_count_alike() -> None:
    """Nothing for eleven periods and 1 in the twelfth: each setting was off by 1, once, and goes its part of the way.

    The ten simple ones come to 3.86 / 10. The Holt ones have levels of 0.2, 0.4, 0.6 and 0.85, and of these slopes of
    0.05, 0.15 and 0.4: 2.05 x 0.6 over their number, 24, for each of two dampings.
    """
    found = states(np.array([[0.0] * 11 + [1.0]]), [4, 7, 11])
    assert found.level[0, -1] == pytest.approx(0.386)
    assert found.speed.tolist() == [pytest.approx(0.386)]
    assert found.holt_level[0, -1] == pytest.approx(2.05 / 4)
    assert [slopes[0, -1] for slopes in found.holt_slopes] == [pytest.approx(2.05 * 0.6 / 24)] * 2


def test_a_short_history_prefers_no_setting_and_a_long_one_does() -> None:
    walk = np.random.default_rng(7).normal(0, 1, (40, 200)).cumsum(axis=1)
    even = sum(ALPHAS) / len(ALPHAS)
    distance = [float(np.median(np.abs(states(walk[:, :periods]).speed - even))) for periods in (8, 20, 200)]
    assert distance == sorted(distance)
    assert distance[0] < 0.25 < 0.3 < distance[2]


def test_origins_further_apart_say_as_much() -> None:
    """A third of the origins, each for three periods: the same settings are preferred, nearly as clearly."""
    walk = np.random.default_rng(8).normal(0, 1, (40, 180)).cumsum(axis=1)
    all_of_them, every_third = states(walk), states(walk, list(range(5, 180, 3)))
    assert every_third.speed == pytest.approx(all_of_them.speed, abs=0.3)
    assert np.median(every_third.speed) == pytest.approx(np.median(all_of_them.speed), abs=0.1)


def test_what_never_moves_stays() -> None:
    found = states(np.full((1, 30), 7.0))
    for level in (found.level, found.slow, found.middle, found.fast, found.holt_level):
        assert level == pytest.approx(np.full((1, 26), 7.0))
    assert all(slopes == pytest.approx(np.zeros((1, 26))) for slopes in found.holt_slopes)


def test_a_line_is_followed_by_trends_and_trailed_by_levels() -> None:
    """Up by 2 a period: a level of setting a trails it by (1 - a) / a periods at last."""
    found = states(2.0 * np.arange(400.0)[None], [100, 399])
    assert found.middle[0, -1] == pytest.approx(798 - 2 * 0.75 / 0.25, abs=1e-6)
    assert found.fast[0, -1] == pytest.approx(798 - 2 * 0.2 / 0.8, abs=1e-6)
    assert found.holt_level[0, -1] == pytest.approx(798, abs=1.0)
    slopes = sum(float(slopes[0, -1]) for slopes in found.holt_slopes)
    assert 1.5 < slopes < 2.2


def test_a_walk_is_followed_fast_and_noise_slowly() -> None:
    noise = np.random.default_rng(1).normal(0, 1, (40, 200))
    walk, level = states(noise.cumsum(axis=1)).speed, states(noise).speed
    assert np.median(walk) > 0.7
    assert np.median(level) < 0.15


def test_the_averaged_level_lies_between_the_settings() -> None:
    walk = np.random.default_rng(2).normal(0, 1, (10, 80)).cumsum(axis=1)
    found = states(walk)
    own = np.array([[by_hand(row.tolist(), alpha) for alpha in ALPHAS] for row in walk])
    assert (own.min(axis=1) <= found.level[:, -1] + 1e-9).all()
    assert (found.level[:, -1] <= own.max(axis=1) + 1e-9).all()
    assert ((min(ALPHAS) <= found.speed) & (found.speed <= max(ALPHAS))).all()


def test_a_state_knows_nothing_later() -> None:
    values = np.random.default_rng(3).normal(10, 1, (3, 60))
    later = values.copy()
    later[:, 41:] = 1e6
    before, after = states(values, [20, 40, 59]), states(later, [20, 40, 59])
    for name in ("slow", "middle", "fast"):
        assert np.array_equal(getattr(before, name)[:, :2], getattr(after, name)[:, :2])


def test_a_series_that_begins_late_is_what_it_is_alone() -> None:
    """Ten periods without a value before it; another series beside it has them all."""
    own = np.random.default_rng(4).normal(10, 1, 50)
    late = np.concatenate([np.full(10, math.nan), own])
    beside = np.linspace(1, 3, 60)
    alone, both = states(own[None], [30, 49]), states(np.array([beside, late]), [40, 59])
    for name in ("slow", "middle", "fast"):
        assert getattr(both, name)[1] == pytest.approx(getattr(alone, name)[0])
    assert both.level[1] == pytest.approx(alone.level[0])
    assert both.speed[1] == pytest.approx(alone.speed[0])
    assert np.isfinite(both.level).all() and np.isfinite(both.holt_level).all()


def test_money_in_another_unit_is_smoothed_alike() -> None:
    values = np.random.default_rng(5).normal(10, 1, (4, 70)).cumsum(axis=1)
    one, thousand = states(values), states(values * 1000 + 5000)
    assert thousand.level == pytest.approx(one.level * 1000 + 5000, rel=1e-6)
    assert thousand.speed == pytest.approx(one.speed, rel=1e-6)
    for slopes, larger in zip(one.holt_slopes, thousand.holt_slopes, strict=True):
        assert larger == pytest.approx(slopes * 1000, rel=1e-6, abs=1e-6)


def test_series_do_not_touch_each_other() -> None:
    values = np.random.default_rng(6).normal(0, 1, (3, 60)).cumsum(axis=1) * np.array([[1.0], [50.0], [0.1]])
    together = states(values)
    for row in range(3):
        alone = states(values[row : row + 1])
        assert together.level[row] == pytest.approx(alone.level[0])
        assert together.holt_level[row] == pytest.approx(alone.holt_level[0])
