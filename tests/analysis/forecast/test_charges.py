"""Charges that come on one day of every month: found where they are, and only there."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from costlib.analysis.forecast.charges import bridged_days, fixed_charges
from costlib.analysis.forecast.engine import CHARGED, forecast
from costlib.analysis.forecast.rhythm import Frequency
from tests.analysis.forecast.conftest import bills

Array = NDArray[np.float64]
END = date(2026, 8, 1)


def days(count: int, end: date = END) -> list[date]:
    return [end - timedelta(days=count - place) for place in range(count)]


def charged(day: int, charge: float = 500.0, usual: float = 10.0, count: int = 212) -> Array:
    return np.array([[usual + (charge if one.day == day else 0.0) for one in days(count)]])


@pytest.mark.parametrize("day", [1, 15, 28])
def test_a_charge_is_taken_out_and_put_back_on_its_day(day: int) -> None:
    rest, ahead = fixed_charges(charged(day), END, 61)
    assert ahead is not None
    np.testing.assert_allclose(rest, 10.0)
    due = [END + timedelta(days=int(step)) for step in np.flatnonzero(ahead.likely[0])]
    assert [one.day for one in due] == [day, day]
    np.testing.assert_allclose(ahead.likely[0].sum(), 1000.0)


def test_the_last_day_of_the_month_is_a_day_of_its_own() -> None:
    y = np.array([[510.0 if (one + timedelta(days=1)).day == 1 and one.day > 28 else 10.0 for one in days(150)]])
    _, ahead = fixed_charges(y, END, 31)
    assert ahead is not None and np.flatnonzero(ahead.likely[0]).tolist() == [30]


def test_newer_charges_count_more() -> None:
    y = charged(1)
    first = [place for place, one in enumerate(days(212)) if one.day == 1]
    y[0, first[-1]] += 300.0
    _, ahead = fixed_charges(y, END, 1)
    assert ahead is not None and ahead.likely[0, 0] == pytest.approx(650.0)
    assert ahead.at(np.array([0.1, 0.9]))[0, 0, 1] > ahead.at(np.array([0.1, 0.9]))[0, 0, 0]


def test_restless_series_one_spike_and_two_months_have_none() -> None:
    random = np.random.default_rng(1)
    assert fixed_charges(random.lognormal(2, 1.5, (20, 400)), END, 31)[1] is None
    once = np.full((1, 212), 10.0)
    once[0, 100] = 900.0
    assert fixed_charges(once, END, 31)[1] is None
    assert fixed_charges(charged(1, count=40), END, 31)[1] is None


def test_a_charge_that_has_stopped_is_not_due() -> None:
    y = charged(1)
    y[0, -45:] = 10.0
    assert fixed_charges(y, END, 31)[1] is None


class TestUnknownDays:
    """A charge of 500 on every first from January to July 2026, beside 10 a day; days are counted from 1 January."""

    @staticmethod
    def lacking(*days: int) -> Array:
        y = charged(1)
        y[0, list(days)] = np.nan
        return y

    @pytest.mark.parametrize("unknown", [range(181, 212), range(59, 90), (181,), (0,), (59, 120)])
    def test_an_unknown_day_neither_ends_a_charge_nor_counts_against_it(self, unknown: range) -> None:
        rest, ahead = fixed_charges(self.lacking(*unknown), END, 31)
        assert ahead is not None and ahead.likely[0, 0] == 500
        known = ~np.isnan(rest[0])
        assert known.sum() == 212 - len(unknown) and (rest[0, known] == 10).all()

    def test_three_known_ones_are_needed(self) -> None:
        assert fixed_charges(self.lacking(0, 31, 59, 90), END, 31)[1] is not None
        assert fixed_charges(self.lacking(0, 31, 59, 90, 120), END, 31)[1] is None

    def test_one_that_did_not_come_after_an_unknown_one_has_stopped(self) -> None:
        y = self.lacking(151)
        y[0, 181] = 10
        assert fixed_charges(y, END, 31)[1] is None

    @pytest.mark.parametrize("unknown", [range(181, 212), range(59, 90), (181,), (59, 120)])
    def test_it_is_put_on_the_unknown_days_on_which_it_fell_due(self, unknown: range) -> None:
        np.testing.assert_allclose(bridged_days(self.lacking(*unknown), END, 7), charged(1))

    def test_nothing_is_due_before_the_first(self) -> None:
        y = self.lacking(0)
        np.testing.assert_allclose(bridged_days(y, END, 7)[:, 1:], charged(1)[:, 1:])
        assert np.isnan(bridged_days(y, END, 7)[0, 0])

    def test_what_is_known_wholly_is_as_it_was(self) -> None:
        y = charged(1)
        assert bridged_days(y, END, 7) is y

    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 60), st.sets(st.integers(1, 211), min_size=1, max_size=60))
    def test_known_days_keep_their_cost_and_all_others_get_one(self, seed: int, unknown: set[int]) -> None:
        y = charged(1) + bills(1, 212, seed) / 100
        places = sorted(unknown)
        lacking = y.copy()
        lacking[0, places] = np.nan
        found = bridged_days(lacking, END, 7)
        assert not np.isnan(found).any()
        kept = np.setdiff1d(np.arange(212), places)
        np.testing.assert_allclose(found[0, kept], y[0, kept])


def test_ordinary_bills_are_left_alone(daily: Array) -> None:
    rest, ahead = fixed_charges(daily, END, 31)
    assert ahead is None and rest is daily


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.floats(1e-3, 1e5))
def test_scaling_money_scales_charges(seed: int, factor: float) -> None:
    y = charged(1) + bills(1, 212, seed) / 100
    (_, once), (_, scaled) = fixed_charges(y, END, 31), fixed_charges(y * factor, END, 31)
    assert once is not None and scaled is not None
    np.testing.assert_allclose(scaled.likely, factor * once.likely, rtol=1e-9)


def test_the_forecast_of_a_month_holds_its_charge_once() -> None:
    y = np.concatenate([charged(1), bills(4, 212, seed=3)])
    ahead = forecast(y, 31, Frequency.DAY, END)
    total = ahead.totals(80)
    assert total.p50[0] == pytest.approx(31 * 10 + 500, rel=0.02)
    assert ahead.p50[0, 0] == pytest.approx(510, rel=0.02) and ahead.p50[0, 1] == pytest.approx(10, rel=0.02)
    assert ahead.mean[0].sum() == pytest.approx(total.mean[0])
    assert ahead.notes[0][-1] == CHARGED and CHARGED not in ahead.notes[1]


def test_paths_quantiles_and_totals_agree_about_charges() -> None:
    random = np.random.default_rng(2)
    y = charged(1) * random.lognormal(0, 0.1, (1, 212))
    ahead = forecast(y, 31, Frequency.DAY, END)
    paths = ahead.paths(3000, seed=1)
    drawn, said = np.quantile(paths[0, :, 0], [0.1, 0.5, 0.9]), ahead.quantiles([0.1, 0.5, 0.9])[0, 0]
    np.testing.assert_allclose(drawn, said, rtol=0.05)
    lower, upper = np.quantile(paths[0].sum(axis=1), [0.1, 0.9])
    total = ahead.totals(80)
    np.testing.assert_allclose([lower, upper], [total.lower[0], total.upper[0]], rtol=0.05)


def test_months_know_no_days_of_the_month() -> None:
    y = np.full((1, 40), 10.0)
    assert forecast(y, 3, Frequency.MONTH, END).p50.tolist() == forecast(y, 3, Frequency.MONTH).p50.tolist()
