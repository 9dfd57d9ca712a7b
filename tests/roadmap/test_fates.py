"""Families of initiatives and what may become of them together, with probabilities worked by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from costlib.roadmap.expected import Expectation
from costlib.roadmap.fates import fates_of
from costlib.roadmap.spend import baseline_of


def test_initiatives_that_wait_for_each_other_are_one_family(plan_of):
    """c waits for a and d for c; e waits for b; f is alone. Order is that of the first member."""
    plan = plan_of(
        {"id": "a"}, {"id": "b"}, {"id": "c", "depends_on": ["a"]}, {"id": "d", "depends_on": ["c"]},
        {"id": "e", "depends_on": ["b"]}, {"id": "f"},
    )  # fmt: skip
    expectation = Expectation.of(plan, baseline_of(plan))
    names = [one.id for one in expectation.initiatives]
    families = [{names[at] for at in family.members} for family in expectation.families]
    assert families == [{"a", "c", "d"}, {"b", "e"}, {"f"}]
    assert all(at in expectation.families[number].members for at, number in enumerate(expectation.family_of))


def test_two_that_share_a_predecessor_are_one_family_however_they_are_joined(plan_of):
    plan = plan_of({"id": "a"}, {"id": "b"}, {"id": "c", "depends_on": ["a"]}, {"id": "d", "depends_on": ["b", "c"]})
    expectation = Expectation.of(plan, baseline_of(plan))
    assert [sorted(family.members) for family in expectation.families] == [[0, 1, 2, 3]]


def test_every_joint_fate_has_the_product_of_its_probabilities(plan_of):
    """0.8 and 0.2 for one, 0.5 x (0.9 and 0.1) for the other; what cannot happen is not among them."""
    rail = {"metric": "m", "failure_probability": 0.1}
    plan = plan_of({"id": "a", "probability": 0.8}, {"id": "b", "probability": 0.5, "guardrail": rail})
    draws, weights = fates_of(plan, list(plan.initiatives))
    found: Counter[tuple[bool, bool, bool]] = Counter()
    for at, weight in enumerate(weights):
        found[bool(draws["a"].success[at]), bool(draws["b"].success[at]), bool(draws["b"].guardrail_fails[at])] += (
            weight
        )
    assert len(weights) == 8 and not draws["a"].guardrail_fails.any()
    assert found[True, True, False] == pytest.approx(0.8 * 0.5 * 0.9)
    assert found[False, True, True] == pytest.approx(0.2 * 0.5 * 0.1)
    assert weights.sum() == pytest.approx(1)


def test_a_delay_is_one_of_its_months(plan_of):
    plan = plan_of({"id": "a", "delay_months": {"low": 1, "likely": 2, "high": 3}})
    draws, weights = fates_of(plan, list(plan.initiatives))
    assert sorted(draws["a"].delay) == [1, 2, 3] and draws["a"].success.all()
    assert weights.sum() == pytest.approx(1) and weights[list(draws["a"].delay).index(2)] > 1 / 3


def test_sizes_enter_by_their_means(plan_of):
    plan = plan_of(
        {
            "id": "a",
            "saving": {"low": 0.1, "likely": 0.2, "high": 0.6},
            "benefit": {"low": 0, "likely": 10, "high": 20},
        }
    )
    draws, _ = fates_of(plan, list(plan.initiatives))
    assert draws["a"].saving.tolist() == pytest.approx([(0.1 + 0.8 + 0.6) / 6])
    assert draws["a"].benefit.tolist() == pytest.approx([10])


def test_more_than_4096_joint_fates_are_drawn(plan_of):
    """Twelve of two fates are 4,096 and enumerated, thirteen are drawn; both come out at 0.7 for each."""
    for count, drawn in ((12, False), (13, True)):
        plan = plan_of(*({"id": f"i{at:02d}", "probability": 0.7} for at in range(count)))
        draws, weights = fates_of(plan, list(plan.initiatives))
        assert len(weights) == 4096 and bool(np.ptp(weights) == 0) == drawn
        for own in draws.values():
            assert own.success @ weights == pytest.approx(0.7, abs=0.035 if drawn else 1e-9)
