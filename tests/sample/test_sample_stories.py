"""The stories that the data tells, each seen in the line items and not in the code that made them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from statistics import mean

import pytest


def daily(bills, condition: str, measure: str = "effective") -> dict[date, float]:
    """The measure by usage day, zero where there is none."""
    rows = bills.rows(f"SELECT day, sum({measure}) FROM known WHERE {condition} GROUP BY day")
    found = dict(rows)
    first, last = date(2024, 11, 1), date(2026, 10, 20)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: found.get(day, 0.0) for day in days}


def window(series: dict[date, float], first: str, last: str) -> list[float]:
    return [value for day, value in series.items() if date.fromisoformat(first) <= day <= date.fromisoformat(last)]


def test_working_days_cost_more_than_weekends_in_ai_and_the_shop_is_the_other_way_round(bills):
    for scope, sign in (("AI", 1), ("Other", -1)):
        series = daily(bills, f"scope = '{scope}' AND line_item_line_item_type NOT IN ('Fee', 'Tax', 'Credit')")
        ordinary = {day: cost for day, cost in series.items() if date(2026, 2, 1) <= day <= date(2026, 6, 30)}
        week = mean(cost for day, cost in ordinary.items() if day.weekday() < 5)
        weekend = mean(cost for day, cost in ordinary.items() if day.weekday() >= 5)
        assert sign * (week - weekend) / week > 0.03


@pytest.mark.parametrize("year", [2024, 2025])
def test_black_friday_lifts_the_shop_and_the_days_after_fall_back(bills, year):
    shop = daily(bills, "team = 'Storefront'")
    before = mean(window(shop, f"{year}-11-10", f"{year}-11-16"))
    peak = mean(window(shop, f"{year}-11-25", f"{year}-11-30"))
    january = mean(window(shop, f"{year + 1}-01-05", f"{year + 1}-01-11"))
    assert peak > 1.3 * before
    assert january < 0.8 * peak


def test_traffic_of_the_fraud_endpoint_peaks_and_its_instances_stay(bills):
    endpoint = "line_item_resource_id LIKE '%endpoint/fraud-scorer-prod' AND line_item_line_item_type = 'Usage'"
    hours = daily(bills, f"{endpoint} AND line_item_usage_type LIKE '%Host:%'", "line_item_usage_amount")
    traffic = daily(bills, f"{endpoint} AND line_item_usage_type LIKE '%Data-Bytes-In'", "line_item_usage_amount")
    instances = {day: amount / 24 for day, amount in hours.items()}
    assert instances[date(2025, 11, 19)] == 12
    assert instances[date(2025, 11, 20)] == 14
    latest = window(instances, "2025-11-01", "2026-10-20")
    assert sorted(set(latest)) == [12, 14, 15, 17, 18]
    assert all(after >= before for before, after in pairwise(latest))
    assert mean(window(traffic, "2025-11-24", "2025-11-30")) > 1.4 * mean(window(traffic, "2026-01-05", "2026-01-11"))


def test_a_year_before_the_endpoint_was_scaled_back_after_christmas(bills):
    endpoint = "line_item_resource_id LIKE '%endpoint/fraud-scorer-prod' AND line_item_usage_type LIKE '%Host:%'"
    hours = daily(bills, f"{endpoint} AND line_item_line_item_type = 'Usage'", "line_item_usage_amount")
    wanted = {"2024-11-20": 6, "2024-11-21": 8, "2024-12-29": 8, "2024-12-30": 6, "2025-02-03": 8, "2025-10-31": 12}
    assert {day: hours[date.fromisoformat(day)] / 24 for day in wanted} == wanted


def test_the_recommender_was_replaced_and_both_ran_for_six_weeks(bills):
    old, new = (daily(bills, f"model = '{name}' AND stage = 'training'") for name in ("recs-als", "recs-two-tower"))
    both = [day for day in old if old[day] and new[day]]
    assert (both[0], both[-1], len(both)) == (date(2025, 3, 10), date(2025, 4, 20), 42)
    assert not any(window(old, "2025-04-21", "2026-10-20"))


def test_the_price_of_the_same_gpu_hours_fell_by_a_third_in_june_2025(bills):
    big = "line_item_usage_type = 'BoxUsage:p4d.24xlarge' AND resource_tags['aws_eks_cluster_name'] IS NOT NULL"
    cost, hours = daily(bills, big), daily(bills, big, "line_item_usage_amount")
    may, june = (
        sum(window(cost, *span)) / sum(window(hours, *span))
        for span in (("2025-05-01", "2025-05-31"), ("2025-06-01", "2025-06-30"))
    )
    assert (may, june) == (pytest.approx(32.7726), pytest.approx(21.957642))


def test_fraud_is_the_dearest_model_of_a_single_team(bills):
    rows = bills.rows(
        "SELECT model, sum(effective) AS cost FROM known WHERE model IS NOT NULL GROUP BY model ORDER BY cost DESC"
    )
    assert rows[0][0] == "fraud-scorer"
    assert rows[0][1] > 2 * rows[1][1]


def test_the_idle_canary_runs_all_day_and_moves_no_data(bills):
    canary = "line_item_resource_id LIKE '%endpoint/fraud-scorer-dev-canary'"
    hours = daily(bills, canary, "line_item_usage_amount")
    assert set(window(hours, "2024-11-01", "2026-03-08")) == {0.0}
    assert set(window(hours, "2026-03-09", "2026-10-20")) == {24.0}
    kinds = bills.rows(f"SELECT DISTINCT line_item_usage_type, stage FROM known WHERE {canary}")
    assert kinds == [("USE1-Host:ml.g5.12xlarge", "idle")]


def test_other_endpoints_move_data_every_day_that_they_run(bills):
    rows = bills.rows(
        "SELECT line_item_resource_id, "
        "count(DISTINCT day) FILTER (line_item_usage_type LIKE '%Host:%'), "
        "count(DISTINCT day) FILTER (line_item_usage_type LIKE '%Data-Bytes-In') FROM known "
        "WHERE line_item_resource_id LIKE '%:endpoint/%' AND line_item_resource_id NOT LIKE '%canary' "
        "AND line_item_line_item_type = 'Usage' GROUP BY 1"
    )
    assert len(rows) == 4
    assert all(ran == served for _, ran, served in rows)


def test_nodes_were_added_to_the_cluster_at_five_dates(bills):
    nodes = daily(bills, "line_item_usage_type = 'BoxUsage:p4d.24xlarge'", "line_item_usage_amount / 24")
    on_mondays = [nodes[date.fromisoformat(day)] for day in ("2026-01-12", "2026-01-19", "2026-06-01", "2026-08-10")]
    assert on_mondays == pytest.approx([4, 5, 6, 7])
    earlier = [nodes[date.fromisoformat(day)] for day in ("2025-03-31", "2025-04-07", "2025-09-08", "2025-09-15")]
    assert earlier == pytest.approx([2, 3, 3, 4])
    assert nodes[date(2026, 7, 5)] == pytest.approx(2.4)


def test_mondays_are_the_busiest_days_of_the_cluster(bills):
    small = daily(
        bills,
        "line_item_usage_type = 'BoxUsage:g5.12xlarge' AND resource_tags['aws_eks_cluster_name'] = 'ml-shared-gpu'",
    )
    by_weekday = [mean(cost for day, cost in small.items() if day.weekday() == number) for number in range(7)]
    assert max(by_weekday) == by_weekday[0]
    assert min(by_weekday[:5]) > max(by_weekday[5:])


def test_the_plan_makes_the_same_nodes_cheaper_from_january(bills):
    big = (
        "product_instance_type = 'p4d.24xlarge' AND team IS NULL AND line_item_line_item_type <> 'SavingsPlanNegation'"
    )
    cost, hours = daily(bills, big), daily(bills, big, "line_item_usage_amount")
    december = sum(window(cost, "2025-12-01", "2025-12-31")) / sum(window(hours, "2025-12-01", "2025-12-31"))
    january = sum(window(cost, "2026-01-01", "2026-01-31")) / sum(window(hours, "2026-01-01", "2026-01-31"))
    assert december == pytest.approx(21.957642)
    assert january < 0.87 * december


def test_the_assistant_launches_in_february_and_fills_up(bills):
    tokens = daily(
        bills,
        "model = 'support-assistant' AND stage = 'real-time inference' AND pricing_unit = 'Tokens'"
        " AND line_item_usage_type NOT LIKE '%Titan%'",
        "line_item_usage_amount",
    )
    assert set(window(tokens, "2024-11-01", "2026-02-09")) == {0.0}
    assert tokens[date(2026, 2, 10)] > 0
    march, september = (
        mean(window(tokens, "2026-03-01", "2026-03-28")),
        mean(window(tokens, "2026-09-01", "2026-09-28")),
    )
    assert september > 3 * march


def test_the_model_change_more_than_halves_the_cost_of_a_token(bills):
    live = "model = 'support-assistant' AND line_item_usage_type LIKE 'USE1-Nova%' AND stage = 'real-time inference'"
    cost, tokens = daily(bills, live), daily(bills, live, "line_item_usage_amount")

    def a_million(first: str, last: str) -> float:
        return sum(window(cost, first, last)) / sum(window(tokens, first, last)) * 1e6

    before, after = a_million("2026-05-18", "2026-06-15"), a_million("2026-06-16", "2026-07-14")
    assert after < 0.5 * before
    assert mean(window(cost, "2026-06-22", "2026-06-28")) < mean(window(cost, "2026-06-08", "2026-06-14"))


def test_both_models_and_the_cache_are_used_only_after_the_change(bills):
    rows = bills.rows(
        "SELECT line_item_usage_type, min(day)::VARCHAR FROM known WHERE line_item_usage_type LIKE 'USE1-Nova%' "
        "AND stage = 'real-time inference' GROUP BY 1"
    )
    first = dict(rows)
    assert len(first) == 6
    assert {kind for kind, day in first.items() if day < "2026-06-16"} == {
        "USE1-NovaPremier-input-tokens",
        "USE1-NovaPremier-output-tokens",
    }


def test_the_sweep_runs_away_for_five_days_under_a_misspelt_team(bills):
    sweep = "line_item_resource_id LIKE '%training-job/search-ranker-sweep-20260709'"
    cost = {day.isoformat(): spent for day, spent in daily(bills, sweep).items() if spent}
    assert list(cost) == ["2026-07-09", "2026-07-10", "2026-07-11", "2026-07-12", "2026-07-13"]
    assert 9_000 < sum(cost.values()) < 12_000
    assert bills.rows(f"SELECT DISTINCT resource_tags['user_team'], team FROM known WHERE {sweep}") == [
        ("serach", "Search")
    ]


def test_the_runaway_stands_out_of_the_training_around_it(bills):
    training = daily(bills, "stage = 'training'")
    ordinary = window(training, "2026-06-15", "2026-07-07") + window(training, "2026-07-15", "2026-08-07")
    assert min(window(training, "2026-07-10", "2026-07-12")) > max(ordinary)


def test_search_trains_on_demand_until_march_and_on_spot_since_april(bills):
    training = "model = 'search-ranker' AND stage = 'training' AND line_item_resource_id NOT LIKE '%sweep%'"
    spot = daily(bills, f"{training} AND pricing_purchase_option = 'Spot'")
    firm = daily(bills, f"{training} AND pricing_purchase_option = ''")
    assert sum(window(spot, "2024-11-01", "2026-03-31")) == 0
    assert sum(window(firm, "2026-04-01", "2026-10-20")) == 0
    assert sum(window(spot, "2026-04-01", "2026-04-30")) > 3_000
    assert sum(window(firm, "2026-03-01", "2026-03-31")) > 3_000


def test_spot_is_about_a_fifth_of_training_money_since_april(bills):
    (share,) = bills.row(
        "SELECT sum(effective) FILTER (pricing_purchase_option = 'Spot') / sum(effective) FROM known "
        "WHERE stage = 'training' AND day >= DATE '2026-04-01'"
    )
    assert 0.12 < share < 0.3


def test_the_recommender_trains_every_day_as_a_job_of_its_own(bills):
    rows = bills.rows(
        "SELECT DISTINCT day::VARCHAR, line_item_resource_id FROM known WHERE team = 'Recommendations' "
        "AND model = 'recs-two-tower' AND stage = 'training'"
    )
    assert len(rows) == 590
    prefix = "arn:aws:sagemaker:us-east-1:444455556666:training-job/recs-two-tower-"
    assert all(resource == prefix + day for day, resource in rows)


def test_its_data_doubled_on_the_22nd_of_september(bills):
    hours = daily(bills, "team = 'Recommendations' AND stage = 'training'", "line_item_usage_amount")
    before, after = window(hours, "2026-08-25", "2026-09-21"), window(hours, "2026-09-22", "2026-10-19")
    assert mean(after) / mean(before) == pytest.approx(2.0, abs=0.06)
    assert min(after) > 1.7 * max(before)


def test_it_is_the_largest_change_of_the_last_four_weeks(bills):
    rows = bills.rows(
        "SELECT team, model, stage, "
        "coalesce(sum(effective) FILTER (day BETWEEN '2026-09-23' AND '2026-10-20'), 0) "
        "- coalesce(sum(effective) FILTER (day BETWEEN '2026-08-26' AND '2026-09-22'), 0) AS change "
        "FROM known WHERE scope = 'AI' GROUP BY ALL ORDER BY abs(change) DESC"
    )
    assert rows[0][:3] == ("Recommendations", "recs-two-tower", "training")
    assert 12_000 < rows[0][3] < 17_000
    assert rows[0][3] > 4 * abs(rows[1][3])


def test_scratch_storage_grew_in_three_steps(bills):
    stored = daily(
        bills,
        "line_item_product_code = 'AmazonFSx'",
        "line_item_usage_amount * date_diff('day', bill_billing_period_start_date, bill_billing_period_end_date)",
    )
    assert [round(stored[date.fromisoformat(day)]) for day in ("2025-04-06", "2025-04-07", "2025-09-15")] == [
        21_600,
        28_800,
        43_200,
    ]
    assert round(stored[date(2026, 4, 12)]) == 43_200
    assert round(stored[date(2026, 4, 13)]) == 57_600


def test_storage_of_checkpoints_only_grows(bills):
    stored = daily(
        bills,
        "line_item_resource_id = 'nl-recs-checkpoints' AND line_item_usage_type = 'TimedStorage-ByteHrs'",
        "line_item_usage_amount * date_diff('day', bill_billing_period_start_date, bill_billing_period_end_date)",
    )
    kept = [amount for day, amount in stored.items() if day >= date(2025, 3, 10)]
    assert all(after > before for before, after in pairwise(kept))
