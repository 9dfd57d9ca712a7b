"""What differs between two bodies, field by field, and how a message says it.

Conventions: a field is named by its path with dots (``saving.likely``); mappings are compared key by key, anything else
as a whole; None stands for a field that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from costlib.state.errors import Difference

Body = Mapping[str, Any]
_SHOWN = 4
_LENGTH = 60


def flat(body: Body | None, prefix: str = "") -> dict[str, Any]:
    """Every field of a body by its dotted name; an empty mapping is a value.

    >>> flat({"saving": {"low": 0.1, "high": 0.2}, "owner": "Fraud"})
    {'saving.low': 0.1, 'saving.high': 0.2, 'owner': 'Fraud'}
    """
    fields: dict[str, Any] = {}
    for name, value in (body or {}).items():
        if isinstance(value, Mapping) and value:
            fields |= flat(value, f"{prefix}{name}.")
        else:
            fields[prefix + name] = value
    return fields


def changed_fields(before: Body | None, after: Body | None) -> list[str]:
    """Dotted names of the fields in which two bodies differ, in their order.

    >>> changed_fields({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3, "d": 4}})
    ['b.c', 'b.d']
    """
    one, other = flat(before), flat(after)
    return [name for name in one | other if not _same(one.get(name), other.get(name))]


def differences(before: Body | None, theirs: Body | None, yours: Body | None) -> list[Difference]:
    """The fields in which ``theirs`` and ``yours`` differ, with what both began from.

    >>> differences({"a": 1}, {"a": 2}, {"a": 3})
    [Difference(field='a', before=1, theirs=2, yours=3)]
    """
    base, saved, wanted = flat(before), flat(theirs), flat(yours)
    return [Difference(n, base.get(n), saved.get(n), wanted.get(n)) for n in changed_fields(theirs, yours)]


def in_words(found: Sequence[Difference]) -> str:
    """The differences as one line for a message; the empty string where there is none.

    >>> in_words([Difference("saving.likely", 0.3, 0.25, 0.4)])
    'saving.likely is 0.25 there and 0.4 here'
    """
    words = [f"{one.field} is {_word(one.theirs)} there and {_word(one.yours)} here" for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        words.append(f"{len(found) - _SHOWN} more")
    return "; ".join(words)


def _same(one: Any, other: Any) -> bool:
    """Equal, and yes is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _word(value: Any) -> str:
    text = "not set" if value is None else str(value)
    return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
