"""Undo and bring back: the same rule and the same words wherever a history is shown.

Conventions: a history is never rewritten, so an undo is a change of its own. The rule: a change can be undone, and what
was undone can be brought back; the button says which of the two a press does, to which change, whose it was and when.
An entry that took back another one says so in its reason and left what the other had found; anything else is a change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any, Final

import streamlit as st

from costlib.state.records import Entry
from ui.markdown import literal

#: Words of an entry in a line: what the change did.
Words = Callable[[Entry], str]
_REASON: Final = "undo of change "
_TOOK_BACK: Final = re.compile(rf"{_REASON}(\d+)")
#: Letters of a change on a button; its history has all of them.
_ON_BUTTON: Final = 90


def undo_reason(seq: int) -> str:
    """The reason under which a history keeps that change ``seq`` was undone.

    >>> undo_reason(12)
    'undo of change 12'
    """
    return f"{_REASON}{seq}"


def taken_back(one: Entry, history: Sequence[Entry]) -> Entry | None:
    """The change of its record that this one took back; None for one that somebody made."""
    found = _TOOK_BACK.fullmatch(one.why)
    earlier = [other for other in history if other.seq < one.seq]
    batches = {other.batch for other in earlier if found and other.seq == int(found[1])}
    of_same = (other for other in earlier if other.batch in batches and (other.kind, other.key) == (one.kind, one.key))
    return next((other for other in of_same if other.before == one.after), None)


def made(one: Entry, history: Sequence[Entry]) -> tuple[Entry, bool]:
    """The change that somebody made at the bottom of undos and of undos of these, and whether this one undid it."""
    undone = False
    while other := taken_back(one, history):
        one, undone = other, not undone
    return one, undone


def line(one: Entry, history: Sequence[Entry], words: Words) -> str:
    """What an entry did, as a history shows it: "undone: ..." and "brought back: ..." where it took one back."""
    change, undone = made(one, history)
    if change is one:
        return words(one)
    return f"{'undone' if undone else 'brought back'}: {words(change)}"


def reason(one: Entry, history: Sequence[Entry]) -> str:
    """Why an entry was made, in the words of who made it; nothing for an undo, whose line says it all."""
    return "" if taken_back(one, history) else one.why


def undo_label(one: Entry, history: Sequence[Entry], words: Words) -> str:
    """What the button that takes this entry back says, as Markdown: undo or bring back which change, whose, when."""
    change, undone = made(one, history)
    act = "Bring back" if undone else "Undo"
    return literal(f"{act}: {shorten(words(change), _ON_BUTTON, placeholder='…')}, by {change.who}, {when(change.at)}")


def undo_button(one: Entry, history: Sequence[Entry], words: Words, key: str, **drawn: Any) -> int | None:
    """Draw the button that takes this entry back; the number of the one that its reader saw, once it was pressed.

    The button stays the same one when its words change, so that the keyboard stays on it.
    """
    seen = f"{key}-seen"
    label = undo_label(one, history, words)
    pressed = st.button(label, key=key, on_click=_note, args=(seen, one.seq), **drawn)
    number: int = st.session_state.pop(seen, one.seq)
    return number if pressed else None


def _note(seen: str, seq: int) -> None:
    st.session_state[seen] = seq


def undo_told(one: Entry, history: Sequence[Entry], words: Words) -> str:
    """What is told once this entry was taken back."""
    change, undone = made(one, history)
    return f"{'Brought back' if undone else 'Undone'}: {words(change)}"


def when(at: datetime) -> str:
    """A moment of a history.

    >>> when(datetime(2026, 11, 3, 12, 3))
    '3 Nov 2026 12:03 UTC'
    """
    return f"{at:%-d %b %Y %H:%M} UTC"
