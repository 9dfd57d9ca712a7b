"""One loader at a time: an advisory lock that the system drops when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from costlib.errors import StoreBusy, StoreError

WAIT_SECONDS = 600.0
_PAUSE = 0.1


@contextmanager
def loader_lock(root: Path, progress: Callable[[str], None], wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the store's loader lock; wait for another loader to end, at most ``wait`` seconds.

    Raises ``StoreBusy``, and ``StoreError`` where the folder cannot be written.
    """
    with _opened(root) as file:
        deadline, told = time.monotonic() + wait, False
        while not _taken(file):
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"Another load has held {root} for {wait:.0f} s",
                    expected="one load at a time",
                    fix="Wait for it to end and load again; nothing was changed.",
                )
            if not told:
                progress("waiting for another load to end")
                told = True
            time.sleep(_PAUSE)
        yield


def _opened(root: Path) -> IO[str]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        return (root / "loader.lock").open("a")
    except OSError as error:
        raise StoreError(
            f"{root} cannot be written ({error.strerror})",
            expected="a folder of your own for the store",
            fix="Choose another with --store.",
        ) from error


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
