"""Seasonal figures: patterns that are known beforehand, and how far noise is believed."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.analysis.forecast.season import seasonal_figures

WEEK = np.array([1.0, 1.0, 1.0, 1.0, 1.0, -2.0, -3.0])
YEAR = np.array([0.0, 0, 1, 1, 2, 0, -1, -1, 0, 0, -1, -1])


def figures(
    working: np.ndarray, season: int = 7, half_life: float = 26.0, caution: float = 1.0
) -> tuple[np.ndarray, float]:
    """Figures and belief of one series."""
    found, belief = seasonal_figures(working[None], season, half_life, caution)
    return found[0], float(belief[0])


@pytest.mark.parametrize("more", range(7))
def test_the_first_figure_is_that_of_the_first_period_after_the_history(more: int) -> None:
    found, belief = figures(np.tile(WEEK, 10)[: 63 + more])
    assert found == pytest.approx(np.roll(WEEK, -more))
    assert belief == pytest.approx(1.0)


@pytest.mark.parametrize("more", [0, 5])
def test_a_year_of_months(more: int) -> None:
    """An even season has no middle: the first and the last of thirteen months count half each."""
    found, belief = figures(np.tile(YEAR, 6)[: 60 + more], season=12)
    assert found == pytest.approx(np.roll(YEAR, -more))
    assert belief == pytest.approx(1.0)


@pytest.mark.parametrize("season", [7, 12])
def test_a_level_and_a_line_are_no_season(season: int) -> None:
    pattern = np.tile(WEEK if season == 7 else YEAR, 6)
    line = 40 + 0.3 * np.arange(pattern.size)
    assert figures(pattern + line, season)[0] == pytest.approx(figures(pattern, season)[0])
    flat, belief = figures(line, season)
    assert flat == pytest.approx(np.zeros(season), abs=1e-6)
    assert 0 <= belief <= 1


@pytest.mark.parametrize(("periods", "known"), [(15, False), (16, True)])
def test_two_seasons_and_two_periods_are_needed(periods: int, known: bool) -> None:
    found, belief = figures(np.tile(WEEK, 3)[:periods])
    assert found.any() == known
    assert (belief > 0) == known


@pytest.mark.parametrize(("unknown", "known"), [(5, False), (4, True)])
def test_of_known_periods(unknown: int, known: bool) -> None:
    working = np.tile(WEEK, 3)[:20].copy()
    working[:unknown] = np.nan
    found, belief = figures(working)
    assert found.any() == known
    assert (belief > 0) == known


def test_what_is_unknown_before_a_series_changes_nothing() -> None:
    """Five weeks by themselves and after four weeks without a figure."""
    rng = np.random.default_rng(5)
    alone = np.tile(WEEK, 5) + rng.normal(0, 0.3, 35)
    late = np.concatenate([np.full(28, np.nan), alone])
    assert figures(late)[0] == pytest.approx(figures(alone)[0])
    assert figures(late)[1] == pytest.approx(figures(alone)[1])


def test_figures_sum_to_nothing() -> None:
    rng = np.random.default_rng(6)
    found, _ = figures(np.tile(WEEK, 12) + rng.normal(0, 1, 84) + 3)
    assert found.sum() == pytest.approx(0.0, abs=1e-9)


def test_noise_is_hardly_believed_and_a_pattern_above_it_is() -> None:
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 1, (200, 84))
    _, of_noise = seasonal_figures(noise, 7, 26.0, 1.0)
    _, of_pattern = seasonal_figures(noise + np.tile(WEEK, 12), 7, 26.0, 1.0)
    assert np.median(of_noise) < 0.4
    assert of_pattern.min() > 0.9


def test_the_more_caution_the_less_is_believed() -> None:
    rng = np.random.default_rng(8)
    working = 0.3 * np.tile(WEEK, 6) + rng.normal(0, 1, 42)
    beliefs = [figures(working, caution=caution)[1] for caution in (0.0, 0.5, 1.0)]
    assert beliefs[0] == 1.0
    assert beliefs == sorted(beliefs, reverse=True) and beliefs[2] < 1.0
    assert 1 - beliefs[1] == pytest.approx((1 - beliefs[2]) / 2)


def test_a_shrunk_figure_keeps_its_shape() -> None:
    rng = np.random.default_rng(8)
    working = 0.3 * np.tile(WEEK, 6) + rng.normal(0, 1, 42)
    whole, _ = figures(working, caution=0.0)
    some, belief = figures(working, caution=1.0)
    assert some == pytest.approx(whole * belief)


def test_recent_seasons_count_more() -> None:
    """A pattern three times as large since ten weeks: half of the weight, or 31 parts of 32, is new."""
    working = np.concatenate([np.tile(WEEK, 10), np.tile(3 * WEEK, 10)])
    slow, fast = (
        figures(working, half_life=half_life, caution=0.0)[0] @ WEEK / (WEEK @ WEEK) for half_life in (1000.0, 2.0)
    )
    assert slow == pytest.approx(2.0, abs=0.05)
    assert fast == pytest.approx((3 * 31 + 1 * 1) / 32, abs=0.05)


def test_series_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(9)
    working = np.tile(WEEK, 8) * np.array([[1.0], [0.2], [40.0]]) + rng.normal(0, 1, (3, 56))
    together, beliefs = seasonal_figures(working, 7, 26.0, 1.0)
    for row, series in enumerate(working):
        found, belief = figures(series)
        assert together[row] == pytest.approx(found)
        assert beliefs[row] == pytest.approx(belief)
