"""What a choice uses of people, money and quality, and which starts stay open beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from costlib.roadmap.expected import OUT
from costlib.roadmap.limits import Limit, Limits
from costlib.roadmap.plan_model import Plan


def limits_of(*initiatives: dict[str, Any], months: int = 6, **parts: Any) -> Limits:
    header = {"start": "2026-02", "months": months, **parts.pop("header", {})}
    plan = Plan.model_validate({"plan": header, "initiatives": list(initiatives), **parts})
    return Limits.of(plan, plan.initiatives)


def starts(*months: int) -> np.ndarray:
    return np.array(months, dtype=np.int64)


@pytest.mark.parametrize(
    ("ramp", "start", "weeks"),
    [
        (0, 1, [0, 6, 0, 0, 0, 0]),
        (1, 1, [0, 6, 0, 0, 0, 0]),
        (3, 1, [0, 2, 2, 2, 0, 0]),
        (3, 4, [0, 0, 0, 0, 2, 2]),
    ],
)
def test_effort_is_spread_over_the_ramp_from_the_start(ramp, start, weeks):
    found = limits_of({"id": "a", "effort": {"ml": 6}, "ramp_months": ramp}, capacity={"ml": 3})
    assert found.used(starts(start)).tolist() == weeks
    assert found.kept(starts(start)) == (max(weeks) <= 3)
    assert [limit.when for limit in found.limits] == [f"2026-0{month}" for month in range(2, 8)]


def test_a_role_or_budget_that_is_not_named_is_not_limited():
    found = limits_of({"id": "a", "effort": {"ml": 600}, "one_off_cost": 1e9})
    assert found.limits == () and found.kept(starts(0))
    assert limits_of({"id": "a", "effort": {"ml": 600}}, capacity={"ops": 1}).kept(starts(0))


@pytest.mark.parametrize("size", [1.0, 3e11 / 7.3])
def test_rounding_breaks_no_limit_of_any_size_and_a_millionth_does(size):
    """Three tenths are a little more than 0.3 on a computer."""
    levers = [{"id": f"i{at}", "one_off_cost": size * 0.1} for at in range(3)]
    assert sum(one["one_off_cost"] for one in levers) > size * 0.3
    assert limits_of(*levers, budget={"one_off": size * 0.3}).kept(starts(0, 1, 2))
    assert not limits_of(*levers, budget={"one_off": size * 0.3 * (1 - 1e-6)}).kept(starts(0, 1, 2))


def test_limits_of_money_are_named_with_their_quarter():
    lever = {"id": "a", "one_off_cost": 1}
    found = limits_of(lever, months=2, budget={"one_off": 9, "one_off_per_quarter": 5})
    assert found.limits == (
        Limit("one_off", "one-off budget", "", 9.0), Limit("one_off_per_quarter", "one-off budget", "Q1 FY26", 5.0),
    )  # fmt: skip


def test_cost_that_falls_after_the_plan_is_in_no_quarter():
    lever = {"id": "a", "one_off_cost": 60, "delay_months": 2}
    found = limits_of(lever, months=4, budget={"one_off_per_quarter": 50})
    assert [found.used(starts(month)).tolist() for month in range(4)] == [[0, 60], [0, 60], [0, 0], [0, 0]]


def test_who_waits_for_two_waits_for_the_later():
    levers = [{"id": "a", "ramp_months": 1}, {"id": "b"}, {"id": "c", "depends_on": ["a", "b"]}]
    found = limits_of(*levers)
    for first, second, soonest in ((0, 0, 2), (0, 3, 4), (1, 0, 3)):
        chosen = starts(first, second, OUT)
        assert found.open_months(chosen, 2).tolist() == [month >= soonest for month in range(6)]
        assert [found.kept(starts(first, second, month)) for month in range(6)] == [
            month >= soonest for month in range(6)
        ]


def test_the_budget_of_the_whole_plan():
    found = limits_of({"id": "a", "one_off_cost": 60}, {"id": "b", "one_off_cost": 40.0}, budget={"one_off": 100})
    assert found.used(starts(0, 5)).tolist() == [100]
    assert found.kept(starts(0, 5))
    assert not limits_of({"id": "a", "one_off_cost": 100.01}, budget={"one_off": 100}).kept(starts(2))


def test_quarters_are_fiscal_and_the_certain_delay_counts():
    lever = {"one_off_cost": 60, "delay_months": {"low": 1, "likely": 1, "high": 3}}
    found = limits_of({"id": "a", **lever}, {"id": "b", **lever}, budget={"one_off_per_quarter": 100})
    assert [(one.kind, one.when) for one in found.limits] == [
        ("one_off_per_quarter", "Q1 FY26"), ("one_off_per_quarter", "Q2 FY26"), ("one_off_per_quarter", "Q3 FY26"),
    ]  # fmt: skip
    assert found.used(starts(0, 1)).tolist() == [60, 60, 0]
    assert found.kept(starts(0, 1)) and not found.kept(starts(1, 2))
    fiscal = limits_of({"id": "a", **lever}, budget={"one_off_per_quarter": 100}, header={"fiscal_year_start": 2})
    assert fiscal.used(starts(1)).tolist() == [60, 0]


def test_tenths_add_up_to_the_whole():
    levers = [{"id": f"i{n}", "effort": {"ml": 0.1}} for n in range(10)]
    assert limits_of(*levers, capacity={"ml": 1}).kept(starts(*[0] * 10))


def test_dependents_wait_for_ramp_and_certain_delay():
    levers = [{"id": "a", "ramp_months": 1, "delay_months": 1}, {"id": "b", "depends_on": ["a"]}]
    found = limits_of(*levers)
    assert [found.kept(starts(0, second)) for second in range(6)] == [False, False, False, True, True, True]
    assert not found.kept(starts(OUT, 3)) and found.kept(starts(0, OUT))
    assert found.dependents(0) == [1] and found.dependents(1) == []


def test_dependents_of_dependents_are_found():
    levers = [{"id": "a"}, {"id": "b", "depends_on": ["a"]}, {"id": "c", "depends_on": ["b"]}, {"id": "d"}]
    assert limits_of(*levers).dependents(0) == [1, 2]


def test_one_of_the_alternatives():
    levers = [{"id": name, "alternative_group": group} for name, group in (("a", "g"), ("b", "g"), ("c", None))]
    found = limits_of(*levers)
    assert found.kept(starts(0, OUT, 0)) and not found.kept(starts(0, 1, OUT))
    _, free = found.open_starts(starts(0, OUT, OUT), found.used(starts(0, OUT, OUT)))
    assert free.any(axis=1).tolist() == [False, False, True]


def test_no_start_before_the_earliest_and_none_once_ruled_out():
    found = limits_of({"id": "a", "earliest_start": "2026-05"})
    assert [found.kept(starts(month)) for month in range(6)] == [False] * 3 + [True] * 3
    assert not any(found.without(0).kept(starts(month)) for month in range(6))
    assert found.without(0).kept(starts(OUT))
    assert found.allowed[0].any()


def test_quality_adds_up_by_model_and_metric():
    def lever(name: str, model: str, effect: float) -> dict[str, Any]:
        return {
            "id": name, "scope": {"x_Model": [model]}, "quality_effect": {"metric": "auc", "likely": effect},
            "guardrail": {"metric": "auc", "floor": 0.90, "level": 0.93},
        }  # fmt: skip

    found = limits_of(lever("a", "m", -0.02), lever("b", "m", -0.02), lever("c", "n", -0.02), lever("d", "m", 0.01))
    assert [(one.what, round(one.most, 6)) for one in found.limits] == [("auc of m", 0.03), ("auc of n", 0.03)]
    assert found.kept(starts(0, OUT, 0, OUT))
    assert not found.kept(starts(0, 0, 0, OUT))
    assert found.kept(starts(0, 0, 0, 0))


@pytest.mark.parametrize(("floor", "level", "count"), [(0.9, 0.93, 1), (0.9, None, 0), (None, 0.93, 0)])
def test_quality_is_limited_where_floor_and_level_are_known(floor, level, count):
    """Also of an initiative that names no model; the limit then has the metric's name alone."""
    rail = {name: value for name, value in (("floor", floor), ("level", level)) if value is not None}
    effect = {"metric": "auc", "likely": -0.02}
    found = limits_of({"id": "a", "quality_effect": effect, "guardrail": {"metric": "auc", **rail}})
    assert [(one.kind, one.what, one.when, round(one.most, 6)) for one in found.limits] == (
        [("quality", "auc", "", 0.03)] * count
    )


def test_a_loosened_limit_is_another_limit():
    found = limits_of({"id": "a", "effort": {"ml": 4}}, capacity={"ml": 3})
    assert found.limits[0] == Limit("capacity", "ml", "2026-02", 3.0)
    assert found.loosened(0, 1.0).kept(starts(0)) and not found.loosened(0, 1.0).kept(starts(1))
    assert not found.kept(starts(0))


def test_open_starts_tell_what_limits_block_from_what_order_forbids():
    levers = [
        {"id": "a", "effort": {"ml": 3}},
        {"id": "b", "effort": {"ml": 2}},
        {"id": "c", "depends_on": ["a"]},
    ]
    found = limits_of(*levers, capacity={"ml": 4}, months=3)
    chosen = starts(1, OUT, OUT)
    fits, free = found.open_starts(chosen, found.used(chosen))
    assert free.tolist() == [[False] * 3, [True] * 3, [False, False, True]]
    assert fits.tolist() == [[False] * 3, [True, False, True], [False, False, True]]
    for at in (1, 2):
        assert found.open_months(chosen, at).tolist() == fits[at].tolist()


@pytest.mark.parametrize("seed", range(30))
def test_every_open_start_keeps_within_the_limits_and_no_other_does(seed):
    from tests.roadmap.exhaustive import allowed, random_plan

    held = random_plan(1000 + seed)
    plan = Plan.model_validate(held)
    found = Limits.of(plan, plan.initiatives)
    chance = np.random.default_rng(seed)
    chosen = starts(*chance.integers(-1, plan.plan.months, len(plan.initiatives)))
    assert found.kept(chosen) == allowed(held, tuple(chosen))
    empty = starts(*[OUT] * len(plan.initiatives))
    fits, _ = found.open_starts(empty, found.used(empty))
    for at in range(len(plan.initiatives)):
        for month in range(plan.plan.months):
            tried = empty.copy()
            tried[at] = month
            assert fits[at, month] == allowed(held, tuple(tried))


class TestThePlanAsItStands:
    def held(self, *initiatives: dict[str, Any], **parts: Any) -> list[int]:
        header = {"start": "2026-02", "months": 6}
        plan = Plan.model_validate({"plan": header, "initiatives": list(initiatives), **parts})
        return Limits.of(plan, plan.initiatives).as_planned(plan, plan.initiatives).tolist()

    def test_an_initiative_starts_when_the_plan_says_else_in_its_first_month(self):
        assert self.held({"id": "a", "start": "2026-05"}, {"id": "b"}) == [3, 0]

    def test_a_dependent_is_put_off_to_the_month_after_the_ramp_and_the_certain_delay(self):
        first = {"id": "a", "start": "2026-03", "ramp_months": 1, "delay_months": {"low": 1, "likely": 1, "high": 2}}
        assert self.held(first, {"id": "b", "depends_on": ["a"], "start": "2026-03"}) == [1, 4]
        assert self.held(first, {"id": "b", "depends_on": ["a"], "start": "2026-07"}) == [1, 5]

    def test_what_is_put_off_beyond_the_plan_is_out_and_so_is_what_waits_for_it(self):
        levers = [{"id": "a", "start": "2026-07"}, {"id": "b", "depends_on": ["a"]}, {"id": "c", "depends_on": ["b"]}]
        assert self.held(*levers) == [5, OUT, OUT]

    def test_the_limits_that_it_breaks_are_numbered(self):
        """Two a month in two months each: the months of both, of one or of none hold 4, 2 and 0 against 3."""
        levers = [{"id": name, "effort": {"ml": 4}, "ramp_months": 2} for name in "ab"]
        found = limits_of(*levers, capacity={"ml": 3}, budget={"one_off": 0})
        assert found.broken(starts(1, 1)) == [1, 2]
        assert found.broken(starts(1, 2)) == [2]
        assert found.broken(starts(1, 3)) == []
