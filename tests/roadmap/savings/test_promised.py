"""Promised: what approvals froze, for the days that were measured; and whose part of a saving is whose."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.roadmap.savings.booked import Entry
from costlib.roadmap.savings.measured import TooLittleHistory
from costlib.roadmap.savings.promised import Measurement, Since, promise, proven, together
from costlib.roadmap.savings.slipback import Held
from tests.roadmap.savings.live_cases import AUG, JUL, JUN, MID_JUNE, SCOPE, falling, live, measurement, month


class TestPromise:
    def test_half_a_month_by_hand(self) -> None:
        """40 % of 10,000 is 4,000 a month; 15 of 30 days are half of it."""
        assert promise(10_000, 0.4, JUN, 15) == pytest.approx(2_000)

    @pytest.mark.parametrize(("first", "days"), [(JUN, 30), (JUL, 31), (date(2028, 2, 1), 29)])
    def test_a_whole_month_is_the_share_of_the_reference_whatever_its_length(self, first: date, days: int) -> None:
        assert promise(10_000, 0.4, first, days) == pytest.approx(4_000)

    @given(reference=st.floats(0, 1e7), saving=st.floats(0, 0.99), days=st.integers(0, 15), more=st.integers(0, 15))
    def test_days_add_up(self, reference: float, saving: float, days: int, more: int) -> None:
        parts = promise(reference, saving, JUN, days) + promise(reference, saving, JUN, more)
        assert promise(reference, saving, JUN, days + more) == pytest.approx(parts)


class TestOfAMeasurement:
    def test_each_month_for_the_days_that_were_measured(self) -> None:
        one = measurement(live(), months=(month(JUN, 900, 15), month(JUL, 3_000, 31)))
        assert one.promised() == [
            Entry("past/spot", JUN, pytest.approx(2_000)),
            Entry("past/spot", JUL, pytest.approx(4_000)),
        ]

    def test_an_unknown_day_promises_nothing(self) -> None:
        (entry,) = measurement(live(), months=(month(JUL, 3_000, 30),)).promised()
        assert entry.amount == pytest.approx(4_000 * 30 / 31)

    def test_weeks_are_seven_days_also_where_there_are_only_two_months(self) -> None:
        """Two weeks that begin in June and five in July: 14 of 30 days, 35 of 31."""
        one = measurement(live(), months=(month(JUN, 900, 2), month(JUL, 4_000, 5)), days=7)
        june, july = one.promised()
        assert june.amount == pytest.approx(4_000 * 14 / 30)
        assert july.amount == pytest.approx(4_000 * 35 / 31)

    def test_without_an_approval_nothing_was_promised(self) -> None:
        one = measurement(live(reference=None), months=(month(JUL, 3_000),))
        assert one.promised() == []
        assert [entry.amount for entry in one.realised()] == [3_000]

    def test_what_could_not_be_measured_promises_and_saves_nothing(self) -> None:
        one = measurement(live())
        assert (one.promised(), one.realised()) == ([], [])

    def test_only_the_approved_of_those_measured_together_promise(self) -> None:
        one = measurement(live(), live("cache", reference=None), months=(month(JUL, 3_000, 31),))
        assert [entry.initiative for entry in one.promised()] == ["past/spot"]


class TestTogether:
    def test_one_scope_and_go_live_is_measured_once(self) -> None:
        spot, cache = live(), live("cache")
        other = live("canary", scope=(("x_Model", ("scorer",)),))
        later = live("late", since=Since(JUL, AUG))
        assert together([spot, other, cache, later]) == [(spot, cache), (other,), (later,)]

    def test_what_is_not_live_is_not_measured(self) -> None:
        assert together([live(since=None)]) == []

    def test_currencies_are_never_mixed(self) -> None:
        assert len(together([live(), live("cache", currency="EUR")])) == 2

    def test_another_driver_is_another_measurement(self) -> None:
        driven = replace(MID_JUNE, metric="requests", model="ranker")
        assert len(together([live(), live("cache", since=driven)])) == 2

    def test_a_name_of_its_own_among_all_plans(self) -> None:
        assert live().key == "past/spot" != live(plan="fraud").key
        assert (live().name, live(title="Train on spot").name) == ("spot", "Train on spot")
        assert measurement(live(), live("cache")).name == "spot and cache"


class TestShares:
    def test_two_levers_by_hand(self) -> None:
        """Of 50 % and 20 % together 60 % is saved: ln 0.5 / ln 0.4 of it is the first's."""
        first, second = live("a", saving=0.5), live("b", saving=0.2)
        one = measurement(first, second, months=(month(JUL, 6_000),))
        assert one.share(first) == pytest.approx(math.log(0.5) / math.log(0.4))
        assert sum(entry.amount for entry in one.realised()) == pytest.approx(6_000)

    def test_where_nothing_is_expected_of_either_they_share_alike(self) -> None:
        both = live("a", saving=0.0), live("b", saving=0.0)
        assert [measurement(*both).share(one) for one in both] == [0.5, 0.5]

    @given(st.lists(st.floats(0.0, 0.95), min_size=1, max_size=6))
    def test_the_parts_are_the_whole(self, savings: list[float]) -> None:
        members = [live(str(at), saving=saving) for at, saving in enumerate(savings)]
        one = measurement(*members, months=(month(JUN, 100), month(JUL, 250)))
        assert sum(one.share(member) for member in members) == pytest.approx(1)
        assert all(0 <= one.share(member) <= 1 for member in members)
        assert sum(entry.amount for entry in one.realised()) == pytest.approx(350)

    def test_order_changes_nobodys_part(self) -> None:
        first, second = live("a", saving=0.5), live("b", saving=0.2)
        assert measurement(first, second).share(second) == measurement(second, first).share(second)


class TestProven:
    GO_LIVE = date(2026, 5, 1)  # day 120 of the series

    def test_what_was_saved_and_that_it_is_still_there(self) -> None:
        """100 days that save 40 of 100 a day: 4,000."""
        since = Since(self.GO_LIVE, self.GO_LIVE)
        result, checks = proven(falling(), since, date(2026, 8, 9))
        assert result.saving.likely == pytest.approx(4_000, rel=0.01)
        assert result.days == 1
        assert [(one.days, one.on, one.verdict) for one in checks] == [
            (30, date(2026, 5, 31), Held.HELD),
            (90, date(2026, 7, 30), Held.HELD),
        ]

    def test_what_goes_away_is_found_at_ninety_days(self) -> None:
        since = Since(self.GO_LIVE, self.GO_LIVE)
        _, checks = proven(falling(lost_from=60), since, date(2026, 8, 9))
        assert [one.verdict for one in checks] == [Held.HELD, Held.SLIPPED]
        assert checks[1].lost_a_month == pytest.approx(40 * 365 / 12, rel=0.02)

    def test_a_check_is_not_made_before_its_day(self) -> None:
        since = Since(self.GO_LIVE, self.GO_LIVE)
        assert [one.days for one in proven(falling(), since, date(2026, 5, 31))[1]] == [30]
        assert proven(falling(), since, date(2026, 5, 30))[1] == ()

    def test_the_ramp_counts_for_nothing(self) -> None:
        """Live on 1 May and in full from 11 May: 90 days of 40 are counted, and the checks begin ten days later."""
        result, checks = proven(falling(), Since(self.GO_LIVE, date(2026, 5, 11)), date(2026, 8, 9))
        assert result.saving.likely == pytest.approx(3_600, rel=0.01)
        assert [one.on for one in checks] == [date(2026, 6, 10), date(2026, 8, 9)]

    def test_a_scope_that_rests_most_days_is_measured_by_the_week(self) -> None:
        series = falling(before=119, after=98)
        series.cost[series.cost > 0] *= [1.0 if at % 7 == 3 else 0.0 for at in range(len(series.cost))]
        since = Since(date(2026, 4, 30), date(2026, 4, 30))
        result, _ = proven(series, since, date(2026, 8, 1))
        assert result.days == 7
        assert sum(one.periods for one in result.months) == 14
        one = Measurement((live(since=since),), since, result)
        # 98 days of 4,000 a month, in whatever months they lie: a little over three months and a week.
        assert sum(entry.amount for entry in one.promised()) == pytest.approx(4_000 * 98 * 12 / 365, rel=0.02)

    def test_too_little_history_is_refused(self) -> None:
        with pytest.raises(TooLittleHistory):
            proven(falling(before=20), Since(date(2026, 1, 21), date(2026, 1, 21)), date(2026, 4, 1))


def test_a_scope_is_what_tells_measurements_apart() -> None:
    assert measurement(live()).members[0].scope == SCOPE
