"""What is wrong with a rule file or with agreed rates, in words: the place in the file and what was expected there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from costlib.attribution.conditions import Strict
from costlib.errors import RuleError
from costlib.yaml_text import refused, shown

#: The page that says what the fields mean.
GUIDE: Final = "docs/attribution.md"
#: How pydantic names the two kinds of value that a rule may set.
_TAGGED, _WORD = "TagValue", "str"

Step = int | str


def refusal(
    error: ValidationError, document: object, where: str, whole: type[Strict], parts: Mapping[str, type[Strict]]
) -> RuleError:
    """The first thing that is wrong, a field that there is not before all else.

    ``whole`` is the form of the file, ``parts`` the forms of what stands under a name in it.
    """
    details = error.errors(include_url=False)
    detail = next((one for one in details if one["type"] == "extra_forbidden"), details[0])
    place = _plain(detail["loc"])
    if not place:
        return _no_mapping(document, where, whole)
    problem, expected, fix = _words(detail, _fields(place, whole, parts))
    return RuleError(f"{where}, {' > '.join(_place(document, place))}: {problem}", expected=expected, fix=fix)


def _no_mapping(document: object, where: str, whole: type[Strict]) -> RuleError:
    """The refusal of a file that is something else as a whole."""
    what = "it is empty" if document is None else f"it is {shown(document)}"
    return RuleError(f"{where}: {what}", expected=", ".join(_known(whole)), fix=f"Write it as {GUIDE} shows.")


def _words(detail: ErrorDetails, known: Sequence[str]) -> tuple[str, str, str]:
    if detail["type"] == "value_error":
        return str(detail.get("ctx", {}).get("error")), f"what {GUIDE} says", "Correct it there."
    if detail["loc"][-1] == _TAGGED:
        return f"{shown(detail['input'])} is refused", "a word, or {tag: KEY}", "Correct it there."
    return refused(detail, known, GUIDE)


def _plain(location: Sequence[Step]) -> tuple[Step, ...]:
    """The path without pydantic's names for the kinds of a value that is set."""
    return tuple(
        step
        for number, step in enumerate(location)
        if not (step in (_TAGGED, _WORD) and number > 1 and location[number - 2] == "set")
    )


def _fields(place: Sequence[Step], whole: type[Strict], parts: Mapping[str, type[Strict]]) -> list[str]:
    """The fields of the part that the last step of a path stands in."""
    above = [step for step in place[:-1] if isinstance(step, str)]
    part = next((parts[step] for step in reversed(above[-2:]) if step in parts), whole)
    return _known(part)


def _known(part: type[Strict]) -> list[str]:
    return [field.alias or name for name, field in part.model_fields.items()]


def _place(document: object, location: Sequence[Step]) -> list[str]:
    """The path to an entry in words a reader of the file can follow; entries of a list count from 1."""
    words, entry = [], document
    for step in location:
        entry = _entry(entry, step)
        name = entry.get("name") if isinstance(entry, dict) else None
        number = str(step + 1) if isinstance(step, int) else step
        words.append(f"{number} ({name})" if isinstance(step, int) and name else number)
    return words


def _entry(document: object, step: Step) -> object:
    if isinstance(document, dict):
        return document.get(step)
    return document[step] if isinstance(document, list) and isinstance(step, int) and step < len(document) else None
