"""How commands answer: documents on standard output, progress and messages on standard error.

Conventions: names come from bills and files and are shown letter by letter, brackets and colons too.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from costlib.commands.options import Format
from costlib.focus import LABELS, null_label
from costlib.money import UNKNOWN

Cells = Mapping[str, str | int | None]
#: Characters; more than any table has.
_WIDEST = 100_000


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


def console(*, stderr: bool = False) -> Console:
    """A terminal that shows text as it is: no brackets taken for styles, no words between colons for pictures."""
    return Console(stderr=stderr, markup=False, emoji=False)


def print_rows(header: Sequence[str], rows: Sequence[Cells], form: Format) -> None:
    """Rows as CSV, or as a table to read: there null is "unknown" or "No team" and ``first_day`` "First day"."""
    if form is Format.CSV:
        writer = csv.DictWriter(sys.stdout, header)
        writer.writeheader()
        writer.writerows(rows)
        return
    table = Table(*(_heading(name) for name in header))
    for row in rows:
        table.add_row(*(_missing(name) if row[name] is None else str(row[name]) for name in header))
    print_table(table)


def _heading(name: str) -> str:
    """What stands over a column to read; names of FOCUS stay as they are.

    >>> _heading("first_day"), _heading("x_Team")
    ('First day', 'x_Team')
    """
    return name.replace("_", " ").capitalize() if name.isidentifier() and name.islower() else name


def _missing(name: str) -> str:
    """What a null of the column is called."""
    return null_label(name) if name in LABELS else UNKNOWN


def print_table(table: Table) -> None:
    """A table on standard output, wider than the terminal rather than with a figure or a name cut short."""
    for column in table.columns:
        column.overflow = "fold"
        words = (word for cell in (column.header, *column.cells) for word in str(cell).split())
        column.min_width = max(map(cell_len, words), default=0)
    shown = console()
    table.min_width = min(cell_len(str(table.title or "")), shown.width)
    needed = Measurement.get(shown, shown.options.update(max_width=_WIDEST), table).minimum
    shown.print(table, width=max(shown.width, needed), crop=False)


def say(message: str) -> None:
    """A message on standard error."""
    _tell(console(stderr=True), message)


def _tell(shown: Console, message: str) -> None:
    """Show a message; a file or a program that reads it gets it in one line."""
    shown.print(message, highlight=False, soft_wrap=not shown.is_terminal)


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done, and keep each step as a line."""
    shown = console(stderr=True)
    with shown.status(first) as status:

        def tell(message: str) -> None:
            status.update(Text(message))
            _tell(shown, message)

        yield tell
