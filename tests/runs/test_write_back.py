"""What a write-back plans, and what it says when the server stops answering half way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from costlib.errors import UnreadableFile
from costlib.runs.costs import How, RunCost
from costlib.runs.mlflow import service
from costlib.runs.model import Run, Status
from costlib.runs.write_back import BASIS_TAG, Entry, What, entries, metric, write
from tests.runs.conftest import Scripted

API = "/api/2.0/mlflow"
BILL = "effective cost from the bill"


def answered(run_id: str, cost: float | None = None, basis: str | None = None) -> dict[str, Any]:
    metrics = [] if cost is None else [{"key": "glidepath.cost_usd", "value": cost}]
    tags = [] if basis is None else [{"key": BASIS_TAG, "value": basis}]
    return {"info": {"run_id": run_id}, "data": {"metrics": metrics, "tags": tags}}


def cost(run_id: str, amount: str | None, how: How = How.BILL, status: Status = Status.DONE) -> RunCost:
    return RunCost(Run(run_id, datetime(2026, 9, 1), status=status), amount and Decimal(amount), how, None)  # type: ignore[arg-type]


@pytest.fixture
def server(scripted: Scripted) -> Scripted:
    scripted.answers(f"{API}/experiments/search", {"experiments": [{"experiment_id": "1", "name": "e"}]})
    return scripted


def test_each_run_of_the_server_and_what_becomes_of_it(server: Scripted) -> None:
    runs = [
        answered("new"),
        answered("same", 5.0, BILL),
        answered("dearer", 5.0, BILL),
        answered("now-billed", 5.0, "list price x time, an estimate"),
        answered("unknown"),
        answered("busy"),
        answered("stranger"),
    ]
    server.answers(f"{API}/runs/search", {"runs": runs})
    known = [cost(name, "5") for name in ("new", "same", "now-billed")]
    known += [cost("dearer", "5.000001"), cost("unknown", None), cost("busy", "3", status=Status.RUNNING)]
    planned = {one.run_id: one for one in entries(service(), server.url, [*known, cost("elsewhere", "1")], "USD")}
    assert {name: one.what for name, one in planned.items()} == {
        "new": What.WRITE,
        "same": What.SAME,
        "dearer": What.WRITE,
        "now-billed": What.WRITE,
        "unknown": What.UNKNOWN,
        "busy": What.RUNNING,
        "stranger": What.NOT_LOADED,
    }
    assert planned["dearer"].before == 5.0
    assert planned["now-billed"].basis == BILL


def test_a_cost_finer_than_a_millionth_is_the_same_the_next_time(server: Scripted) -> None:
    server.answers(f"{API}/runs/search", {"runs": [answered("r", 0.333333, BILL)]})
    (one,) = entries(service(), server.url, [cost("r", "0.3333333333")], "USD")
    assert one.what is What.SAME


def test_what_is_sent_and_nothing_for_the_others(server: Scripted, pauses: list[float]) -> None:
    server.answers(f"{API}/runs/log-batch", (429, {}, b""), {})
    planned = [Entry("r", What.WRITE, Decimal("2.5"), BILL), Entry("s", What.SAME, Decimal(1), BILL)]
    now = datetime(2026, 9, 3, 12, tzinfo=UTC)
    assert write(service(pauses.append), server.url, planned, "EUR", date(2026, 9, 2), now) == 1
    sent = {
        "run_id": "r",
        "metrics": [{"key": metric("EUR"), "value": 2.5, "timestamp": 1788436800000, "step": 0}],
        "tags": [
            {"key": "glidepath.cost_basis", "value": BILL},
            {"key": "glidepath.cost_as_of", "value": "2026-09-02"},
        ],
        "params": [],
    }
    assert server.asked == [(f"{API}/runs/log-batch", sent)] * 2
    assert pauses == [1.0]


def test_a_server_that_stops_half_way_says_that_the_first_stay_written(server: Scripted, pauses: list[float]) -> None:
    server.answers(f"{API}/runs/log-batch", {}, (500, {}, b"disk full"))
    planned = [Entry(name, What.WRITE, Decimal(1), BILL) for name in ("r", "s")]
    with pytest.raises(UnreadableFile) as failed:
        write(service(pauses.append), server.url, planned, "USD", date(2026, 9, 2), datetime(2026, 9, 3, tzinfo=UTC))
    assert "500 disk full" in failed.value.problem
    assert "what was written before stays: write back again" in failed.value.fix
