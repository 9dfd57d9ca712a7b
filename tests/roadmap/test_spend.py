"""Scopes, groups of segments, products in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.plan_model import Initiative, Plan
from costlib.roadmap.products import product
from costlib.roadmap.segments import groups
from costlib.roadmap.simulate import simulate
from costlib.roadmap.spend import Baseline, in_scope

SEGMENTS = [
    {"x_Team": "Fraud", "x_Model": "scorer", "x_Stage": "serving"},
    {"x_Team": "Fraud", "x_Model": "scorer", "x_Stage": "training"},
    {"x_Team": "Search", "x_Model": "ranker", "x_Stage": "serving"},
    {"x_Team": None, "x_Stage": "storage"},
]


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        ({}, [True, True, True, True]),
        ({"x_Team": ["Fraud"]}, [True, True, False, False]),
        ({"x_Team": ["Fraud", "Search"], "x_Stage": ["serving"]}, [True, False, True, False]),
        ({"x_Model": ["scorer"]}, [True, True, False, False]),
        ({"x_Team": ["fraud"]}, [False] * 4),
        ({"x_Absent": ["a"]}, [False] * 4),
    ],
)
def test_a_scope_holds_segments_that_match_in_every_column(scope, held):
    assert in_scope(scope, SEGMENTS).tolist() == held


def plan_with(*scopes: dict[str, list[str]], target: dict[str, list[str]] | None = None) -> Plan:
    header: dict[str, object] = {"start": "2026-01", "months": 2}
    if target is not None:
        header["target"] = {"reduction": 0.1, "by": "2026-01", "reference": "baseline", "scope": target}
    levers = [{"id": f"i{n}", "saving": 0.3, "scope": scope} for n, scope in enumerate(scopes)]
    return Plan.model_validate({"plan": header, "initiatives": levers})


def test_segments_with_the_same_initiatives_are_one_group():
    plan = plan_with({"x_Team": ["Fraud"]}, {"x_Stage": ["serving"]})
    found = groups(plan, plan.initiatives, [*SEGMENTS, SEGMENTS[1]])
    assert found.members.tolist() == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]
    assert found.acting.tolist() == [[1, 1], [1, 0], [0, 1], [0, 0]]
    assert found.in_target.all()
    assert found.summed(np.array([1.0, 2, 3, 4, 5])).tolist() == [1, 7, 3, 4]


def test_the_targets_scope_divides_groups_too():
    plan = plan_with({}, target={"x_Team": ["Fraud"]})
    found = groups(plan, plan.initiatives, SEGMENTS)
    assert found.members.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]
    assert found.in_target.tolist() == [True, False]


def test_without_initiatives_all_is_one_group():
    plan = plan_with()
    assert groups(plan, plan.initiatives, SEGMENTS).members.tolist() == [[1, 1, 1, 1]]


def test_grouping_changes_no_figure():
    """Five copies of the same segments at a fifth of the spend give the same plan."""
    plan = plan_with({"x_Team": ["Fraud"]}, {"x_Stage": ["serving"]}, {}, target={"x_Team": ["Fraud"]})
    paths = np.random.default_rng(1).uniform(10, 90, (4, 2, 7))
    once = simulate(plan, Baseline(SEGMENTS, paths))
    fifths = simulate(plan, Baseline(SEGMENTS * 5, np.concatenate([paths / 5] * 5)))
    assert np.allclose(once.spend, fifths.spend)
    assert np.allclose(once.credit, fifths.credit)
    assert np.allclose(once.reach, fifths.reach)
    assert np.allclose(once.target_spend, fifths.target_spend)


@pytest.mark.parametrize("paths", [1, 511, 512, 513, 1025])
def test_blocks_of_paths_leave_no_seam(paths):
    plan = plan_with({"x_Team": ["Fraud"]}, {})
    spend = np.random.default_rng(2).uniform(10, 90, (4, 2, paths))
    result = simulate(plan, Baseline(SEGMENTS, spend))
    left = spend * np.array([0.49, 0.49, 0.7, 0.7])[:, None, None]
    assert np.allclose(result.spend, left.sum(axis=0))
    assert np.allclose(result.reach, [spend[:2].mean(axis=(1, 2)).sum(), spend.mean(axis=(1, 2)).sum()])


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 700), st.booleans())
def test_a_product_in_pieces_is_the_product(rows, inner, columns, turned):
    chance = np.random.default_rng(rows * 1000 + inner)
    left = chance.normal(size=(inner, rows)).T if turned else chance.normal(size=(rows, inner))
    right = chance.normal(size=(inner, columns))
    assert np.allclose(product(left, right), left @ right)


def test_a_large_product_with_a_remainder():
    chance = np.random.default_rng(9)
    left, right = chance.normal(size=(200, 50)), chance.normal(size=(50, 517))
    assert np.allclose(product(left, right), left @ right)
    assert np.allclose(product(np.ones((5000, 60)), np.ones((60, 3))), 60.0)


def test_months_of_effort_come_from_the_model():
    one = Initiative.model_validate({"id": "a", "effort": {"ml": 2, "ops": 0.5}})
    assert one.person_weeks == 2.5
