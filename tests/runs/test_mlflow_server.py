"""A real MLflow server, where one can be started: ``mlflow`` on the path, or in GLIDEPATH_TEST_MLFLOW."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costlib.runs.mlflow import fetch_runs
from costlib.runs.model import Status

COMMAND = os.environ.get("GLIDEPATH_TEST_MLFLOW") or shutil.which("mlflow")
pytestmark = pytest.mark.skipif(
    COMMAND is None,
    reason="NO MLFLOW SERVER: install mlflow==3.17.2 in a place of its own, name it in GLIDEPATH_TEST_MLFLOW",
)
START = 1788235200000


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server over the folder's database, once it answers."""
    command = [str(COMMAND), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
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
