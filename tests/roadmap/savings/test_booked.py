"""Provisional and signed off apart, cost avoidance apart, promised against realised against booked by quarter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.savings.booked import (
    STAGES,
    Booking,
    Entry,
    Review,
    Standing,
    UnsignedBooking,
    quarterly_review,
    standings,
    whole_quarter,
)

JAN, FEB, APR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1)


def booked(name: str, month: date, amount: float, by: str = "M. Okafor, Controlling") -> Booking:
    return Booking(name, month, amount, by, date(2026, 5, 4))


def test_before_it_is_done_a_saving_is_in_flight_then_provisional_and_booked_once_signed():
    came = [Entry("a", JAN, 90), Entry("a", FEB, 100), Entry("b", FEB, 50)]
    rows = standings({"a": "L5", "b": "L3"}, came, [booked("a", JAN, 80)], [Entry("b", FEB, 999)])
    assert rows == [Standing("a", 0, 100, 80, 0), Standing("b", 50, 0, 0, 999)]


def test_what_finance_signed_replaces_what_was_measured_and_is_not_added_to_it():
    (row,) = standings({"a": "L4"}, [Entry("a", JAN, 90)], [booked("a", JAN, 70)])
    assert (row.provisional, row.booked) == (0, 70)


@given(avoided=st.lists(st.floats(0, 1e6), max_size=5), stage=st.sampled_from(STAGES), amount=st.floats(-1e6, 1e6))
def test_cost_avoidance_moves_no_other_figure(avoided, stage, amount):
    came = [Entry("a", JAN, amount)]
    (bare,) = standings({"a": stage}, came, [])
    (rich,) = standings({"a": stage}, came, [], [Entry("a", JAN, one) for one in avoided])
    assert (bare.in_flight, bare.provisional, bare.booked) == (rich.in_flight, rich.provisional, rich.booked)
    assert rich.avoided == pytest.approx(sum(avoided))
    assert (bare.provisional if stage in ("L4", "L5") else bare.in_flight) == amount


@pytest.mark.parametrize(
    ("bookings", "said"),
    [
        ([booked("a", JAN, 1, by=" ")], "signed by nobody"),
        ([booked("a", JAN, 1), booked("a", JAN, 2)], "stands twice"),
    ],
)
def test_only_signed_bookings_count_and_each_once(bookings, said):
    with pytest.raises(UnsignedBooking, match=said):
        standings({"a": "L5"}, [], bookings)


def test_a_quarter_by_hand():
    rows = quarterly_review(
        [Entry("a", JAN, 100), Entry("a", FEB, 100), Entry("a", APR, 100), Entry("b", JAN, 40)],
        [Entry("a", JAN, 70), Entry("a", FEB, 90)],
        [booked("a", JAN, 60)],
    )
    assert rows == [
        Review("a", JAN, 200, 160, 60, -40, 0.8),
        Review("b", JAN, 40, None, 0, None, None),
        Review("a", APR, 100, None, 0, None, None),
    ]


def test_quarters_follow_the_fiscal_year():
    (row,) = quarterly_review([Entry("a", JAN, 1)], [Entry("a", date(2025, 12, 1), 2)], [], fiscal_start=12)
    assert (row.quarter, row.promised, row.realised) == (date(2025, 12, 1), 1, 2)


def test_a_saving_that_nobody_promised_has_no_attainment():
    (row,) = quarterly_review([], [Entry("a", JAN, 5)], [])
    assert (row.promised, row.variance, row.attainment) == (0, 5, None)


class TestWholeQuarter:
    def test_by_hand(self):
        """200 and 40 promised; 160 of the first came; the second is not measured and is held against nothing."""
        one = whole_quarter([Review("a", JAN, 200, 160, 60, -40, 0.8), Review("b", JAN, 40, None, 5, None, None)])
        assert one == Review("all", JAN, 240, 160, 65, -40, 0.8)

    def test_where_nothing_is_measured_there_is_no_variance(self):
        one = whole_quarter([Review("a", JAN, 200, None, 60, None, None)])
        assert (one.realised, one.variance, one.attainment, one.booked) == (None, None, None, 60)

    def test_what_nobody_promised_has_no_attainment(self):
        one = whole_quarter([Review("a", JAN, 0, 5, 0, 5, None)])
        assert (one.variance, one.attainment) == (5, None)

    @given(st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1))
    def test_it_is_the_sum_of_what_is_known(self, rows):
        entries = [
            Review(str(at), JAN, aim, came, signed, None if came is None else came - aim, None)
            for at, (aim, came, signed) in enumerate(rows)
        ]
        one = whole_quarter(entries)
        assert one.promised == pytest.approx(sum(aim for aim, _, _ in rows))
        assert one.booked == pytest.approx(sum(signed for *_, signed in rows))
        known = [entry.variance for entry in entries if entry.variance is not None]
        assert (one.variance is None) == (not known)
        if known:
            assert one.variance == pytest.approx(sum(known), abs=1e-3)
