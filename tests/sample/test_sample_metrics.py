"""Volumes against the bill they explain, and what past initiatives truly saved."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta

import pytest

from costlib import sample
from costlib.sample import days, metrics

NOVA = "line_item_usage_type LIKE 'USE1-Nova%' AND stage = 'real-time inference' AND model = 'support-assistant'"


@pytest.fixture(scope="module")
def rows(tmp_path_factory) -> list[dict[str, str]]:
    path = sample.volumes(tmp_path_factory.mktemp("metrics"))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def counted(rows) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["metric"], row["model"]][row["day"]] = int(row["value"])
    return found


@pytest.fixture(scope="module")
def daily(counted) -> dict[tuple[str, str], dict[str, int]]:
    """Values of the days that are billed."""
    last = days.LAST.isoformat()
    return {key: {day: value for day, value in found.items() if day <= last} for key, found in counted.items()}


@pytest.fixture(scope="module")
def saved() -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for row in sample.initiatives().to_pylist():
        found[row["initiative"]].append(row)
    return found


def test_columns_and_one_row_a_day_metric_model_and_team(rows):
    assert list(rows[0]) == list(metrics.COLUMNS)
    keys = [tuple(row[name] for name in metrics.COLUMNS[:-1]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(int(row["value"]) > 0 for row in rows)


def test_metrics_of_each_model(daily):
    assert sorted(daily) == [
        ("cached input tokens", "support-assistant"),
        ("conversations", "support-assistant"),
        ("documents", "doc-extract"),
        ("frauds stopped", "fraud-scorer"),
        ("handling cost saved", "support-assistant"),
        ("input tokens", "support-assistant"),
        ("invoices booked", "doc-extract"),
        ("margin of recommended orders", "recs-two-tower"),
        ("margin of search orders", "search-ranker"),
        ("output tokens", "support-assistant"),
        ("prevented fraud loss", "fraud-scorer"),
        ("recommended orders", "recs-two-tower"),
        ("requests", "fraud-scorer"),
        ("requests", "recs-als"),
        ("requests", "recs-two-tower"),
        ("requests", "search-ranker"),
        ("requests", "visual-search"),
        ("search orders", "search-ranker"),
        ("tickets saved", "support-assistant"),
        ("training runs", "demand-forecast"),
        ("training runs", "fraud-scorer"),
        ("training runs", "recs-als"),
        ("training runs", "recs-two-tower"),
        ("training runs", "search-ranker"),
        ("training runs", "visual-search"),
        ("typing saved", "doc-extract"),
    ]


def test_counts_run_on_for_five_days_after_the_bill_much_like_the_week_before(counted):
    first, last = (days.LAST + timedelta(days=number) for number in (1, metrics.AHEAD))
    for key, found in counted.items():
        if key[1] in ("visual-search", "recs-als"):
            assert max(found) < first.isoformat()
            continue
        ahead = {day: value for day, value in found.items() if day >= first.isoformat()}
        assert ahead
        assert max(ahead) <= last.isoformat()
        for day, value in ahead.items():
            week_before = found[(date.fromisoformat(day) - timedelta(days=7)).isoformat()]
            assert value == pytest.approx(week_before, rel=0.035, abs=1)


def test_values_are_dollars_and_each_outcome_is_worth_the_same(rows, daily):
    assert {(row["metric"], row["unit"]) for row in rows if row["unit"]} == {
        (one.worth, "USD") for one in metrics.OUTCOMES
    }
    for one in metrics.OUTCOMES:
        worth, done = daily[one.worth, one.model], daily[one.counted, one.model]
        assert all(value == pytest.approx(done[day] * one.value, abs=1) for day, value in worth.items())


@pytest.mark.parametrize(
    ("metric", "suffix"),
    [
        ("input tokens", "-input-tokens"),
        ("cached input tokens", "-cache-read-input-token-count"),
        ("output tokens", "-output-tokens"),
    ],
)
def test_tokens_are_those_on_the_bill(daily, bills, metric, suffix):
    billed = dict(
        bills.rows(
            f"SELECT day::VARCHAR, sum(line_item_usage_amount)::BIGINT FROM known WHERE {NOVA} "
            f"AND line_item_usage_type LIKE '%{suffix}' GROUP BY day"
        )
    )
    assert daily[metric, "support-assistant"] == billed


def test_requests_of_an_endpoint_explain_its_payload(daily, bills):
    payload = dict(
        bills.rows(
            "SELECT day::VARCHAR, sum(line_item_usage_amount) FROM known "
            "WHERE line_item_resource_id LIKE '%endpoint/fraud-scorer-prod' "
            "AND line_item_usage_type LIKE '%Data-Bytes-In' GROUP BY day"
        )
    )
    found = daily["requests", "fraud-scorer"]
    assert set(found) == set(payload)
    assert all(found[day] == pytest.approx(16_000 * payload[day], abs=1.01) for day in found)


def test_documents_times_four_seconds_are_the_hours_billed(daily, bills):
    (hours,) = bills.row("SELECT sum(line_item_usage_amount) FROM known WHERE model = 'doc-extract'")
    assert sum(daily["documents", "doc-extract"].values()) * 4 / 3600 == pytest.approx(hours, rel=0.001)


def test_a_model_trains_once_a_day_at_most_and_on_the_days_of_its_jobs(daily, bills):
    for (metric, model), found in daily.items():
        if metric != "training runs":
            continue
        trained = bills.rows(
            f"SELECT DISTINCT day::VARCHAR FROM known WHERE model = '{model}' AND stage = 'training' "
            "AND line_item_resource_id NOT LIKE '%sweep%'"
        )
        assert set(found.values()) == {1}
        assert set(found) == {day for (day,) in trained}


def test_traffic_of_shoppers_peaks_on_black_friday_and_the_recommender_serves_from_its_launch(daily):
    assert min(daily["requests", "recs-two-tower"]) == "2025-03-10"
    fraud = daily["requests", "fraud-scorer"]
    assert fraud["2025-11-28"] > 1.4 * fraud["2026-01-09"]


def test_three_initiatives_from_the_month_in_which_they_began(saved):
    assert {name: (found[0]["start"], found[0]["month"], len(found)) for name, found in saved.items()} == {
        "smaller support model": ("2026-06-16", date(2026, 6, 1), 5),
        "prompt caching": ("2026-06-16", date(2026, 6, 1), 5),
        "spot retraining": ("2026-04-01", date(2026, 4, 1), 7),
    }


def test_a_saving_is_what_it_would_have_cost_less_what_it_cost(saved):
    for found in saved.values():
        for row in found:
            assert row["saving"] == pytest.approx(row["cost_without"] - row["cost"])
            assert 0 < row["saving"] < row["cost_without"]


def test_model_and_cache_together_explain_the_bill_of_september(saved, bills):
    (billed,) = bills.row(
        f"SELECT sum(effective) FROM known WHERE {NOVA} AND day >= '2026-09-01' AND day < '2026-10-01'"
    )
    (premier, tokens) = bills.row(
        "SELECT sum(line_item_usage_amount * CASE WHEN line_item_usage_type LIKE '%output%' THEN 0.0000125 "
        f"ELSE 0.0000025 END), count(*) FROM known WHERE {NOVA} AND day >= '2026-09-01' AND day < '2026-10-01'"
    )
    model, cache = (saved[name][3] for name in ("smaller support model", "prompt caching"))
    assert tokens > 0
    assert model["cost_without"] == pytest.approx(premier)
    assert cache["cost"] == pytest.approx(billed)
    assert model["saving"] + cache["saving"] == pytest.approx(premier - billed)


def test_spot_saves_a_fifth_to_two_fifths_of_retraining(saved, bills):
    for row in saved["spot retraining"]:
        assert 0.2 < row["saving"] / row["cost_without"] < 0.4
    (billed,) = bills.row("SELECT sum(effective) FROM known WHERE pricing_purchase_option = 'Spot'")
    assert sum(row["cost"] for row in saved["spot retraining"]) == pytest.approx(billed)
