"""How often ranges held at every level: shares, and errors that know which origins share their future."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bench.hierarchy import Held, Origin, by_days, by_months, held
from costlib.analysis.daily import DailySpend
from costlib.periods import Window


def origin(begin: int, *inside: bool, width: float = 1.0) -> Origin:
    """One level; every node's range is 0 to ``width``, and what happened lies in it or above."""
    count = len(inside)
    actual = np.where(inside, 0.0, 2.0)
    names = tuple(str(number) for number in range(count))
    return Origin(begin, ("Team",) * count, names, np.zeros(count), np.full(count, width), actual)


def test_the_share_counts_node_origins() -> None:
    (found,) = held([origin(0, True, False), origin(30, True, True)], 30)
    assert (found.level, found.share, found.node_origins, found.stretches) == ("Team", 0.75, 4, 2)


def test_origins_in_one_stretch_are_one_draw() -> None:
    # Stretches miss 2 of 2 and 0 of 2: sums of inside less its mean -1 and 1; root of (2 x 2) over 4 node-origins.
    (found,) = held([origin(0, False, True), origin(3, False, True), origin(40, True, True)], 30)
    assert found.stretches == 2
    assert found.error == pytest.approx(max(np.sqrt((2 / 3) ** 2 * 2 * 2) / 6, np.sqrt(0.16 / 4)))


def test_a_single_stretch_has_no_error_and_no_width_is_no_range() -> None:
    (found,) = held([origin(0, True), origin(5, False)], 30)
    assert found.error is None
    assert held([origin(0, True, width=0.0)], 30) == []


@pytest.mark.parametrize(
    ("share", "error", "verdict"),
    [(0.75, 0.01, "within"), (0.72, 0.02, "cannot be told"), (0.7, 0.02, "outside"), (1.0, None, "cannot be told")],
)
def test_the_verdict_knows_what_cannot_be_told(share: float, error: float | None, verdict: str) -> None:
    assert Held("Team", share, error, 100, 5).verdict == verdict


def company(days: int) -> DailySpend:
    random = np.random.default_rng(1)
    keys = (("Ads", "m", "training"), ("Ads", "n", "storage"), ("Web", "m", None))
    spend = np.exp(4 + random.normal(0, 0.02, (3, days)).cumsum(axis=1))
    window = Window(date(2025, 1, 1), date.fromordinal(date(2025, 1, 1).toordinal() + days))
    return DailySpend(("x_Team", "x_Model", "x_Stage"), keys, window, spend)


def test_every_level_is_the_sum_of_its_leaves() -> None:
    daily = company(150)
    first, *_ = by_days(daily, 30)
    assert first.begin == 120
    actual = dict(zip(zip(first.level, first.node, strict=True), first.actual, strict=True))
    leaves = daily.spend[:, 120:].sum(axis=1)
    assert actual["Team", "Ads"] == pytest.approx(leaves[:2].sum())
    assert actual["Model", "m"] == pytest.approx(leaves[[0, 2]].sum())
    assert actual["Stage", "None"] == pytest.approx(leaves[2])
    assert actual["Total", "all"] == pytest.approx(leaves.sum())


def test_months_are_whole_and_end_inside_the_history() -> None:
    daily = company(181)
    found = list(by_months(daily, 2))
    # The history ends with June: the last origin with two whole months after the first of its month is in May.
    assert max(one.begin for one in found) < 151
    whole = {one.begin: one.actual[one.level.index("Total")] for one in found}
    assert whole[max(whole)] == pytest.approx(daily.spend[:, 120:181].sum())
