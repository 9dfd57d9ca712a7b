"""Run funds Grow funds Transform: flows worked by hand, and what must hold of any."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio.reinvest import Sides, by_year, fund, reinvested, reinvestment
from costlib.roadmap.simulate import simulate

START = date(2026, 1, 1)


def flows(released, grow=(0, 0, 0), margin=(0, 0, 0), transform=(0, 0, 0), kept=(0, 0, 0)):
    return fund(Sides(*(np.array(one, dtype=float) for one in (released, kept, grow, margin, transform))), START)


def test_three_months_by_hand():
    """Month 1: Run pays 50 before it saves. 2: 100 released, Grow takes 80, 20 wait. 3: 120 there, Grow wants 150."""
    first, second, third = flows([-50, 100, 100], [0, 80, 150], [0, -80, 60], [0, 10, 5])
    assert (first.ask_run, first.waiting_run, first.ask) == (50, 0, 50)
    assert (second.into_grow, second.ask_grow, second.waiting_run) == (80, 0, 20)
    assert (third.into_grow, third.ask_grow, third.waiting_run) == (120, 30, 0)
    assert (second.ask_transform, third.ask_transform, third.waiting_grow) == (10, 5, -20)


def test_transform_spends_what_grow_has_earned_beyond_its_cost():
    """Grow costs 100, then earns 70 and 70: 40 are left in month 3, of which Transform wants 60."""
    third = flows([100, 0, 0], [100, 0, 0], [-100, 70, 70], [0, 0, 60])[2]
    assert (third.into_transform, third.ask_transform) == (40, 20)


def test_run_savings_never_reach_transform():
    assert sum(one.into_transform for one in flows([500, 500, 500], transform=[100, 100, 100])) == 0


def test_what_is_kept_back_funds_nothing():
    one = flows([100, 0, 0], grow=[100, 0, 0], kept=[60, 0, 0])[0]
    assert (one.into_grow, one.ask_grow) == (40, 60)


AMOUNTS = st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6)
SPENDS = st.lists(st.floats(0, 1e6), min_size=6, max_size=6)


@given(AMOUNTS, SPENDS, AMOUNTS, SPENDS)
def test_no_money_is_made_or_lost_and_no_pool_is_overdrawn(released, grow, margin, transform):
    rows = flows(released, grow, margin, transform, np.zeros(6))
    scale = 1e-9 * 6e6
    came = sum(one.released + one.ask_run - one.kept - one.into_grow for one in rows)
    assert rows[-1].waiting_run == pytest.approx(came, abs=scale)
    earned = sum(one.grow_margin - one.into_transform for one in rows)
    assert rows[-1].waiting_grow == pytest.approx(earned, abs=scale)
    for one in rows:
        assert one.waiting_run >= 0 and min(one.ask_run, one.ask_grow, one.ask_transform) >= 0
        assert one.into_grow + one.ask_grow == pytest.approx(one.wanted_grow)
        assert one.into_transform + one.ask_transform == pytest.approx(one.wanted_transform)


@given(AMOUNTS, SPENDS, st.floats(0, 1e6))
def test_more_released_never_raises_the_ask(released, grow, more):
    poor = sum(one.ask for one in flows(released, grow, np.zeros(6), np.zeros(6), np.zeros(6)))
    better = [released[0] + more, *released[1:]]
    rich = sum(one.ask for one in flows(better, grow, np.zeros(6), np.zeros(6), np.zeros(6)))
    assert rich <= poor + 1e-6


def portfolio(**run) -> Plan:
    """Certain: Run saves 100 a month of 1,000 from month 1 at 50 once; Grow adds 40 a month and earns 70."""
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 14, "paths": 4, "fiscal_year_start": 1},
            "initiatives": [
                {"id": "run", "bucket": "run", "scope": {"x_Team": "A"}, "saving": 0.1, "one_off_cost": 50, **run},
                {"id": "grow", "bucket": "grow", "scope": {"x_Team": "B"}, "added_spend": 40, "benefit": 70},
                {"id": "bet", "bucket": "transform", "scope": {"x_Team": "B"}, "running_cost": 20, "start": "2026-03"},
            ],
            "baseline": [
                {"segment": {"x_Team": "A"}, "monthly": [1000] * 14},
                {"segment": {"x_Team": "B"}, "monthly": [100] * 14},
            ],
        }
    )


def test_a_simulated_plan_month_by_month():
    rows = reinvestment(simulate(portfolio()))
    assert [round(one.released) for one in rows[:3]] == [50, 100, 100]
    assert [round(one.wanted_grow) for one in rows[:2]] == [40, 40]
    assert [round(one.grow_margin) for one in rows[:2]] == [30, 30]
    assert [round(one.wanted_transform) for one in rows[:3]] == [0, 0, 20]
    assert sum(one.ask for one in rows) == 0


def test_freed_capacity_is_no_cash_and_funds_nothing():
    rows = reinvestment(simulate(portfolio(releases={"what": "node", "month": "never"})))
    assert rows[0].ask_run == pytest.approx(50)
    assert all(one.ask_grow == pytest.approx(40) for one in rows)


def test_a_share_that_is_not_reinvested_is_kept():
    rows = reinvestment(simulate(portfolio(reinvest={"to": "grow", "share": 0.25})))
    assert rows[1].kept == pytest.approx(75)
    assert rows[1].into_grow == pytest.approx(25 + rows[0].waiting_run)


def test_years_add_up_the_months_and_keep_the_last_balance():
    plan = portfolio()
    months = reinvestment(simulate(plan))
    first, second = by_year(months, plan)
    assert (first.start, second.start) == (date(2026, 1, 1), date(2027, 1, 1))
    assert first.released == pytest.approx(12 * 100 - 50) and second.released == pytest.approx(200)
    assert first.waiting_run == months[11].waiting_run and second.waiting_grow == months[13].waiting_grow


def test_what_an_initiative_reinvests_by_its_own_word():
    """100 a month for 14 months, 40 % of it: 480 in the first year, 80 in the two months of the second."""
    plan = Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 14, "paths": 4},
            "initiatives": [
                {"id": "a", "saving": 0.1, "scope": {"x_Team": "A"}, "reinvest": {"to": "b", "share": 0.4}},
                {"id": "b", "bucket": "grow", "benefit": 5},
            ],
            "baseline": [{"segment": {"x_Team": "A"}, "monthly": [1000] * 14}],
        }
    )
    (flow,) = reinvested(simulate(plan))
    assert (flow.giver, flow.receiver, flow.share) == ("a", "b", 0.4)
    assert flow.years == pytest.approx((480, 80))


def test_a_month_that_costs_more_than_it_saves_reinvests_nothing():
    plan = Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 2, "paths": 4},
            "initiatives": [{"id": "a", "saving": 0.1, "one_off_cost": 500, "reinvest": {"to": "x", "share": 1}}],
            "baseline": [{"segment": {"x_Team": "A"}, "monthly": [1000, 1000]}],
        }
    )
    (flow,) = reinvested(simulate(plan))
    assert flow.years == pytest.approx((100,))
