"""A saving that goes away again is noticed at 30 and 90 days, and a change in volume is not mistaken for one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from costlib.roadmap.savings.counterfactual import counterfactual
from costlib.roadmap.savings.measured import Measured
from costlib.roadmap.savings.slipback import Check, Held, slip_back

START = date(2026, 1, 1)
END = START + timedelta(days=90)


def checks(*shares: tuple[int, float], days: int = 100, today: int = 100, noise: float = 0.01) -> list[Check]:
    """1,000 a day; after the ramp the shares saved from these days on; volume doubles on day 20 after it."""
    volume = np.exp(0.2 * np.sin(np.arange(90 + days) / 8))
    volume[110:] *= 2
    cost = 1000 * volume / volume[:90].mean() * np.exp(noise * np.sin(np.arange(90 + days) ** 2 * 0.7))
    saved = np.zeros(90 + days)
    for since, share in shares:
        saved[90 + since :] = share
    found = counterfactual(Measured(START, cost * (1 - saved), volume), END)
    return slip_back(found, END, END + timedelta(days=today))


def test_a_saving_that_stays_is_held_though_the_volume_doubles():
    assert [(one.days, one.verdict) for one in checks((0, 0.4))] == [(30, Held.HELD), (90, Held.HELD)]


def test_a_saving_that_halves_after_six_weeks_is_found_at_90_days():
    first, second = checks((0, 0.4), (45, 0.2))
    assert (first.verdict, second.verdict) == (Held.HELD, Held.SLIPPED)
    assert second.arrived == pytest.approx(0.4, abs=0.02)
    assert second.now and second.now.likely == pytest.approx(0.2, abs=0.03)


def test_what_is_lost_a_month_is_the_lost_share_of_what_would_be_spent():
    """Volume doubled: about 2,000 a day x 0.2 x 365 / 12 days."""
    lost = checks((0, 0.4), (45, 0.2))[1].lost_a_month
    assert lost == pytest.approx(0.2 * 2000 * 365 / 12, rel=0.25)


@pytest.mark.parametrize("period", [1, 7])
@pytest.mark.parametrize("unknown", [[], [80, 83, 86]])
def test_what_is_lost_a_month_does_not_hang_on_unknown_days(unknown, period):
    """1,000 a day, 40 % of it saved, then 20 %: 200 x 365 / 12 = 6,083 a month, though days of the last are unknown."""
    cost = 1000.0 * period * np.exp(0.002 * np.sin(np.arange(210) ** 2 * 0.7))
    after = 120 // period * period
    saved = np.r_[np.zeros(after), np.full(45, 0.4), np.full(45, 0.2)]
    daily = (cost[: after + 90] / period) * (1 - saved)
    daily[[after + day for day in unknown]] = np.nan if period == 1 else daily[after + 80]
    end = START + timedelta(days=after)
    series = daily if period == 1 else daily[: len(daily) // 7 * 7].reshape(-1, 7).sum(axis=1)
    found = slip_back(counterfactual(Measured(START, series, days=period), end), end, end + timedelta(days=90))
    assert found[1].lost_a_month == pytest.approx(0.2 * 1000 * 365 / 12, rel=0.03)
    assert found[1].verdict is Held.SLIPPED


def test_a_loss_within_the_tolerance_is_no_alarm():
    assert checks((0, 0.40), (15, 0.35))[0].verdict is Held.HELD


def test_a_loss_that_chance_may_explain_is_watched():
    assert checks((0, 0.40), (15, 0.28), noise=0.25)[0].verdict is Held.WATCH


def test_a_check_that_is_not_due_is_not_made():
    assert [one.days for one in checks((0, 0.4), today=60)] == [30]
    assert checks((0, 0.4), today=29) == []


def test_what_never_arrived_cannot_slip():
    assert all(one.verdict is Held.UNKNOWN or one.arrived < 0.02 for one in checks((0, 0.0)))
    assert checks((0, -0.3))[0].verdict is Held.UNKNOWN


def test_a_window_without_data_is_unknown():
    gone = checks((0, 0.4), days=60)[1]
    assert (gone.verdict, gone.now, gone.lost_a_month) == (Held.UNKNOWN, None, None)
    assert gone.arrived == pytest.approx(0.4, abs=0.02)


def test_the_share_saved_now_lies_within_its_range():
    for one in checks((0, 0.4), noise=0.1):
        assert one.now and one.now.low < one.now.likely < one.now.high


def test_a_saving_that_is_likely_is_watched_over_though_chance_may_explain_it():
    """5 % of a bill that swings by a quarter from day to day: likely there, its range begins below nothing."""
    found = checks((0, 0.05), noise=0.25)[0]
    assert found.now and found.now.low < 0 < found.arrived
    assert found.verdict is Held.HELD
