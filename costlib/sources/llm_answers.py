"""JSON answers of model vendors, read field by field: what is gone or holds something else is named.

Numbers with decimals stay the text that the vendor wrote (``{"number": "0.06"}`` once read), so that money is never a
binary float, in the answers that are kept either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from costlib.errors import UnreadableFile

_NUMBER: Final = "number"


@dataclass(frozen=True)
class Fields:
    """An object of an answer: its fields, where it stands (``costs of 2026-09-05``), and the reference it must follow.

    A name with a dot is a field inside a field. Readings raise ``UnreadableFile`` with field, place and what was
    expected.
    """

    values: Mapping[str, Any]
    where: str
    reference: str

    def has(self, name: str) -> bool:
        """Whether the field is there and is not null."""
        return self._found(name)[1] is not None

    def text(self, name: str) -> str | None:
        """A text that may be null or left out."""
        value = self._found(name)[1]
        if value is not None and not isinstance(value, str):
            raise self.changed(name, value, "text")
        return value or None

    def needed(self, name: str) -> str:
        """A text that must be there."""
        value = self._needed(name)
        if not isinstance(value, str) or not value:
            raise self.changed(name, value, "text")
        return value

    def count(self, name: str) -> int:
        """A whole number from 0 that must be there."""
        value = self._needed(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.changed(name, value, "a whole number from 0")
        return value

    def counted(self, name: str) -> int:
        """A whole number from 0; left out or null is 0, as the reference says of it."""
        return self.count(name) if self.has(name) else 0

    def flag(self, name: str) -> bool:
        """A yes or no; left out or null is no."""
        value = self._found(name)[1]
        if value is not None and not isinstance(value, bool):
            raise self.changed(name, value, "true or false")
        return bool(value)

    def number(self, name: str) -> Decimal:
        """A JSON number that must be there, as it is written."""
        value = self._needed(name)
        text = value.get(_NUMBER) if isinstance(value, Mapping) else value
        if isinstance(text, bool) or isinstance(value, str) or not isinstance(text, (int, str)):
            raise self.changed(name, value, "a number")
        return self._decimal(name, value, str(text), "a number")

    def decimal_text(self, name: str) -> Decimal:
        """A number that is written as text, and must be there."""
        value = self._needed(name)
        if not isinstance(value, str):
            raise self.changed(name, value, "a number as text")
        return self._decimal(name, value, value, "a number as text")

    def inside(self, name: str, where: str = "") -> Fields:
        """The object in a field that must be there."""
        value = self._needed(name)
        if not isinstance(value, Mapping):
            raise self.changed(name, value, "an object")
        return Fields(value, where or self.where, self.reference)

    def rows(self, name: str) -> list[Fields]:
        """The objects of a list that must be there."""
        value = self._needed(name)
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise self.changed(name, value, "a list of objects")
        return [Fields(row, self.where, self.reference) for row in value]

    def changed(self, name: str, value: object, expected: str) -> UnreadableFile:
        """The refusal of a field that holds something else."""
        shown = json.dumps(value.get(_NUMBER) if isinstance(value, Mapping) and _NUMBER in value else value)[:60]
        return self.refused(f"{name} is {shown}", f"{name} as {expected}")

    def refused(self, what: str, expected: str) -> UnreadableFile:
        """The refusal of an answer of another shape."""
        return UnreadableFile(
            f"{self.where}: {what}",
            expected=f"{expected} ({self.reference})",
            fix="The interface may have changed: look for a newer Glidepath; nothing was changed.",
        )

    def _needed(self, name: str) -> Any:
        at, value = self._found(name)
        if value is None:
            held = ", ".join(sorted(at)) or "nothing"
            raise self.refused(f"there is no {name} but {held}", name)
        return value

    def _found(self, name: str) -> tuple[Mapping[str, Any], Any]:
        """The object that holds the last part of the name, and what it holds there."""
        at: Any = self.values
        *path, last = name.split(".")
        for part in path:
            inner = at.get(part)
            if not isinstance(inner, Mapping):
                return at, None
            at = inner
        return at, at.get(last)

    def _decimal(self, name: str, value: object, text: str, expected: str) -> Decimal:
        try:
            found = Decimal(text)
        except InvalidOperation as error:
            raise self.changed(name, value, expected) from error
        if not found.is_finite():
            raise self.changed(name, value, expected)
        return found


def fields_of(content: bytes, where: str, reference: str) -> Fields:
    """The object that an answer is.

    Raises ``UnreadableFile`` for what is none.

    >>> fields_of(b'{"amount": {"value": 0.10000000000000000001}}', "costs", "").number("amount.value")
    Decimal('0.10000000000000000001')
    """
    try:
        answer = json.loads(content, parse_float=_text_of, parse_constant=_text_of)
    except (ValueError, RecursionError) as error:
        answer = error
    found = Fields(answer if isinstance(answer, Mapping) else {}, where, reference)
    if not isinstance(answer, Mapping):
        shown = content[:60].decode("utf-8", "replace")
        raise found.refused(f"the answer is no JSON object but {shown!r}", "an object")
    return found


def _text_of(text: str) -> dict[str, str]:
    return {_NUMBER: text}
