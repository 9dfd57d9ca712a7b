"""Where the open month ends, and how good that was on past months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from costlib.analysis.daily import DailySpend
from costlib.analysis.month_end import OURS, RUN_RATE, TO_DATE, landings, month_end_record
from costlib.analysis.ranges import LEVEL, amount
from costlib.periods import month_start
from tests.analysis.outlooks import JANUARY, daily, noisy


@dataclass(frozen=True)
class Landing:
    """Where the last month of one segment, or of all, ends: money to the cent, None where not known."""

    so_far: Decimal | None
    p50: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    run_rate: Decimal | None
    to_date: Decimal | None


def landed(bill: DailySpend, level: float = LEVEL) -> list[Landing]:
    """Each segment, and all together last."""
    found = landings(bill, month_start(bill.window.last), level)
    columns = (found.so_far, found.p50, found.lower, found.upper, found.run_rate, found.to_date)
    return [Landing(*map(amount, row)) for row in zip(*columns, strict=True)]


def test_a_flat_bill_lands_where_it_must() -> None:
    *segments, total = landed(daily(np.full((2, 69), 10.0)))
    assert total.so_far == Decimal("200.00")
    assert total.p50 == total.lower == total.upper == total.run_rate == total.to_date == Decimal("620.00")
    assert [one.p50 for one in segments] == [Decimal("310.00")] * 2


def test_a_closed_month_is_its_actual_without_width() -> None:
    total = landed(daily(np.full((1, 59), 10.0)))[-1]
    assert total.so_far == total.p50 == total.lower == total.upper == total.to_date == Decimal("280.00")


def test_run_rate_takes_the_last_28_days_and_month_to_date_the_month_alone() -> None:
    cost = np.full(59 + 14, 10.0)
    cost[59:] = 20.0
    total = landed(daily(cost))[-1]
    assert total.so_far == Decimal("280.00")
    assert total.run_rate == Decimal("535.00")  # 280 + 17 days at (14 * 10 + 14 * 20) / 28
    assert total.to_date == Decimal("620.00")


def test_quantiles_are_in_order_and_a_wider_level_is_wider() -> None:
    bill = daily(noisy(3, 320, seed=1), teams=tuple("abc"))
    for one, other in zip(landed(bill, 50), landed(bill, 95), strict=True):
        assert other.lower <= one.lower <= one.p50 <= one.upper <= other.upper  # type: ignore[operator]
        assert one.so_far <= other.lower  # type: ignore[operator]


def test_scaling_money_scales_and_a_longer_history_shifts_nothing() -> None:
    spend = noisy(2, 200, seed=2)
    once, scaled = landed(daily(spend))[-1], landed(daily(spend * 1000))[-1]
    assert float(scaled.p50 or 0) == pytest.approx(1000 * float(once.p50 or 0), rel=1e-4)
    padded = np.concatenate([np.full((2, 31), np.nan), spend], axis=1)
    assert landed(daily(padded, start=date(2025, 12, 1)))[-1].p50 == once.p50


def test_a_segment_without_history_is_unknown_and_not_in_the_sum() -> None:
    spend = np.full((2, 69), 10.0)
    spend[1] = np.nan
    _, unknown, total = landed(daily(spend))
    assert unknown.p50 is None and total.p50 == Decimal("310.00")


def test_a_missing_day_counts_as_the_others_not_as_nothing() -> None:
    spend = np.full((1, 69), 10.0)
    spend[0, 62] = np.nan
    assert landed(daily(spend))[-1].so_far == Decimal("100.00")


def test_first_days_of_the_month_that_are_not_known_count_as_the_others() -> None:
    """Ads is there since January: its two unknown days in March count; Fraud began on the fourth: its three do not."""
    spend = np.full((2, 59 + 10), 10.0)
    spend[0, 59:61] = np.nan
    spend[1, : 59 + 3] = np.nan
    found = landed(daily(spend))
    assert [one.so_far for one in found] == [Decimal("100.00"), Decimal("70.00"), Decimal("170.00")]


def test_a_day_that_is_not_known_counts_as_its_weekday_did() -> None:
    """40 a day, 5 on Sundays: of the first ten days of March 2026 the first Sunday and a Monday are unknown."""
    spend = np.full((1, 59 + 10), 40.0)
    spend[0, 3::7] = 5.0  # 4 January 2026 is a Sunday
    spend[0, [59, 67]] = np.nan
    assert landed(daily(spend))[-1].so_far == Decimal(5 + 6 * 40 + 5 + 2 * 40)


def test_a_month_of_which_no_day_is_known_goes_on_from_the_one_before() -> None:
    spend = np.full((1, 59 + 10), 10.0)
    spend[0, 59:] = np.nan
    assert landed(daily(spend))[-1].so_far == Decimal(100)


def test_a_month_with_an_unknown_day_is_in_no_record() -> None:
    """Seven months can be told; a day of April is not known, so six are left, and none of them is off."""
    spend = np.full((2, 250), 10.0)
    spend[0, 100] = np.nan
    found = month_end_record(daily(spend))
    assert [one.months for one in found] == [6, 6, 6]
    assert all(one.segment_error[OURS] == pytest.approx(0, abs=1e-9) for one in found)


def test_a_charge_on_the_first_of_every_month_is_counted_once() -> None:
    start = date(2025, 9, 1)
    days = [start + timedelta(days=step) for step in range(30 + 31 + 30 + 31 + 31 + 5)]
    cost = np.array([510.0 if day.day == 1 else 10.0 for day in days])
    total = landed(daily(cost, start=start))[-1]
    assert total.p50 == Decimal("780.00")
    assert total.to_date == Decimal("3080.00")


def test_the_record_of_a_flat_bill_has_no_error() -> None:
    found = month_end_record(daily(np.full((2, 250), 10.0)))
    assert [(one.day, one.months) for one in found] == [(5, 7), (10, 7), (22, 7)]
    for one in found:
        assert one.error[OURS] == one.error[RUN_RATE] == one.error[TO_DATE] == 0.0 and one.hit_rate == 1.0


def test_the_record_beats_month_to_date_on_bills_with_weekends_and_gets_better() -> None:
    found = month_end_record(daily(noisy(5, 400, seed=6), teams=tuple("abcde")), months=8)
    assert found[0].segment_error[OURS] < found[0].segment_error[TO_DATE]
    assert found[2].segment_error[OURS] < found[0].segment_error[OURS]
    assert all(one.segment_error[OURS] >= one.error[OURS] for one in found)


def test_a_replay_is_what_would_have_been_said_on_its_day() -> None:
    spend = noisy(2, 120, seed=7)
    spend[:, 100:] *= 3
    said = float(landed(daily(spend[:, :100]))[-1].p50 or 0)
    actual = spend[:, 90:].sum()
    found = month_end_record(daily(spend), months=1, on_days=[10])[0]
    assert found.error[OURS] == pytest.approx(abs(said - actual) / actual, abs=1e-6)


def test_the_range_held_where_the_month_came_to_what_was_said_and_missed_where_it_tripled() -> None:
    """Flat bills have no width: January to March are hit, April is not, whose last twenty days cost three times."""
    spend = np.full((1, 120), 10.0)
    spend[:, 100:] = 30.0
    (found,) = month_end_record(daily(spend), on_days=[10])
    assert (found.months, found.hit_rate) == (3, pytest.approx(2 / 3))
    # Said 300 for April, and 10 x 10 + 20 x 30 = 700 came: 400 of 700 off, a third of the mean of three months.
    assert found.error[OURS] == pytest.approx(400 / 700 / 3, abs=0.01)


@pytest.mark.parametrize(("ads", "all_off"), [(20.0, 200), (30.0, 0)])
def test_errors_of_segments_are_added_up_and_cancel_out_in_the_whole(ads: float, all_off: int) -> None:
    """Flat until 10 April; then Search halves, 20 days of 10 less, and Ads stays or costs 10 more."""
    spend = np.tile([[20.0], [2.0], [20.0]], 120)
    spend[0, 100:], spend[2, 100:] = ads, 10.0
    (found,) = month_end_record(daily(spend, teams=("Ads", "Fraud", "Search")), months=1, on_days=[10])
    actual = 10 * 42 + 20 * (ads + 2 + 10)
    segments_off = 200 + 20 * (ads - 20)
    for name in (OURS, RUN_RATE):
        assert found.error[name] == pytest.approx(all_off / actual)
        assert found.segment_error[name] == pytest.approx(segments_off / actual)
    assert found.hit_rate == (all_off == 0)


def test_a_month_is_told_from_four_weeks_before_it() -> None:
    """Of bills from 1 February to 14 April March alone can be; of those from the 2nd it cannot."""
    flat = np.full((1, 28 + 31 + 14), 10.0)
    assert [one.months for one in month_end_record(daily(flat, start=date(2026, 2, 1)))] == [1, 1, 1]
    assert month_end_record(daily(flat[:, 1:], start=date(2026, 2, 2))) == ()


def test_no_spend_so_far_is_nothing_and_known() -> None:
    found, _ = landed(daily(np.zeros((1, 69))))
    assert (found.so_far, found.p50, found.run_rate, found.to_date) == (0, 0, 0, 0)


def test_a_month_that_began_before_the_data_knows_its_days_so_far() -> None:
    """Bills from 15 January to 5 February: five days of 10, and 28 of them in proportion."""
    total = landed(daily(np.full((1, 22), 10.0), start=date(2026, 1, 15)))[-1]
    assert (total.so_far, total.to_date) == (Decimal("50.00"), Decimal("280.00"))
    assert landed(daily(np.full((1, 10), 10.0), start=date(2026, 1, 15)))[-1].so_far == Decimal("100.00")


def test_a_bill_of_one_month_has_no_record() -> None:
    assert month_end_record(daily(np.full((1, 31), 1.0))) == ()
    total = landed(daily(np.full((1, 3), 1.0), start=JANUARY))[-1]
    assert total.lower < total.p50 < total.upper  # type: ignore[operator]
    assert float(total.p50 or 0) == pytest.approx(31.0, rel=0.01)
