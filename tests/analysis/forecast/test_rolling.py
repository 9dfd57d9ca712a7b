"""Rolling cutoffs: nothing after a cutoff is known, and who is too young is left out."""

from __future__ import annotations

import numpy as np

from bench.panels import Panel, Setting
from bench.rolling import Cutoff, cutoffs, fifths, held
from costlib.analysis.forecast.rhythm import Frequency


def panel(months: int, series: int = 30) -> Panel:
    random = np.random.default_rng(1)
    y = np.exp(5 + random.normal(0, 0.1, (series, months)).cumsum(axis=1))
    return Panel("p", Setting(Frequency.MONTH, 12, 6), y[:, :-6], y[:, -6:])


def test_cutoffs_lie_a_horizon_apart_and_see_nothing_later() -> None:
    whole = panel(48)
    found = list(cutoffs(whole))
    # 42 months of history, then 36, 30 and 24; 18 are too few.
    assert [one.history.shape[1] for one in found] == [42, 36, 30, 24]
    np.testing.assert_array_equal(found[0].history, whole.history)
    np.testing.assert_array_equal(found[1].actual, whole.history[:, -6:])


def test_a_series_that_is_too_young_is_empty_and_keeps_its_place() -> None:
    whole = panel(48)
    whole.history[3, :20] = np.nan
    newest, before, *_ = cutoffs(whole)
    assert np.isnan(before.history[3]).all() and np.isnan(before.actual[3]).all()
    assert not np.isnan(newest.actual[3]).any()
    assert held(before).odd.sum() == 14


def test_there_are_six_cutoffs_at_most() -> None:
    assert len(list(cutoffs(panel(120)))) == 6


def test_fifths_are_those_of_the_widths() -> None:
    one = Cutoff(np.arange(10) / 10, np.ones(10), np.arange(10.0)[::-1], np.arange(10) % 2 == 1)
    # The widest are the first two, which held 0 and 10 %; the narrowest the last two.
    np.testing.assert_allclose(fifths([one]), (0.85, 0.05))
