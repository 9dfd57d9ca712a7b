"""A real MLflow server: its runs are read, and what they cost is written back to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.runs.costs import How, RunCost
from costlib.runs.mlflow import fetch_runs, service
from costlib.runs.model import Status
from costlib.runs.write_back import AS_OF_TAG, BASIS_TAG, entries, metric, write
from costlib.workspace import Workspace
from tests.pages import stores

START = 1788235200000
COST = metric("USD")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server over the folder's database, once it answers."""
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--default-artifact-root", str(folder)]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        start_new_session=True,
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return process
        except OSError:
            time.sleep(0.3)
    ended(process)
    pytest.fail("the MLflow server did not answer within 90 s")


def ended(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers, which are a group of their own."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


def call(url: str, path: str, **body: Any) -> dict[str, Any]:
    content = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api/2.0/mlflow/{path}", content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


class Server:
    """A server that can be ended and started again over the same database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = started(self.folder, self.port)

    def stop(self) -> None:
        if self.process:
            ended(self.process)
            self.process = None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two experiments: five runs of the ranker, one deleted, and a cancelled one of the bot."""
    one = Server(tmp_path_factory.mktemp("mlflow"))
    one.start()
    fill(one.url)
    yield one
    one.stop()


def fill(url: str) -> None:
    ids = [call(url, "experiments/create", name=name)["experiment_id"] for name in ("ranker", "bot")]
    for number in range(5):
        tags = [{"key": "team", "value": "Search"}, {"key": "instance_type", "value": "g5.xlarge"}]
        made = call(url, "runs/create", experiment_id=ids[0], start_time=START + number, user_id="ada", tags=tags)
        run = made["run"]["info"]["run_id"]
        call(url, "runs/log-metric", run_id=run, key="ndcg", value=0.4 + number / 100, timestamp=START)
        call(url, "runs/update", run_id=run, status="FINISHED", end_time=START + 3_600_000)
        if number == 4:
            call(url, "runs/delete", run_id=run)
    run = call(url, "runs/create", experiment_id=ids[1], start_time=START)["run"]["info"]["run_id"]
    call(url, "runs/update", run_id=run, status="KILLED", end_time=START + 60_000)


def test_every_run_of_every_experiment_page_by_page(server: Server) -> None:
    runs = fetch_runs(server.url, "ndcg", page=2)
    assert sorted(run.experiment or "" for run in runs) == ["bot", "ranker", "ranker", "ranker", "ranker"]
    ranker = [run for run in runs if run.experiment == "ranker"]
    assert {run.quality for run in ranker} == {Decimal(text) for text in ("0.40", "0.41", "0.42", "0.43")}
    assert {(run.owner, run.instance_type, run.status) for run in ranker} == {("Search", "g5.xlarge", Status.DONE)}
    (killed,) = (run for run in runs if run.experiment == "bot")
    assert (killed.status, killed.quality, killed.hours) == (Status.CANCELLED, None, Decimal(1) / 60)


def test_a_server_that_restarts_is_waited_for(server: Server) -> None:
    server.stop()
    pauses: list[float] = []

    def start_again(seconds: float) -> None:
        pauses.append(seconds)
        if server.process is None:
            server.start()

    assert len(fetch_runs(server.url, pause=start_again)) == 5
    assert pauses == [1.0]


def costs(url: str, known: dict[str, str | None]) -> list[RunCost]:
    """The server's runs with the costs told by their position; list prices for odd ones."""
    return [
        RunCost(run, None if cost is None else Decimal(cost), (How.BILL, How.LIST)[number % 2], None)
        for number, (run, cost) in enumerate(zip(fetch_runs(url), known.values(), strict=True))
    ]


def held(url: str) -> dict[str, tuple[float | None, str | None, str | None]]:
    """Metric and tags of every run, as the server has them."""
    ids = [one["experiment_id"] for one in call(url, "experiments/search", max_results=100)["experiments"]]
    found = {}
    for run in call(url, "runs/search", experiment_ids=ids)["runs"]:
        metrics = {one["key"]: one["value"] for one in run["data"].get("metrics", ())}
        tags = {one["key"]: one["value"] for one in run["data"].get("tags", ())}
        found[run["info"]["run_id"]] = (metrics.get(COST), tags.get(BASIS_TAG), tags.get(AS_OF_TAG))
    return found


def history(url: str, run: str) -> list[float]:
    asked = f"{url}/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key={COST}"
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return [one["value"] for one in json.loads(answer.read()).get("metrics", ())]


def test_costs_are_written_back_once(server: Server) -> None:
    """Written, not again while the same, again when the bill is restated downwards; unknown ones never."""
    asked = service()
    known = dict(zip("abcde", ("12.345678", "0.01", None, "7", "9"), strict=True))
    ids = [run.run_id for run in fetch_runs(server.url)]

    def written(day: int, **changed: str) -> int:
        planned = entries(asked, server.url, costs(server.url, {**known, **changed}), "USD", page=2)
        return write(asked, server.url, planned, "USD", date(2026, 9, day), datetime(2026, 9, day, 6, tzinfo=UTC))

    assert set(held(server.url).values()) == {(None, None, None)}
    assert written(1) == 4
    bill, estimate = "effective cost from the bill", "list price x time, an estimate"
    assert held(server.url) == {
        ids[0]: (12.345678, bill, "2026-09-01"),
        ids[1]: (0.01, estimate, "2026-09-01"),
        ids[2]: (None, None, None),
        ids[3]: (7.0, estimate, "2026-09-01"),
        ids[4]: (9.0, bill, "2026-09-01"),
    }
    assert written(2) == 0
    assert held(server.url)[ids[0]] == (12.345678, bill, "2026-09-01")
    assert written(3, a="11.5") == 1
    assert held(server.url)[ids[0]] == (11.5, bill, "2026-09-03")
    assert history(server.url, ids[0]) == [12.345678, 11.5]


def test_the_command_writes_what_the_bill_says(server: Server, tmp_path: Path) -> None:
    """Four rankers of an hour of g5.xlarge at 1.006 and a bot without a machine; a dry run leaves all as it was."""
    store = tmp_path / "store"
    Workspace(store).load([stores.write_focus(tmp_path / "focus.csv", [stores.charge(date(2026, 9, 2), "3")])])

    def run(*words: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["--store", str(store), "runs", *words, f"mlflow:{server.url}", "--json"])
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    before = held(server.url)
    assert [one["what"] for one in run("write-back")["runs"]] == ["not loaded here"] * 5
    run("load")
    planned = run("write-back", "--dry-run")
    assert (planned["metric"], planned["written"]) == (COST, 0)
    assert Counter(one["what"] for one in planned["runs"]) == {"write": 4, "cost unknown": 1}
    told = CliRunner().invoke(app, ["--store", str(store), "runs", "write-back", f"mlflow:{server.url}", "--dry-run"])
    assert "Would be written: 4" in told.stderr
    assert "Not written, of unknown cost: 1" in told.stderr
    assert told.stdout.count("list price x") == 4
    assert held(server.url) == before
    assert run("write-back")["written"] == 4
    assert Counter(round(value or 0, 2) for value, *_ in held(server.url).values())[1.01] == 4
    assert run("write-back")["written"] == 0
