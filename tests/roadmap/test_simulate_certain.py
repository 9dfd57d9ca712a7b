"""Certain savings, worked by hand: compounding, credit, ramps, roll-back, dependencies, cash, other money."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.figures import headline, shares
from costlib.roadmap.plan_errors import NoBaseline, PlanError
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.report import simulate_document
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Baseline


def mean_spend(plan: Plan) -> list[float]:
    return [round(value, 6) for value in simulate(plan).spend.mean(axis=1)]


def test_two_levers_of_60_per_cent_leave_16(plan_of):
    plan = plan_of({"id": "a", "saving": 0.6}, {"id": "b", "saving": 0.6})
    assert mean_spend(plan) == pytest.approx([160.0] * 12)
    assert [one.gross for one in shares(simulate(plan))] == pytest.approx([5040.0, 5040.0])


def test_credit_follows_the_logarithms_and_adds_up(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}, {"id": "b", "saving": 0.2}, {"id": "c", "saving": 0.1})
    credit = [one.gross for one in shares(simulate(plan))]
    whole = 12 * 1000 * (1 - 0.5 * 0.8 * 0.9)
    logs = np.log([0.5, 0.8, 0.9])
    assert credit == pytest.approx(whole * logs / logs.sum())
    assert sum(credit) == pytest.approx(headline(simulate(plan)).gross, rel=1e-12)


def test_credit_and_figures_do_not_know_the_order_of_the_file(plan_of):
    one = {"id": "a", "saving": {"low": 0.1, "likely": 0.3, "high": 0.5}, "probability": 0.7, "depends_on": ["c"]}
    two = {"id": "b", "saving": 0.2, "delay_months": {"low": 0, "likely": 1, "high": 3}, "one_off_cost": 50}
    three = {"id": "c", "saving": 0.4, "ramp_months": 2, "probability": 0.9}
    there = simulate_document(plan_of(one, two, three))
    back = simulate_document(plan_of(three, two, one))
    assert there["initiatives"] == back["initiatives"][::-1]
    assert {k: there[k] for k in ("spend", "saving")} == {k: back[k] for k in ("spend", "saving")}


def test_a_lever_acts_only_in_its_scope(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5, "scope": {"x_Team": ["B"]}}, spend={"A": 100, "B": 60})
    assert mean_spend(plan) == [130.0] * 12


@pytest.mark.parametrize(
    ("ramp", "first_six"),
    [
        (0, [1000, 700, 700, 700, 700, 700]),
        (1, [1000, 850, 700, 700, 700, 700]),
        (2, [1000, 900, 800, 700, 700, 700]),
        (5, [1000, 950, 900, 850, 800, 750]),
    ],
)
def test_a_ramp_rises_evenly_from_the_start_month(plan_of, ramp, first_six):
    plan = plan_of({"id": "a", "saving": 0.3, "start": "2026-02", "ramp_months": ramp})
    assert mean_spend(plan)[:6] == pytest.approx(first_six)


def test_a_certain_delay_moves_saving_and_costs(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "start": "2026-02", "delay_months": 2, "one_off_cost": 90, "running_cost": 10}
    )
    assert mean_spend(plan)[:5] == [1000, 1000, 1000, 500, 500]
    money = simulate(plan).flows[0]
    assert money.one_off.tolist() == [0, 0, 0, 90] + [0] * 8
    assert money.running.tolist() == [0, 0, 0] + [10] * 9


def test_a_failure_costs_its_one_off_and_running_cost(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5, "probability": 0, "one_off_cost": 90, "running_cost": 10})
    found = headline(simulate(plan))
    assert (found.gross, found.net) == (0.0, pytest.approx(-210.0))


def test_a_guardrail_that_fails_takes_the_saving_back_and_leaves_the_one_off_cost(plan_of):
    rail = {"metric": "precision", "floor": 0.9, "failure_probability": 1, "detect_months": 2}
    plan = plan_of(
        {"id": "a", "saving": 0.5, "start": "2026-03", "one_off_cost": 90, "running_cost": 10, "guardrail": rail}
    )
    assert mean_spend(plan) == [1000, 1000, 500, 500] + [1000] * 8
    assert headline(simulate(plan)).net == pytest.approx(1000 - 90 - 20)


def test_a_chain_starts_after_each_ramp_has_ended(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "ramp_months": 1},
        {"id": "b", "saving": 0.5, "depends_on": ["a"]},
        {"id": "c", "saving": 0.5, "depends_on": ["b"], "start": "2026-08"},
    )
    assert mean_spend(plan) == pytest.approx([750, 500, 250, 250, 250, 250, 250] + [125] * 5)


def test_a_dependents_own_delay_counts_from_the_month_it_was_put_off_to(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "delay_months": 1},
        {"id": "b", "saving": 0.5, "delay_months": 1, "depends_on": ["a"]},
    )
    assert mean_spend(plan)[:4] == [1000, 500, 500, 250]


def test_a_dependent_of_a_failure_never_starts_and_costs_nothing(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "probability": 0},
        {"id": "b", "saving": 0.5, "depends_on": ["a"], "one_off_cost": 90, "running_cost": 5, "added_spend": 3},
        {"id": "c", "saving": 0.5, "depends_on": ["b"], "one_off_cost": 90},
    )
    found = headline(simulate(plan))
    assert (found.gross, found.net, found.added_spend) == (0.0, 0.0, 0.0)


def test_a_dependent_never_starts_once_its_predecessor_was_taken_back(plan_of):
    rail = {"metric": "m", "failure_probability": 1, "detect_months": 2}
    plan = plan_of(
        {"id": "a", "saving": 0.5, "guardrail": rail},
        {"id": "late", "saving": 0.5, "depends_on": ["a"], "start": "2026-03"},
    )
    assert mean_spend(plan) == [500, 500] + [1000] * 10


def test_alternatives_side_by_side_are_refused(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.5, "alternative_group": "g"}, {"id": "b", "saving": 0.5, "alternative_group": "g"}
    )
    with pytest.raises(PlanError, match=r"a, b are alternatives \(g\)"):
        simulate(plan)


def test_a_saving_is_freed_capacity_until_it_is_released(plan_of):
    plan = plan_of({"id": "a", "saving": 0.4, "releases": {"what": "node", "month": "2026-05"}})
    found = headline(simulate(plan))
    assert (found.gross, found.freed_capacity) == (pytest.approx(3200), pytest.approx(1600))
    assert (found.in_year, found.run_rate) == (pytest.approx(3200), pytest.approx(4800))
    assert mean_spend(plan) == [1000] * 4 + [600] * 8


def test_what_is_never_released_is_never_cash(plan_of):
    plan = plan_of({"id": "a", "saving": 0.4, "releases": {"what": "commitment", "month": "never"}})
    found = headline(simulate(plan))
    assert (found.gross, found.run_rate, found.freed_capacity) == (0.0, 0.0, pytest.approx(4800))


def test_overlapping_levers_share_cash_and_freed_capacity_by_their_credit(plan_of):
    plan = plan_of(
        {"id": "a", "saving": 0.6}, {"id": "b", "saving": 0.6, "releases": {"what": "node", "month": "2026-12"}}
    )
    found = {one.id: one for one in shares(simulate(plan))}
    assert (found["a"].gross, found["a"].freed_capacity) == (pytest.approx(5040), 0.0)
    assert (found["b"].gross, found["b"].freed_capacity) == (pytest.approx(420), pytest.approx(4620))
    assert mean_spend(plan) == pytest.approx([580.0] * 11 + [160.0])


def test_benefit_and_added_spend_count_in_npv_and_roi_but_not_in_savings(plan_of):
    bare = {"id": "a", "saving": 0.1, "one_off_cost": 100}
    rich = {**bare, "benefit": {"likely": 50, "start": "2026-04", "ramp_months": 1}, "added_spend": 20}
    without, found = (
        headline(simulate(plan_of(bare, discount_rate=0))),
        headline(simulate(plan_of(rich, discount_rate=0))),
    )
    assert (found.gross, found.net, found.in_year, found.run_rate) == (
        without.gross, without.net, without.in_year, without.run_rate,
    )  # fmt: skip
    benefit, added = 25 + 8 * 50, 12 * 20
    assert found.npv - without.npv == pytest.approx(benefit - added)
    assert found.roi == pytest.approx((1200 - 100 + benefit - added) / (100 + added))


def test_a_quality_effect_is_taken_off_net_month_by_month(plan_of):
    effect = {"metric": "precision", "likely": -0.01, "value_per_point": 2000}
    plan = plan_of({"id": "a", "saving": 0.1, "ramp_months": 1, "quality_effect": effect})
    assert headline(simulate(plan)).net == pytest.approx(50 + 11 * 100 - (10 + 11 * 20))


def test_in_year_ends_with_the_fiscal_year_of_the_start(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}, start="2026-08", fiscal_year_start=10)
    assert headline(simulate(plan)).in_year == pytest.approx(2 * 500)
    assert headline(simulate(plan_of({"id": "a", "saving": 0.5}, months=36))).in_year == pytest.approx(12 * 500)


def test_the_run_rate_is_twelve_times_the_last_month_alone(plan_of):
    """A ramp over the whole year, 0 at its first month: 1,000 x 30 % x 12/12 in the last, times 12."""
    plan = plan_of({"id": "a", "saving": 0.3, "ramp_months": 11})
    assert headline(simulate(plan)).run_rate == pytest.approx(3600)


def test_the_headline_by_hand(plan_of):
    plan = plan_of({"id": "a", "saving": 0.3, "one_off_cost": 700, "running_cost": 50}, discount_rate=0.21, months=3)
    found = headline(simulate(plan))
    flow = [300 - 50 - 700, 250, 250]
    assert (found.gross, found.net, found.run_rate) == (pytest.approx(900), pytest.approx(50), pytest.approx(3600))
    assert found.npv == pytest.approx(sum(amount / 1.21 ** (t / 12) for t, amount in enumerate(flow)))
    monthly = (250 + np.sqrt(250**2 + 4 * 450 * 250)) / (2 * 450)
    assert found.irr == pytest.approx(monthly**12 - 1)
    assert found.payback_month == 3


def test_net_and_npv_of_initiatives_add_up_to_the_plans(plan_of):
    plan = plan_of(
        {"id": "a", "saving": {"low": 0.1, "likely": 0.2, "high": 0.6}, "one_off_cost": 100, "probability": 0.5},
        {"id": "b", "saving": 0.4, "running_cost": 9, "benefit": 7, "added_spend": 3, "depends_on": ["a"]},
        paths=2000,
    )
    whole, parts = headline(simulate(plan)), shares(simulate(plan))
    for name in ("gross", "net", "npv"):
        assert sum(getattr(one, name) for one in parts) == pytest.approx(getattr(whole, name))
    assert simulate(plan).npv_paths.mean() == pytest.approx(whole.npv)


def test_the_document_has_the_agreed_keys(plan_of):
    plan = plan_of({"id": "a", "saving": 0.25, "effort": {"ml": 5}, "probability": 1}, months=2)
    document = simulate_document(plan)
    assert list(document) == ["months", "baseline", "spend", "saving", "p_target", "initiatives"]
    assert document["months"] == ["2026-01", "2026-02"]
    assert document["baseline"] == [1000.0, 1000.0]
    assert document["spend"] == {name: pytest.approx([750.0, 750.0]) for name in ("p10", "p50", "p90", "mean")}
    assert list(document["saving"]) == ["gross", "net", "in_year", "run_rate", "npv", "irr", "payback_month"]
    assert document["saving"]["payback_month"] == 0 and document["saving"]["irr"] is None
    assert document["p_target"] is None
    assert document["initiatives"] == [
        {"id": "a", "gross": pytest.approx(500), "net": pytest.approx(500),
         "npv": pytest.approx(250 + 250 / 1.1 ** (1 / 12)), "rice": pytest.approx(50.0)}
    ]  # fmt: skip


def test_without_a_baseline_the_refusal_says_what_to_do(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}).model_copy(update={"baseline": None})
    with pytest.raises(NoBaseline, match="Add baseline: to the plan file, or load bills first"):
        simulate(plan)


def test_paths_handed_in_are_used(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5}, months=2).model_copy(update={"baseline": None})
    paths = np.array([[[100.0, 300.0], [200.0, 400.0]]])
    result = simulate(plan, Baseline([{"x_Team": "A"}], paths))
    assert result.spend.tolist() == [[50.0, 150.0], [100.0, 200.0]]
    with pytest.raises(PlanError, match="the forecast has 1 months and the plan 2"):
        simulate(plan, Baseline([{"x_Team": "A"}], paths[:, :1]))
    with pytest.raises(PlanError, match="month 2 holds an amount that is not a number"):
        simulate(plan, Baseline([{"x_Team": "A"}], np.array([[[1.0], [np.nan]]])))
    with pytest.raises(PlanError, match=r"shape \(1, 2, 2\) for 2 segments"):
        Baseline([{}, {}], paths)


def test_a_scope_that_meets_nothing_is_named(plan_of):
    plan = plan_of({"id": "a", "saving": 0.5, "scope": {"x_Taem": ["A"]}}, {"id": "b", "saving": 0.1})
    assert simulate_document(plan, detail=True)["detail"]["idle"] == ["a"]


def test_a_plan_of_nothing_leaves_the_baseline(plan_of):
    document = simulate_document(plan_of())
    assert document["spend"]["mean"] == document["baseline"] == [1000.0] * 12
    assert document["saving"]["gross"] == 0.0 and document["initiatives"] == []
