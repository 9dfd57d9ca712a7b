"""The outlook: days into months, months into joint paths."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.analysis.daily import DailySpend, daily_spend
from costlib.analysis.outlook import DAILY_MONTHS, outlook
from costlib.periods import Window

YEAR = Window(date(2025, 1, 1), date(2026, 1, 1))
TO_THE_TENTH = Window(date(2025, 1, 1), date(2026, 1, 11))


def spend(*levels: float, window: Window = YEAR, noise: float = 0.05, seed: int = 3) -> DailySpend:
    """One segment a level, with a weekday rhythm and noise."""
    random = np.random.default_rng(seed)
    days = np.arange(window.days)
    rhythm = np.where(days % 7 < 5, 1.0, 0.7)
    amounts = np.array(levels)[:, None] * rhythm * np.exp(random.normal(0, noise, (len(levels), len(days))))
    return DailySpend(("x_Team",), tuple((f"team {n}",) for n in range(len(levels))), window, amounts)


class TestDailySpend:
    WINDOW = Window(date(2026, 3, 1), date(2026, 3, 6))

    def test_before_its_first_day_a_segment_is_unknown_and_after_it_nothing_is_zero(self):
        found = daily_spend(["x_Team"], {("Ads",): ([1, 3], [2.5, 1])}, self.WINDOW)
        np.testing.assert_array_equal(found.spend, [[np.nan, 2.5, 0, 1, 0]])

    def test_costs_of_a_day_add_up_and_an_unknown_amount_makes_the_day_unknown(self):
        found = daily_spend(["x_Team"], {("Ads",): ([0, 0], [2, 3]), ("Web",): ([0, 0], [None, 1])}, self.WINDOW)
        assert found.spend[0, 0] == 5
        assert np.isnan(found.spend[1, 0])

    def test_segments_are_in_order_with_the_unknown_last_and_days_outside_are_left_out(self):
        costs = {(None,): ([0], [1]), ("B",): ([0], [1]), ("A",): ([1], [1]), ("C",): ([-1, 5], [1, 1])}
        found = daily_spend(["x_Team"], costs, self.WINDOW)
        assert found.keys == (("A",), ("B",), (None,))
        np.testing.assert_array_equal(found.spend[0], [np.nan, 1, 0, 0, 0])

    def test_nothing_spent_has_no_segment(self):
        assert daily_spend(["x_Team"], {}, self.WINDOW).spend.shape == (0, 5)


class TestMonths:
    def test_a_full_month_is_closed_and_the_next_one_comes_first(self):
        found = outlook(spend(100.0), 3)
        assert found.months == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
        assert found.closed[0] == date(2025, 1, 1)
        assert found.closed[-1] == date(2025, 12, 1)
        assert found.to_date.tolist() == [0.0]

    def test_closed_months_are_the_sum_of_their_days(self):
        days = spend(100.0, 7.0)
        found = outlook(days, 1)
        np.testing.assert_allclose(found.actual[:, 1], days.spend[:, 31:59].sum(axis=1))
        np.testing.assert_allclose(found.booked([0, 1]).sum(), days.spend.sum())

    def test_a_running_month_holds_its_days_so_far(self):
        days = spend(100.0, window=TO_THE_TENTH)
        found = outlook(days, 2)
        so_far = days.spend[0, -10:].sum()
        assert found.months[0] == date(2026, 1, 1)
        assert found.to_date[0] == pytest.approx(so_far)
        assert (found.paths[0, 0] > so_far).all()
        assert found.paths[0, 0].mean() == pytest.approx(so_far * 31 / 10, rel=0.1)

    def test_history_that_begins_inside_a_month_closes_only_whole_months(self):
        found = outlook(spend(100.0, window=Window(date(2025, 1, 15), date(2025, 6, 1))), 2)
        assert found.closed == tuple(date(2025, month, 1) for month in (2, 3, 4, 5))

    def test_history_inside_one_month_has_no_closed_month(self):
        found = outlook(spend(100.0, window=Window(date(2025, 3, 5), date(2025, 3, 20))), 5)
        assert found.closed == ()
        assert found.months[0] == date(2025, 3, 1)
        assert found.paths[0, 3].mean() == pytest.approx(100 * 30 * 6.4 / 7, rel=0.25)

    def test_a_steady_bill_stays_where_it_is(self):
        likely = np.median(outlook(spend(100.0, 50.0), 12).spend(), axis=1)
        assert likely == pytest.approx(np.full(12, 150 * 30.4 * 6.4 / 7), rel=0.12)

    @pytest.mark.parametrize("some", [slice(0, 250), slice(250, 500), slice(750, 1000)])
    def test_of_a_bill_that_never_changed_any_few_paths_are_like_all(self, some):
        """A plan of 250 paths takes the first 250: 300 a month, once a month, is no less on them than on the last."""
        charged = np.zeros((1, 365))
        charged[0, [(date(2025, month, 1) - YEAR.start).days for month in range(1, 13)]] = 300.0
        charged[0, 0] = 301.0
        found = outlook(DailySpend((), ((),), YEAR, charged), 12).spend()
        assert found[-1, some].mean() == pytest.approx(found[-1].mean(), abs=4 * found[-1].std() / 250**0.5)

    def test_what_costs_the_same_every_day_costs_more_in_longer_months(self):
        """10 a day: 310 in a month of 31 days, 280 in February, a year ahead too, and nothing else is likely."""
        found = outlook(DailySpend((), ((),), YEAR, np.full((1, 365), 10.0)), 14)
        lengths = [310.0, 280.0, 310.0, 300.0, 310.0, 300.0, 310.0, 310.0, 300.0, 310.0, 300.0, 310.0, 310.0, 280.0]
        np.testing.assert_allclose(found.spend(), np.repeat(np.array(lengths)[:, None], 1000, axis=1))

    @pytest.mark.parametrize("months", [0, -1])
    def test_without_months_or_segments_there_is_none(self, months):
        with pytest.raises(ValueError, match="at least one"):
            outlook(spend(1.0), months)
        with pytest.raises(ValueError, match="at least one"):
            outlook(DailySpend((), (), YEAR, np.empty((0, 365))), 3)


class TestUnknownDays:
    """A bill of 10 a day from 1 January to 10 March 2026, of which some days are unknown."""

    WINDOW = Window(date(2026, 1, 1), date(2026, 3, 11))

    def days(self, *unknown: int, before: int = 0) -> DailySpend:
        amounts = np.full((1, 69), 10.0)
        amounts[0, list(unknown)] = np.nan
        amounts[0, :before] = np.nan
        return DailySpend(("x_Team",), (("Ads",),), self.WINDOW, amounts)

    def test_a_closed_month_with_one_is_unknown_and_the_others_are_what_they_were(self):
        """Unknown is 20 January: January is not 310 and not 300; February is 280."""
        np.testing.assert_array_equal(outlook(self.days(19), 1).actual, [[np.nan, 280.0]])

    def test_together_a_month_is_unknown_where_a_part_of_it_is(self):
        both = np.concatenate([self.days(19).spend, self.days().spend])
        found = outlook(DailySpend(("x_Team",), (("Ads",), ("Web",)), self.WINDOW, both), 1)
        np.testing.assert_array_equal(found.booked(), [np.nan, 560.0])
        np.testing.assert_array_equal(found.booked([1]), [310.0, 280.0])

    def test_days_before_the_first_cost_nothing_and_are_known(self):
        """It begins on 26 January: six days of 10."""
        found = self.days(before=25)
        assert not found.unknown.any()
        np.testing.assert_array_equal(outlook(found, 1).actual, [[60.0, 280.0]])

    def test_a_segment_of_which_no_day_is_known_has_no_known_month(self):
        both = np.concatenate([self.days(before=69).spend, self.days().spend])
        found = outlook(DailySpend(("x_Team",), (("Ads",), ("Web",)), self.WINDOW, both), 1)
        assert np.isnan(found.actual[0]).all() and not np.isnan(found.actual[1]).any()

    def test_in_the_first_week_the_line_is_between_the_days_around_them(self):
        """From 10 to 40 over two unknown days: 20 and 30."""
        days = self.days(4, 5)
        days.spend[0, 6:] = 40
        assert days.bridged().spend[0, 3:7].tolist() == [10, 20, 30, 40]
        assert np.flatnonzero(~np.isnan(days.bridges[0])).tolist() == [4, 5]
        assert np.isnan(days.spend[0, 4])

    def test_later_it_is_between_the_same_weekdays(self):
        """1 January 2026 is a Thursday. Saturdays and Sundays cost 3, others 10 in January and 24 from February on: a
        Monday lies half way where the Mondays around it are a week away."""
        days = self.days()
        weekdays = (np.arange(69) + 3) % 7
        days.spend[0, 31:] = 24
        days.spend[0, weekdays > 4] = 3
        days.spend[0, 30:34] = np.nan  # Saturday 31 January to Tuesday
        assert days.bridged().spend[0, 29:35].tolist() == [10, 3, 3, 17, 17, 24]

    def test_at_its_end_what_the_days_before_let_expect(self):
        """Weekdays cost 100 and weekends 30, with a charge of 1,200 on every first: March lacks its first ten days,
        the first of which is a Sunday."""
        window = Window(date(2025, 9, 1), date(2026, 3, 11))
        every = [window.start + timedelta(days=at) for at in range(window.days)]
        known = np.array([[(100.0 if day.weekday() < 5 else 30) + 1200 * (day.day == 1) for day in every]])
        lacking = DailySpend(("x_Team",), (("Ads",),), window, known).unknown_in(
            Window(date(2026, 3, 1), window.end), [("Ads",)]
        )
        found = lacking.bridged().spend
        np.testing.assert_allclose(found, known, rtol=0.06)
        assert found[0, -10:].sum() == pytest.approx(known[0, -10:].sum(), rel=0.03)
        assert lacking.bridged_days == 10

    def test_what_is_filled_at_the_end_may_be_off_and_what_is_known_may_not(self):
        """Of 30 noisy days in March 20 are unknown: the month is as uncertain as one forecast from its tenth day."""
        window = Window(date(2025, 3, 1), date(2026, 3, 31))
        costs = np.random.default_rng(5).normal(100, 10, (2, window.days))
        daily = DailySpend(("x_Team",), (("Ads",), ("Web",)), window, costs)
        lacking = daily.unknown_in(Window(date(2026, 3, 11), window.end), [("Ads",)])
        misses = lacking.misses(window.days - 30, 500, 1)
        assert misses.shape == (2, 500) and not misses[1].any()
        assert np.median(misses[0]) == pytest.approx(0, abs=10)
        assert 20 < np.std(misses[0]) < 200, "20 days of noise, and the level they stand on"
        assert not daily.misses(window.days - 30, 500, 1).any()
        late = lacking.misses(window.days - 5, 500, 1)
        assert np.std(late[0]) < np.std(misses[0])
        ranges = [np.ptp(np.quantile(outlook(one, 1).spend([0])[0], [0.1, 0.9])) for one in (daily, lacking)]
        assert ranges[1] > 2 * ranges[0]

    def test_misses_repeat_with_their_seed(self):
        lacking = self.days(60, 61, 62, 63, 64, 65, 66, 67, 68)
        lacking.spend[0, :60] += np.random.default_rng(1).normal(0, 1, 60)
        one, again, other = (lacking.misses(59, 100, seed) for seed in (1, 1, 2))
        assert np.array_equal(one, again) and not np.array_equal(one, other)

    def test_growth_goes_on_over_days_that_are_missing_at_its_end(self):
        """Half a per cent a day for a year: the 20 days after it are as far above it as they were to be."""
        window = Window(date(2025, 3, 1), date(2026, 3, 21))
        grown = 100 * 1.005 ** np.arange(window.days)[None]
        lacking = DailySpend(("x_Team",), (("Ads",),), window, grown).unknown_in(
            Window(date(2026, 3, 1), window.end), [("Ads",)]
        )
        np.testing.assert_allclose(lacking.bridged().spend[0, -20:], grown[0, -20:], rtol=0.01)

    def test_a_charge_on_the_first_after_a_missing_month_is_none_of_its_days(self):
        """Without February, 28 days of 10 and a charge of 500 that fell due on its first."""
        days = self.days()
        days.spend[0, [0, 31, 59]] = 510
        longer = Window(date(2025, 11, 1), days.window.end)
        earlier = np.full((1, 61), 10.0)
        earlier[0, [0, 30]] = 510
        spend = np.concatenate([earlier, days.spend], axis=1)
        spend[0, 92:120] = np.nan
        found = DailySpend(("x_Team",), (("Ads",),), longer, spend).bridged().spend[0, 92:120]
        np.testing.assert_allclose(found, [510, *[10] * 27])

    @pytest.mark.parametrize(
        ("unknown", "before", "count"), [((), 0, 0), ((19,), 0, 1), ((19, 20, 68), 0, 3), ((0, 30), 0, 1), ((), 25, 0)]
    )
    def test_the_days_that_a_line_stands_in_for_are_counted_from_the_first_known_one_on(self, unknown, before, count):
        assert self.days(*unknown, before=before).bridged_days == count

    def test_a_day_that_is_unknown_in_two_segments_counts_once(self):
        """19 and 20 in one, 20 and 21 in the other: three days; a third of which nothing is known adds none."""
        spend = [self.days(19, 20).spend, self.days(20, 21).spend, self.days(before=69).spend]
        keys = (("Ads",), ("Web",), ("Lab",))
        assert DailySpend(("x_Team",), keys, self.WINDOW, np.concatenate(spend)).bridged_days == 3

    @pytest.mark.parametrize("unknown", [(19,), tuple(range(31, 59)), (68,), (0, 30, 59, 60, 61)])
    def test_the_forecast_of_a_flat_bill_is_that_of_the_same_bill_wholly_known(self, unknown):
        """Ten of March's days so far cost 100, whether or not all of them are known."""
        found, known = outlook(self.days(*unknown), 8), outlook(self.days(), 8)
        assert found.to_date.tolist() == known.to_date.tolist() == [100.0]
        np.testing.assert_allclose(np.median(found.paths, axis=2), np.median(known.paths, axis=2), rtol=0.02)

    def test_a_month_of_them_is_no_dip_that_comes_again(self):
        """Two years with all of one February unknown: the next February is no cheaper than its neighbours."""
        days = spend(100.0, window=Window(date(2024, 1, 1), date(2026, 1, 1)), noise=0.01)
        days.spend[0, 366 + 31 : 366 + 59] = np.nan
        likely = np.median(outlook(days, 14).paths[0], axis=1)
        assert likely[1] / 28 == pytest.approx(likely[0] / 31, rel=0.05)

    def test_a_note_says_how_many(self):
        assert "2 days of unknown cost filled, not taken as 0" in outlook(self.days(19, 68), 5).notes[0]
        assert "1 day of unknown cost filled, not taken as 0" in outlook(self.days(19), 5).notes[0]
        assert not any("unknown" in note for note in outlook(self.days(), 5).notes[0])


class TestPaths:
    def test_any_cut_is_the_sum_of_its_segments_on_every_path(self):
        found = outlook(spend(100.0, 50.0, 3.0), 14)
        np.testing.assert_allclose(found.spend(), found.spend([0]) + found.spend([1, 2]))

    def test_paths_repeat_to_any_number(self):
        found = outlook(spend(100.0), 4, paths=300)
        drawn = found.drawn(700)
        assert drawn.shape == (1, 4, 700)
        np.testing.assert_array_equal(drawn[:, :, 300:600], found.paths)

    def test_one_seed_one_answer(self):
        one, other, third = (outlook(spend(100.0, 50.0), 9, seed=seed).paths for seed in (5, 5, 6))
        np.testing.assert_array_equal(one, other)
        assert not np.array_equal(one, third)

    def test_a_future_that_runs_high_in_the_last_daily_month_runs_high_after_it(self):
        random = np.random.default_rng(8)
        walk = np.exp(np.cumsum(random.normal(0, 0.02, (4, 365)), axis=1)) * 100
        found = outlook(DailySpend(("x_Team",), tuple((str(n),) for n in range(4)), YEAR, walk), 8)
        total = found.spend()
        assert np.corrcoef(total[DAILY_MONTHS - 1], total[DAILY_MONTHS])[0, 1] > 0.8

    def test_no_path_leaves_its_likely_course_by_more_than_a_factor_in_half_a_year(self):
        random = np.random.default_rng(2)
        wild = np.exp(np.cumsum(random.normal(0.004, 0.08, (3, 365)), axis=1))
        found = outlook(DailySpend(("x_Team",), tuple((str(n),) for n in range(3)), YEAR, wild), 36)
        likely = np.median(found.paths, axis=2, keepdims=True)
        off = np.abs(np.log(found.paths / likely))[:, DAILY_MONTHS:]
        # The likely course of a bent segment is that of all its paths, so a little is allowed for the median itself.
        months = np.arange(DAILY_MONTHS, 36)[None, :, None]
        assert (off <= np.log(1.6) * np.sqrt((months + 1) / 6) * 1.05).all()

    def test_one_wild_week_in_the_past_does_not_make_the_mean_of_next_month(self):
        random = np.random.default_rng(4)
        steady = spend(100.0, 80.0, 60.0).spend
        steady[1, :300] = np.nan
        steady[1, 300:305] = 0.01 * random.random(5)
        found = outlook(DailySpend(("x_Team",), tuple((str(n),) for n in range(3)), YEAR, steady), 3)
        mean, likely = found.paths.mean(axis=2), np.median(found.paths, axis=2)
        assert (mean <= 1.5 * likely).all()
        assert (found.paths <= 2.0 * likely[:, :, None] * 1.0001).all()

    def test_rows_finds_the_segments_of_a_value(self):
        days = spend(1.0, 2.0, 3.0)
        found = outlook(DailySpend(("x_Team", "x_Model"), (("A", "m"), ("A", None), ("B", "m")), YEAR, days.spend), 1)
        assert found.rows("x_Team", "A") == [0, 1]
        assert found.rows("x_Model", None) == [1]

    @settings(max_examples=15, deadline=None)
    @given(scale=st.floats(0.01, 1e6), months=st.integers(1, 8))
    def test_scaling_money_scales_the_answer(self, scale, months):
        days = spend(100.0, 20.0, window=TO_THE_TENTH)
        scaled = DailySpend(days.by, days.keys, days.window, days.spend * scale)
        np.testing.assert_allclose(outlook(scaled, months).paths, outlook(days, months).paths * scale, rtol=1e-6)

    @settings(max_examples=15, deadline=None)
    @given(
        length=st.integers(1, 420),
        begins=st.integers(0, 419),
        sign=st.sampled_from([1.0, -1.0, 0.0]),
        months=st.integers(1, 15),
    )
    def test_any_history_has_an_answer_for_every_month(self, length, begins, sign, months):
        window = Window(date(2025, 1, 9), date.fromordinal(date(2025, 1, 9).toordinal() + length))
        amounts = spend(10.0, 4.0, window=window).spend
        amounts[1] *= sign
        amounts[1, : min(begins, length - 1)] = np.nan
        found = outlook(DailySpend(("x_Team",), (("A",), ("B",)), window, amounts), months)
        assert np.isfinite(found.paths).all()
        assert found.paths.shape == (2, months, 1000)

    def test_a_segment_that_ended_costs_nothing_more(self):
        days = spend(100.0, 50.0)
        days.spend[1, 200:] = 0.0
        found = outlook(days, 6)
        assert (found.paths[1] == 0).all()
