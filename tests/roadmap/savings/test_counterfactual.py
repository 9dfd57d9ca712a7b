"""What would have been spent, on series whose answer is known without a calculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.roadmap.savings.counterfactual import counterfactual
from costlib.roadmap.savings.measured import Basis, Measured, TooLittleHistory

START = date(2026, 1, 1)
GO_LIVE = START + timedelta(days=90)
WEEK = np.array([1.0, 1.1, 1.2, 1.1, 1.0, 0.6, 0.5])


def ripple(length: int, size: float = 0.01) -> np.ndarray:
    """A little noise that is the same every time."""
    return np.exp(size * np.sin(np.arange(length) ** 2 * 0.7))


def scope(**other) -> Measured:
    """90 days before and 42 after of 1,000 a day with a weekday rhythm."""
    days = 1000 * np.resize(WEEK, 132) * ripple(132)
    return Measured(START, days, **other)


def test_nothing_done_is_nothing_saved():
    found = counterfactual(scope(), GO_LIVE)
    spent = found.actual.sum()
    whole = found.total(found.known)
    assert whole.low < spent < whole.high
    assert whole.likely == pytest.approx(spent, rel=0.01)


def test_the_rhythm_of_the_week_is_carried_on():
    found = counterfactual(scope(), GO_LIVE)
    assert found.expected[:7] == pytest.approx(1000 * np.resize(WEEK, 97)[90:], rel=0.02)


@settings(max_examples=25, deadline=None)
@given(step=st.floats(0.3, 3.0), fixed=st.floats(0.0, 1.0), saved=st.floats(0.0, 0.8))
def test_a_step_in_volume_changes_the_expectation_and_not_the_saving(step, fixed, saved):
    """Cost = fixed + variable x volume, to the letter: the saving found is the one made, whatever the volume."""
    volume = 1e6 * np.exp(0.3 * np.sin(np.arange(132) / 9))
    volume[90:] *= step
    relative = volume / volume[:90].mean()
    cost = 1000 * (fixed + (1 - fixed) * relative)
    cost[90:] *= 1 - saved
    found = counterfactual(Measured(START, cost, volume), GO_LIVE)
    without = 1000 * (fixed + (1 - fixed) * relative[90:])
    assert found.basis is Basis.VOLUME
    assert found.total(found.known).likely == pytest.approx(without.sum(), rel=0.01)
    assert found.moving == pytest.approx(1 - fixed, abs=0.02)


def test_where_the_volume_never_moved_before_a_jump_makes_the_interval_wide():
    steady = np.full(132, 1e6)
    jumped = np.r_[steady[:90], steady[90:] * 2]
    calm, wild = (counterfactual(scope(volume=volume), GO_LIVE) for volume in (steady, jumped))
    narrow, wide = (one.total(one.known) for one in (calm, wild))
    assert (wide.high - wide.low) / wide.likely > 5 * (narrow.high - narrow.low) / narrow.likely


def test_without_a_volume_the_untouched_segments_are_used_and_without_those_the_trend():
    panel = np.vstack([np.resize(WEEK, 132), np.full(132, np.nan)])
    assert counterfactual(scope(panel=panel), GO_LIVE).basis is Basis.PANEL
    assert counterfactual(scope(volume=np.full(132, 5.0), panel=panel), GO_LIVE).basis is Basis.VOLUME
    assert counterfactual(scope(), GO_LIVE).basis is Basis.TREND


def test_a_fall_of_every_segment_is_not_taken_for_a_saving():
    common = np.exp(0.2 * np.sin(np.arange(132) / 11)) * np.r_[np.ones(90), np.full(42, 0.7)]
    panel = np.vstack([500 * common * ripple(132), 80 * common, 20 * common])
    cost = 1000 * common * ripple(132)
    with_panel = counterfactual(Measured(START, cost, panel=panel), GO_LIVE)
    alone = counterfactual(Measured(START, cost), GO_LIVE)
    assert with_panel.total(with_panel.known).likely == pytest.approx(cost[90:].sum(), rel=0.05)
    assert alone.total(alone.known).likely > 1.2 * cost[90:].sum()


def test_growth_goes_on():
    cost = 1000 * np.exp(0.3 * np.arange(132) / 365) * ripple(132, 0.002)
    found = counterfactual(Measured(START, cost), GO_LIVE)
    assert found.total(found.known).likely == pytest.approx(cost[90:].sum(), rel=0.01)


def test_the_ramp_is_evidence_of_nothing():
    cost = scope().cost.copy()
    cost[90:104] = 0.0
    found = counterfactual(Measured(START, cost), GO_LIVE, GO_LIVE + timedelta(days=14))
    assert len(found.expected) == 28
    assert found.dates()[0] == GO_LIVE + timedelta(days=14)
    assert found.total(found.known).likely == pytest.approx(scope().cost[104:].sum(), rel=0.02)


def test_a_day_that_is_not_known_is_on_neither_side():
    cost = scope().cost.copy()
    cost[[10, 40, 95, 96]] = np.nan
    found = counterfactual(Measured(START, cost), GO_LIVE)
    assert int((~found.known).sum()) == 2
    assert found.total(found.known).likely == pytest.approx(np.nansum(cost[90:]), rel=0.02)


def test_days_without_cost_are_added_up_to_weeks():
    """A job that runs on Mondays: by the day its cost has no logarithm, by the week it has."""
    cost = np.where(np.arange(7 * 30) % 7 == 4, 700.0, 0.0) * ripple(210)
    found = counterfactual(Measured(START, cost), START + timedelta(days=7 * 20))
    assert found.measured.days == 7 and len(found.expected) == 10
    assert found.total(found.known).likely == pytest.approx(cost[140:].sum(), rel=0.02)


@pytest.mark.parametrize(("days", "before"), [(1, 55), (7, 11)])
def test_too_short_a_history_is_refused(days, before):
    series = Measured(START, np.ones(before + 20), days=days)
    with pytest.raises(TooLittleHistory, match=f"{before} (days|weeks) with a known cost"):
        counterfactual(series, START + timedelta(days=before * days))


def test_nothing_after_the_ramp_is_refused():
    with pytest.raises(TooLittleHistory, match="ends before the ramp does"):
        counterfactual(scope(), GO_LIVE, START + timedelta(days=132))


def test_series_of_different_lengths_are_refused():
    with pytest.raises(InputError, match="one value a period of each"):
        Measured(START, np.ones(10), np.ones(9))


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(1e-3, 1e6))
def test_another_currency_scales_every_figure(factor):
    one = counterfactual(scope(), GO_LIVE)
    other = counterfactual(replace(scope(), cost=scope().cost * factor), GO_LIVE)
    small, large = one.total(one.known), other.total(other.known)
    assert large.likely == pytest.approx(small.likely * factor, rel=1e-6)
    assert large.low == pytest.approx(small.low * factor, rel=1e-6)


def test_a_longer_outlook_is_less_certain_a_day_and_a_noisier_past_too():
    noisy = Measured(START, 1000 * np.resize(WEEK, 132) * ripple(132, 0.2))
    narrow, wide = (counterfactual(one, GO_LIVE) for one in (scope(), noisy))
    spans = [one.total(one.known) for one in (narrow, wide)]
    assert spans[1].high - spans[1].low > 3 * (spans[0].high - spans[0].low)


def test_placebos_ask_the_method_where_nothing_was_done():
    found = counterfactual(scope(), GO_LIVE)
    assert found.placebos and all(abs(one.off) < 0.02 and one.at < GO_LIVE for one in found.placebos)
    broken = scope().cost.copy()
    broken[70:90] *= 1.5
    shaken = counterfactual(Measured(START, broken), GO_LIVE)
    assert max(abs(one.off) for one in shaken.placebos) > 0.1
    assert shaken.inflation > found.inflation
