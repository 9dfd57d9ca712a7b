"""Documents made again by themselves: what of the schedule is due, written into a folder.

Conventions: a document is due where what it says is not what was written last, or, of one made by the month, where a
month was closed since. One that cannot be made is told and keeps the others from nothing. Files are written whole
or not at all; earlier ones stay, since their names hold the data date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from costlib import reports
from costlib.documents.model import Document, Shape
from costlib.errors import CostError
from costlib.periods import whole_months
from costlib.reports import Order
from costlib.state.schedule import Entry, Made, Scheduled, entries, note_made
from costlib.store.manifest import replace_bytes
from costlib.workspace import Workspace

#: The folder of a store in which documents lie unless another is named.
FOLDER = "documents"
WHO = "the schedule"


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: the files that were written, none where nothing changed, or why it cannot be made."""

    name: str
    files: tuple[str, ...] = ()
    problem: str = ""


def make_due(workspace: Workspace, folder: Path, tell: Callable[[str], None] = lambda _: None) -> list[Outcome]:
    """Make what is due, one after the other; every entry has an outcome."""
    return list(_outcomes(workspace, folder, tell))


def order_of(wanted: Scheduled) -> Order:
    """What an entry asks for; raises InputError for a kind of document that there is not."""
    paper = Shape(wanted.paper) if wanted.paper else None
    more = {
        "team": wanted.team or None,
        "palette": wanted.palette,
        "logo": wanted.logo,
        "currency": wanted.currency or None,
    }
    return reports.order(wanted.document, wanted.story or None, paper, **more)


def stem(wanted: Order, made: Document) -> str:
    """The name of a document's files: what it tells of, its kind and the data date.

    >>> from datetime import date
    >>> stem(Order("deck", "Search & Co"), Document("deck", "", Shape.SLIDE, (), date(2026, 10, 20), ""))
    'search-co-deck-2026-10-20'
    """
    return re.sub(r"[^a-z0-9]+", "-", f"{wanted.subject} {wanted.kind} {made.data_date}".lower()).strip("-")


def _outcomes(workspace: Workspace, folder: Path, tell: Callable[[str], None]) -> Iterator[Outcome]:
    for entry in entries(workspace.state()):
        name = entry.wanted.name
        tell(f"Looking at {name}")
        try:
            yield Outcome(name, _made(workspace, entry, folder))
        except CostError as error:
            yield Outcome(name, problem=str(error))


def _made(workspace: Workspace, entry: Entry, folder: Path) -> tuple[str, ...]:
    """The files that were written; none where the entry is not due."""
    closed = _newest_closed(workspace)
    last = entry.made
    if entry.wanted.every == "month" and last is not None and last.closed == closed:
        return ()
    wanted = reports.in_readers_words(workspace, order_of(entry.wanted))
    made = reports.document(workspace, wanted)
    digest = f"{made.status} {reports.shows(made)}"
    if last is not None and last.digest == digest:
        return ()
    files = {f"{stem(wanted, made)}.{ending}": ending for ending in entry.wanted.endings}
    written = {name: reports.written(made, ending, wanted.palette) for name, ending in files.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in written.items():
        replace_bytes(folder / name, data)
    note = Made(digest=digest, files=tuple(written), data_date=made.data_date, closed=closed)
    note_made(workspace.state(), entry.wanted, note, who=WHO)
    return tuple(written)


def _newest_closed(workspace: Workspace) -> date | None:
    window = workspace.snapshot().reader.window()
    months = whole_months(window) if window else ()
    return months[-1] if months else None
