"""Documents that finance marked final: which figures and words were marked, by whom, and why.

Conventions: a document is named by its kind and its subject. A mark is for what the document showed at that moment,
named by a digest of its figures and words: once one of them changes, the mark no longer holds and says so. Money that
does not tie out is kept in words beside the mark, as it was shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, ValidationError

from costlib.errors import InputError
from costlib.state.records import Entry, State
from costlib.state.roles import MARK_FINAL, Role, check_role
from costlib.state.stages import Kept

KIND: Final = "final mark"


class Mark(Kept):
    """What was marked, and what finance said of money that does not tie out."""

    digest: Annotated[str, Field(min_length=1)]
    reason: str = ""
    untied: str = ""


@dataclass(frozen=True)
class SavedMark:
    """A mark as it is saved: by whom, when, and the version for taking it back."""

    mark: Mark
    who: str
    at: datetime
    version: int


def mark_of(state: State, document: str, subject: str) -> SavedMark | None:
    """The mark on a document, whether or not it still holds; None where there is none."""
    record = state.get(KIND, _key(document, subject))
    if record is None:
        return None
    try:
        mark = Mark.model_validate(record.body)
    except ValidationError as error:
        raise InputError(f"The final mark {record.key} cannot be read: {error.errors()[0]['msg']}") from None
    return SavedMark(mark, record.changed_by, record.changed_at, record.version)


def mark_final(
    state: State, document: str, subject: str, mark: Mark, *, who: str, role: Role, expected: int | None = None
) -> None:
    """Mark a document final; ``expected`` is the version of the mark that was seen.

    Raises NotAllowed where the role is not finance, InputError where money does not tie out and no reason is given,
    and Conflict where somebody else marked it meanwhile.
    """
    _only_finance(role)
    if mark.untied and not mark.reason.strip():
        raise InputError(
            f"A document is not final without a reason while {mark.untied}",
            expected="why it may leave the house all the same",
            fix="Write the reason; it stands on every page.",
        )
    body = mark.model_dump(mode="json", exclude_defaults=True)
    state.put(KIND, _key(document, subject), body, who=who, why=mark.reason, expected=expected)


def take_back(state: State, document: str, subject: str, *, who: str, role: Role, expected: int) -> None:
    """Make it a draft again; raises NotAllowed and Conflict as ``mark_final`` does."""
    _only_finance(role)
    state.remove(KIND, _key(document, subject), who=who, why="a draft again", expected=expected)


def history(state: State, document: str, subject: str) -> list[Entry]:
    """Who marked the document and who took a mark back, newest first."""
    return state.history(KIND, _key(document, subject))


def _only_finance(role: Role) -> None:
    check_role(role, MARK_FINAL)


def _key(document: str, subject: str) -> str:
    return json.dumps([document, subject], ensure_ascii=False)
