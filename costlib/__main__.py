"""The command line: ``python -m costlib COMMAND``.

Exit codes: 0 done, 1 refused with a message (nothing changed), 2 wrong usage; 128 and the number of a signal that ended
it. Documents go to standard output, progress and messages to standard error, both as UTF-8.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TextIO

from costlib.errors import CostError
from costlib.stopping import READER_GONE, stoppable

#: Columns of a terminal below which boxes around the help would cut names of options short.
_BOXES = 80


def main() -> None:
    """Run the command line; what we or the file system refuse is one message on standard error and exit code 1."""
    sys.stdout, sys.stderr = _open(sys.stdout), _open(sys.stderr)
    with stoppable():
        try:
            _run()
        except CostError as error:
            _refuse(str(error))
        except BrokenPipeError:
            _forget_output()
            sys.exit(READER_GONE)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _forget_output()
            _refuse(f"{where}{error.strerror or error}. Check the path, its rights and the room on the disk.")


def _run() -> None:
    """Run the command to its end and hand on all that it printed; raises ``BrokenPipeError`` where nobody reads it."""
    from costlib.commands import app  # here, so that the time it takes to load can be interrupted in good order

    if get_terminal_size().columns < _BOXES:
        app.rich_markup_mode = None
    try:
        app()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        sys.stdout.flush()
        raise


def _refuse(message: str) -> None:
    print(f"Refused: {message}", file=sys.stderr)
    sys.exit(1)


def _open(stream: TextIO | None) -> TextIO:
    """The stream, which takes every letter whatever the system's encoding; nowhere where it was closed from outside."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _forget_output() -> None:
    """Let what could not be printed go nowhere, so that the interpreter does not try again at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())


if __name__ == "__main__":
    main()
