"""Savings, their causes, their months: worked by hand on series without chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.savings.measured import Basis, Measured
from costlib.roadmap.savings.realised import realised, split

START = date(2026, 1, 1)
GO_LIVE = date(2026, 4, 1)


def moved(values: np.ndarray) -> np.ndarray:
    """So much variation that a driver's effect can be told."""
    return values * np.exp(0.2 * np.sin(np.arange(len(values)) / 8))


@pytest.fixture
def halved() -> Measured:
    """1,000 a day that follows requests; from April on 600 with the same requests: 400 a day saved for 61 days."""
    requests = moved(np.full(151, 1e6))
    relative = requests / requests[:90].mean()
    cost = 1000 * relative
    cost[90:] *= 0.6
    return Measured(START, cost, requests)


def test_the_saving_is_what_it_would_have_cost_less_what_it_cost(halved):
    found = realised(halved, GO_LIVE)
    saved = halved.cost[90:].sum() / 0.6 * 0.4
    assert found.saving.likely == pytest.approx(saved, rel=0.005)
    assert found.share.likely == pytest.approx(0.4, abs=0.003)
    assert found.counterfactual.likely - found.actual == pytest.approx(found.saving.likely)
    assert found.saving.low < found.saving.likely < found.saving.high
    assert found.certain and found.basis is Basis.VOLUME and found.unknown == 0


def test_months_are_calendar_months_and_their_likely_values_add_up(halved):
    found = realised(halved, GO_LIVE)
    assert [(one.month, one.periods) for one in found.months] == [(date(2026, 4, 1), 30), (date(2026, 5, 1), 31)]
    assert sum(one.saving.likely for one in found.months) == pytest.approx(found.saving.likely)
    assert sum(one.actual for one in found.months) == pytest.approx(found.actual)


def test_months_have_as_many_days_as_they_have(halved):
    """Live on 1 February 2026, measured to 2 April: 28 days, 31 and 2 are the 61."""
    found = realised(replace(halved, start=date(2025, 11, 3)), date(2026, 2, 1))
    assert [(one.month, one.periods) for one in found.months] == [
        (date(2026, 2, 1), 28), (date(2026, 3, 1), 31), (date(2026, 4, 1), 2)
    ]  # fmt: skip
    assert sum(one.counterfactual for one in found.months) == pytest.approx(found.counterfactual.likely)


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e6])
def test_what_is_certain_is_so_in_any_currency(halved, factor):
    one, other = realised(halved, GO_LIVE), realised(replace(halved, cost=halved.cost * factor), GO_LIVE)
    assert one.certain and other.certain
    assert other.share.low == pytest.approx(one.share.low, rel=1e-6)
    assert other.demand == pytest.approx(one.demand * factor, rel=1e-4, abs=1e-4 * factor * one.actual)


def test_ranges_of_months_added_up_would_overstate_the_range_of_the_whole(halved):
    shaken = replace(halved, cost=halved.cost * np.exp(0.05 * np.sin(np.arange(151) ** 2)))
    found = realised(shaken, GO_LIVE)
    widths = [one.saving.high - one.saving.low for one in found.months]
    assert found.saving.high - found.saving.low < sum(widths)


def test_a_dearer_scope_is_a_negative_saving(halved):
    dearer = replace(halved, cost=np.r_[halved.cost[:90], halved.cost[90:] * 2])
    found = realised(dearer, GO_LIVE)
    assert found.saving.high < 0 and not found.certain


def test_demand_is_shown_and_is_no_saving():
    """Requests double and nothing else happens: 1,000 a day more for 61 days is demand, the saving nothing."""
    requests = moved(np.full(151, 1e6))
    relative = np.r_[requests[:90], requests[90:] * 2] / requests[:90].mean()
    found = realised(Measured(START, 1000 * relative, relative), GO_LIVE)
    assert found.saving.likely == pytest.approx(0, abs=0.01 * found.actual)
    assert found.demand == pytest.approx(1000 * (relative[90:] - 1).sum(), rel=0.02)


def test_demand_is_what_more_work_would_have_cost_without_the_initiative():
    """Requests double and each costs 40 % less: the second 1,000 a day is demand in full, not the 600 it cost."""
    requests = moved(np.full(151, 1e6))
    relative = np.r_[requests[:90], requests[90:] * 2] / requests[:90].mean()
    cost = 1000 * relative * np.r_[np.ones(90), np.full(61, 0.6)]
    found = realised(Measured(START, cost, relative), GO_LIVE)
    assert found.demand == pytest.approx(1000 * (relative[90:] - 1).sum(), rel=0.02)
    assert found.saving.likely == pytest.approx(400 * relative[90:].sum(), rel=0.02)


def test_work_done_says_nothing_where_the_work_asked_for_is_not_known(halved):
    done = replace(halved, volume=None, work_done=halved.volume, quantity=halved.cost / 2)
    assert realised(done, GO_LIVE).split is None


def test_without_a_volume_demand_is_unknown():
    found = realised(Measured(START, moved(np.full(151, 1000.0))), GO_LIVE)
    assert found.demand is None and found.split is None


def test_a_split_by_hand():
    """2,000 for 1,000 hours; then 600 hours at 1.50 = 900, and a tenth of the work was not needed.

    Rate (2 - 1.5) x 600 = 300. Volume 2 x 1,000 x 0.1 = 200. Efficiency 2 x (900 - 600) = 600. Together 1,100.
    """
    part = split(2000, 1000, 900, 600, 0.1)
    assert (part.rate, part.volume, part.efficiency) == pytest.approx((300, 200, 600))


@given(
    without=st.floats(1, 1e9), hours=st.floats(1, 1e9), actual=st.floats(0, 1e9), used=st.floats(0, 1e9),
    avoided=st.floats(0, 1),
)  # fmt: skip
def test_the_parts_of_a_split_add_up_to_the_saving(without, hours, actual, used, avoided):
    part = split(without, hours, actual, used, avoided)
    scale = without + actual + without / hours * used
    assert part.rate + part.volume + part.efficiency == pytest.approx(without - actual, abs=1e-9 * scale)


def test_a_cheaper_price_is_rate_and_fewer_hours_are_efficiency(halved):
    hours = halved.cost / 2
    cheaper = realised(replace(halved, quantity=np.r_[hours[:90], hours[90:] / 0.6]), GO_LIVE)
    fewer = realised(replace(halved, quantity=hours), GO_LIVE)
    assert cheaper.split and fewer.split
    assert cheaper.split.rate == pytest.approx(cheaper.saving.likely, rel=0.03)
    assert cheaper.split.efficiency == pytest.approx(0, abs=0.03 * cheaper.saving.likely)
    assert fewer.split.efficiency == pytest.approx(fewer.saving.likely, rel=0.03)
    assert fewer.split.rate == pytest.approx(0, abs=0.03 * fewer.saving.likely)


def test_work_that_was_not_needed_is_the_volume_part(halved):
    """Two in five calls were answered from a cache: the same hours a call, 40 % fewer calls."""
    done = np.r_[halved.volume[:90], halved.volume[90:] * 0.6]
    found = realised(replace(halved, quantity=halved.cost / 2, work_done=done), GO_LIVE)
    assert found.split
    assert found.split.volume == pytest.approx(found.saving.likely, rel=0.03)
    assert found.split.rate + found.split.volume + found.split.efficiency == pytest.approx(found.saving.likely)


def test_a_quantity_that_is_not_known_everywhere_gives_no_split(halved):
    hours = halved.cost / 2
    hours[100] = np.nan
    assert realised(replace(halved, quantity=hours), GO_LIVE).split is None


def test_the_ramp_counts_for_nothing(halved):
    late = realised(halved, GO_LIVE, GO_LIVE + timedelta(days=30))
    assert late.saving.likely == pytest.approx(halved.cost[120:].sum() / 0.6 * 0.4, rel=0.005)
