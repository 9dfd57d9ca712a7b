"""Versions of the files that an organisation edits on a page: its attribution rules and its internal rates.

Conventions: a file is known by a name; a version is its whole text with who, when and why. The text that was found in
the place of the file, where it is not the last version, is kept as a version of its own before it is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from costlib.errors import InputError
from costlib.state.records import State

KIND: Final = "file"
#: The files that have versions.
RULES, RATES = "rules", "internal rates"
_FOUND = "as it was found, before the change that follows"


@dataclass(frozen=True)
class FileVersion:
    """One version of a file; ``change`` is its number in the history of the state."""

    change: int
    text: str
    who: str
    why: str
    at: datetime


def file_versions(state: State, name: str) -> list[FileVersion]:
    """The versions of a file, newest first."""
    return [
        FileVersion(entry.seq, str(entry.after["text"]), entry.who, entry.why, entry.at)
        for entry in state.history(KIND, name)
        if entry.after is not None
    ]


def keep_version(state: State, name: str, text: str, *, found: str | None, who: str, why: str) -> int:
    """Keep the text as the newest version and return the number of the change.

    ``found`` is the text that it replaces, None where there is no file. Raises InputError without a reason, and
    Conflict where somebody else kept a version at the same moment.
    """
    if not why.strip():
        raise InputError("Nothing says why this changes", expected="a reason", fix="Say why: it is kept with the text.")
    record = state.get(KIND, name)
    if found is not None and found != (record.body["text"] if record else None):
        version = record.version if record else None
        record = state.put(KIND, name, {"text": found}, who=who, why=_FOUND, expected=version)
    state.put(KIND, name, {"text": text}, who=who, why=why, expected=record.version if record else None)
    return state.history(KIND, name)[0].seq
