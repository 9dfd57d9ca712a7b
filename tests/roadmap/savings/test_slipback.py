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
    assert checks((0, 0.4), days=60)[1].verdict is Held.UNKNOWN
