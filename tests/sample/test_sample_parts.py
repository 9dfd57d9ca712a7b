"""The small parts: curves over the calendar, lines of a meter, prices, monthly charges, the plan's split."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib.sample import charges, cluster, days, prices
from costlib.sample.company import tags
from costlib.sample.items import answers, rows
from costlib.sample.lines import Meter, Owner, token_hex, usage
from costlib.sample.meters import arn, ec2, instance_id, metered, s3, sagemaker, volume

OWNER = Owner("Team")


def meter(price: float = 2.0) -> Meter:
    return Meter("444455556666", "AmazonEC2", "BoxUsage:x", "RunInstances", "i-1", "Hrs", price, "an hour", {})


def test_the_calendar_has_354_days_in_twelve_months():
    assert days.COUNT == 354
    assert len(days.dates()) == days.COUNT
    assert (days.dates()[0], days.dates()[-1]) == (date(2025, 11, 1), date(2026, 10, 20))
    assert np.bincount(days.month_of()).tolist() == [30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 20]


def test_month_days_are_those_of_the_calendar_also_in_the_open_month():
    assert days.month_days()[days.index("2026-02-14")] == 28
    assert days.month_days()[-1] == 31


def test_weekdays_follow_the_calendar():
    assert all(number == day.weekday() for number, day in zip(days.weekday(), days.dates(), strict=True))


def test_a_stream_depends_on_its_name_only():
    first, again, other = (days.stream(name).random(5).tolist() for name in ("a", "a", "b"))
    assert first == again
    assert first != other


@pytest.mark.parametrize(("start", "end"), [(1.0, 3.0), (5.0, 5.0), (100.0, 60.0)])
def test_a_ramp_changes_by_the_same_factor_every_day(start, end):
    curve = days.ramp(start, end)
    factors = curve[1:] / curve[:-1]
    assert factors == pytest.approx(np.full(days.COUNT - 1, factors[0]))
    assert curve[days.index("2026-09-16")] == pytest.approx(end)


def test_steps_hold_until_the_next_change():
    curve = days.steps(1, ("2025-11-03", 4), ("2025-11-05", 2))
    assert curve[:6].tolist() == [1, 1, 4, 4, 2, 2]
    assert curve[-1] == 2


def test_between_includes_both_ends():
    chosen = days.between("2025-11-02", "2025-11-04")
    assert np.flatnonzero(chosen).tolist() == [1, 2, 3]


def test_since_begins_on_the_day():
    assert np.flatnonzero(days.since("2026-10-19")).tolist() == [352, 353]


@pytest.mark.parametrize("weekend", [0.0, 0.3, 1.0, 1.4])
def test_a_week_keeps_its_mean_whatever_its_rhythm(weekend):
    shape = days.weekly(weekend)
    assert shape[2:9].mean() == pytest.approx(1.0)
    saturday, monday = shape[days.index("2025-11-08")], shape[days.index("2025-11-10")]
    assert saturday == pytest.approx(weekend * monday)


def test_a_campaign_lifts_two_spans_and_nothing_else():
    curve = days.campaign(0.5)
    assert curve[days.index("2025-11-28")] == 1.5
    assert curve[days.index("2025-12-10")] == 1.225
    assert set(curve[days.index("2025-12-21") :]) == {1.0}
    assert set(curve[: days.index("2025-11-24")]) == {1.0}


def test_noise_stays_inside_its_spread_and_is_centred():
    factors = days.noise(days.stream("test"), 0.2)
    assert 0.8 <= factors.min() < factors.max() <= 1.2
    assert factors.mean() == pytest.approx(1.0, abs=0.03)


def test_hours_stay_between_nothing_and_a_day():
    assert days.hours(np.array([-3.0, 1.23456, 30.0])).tolist() == [0.0, 1.2346, 24.0]


def test_usage_drops_days_without_any_and_prices_the_rest():
    amount = days.flat(0.0)
    amount[[0, 31]] = [1.5, 3.0]
    line = usage(meter(), OWNER, amount)
    assert line.days.tolist() == [0, 31]
    assert line.months.tolist() == [0, 1]
    assert line.cost.tolist() == [3.0, 6.0]
    assert line.kind == "Usage"


def test_usage_takes_the_rate_of_the_day_over_the_list_price():
    amount = days.flat(0.0)
    amount[[4, 6]] = 1.0
    line = usage(meter(), OWNER, amount, rate=np.arange(days.COUNT) / 10)
    assert line.rate.tolist() == [0.4, 0.6]
    assert line.cost.tolist() == [0.4, 0.6]


def test_usage_rounds_amounts_to_six_decimals_and_costs_to_ten():
    line = usage(meter(1 / 3), OWNER, days.flat(1 / 7))
    assert set(line.amount) == {0.142857}
    assert set(line.cost) == {0.047619}


def test_the_sample_has_one_machine_a_name():
    assert instance_id("a") == instance_id("a")
    assert instance_id("a") != instance_id("b")
    assert len(instance_id("a")) == len("i-0123456789abcdef0")
    assert set(token_hex("a", 30)) <= set("0123456789abcdef")


def test_tags_get_the_prefix_of_user_tags_and_none_is_left_out():
    assert tags(None, model="m", cost_center="c") == {"user_model": "m", "user_cost_center": "c"}


@pytest.mark.parametrize(("region", "wanted"), [("us-east-1", "arn:aws:s3:us-east-1:1:x"), ("", "arn:aws:s3::1:x")])
def test_an_arn_may_have_no_region(region, wanted):
    assert arn("s3", "1", "x", region) == wanted


def test_a_spot_meter_says_spot_and_keeps_the_list_price():
    spot, firm = (ec2("1", "n", "g5.12xlarge", {}, spot=chosen) for chosen in (True, False))
    assert (spot.usage_type, firm.usage_type) == ("SpotUsage:g5.12xlarge", "BoxUsage:g5.12xlarge")
    assert (spot.purchase, spot.term, firm.purchase, firm.term) == ("Spot", "Spot", "", "OnDemand")
    assert spot.price == firm.price == 5.672
    assert spot.resource == firm.resource


def test_a_disk_is_billed_by_the_hours_and_the_length_of_the_month():
    line = volume("1", "n", 300, days.flat(12.0), {}, OWNER)
    assert line.amount[0] == pytest.approx(300 / 2 / 30)
    assert line.amount[days.index("2026-02-01")] == pytest.approx(300 / 2 / 28, abs=1e-6)
    assert line.meter.resource.startswith("vol-0")


@pytest.mark.parametrize(
    ("use", "wanted"),
    [
        ("Host", "USE1-Host:ml.g5.2xlarge"),
        ("Train", "USE1-Train:ml.g5.2xlarge"),
        ("Studio:JupyterLab", "USE1-Studio:JupyterLab-ml.g5.2xlarge"),
    ],
)
def test_sagemaker_meters_are_named_by_use(use, wanted):
    found = sagemaker("1", use, "g5.2xlarge", "endpoint/x", {})
    assert found.usage_type == wanted
    assert found.price == pytest.approx(1.515)
    assert found.resource == "arn:aws:sagemaker:us-east-1:1:endpoint/x"


def test_a_bucket_bills_storage_and_both_kinds_of_requests():
    stored, writes, reads = s3("1", "b", days.flat(3.0), days.flat(1000.4), {}, OWNER)
    assert stored.amount[0] == pytest.approx(3 * 1024 / 30)
    assert (writes.amount[0], reads.amount[0]) == (1000, 12_000)
    assert {line.meter.resource for line in (stored, writes, reads)} == {"b"}


def test_a_metered_description_has_no_exponent():
    assert metered("1", "S", "u", "o", "r", "s3-tier2", {}).description == "$0.0000004 per Requests"


@pytest.mark.parametrize("kind", sorted(prices.EC2))
def test_sagemaker_costs_a_quarter_more_and_the_plan_a_quarter_less(kind):
    assert prices.sagemaker(kind) == pytest.approx(1.25 * prices.EC2[kind], rel=1e-6)
    assert prices.savings_plan(kind) == pytest.approx(0.75 * prices.EC2[kind], rel=1e-6)


def test_monthly_charges_follow_what_was_billed():
    amount = days.flat(0.0)
    amount[[0, 1, 40]] = [100.0, 200.0, 50.0]
    line = usage(meter(10.0), OWNER, amount)
    by_kind = {found.kind: found for found in charges.lines([line])}
    assert by_kind["Tax"].cost.tolist() == [36.0, 6.0]
    assert by_kind["Fee"].cost.tolist() == [90.0, 15.0]
    assert by_kind["Fee"].days.tolist() == [0, 30]
    assert by_kind["Credit"].cost.sum() == -30_000


def test_taxes_are_separate_for_every_account():
    one = usage(meter(), OWNER, days.flat(1.0))
    other = usage(ec2("999999999999", "n", "t3.large", {}), OWNER, days.flat(1.0))
    taxed = {line.meter.account for line in charges.lines([one, other]) if line.kind == "Tax"}
    assert taxed == {"444455556666", "999999999999"}


def test_every_covered_hour_has_its_negation():
    found = cluster.lines()
    covered = [line for line in found if line.kind == "SavingsPlanCoveredUsage"]
    negated = [line for line in found if line.kind == "SavingsPlanNegation"]
    assert len(covered) == len(negated) >= 3
    for one, other in zip(covered, negated, strict=True):
        assert one.meter.resource == other.meter.resource
        assert one.days.tolist() == other.days.tolist()
        assert (one.cost + other.cost).tolist() == [0.0] * one.days.size
        assert not other.amount.any()


def test_rows_stand_by_month_day_and_line():
    found = rows()
    keys = np.stack([found.month, found.day, found.line], axis=1)
    assert (np.lexsort(keys.T[::-1]) == np.arange(len(keys))).all()


def test_answers_have_a_row_for_every_line_item():
    table = answers()
    assert table.column_names == ["identity_line_item_id", "team", "model", "stage", "scope", "tagged"]
    assert table.num_rows == rows().line.size
    assert set(table["scope"].to_pylist()) == {"AI", "Other"}
