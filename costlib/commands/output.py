"""How commands answer: documents on standard output, progress and messages on standard error."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

from costlib.commands.options import Format
from costlib.money import UNKNOWN

Cells = Mapping[str, str | None]


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


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
    Console().print(table)


def say(message: str) -> None:
    """A message on standard error."""
    Console(stderr=True).print(message, highlight=False, markup=False)


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error what is being done, and keep each step as a line."""
    console = Console(stderr=True)
    with console.status(first) as status:

        def tell(message: str) -> None:
            status.update(message)
            console.print(message, highlight=False, markup=False)

        yield tell
