"""The steps under the optimiser: estimates, the programme, the search, the probability of a choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from costlib.roadmap.chance import FEWEST_PATHS, Chance
from costlib.roadmap.cuts import programme
from costlib.roadmap.expected import OUT, Expectation
from costlib.roadmap.limits import Limits
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.search import Problem, dropped, filled, improved
from costlib.roadmap.simulate import simulate
from costlib.roadmap.solve import best, by_turns, nearby, nothing
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


class TestProgramme:
    """What the programme proposes by itself, 1,000 a month for 12 months, not discounted."""

    def last(self, plan_of, *initiatives, **parts) -> dict[str, int]:
        problem, limits = prepared(plan_of(*initiatives, discount_rate=0, **parts))
        proposed = programme(problem, limits)
        assert all(limits.kept(one) for one in proposed)
        names = [one.id for one in problem.expectation.initiatives]
        return {name: int(at) for name, at in zip(names, proposed[-1], strict=True) if at != OUT}

    def test_of_alternatives_one(self, plan_of):
        either = {"alternative_group": "g"}
        levers = [
            {"id": "a", "saving": 0.3, **either},
            {"id": "b", "saving": 0.5, **either},
            {"id": "c", "saving": 0.1},
        ]
        assert self.last(plan_of, *levers) == {"b": 0, "c": 0}

    def test_a_dependent_after_the_ramp_and_the_certain_delay_of_what_it_waits_for(self, plan_of):
        """A ramp of one month after a delay of two: `b` begins four months after `a`, in the fifth at the soonest."""
        first = {"id": "a", "saving": 0.01, "ramp_months": 1, "delay_months": 2}
        assert self.last(plan_of, first, {"id": "b", "saving": 0.5, "depends_on": ["a"]}) == {"a": 0, "b": 4}
        dear = {**first, "one_off_cost": 9000}
        assert self.last(plan_of, dear, {"id": "b", "saving": 0.5, "depends_on": ["a"]}) == {}

    def test_nothing_before_its_earliest_month(self, plan_of):
        assert self.last(plan_of, {"id": "a", "saving": 0.5, "earliest_start": "2026-04"}) == {"a": 3}

    @pytest.mark.parametrize("seed", range(12))
    def test_a_large_plan_is_held_to_the_starts_that_a_broken_solution_uses(self, seed, monkeypatch):
        """Of less effort: within a tenth of the best, which the search after it makes up for."""
        monkeypatch.setattr("costlib.roadmap.cuts.LARGE", 0)
        plan = free_plan(seed)
        problem, limits = prepared(plan)
        proposed = programme(problem, limits)
        truth = exhaustive.best_npv(_plain(plan.model_dump(mode="json")))
        assert all(limits.kept(one) for one in proposed)
        assert max(problem.value(one) for one in proposed) >= 0.9 * truth


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


class TestSteps:
    """What the steps alone do, from a choice that is not the best; 1,000 a month for 12 months, not discounted."""

    def found(self, plan_of, *initiatives, begun, trades=True, **parts) -> dict[str, int]:
        problem, limits = prepared(plan_of(*initiatives, discount_rate=0, **parts))
        names = [one.id for one in problem.expectation.initiatives]
        starts = np.array([begun.get(name, OUT) for name in names])
        result = improved(problem, limits, starts, trades=trades)
        return {name: int(at) for name, at in zip(names, result, strict=True) if at != OUT}

    def test_what_begins_late_is_moved_to_when_it_saves_most(self, plan_of):
        late = {"id": "a", "saving": 0.5, "earliest_start": "2026-03"}
        assert self.found(plan_of, late, begun={"a": 9}, trades=False) == {"a": 2}

    def test_a_move_stays_within_the_limits(self, plan_of):
        """Both want the first month, where one of them has room; the other moves to the second."""
        levers = [{"id": "a", "saving": 0.5, "effort": {"ml": 2}}, {"id": "b", "saving": 0.4, "effort": {"ml": 2}}]
        assert self.found(plan_of, *levers, begun={"a": 0, "b": 9}, trades=False, capacity={"ml": 2}) == {
            "a": 0,
            "b": 1,
        }

    def test_nothing_is_moved_past_what_waits_for_it(self, plan_of):
        """The later `a` the better by this score; `b` waits for it and begins right after it."""
        plan = plan_of({"id": "a", "saving": 0.5}, {"id": "b", "saving": 0.1, "depends_on": ["a"]})
        problem, limits = prepared(plan)
        found = improved(problem, limits, np.array([0, 1]), lambda starts: float(starts[0]))
        assert found.tolist() == [0, 1] and limits.kept(found)

    def test_what_does_not_pay_is_dropped(self, plan_of):
        levers = [{"id": "a", "saving": 0.5}, {"id": "dear", "saving": 0.1, "one_off_cost": 5000}]
        assert self.found(plan_of, *levers, begun={"a": 0, "dear": 0}, trades=False) == {"a": 0}

    def test_what_pays_more_takes_the_place_of_what_pays_less(self, plan_of):
        levers = [{"id": "a", "saving": 0.3, "one_off_cost": 50}, {"id": "b", "saving": 0.5, "one_off_cost": 60}]
        limited = {"budget": {"one_off": 100}, "begun": {"a": 0}}
        assert self.found(plan_of, *levers, **limited) == {"b": 0}
        assert self.found(plan_of, *levers, **limited, trades=False) == {"a": 0}

    def test_two_that_pay_more_together_take_the_place_of_one(self, plan_of):
        """40 % of all is more than 25 % of all, and less than 25 % and 24 % one after the other."""
        levers = [
            {"id": "whole", "saving": 0.4, "one_off_cost": 100},
            {"id": "a", "saving": 0.25, "one_off_cost": 50},
            {"id": "b", "saving": 0.24, "one_off_cost": 50},
        ]
        assert self.found(plan_of, *levers, begun={"whole": 0}, budget={"one_off": 100}) == {"a": 0, "b": 0}

    def test_a_step_that_changes_nothing_is_not_taken(self, plan_of):
        either = {"saving": 0.5, "alternative_group": "g"}
        assert self.found(plan_of, {"id": "a", **either}, {"id": "b", **either}, begun={"b": 0}) == {"b": 0}

    def test_what_is_filled_in_is_the_best_that_fits_and_nothing_that_does_not_pay(self, plan_of):
        levers = [
            {"id": "a", "saving": 0.3, "one_off_cost": 60},
            {"id": "b", "saving": 0.5, "one_off_cost": 60},
            {"id": "none"},
            {"id": "dear", "saving": 0.001, "one_off_cost": 30},
        ]
        problem, limits = prepared(plan_of(*levers, discount_rate=0, budget={"one_off": 100}))
        assert filled(problem, limits, nothing(problem)).tolist() == [OUT, 0, OUT, OUT]


class TestBest:
    """Of `a` and `b`, which do not fit beside each other, `b` is worth more."""

    LEVERS = ({"id": "a", "saving": 0.3, "one_off_cost": 60}, {"id": "b", "saving": 0.5, "one_off_cost": 60})

    def prepared(self, plan_of) -> tuple[Problem, Limits]:
        return prepared(plan_of(*self.LEVERS, discount_rate=0, budget={"one_off": 100}))

    def test_a_known_choice_that_is_best_by_the_score_is_not_lost(self, plan_of):
        problem, limits = self.prepared(plan_of)
        known = np.array([7, OUT])
        found = best(problem, limits, lambda starts: float((starts == known).all()), [known])
        assert found.tolist() == [7, OUT]

    def test_a_known_choice_that_breaks_a_limit_is_not_begun_from(self, plan_of):
        problem, limits = self.prepared(plan_of)
        assert best(problem, limits, None, [np.array([0, 0])]).tolist() == [OUT, 0]

    def test_from_several_choices_the_best_that_is_found_is_taken(self, plan_of):
        problem, limits = self.prepared(plan_of)
        poor, rich = np.array([5, OUT]), np.array([OUT, 5])
        for begun in ([poor, rich], [rich, poor]):
            assert nearby(problem, limits, begun, rounds=0).tolist() == rich.tolist()

    def test_a_small_plan_is_traded_through_and_a_large_one_is_not(self, plan_of, monkeypatch):
        problem, limits = self.prepared(plan_of)
        assert nearby(problem, limits, [np.array([0, OUT])]).tolist() == [OUT, 0]
        monkeypatch.setattr("costlib.roadmap.solve.LARGE", 23)
        assert problem.money.size == 24
        assert nearby(problem, limits, [np.array([0, OUT])]).tolist() == [0, OUT]

    def test_every_problem_proposes_steps_that_the_one_score_judges(self, plan_of):
        """By NPV `b` alone is best; the score wants nothing done, which is a step of either problem."""
        problem, limits = self.prepared(plan_of)
        monthly = problem.aimed(problem.expectation.month_aim(3))
        none = by_turns((monthly, problem), limits, [np.array([OUT, 0])], lambda starts: -float((starts != OUT).sum()))
        assert none.tolist() == [OUT, OUT]
        dear = prepared(plan_of({"id": "dear", "saving": 0.5, "one_off_cost": 1e6}))
        serving = dear[0].aimed(dear[0].expectation.month_aim(3))
        for order in ((serving, dear[0]), (dear[0], serving)):
            assert by_turns(order, dear[1], [np.array([OUT])], serving.value).tolist() == [0]
        assert by_turns((dear[0],), dear[1], [np.array([OUT])], serving.value).tolist() == [OUT]


class TestEstimates:
    def test_only_what_is_cash_counts(self, plan_of):
        """Half of 1,000 from the fourth month on, for nine months, whenever it begins before; never is nothing."""
        problem, _ = prepared(
            plan_of(
                {"id": "late", "saving": 0.5, "releases": {"what": "node", "month": "2026-04"}},
                {"id": "never", "saving": 0.5, "releases": {"what": "node", "month": "never"}},
                discount_rate=0,
            )
        )
        gains = problem.gains(nothing(problem))
        assert gains[0, :4].tolist() == pytest.approx([4500] * 4) and gains[0, 11] == pytest.approx(500)
        assert gains[1].tolist() == pytest.approx([0] * 12)

    def test_it_is_exact_for_what_stands_alone_where_all_is_cash_at_once(self, plan_of):
        linked, _ = prepared(plan_of({"id": "a"}, {"id": "b", "depends_on": ["a"]}, {"id": "c"}))
        exact = {one.id: linked.estimate_is_exact(at) for at, one in enumerate(linked.expectation.initiatives)}
        assert exact == {"a": False, "b": False, "c": True}
        later, _ = prepared(plan_of({"id": "a"}, {"id": "b", "releases": {"what": "node", "month": "2026-04"}}))
        assert not later.estimate_is_exact(0)


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
        {"id": "e", "saving": 0.2, "releases": {"what": "node", "month": "2026-03"}},
        spend={"A": 700, "B": 300}, target=TARGET, paths=1500,
    )  # fmt: skip


#: Choices of the plan; `a` from the third month on is taken back in the month of the target.
SOME = (
    {"a": 0},
    {"a": 2},
    {"a": 0, "b": 1},
    {"a": 1, "b": 2, "c": 0},
    {"a": 1, "b": 4, "c": 2},
    {"a": 3, "b": 4, "e": 1},
    {"c": 2, "d": 0},
    {"a": 0, "b": 3, "c": 0, "d": 0},
    {},
)


def test_the_chance_of_a_choice_is_that_of_its_simulation(plan_of):
    """One after the other, so that nothing of a choice is left over for the next."""
    plan = chancy(plan_of)
    expectation = Expectation.of(plan, baseline_of(plan))
    chance = Chance.of(plan, plan.plan.target, 0.6 * 700, baseline_of(plan), expectation, every=True)
    for starts in SOME:
        chosen = np.array([starts.get(one.id, OUT) for one in expectation.initiatives])
        result = simulate(plan.restarted(starts))
        assert np.allclose(chance.spend(chosen), result.target_spend), starts
        assert chance(chosen) == result.p_target


def test_rounding_misses_no_target_and_a_millionth_does(plan_of):
    plan = plan_of({"id": "a", "saving": 0.4}, target={"reduction": 0.4, "by": "2026-05", "reference": "baseline"})
    expectation = Expectation.of(plan, baseline_of(plan))
    chance = Chance.of(plan, plan.plan.target, 600, baseline_of(plan), expectation, every=True)
    for limit, met in ((600.0, 1.0), (600 * (1 - 1e-10), 1.0), (600 * (1 - 1e-6), 0.0), (600 * (1 + 1e-6), 1.0)):
        assert replace(chance, limit=limit)(np.array([0])) == met, limit


def test_candidates_are_compared_on_the_first_paths_the_fewer_the_larger_the_plan(plan_of, monkeypatch):
    plan = chancy(plan_of)
    expectation = Expectation.of(plan, baseline_of(plan))
    whole = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=True)
    fewer = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=False)
    chosen = np.zeros(5, dtype=np.int64)
    chosen[[one.id for one in expectation.initiatives].index("b")] = 1
    assert len(fewer.total) == len(whole.total) == 1500
    monkeypatch.setattr("costlib.roadmap.chance._WORK", 600 * expectation.groups.acting.size)
    fewer = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=False)
    assert len(fewer.total) == 600
    assert np.allclose(fewer.spend(chosen), whole.spend(chosen)[:600])
    monkeypatch.setattr("costlib.roadmap.chance._WORK", 1)
    fewest = Chance.of(plan, plan.plan.target, 420, baseline_of(plan), expectation, every=False)
    assert len(fewest.total) == FEWEST_PATHS
