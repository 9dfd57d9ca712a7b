"""The organisation's logo, as its documents carry it: one picture for everybody, with history and undo.

Conventions: the picture is a PNG made small before it comes here (``costlib.documents.marks``), kept as base64 text.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from costlib.errors import InputError
from costlib.state.records import State

KIND: Final = "logo"
_KEY: Final = "logo"


@dataclass(frozen=True)
class SavedLogo:
    """The picture, how wide it is for its height, and the version for the next change."""

    png: bytes
    aspect: float
    version: int


def saved_logo(state: State) -> SavedLogo | None:
    """The logo; None where the organisation gave none."""
    record = state.get(KIND, _KEY)
    if record is None:
        return None
    try:
        png = base64.b64decode(record.body["png"], validate=True)
        return SavedLogo(png, float(record.body["aspect"]), record.version)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"The logo cannot be read ({error})", fix="Choose it again on the Reports page.") from None


def save_logo(state: State, png: bytes, aspect: float, *, who: str, expected: int | None = None) -> None:
    """Keep the picture for all documents from now on; raises Conflict where somebody else changed it meanwhile."""
    body = {"png": base64.b64encode(png).decode(), "aspect": aspect}
    state.put(KIND, _KEY, body, who=who, why="logo of the documents", expected=expected)


def remove_logo(state: State, *, who: str, expected: int) -> None:
    """Documents carry no logo from now on; raises Conflict as ``save_logo`` does."""
    state.remove(KIND, _KEY, who=who, why="no logo", expected=expected)
