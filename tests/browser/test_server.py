"""The server itself: where it listens, how it says that it is well, and how it sends what is large."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import psutil
import pytest
import streamlit

from tests.browser.conftest import Start

pytestmark = pytest.mark.browser

STATIC = Path(streamlit.__file__).parent / "static"


class TestHealth:
    def test_a_published_state(self, start: Start) -> None:
        answer = start("demo").ask("/health")
        document = json.loads(answer.body)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert (document["status"], document["data_date"]) == ("ok", "2026-10-20")
        assert len(document["generation"]) == 12

    def test_nothing_loaded(self, start: Start) -> None:
        answer = start("empty").ask("/health")
        assert (answer.status, json.loads(answer.body)) == (200, {"status": "empty"})

    def test_a_damaged_manifest(self, start: Start) -> None:
        answer = start("damaged").ask("/health")
        assert answer.status == 503
        assert "manifest.json is damaged" in json.loads(answer.body)["reason"]


def test_listens_on_this_machine_only(start: Start) -> None:
    process = psutil.Process(start("demo").pid)
    listening = [one.laddr.ip for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    assert listening and set(listening) <= {"127.0.0.1", "::1"}


def test_the_chart_library_is_sent_compressed(start: Start) -> None:
    (chunk,) = sorted(STATIC.rglob("*lotly*.js"), key=lambda path: path.stat().st_size)[-1:]
    assert chunk.stat().st_size > 1_000_000
    path = f"/{chunk.relative_to(STATIC).as_posix()}"
    packed = start("demo").ask(path, **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < chunk.stat().st_size / 2
    assert gzip.decompress(packed.body) == chunk.read_bytes()
    assert "content-encoding" not in start("demo").ask(path, **{"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize(
    "path", ["/../ui/guard.py", "/%2e%2e/manifest.json", "/pages/trends.py", "/data/store/manifest.json"]
)
def test_files_of_the_program_and_the_store_are_not_served(path: str, start: Start) -> None:
    body = start("demo").ask(path).body
    assert b"guard()" not in body and b'"parts"' not in body


def test_the_log_holds_no_failure_of_ours(start: Start) -> None:
    server = start("damaged")
    assert "A page failed" not in server.log.read_text(encoding="utf-8")
