"""Regression with lasting noise: limits in which the answer is known without it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.roadmap.savings.noise import Outlook, Prior, outlook
from tests.roadmap.savings.generated import wander

FREE = Prior(np.zeros(1), np.array([np.inf]))


def level(values: np.ndarray, ahead: int = 10, prior: Prior = FREE) -> Outlook:
    """The outlook of a level and noise."""
    places = np.arange(len(values))
    ones = np.ones((len(values), 1))
    return outlook(ones, values, places, np.ones((ahead, 1)), len(values) + np.arange(ahead), prior)


def test_fresh_noise_is_averaged_out():
    """100 independent values: the level is their mean, and the noise of the next is theirs."""
    values = np.random.default_rng(1).normal(5, 2, 100)
    found = level(values)
    assert found.mean == pytest.approx(np.full(10, values.mean()), abs=0.3)
    assert found.variance == pytest.approx(values.var(ddof=1), rel=0.1)
    assert found.freedom > 20


def test_lasting_noise_is_carried_on_and_fades():
    """Wandering values: the next is near the last one, a far one near the mean, and less is known of it."""
    values = 5 + wander(np.random.default_rng(3), 200, 0.95, 1.0)
    found = level(values, 90)
    last, mean = values[-1], values.mean()
    assert abs(found.mean[0] - last) < 0.35 * abs(last - mean)
    assert abs(found.mean[-1] - mean) < 0.5 * abs(last - mean)
    assert found.chance[-1, -1] > 2 * found.chance[0, 0]
    assert found.freedom < 20


def test_a_mean_of_lasting_noise_is_less_certain_than_its_values_suggest():
    def of_mean(memory: float) -> float:
        found = level(wander(np.random.default_rng(5), 200, memory, 1.0), 30)
        whole = found.chance + found.doubt
        return float(whole.mean() / found.variance)

    assert of_mean(0.9) > 4 * of_mean(0.0)


def test_where_the_data_say_nothing_the_prior_speaks():
    """A driver that never moved: its effect stays at the prior, and its doubt is the prior's where it then moves."""
    values = np.random.default_rng(2).normal(0, 0.1, 80)
    design = np.column_stack([np.zeros(80), np.ones(80)])
    moved = np.column_stack([np.ones(1), np.ones(1)])
    prior = Prior(np.array([0.7, 0.0]), np.array([0.3, np.inf]))
    found = outlook(design, values, np.arange(80), moved, np.array([80]), prior)
    assert found.coefficients[0] == pytest.approx(0.7)
    assert found.mean[0] == pytest.approx(0.7, abs=0.1)
    assert found.doubt[0, 0] == pytest.approx(0.09, rel=0.1)


def test_where_the_data_speak_the_prior_is_outweighed():
    slope = np.linspace(-1, 1, 200)
    design = np.column_stack([slope, np.ones(200)])
    values = 2 * slope + np.random.default_rng(4).normal(0, 0.05, 200)
    prior = Prior(np.array([0.0, 0.0]), np.array([0.5, np.inf]))
    found = outlook(design, values, np.arange(200), design[:1], np.array([200]), prior)
    assert found.coefficients[0] == pytest.approx(2, abs=0.05)


def test_a_gap_in_the_past_is_no_fault():
    values = np.random.default_rng(6).normal(3, 1, 100)
    places = np.r_[np.arange(60), np.arange(75, 115)]
    found = outlook(np.ones((100, 1)), values, places, np.ones((5, 1)), np.arange(115, 120), FREE)
    assert found.mean == pytest.approx(np.full(5, 3), abs=0.5)


@settings(max_examples=20, deadline=None)
@given(shift=st.floats(-50, 50), seed=st.integers(0, 99), first=st.integers(0, 500))
def test_moving_the_level_or_the_calendar_changes_nothing_else(shift, seed, first):
    values = wander(np.random.default_rng(seed), 60, 0.6, 1.0)
    one = level(values)
    places = first + np.arange(60)
    ones = np.ones((60, 1))
    other = outlook(ones, values + shift, places, np.ones((10, 1)), first + 60 + np.arange(10), FREE)
    assert other.mean - shift == pytest.approx(one.mean, abs=1e-6)
    assert other.chance == pytest.approx(one.chance, rel=1e-6)
    assert np.linalg.eigvalsh(one.chance + one.doubt).min() > -1e-9
