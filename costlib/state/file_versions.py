"""Versions of the files that an organisation edits on a page: its attribution rules and its internal rates.

Conventions: a file is known by a name; a version is its whole text with who, when and why. The text that was found in
the place of the file, where it is not the last version, is kept as a version of its own before it is replaced. An
editor says what was opened; if the file was saved or changed since, nothing is written and the editor is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from costlib.errors import InputError
from costlib.state.errors import Conflict, Difference
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


@dataclass(frozen=True)
class OpenedFile:
    """What an editor opened: the text in the place of the file and the last version, each None where there is none."""

    text: str | None
    last: str | None


def file_versions(state: State, name: str) -> list[FileVersion]:
    """The versions of a file, newest first."""
    return [
        FileVersion(entry.seq, str(entry.after["text"]), entry.who, entry.why, entry.at)
        for entry in state.history(KIND, name)
        if entry.after is not None
    ]


def opened_file(state: State, name: str, found: str | None) -> OpenedFile:
    """What an editor that shows the text ``found`` begins from, at this moment."""
    record = state.get(KIND, name)
    return OpenedFile(found, record.body["text"] if record else None)


def overtaken(state: State, name: str, text: str, *, opened: OpenedFile, found: str | None) -> Conflict | None:
    """What the editor is told whose file was saved or changed since it was opened; None where it is as it was.

    ``text`` is what the editor wants, ``found`` what stands in the place of the file now.
    """
    newest = next(iter(file_versions(state, name)), None)
    saved = newest if newest and newest.text not in (opened.last, opened.text) else None
    if found == opened.text and saved is None:
        return None
    event = "was changed outside Glidepath"
    if saved:
        event = f"was saved by {saved.who} on {saved.at:%Y-%m-%d at %H:%M} UTC"
    return Conflict(
        f"The file of {name} {event} since you opened it",
        expected="the file as you opened it",
        fix="Open it again and enter what you still want to change; nothing was saved.",
        differences=[Difference("text", opened.text, found, text)],
        event=event,
    )


def keep_version(
    state: State, name: str, text: str, *, opened: OpenedFile, found: str | None, who: str, why: str
) -> int:
    """Keep the text as the newest version and return the number of the change.

    ``found`` is the text that it replaces, None where there is no file. Raises InputError without a reason, and
    Conflict where somebody else saved or changed the file since it was ``opened``.
    """
    if not why.strip():
        raise InputError("Nothing says why this changes", expected="a reason", fix="Say why: it is kept with the text.")
    record = state.get(KIND, name)
    if conflict := overtaken(state, name, text, opened=opened, found=found):
        raise conflict
    if found is not None and found != (record.body["text"] if record else None):
        version = record.version if record else None
        record = state.put(KIND, name, {"text": found}, who=who, why=_FOUND, expected=version)
    state.put(KIND, name, {"text": text}, who=who, why=why, expected=record.version if record else None)
    return state.history(KIND, name)[0].seq
