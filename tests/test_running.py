"""Running it for others: the image, the compose file and docs/running.md say what is true of this project."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from costlib.commands import app
from costlib.settings import SETTINGS, read_settings
from tests.builders import focus_row, write_csv

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def instruction(name: str) -> list[str]:
    """Arguments of every instruction of that name, lines that go on joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^(?:[ ]*){name} +(.+)$", joined, flags=re.MULTILINE)


class TestImage:
    def test_what_it_copies_is_there_and_not_ignored(self) -> None:
        copied = [line.split()[0] for line in instruction("COPY") if not line.startswith("--from")]
        allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        assert set(copied) == {line[1:] for line in allowed if line.startswith("!")}
        assert all((ROOT / name).exists() for name in copied)

    def test_every_package_that_a_page_imports_is_in_it(self) -> None:
        copied = {line.split()[0].removesuffix(".py") for line in instruction("COPY")}
        assert {"app", "ui", "pages", "costlib"} <= copied

    def test_stores_and_tests_stay_out(self) -> None:
        lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        assert "*" in lines and "data/store" in lines and "!tests" not in lines

    def test_it_does_not_run_as_root(self) -> None:
        assert instruction("USER") == ["10001"]
        assert "--uid 10001" in DOCKERFILE
        last_user = DOCKERFILE.index("\nUSER 10001")
        assert DOCKERFILE.index("\nRUN useradd") < last_user < DOCKERFILE.index("\nCMD [")

    def test_settings_are_spelled_as_the_table_has_them(self) -> None:
        known = {setting.variable for setting in SETTINGS}
        text = DOCKERFILE + (ROOT / "compose.yaml").read_text(encoding="utf-8") + RUNNING
        assert set(re.findall(r"GLIDEPATH_[A-Z_]+", text)) <= known

    def test_it_serves_what_the_project_serves(self) -> None:
        (command,) = [json.loads(line) for line in instruction("CMD") if line.startswith('["streamlit')]
        assert command[:3] == ["streamlit", "run", "app.py"] and (ROOT / command[2]).exists()
        assert "--server.port=8501" in command and instruction("EXPOSE") == ["8501"]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on this machine that answers everything with that status; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_health_check_of_the_image_follows_the_health_route(status: int, well: bool) -> None:
    (check,) = [line[line.index("[") :] for line in instruction("HEALTHCHECK")]
    _, *arguments = json.loads(check)
    with answering(status) as port:
        local = [argument.replace("localhost:8501", f"127.0.0.1:{port}") for argument in arguments]
        ended = subprocess.run([sys.executable, *local], check=False, stderr=subprocess.DEVNULL)
    assert (ended.returncode == 0) == well


class TestCompose:
    def test_two_containers_of_one_image_on_one_store(self) -> None:
        dashboard, loader = COMPOSE["services"]["dashboard"], COMPOSE["services"]["loader"]
        assert dashboard["image"] == loader["image"]
        assert "store:/store" in dashboard["volumes"] and "store:/store" in loader["volumes"]
        assert "GLIDEPATH_STORE=/store" in DOCKERFILE

    def test_the_dashboard_is_not_reached_from_elsewhere(self) -> None:
        assert COMPOSE["services"]["dashboard"]["ports"] == ["127.0.0.1:8501:8501"]
        environment = COMPOSE["services"]["dashboard"]["environment"]
        assert read_settings({"GLIDEPATH_ACCESS": environment["GLIDEPATH_ACCESS"]}).access == "open"

    @pytest.mark.parametrize("name", ["dashboard", "loader"])
    def test_containers_hold_no_rights_that_they_do_not_need(self, name: str) -> None:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and "privileged" not in service

    def test_bills_are_read_only_and_must_be_named(self) -> None:
        (bills,) = [volume for volume in COMPOSE["services"]["loader"]["volumes"] if "/bills" in volume]
        assert bills.endswith(":/bills:ro") and "${BILLS:?" in bills

    def test_the_commands_of_the_loader_run(self, tmp_path: Path) -> None:
        _, _, loop = COMPOSE["services"]["loader"]["command"]
        (words,) = re.findall(r"python -m costlib (\w+ /bills);", loop)
        write_csv(tmp_path / "bills" / "bill.csv", [focus_row()])
        store = ["--store", str(tmp_path / "store")]
        load = [word.replace("/bills", str(tmp_path / "bills")) for word in words.split()]
        check = COMPOSE["services"]["loader"]["healthcheck"]["test"]
        assert check[:4] == ["CMD", "python", "-m", "costlib"]
        assert CliRunner().invoke(app, [*store, *check[4:]]).exit_code != 0, "an empty store is not healthy"
        for _ in range(2):
            assert CliRunner().invoke(app, [*store, *load]).exit_code == 0
        assert json.loads(CliRunner().invoke(app, [*store, *check[4:]]).stdout)["sequence"] == 1


class TestPage:
    def test_the_cron_job_is_a_whole_manifest(self) -> None:
        block = RUNNING.split("## With Kubernetes")[1].split("The dashboard is")[0]
        job = yaml.safe_load("\n".join(line[4:] for line in block.splitlines()))
        pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        assert job["kind"] == "CronJob" and job["spec"]["concurrencyPolicy"] == "Forbid"
        assert pod["securityContext"]["runAsUser"] == 10001
        mounted = {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}

    def test_every_field_of_the_health_route_is_explained(self) -> None:
        for field in ("generation", "published_at", "data_date", "line_items", "set_aside", "ties_out"):
            assert f"`{field}`" in RUNNING
