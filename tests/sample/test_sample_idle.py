"""Idle money of the sample against its hidden truth: within two per cent, endpoint by endpoint and team by team.

The truth knows what each endpoint's GPUs computed (``sample.utilisation.use``), who reserved and used the cluster
(``cluster_answers``), and what each line item of the bill cost.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from costlib import sample
from costlib.analysis.units.idle import IdleFound, by_team
from costlib.analysis.units.readings import Basis
from costlib.metrics.idle import idle, on_bill
from costlib.metrics.utilisation.readings import all_readings
from costlib.periods import Window, add_months
from costlib.sample import days, utilisation
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.pages import stores

MONTHS = [date(2025, 11, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)]
FILTERS = (Filter("BillingCurrency", ("USD",)), Filter("x_Scope", ("AI",)))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[date, IdleFound]:
    root = stores.demo(tmp_path_factory)
    reader, readings = Workspace(root).snapshot().reader, all_readings(root)
    windows = [Window(month, add_months(month, 1)) for month in MONTHS]
    return {window.start: idle(reader, FILTERS, window, readings) for window in windows}


@pytest.fixture(scope="module")
def cluster() -> list[dict]:
    return sample.cluster_answers().to_pylist()


def close(amount, truth: float) -> None:
    assert float(amount) == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize("name", list(utilisation.REQUESTS_A_GPU_HOUR))
def test_what_an_endpoint_did_not_use(found, bills, month, name) -> None:
    rows = bills.rows(
        f"SELECT day, SUM(effective) FROM known WHERE line_item_resource_id LIKE '%endpoint/{name}' "
        f"AND line_item_usage_type LIKE '%Host:%' AND line_item_line_item_type = 'Usage' "
        f"AND day >= '{month}' AND day < '{add_months(month, 1)}' GROUP BY day"
    )
    used = utilisation.use()[name]
    truth = sum(cost * (1 - used[days.index(day)]) for day, cost in rows)
    shown = [one for one in found[month].stood if one.name.endswith(f"endpoint/{name}")]
    assert len(shown) == (1 if rows else 0)
    if shown:
        close(shown[0].idle, truth)
        assert (shown[0].team, shown[0].basis) == ("Fraud", Basis.ENGINE)


@pytest.mark.parametrize("month", MONTHS, ids=str)
@pytest.mark.parametrize("team", ["Search", "Recommendations", "ML Platform"])
def test_what_a_team_reserved_and_did_not_use(found, cluster, month, team) -> None:
    own = [row for row in cluster if row["team"] == team and row["day"].replace(day=1) == month]
    truth = sum(row["reserved_cost"] - row["used_cost"] for row in own)
    close(sum(one.idle for one in found[month].stood if one.team == team), truth)


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_what_nobody_reserved(found, cluster, month) -> None:
    nobody = [row for row in cluster if row["team"] == "idle capacity" and row["day"].replace(day=1) == month]
    shown = {team: amount for team, _, amount in by_team(found[month].stood)}
    close(shown[None], sum(row["reserved_cost"] for row in nobody))


def test_the_canary_served_nothing_and_is_idle_whole(found) -> None:
    (canary,) = [one for one in found[MONTHS[-1]].stood if one.name.endswith("canary")]
    assert (canary.requests, canary.used) == (0, 0)
    assert canary.idle == canary.cost


def test_every_accelerator_is_measured_or_not(found, bills) -> None:
    """What is measured, and what is not, is the GPU bill of the month and the cluster's surroundings, no more."""
    september = found[MONTHS[-1]]
    assert 60_000 < september.not_measured < 75_000
    assert september.unknown == 0


def test_every_endpoint_of_the_file_is_on_the_bill(tmp_path_factory) -> None:
    root = stores.demo(tmp_path_factory)
    reader = Workspace(root).snapshot().reader
    assert on_bill(reader, Window(MONTHS[-1], add_months(MONTHS[-1], 1)), all_readings(root))[1] == []


def test_use_is_a_share_of_the_hours_on_the_bill_and_gpu_util_reads_higher(tmp_path) -> None:
    for shares in utilisation.use().values():
        known = shares[~np.isnan(shares)]
        assert known.size and (known >= 0).all() and (known <= 1).all()
    lines = sample.endpoint_use(tmp_path).read_text().splitlines()
    assert lines[0] == ",".join(utilisation.COLUMNS)
    shown: dict[tuple[str, str], dict[str, float]] = {}
    for line in lines[1:]:
        day, name, metric, value = line.split(",")
        shown.setdefault((day, name), {})[metric] = float(value)
    both = [one for one in shown.values() if utilisation.GPU_UTIL in one]
    assert len(both) == days.COUNT
    assert all(one[utilisation.GPU_UTIL] / 100 > one[utilisation.ENGINE] for one in both)


def test_the_file_is_the_same_every_time(tmp_path) -> None:
    first, second = (sample.endpoint_use(tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second
