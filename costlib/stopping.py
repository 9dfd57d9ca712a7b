"""How a command ends that is told to: files are tidied away, one line says so, and the exit code names the signal."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

#: Ctrl+C, the end of a job or a container, a closed terminal; which of them there are depends on the system.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
#: A program that ends by a signal answers with this much more than the signal's number.
_BY_SIGNAL = 128
#: The code for a reader that has gone, as ``head`` does: 128 and the number of SIGPIPE, which not every system has.
READER_GONE = _BY_SIGNAL + 13
_STANDARD_ERROR = 2


@contextmanager
def stoppable(patience: float = 5.0) -> Iterator[None]:
    """Let a signal end what runs inside as an exception does, so that it tidies up.

    The process ends without that at a second signal, or after ``patience`` seconds: an engine that is in the middle of
    a query may not look for signals. One that is ignored from outside, as ``nohup`` does, stays so. Raises
    ``SystemExit`` with 128 and the signal's number, whatever a library has made of the signal.
    """
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if told:  # in the middle of tidying up, which whoever insists ends
            return
        told.append(number)
        raise SystemExit(_BY_SIGNAL + number)

    found = ((number, signal.getsignal(number)) for number in _SIGNALS)
    before = {number: handler for number, handler in found if handler not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, stop)
    try:
        with _insisting(patience):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if told:  # in place of what an engine that is interrupted raises of its own
            sys.exit(_BY_SIGNAL + told[0])


@contextmanager
def _insisting(patience: float) -> Iterator[None]:
    """Hear of a signal at once, even while the main thread is in an engine, and see to it that the process ends."""
    heard, wakes = socket.socketpair()
    wakes.setblocking(False)
    before = signal.set_wakeup_fd(wakes.fileno())
    listening = threading.Thread(target=_insist, args=(heard, patience), daemon=True)
    listening.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        wakes.close()
        listening.join()
        heard.close()


def _insist(heard: socket.socket, patience: float) -> None:
    """Tell of the first signal; end the process at the second, or when the first was not heeded in time."""
    number = heard.recv(1)
    if not number:  # the command has ended
        return
    _tell(f"Stopped by {signal.Signals(number[0]).name}: nothing is left half-written. Start the command again.")
    heard.settimeout(patience)
    with suppress(TimeoutError):
        if not heard.recv(1):
            return
    os._exit(_BY_SIGNAL + number[0])


def _tell(message: str) -> None:
    """Past the buffers of standard error, which may be in use at this moment; where it is closed nobody is told."""
    with suppress(OSError):
        line = "\n" if os.isatty(_STANDARD_ERROR) else ""  # a terminal shows ^C where the cursor is
        os.write(_STANDARD_ERROR, f"{line}{message}\n".encode())
