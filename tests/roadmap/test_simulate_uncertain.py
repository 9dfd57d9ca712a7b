"""Chance: against numerical integration, P(target), draws, and the properties that hold on every path."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from costlib.roadmap.draws import delay_probabilities, draw
from costlib.roadmap.figures import headline
from costlib.roadmap.plan_errors import NoActuals
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Actuals

TARGET = {"reduction": 0.3, "by": "2026-06", "reference": "baseline"}


def pert_pdf(low: float, likely: float, high: float):
    a, b = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
    return stats.beta(a, b, loc=low, scale=high - low)


def test_spend_against_numerical_integration(plan_of):
    """Two overlapping levers, one with delay and ramp: the mean spend of each month by quadrature."""
    plan = plan_of(
        {"id": "a", "saving": {"low": 0.1, "likely": 0.3, "high": 0.7}, "probability": 0.8},
        {"id": "b", "saving": {"low": 0.2, "likely": 0.25, "high": 0.5}, "probability": 0.6, "ramp_months": 1,
         "delay_months": {"low": 0, "likely": 1, "high": 3}},
        months=6, paths=40_000, seed=3,
    )  # fmt: skip
    grid = (np.arange(20_000) + 0.5) / 20_000
    first = pert_pdf(0.1, 0.3, 0.7).ppf(grid).mean() * 0.8
    second = pert_pdf(0.2, 0.25, 0.5).ppf(grid).mean() * 0.6
    whole_months = np.floor(pert_pdf(0, 1, 3).ppf(grid) + 0.5)
    result = simulate(plan)
    for month, paths in enumerate(result.spend):
        ramp = np.clip((month - whole_months + 1) / 2, 0, 1).mean()
        expected = 1000 * (1 - first) * (1 - second * ramp)
        assert abs(paths.mean() - expected) < 4 * paths.std() / np.sqrt(paths.size)


def test_probability_of_the_target_against_integration(plan_of):
    plan = plan_of(
        {"id": "a", "saving": {"low": 0.1, "likely": 0.3, "high": 0.7}, "probability": 0.8}, paths=40_000, target=TARGET
    )
    expected = 0.8 * pert_pdf(0.1, 0.3, 0.7).sf(0.3)
    assert abs(simulate(plan).p_target - expected) < 4 * np.sqrt(expected * (1 - expected) / 40_000)


def test_a_saving_of_just_the_target_meets_it(plan_of):
    for reduction in (0.1, 0.3, 0.7):
        target = {**TARGET, "reduction": reduction}
        assert simulate(plan_of({"id": "a", "saving": reduction}, target=target)).p_target == 1.0
        assert simulate(plan_of({"id": "a", "saving": reduction - 1e-6}, target=target)).p_target == 0.0


def test_the_targets_scope_and_month(plan_of):
    late = {"id": "a", "saving": 0.5, "scope": {"x_Team": ["B"]}, "start": "2026-07"}
    scoped = {**TARGET, "scope": {"x_Team": ["B"]}}
    spend = {"A": 1000.0, "B": 100.0}
    assert simulate(plan_of(late, spend=spend, target=scoped)).p_target == 0.0
    assert simulate(plan_of(late, spend=spend, target={**scoped, "by": "2026-07"})).p_target == 1.0
    assert simulate(plan_of(late, spend=spend, target={**TARGET, "by": "2026-07"})).p_target == 0.0


def test_freed_capacity_does_not_meet_a_target(plan_of):
    late = {"id": "a", "saving": 0.5, "releases": {"what": "node", "month": "2026-07"}}
    assert simulate(plan_of(late, target=TARGET)).p_target == 0.0
    assert simulate(plan_of(late, target={**TARGET, "by": "2026-07"})).p_target == 1.0


def test_last_quarter_is_the_default_and_needs_actuals(plan_of):
    lever = {"id": "a", "saving": 0.4}
    plan = plan_of(lever, target={"reduction": 0.3, "by": "2026-06"})
    with pytest.raises(NoActuals, match=r"target\.reference: baseline"):
        simulate(plan)
    months = [9999.0, 700.0, 800.0, 1200.0]
    actuals = Actuals([{"x_Team": "A"}], date(2025, 9, 1), np.array([months]))
    result = simulate(plan, actuals=actuals)
    assert (result.reference, result.p_target) == (900.0, 1.0)
    harder = plan_of(lever, target={"reduction": 0.34, "by": "2026-06"})
    assert simulate(harder, actuals=actuals).p_target == 0.0
    with pytest.raises(NoActuals, match="begins in 2025-11"):
        simulate(plan, actuals=Actuals([{"x_Team": "A"}], date(2025, 11, 1), np.ones((1, 2))))


def test_last_quarter_follows_the_fiscal_year_and_what_is_closed(plan_of):
    lever, target = {"id": "a", "saving": 0.4}, {"reduction": 0.3, "by": "2026-06"}
    spend = np.arange(1.0, 13.0)[None, :]
    year = Actuals([{"x_Team": "A"}], date(2025, 1, 1), spend)
    assert simulate(plan_of(lever, target=target), actuals=year).reference == 11.0
    assert simulate(plan_of(lever, target=target, fiscal_year_start=2), actuals=year).reference == 9.0
    short = Actuals([{"x_Team": "A"}], date(2025, 1, 1), spend[:, :11])
    assert simulate(plan_of(lever, target=target), actuals=short).reference == 8.0


def test_a_frozen_reference_wins(plan_of):
    plan = plan_of({"id": "a", "saving": 0.4}, target={"reduction": 0.3, "by": "2026-06", "reference_value": 860})
    assert (simulate(plan).reference, simulate(plan).p_target) == (860.0, 1.0)


def test_draws_have_the_moments_of_pert():
    one = Initiative(
        id="a", saving={"low": 0.1, "likely": 0.2, "high": 0.6}, delay_months={"low": 0, "likely": 1, "high": 4}
    )
    drawn = draw(one, 1, 100_000)
    assert drawn.saving.mean() == pytest.approx((0.1 + 0.8 + 0.6) / 6, abs=0.002)
    assert drawn.saving.min() >= 0.1 and drawn.saving.max() <= 0.6
    assert drawn.delay.dtype == np.int64
    for months, chance in delay_probabilities(one.delay_months):
        assert np.mean(drawn.delay == months) == pytest.approx(chance, abs=0.006)


def test_delay_probabilities_are_whole():
    for estimate in (
        Estimate(low=0, likely=0, high=2),
        Estimate(low=1, likely=4, high=9),
        Estimate(low=3, likely=3, high=3),
    ):
        assert sum(chance for _, chance in delay_probabilities(estimate)) == pytest.approx(1)


def test_streams_belong_to_the_initiative_and_the_seed():
    uncertain = {"saving": {"low": 0.1, "likely": 0.2, "high": 0.6}}
    a, b = Initiative(id="a", **uncertain), Initiative(id="b", **uncertain)
    assert (draw(a, 1, 50).saving == draw(a, 1, 50).saving).all()
    assert (draw(a, 1, 50).saving != draw(b, 1, 50).saving).any()
    assert (draw(a, 1, 50).saving != draw(a, 2, 50).saving).any()


def chancy(number: int, low: float, width: float, probability: float, start: int, ramp: int, delay: int) -> dict:
    high = min(low + width, 0.95)
    return {
        "id": f"i{number}",
        "scope": [{}, {"x_Team": ["A"]}, {"x_Team": ["B"]}][number % 3],
        "saving": {"low": low, "likely": (low + high) / 2, "high": high},
        "probability": probability,
        "start": f"2026-{start + 1:02d}",
        "ramp_months": ramp,
        "delay_months": {"low": 0, "likely": 0, "high": delay},
        "one_off_cost": 10 * number,
        "running_cost": number,
        "guardrail": {"metric": "m", "failure_probability": 0.3, "detect_months": 2},
    }


initiatives = st.lists(
    st.tuples(
        st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 1), st.integers(0, 5), st.integers(0, 4), st.integers(0, 3)
    ),
    min_size=1,
    max_size=5,
)


def chancy_plan(drawn: list, scale: float = 1.0, paths: int = 60) -> Plan:
    held = [chancy(number, *values) for number, values in enumerate(drawn)]
    for one in held:
        one["one_off_cost"], one["running_cost"] = one["one_off_cost"] * scale, one["running_cost"] * scale
    return Plan.model_validate(
        {
            "plan": {"start": "2026-01", "months": 8, "paths": paths, "target": {**TARGET, "reduction": 0.2}},
            "initiatives": held,
            "baseline": [{"segment": {"x_Team": team}, "monthly": [100.0 * scale] * 8} for team in "AB"],
        }
    )


@settings(max_examples=40, deadline=None)
@given(initiatives)
def test_another_initiative_never_raises_spend(drawn):
    whole = simulate(chancy_plan(drawn))
    fewer = simulate(chancy_plan(drawn[:-1]))
    assert (whole.spend <= fewer.spend + 1e-9).all()
    assert (whole.spend >= -1e-9).all()
    assert whole.credit.sum() == pytest.approx(whole.gross.mean(axis=1).sum())


@settings(max_examples=25, deadline=None)
@given(initiatives, st.floats(0.01, 1000))
def test_scaling_money_scales_all(drawn, scale):
    one, many = simulate(chancy_plan(drawn)), simulate(chancy_plan(drawn, scale))
    small, large = headline(one), headline(many)
    for name in ("gross", "net", "in_year", "run_rate", "npv"):
        assert getattr(large, name) == pytest.approx(scale * getattr(small, name), rel=1e-9, abs=1e-9 * scale)
    assert one.p_target == many.p_target
    assert np.allclose(many.spend, scale * one.spend)
