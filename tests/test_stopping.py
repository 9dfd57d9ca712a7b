"""A command that is told to end: it tidies up, says so in one line, and its exit code names the signal."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from costlib.stopping import READER_GONE, stoppable

REPOSITORY = Path(__file__).parents[1]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """No signal is ignored, as they are under ``nohup``; what answers to them stays as it was."""
    outside = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    assert {number: signal.getsignal(number) for number in SIGNALS} == dict.fromkeys(SIGNALS, signal.SIG_DFL)
    for number, handler in outside.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_tidies_up_and_names_itself(number: signal.Signals, capfd: pytest.CaptureFixture[str]) -> None:
    done = []
    with pytest.raises(SystemExit) as ended, stoppable():
        try:
            signal.raise_signal(number)
            done.append("went on")
        finally:
            done.append("tidied up")
    assert ended.value.code == 128 + number and done == ["tidied up"]
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == f"Stopped by {number.name}: nothing is left half-written. Start the command again.\n"


def test_tidying_up_is_not_broken_off_by_another_signal() -> None:
    """What tidies up goes on at a second signal, whose answer is called here: the signal itself ends the process."""
    tidied = []
    with pytest.raises(SystemExit) as ended, stoppable():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            answer = signal.getsignal(signal.SIGTERM)
            assert callable(answer)
            answer(signal.SIGTERM, None)
            tidied.append("whole")
    assert ended.value.code == 130
    assert tidied == ["whole"]


def test_an_engine_that_is_interrupted_ends_like_the_rest() -> None:
    """DuckDB looks for signals during a query and raises an error of its own instead of what the signal raised."""

    def query() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except SystemExit:
            raise RuntimeError("Query interrupted") from None

    with pytest.raises(SystemExit) as ended, stoppable():
        query()
    assert ended.value.code == 130


#: A query without end in an engine that never looks for signals; it is under way once the main thread has worked.
DEAF = """
import sqlite3, sys, threading, time
from costlib.stopping import stoppable

def watch(clock):
    begun = time.clock_gettime(clock)
    while time.clock_gettime(clock) < begun + 0.1:
        time.sleep(0.01)
    print("ready", flush=True)

with stoppable(patience=float(sys.argv[1])):
    engine = sqlite3.connect(":memory:")
    main = time.pthread_getcpuclockid(threading.main_thread().ident)
    threading.Thread(target=watch, args=[main], daemon=True).start()
    engine.execute(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    ).fetchall()
"""


@pytest.mark.parametrize(("patience", "signals"), [(0.1, 1), (600, 2)])
def test_an_engine_that_does_not_look_for_signals_is_not_waited_for(patience: float, signals: int) -> None:
    """After the patience, or at once where somebody presses Ctrl+C again."""
    running = subprocess.Popen(
        [sys.executable, "-c", DEAF, str(patience)], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None and running.stderr is not None
    assert running.stdout.readline() == b"ready\n"
    told = b""
    for _ in range(signals):
        running.send_signal(signal.SIGTERM)
        told += running.stderr.readline()
    _, rest = running.communicate(timeout=30)
    assert running.returncode == 143
    assert told + rest == b"Stopped by SIGTERM: nothing is left half-written. Start the command again.\n"


def test_what_nobody_stopped_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), stoppable():
        raise ZeroDivisionError
    with pytest.raises(SystemExit) as ended, stoppable():
        sys.exit(2)
    assert ended.value.code == 2


def test_a_signal_that_is_ignored_from_outside_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_reader_that_has_gone_has_the_code_of_its_signal() -> None:
    assert READER_GONE == 128 + signal.SIGPIPE


def test_the_command_line_can_be_stopped_while_it_loads() -> None:
    """The signal comes before the first command is known: in the middle of the imports."""
    code = """
import signal, sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == "costlib.commands":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Stop())
from costlib.__main__ import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ended.returncode == 130 and ended.stdout == ""
    assert ended.stderr == "Stopped by SIGINT: nothing is left half-written. Start the command again.\n"
