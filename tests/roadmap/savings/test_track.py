"""The record of past decisions: kinds of saving stay apart, sums are those of the lines, unknown is counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.savings.booked import Booking, Entry, UnsignedBooking
from costlib.roadmap.savings.track import NO_LEVER, Line, TrackRecord, track_record
from tests.roadmap.savings.live_cases import JUL, JUN, live, measurement, month

KINDS = ("promised", "booked", "provisional", "in_flight", "avoided")
amounts = st.floats(0, 1e6)
lines = st.builds(
    Line,
    name=st.text("ab", min_size=1, max_size=2),
    lever=st.sampled_from(["spot", "caching", "batching"]),
    promised=amounts,
    realised=st.none() | amounts,
    booked=amounts,
    provisional=amounts,
    in_flight=amounts,
    avoided=amounts,
    unmeasured=st.integers(0, 2),
)


def signed(name: str, first: date, amount: float, by: str = "Controlling") -> Booking:
    return Booking(f"past/{name}", first, amount, by, date(2026, 9, 1))


class TestByHand:
    MONTHS = (month(JUN, 1_500, 15), month(JUL, 4_200, 31))

    def test_done_with_one_month_signed(self) -> None:
        """2,000 promised for half of June and 4,000 for July; June is signed with 1,400, July is provisional."""
        one = live()
        found = track_record([one], [measurement(one, months=self.MONTHS)], [signed("spot", JUN, 1_400)])
        assert found.lines == (
            Line("spot", "spot training", pytest.approx(6_000), 5_700, 1_400, 4_200, 0.0, 0.0, unmeasured=0),
        )

    def test_before_it_is_done_it_is_in_flight(self) -> None:
        one = live(stage="L3")
        (line,) = track_record([one], [measurement(one, months=self.MONTHS)], []).lines
        assert (line.in_flight, line.provisional, line.booked) == (5_700, 0, 0)

    def test_avoided_is_added_to_nothing(self) -> None:
        one = live()
        measured = [measurement(one, months=self.MONTHS)]
        bare = track_record([one], measured, []).whole
        rich = track_record([one], measured, [], [Entry("past/spot", JUL, 9_999)]).whole
        assert rich.avoided == 9_999
        assert [getattr(bare, kind) for kind in KINDS[:-1]] == [getattr(rich, kind) for kind in KINDS[:-1]]
        assert bare.realised == rich.realised

    def test_what_was_not_measured_is_unknown_and_counted(self) -> None:
        known, unknown = live(), live("waits", since=None)
        found = track_record([known, unknown], [measurement(known, months=self.MONTHS)], [])
        assert {one.name: one.realised for one in found.lines} == {"spot": 5_700, "waits": None}
        assert (found.whole.realised, found.whole.unmeasured) == (5_700, 1)
        assert (found.whole.name, found.whole.lever) == ("All", "")

    def test_nothing_measured_at_all_is_not_nothing_saved(self) -> None:
        assert track_record([live(since=None)], [], []).whole.realised is None

    def test_the_largest_promise_comes_first(self) -> None:
        both = live("a", reference=1_000.0), live("b", reference=2_000.0)
        measured = [measurement(one, months=self.MONTHS) for one in both]
        assert [one.name for one in track_record(both, measured, []).lines] == ["b", "a"]

    def test_bookings_of_others_are_left_out(self) -> None:
        one = live()
        found = track_record([one], [measurement(one, months=self.MONTHS)], [signed("gone", JUN, 70)])
        assert found.whole.booked == 0

    def test_a_booking_that_nobody_signed_is_refused(self) -> None:
        with pytest.raises(UnsignedBooking, match="signed by nobody"):
            track_record([live()], [], [signed("spot", JUN, 1, by="")])

    def test_no_initiative_no_record(self) -> None:
        found = track_record([], [], [])
        assert (found.lines, found.by_lever, found.whole.promised) == ((), (), 0)


class TestByLever:
    def test_one_line_a_lever(self) -> None:
        found = TrackRecord(
            (
                Line("a", "spot", 100, 80, 50, 30, 0, 0),
                Line("b", "caching", 300, None, 0, 0, 0, 7, unmeasured=1),
                Line("c", "spot", 150, 160, 0, 160, 0, 0),
            )
        )
        assert found.by_lever == (
            Line("caching", "caching", 300, None, 0, 0, 0, 7, unmeasured=1),
            Line("spot", "spot", 250, 240, 50, 190, 0, 0),
        )

    def test_what_names_no_lever_is_together(self) -> None:
        both = live("a", lever=""), live("b", lever="")
        found = track_record(both, [measurement(one, months=(month(JUL, 10),)) for one in both], [])
        assert [one.name for one in found.by_lever] == [NO_LEVER]

    @given(st.lists(lines, max_size=8))
    def test_levers_hold_what_the_lines_hold(self, given_lines: list[Line]) -> None:
        found = TrackRecord(tuple(given_lines))
        for kind in KINDS:
            whole = sum(getattr(one, kind) for one in given_lines)
            assert sum(getattr(one, kind) for one in found.by_lever) == pytest.approx(whole)
            assert getattr(found.whole, kind) == pytest.approx(whole)
        assert sum(one.unmeasured for one in found.by_lever) == found.whole.unmeasured
        assert len({one.name for one in found.by_lever}) == len(found.by_lever)

    @given(st.lists(lines, max_size=8), st.randoms())
    def test_order_changes_no_lever(self, given_lines: list[Line], random: object) -> None:
        mixed = list(given_lines)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        one, other = TrackRecord(tuple(given_lines)).by_lever, TrackRecord(tuple(mixed)).by_lever
        for kind in KINDS:
            sums = ({line.name: getattr(line, kind) for line in side} for side in (one, other))
            first, second = sums
            assert first == pytest.approx(second)
