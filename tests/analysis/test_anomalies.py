"""Anomalies of named series: what must be found, said once and with its money, and what must be let pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.anomalies import SETTLING, Anomaly, Daily, Feedback, Found, Kind, anomalies, daily
from costlib.errors import InputError
from costlib.periods import Window, days_in_month

START = date(2026, 1, 1)
DAYS = 180
LEAST = D(20)
FRAUD = (("x_Team", "Fraud"), ("ServiceName", "GPU"))
OTHER = (("x_Team", None), ("ServiceName", "GPU"))


def day(number: int) -> date:
    return START + timedelta(days=number)


def calm(
    level: float = 100.0, weekend: float = 0.4, noise: float = 0.04, days: int = DAYS, seed: int = 7
) -> np.ndarray:
    """A week's rhythm (1 January 2026 was a Thursday) with even noise."""
    weekdays = (np.arange(days) + START.weekday()) % 7
    spread = 1 + noise * (2 * np.random.default_rng(seed).random(days) - 1)
    return level * np.where(weekdays >= 5, weekend, 1.0) * spread


def series(values: np.ndarray, segment: tuple = FRAUD) -> Daily:
    return Daily(
        segment, START, tuple(None if np.isnan(value) else D(str(round(value, 6))) for value in values.tolist())
    )


def found(values: np.ndarray, least: D = LEAST) -> tuple[Anomaly, ...]:
    return anomalies([series(values)], least=least).anomalies


def only(values: np.ndarray) -> Anomaly:
    (one,) = found(values)
    return one


class TestFound:
    def test_a_day_that_cost_three_times_as_much_is_a_spike_of_that_day(self) -> None:
        values = calm()
        values[100] *= 3
        spike = only(values)
        assert (spike.kind, spike.first, spike.last, spike.segment) == (Kind.SPIKE, day(100), day(100), FRAUD)
        assert float(spike.excess) == pytest.approx(values[100] * 2 / 3, rel=0.1)
        assert spike.low < spike.expected < spike.high < spike.actual

    def test_a_runaway_of_five_days_is_one_spike_with_the_money_of_all_of_them(self) -> None:
        values = calm()
        values[103:108] += 400
        spike = only(values)
        assert (spike.kind, spike.first, spike.last) == (Kind.SPIKE, day(103), day(107))
        assert float(spike.excess) == pytest.approx(2000, rel=0.03)
        assert spike.window == Window(day(103), day(108))
        assert not spike.going_on

    def test_its_actual_is_the_exact_sum_of_the_bill(self) -> None:
        one = series(np.where(np.arange(DAYS) == 100, 777.123456, calm()))
        (spike,) = anomalies([one], least=LEAST).anomalies
        assert spike.actual == one.costs[100]
        assert spike.excess == spike.actual - spike.expected

    def test_two_days_without_cost_are_a_drop(self) -> None:
        values = calm()
        values[110:112] = 0
        drop = only(values)
        assert (drop.kind, drop.first, drop.last, drop.actual) == (Kind.DROP, day(110), day(111), D(0))
        assert drop.excess < 0

    def test_a_level_that_stays_is_told_once_on_its_first_day_with_its_new_level(self) -> None:
        values = calm(weekend=1.0)
        values[100:] *= 1.5
        shift = only(values)
        assert (shift.kind, shift.first) == (Kind.LEVEL_SHIFT, day(100))
        assert float(shift.level_before) == pytest.approx(100, rel=0.03)
        assert float(shift.level_after) == pytest.approx(150, rel=0.03)
        assert shift.window.days == SETTLING
        assert float(shift.excess) == pytest.approx(50 * SETTLING, rel=0.05)

    def test_a_rise_in_two_steps_is_told_once_with_the_money_of_both(self) -> None:
        """100 become 200 and, nine days later, 400: 9 days of 100 and 19 of 300 more than the 28 days of 100."""
        values = calm(weekend=1.0)
        values[100:] *= 2
        values[109:] *= 2
        shift = only(values)
        assert (shift.kind, shift.first, shift.last) == (Kind.LEVEL_SHIFT, day(100), day(127))
        assert float(shift.excess) == pytest.approx(9 * 100 + 19 * 300, rel=0.02)
        assert [float(one) for one in (shift.level_before, shift.level_after)] == pytest.approx([100, 400], rel=0.02)

    @pytest.mark.parametrize(("second", "told"), [(113, [100]), (114, [100, 114])])
    def test_a_further_step_two_weeks_later_is_told_by_itself(self, second: int, told: list[int]) -> None:
        values = calm(weekend=1.0)
        values[100:] *= 1.5
        values[second:] *= 1.5
        assert sorted(one.first for one in found(values)) == [day(number) for number in told]

    def test_three_steps_one_after_the_other_are_one_rise(self) -> None:
        """The third comes twenty days after the first, ten after the second."""
        values = calm(weekend=1.0)
        for first in (100, 110, 120):
            values[first:] *= 1.5
        rise = only(values)
        assert rise.first == day(100)
        assert float(rise.level_after) == pytest.approx(337.5, rel=0.02)

    def test_a_rise_and_a_fall_within_two_weeks_are_two(self) -> None:
        """50 more on each of ten days, then 60 less than that on each of 28."""
        values = calm(weekend=1.0)
        values[100:] *= 1.5
        values[110:] *= 0.6
        fall, rise = found(values)
        assert (rise.first, rise.last, fall.first) == (day(100), day(109), day(110))
        assert float(rise.excess) == pytest.approx(10 * 50, rel=0.04)
        assert float(fall.excess) == pytest.approx(-28 * 60, rel=0.04)

    def test_a_monthly_charge_within_a_lasting_change_is_no_part_of_it(self) -> None:
        """50 a day more from 8 April on, and 600 on the 1st of May as on that of every month."""
        values = calm(weekend=1.0) + first_of_month(600)
        values[97:] += 50
        shift = only(values)
        assert shift.window.end == day(97 + 28)
        assert float(shift.excess) == pytest.approx(50 * 28, rel=0.06)
        assert [float(one) for one in (shift.level_after, shift.expected)] == pytest.approx([150, 3400], rel=0.02)

    def test_a_level_that_falls_is_a_level_shift_of_negative_excess(self) -> None:
        values = calm()
        values[100:] *= 0.5
        shift = only(values)
        assert (shift.kind, shift.first) == (Kind.LEVEL_SHIFT, day(100))
        assert shift.excess < 0
        assert shift.level_after < shift.level_before

    def test_an_end_is_one_shift_to_nothing(self) -> None:
        values = calm()
        values[100:] = 0
        shift = only(values)
        assert (shift.kind, shift.first, shift.level_after) == (Kind.LEVEL_SHIFT, day(100), D(0))

    def test_a_shift_too_small_for_a_day_shows_in_its_week_and_is_dated_back(self) -> None:
        values = calm(noise=0.06)
        values[100:] *= 1.12
        shift = only(values)
        assert shift.kind is Kind.LEVEL_SHIFT
        assert abs((shift.first - day(100)).days) <= 2
        assert float(shift.excess) == pytest.approx(0.12 * values[100:128].sum() / 1.12, rel=0.35)

    @pytest.mark.parametrize("share", [0.08, 0.10, 0.12])
    def test_its_money_is_counted_against_the_week_before_it(self, share: float) -> None:
        """The week it was seen in had half learned the new level already."""
        values = calm(noise=0.05)
        values[100:] *= 1 + share
        more = share * values[100:128].sum() / (1 + share)
        assert float(only(values).excess) == pytest.approx(more, rel=0.08)

    def test_a_segment_that_begins_is_new_from_its_first_day(self) -> None:
        values = calm()
        values[:100] = 0
        new = only(values)
        assert (new.kind, new.first, new.expected) == (Kind.NEW, day(100), D(0))
        assert new.level_before == 0
        assert new.actual == new.excess == sum(series(values).costs[100:128], D(0))

    def test_a_new_segment_that_fills_up_for_months_is_told_once(self) -> None:
        values = calm(noise=0.05)
        values[:60] = 0
        values[60:] *= np.linspace(0.2, 4.0, DAYS - 60)
        assert [one.kind for one in found(values)] == [Kind.NEW]

    def test_one_charge_where_nothing_ever_was_is_a_spike(self) -> None:
        values = np.zeros(DAYS)
        values[100] = 500
        spike = only(values)
        assert (spike.kind, spike.first, spike.excess) == (Kind.SPIKE, day(100), D(500))

    def test_a_credit_is_a_drop(self) -> None:
        values = calm()
        values[100] -= 900
        drop = only(values)
        assert drop.kind is Kind.DROP
        assert drop.actual < 0
        assert float(drop.excess) == pytest.approx(-900, rel=0.02)

    def test_a_weekly_job_that_doubles_is_told_once(self) -> None:
        values = np.where(np.arange(DAYS) % 7 == 3, 700.0, 0.0) * calm(1.0, 1.0)
        values[101:] *= 2
        shift = only(values)
        assert (shift.kind, shift.first) == (Kind.LEVEL_SHIFT, day(101))
        assert float(shift.excess) == pytest.approx(2800, rel=0.1)

    def test_an_anomaly_on_the_last_day_goes_on(self) -> None:
        values = calm()
        values[-1] *= 4
        spike = only(values)
        assert spike.last == day(DAYS - 1)
        assert spike.going_on

    def test_up_and_back_are_two_shifts(self) -> None:
        values = calm()
        values[80:120] *= 2
        assert sorted((one.first, one.excess > 0) for one in found(values)) == [(day(80), True), (day(120), False)]

    def test_the_most_money_comes_first_saved_or_spent(self) -> None:
        values = calm()
        values[60] += 200
        values[90:93] += 300
        values[150] -= 500
        sizes = [abs(one.excess) for one in found(values)]
        assert len(sizes) == 3
        assert sizes == sorted(sizes, reverse=True)


def first_of_month(amount: float, months: range = range(1, 13)) -> np.ndarray:
    return np.array([amount if day(n).day == 1 and day(n).month in months else 0.0 for n in range(DAYS)])


def monthly_price() -> np.ndarray:
    return np.array([3100.0 / days_in_month(day(n)) for n in range(DAYS)])


class TestLetPass:
    @pytest.mark.parametrize(
        "values",
        [
            calm(),
            calm(weekend=0.0),
            calm(noise=0.3),
            calm() * np.linspace(1, 3, DAYS),
            calm() * np.linspace(3, 1, DAYS),
            -calm(),
            np.zeros(DAYS),
            np.full(DAYS, 12.5),
            monthly_price(),
            np.where(np.arange(DAYS) % 7 == 3, 700.0, 0.0) * calm(1.0, 1.0),
        ],
        ids=[
            "rhythm",
            "no weekends",
            "noise",
            "growth",
            "decline",
            "credits",
            "nothing",
            "constant",
            "by month",
            "job",
        ],
    )
    def test_an_ordinary_series_has_no_anomaly(self, values: np.ndarray) -> None:
        assert found(values) == ()

    def test_a_monthly_charge_is_told_the_first_time_only(self) -> None:
        assert [one.first for one in found(calm() + first_of_month(600, range(2, 13)))] == [date(2026, 2, 1)]

    def test_not_even_then_where_the_first_weeks_had_it(self) -> None:
        assert found(calm() + first_of_month(600)) == ()

    def test_a_monthly_credit_too(self) -> None:
        assert [one.first for one in found(calm() - first_of_month(600, range(2, 13)))] == [date(2026, 2, 1)]

    def test_a_charge_at_the_months_end_comes_on_the_31st_30th_and_28th(self) -> None:
        ends = np.array([500.0 if day(n + 1).day == 1 else 0.0 for n in range(DAYS)])
        assert [one.first for one in found(calm() + ends)] == [date(2026, 1, 31)]

    def test_a_monthly_charge_that_does_not_come_is_missed(self) -> None:
        last = found(calm() - first_of_month(600, range(1, 5)))
        (missed,) = [one for one in last if one.first == date(2026, 5, 1)]
        assert missed.excess > 500
        assert float(missed.monthly) == pytest.approx(-600, rel=0.1)
        assert missed.kind is Kind.SPIKE

    def test_what_moves_less_than_the_least_money_is_small_change(self) -> None:
        values = calm(1.0)
        values[100:103] *= 5
        assert found(values, least=D(1)) != ()
        assert found(values, least=D(20)) == ()

    def test_left_out_the_least_money_is_a_share_of_the_whole_bill(self) -> None:
        small = calm(1.0)
        small[100] += 5
        alone = anomalies([series(small)]).anomalies
        beside = anomalies([series(small), series(calm(2000.0), OTHER)]).anomalies
        assert [one.segment for one in alone] == [FRAUD]
        assert beside == ()

    def test_rare_charges_of_a_known_size_are_no_news(self) -> None:
        values = np.zeros(DAYS)
        values[[3, 11, 20, 33, 41, 58, 70, 77, 95, 104, 131, 160]] = 300
        assert found(values) == ()
        values[140] = 3000
        assert [one.first for one in found(values)] == [day(140)]

    def test_unknown_days_are_not_judged_and_not_taken_for_nothing(self) -> None:
        values = calm()
        values[[5, 50, 51, 100]] = np.nan
        assert found(values) == ()


class TestShortHistories:
    def test_under_three_weeks_is_said_and_not_guessed(self) -> None:
        values = calm(days=21)
        values[-1] *= 10
        assert anomalies([series(values)]) == Found((), too_short=(FRAUD,))

    def test_the_fourth_week_is_judged(self) -> None:
        values = calm(days=24)
        values[-1] *= 10
        result = anomalies([series(values)])
        assert [one.first for one in result.anomalies] == [day(23)]
        assert result.too_short == ()

    def test_no_series_at_all(self) -> None:
        assert anomalies([]) == Found(())

    def test_a_strange_day_in_the_first_weeks_does_not_spoil_them(self) -> None:
        values = calm()
        values[4] *= 20
        assert found(values) == ()
        values[60] *= 3
        assert [one.first for one in found(values)] == [day(60)]


class TestFeedback:
    def spiky(self) -> list[Daily]:
        values = calm()
        values[100:102] += 500
        values[140] += 300
        return [series(values), series(values, OTHER)]

    def test_what_was_expected_is_silenced_and_kept_apart(self) -> None:
        word = Feedback(FRAUD, day(101), day(101), expected=True)
        result = anomalies(self.spiky(), [word], LEAST)
        assert [(one.segment, one.first) for one in result.expected] == [(FRAUD, day(100))]
        assert {(one.segment, one.first) for one in result.anomalies} == {
            (OTHER, day(100)),
            (FRAUD, day(140)),
            (OTHER, day(140)),
        }

    def test_not_expected_silences_nothing(self) -> None:
        words = [Feedback(FRAUD, day(100), day(101), expected=False)]
        assert anomalies(self.spiky(), words, LEAST) == anomalies(self.spiky(), least=LEAST)

    def test_the_last_word_counts(self) -> None:
        said = [Feedback(FRAUD, day(100), day(101), expected=value) for value in (True, False)]
        assert anomalies(self.spiky(), said, LEAST).expected == ()
        assert len(anomalies(self.spiky(), said[::-1], LEAST).expected) == 1

    @pytest.mark.parametrize(("first", "last", "silenced"), [(98, 99, 0), (98, 100, 1), (101, 120, 1), (102, 139, 0)])
    def test_days_must_overlap(self, first: int, last: int, silenced: int) -> None:
        word = Feedback(FRAUD, day(first), day(last), expected=True)
        assert len(anomalies(self.spiky(), [word], LEAST).expected) == silenced


class TestSeries:
    WINDOW = Window(START, day(4))

    def test_days_without_a_figure_cost_nothing_and_figures_of_a_day_are_added(self) -> None:
        figures = [(FRAUD, day(1), D("1.5")), (FRAUD, day(1), D(2)), (OTHER, day(3), D(4)), (FRAUD, day(9), D(9))]
        assert daily(figures, self.WINDOW) == [
            Daily(FRAUD, START, (D(0), D("3.5"), D(0), D(0))),
            Daily(OTHER, START, (D(0), D(0), D(0), D(4))),
        ]

    def test_the_first_day_of_the_window_counts_and_the_day_after_it_does_not(self) -> None:
        figures = [(FRAUD, day(number), D(1)) for number in (-1, 0, 3, 4)]
        assert daily(figures, self.WINDOW) == [Daily(FRAUD, START, (D(1), D(0), D(0), D(1)))]

    def test_an_unknown_part_makes_the_day_unknown(self) -> None:
        figures = [(FRAUD, day(1), None), (FRAUD, day(1), D(2))]
        assert daily(figures, self.WINDOW)[0].costs == (D(0), None, D(0), D(0))

    def test_a_day_of_a_missing_month_is_unknown_whatever_was_charged_on_it(self) -> None:
        window = Window(date(2026, 8, 30), date(2026, 9, 3))
        figures = [(FRAUD, date(2026, 8, 30), D(1)), (FRAUD, date(2026, 9, 2), D(9))]
        assert daily(figures, window, [date(2026, 9, 1)])[0].costs == (D(1), D(0), None, None)

    def test_different_days_are_refused(self) -> None:
        with pytest.raises(InputError, match="different days"):
            anomalies([series(calm()), series(calm(days=90), OTHER)])

    def test_a_segment_given_twice_is_refused(self) -> None:
        with pytest.raises(InputError, match="comes twice"):
            anomalies([series(calm()), series(calm())])


def eventful() -> np.ndarray:
    """A spike, a shift, a drop and a credit."""
    values = calm()
    values[50] *= 4
    values[80:] *= 1.6
    values[120:122] = 0
    values[150] -= 700
    return values


#: Turns of a series that leave the days of its anomalies where they are.
TURNS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "thousandfold": lambda values: values * 1000,
    "a hundredth": lambda values: values / 100,
}


class TestProperties:
    @pytest.mark.parametrize("turn", TURNS)
    def test_scaling_money_scales_anomalies(self, turn: str) -> None:
        plain = anomalies([series(eventful())]).anomalies
        turned = anomalies([series(TURNS[turn](eventful()))]).anomalies
        factor = float(TURNS[turn](np.ones(1))[0])
        assert len(plain) == 4
        assert [(one.kind, one.first, one.last) for one in plain] == [(one.kind, one.first, one.last) for one in turned]
        for one, other in zip(plain, turned, strict=True):
            assert float(other.excess) == pytest.approx(float(one.excess) * factor, abs=0.02 * (1 + factor))

    def test_nothing_looks_ahead(self) -> None:
        whole = {(one.kind, one.first, one.excess) for one in found(eventful()) if one.first < day(100)}
        part = {(one.kind, one.first, one.excess) for one in found(eventful()[:119])}
        assert whole == part
        assert len(part) == 2

    def test_segments_do_not_touch_each_other(self) -> None:
        alone = anomalies([series(eventful())], least=LEAST).anomalies
        both = anomalies([series(calm(seed=3), OTHER), series(eventful())], least=LEAST).anomalies
        assert both == alone

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), min_size=22, max_size=90))
    def test_any_history_is_judged_without_failing(self, costs: list[int | None]) -> None:
        one = Daily(FRAUD, START, tuple(None if cost is None else D(cost) / 100 for cost in costs))
        for anomaly in anomalies([one]).anomalies:
            window = anomaly.window
            assert one.window.start <= window.start < window.end <= one.window.end
            billed = one.costs[(window.start - START).days : (window.end - START).days]
            assert anomaly.actual == money.exact_sum(billed)
            assert anomaly.low <= anomaly.expected <= anomaly.high


class TestUnsettled:
    """Providers go on adding to the last two days: a fall there may be none, a rise is one."""

    def told(self, *ends: int) -> list[date]:
        """First days of what is unusual where 60 days cost about 100 and the last ones otherwise."""
        usual = [100 + day % 7 for day in range(60 - len(ends))]
        series = Daily(FRAUD, START, tuple(map(D, [*usual, *ends])))
        return [one.first for one in anomalies([series]).anomalies]

    @pytest.mark.parametrize("ends", [(0,), (20, 5), (60, 0)])
    def test_a_fall_of_the_last_two_days_is_not_told(self, ends: tuple[int, ...]) -> None:
        assert self.told(*ends) == []

    def test_it_is_told_on_its_third_day(self) -> None:
        assert self.told(20, 20, 20) == [START + timedelta(days=57)]

    @pytest.mark.parametrize("ends", [(300,), (300, 300)])
    def test_a_rise_is_told_at_once(self, ends: tuple[int, ...]) -> None:
        assert self.told(*ends) == [START + timedelta(days=60 - len(ends))]
