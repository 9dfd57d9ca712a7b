"""How much of a row a lever addresses: each way of telling, worked by hand, and the reason as the page shows it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.periods import day_name
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.find import Found, find, unmeasured
from costlib.roadmap.levers.model import Lever
from costlib.roadmap.levers.rows import DAYS_A_MONTH, Daily, SpendRow

BY_ID = {lever.id: lever for lever in read_catalogue()}
MONDAY = date(2026, 6, 1)
GPU = {"x_CostType": "compute GPU", "x_Environment": "production"}
SERVING = {**GPU, "x_Stage": "real-time inference"}
TRAINING = {**GPU, "x_Stage": "training", "PricingCategory": "Standard"}
DEV = {**GPU, "x_Stage": "experimentation", "x_Environment": "development"}
UNUSED = {**GPU, "CommitmentDiscountStatus": "Unused"}
STORAGE = {"x_Stage": "storage", "x_CostType": "storage"}


def row(segment: dict, cost: float | None, daily=None, requests=None, start: date = MONDAY, **metrics) -> SpendRow:
    days = None if daily is None else Daily(start, np.asarray(daily, dtype=float), requests)
    return SpendRow(segment, None if cost is None else Decimal(str(cost)), metrics, days)


def found(lever: str | Lever, one: SpendRow) -> Found:
    result = find(BY_ID[lever] if isinstance(lever, str) else lever, one)
    assert result is not None
    return result


def nothing(lever: str, one: SpendRow) -> bool:
    return find(BY_ID[lever], one) is None


class TestWholeRows:
    def test_what_costs_nothing_or_is_not_known_is_left_alone(self):
        assert found("quantise", row(SERVING, 0.5)).amount == 0.5
        for cost in (0, -3, None):
            assert nothing("quantise", row(SERVING, cost))

    def test_a_metric_in_its_bounds_is_the_reason(self):
        assert found("tier-storage", row(STORAGE, 10, reads_a_month=0.05)) == Found(10, "reads a month 0.05")
        assert nothing("tier-storage", row(STORAGE, 10, reads_a_month=0.39))
        assert nothing("tier-storage", row(STORAGE, 10))

    def test_two_metrics_are_both_said(self):
        lever = Lever.model_validate(
            {**BY_ID["autoscale"].model_dump(), "metrics": {"peak_to_mean": {"at_least": 1.5}, "duty_cycle": {}}}
        )
        assert found(lever, row(SERVING, 10, peak_to_mean=2.5, duty_cycle=0.4)).reason == (
            "peak to mean 2.5, duty cycle 40%"
        )

    def test_without_a_metric_the_base_is_the_reason(self):
        assert found("quantise", row(SERVING, 10)).reason == BY_ID["quantise"].base

    @pytest.mark.parametrize(("measured", "amount", "said"), [(0.25, 50, "25%"), (1.5, 200, "150%")])
    def test_the_eligible_part_as_measured_and_never_more_than_all(self, measured, amount, said):
        one = found("spot-training", row(TRAINING, 200, interruptible_share=measured))
        assert one == Found(amount, f"{said} measured: on-demand compute of training that can be interrupted")

    @pytest.mark.parametrize("measured", [0, -0.5])
    def test_no_eligible_part_is_nothing(self, measured):
        assert nothing("spot-training", row(TRAINING, 200, interruptible_share=measured))

    def test_the_eligible_part_as_assumed(self):
        said = "80% assumed: on-demand compute of training that can be interrupted"
        assert found("spot-training", row(TRAINING, 200)) == Found(160, said, assumed=True)
        assert found("spot-training", row(TRAINING, 0.5)).amount == pytest.approx(0.4)


class TestUnusedCommitment:
    @pytest.mark.parametrize(
        ("used", "said"),
        [(0.58, "58% of the commitment is used, below its break-even of 62%"),
         (0.7, "70% of the commitment is used, above its break-even of 62%")],
    )  # fmt: skip
    def test_against_its_break_even(self, used, said):
        one = row(UNUSED, 500, commitment_utilisation=used, commitment_break_even=0.62)
        assert found("use-up-commitments", one) == Found(500, said)

    @pytest.mark.parametrize("known", [{}, {"commitment_utilisation": 0.5}, {"commitment_break_even": 0.5}])
    def test_without_either_figure_the_bill_says_so(self, known):
        said = "the bill marks it as commitment that nobody used"
        assert found("use-up-commitments", row(UNUSED, 500, **known)) == Found(500, said)


class TestSteadyFloor:
    def test_it_is_what_ran_on_nine_days_in_ten(self):
        """0 to 70 dollars on 71 days: on seven days less than 7 ran, so 7 a day and 210 a month of 2,100 are steady."""
        one = found("cover-steady-use", row(SERVING, 2100, np.arange(71)[::-1]))
        assert one.amount == pytest.approx(210)
        assert one.reason == "10% of it ran on nine days in ten and is paid on demand"

    def test_days_that_nobody_knows_are_left_aside(self):
        one = found("cover-steady-use", row(SERVING, 2100, [*range(71), *[np.nan] * 30]))
        assert one.amount == pytest.approx(210)

    def test_a_floor_above_what_is_still_paid_is_all_of_it(self):
        one = found("cover-steady-use", row(SERVING, 20 * DAYS_A_MONTH, np.full(60, 40.0)))
        assert one == Found(600, "100% of it ran on nine days in ten and is paid on demand")

    def test_what_stood_still_on_more_than_one_day_in_ten_has_no_floor(self):
        assert nothing("cover-steady-use", row(SERVING, 900, [0] * 8 + [40] * 52))

    def test_committed_use_is_covered_already(self):
        daily = np.full(60, 40.0)
        assert nothing("cover-steady-use", row({**SERVING, "PricingCategory": "Committed"}, 1200, daily))


#: The levers that need a pattern of days, with days that show it.
PATTERNS = [
    ("cover-steady-use", SERVING, np.full(56, 100.0)),
    ("dev-off-hours", DEV, np.full(56, 100.0)),
    ("undo-step", SERVING, np.repeat([50.0, 100.0], 28)),
]


class TestEightWeeks:
    @pytest.mark.parametrize(("lever", "segment", "daily"), PATTERNS)
    def test_are_needed_for_a_pattern(self, lever, segment, daily):
        assert found(lever, row(segment, 3000, daily)).amount > 0
        assert nothing(lever, row(segment, 3000, daily[1:]))
        assert nothing(lever, row(segment, 3000))

    @pytest.mark.parametrize(("lever", "segment", "daily"), PATTERNS)
    def test_fewer_are_said_to_be_unmeasured(self, lever, segment, daily):
        assert not unmeasured(BY_ID[lever], row(segment, 3000, daily))
        assert unmeasured(BY_ID[lever], row(segment, 3000, daily[1:]))
        assert unmeasured(BY_ID[lever], row(segment, 3000))

    def test_are_eight_weeks_that_are_known(self):
        daily = np.full(80, 100.0)
        daily[:24] = np.nan
        assert found("cover-steady-use", row(SERVING, 3000, daily)).amount == 3000
        daily[24] = np.nan
        assert nothing("cover-steady-use", row(SERVING, 3000, daily))


class TestUnmeasured:
    def test_a_metric_that_is_missing(self):
        lever = BY_ID["tier-storage"]
        assert unmeasured(lever, row(STORAGE, 10))
        assert not unmeasured(lever, row(STORAGE, 10, reads_a_month=9))
        assert not unmeasured(lever, row(SERVING, 10))

    def test_what_costs_nothing_or_is_not_known_is_no_money_in_reach(self):
        assert not any(unmeasured(BY_ID["tier-storage"], row(STORAGE, cost)) for cost in (0, -10, None))

    def test_a_lever_that_needs_no_metric_is_always_measured(self):
        assert not unmeasured(BY_ID["quantise"], row(SERVING, 10))


class TestOffHours:
    def test_a_machine_that_never_stops_idles_at_night_and_on_weekends(self):
        """700 a week: half of 5 x 100 at night and 2 x 100 on the weekend is 450 of 700."""
        one = found("dev-off-hours", row(DEV, 7000, np.full(70, 100.0)))
        assert one.amount == pytest.approx(4500)
        assert one.reason == "64% of the cost falls on nights and weekends"

    def test_a_machine_at_half_speed_on_weekends_is_charged_for_weekends_only(self):
        """110 on working days, 50 on weekends: 100 of 650 a week, whatever day the bills begin with."""
        week = [100.0, 100.0, 100.0, 100.0, 150.0, 40.0, 60.0]
        for first in range(7):
            daily = np.resize(np.roll(week, -first), 70)
            one = found("dev-off-hours", row(DEV, 650, daily, start=MONDAY + timedelta(days=first)))
            assert one.amount == pytest.approx(100)
            assert one.reason == "15% of the cost falls on weekends"

    def test_weekends_at_four_fifths_of_a_working_day_are_called_never_stopping(self):
        """Half of 5 x 100 and 2 x 80, of 660."""
        assert found("dev-off-hours", row(DEV, 660, np.resize([100.0] * 5 + [80.0] * 2, 70))).amount == (
            pytest.approx(410)
        )

    def test_small_machines_count_as_large_ones_do(self):
        assert found("dev-off-hours", row(DEV, 7, np.full(70, 0.1))).amount == pytest.approx(4.5)

    @pytest.mark.parametrize(("work", "rest"), [(100, 0), (0, 100), (0, 0), (10, -50), (-10, 100)])
    def test_without_cost_on_either_side_there_is_no_pattern(self, work, rest):
        assert nothing("dev-off-hours", row(DEV, 500, np.resize([work] * 5 + [rest] * 2, 70)))

    def test_production_runs_at_night_for_a_reason(self):
        assert nothing("dev-off-hours", row({**DEV, "x_Environment": "production"}, 700, np.full(70, 100.0)))

    def test_an_unknown_day_is_as_the_days_around_it(self):
        daily = np.full(70, 100.0)
        daily[[0, 9, 10]] = np.nan
        assert found("dev-off-hours", row(DEV, 7000, daily)).amount == pytest.approx(4500)


def levels(*runs: tuple[int, float]) -> np.ndarray:
    """So many days at each level."""
    return np.concatenate([np.full(days, level, dtype=float) for days, level in runs])


STEPPED = levels((60, 50), (90, 100))


class TestLastingStep:
    def test_what_is_paid_above_the_level_before_it_with_its_day(self):
        one = found("undo-step", row(SERVING, 3000, STEPPED))
        assert one == Found(1500, "up 100% since 31 Jul 2026 and never came down; requests not known")

    def test_requests_that_nobody_counted_after_it_say_nothing(self):
        """No day from 31 July on has a count: they may have risen as much, and did not stand still."""
        requests = np.where(np.arange(150) < 60, 1e6, np.nan)
        assert find(BY_ID["undo-step"], row(SERVING, 3000, STEPPED, requests)) is None

    def test_requests_that_stood_still_make_it_surer(self):
        one = found("undo-step", row(SERVING, 3000, STEPPED, np.full(150, 1e6)))
        assert one == Found(1500, "up 100% since 31 Jul 2026 and never came down; requests did not rise as much")

    @pytest.mark.parametrize(("after", "told"), [(124, False), (125, True)])
    def test_a_rise_by_a_quarter_is_a_step(self, after, told):
        one = find(BY_ID["undo-step"], row(SERVING, 1000, levels((60, 100), (90, after))))
        assert (one is not None) == told
        assert one is None or one.amount == pytest.approx(200)

    @pytest.mark.parametrize(("now", "told"), [(50, False), (60, False), (62.5, True), (80, True)])
    def test_it_counts_as_far_as_it_has_not_come_down(self, now, told):
        """Up from 50 to 100 for a month; then at 80, 30 of 80 are still paid above the level before."""
        one = find(BY_ID["undo-step"], row(SERVING, 800, levels((60, 50), (60, 100), (30, now))))
        assert (one is not None) == told
        assert one is None or one.amount == pytest.approx(800 * (1 - 50 / now))

    def test_now_is_the_middle_of_the_last_two_weeks(self):
        """Seven days at 100 and seven at 120: 110 now, of which 60 are above the level before."""
        one = found("undo-step", row(SERVING, 1100, levels((60, 50), (83, 100), (7, 120))))
        assert one.amount == pytest.approx(600)

    def test_a_rise_of_three_weeks_has_not_lasted_yet(self):
        assert nothing("undo-step", row(SERVING, 800, levels((79, 50), (21, 100))))
        assert found("undo-step", row(SERVING, 800, levels((72, 50), (28, 100)))).amount == 400

    def test_a_peak_that_went_away_is_not_the_step(self):
        daily = levels((40, 50), (10, 300), (40, 50), (60, 100))
        assert "up 100% since 30 Aug 2026" in found("undo-step", row(SERVING, 800, daily)).reason

    def test_of_two_steps_the_largest_is_told(self):
        daily = levels((60, 50), (60, 80), (60, 240))
        one = found("undo-step", row(SERVING, 2400, daily))
        assert one.reason.startswith("up 200% since 29 Sep 2026") and one.amount == pytest.approx(1600)

    @pytest.mark.parametrize("daily", [np.full(150, 100.0), 100 * np.exp(0.004 * np.arange(150)), STEPPED[::-1]])
    def test_level_slow_growth_and_a_fall_are_none(self, daily):
        assert nothing("undo-step", row(SERVING, 3000, daily))

    def test_what_began_from_nothing_is_no_step(self):
        assert nothing("undo-step", row(SERVING, 3000, levels((60, 0), (90, 100))))
        assert found("undo-step", row(SERVING, 30, levels((60, 0.5), (90, 1)))).amount == 15

    @pytest.mark.parametrize(("times", "told"), [(1.0, True), (1.5, True), (1.6, False), (2.0, False), (0.5, True)])
    def test_requests_that_rose_as_much_explain_it(self, times, told):
        """Cost doubled: requests that rose by 60 % leave less than a step by a quarter unexplained."""
        requests = levels((60, 1e6), (90, times * 1e6))
        assert (find(BY_ID["undo-step"], row(SERVING, 3000, STEPPED, requests)) is not None) == told

    def test_one_busy_day_explains_nothing(self):
        requests = np.full(150, 1e6)
        requests[100] = 3e6
        assert found("undo-step", row(SERVING, 3000, STEPPED, requests)).amount == 1500

    @pytest.mark.parametrize("before", [0.0, np.nan])
    def test_requests_of_which_nothing_is_known_before_explain_whatever_came_after(self, before):
        """Where none came before, or none was counted, nothing says that they did not rise as much."""
        requests = levels((60, before), (90, 0.5))
        assert nothing("undo-step", row(SERVING, 3000, STEPPED, requests))

    def test_requests_on_some_days_only_are_compared_on_those(self):
        requests = np.full(150, 1e6)
        requests[::2] = np.nan
        assert found("undo-step", row(SERVING, 3000, STEPPED, requests)).amount == 1500

    def test_a_step_in_the_first_four_weeks_is_held_against_the_requests_there_are(self):
        daily = levels((26, 50), (74, 100))
        assert found("undo-step", row(SERVING, 3000, daily, np.full(100, 1e6))).amount == 1500
        assert nothing("undo-step", row(SERVING, 3000, daily, levels((26, 1e6), (74, 2e6))))

    @given(st.integers(30, 110), st.integers(0, 10_000), st.floats(1.6, 5))
    def test_its_day_is_the_day_of_the_rise_whatever_the_noise(self, day, seed, times):
        noise = 1 + np.random.default_rng(seed).uniform(-0.05, 0.05, 150)
        daily = levels((day, 100), (150 - day, 100 * times)) * noise
        one = found("undo-step", row(SERVING, 3000, daily))
        assert f" since {day_name(MONDAY + timedelta(days=day))} " in one.reason
        assert one.amount == pytest.approx(3000 * (1 - 1 / times), rel=0.1)
