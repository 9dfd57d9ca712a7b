"""Conditions of the rule file: columns and patterns, checked and compiled to SQL.

A condition names a column or ``tag:KEY`` and gives a pattern or a list of them, any of which matches: letters match in
either case, ``*`` stands for anything and ``""`` for a value that is not there. Conditions side by side hold together.
Words of the file reach SQL as quoted literals of ILIKE, which has neither code nor back-tracking in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from costlib.errors import RuleError, did_you_mean
from costlib.focus import BASE_TEXTS, SOURCE, TAGS, canonical
from costlib.sources.native import literal

#: Columns that a condition may name, besides ``tag:KEY``.
CONDITION_COLUMNS = (*BASE_TEXTS, SOURCE)
TAG_PREFIX = "tag:"


def as_list(value: object) -> object:
    """One entry as a list of one; a list as it is."""
    return value if isinstance(value, list) else [value]


def _known_version(value: int) -> int:
    if value != 1:
        raise ValueError(f"version {value} is not known, only version 1")
    return value


Version = Annotated[int, AfterValidator(_known_version)]
Words = Annotated[list[str], BeforeValidator(as_list)]
SomeWords = Annotated[Words, Field(min_length=1)]
When = dict[str, SomeWords]


class Strict(BaseModel):
    """A part of the rule file: what it does not know is a mistake; numbers may stand for words."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


def check_columns(when: Mapping[str, Sequence[str]], known: Sequence[str], where: str) -> None:
    """Raise ``RuleError`` for a condition on a column that there is not."""
    for column in when:
        if not column.startswith(TAG_PREFIX) and canonical(column, known) is None:
            raise unknown(column, [*known, TAG_PREFIX + "KEY"], where)


def unknown(name: str, known: Sequence[str], where: str) -> RuleError:
    """The refusal of a name that there is not."""
    return RuleError(
        f"{where}: there is no {name}", expected=f"one of {', '.join(known)}", fix=did_you_mean(name, known)
    )


def matches(column: str, patterns: Sequence[str], known: Sequence[str] = CONDITION_COLUMNS) -> str:
    """The condition that the column, or the tag, matches one of the patterns.

    >>> print(matches("ServiceName", ["100%*"]))
    (ServiceName ILIKE '100\\%%' ESCAPE '\\')
    """
    subject = tag([column.removeprefix(TAG_PREFIX)]) if column.startswith(TAG_PREFIX) else str(canonical(column, known))
    return "(" + " OR ".join(_matches_one(subject, pattern) for pattern in patterns) + ")"


def _matches_one(subject: str, pattern: str) -> str:
    return f"{subject} ILIKE {literal(like(pattern))} ESCAPE '\\'" if pattern else f"{subject} IS NULL"


def like(pattern: str) -> str:
    """The pattern as ILIKE reads it, with ``\\`` as escape."""
    for sign in ("\\", "%", "_"):
        pattern = pattern.replace(sign, "\\" + sign)
    return pattern.replace("*", "%")


def pattern_matches(pattern: str, text: str) -> bool:
    """Whether the text matches the pattern as a condition would, found without back-tracking.

    >>> pattern_matches("SEARCH-*", "search-serving"), pattern_matches("*a*b", "xaxxb"), pattern_matches("a*a", "a")
    (True, True, False)
    """
    first, *rest = pattern.lower().split("*")
    text = text.lower()
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(text) - place >= len(last) and text.endswith(last)


def tag(keys: Sequence[str]) -> str:
    """The value of the first of the tags that a row carries; null where it carries none of them."""
    values = ", ".join(f"NULLIF(TRIM({TAGS}[{literal(key)}]), '')" for key in keys)
    return f"COALESCE({values})" if len(keys) > 1 else values
