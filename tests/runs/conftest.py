"""A real SageMaker API on this machine (moto's server), and a scripted HTTP server for trackers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.sources.conftest import cloud, moto_server

__all__ = ["cloud", "moto_server"]


class Scripted:
    """Scripted answers by path; each is (status, headers, body) and the last one is given again and again."""

    def __init__(self) -> None:
        self.script: dict[str, list[tuple[int, dict[str, str], Any]]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def do_GET(self) -> None:
                self.reply(self.path.partition("?")[2])

            def reply(self, asked: Any) -> None:
                path = self.path.partition("?")[0]
                outer.asked.append((path, asked))
                outer.headers.append(dict(self.headers))
                answers = outer.script[path]
                status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def answers(self, path: str, *bodies: Any) -> None:
        self.script[path] = [one if isinstance(one, tuple) else (200, {}, one) for one in bodies]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    found = Scripted()
    thread = threading.Thread(target=found.http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    found.http.shutdown()
    thread.join()
    found.http.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []
