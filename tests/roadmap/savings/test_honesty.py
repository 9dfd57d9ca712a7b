"""The interval of a saving holds what it promises, on scopes whose true saving is known."""

from __future__ import annotations

import numpy as np
import pytest

from costlib.roadmap.ranges import Range
from costlib.roadmap.savings.realised import realised
from tests.roadmap.savings.generated import Case, case

#: Basis, days of a period, periods before and after, how many cases: 1,020 in all.
KINDS = [
    ("volume", 1, 112, 42, 300),
    ("panel", 1, 98, 35, 150),
    ("trend", 1, 98, 35, 150),
    ("volume", 7, 40, 12, 240),
    ("trend", 7, 52, 13, 180),
]


def outcome(one: Case) -> Range:
    return realised(one.measured, one.go_live, one.ramp_end).saving


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple, list[tuple[Case, Range]]]:
    found = {}
    for number, kind in enumerate(KINDS):
        basis, days, before, after, count = kind
        random = np.random.default_rng(20261122 + number)
        cases = [case(random, basis, days=days, before=before, after=after) for _ in range(count)]
        found[kind] = [(one, outcome(one)) for one in cases]
    return found


def hits(pairs: list[tuple[Case, Range]]) -> float:
    return float(np.mean([found.low <= one.saving <= found.high for one, found in pairs]))


def test_the_true_saving_lies_in_the_interval_as_often_as_it_says(outcomes):
    every = [pair for pairs in outcomes.values() for pair in pairs]
    assert len(every) >= 1000
    assert 0.75 <= hits(every) <= 0.85


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]}-{kind[1]}")
def test_no_kind_of_scope_is_far_from_it(outcomes, kind):
    assert 0.70 <= hits(outcomes[kind]) <= 0.90


def test_the_saving_is_found_without_bias(outcomes):
    every = [pair for pairs in outcomes.values() for pair in pairs]
    truth = sum(one.saving for one, _ in every)
    assert sum(found.likely for _, found in every) == pytest.approx(truth, rel=0.03)


def test_misses_lie_on_both_sides(outcomes):
    every = [pair for pairs in outcomes.values() for pair in pairs]
    above = np.mean([one.saving > found.high for one, found in every])
    below = np.mean([one.saving < found.low for one, found in every])
    assert 0.06 <= above <= 0.15 and 0.06 <= below <= 0.15


def test_a_volume_gives_a_narrower_interval_than_none(outcomes):
    def width(kind: tuple) -> float:
        return float(np.mean([(found.high - found.low) / one.without for one, found in outcomes[kind]]))

    random = np.random.default_rng(4)
    blind = []
    for _ in range(40):
        one = case(random, "volume", before=112, after=42)
        bare = Case(type(one.measured)(one.measured.start, one.measured.cost), *list(vars(one).values())[1:])
        found = outcome(bare)
        blind.append((found.high - found.low) / one.without)
    assert width(KINDS[0]) < np.mean(blind)


@pytest.mark.parametrize("step", [0.5, 0.8, 1.5, 2.5])
def test_a_change_in_volume_is_not_taken_for_a_saving(step):
    """Nothing was saved and the volume jumped: what is found is nothing, on average and in most intervals."""
    random = np.random.default_rng(round(step * 10))
    shares, inside = [], []
    for _ in range(40):
        one = case(random, "volume", before=112, after=42, saved=0.0, step=step)
        found = realised(one.measured, one.go_live, one.ramp_end)
        shares.append(found.saving.likely / one.without)
        inside.append(found.saving.low <= 0 <= found.saving.high)
    assert abs(np.mean(shares)) < 0.02
    assert np.mean(inside) >= 0.65  # 40 cases: 0.65 is two standard errors below 0.8
