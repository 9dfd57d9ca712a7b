"""The small parts: curves over the calendar, lines of a meter, prices, monthly charges, the plan's split."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.sample import charges, cluster, cur, days, prices
from costlib.sample.company import tags
from costlib.sample.items import Rows, answers, rows
from costlib.sample.lines import Meter, Owner, by_hour, machines, token_hex, usage
from costlib.sample.meters import arn, ec2, instance_id, metered, s3, sagemaker, volume

OWNER = Owner("Team")


def meter(price: float = 2.0) -> Meter:
    return Meter("444455556666", "AmazonEC2", "BoxUsage:x", "RunInstances", "i-1", "Hrs", price, "an hour", {})


def test_the_calendar_has_719_days_in_twenty_four_months():
    assert days.COUNT == 365 + 354
    assert len(days.dates()) == days.COUNT
    assert (days.dates()[0], days.dates()[-1]) == (date(2024, 11, 1), date(2026, 10, 20))
    year = [30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31]
    assert np.bincount(days.month_of()).tolist() == [*year, *year[:-1], 20]


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
def test_a_ramp_changes_by_the_same_factor_every_day_of_the_latest_year(start, end):
    curve = days.ramp(start, end)
    latest = curve[days.EARLIER :]
    factors = latest[1:] / latest[:-1]
    assert factors == pytest.approx(np.full(latest.size - 1, factors[0]))
    assert curve[days.index("2026-09-16")] == pytest.approx(end)
    assert curve[days.index("2025-11-16")] == pytest.approx(start)


def test_the_year_before_leads_up_to_it_without_a_jump_and_unevenly():
    curve = days.ramp(1.0, 2.0)
    monthly = np.array([curve[days.month_of() == month].mean() for month in range(13)])
    growth = monthly[1:] / monthly[:-1] - 1
    assert (growth > 0).all()
    assert growth.max() > 5 * growth.min()
    assert (curve[1:] / curve[:-1]).max() < 1.006


def test_numbers_of_the_latest_year_do_not_depend_on_the_year_before():
    drawn = days.draws(days.stream("a"))
    assert drawn[days.EARLIER :].tolist() == days.stream("a").random(days.COUNT - days.EARLIER).tolist()
    assert len(set(drawn.tolist())) == days.COUNT


def test_steps_hold_until_the_next_change():
    curve = days.steps(1, ("2024-11-03", 4), ("2024-11-05", 2))
    assert curve[:6].tolist() == [1, 1, 4, 4, 2, 2]
    assert curve[-1] == 2


def test_between_includes_both_ends():
    chosen = days.between("2024-11-02", "2024-11-04")
    assert np.flatnonzero(chosen).tolist() == [1, 2, 3]


def test_since_begins_on_the_day():
    assert np.flatnonzero(days.since("2026-10-19")).tolist() == [717, 718]


@pytest.mark.parametrize("weekend", [0.0, 0.3, 1.0, 1.4])
def test_a_week_keeps_its_mean_whatever_its_rhythm(weekend):
    shape = days.weekly(weekend)
    assert shape[2:9].mean() == pytest.approx(1.0)
    saturday, monday = shape[days.index("2025-11-08")], shape[days.index("2025-11-10")]
    assert saturday == pytest.approx(weekend * monday)


@pytest.mark.parametrize("year", ["2024", "2025"])
def test_a_campaign_lifts_black_friday_and_the_weeks_before_christmas(year):
    curve = days.campaign(0.5)
    assert curve[days.index(f"{year}-11-29")] == 1.5
    assert curve[days.index(f"{year}-12-10")] == 1.225


def test_a_campaign_lifts_nothing_else():
    curve = days.campaign(0.5)
    assert set(curve[days.index("2025-12-21") :]) == {1.0}
    assert set(curve[days.index("2024-12-21") : days.index("2025-11-24")]) == {1.0}
    assert set(curve[: days.index("2024-11-25")]) == {1.0}


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
    assert [days.MONTHS[month].isoformat()[:7] for month in by_kind["Credit"].months] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]


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


MACHINE_DAYS = st.lists(st.integers(0, 2_000_000).map(lambda value: value / 10_000), min_size=1, max_size=9)


@given(MACHINE_DAYS)
def test_hours_of_machines_add_up_to_their_day(amounts):
    amount = np.array(amounts)
    day, hour, ran = by_hour(amount)
    assert np.bincount(day, ran, len(amounts)) == pytest.approx(amount, abs=1e-4)
    assert len(set(zip(day.tolist(), hour.tolist(), strict=True))) == day.size
    assert (ran > 0).all() and (ran <= machines(amount)[day]).all()
    assert ((hour >= 0) & (hour < 24)).all()


@given(MACHINE_DAYS)
def test_a_day_is_run_with_as_few_machines_as_can_be(amounts):
    amount = np.array(amounts)
    count = machines(amount)
    assert (amount <= 24 * count + 1e-9).all()
    assert ((count == 1) | (amount > 24 * (count - 1))).all()


def test_a_machine_that_ran_an_hour_and_a_half_has_two_entries_and_its_rate():
    amount = days.flat(0.0)
    amount[3] = 1.5
    line = usage(ec2("1", "n", "g5.12xlarge", {}), OWNER, amount)
    assert line.hours is not None
    assert (line.days.tolist(), line.hours.tolist(), line.amount.tolist()) == ([3, 3], [13, 14], [1.0, 0.5])
    assert line.cost.tolist() == [5.672, 2.836]


def test_hours_covered_by_the_plan_and_on_demand_follow_each_other():
    _, covered, paid = by_hour(np.array([10.25]), np.array([4.0]))
    _, after, rest = by_hour(np.array([5.75]), np.array([14.25]))
    assert covered.tolist() == list(range(4, 15))
    assert after.tolist() == list(range(14, 20))
    assert (paid[-1], rest[0]) == (0.25, 0.75)


def test_p4d_became_a_third_cheaper_on_the_first_of_june_2025():
    (before, earlier), (after, later) = prices.eras("p4d.24xlarge")
    assert after / before == pytest.approx(0.67, abs=0.0001)
    assert np.flatnonzero(later)[0] == days.index("2025-06-01")
    assert (earlier ^ later).all()
    assert len(prices.eras("g5.12xlarge")) == 1


@pytest.fixture(scope="module")
def company() -> Rows:
    return rows()


def test_rows_stand_by_month_day_line_and_hour(company):
    found = company
    keys = np.stack([found.month, found.day, found.line, found.hour], axis=1)
    assert (np.lexsort(keys.T[::-1]) == np.arange(len(keys))).all()


def test_a_month_has_its_own_rows_and_all_months_have_all(company):
    parts = [company.of_month(position) for position in range(len(days.MONTHS))]
    assert sum(part.count for part in parts) == company.count
    for position, part in enumerate(parts):
        assert set(part.month.tolist()) == {position}
    assert sum(part.cost.sum() for part in parts) == pytest.approx(company.cost.sum())


def test_an_entry_is_found_in_its_line(company):
    part = company.of_month(20)
    for row in range(0, part.count, 997):
        line = part.lines[part.line[row]]
        entry = part.entry[row] - part.first[part.line[row]]
        assert (line.days[entry], line.cost[entry]) == (part.day[row], part.cost[row])


def test_before_the_correction_two_days_of_one_job_were_counted_twice(company):
    part = company.of_month(days.MONTHS.index(cur.RESTATED))
    first = cur.counted_twice(part)
    changed = np.flatnonzero(first.cost != part.cost)
    assert {part.lines[line].meter.resource for line in part.line[changed]} == {
        "arn:aws:sagemaker:us-east-1:444455556666:training-job/recs-two-tower-{day}"
    }
    assert {days.dates()[day].isoformat() for day in part.day[changed]} == {"2026-08-26", "2026-08-27"}
    assert first.cost[changed] == pytest.approx(2 * part.cost[changed])
    assert 800 < first.cost.sum() - part.cost.sum() < 1_200


def test_answers_have_a_row_for_every_line_item(company):
    table = answers()
    assert table.column_names == ["identity_line_item_id", "team", "model", "stage", "scope", "tagged"]
    assert table.num_rows == company.count
    assert set(table["scope"].unique().to_pylist()) == {"AI", "Other"}
