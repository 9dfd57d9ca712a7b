"""Simple rules: when a series gets one, what it then says and by how much that was off, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import DAILY
from costlib.analysis.forecast.rules import Lived, with_rules
from costlib.analysis.forecast.scale import Scale

Array = NDArray[np.float64]

WEEK = np.array([1.0, 1.2, 0.9, 1.1, 1.0, -2.0, -3.0])
STEPS = 7
#: Days of which no line is drawn: the simple rules alone.
SIMPLE = replace(DAILY, lines=())
#: Money as it is: no logs.
PLAIN = Scale(np.ones(1), np.zeros(1), np.ones(1), np.ones(1, dtype=bool))


class Said(NamedTuple):
    """The forecast and the method of one series, and the errors left to it."""

    now: Array
    method: str
    errors: Array


def ruled(y: Array, ours: Array | float, *, origins: int = 20, spacing: int = 3, steps: int = STEPS) -> Said:
    """One series whose forecasts by smoothing were off by ``ours`` at past origins, and say 9 now."""
    last = y.size - 1 - steps
    places = np.arange(last - spacing * (origins - 1), last + 1, spacing, dtype=np.intp)
    errors = np.broadcast_to(np.reshape(ours, (1, -1, 1)), (1, origins, steps)).astype(np.float64)
    lived = Lived(y[None], y[None], y[None], np.zeros((1, steps)), PLAIN, places, spacing, SIMPLE)
    now, (method,) = with_rules(lived, np.full((1, steps), 9.0), errors)
    return Said(now[0], method, errors[0])


def test_a_week_that_comes_again_is_repeated() -> None:
    """The history ends on a Wednesday: the next seven days begin with Thursday."""
    said = ruled(np.tile(WEEK, 20)[:137], 0.5)
    assert said.method == "seasonal naive"
    assert said.now == pytest.approx(np.roll(WEEK, -4))
    assert said.errors == pytest.approx(np.zeros((20, 7)))


def test_beyond_one_week_it_is_repeated_again() -> None:
    said = ruled(np.tile(WEEK, 30), 0.5, steps=10)
    assert said.now == pytest.approx(np.tile(WEEK, 2)[:10])


def test_noise_around_a_level_gets_its_run_rate() -> None:
    """The mean of the last 28 days; a day was off by its distance from the mean of the 28 before its origin."""
    y = 50 + np.random.default_rng(1).normal(0, 1, 200)
    said = ruled(y, 3.0)
    assert said.method == "run rate"
    assert said.now == pytest.approx(np.full(7, y[-28:].mean()))
    newest = 200 - 1 - 7
    assert said.errors[-1] == pytest.approx(y[newest + 1 :] - y[newest - 27 : newest + 1].mean())


@pytest.mark.parametrize("ours", [0.0, 0.01])
def test_what_was_hardly_off_stays(ours: float) -> None:
    y = 50 + np.random.default_rng(1).normal(0, 1, 200)
    said = ruled(y, ours)
    assert (said.method, said.now.tolist()) == ("smoothing", [9.0] * 7)
    assert (said.errors == ours).all()


#: A week that is 0.01 higher and lower by turns: repeating the last one is off by 0.02 on every day.
TURNS = np.tile(WEEK, 40) + np.repeat([0.01, -0.01] * 20, 7)


@pytest.mark.parametrize(("share", "method"), [(0.79, "seasonal naive"), (0.81, "smoothing")])
def test_a_rule_must_be_a_fifth_better(share: float, method: str) -> None:
    assert ruled(TURNS, 0.02 / share).method == method


@pytest.mark.parametrize(("lost", "method"), [(5, "seasonal naive"), (6, "smoothing")])
def test_and_at_three_of_four_origins(lost: int, method: str) -> None:
    """Far better at most of twenty origins, and worse at five or six of them."""
    ours = np.array([0.001] * lost + [5.0] * (20 - lost))
    assert ruled(TURNS, ours).method == method


def test_what_another_series_won_does_not_count() -> None:
    """The first loses at six origins of twenty and the second at none."""
    y = np.array([TURNS, TURNS])
    scale = Scale(np.ones(2), np.zeros(2), np.ones(2), np.ones(2, dtype=bool))
    origins = np.arange(TURNS.size - 8 - 57, TURNS.size - 7, 3, dtype=np.intp)
    errors = np.full((2, 20, STEPS), 5.0)
    errors[0, :6] = 0.001
    lived = Lived(y, y, y, np.zeros((2, STEPS)), scale, origins, 3, SIMPLE)
    _, methods = with_rules(lived, np.full((2, STEPS), 9.0), errors)
    assert methods == ("smoothing", "seasonal naive")


@pytest.mark.parametrize(("origins", "method"), [(7, "seasonal naive"), (6, "smoothing")])
def test_and_over_three_horizons_of_history(origins: int, method: str) -> None:
    """Seven origins three days apart are three weeks of a horizon of one; six are less."""
    assert ruled(np.tile(WEEK, 30), 0.5, origins=origins).method == method


@pytest.mark.parametrize(("known", "method"), [(7, "seasonal naive"), (6, "smoothing")])
def test_origins_that_are_no_evidence_do_not_count(known: int, method: str) -> None:
    ours = np.array([np.nan] * (20 - known) + [0.5] * known)
    said = ruled(np.tile(WEEK, 30), ours)
    assert said.method == method
    assert np.isnan(said.errors[:-known]).all() and np.isfinite(said.errors[-known:]).all()


def test_what_lies_before_the_series_is_no_season() -> None:
    """Begun five days ago: there is no last week to repeat, so the forecast stays on those days."""
    y = np.concatenate([np.full(130, np.nan), WEEK[:5]])
    said = ruled(y, np.nan)
    assert (said.method, said.now.tolist()) == ("smoothing", [9.0] * 7)


def test_each_series_has_its_own_rule() -> None:
    noise = 50 + np.random.default_rng(2).normal(0, 1, 210)
    y = np.array([np.tile(WEEK, 30), noise, noise])
    scale = Scale(np.ones(3), np.zeros(3), np.ones(3), np.ones(3, dtype=bool))
    origins = np.arange(145, 203, 3, dtype=np.intp)
    errors = np.full((3, origins.size, STEPS), 3.0)
    errors[2] = 0.01
    given = np.full((3, STEPS), 9.0)
    now, methods = with_rules(Lived(y, y, y, np.zeros((3, STEPS)), scale, origins, 3, SIMPLE), given, errors)
    assert methods == ("seasonal naive", "run rate", "smoothing")
    assert now[0] == pytest.approx(WEEK)
    assert now[1] == pytest.approx(np.full(7, noise[-28:].mean()))
    assert now[2].tolist() == [9.0] * 7
    assert (given == 9.0).all()
    assert (errors[2] == 0.01).all()
