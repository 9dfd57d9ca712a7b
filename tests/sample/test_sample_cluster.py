"""Who used the shared cluster: GPU hours against the bill, OpenCost's answers, and the truth about its cost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from costlib import sample
from costlib.sample import days
from costlib.sample.demand import GPUS, QUOTAS, RERANKER, WORKLOADS, Demand, demand
from costlib.sample.shared import IDLE_CAPACITY
from costlib.sources.opencost import read_files

NODES = "resource_tags['aws_eks_cluster_name'] = 'ml-shared-gpu' AND product_instance_type <> ''"


@pytest.fixture(scope="module")
def found() -> Demand:
    return demand()


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> Path:
    (folder,) = sample.usage_exports(tmp_path_factory.mktemp("usage"))
    return folder


@pytest.fixture(scope="module")
def truth() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.register("table_of_costs", sample.cluster_answers())
    connection.register("table_of_peaks", sample.peak_causes())
    connection.execute("CREATE TABLE costs AS FROM table_of_costs")
    connection.execute("CREATE TABLE peaks AS FROM table_of_peaks")
    return connection


def sets(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["data"]


class TestDemand:
    def test_capacity_is_that_of_the_nodes_on_the_bill(self, found, bills) -> None:
        hours = dict(
            bills.rows(
                f"SELECT product_instance_type, sum(line_item_usage_amount) FROM known WHERE {NODES} "
                "AND line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage') GROUP BY 1"
            )
        )
        assert set(hours) == set(GPUS)
        assert found.capacity.sum() == pytest.approx(sum(GPUS[kind] * hours[kind] for kind in GPUS), rel=1e-6)

    def test_reserved_and_idle_are_all_of_it_in_every_hour(self, found) -> None:
        reserved = np.sum(list(found.reserved.values()), axis=0)
        assert found.idle + reserved == pytest.approx(found.capacity, abs=1e-3)
        assert found.idle.min() >= 0

    def test_nobody_uses_more_than_it_reserved(self, found) -> None:
        for one in WORKLOADS:
            assert (found.used[one] <= found.reserved[one] + 1e-9).all()
            assert found.reserved[one].min() >= 0

    def test_two_thirds_are_reserved_as_on_helios_and_half_of_it_computes_as_on_acme(self, found) -> None:
        reserved, used = (sum(hours.sum() for hours in held.values()) for held in (found.reserved, found.used))
        assert reserved / found.capacity.sum() == pytest.approx(0.667, abs=0.015)
        assert used / reserved == pytest.approx(0.5, abs=0.04)

    def test_search_is_the_largest_user_and_keeps_its_quota(self, found) -> None:
        shares = {team: found.of_team(team).sum() for team in QUOTAS}
        assert max(shares, key=lambda team: shares[team]) == "Search"
        over = found.of_team("Search") > QUOTAS["Search"] * found.capacity
        assert over.mean() < 0.02

    def test_recommendations_is_above_its_quota_in_the_morning_and_only_then(self, found) -> None:
        over = (found.of_team("Recommendations") > QUOTAS["Recommendations"] * found.capacity + 1e-6).mean(axis=0)
        assert over[5:8].min() > 0.99
        assert np.delete(over, range(5, 10)).max() < 0.01

    def test_quotas_leave_room(self) -> None:
        assert 0.8 < sum(QUOTAS.values()) < 1

    def test_the_tiny_team_joined_in_january_2026(self, found) -> None:
        running = np.flatnonzero(found.reserved[RERANKER].sum(axis=1))
        assert days.dates()[running[0]] == date(2026, 1, 19)


class TestAnswers:
    def test_a_file_a_month_by_day_and_three_by_hour(self, answers) -> None:
        months = [f"{month:%Y-%m}.json" for month in days.MONTHS]
        assert sorted(path.name for path in answers.glob("*.json")) == months
        assert sorted(path.name for path in (answers / "hourly").iterdir()) == months[-3:]

    def test_one_set_a_day_or_an_hour_in_order(self, answers) -> None:
        assert len(sets(answers / "2026-02.json")) == 28
        assert len(sets(answers / "2026-10.json")) == 20
        hourly = sets(answers / "hourly" / "2026-09.json")
        starts = [one["__idle__"]["window"]["start"] for one in hourly]
        assert len(starts) == 720 and starts == sorted(set(starts))

    def test_hours_add_up_to_their_day(self, answers) -> None:
        hourly, daily = sets(answers / "hourly" / "2026-08.json"), sets(answers / "2026-08.json")
        for number in (0, 9, 30):
            for name, allocation in daily[number].items():
                hours = hourly[24 * number : 24 * number + 24]
                for field in ("gpuHours", "cpuCoreHours", "totalCost"):
                    assert sum(one[name][field] for one in hours if name in one) == pytest.approx(
                        allocation[field], abs=0.01
                    )

    def test_costs_are_the_sum_of_their_parts(self, answers) -> None:
        for one in sets(answers / "2025-04.json"):
            for allocation in one.values():
                parts = ("gpuCost", "cpuCost", "ramCost", "pvCost", "networkCost", "sharedCost", "externalCost")
                assert allocation["totalCost"] == pytest.approx(sum(allocation[part] for part in parts), abs=1e-4)

    def test_the_project_reads_them(self, answers, found) -> None:
        records = read_files(sorted(answers.glob("2026-0*.json")))
        assert {record.cluster for record in records} == {"ml-shared-gpu"}
        assert {record.label for record in records if record.kind == "allocation"} == {
            "search",
            "Search",
            "recs",
            "ml-platform",
            "support_ai",
        }
        first, last = days.index("2026-01-01"), days.index("2026-10-01")
        reserved = float(sum(record.gpu_reserved or 0 for record in records))
        assert reserved == pytest.approx(found.capacity[first:last].sum(), rel=1e-5)
        used = float(sum(record.gpu_used or 0 for record in records))
        assert used == pytest.approx(sum(hours[first:last].sum() for hours in found.used.values()), rel=1e-4)

    def test_its_sum_is_list_price_and_not_the_bill(self, answers, bills) -> None:
        listed, billed = bills.row(
            f"SELECT sum(line_item_usage_amount * CASE product_instance_type WHEN 'p4d.24xlarge' THEN 21.957642 "
            f"ELSE 5.672 END), sum(effective) FROM known WHERE {NODES} AND day >= '2026-09-01' "
            "AND day < '2026-10-01' AND line_item_line_item_type <> 'SavingsPlanNegation'"
        )
        told = sum(one["totalCost"] for held in sets(answers / "2026-09.json") for one in held.values())
        assert told == pytest.approx(listed, rel=1e-4)
        assert told > 1.04 * billed

    def test_its_prices_were_out_of_date_in_the_summer_of_2025(self, answers, bills) -> None:
        def factor(month: str, following: str) -> float:
            (billed,) = bills.row(
                f"SELECT sum(effective) FROM known WHERE {NODES} AND day >= '{month}-01' AND day < '{following}-01'"
            )
            told = sum(one["totalCost"] for held in sets(answers / f"{month}.json") for one in held.values())
            return told / billed

        assert factor("2025-05", "2025-06") == pytest.approx(1, abs=0.001)
        assert factor("2025-07", "2025-08") > 1.2
        assert factor("2025-10", "2025-11") == pytest.approx(1, abs=0.001)

    def test_the_same_every_time(self, found) -> None:
        again = demand()
        for one in WORKLOADS:
            assert (again.reserved[one] == found.reserved[one]).all()
            assert (again.used[one] == found.used[one]).all()


class TestTruth:
    def test_teams_and_idle_capacity_bear_all_of_the_clusters_cost_of_a_day(self, truth, bills) -> None:
        billed = dict(
            bills.rows(
                "SELECT day, sum(effective) FROM known WHERE scope = 'AI' AND team IS NULL AND stage = "
                "'real-time inference' GROUP BY day"
            )
        )
        told = dict(truth.execute("SELECT day, sum(reserved_cost) FROM costs GROUP BY day").fetchall())
        assert set(told) == set(billed) == set(days.dates())
        assert all(told[day] == pytest.approx(billed[day], rel=1e-6) for day in told)

    def test_used_and_unused_are_what_was_reserved(self, truth) -> None:
        (wrong,) = truth.execute(
            "SELECT count(*) FROM costs WHERE abs(used_cost + unused_cost - reserved_cost) > 1e-6 OR used_cost < 0"
        ).fetchall()[0]
        assert wrong == 0

    def test_idle_capacity_is_a_third_and_has_no_quota(self, truth) -> None:
        idle, whole, quotas = truth.execute(
            f"SELECT sum(reserved_cost) FILTER (team = '{IDLE_CAPACITY}'), sum(reserved_cost), "
            f"count(quota_gpu_hours) FILTER (team = '{IDLE_CAPACITY}') FROM costs"
        ).fetchall()[0]
        assert idle / whole == pytest.approx(0.333, abs=0.02)
        assert quotas == 0

    def test_recommendations_sets_the_number_of_nodes_on_every_day(self, truth) -> None:
        rows = truth.execute(
            "SELECT team, count(*), min(hour), max(hour), min(over) FROM peaks GROUP BY team"
        ).fetchall()
        ((team, count, earliest, latest, over),) = rows
        assert (team, count) == ("Recommendations", days.COUNT)
        assert 5 <= earliest <= latest <= 9
        assert over > 0

    def test_without_the_rebuild_a_fifth_fewer_gpus_would_do(self, found) -> None:
        taken = found.capacity - found.idle
        with_it = taken.max(axis=1)
        without = np.delete(taken, range(5, 10), axis=1).max(axis=1)
        assert (without / with_it).mean() < 0.8

    def test_days_are_those_of_the_sample(self, truth) -> None:
        (first, last, count) = truth.execute("SELECT min(day), max(day), count(DISTINCT day) FROM costs").fetchall()[0]
        assert (first, last - first, count) == (days.FIRST, timedelta(days=718), 719)
