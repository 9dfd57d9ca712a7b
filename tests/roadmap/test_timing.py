"""Starts, ramps, roll-backs and dependencies on paths that are written down one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.draws import Draws
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.timing import NEVER, Timing, months_from, strength, timings


def drawn(success: list[bool], delay: list[int] | None = None, fails: list[bool] | None = None) -> Draws:
    size = len(success)
    return Draws(
        success=np.array(success),
        saving=np.full(size, 0.5),
        delay=np.array(delay or [0] * size),
        guardrail_fails=np.array(fails or [False] * size),
        benefit=np.zeros(size),
    )


def railed(name: str, detect: int, **more: object) -> Initiative:
    return Initiative.model_validate({"id": name, "guardrail": {"metric": "m", "detect_months": detect}, **more})


def test_a_delay_moves_the_start_of_its_path_only():
    found = timings([Initiative(id="a")], {"a": 3}, {"a": drawn([True] * 3, [0, 1, 4])})["a"]
    assert found.begin.tolist() == [3, 4, 7]
    assert (found.off == NEVER).all()


def test_a_roll_back_comes_after_its_months_whether_or_not_it_succeeded():
    draws = {"a": drawn([True, False, True], [0, 0, 2], [True, True, False])}
    found = timings([railed("a", 2)], {"a": 1}, draws)["a"]
    assert found.off.tolist() == [3, 3, NEVER]


def test_a_dependent_follows_the_last_of_its_predecessors():
    levers = [Initiative(id="a", ramp_months=2), Initiative(id="b"), Initiative(id="c", depends_on=("a", "b"))]
    draws = {
        "a": drawn([True, True, False, True], [0, 1, 0, 0]),
        "b": drawn([True, True, True, True], [0, 0, 0, 5]),
        "c": drawn([True] * 4, [0, 0, 0, 2]),
    }
    found = timings(levers, {"a": 0, "b": 1, "c": 0}, draws)["c"]
    assert found.begin.tolist() == [3, 4, NEVER, 9]


def test_a_dependent_of_one_that_never_started_never_starts():
    levers = [Initiative(id="a"), Initiative(id="b", depends_on=("a",)), Initiative(id="c", depends_on=("b",))]
    draws = {"a": drawn([False, True]), "b": drawn([True, True]), "c": drawn([True, True])}
    found = timings(levers, {"a": 0, "b": 0, "c": 0}, draws)
    assert found["b"].begin.tolist() == [NEVER, 1]
    assert found["c"].begin.tolist() == [NEVER, 2]


@pytest.mark.parametrize(("start", "begins"), [(1, 1), (2, NEVER), (5, NEVER)])
def test_a_dependent_starts_before_the_roll_back_or_never(start, begins):
    levers = [railed("a", 2), Initiative(id="b", depends_on=("a",))]
    draws = {"a": drawn([True], fails=[True]), "b": drawn([True])}
    assert timings(levers, {"a": 0, "b": start}, draws)["b"].begin.tolist() == [begins]


def timing(begin: int, off: int = NEVER) -> Timing:
    return Timing(np.array([begin]), np.array([off]))


@pytest.mark.parametrize(
    ("found", "ramp", "offset", "expected"),
    [
        (timing(1), 0, 0, [0, 1, 1, 1, 1]),
        (timing(1), 3, 0, [0, 0.25, 0.5, 0.75, 1]),
        (timing(1, 3), 1, 0, [0, 0.5, 1, 0, 0]),
        (timing(1, 1), 0, 0, [0, 0, 0, 0, 0]),
        (timing(1, 4), 0, 2, [0, 0, 0, 1, 0]),
        (timing(NEVER), 2, 0, [0, 0, 0, 0, 0]),
    ],
)
def test_strength_by_hand(found, ramp, offset, expected):
    assert strength(found, ramp, 5, offset)[:, 0].tolist() == pytest.approx(expected)


@given(st.integers(0, 12), st.integers(0, 8), st.integers(0, 12))
def test_strength_rises_to_one_and_ends_with_the_roll_back(begin, ramp, detect):
    found = strength(timing(begin, begin + detect), ramp, 30)[:, 0]
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[:begin] == 0).all() and (found[begin + detect :] == 0).all()
    assert (np.diff(found[begin : begin + detect]) >= 0).all()
    if detect > ramp:
        assert found[begin + ramp] == 1
        assert ramp == 0 or found[begin + ramp - 1] < 1


def test_months_from_counts_paths_by_weight():
    first = np.array([0, 2, 2, NEVER])
    assert months_from(first, 4).tolist() == [0.25, 0.25, 0.75, 0.75]
    assert months_from(first, 4, np.array([0.1, 0.2, 0.3, 0.4])).tolist() == pytest.approx([0.1, 0.1, 0.6, 0.6])
