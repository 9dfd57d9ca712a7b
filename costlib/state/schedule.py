"""Documents that are made again by themselves, and when each was made last.

Conventions: one record an entry, named by what it makes; what was made last is a record of its own, so that a reader
who changes an entry and the run that makes it never meet. A statement's month and a review's quarter are not kept: it
is always the newest closed one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.state.records import Record, State
from costlib.state.stages import Kept

KIND: Final = "scheduled document"
MADE: Final = "scheduled document, made"
Every = Literal["change", "month"]
#: When a document is made again.
EVERY: Final[dict[Every, str]] = {"change": "whenever its figures change", "month": "once a month is closed"}


class Scheduled(Kept):
    """A document, its paper and colours, the kinds of file, and when it is made again."""

    document: Annotated[str, Field(min_length=1)]
    story: str = ""
    team: str = ""
    paper: str = ""
    palette: str = "light"
    logo: bool = True
    currency: str = ""
    endings: Annotated[tuple[Literal["pdf", "pptx"], ...], Field(min_length=1)] = ("pdf",)
    every: Every = "change"

    @property
    def name(self) -> str:
        """What it makes, in words: two entries that make the same are one."""
        told = [self.document, self.story, self.team, self.paper, self.currency]
        told += [self.palette] if self.palette != "light" else []
        return ", ".join(part for part in told if part)


class Made(Kept):
    """What was made last: a digest of what the document said, its files, and the data they were made from."""

    digest: str
    files: tuple[str, ...]
    data_date: date
    closed: date | None = None


@dataclass(frozen=True)
class Entry:
    """An entry of the schedule as it is saved; ``made`` is None where it never was."""

    wanted: Scheduled
    version: int
    made: Made | None


def entries(state: State) -> list[Entry]:
    """The schedule, by name."""
    made = {record.key: record for record in state.all(MADE)}
    found = [_entry(record, made.get(record.key)) for record in state.all(KIND)]
    return sorted(found, key=lambda entry: entry.wanted.name)


def schedule(state: State, wanted: Scheduled, *, who: str) -> None:
    """Make the document again from now on; an entry that makes the same is replaced."""
    found = state.get(KIND, _key(wanted))
    body = wanted.model_dump(mode="json")
    if found is None or found.body != body:
        state.put(KIND, _key(wanted), body, who=who, expected=found.version if found else None)


def unschedule(state: State, entry: Entry, *, who: str) -> None:
    """Make the document no more; what was made stays. Raises Conflict where somebody changed the entry meanwhile."""
    state.remove(KIND, _key(entry.wanted), who=who, expected=entry.version)


def note_made(state: State, wanted: Scheduled, made: Made, *, who: str) -> None:
    """Remember what was made."""
    found = state.get(MADE, _key(wanted))
    version = found.version if found else None
    state.put(MADE, _key(wanted), made.model_dump(mode="json"), who=who, expected=version)


def _entry(record: Record, made: Record | None) -> Entry:
    try:
        wanted = Scheduled.model_validate(record.body)
        last = Made.model_validate(made.body) if made else None
    except ValidationError as error:
        raise InputError(f"The schedule's {record.key} cannot be read: {error.errors()[0]['msg']}") from None
    return Entry(wanted, record.version, last)


def _key(wanted: Scheduled) -> str:
    return json.dumps(
        [wanted.document, wanted.story, wanted.team, wanted.paper, wanted.palette, wanted.logo, wanted.currency],
        ensure_ascii=False,
    )
