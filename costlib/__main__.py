"""The command line: ``python -m costlib COMMAND``.

Exit codes: 0 done, 1 refused with a message (nothing changed), 2 wrong usage. Documents go to standard output, progress
and messages to standard error.
"""

from __future__ import annotations

import sys
from shutil import get_terminal_size

from costlib.commands import app
from costlib.errors import CostError

#: Columns of a terminal below which boxes around the help would cut names of options short.
_BOXES = 80


def main() -> None:
    """Run the command line; what we or the file system refuse is one message on standard error and exit code 1."""
    if get_terminal_size().columns < _BOXES:
        app.rich_markup_mode = None
    try:
        app()
    except CostError as error:
        print(f"Refused: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"Refused: {where}{error.strerror or error}. Check the path, its rights and the room on the disk.",
            file=sys.stderr,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
