"""The reader without a browser that reruns are measured by: it sees what a browser would."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

import bench.server as bench_server
from bench.pages import EMPTY, Rerun
from bench.pages import _reruns as reruns
from bench.server import Server, reading, serving

#: A page that counts its runs, works as long as it is told to, and can fail.
PAGE = """
import time
import streamlit as st

st.session_state.runs = st.session_state.get("runs", 0) + 1
work = st.selectbox("Work", ["None", "Some", "Error", "Fault"], key="work")
if work == "Some":
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass
st.title(f"Run {st.session_state.runs}, {work}")
st.code("x" * 20_000)
if work == "Error":
    st.error("It did not work.")
if work == "Fault":
    raise ValueError
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("bench")
    script = folder / "page.py"
    script.write_text(PAGE, encoding="utf-8")
    with serving(script, folder, folder / "server.log") as found:
        yield found


def test_a_session_goes_on_from_run_to_run(server: Server) -> None:
    with reading(server) as reader:
        assert reader.last.title == "Run 1, None"
        reader.rerun()
        assert reader.last.title == "Run 2, None"
        reader.choose("work", "Some")
        assert reader.last.title == "Run 3, Some"
        reader.rerun()
        assert reader.last.title == "Run 4, Some"
    with reading(server) as another:
        assert another.last.title == "Run 1, None"


def test_what_a_browser_holds_is_not_sent_again(server: Server) -> None:
    with reading(server) as reader:
        held = reader.last.held
        reader.rerun()
        assert len(held) == 1 and reader.last.held == held


def test_processor_time_is_that_of_the_page(server: Server) -> None:
    with reading(server) as reader:
        reader.rerun()
        idle, _ = server.taken(reader.rerun)
        busy, wall = server.taken(lambda: reader.choose("work", "Some"))
    assert 0 < idle < busy and 0.2 <= busy < 2 and wall >= 0.2


@pytest.mark.parametrize(("work", "told"), [("Error", "It did not work"), ("Fault", "ValueError")])
def test_a_page_that_fails_is_no_figure(server: Server, work: str, told: str) -> None:
    with reading(server) as reader, pytest.raises(SystemExit, match=told):
        reader.choose("work", work)
        raise AssertionError(f"{reader.last} was taken for a page")


def test_the_empty_page_is_measured(tmp_path: Path) -> None:
    script = tmp_path / "empty.py"
    script.write_text(EMPTY, encoding="utf-8")
    with serving(script, tmp_path, tmp_path / "server.log") as found, reading(found) as reader:
        measured = reruns(found, reader)
    assert measured == Rerun("Empty", measured.again, measured.wall, None)
    assert 1 < measured.again < 1000


def test_a_script_that_cannot_be_served_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="did not start"), serving(tmp_path / "no.py", tmp_path, tmp_path / "log"):
        raise AssertionError("a server of nothing")


def test_a_server_too_busy_to_answer_at_first_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_server, "_PROBE_SECONDS", 0.2)
    log, asked = tmp_path / "log", []
    with socket.create_server(("localhost", 0)) as listening, subprocess.Popen(["sleep", "30"]) as process:

        def answer_the_second() -> None:
            first, _ = listening.accept()
            asked.append("first")
            second, _ = listening.accept()
            asked.append("second")
            with first, second:
                second.recv(1024)
                second.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        answering = Thread(target=answer_the_second)
        answering.start()
        bench_server._wait(listening.getsockname()[1], process, log)
        answering.join()
        process.kill()
    assert asked == ["first", "second"]
