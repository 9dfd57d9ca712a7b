"""A Streamlit server in a process of its own and a reader without a browser, so that a rerun can be measured.

The reader speaks the protocol of Streamlit's web client over its websocket: it asks for a page, moves a choice, and
names the messages that it still holds, so that the server repeats nothing that a browser would not need again. What is
measured is the server alone: its script, the making of messages and their way into the socket.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

_START_SECONDS, _PROBE_SECONDS, _ANSWER_SECONDS = 60, 5, 120
#: What the server still does when the last message is out, such as collecting garbage, belongs to the rerun.
_AFTERMATH_SECONDS = 0.1


@dataclass(frozen=True)
class Server:
    """A running server: its port and the process that serves."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Processor seconds of the whole process so far, threads that have ended included (Linux)."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def taken(self, action: Callable[[], None]) -> tuple[float, float]:
        """Processor and wall seconds of what the action asks of the server."""
        processor, wall = self.processor_seconds(), time.perf_counter()
        action()
        wall = time.perf_counter() - wall
        time.sleep(_AFTERMATH_SECONDS)
        return self.processor_seconds() - processor, wall


@dataclass
class Run:
    """What one run of a page sent: its title, its choices by key with their options, and errors told.

    ``page`` names the page to the server; ``held`` are the messages that a browser would keep.
    """

    page: str = ""
    title: str = ""
    choices: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def note(self, message: ForwardMsg) -> None:
        """Keep what matters of a message."""
        if message.ref_hash or message.metadata.cacheable:
            self.held.append(message.ref_hash or message.hash)
        if message.WhichOneof("type") == "navigation":
            self.page = message.navigation.page_script_hash
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "heading" and element.heading.tag == "h1":
            self.title = self.title or element.heading.body
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.errors.append(element.alert.body)
        elif kind == "exception":
            self.errors.append(element.exception.type)
        elif kind == "selectbox":
            *_, key = element.selectbox.id.split("-", 2)
            self.choices[key] = (element.selectbox.id, list(element.selectbox.options))


class Reader:
    """A session of one reader on one page, run once."""

    def __init__(self, connection: ClientConnection, name: str) -> None:
        self._connection, self._name = connection, name
        self._chosen: dict[str, str] = {}
        self.last = Run()
        self.rerun()

    def choose(self, key: str, option: str) -> None:
        """Move the choice of that key to an option; the page runs again."""
        self._chosen[self.last.choices[key][0]] = option
        self.rerun()

    def rerun(self) -> None:
        """Run the page again with every choice as it is, until its last message has arrived.

        Raises ``SystemExit`` where the page did not run to its end or told an error.
        """
        asked = BackMsg()
        client = asked.rerun_script
        client.page_name, client.page_script_hash = self._name, self.last.page
        client.cached_message_hashes.extend(self.last.held)
        for widget, option in self._chosen.items():
            client.widget_states.widgets.add(id=widget, string_value=option)
        self._connection.send(asked.SerializeToString())
        self.last = self._answer()

    def _answer(self) -> Run:
        run = Run(self.last.page)
        while True:
            data = self._connection.recv(timeout=_ANSWER_SECONDS)
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if message.WhichOneof("type") != "script_finished":
                run.note(message)
                continue
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or run.errors:
                raise SystemExit(f"The page {self._name or 'at home'} failed: {' '.join(run.errors)}")
            return run


@contextmanager
def reading(server: Server, page: str = "") -> Iterator[Reader]:
    """A new session on the page of that name in the address."""
    address = f"ws://localhost:{server.port}/_stcore/stream"
    with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None) as connection:
        yield Reader(connection, page)


@contextmanager
def serving(script: Path, folder: Path, log: Path, **settings: str) -> Iterator[Server]:
    """A server of the script, up and not yet asked for any page.

    It is started in the folder, whose Streamlit settings it takes, with no setting of Glidepath but these.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = [f"--server.port={port}", "--server.headless=true", "--server.address=localhost"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GLIDEPATH_", "STREAMLIT_"))}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options], cwd=folder, env=kept | settings, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(port, process, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"http://localhost:{port}/_stcore/health", timeout=_PROBE_SECONDS):
                return
        except OSError:  # nobody listens yet, or whoever does is too busy to answer
            time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text(encoding='utf-8')}")
