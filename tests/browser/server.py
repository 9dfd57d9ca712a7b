"""The real server in a process of its own, as ``streamlit run app.py`` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
_START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the server answered to one request."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running server: its address and the store it shows."""

    address: str
    store: Path
    pid: int
    log: Path

    def ask(self, path: str, **headers: str) -> Answer:
        """A plain request, without a browser; a refusal is an answer too."""
        request = Request(f"{self.address}{path}", headers=headers)
        try:
            with urlopen(request, timeout=20) as answer:
                return Answer(answer.status, lowered(answer.headers), answer.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, lowered(error.headers), error.read())


def lowered(headers: object) -> dict[str, str]:
    """Headers by their name in lower case."""
    return {name.lower(): value for name, value in headers.items()}  # type: ignore[attr-defined]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(store: Path, log: Path) -> Iterator[Server]:
    """A server that shows the store, up and not yet asked for any page."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless=true"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GLIDEPATH_", "STREAMLIT_"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=kept | {"GLIDEPATH_STORE": str(store)}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            server = Server(f"http://localhost:{port}", store, process.pid, log)
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            server.ask("/_stcore/health")
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(encoding='utf-8')}")
