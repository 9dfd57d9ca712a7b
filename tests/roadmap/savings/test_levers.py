"""Promises by lever: nothing that was promised is lost, and nothing is measured twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.portfolio.ledger import LedgerRow
from costlib.roadmap.savings.levers import LeverPromise, lever_promises
from costlib.roadmap.savings.promised import GONE
from costlib.roadmap.savings.track import Line, TrackRecord


def decided(lever: str, promised: float) -> LedgerRow:
    """What decisions promised of a lever in one plan; the other figures are the plan's and not used here."""
    return LedgerRow(lever, promised, 1.0, 2.0, 3.0, 4.0, overdue=False)


def track(**promised: float) -> TrackRecord:
    """So much promised by now of each lever, half of it saved, a quarter signed, a quarter provisional."""
    return TrackRecord(
        tuple(Line(name, name, amount, amount / 2, amount / 4, amount / 4, 0, 0) for name, amount in promised.items())
    )


def test_a_lever_by_hand():
    (row,) = lever_promises([decided("spot", 1_200)], 1_200, track(spot=400))
    assert row == LeverPromise("spot", 1_200, 400, 200, 100, 100)
    assert (row.variance, row.unsigned) == (-200, 300)


def test_levers_of_several_plans_are_added():
    found = lever_promises([decided("spot", 100), decided("cache", 5), decided("spot", 20)], 125, track(spot=60))
    assert [(one.lever, one.decided) for one in found] == [("spot", 120), ("cache", 5)]


def test_a_decision_on_what_is_gone_keeps_its_promise():
    found = lever_promises([decided("spot", 100)], 130, track(spot=60))
    assert [(one.lever, one.decided, one.realised) for one in found] == [("spot", 100, 60 / 2), (GONE, 30, None)]


def test_rounding_is_no_row():
    assert [one.lever for one in lever_promises([decided("spot", 0.1 + 0.2)], 0.3, track(spot=1))] == ["spot"]


def test_what_is_live_without_a_decision_is_there():
    (row,) = lever_promises([], 0, track(cache=40))
    assert (row.decided, row.promised, row.booked) == (0, 40, 10)


def test_what_was_never_promised_measured_or_signed_is_left_out():
    assert lever_promises([decided("idle", 0)], 0, TrackRecord()) == []


def test_what_is_not_measured_is_unknown_not_nothing():
    (row,) = lever_promises([decided("spot", 10)], 10, TrackRecord())
    assert (row.realised, row.variance) == (None, None)


def test_more_signed_than_promised_leaves_nothing_unsigned():
    row = LeverPromise("spot", 0, 100, 150, 130, 20)
    assert (row.unsigned, row.variance) == (0, 50)


def test_the_largest_promise_by_now_leads_and_what_is_gone_ends():
    found = lever_promises([decided("a", 1), decided("b", 2)], 9_999, track(c=10, b=30))
    assert [one.lever for one in found] == ["b", "c", "a", GONE]


levers = st.sampled_from(["spot", "cache", "batch", "idle"])


@given(
    st.lists(st.tuples(levers, st.floats(0, 1e6)), max_size=8),
    st.floats(0, 1e6),
    st.dictionaries(levers, st.floats(0, 1e6), max_size=4),
)
def test_no_promise_is_lost(rows: list[tuple[str, float]], gone: float, held: dict[str, float]) -> None:
    whole = sum(amount for _, amount in rows) + gone
    found = lever_promises([decided(*row) for row in rows], whole, track(**held))
    assert sum(one.decided for one in found) == pytest.approx(whole, abs=0.01)
    assert sum(one.promised for one in found) == pytest.approx(sum(held.values()))
    assert sum(one.booked for one in found) == pytest.approx(sum(held.values()) / 4)
    assert len({one.lever for one in found}) == len(found)
