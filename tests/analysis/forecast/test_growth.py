"""Bills that grow by the same per cent month after month: the likely amount is not too low, and the range holds."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.growth import growing, missed
from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.outlook import outlook
from costlib.periods import Window, add_months

Array = NDArray[np.float64]
START = date(2025, 1, 1)
TREND = "own trend"


@pytest.mark.parametrize("horizon", [30, 90])
@pytest.mark.parametrize("a_month", [0.03, 0.06, -0.03])
def test_steady_growth_is_carried_on(a_month: float, horizon: int) -> None:
    """A part of the slope alone would miss by 3 to 9 %, outside nearly every range."""
    found = missed(a_month, 0.03, horizon, draws=8)
    assert abs(found.bias) < 0.005
    assert found.held > 0.75


@pytest.mark.parametrize("horizon", [30, 90])
def test_noise_hides_some_of_it(horizon: int) -> None:
    found = missed(0.06, 0.1, horizon, draws=8)
    assert abs(found.bias) < 0.01
    assert found.held > 0.75


def test_a_level_bill_stays_one() -> None:
    found = missed(0.0, 0.03, 30, draws=8)
    assert abs(found.bias) < 0.005
    assert found.held > 0.7


def test_the_method_and_its_note_say_so() -> None:
    both = np.concatenate([growing(1, 425, 0.05, 0.03, 1), growing(1, 425, 0.0, 0.03, 2)])
    ahead = forecast(both, 30, Frequency.DAY)
    assert ahead.methods == (TREND, "smoothing")
    assert any(note.startswith("Its own trend, carried on in full") for note in ahead.notes[0])
    assert not any("trend" in note for note in ahead.notes[1])


@pytest.mark.parametrize("seed", range(3))
def test_a_wandering_bill_has_no_trend(seed: int) -> None:
    """A random walk goes up or down for months and then does not: hardly one of 60 is taken to go on."""
    walk = 100 * np.exp(np.random.default_rng(seed).normal(0, 0.03, (60, 425)).cumsum(axis=1))
    methods = forecast(walk, 30, Frequency.DAY).methods
    assert methods.count(TREND) <= 3


def test_growth_that_has_ended_is_not_carried_on() -> None:
    """Ten months up and four months level: the last four months are what goes on."""
    up = growing(1, 305, 0.06, 0.03, 4)
    level = up[:, -7:].mean() * np.exp(0.03 * np.random.default_rng(5).normal(size=(1, 150)))
    total = forecast(np.concatenate([up, level[:, :-30]], axis=1), 30, Frequency.DAY).totals(80)
    assert total.p50[0] == pytest.approx(level[0, -30:].sum(), rel=0.03)


def months_ahead(a_month: float, noise: float, months: int, seed: int) -> tuple[Array, Array]:
    """Paths of the next twelve months of one bill with so many months of history, and what came."""
    ends = [(add_months(START, at) - START).days for at in range(months, months + 13)]
    bill = growing(1, ends[-1], a_month, noise, seed)
    window = Window(START, START + timedelta(days=ends[0]))
    found = outlook(DailySpend((), ((),), window, bill[:, : ends[0]]), 12, paths=300).spend()
    return found, np.array([bill[0, first:end].sum() for first, end in pairwise(ends)])


@pytest.mark.parametrize("months", [8, 14, 24])
@pytest.mark.parametrize("a_month", [0.0, 0.03, 0.06])
def test_the_next_months_go_on_and_the_year_is_within_its_range(a_month: float, months: int) -> None:
    """Days carry three months; later ones grow on at a slower pace, and the whole year may grow as before."""
    paths, came = months_ahead(a_month, 0.03, months, seed=7)
    likely = np.median(paths, axis=1)
    assert likely[:3] == pytest.approx(came[:3], rel=0.02)
    low, high = np.quantile(paths.sum(axis=0), [0.1, 0.9])
    assert low < came.sum() < high
    assert likely[-1] >= 0.97 * 28 / 31 * came[2], "no fall back to where it came from; the last may be a February"
    assert likely[-1] <= 1.02 * came[-1]


@pytest.mark.parametrize("months", [8, 14, 24])
def test_months_of_a_level_bill_differ_by_their_days_alone(months: int) -> None:
    paths, came = months_ahead(0.0, 0.03, months, seed=7)
    assert np.median(paths, axis=1) == pytest.approx(came, rel=0.02)


def test_a_run_rate_is_not_believed_for_a_year_that_one_step_tested() -> None:
    """Fifteen months test one month ahead, three times: what goes on for eleven is not told by that."""
    noisy = np.exp(0.05 * np.arange(15.0) + 0.01 * np.random.default_rng(1).normal(size=(20, 15)))
    assert "run rate" in forecast(noisy, 1, Frequency.MONTH).methods
    assert "run rate" not in forecast(noisy, 11, Frequency.MONTH).methods
