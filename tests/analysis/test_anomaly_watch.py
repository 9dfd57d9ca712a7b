"""The watch over one segment: where a day becomes strange, how long an event is open, and what it is then called.

Every day was expected to cost 100, one day differs from another by a spread of 5, the mean of a week by 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from costlib.analysis.anomalies.event import Event, Rows
from costlib.analysis.anomalies.records import Kind
from costlib.analysis.anomalies.watch import Watch

DAYS = 120
DATES = [date(2026, 1, 1) + timedelta(days=number) for number in range(DAYS)]
#: Days that are learned from before the first one is judged.
FIRST = 21


def seen(
    more: Mapping[int, float], until: int, *, expected: float = 100.0, floor: float = 0.0, unknown: int | None = None
) -> tuple[list[Event], Rows]:
    """The events found by a day, where some days cost so much more than expected, and what is kept of the days."""
    cost, flat = np.full(DAYS, expected), np.full(DAYS, expected)
    for day, amount in more.items():
        cost[day] += amount
    known = np.full(DAYS, True)
    if unknown is not None:
        known[unknown], cost[unknown] = False, 0.0
    rows = Rows(
        cost=cost,
        known=known,
        history=flat.copy(),
        expected=flat.copy(),
        spread=np.full(DAYS, 5.0),
        weekly_spread=np.full(DAYS, 3.0),
        level=flat.copy(),
        residual=np.zeros(DAYS),
        base=flat.copy(),
        surprise=np.zeros(DAYS),
        monthly=np.zeros(DAYS),
    )
    watch = Watch(rows, DATES, floor)
    for day in range(FIRST, until + 1):
        watch.see(day)
    return watch.events, rows


def watched(
    more: Mapping[int, float], until: int, *, expected: float = 100.0, floor: float = 0.0, unknown: int | None = None
) -> list[Event]:
    """The events found by a day."""
    return seen(more, until, expected=expected, floor=floor, unknown=unknown)[0]


def told(events: list[Event]) -> list[tuple[Kind, int, int]]:
    return [(one.kind, one.first, one.last) for one in events]


class TestStrange:
    @pytest.mark.parametrize(("more", "kind"), [(27.5, None), (27.6, Kind.SPIKE), (-27.5, None), (-27.6, Kind.DROP)])
    def test_beyond_five_and_a_half_spreads(self, more: float, kind: Kind | None) -> None:
        assert told(watched({30: more}, 30)) == ([] if kind is None else [(kind, 30, 30)])

    @pytest.mark.parametrize(("more", "found"), [(32.5, False), (32.6, True)])
    def test_and_a_quarter_beyond_the_wildest_day_let_pass(self, more: float, found: bool) -> None:
        """26 were 5.2 spreads and let pass: the limit is 6.5 spreads since, whichever way they went."""
        assert bool(watched({30: 26.0, 40: more}, 40)) is found
        assert bool(watched({30: -26.0, 40: more}, 40)) is found

    @pytest.mark.parametrize(("day", "found"), [(86, False), (87, True)])
    def test_of_the_last_eight_weeks(self, day: int, found: bool) -> None:
        assert bool(watched({30: 26.0, day: 30.0}, day)) is found

    @pytest.mark.parametrize(("more", "found"), [(59.9, False), (60.0, True)])
    def test_and_six_per_cent_of_what_was_expected(self, more: float, found: bool) -> None:
        assert bool(watched({30: more}, 30, expected=1000.0)) is found

    @pytest.mark.parametrize(("more", "found"), [(29.9, False), (30.0, True)])
    def test_and_a_week_of_it_more_than_small_change(self, more: float, found: bool) -> None:
        assert bool(watched({30: more}, 30, floor=210.0)) is found

    def test_an_unknown_day_is_not_judged(self) -> None:
        assert watched({}, 31, unknown=30) == []

    def test_the_three_weeks_before_are_learned_from(self) -> None:
        assert watched({20: 900.0}, 25) == []
        assert told(watched({21: 900.0}, 25)) == [(Kind.SPIKE, 21, 21)]


class TestKept:
    def test_an_ordinary_day_joins_the_history_and_a_strange_one_does_not(self) -> None:
        _, rows = seen({30: 20.0, 31: 60.0, 32: -20.0}, 32)
        assert rows.history[30:33].tolist() == [120.0, 100.0, 80.0]
        assert rows.surprise[30:33].tolist() == [0.0, 60.0, 0.0]
        assert rows.residual[30:33].tolist() == [20.0, 27.5, -20.0]  # five and a half spreads at most

    def test_an_ordinary_day_within_an_event_joins_it_too(self) -> None:
        _, rows = seen({30: 60.0, 31: 10.0, 32: -10.0}, 32)
        assert rows.history[30:33].tolist() == [100.0, 110.0, 90.0]

    def test_so_does_the_other_way(self) -> None:
        _, rows = seen({31: -60.0}, 31)
        assert (rows.history[31], rows.surprise[31], rows.residual[31]) == (100.0, -60.0, -27.5)


class TestGoingOn:
    @pytest.mark.parametrize(("more", "last"), [(15.0, 30), (15.1, 31)])
    def test_a_day_within_an_event_needs_three_spreads(self, more: float, last: int) -> None:
        assert told(watched({30: 90.0, 31: more}, 31)) == [(Kind.SPIKE, 30, last)]

    @pytest.mark.parametrize(("more", "last"), [(19.9, 30), (20.0, 31)])
    def test_and_more_than_small_change(self, more: float, last: int) -> None:
        assert told(watched({30: 90.0, 31: more}, 31, floor=140.0)) == [(Kind.SPIKE, 30, last)]

    @pytest.mark.parametrize(("second", "events"), [(33, 1), (34, 2)])
    def test_three_ordinary_days_close_it(self, second: int, events: int) -> None:
        found = watched({30: 90.0, second: 90.0}, second)
        assert len(found) == events
        assert (found[-1].last, found[-1].open) == (second, True)

    @pytest.mark.parametrize(("until", "is_open"), [(32, True), (33, False)])
    def test_until_then_it_goes_on(self, until: int, is_open: bool) -> None:
        assert [one.open for one in watched({30: 90.0}, until)] == [is_open]

    def test_ordinary_days_of_it_count_anew_after_each_strange_one(self) -> None:
        assert told(watched({30: 90.0, 33: 80.0, 35: 70.0}, 37)) == [(Kind.SPIKE, 30, 35)]

    def test_the_other_way_is_another_event(self) -> None:
        found = watched({30: 90.0, 31: -90.0}, 31)
        assert told(found) == [(Kind.SPIKE, 30, 30), (Kind.DROP, 31, 31)]
        assert [one.open for one in found] == [False, True]

    def test_a_smaller_day_the_other_way_is_none(self) -> None:
        assert told(watched({30: 90.0, 31: -27.0}, 31)) == [(Kind.SPIKE, 30, 30)]


class TestShift:
    @pytest.mark.parametrize(
        ("days", "kind"),
        [
            (range(30, 36), Kind.SPIKE),  # six days
            (range(30, 37), Kind.LEVEL_SHIFT),  # a week
            ((30, 32, 34, 36), Kind.LEVEL_SHIFT),  # four days of a week
            ((30, 33, 36), Kind.SPIKE),  # three
        ],
    )
    def test_a_week_of_four_strange_days_at_least(self, days: range, kind: Kind) -> None:
        found = watched(dict.fromkeys(days, 50.0), max(days))
        assert told(found) == [(kind, 30, max(days))]
        assert found[0].open is (kind is Kind.SPIKE)

    def test_a_cost_of_a_multiple_is_learned_anew(self) -> None:
        """2.5 times is not yet, and 2.6 times is: nothing of the three weeks after its first day is judged."""
        for more, is_open in ((150.0, False), (160.0, True)):
            (shift,) = watched(dict.fromkeys(range(30, 37), more), 36)
            assert (shift.kind, shift.open) == (Kind.LEVEL_SHIFT, is_open)
        wild = {**dict.fromkeys(range(30, DAYS), 160.0), 45: 900.0}
        assert [one.first for one in watched(wild, 50)] == [30]

    @pytest.mark.parametrize(("more", "found"), [(13.5, False), (13.6, True)])
    @pytest.mark.parametrize("way", [1, -1])
    def test_a_mean_of_a_week_needs_four_and_a_half_of_its_spreads(self, more: float, found: bool, way: int) -> None:
        events = watched(dict.fromkeys(range(30, 37), way * more), 36)
        told = [(one.kind, one.sign, one.slow, one.open) for one in events]
        assert told == [(Kind.LEVEL_SHIFT, way, True, False)] * found

    @pytest.mark.parametrize(
        ("first", "more", "found"),
        [
            (31, 107.0, False),  # 1 February: a price by the month costs 31/28 as much a day
            (31, 200.0, True),
            (35, 107.0, True),  # 5 February
            (59, -97.0, False),  # 1 March: 28/31
            (59, 107.0, True),
        ],
    )
    def test_a_price_by_the_month_is_no_shift(self, first: int, more: float, found: bool) -> None:
        events = watched(dict.fromkeys(range(first, first + 7), more), first + 6, expected=1000.0)
        assert [one.kind for one in events] == [Kind.LEVEL_SHIFT] * found

    @pytest.mark.parametrize(("more", "found"), [(39.9, False), (40.0, True)])
    def test_and_four_per_cent_of_the_level(self, more: float, found: bool) -> None:
        events = watched(dict.fromkeys(range(30, 37), more), 36, expected=1000.0)
        assert bool(events) is found

    @pytest.mark.parametrize(("floor", "found"), [(98.1, False), (98.0, True)])
    def test_and_more_than_small_change(self, floor: float, found: bool) -> None:
        """14 a day are 98 a week."""
        assert bool(watched(dict.fromkeys(range(30, 37), 14.0), 36, floor=floor)) is found

    @pytest.mark.parametrize(("usual", "found"), [(10.1, False), (10.3, True)])
    def test_and_a_middle_day_of_six_tenths_of_it(self, usual: float, found: bool) -> None:
        """Four days of 10.1 and three of 26 have the mean 16.91, six tenths of which are 10.15; with four of 10.3 the
        mean is 17.03 and six tenths of it 10.22."""
        days = dict(zip(range(30, 37), (*[usual] * 4, 26.0, 26.0, 26.0), strict=True))
        assert bool(watched(days, 36)) is found

    def test_a_week_of_it_must_be_over(self) -> None:
        """Six days of 15 and one of nothing are a mean of 12.9; the first week after the three learned is not asked."""
        assert watched(dict.fromkeys(range(30, 36), 15.0), 35) == []
        assert watched(dict.fromkeys(range(21, 28), 15.0), 27) == []
        assert told(watched(dict.fromkeys(range(22, 29), 15.0), 28)) == [(Kind.LEVEL_SHIFT, 22, 28)]


class TestToldOnce:
    def test_a_spike_within_a_shift_of_its_direction_is_a_part_of_it(self) -> None:
        """14 more since day 30 is seen in the week after the spike of day 33, and dated back before it."""
        days = dict.fromkeys(range(30, 41), 14.0)
        assert told(watched({**days, 33: 60.0}, 39)) == [(Kind.SPIKE, 33, 33)]
        assert told(watched({**days, 33: 60.0}, 40)) == [(Kind.LEVEL_SHIFT, 30, 40)]

    def test_a_drop_within_it_is_not(self) -> None:
        days = dict.fromkeys(range(30, 41), 14.0)
        assert told(watched({**days, 33: -60.0}, 40)) == [(Kind.DROP, 33, 33), (Kind.LEVEL_SHIFT, 30, 40)]

    def test_nor_is_a_spike_before_it(self) -> None:
        days = dict.fromkeys(range(32, 45), 14.0)
        assert told(watched({**days, 31: 60.0}, 44)) == [(Kind.SPIKE, 31, 31), (Kind.LEVEL_SHIFT, 32, 38)]

    def test_a_drop_ends_a_spike_before_it_is_a_shift(self) -> None:
        """Six days of 50 more, one of 60 less, and a week of 50 more."""
        days = {**dict.fromkeys(range(30, 44), 50.0), 36: -60.0}
        assert told(watched(days, 43)) == [(Kind.SPIKE, 30, 35), (Kind.DROP, 36, 36), (Kind.LEVEL_SHIFT, 37, 43)]


class TestRestless:
    @pytest.mark.parametrize(
        ("ways", "anew"),
        [
            ("+-+-+-", True),
            ("+-+-+", False),  # five strange days
            ("+--+++-", True),  # three turns
            ("+++---", False),  # one turn
            ("++--++", False),  # two turns
        ],
    )
    def test_six_strange_days_and_three_turns_are_another_rhythm(self, ways: str, anew: bool) -> None:
        days = {30 + number: 50.0 if way == "+" else -50.0 for number, way in enumerate(ways)}
        found = watched(days, max(days))
        assert ([one.kind for one in found] == [Kind.LEVEL_SHIFT]) is anew
        assert found[0].first == 30
        if anew:
            assert found[0].open

    def test_within_two_weeks(self) -> None:
        """The first of six strange days is fourteen days ago, so five are left."""
        days = {30: 50.0, 35: -50.0, 38: 50.0, 40: -50.0, 43: 50.0}
        assert [one.kind for one in watched({**days, 44: -50.0}, 44)] != [Kind.LEVEL_SHIFT]
        assert [one.kind for one in watched({**days, 41: 50.0}, 43)] == [Kind.LEVEL_SHIFT]


def charged(*days: int, amount: float = 50.0, until: int = 50) -> list[Event]:
    """A segment that never cost anything, and then on these days."""
    return watched(dict.fromkeys(days, amount), until, expected=0.0)


class TestNew:
    def test_it_is_new_from_its_first_day_and_learned_for_three_weeks(self) -> None:
        (one,) = charged(*range(30, 51), until=49)
        assert (one.kind, one.first, one.open) == (Kind.NEW, 30, True)
        (one,) = charged(*range(30, 51))
        assert (one.kind, one.first, one.last, one.open) == (Kind.NEW, 30, 50, False)

    @pytest.mark.parametrize(
        ("days", "kind", "last"),
        [
            ((30, 40), Kind.SPIKE, 40),  # two charges
            ((30, 35, 40), Kind.NEW, 40),
            ((30, 31, 36), Kind.SPIKE, 36),  # nothing in the last two weeks
            ((30, 31, 37), Kind.NEW, 37),
        ],
    )
    def test_a_charge_or_two_were_a_spike(self, days: tuple[int, ...], kind: Kind, last: int) -> None:
        assert told(charged(*days)) == [(kind, 30, last)]

    def test_and_a_credit_or_two_a_drop(self) -> None:
        assert told(charged(30, 40, amount=-50.0)) == [(Kind.DROP, 30, 40)]

    def test_what_it_cost_is_its_history_and_the_line_is_drawn_back(self) -> None:
        """50 a day, 64 on the first of 21: that weekday cost (64 + 50 + 50) / 3 and 28/3 more than that on day 30."""
        _, rows = seen({30: 64.0, **dict.fromkeys(range(31, 51), 50.0)}, 50, expected=0.0)
        assert rows.history[30:51].tolist() == [64.0, *[50.0] * 20]
        assert rows.residual[30:51] == pytest.approx(rows.cost[30:51] - rows.base[30:51])
        assert rows.residual[30:51].reshape(3, 7).mean(axis=0) == pytest.approx(np.zeros(7), abs=1e-9)
        assert rows.history[9:30] == pytest.approx(rows.base[9:30])
        assert rows.history[16:30].reshape(2, 7).argmax(axis=1).tolist() == [0, 0]

    def test_a_charge_or_two_leave_no_history_and_are_kept_as_surprises(self) -> None:
        _, rows = seen({30: 50.0, 40: 70.0}, 50, expected=0.0)
        assert not rows.history.any()
        assert {day: cost for day, cost in enumerate(rows.surprise.tolist()) if cost} == {30: 50.0, 40: 70.0}

    def test_before_the_first_day_that_is_judged_it_is_not_new(self) -> None:
        assert [one.kind for one in charged(20, *range(30, 51))][:1] != [Kind.NEW]


class TestWeekday:
    """A weekday that is as strange as a week ago has a new level of its own: a job that runs once a week changed."""

    def test_it_is_told_once_from_its_first_day(self) -> None:
        (one,) = watched({30: 50.0, 37: 50.0}, 37)
        assert (one.kind, one.first, one.last, one.open) == (Kind.LEVEL_SHIFT, 30, 30, False)

    @pytest.mark.parametrize(("again", "alike"), [(75.0, True), (76.0, False), (-50.0, False)])
    def test_where_the_two_are_alike(self, again: float, alike: bool) -> None:
        """50 may change by three tenths and two spreads: by 25."""
        kinds = [one.kind for one in watched({30: 50.0, 37: again}, 37)]
        assert (kinds == [Kind.LEVEL_SHIFT]) is alike
        assert len(kinds) == (1 if alike else 2)

    def test_two_weekdays_that_changed_within_a_week_are_told_once(self) -> None:
        found = watched({30: 50.0, 34: 50.0, 37: 50.0, 41: 50.0}, 41)
        assert told(found) == [(Kind.LEVEL_SHIFT, 30, 30)]

    def test_days_that_are_strange_together_are_no_weekdays(self) -> None:
        assert told(watched({30: 50.0, 32: 50.0, 37: 50.0, 39: 50.0}, 39)) == [
            (Kind.SPIKE, 30, 32),
            (Kind.SPIKE, 37, 39),
        ]
        assert told(watched({30: 50.0, 36: 50.0, 37: 50.0}, 37)) == [(Kind.SPIKE, 30, 30), (Kind.SPIKE, 36, 37)]


class TestMonthly:
    """1 February, 1 March and 1 April are days 31, 59 and 90."""

    def test_what_came_a_month_ago_comes_again_and_is_told_once(self) -> None:
        events, rows = seen({31: 600.0, 59: 620.0}, 63)
        assert told(events) == [(Kind.SPIKE, 31, 31)]
        assert (rows.surprise[59], rows.history[59]) == (620.0, 100.0)

    def test_another_charge_on_that_day_is_told(self) -> None:
        assert told(watched({31: 600.0, 59: 900.0}, 63)) == [(Kind.SPIKE, 31, 31), (Kind.SPIKE, 59, 59)]

    @pytest.mark.parametrize(("charge", "missed"), [(-600.0, Kind.SPIKE), (600.0, Kind.DROP)])
    def test_what_came_twice_and_not_the_third_time_is_missed(self, charge: float, missed: Kind) -> None:
        """A credit that did not come costs more."""
        events, rows = seen({31: charge, 59: charge}, 93)
        assert told(events)[1:] == [(missed, 90, 90)]
        assert rows.monthly[90] == charge

    def test_and_the_third_time_it_is_not(self) -> None:
        assert told(watched({31: -600.0, 59: -600.0, 90: -610.0}, 93)) == [(Kind.DROP, 31, 31)]


def test_what_was_told_before_a_new_rhythm_stays_told() -> None:
    turns = {31 + number: 50.0 * (-1) ** number for number in range(6)}
    assert told(watched({21: 90.0, **turns}, 36)) == [(Kind.SPIKE, 21, 21), (Kind.LEVEL_SHIFT, 31, 31)]
