"""How commands answer: documents on standard output, progress and messages on standard error.

Conventions: names come from bills and files and are shown letter by letter, brackets and colons too.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from costlib.commands.options import Format
from costlib.money import UNKNOWN

Cells = Mapping[str, str | None]


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


def console(*, stderr: bool = False) -> Console:
    """A terminal that shows text as it is: no brackets taken for styles, no words between colons for pictures."""
    return Console(stderr=stderr, markup=False, emoji=False)


def print_rows(header: Sequence[str], rows: Sequence[Cells], form: Format) -> None:
    """Rows as CSV, or as a table to read in which null is called unknown."""
    if form is Format.CSV:
        writer = csv.DictWriter(sys.stdout, header)
        writer.writeheader()
        writer.writerows(rows)
        return
    table = Table(*header)
    for row in rows:
        table.add_row(*(UNKNOWN if row[name] is None else str(row[name]) for name in header))
    console().print(table)


def say(message: str) -> None:
    """A message on standard error."""
    console(stderr=True).print(message, highlight=False)


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done, and keep each step as a line."""
    shown = console(stderr=True)
    with shown.status(first) as status:

        def tell(message: str) -> None:
            status.update(Text(message))
            shown.print(message, highlight=False)

        yield tell
