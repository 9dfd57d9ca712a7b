"""The steps under the optimiser: estimates, the programme, the search, the probability of a choice."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.chance import Chance
from costlib.roadmap.cuts import programme
from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.limits import Limits
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.search import Problem, dropped, filled, improved
from costlib.roadmap.simulate import simulate
from costlib.roadmap.solve import best, nearby, nothing
from costlib.roadmap.spend import baseline_of
from tests.roadmap import exhaustive


def prepared(plan: Plan) -> tuple[Problem, Limits]:
    expectation = Expectation.of(plan, baseline_of(plan))
    return Problem.of(expectation, expectation.npv_aim()), Limits.of(plan, expectation.initiatives)


def free_plan(seed: int) -> Plan:
    """A random plan whose initiatives do not wait for each other."""
    held = exhaustive.random_plan(seed)
    for one in held["initiatives"]:
        one.pop("depends_on", None)
    return Plan.model_validate(held)


@pytest.mark.parametrize("seed", range(10))
def test_the_estimate_of_an_addition_is_exact_for_independent_initiatives(seed):
    problem, _ = prepared(free_plan(seed))
    chosen = nothing(problem)
    chosen[0] = 1
    gains, value = problem.gains(chosen), problem.value(chosen)
    for at in range(1, len(chosen)):
        assert problem.estimate_is_exact(at)
        assert problem.gains_of(chosen, at).tolist() == pytest.approx(gains[at].tolist())
        for month in range(gains.shape[1]):
            tried = chosen.copy()
            tried[at] = month
            assert problem.value(tried) - value == pytest.approx(gains[at, month], abs=1e-8)


@pytest.mark.parametrize("seed", range(15))
def test_the_programme_alone_finds_the_best_independent_plan(seed):
    """Tangents and HiGHS without any search after: within a thousandth of every choice there is."""
    plan = free_plan(seed)
    problem, limits = prepared(plan)
    proposed = [one for one in programme(problem, limits) if limits.kept(one)]
    held = plan.model_dump(mode="json")
    truth = exhaustive.best_npv(_plain(held))
    assert max(problem.value(one) for one in proposed) >= truth - 1e-3 * abs(truth) - 1e-6


def _plain(held: dict) -> dict:
    """A plan's dump in the shape that the exhaustive search reads."""
    for one in held["initiatives"]:
        one["delay_months"] = one["delay_months"]["low"]
        one["scope"] = {column: list(values) for column, values in one["scope"].items()}
    return held


@pytest.mark.parametrize("seed", range(12))
def test_the_search_never_leaves_the_limits_or_loses(seed):
    plan = Plan.model_validate(exhaustive.random_plan(500 + seed))
    problem, limits = prepared(plan)
    greedy = filled(problem, limits, nothing(problem))
    found = improved(problem, limits, greedy)
    quick = improved(problem, limits, greedy, trades=False)
    for one in (greedy, found, quick):
        assert limits.kept(one)
    assert problem.value(found) >= problem.value(greedy)
    assert problem.value(quick) >= problem.value(greedy)
    assert problem.value(best(problem, limits)) >= problem.value(found) - 1e-9


def test_no_rounds_leave_the_choice_as_it_is(plan_of):
    problem, limits = prepared(plan_of({"id": "a", "saving": 0.5}))
    assert improved(problem, limits, nothing(problem), rounds=0).tolist() == [OUT]
    assert nearby(problem, limits, [nothing(problem)]).tolist() == [0]


def test_dropping_takes_what_waits_along(plan_of):
    plan = plan_of({"id": "a"}, {"id": "b", "depends_on": ["a"]}, {"id": "c", "depends_on": ["b"]}, {"id": "d"})
    _, limits = prepared(plan)
    names = [one.id for one in Expectation.of(plan, baseline_of(plan)).initiatives]
    chosen = np.array([0, 1, 2, 3])[[names.index(name) for name in names]]
    without = dropped(limits, chosen, names.index("b"))
    assert {names[at] for at in np.flatnonzero(without == OUT)} == {"b", "c"}


def test_a_score_of_its_own_is_what_the_search_raises(plan_of):
    problem, limits = prepared(plan_of({"id": "a", "saving": 0.5}, {"id": "b", "saving": 0.1}))

    def latest(starts: np.ndarray) -> float:
        return float(starts[1]) - 10 * float(starts[0] != OUT)

    found = best(problem, limits, latest)
    assert found[0] == OUT and found[1] > 0


def test_a_plan_of_nothing_has_nothing_to_choose(plan_of):
    problem, limits = prepared(plan_of())
    assert best(problem, limits).tolist() == []
    assert programme(problem, limits) == []


TARGET = {"reduction": 0.4, "by": "2026-05", "reference": "baseline", "scope": {"x_Team": ["A"]}}


def chancy(plan_of) -> Plan:
    rail = {"metric": "m", "failure_probability": 0.3, "detect_months": 2}
    return plan_of(
        {"id": "a", "saving": {"low": 0.1, "likely": 0.4, "high": 0.7}, "probability": 0.8, "guardrail": rail},
        {"id": "b", "saving": 0.3, "probability": 0.7, "depends_on": ["a"], "scope": {"x_Team": ["A"]}},
        {"id": "c", "saving": 0.4, "delay_months": {"low": 0, "likely": 1, "high": 5}, "ramp_months": 2},
        {"id": "d", "saving": 0.5, "releases": {"what": "node", "month": "2026-06"}},
        spend={"A": 700, "B": 300}, target=TARGET, paths=1500,
    )  # fmt: skip


@pytest.mark.parametrize(
    "starts",
    [{"a": 0}, {"a": 0, "b": 1}, {"a": 1, "b": 2, "c": 0}, {"c": 2, "d": 0}, {"a": 0, "b": 3, "c": 0, "d": 0}, {}],
)
def test_the_chance_of_a_choice_is_that_of_its_simulation(plan_of, starts):
    plan = chancy(plan_of)
    expectation = Expectation.of(plan, baseline_of(plan))
    limit = 0.6 * 700
    chance = Chance.of(plan, plan.plan.target, limit, baseline_of(plan), expectation, every=True)
    chosen = np.array([starts.get(one.id, OUT) for one in expectation.initiatives])
    result = simulate(plan.restarted(starts))
    assert np.allclose(chance.spend(chosen), result.target_spend)
    assert chance(chosen) == result.p_target
    assert chance(chosen) == chance(chosen)


def test_candidates_are_compared_on_the_first_paths(plan_of):
    plan = chancy(plan_of)
    expectation = Expectation.of(plan, baseline_of(plan))
    whole = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=True)
    fewer = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=False)
    chosen = np.zeros(4, dtype=np.int64)
    chosen[[one.id for one in expectation.initiatives].index("b")] = 1
    assert len(fewer.total) <= len(whole.total) == 1500
    assert np.allclose(fewer.spend(chosen), whole.spend(chosen)[: len(fewer.total)])
