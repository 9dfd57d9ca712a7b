"""YAML that people write: read once with nothing lost in silence, and refused in words, never in a library's.

A key that stands twice, also in two spellings that YAML reads as one (``yes`` and ``true``), nesting without end and
repetitions (aliases) that unfold without end are refused: YAML itself keeps the last of two keys and says nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

import yaml
from pydantic_core import ErrorDetails

from costlib.errors import cause_words, did_you_mean

#: Entries that a document may unfold to: enough for thousands of rules.
MOST_ENTRIES: Final = 200_000

#: What to say of pydantic's refusals: kind -> what was expected.
_EXPECTED: Final = {
    "missing": "this field",
    "greater_than_equal": "{ge:,.16g} or more",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "{le:,.16g} or less",
    "less_than": "less than {lt:g}",
    "literal_error": "{expected}",
    "float_parsing": "a number",
    "float_type": "a number",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "finite_number": "a number that is finite",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "string_type": "text",
    "string_too_short": "text",
    "date_type": "a day such as 2026-03-01",
    "date_parsing": "a day such as 2026-03-01",
    "date_from_datetime_parsing": "a day such as 2026-03-01",
    "date_from_datetime_inexact": "a day such as 2026-03-01",
    "model_type": "fields and their values",
    "dict_type": "names and their values",
    "list_type": "a list",
    "tuple_type": "a list",
    "too_short": "at least one value",
}
#: The tag of ``<<``, under which a mapping takes over the entries of another.
_TAKEN_OVER: Final = "tag:yaml.org,2002:merge"
_KINDS: Final = {dict: "a mapping", list: "a list", type(None): "nothing", bool: "yes or no"}


class RepeatedKey(ValueError):
    """A key that stands twice in one mapping, with the line of the second."""


def parsed(text: str, loader: type[yaml.SafeLoader | yaml.BaseLoader] = yaml.SafeLoader) -> object:
    """The document that the text holds, None for an empty one.

    Raises ``ValueError`` that says what is wrong and the line, where it is known; ``RepeatedKey`` is one of them.

    >>> parsed("rules: [a, b]")
    {'rules': ['a', 'b']}
    >>> parsed("rules: []\\nnames: {}\\nrules: [a]")
    Traceback (most recent call last):
    ...
    costlib.yaml_text.RepeatedKey: line 3: rules stands twice
    """
    try:
        root = yaml.compose(text, Loader=loader)
        for key, first in _repeated(root, loader):
            raise RepeatedKey(f"line {key.start_mark.line + 1}: {_twice(key, first)}")
        if (size := _size(root, {})) > MOST_ENTRIES:
            raise ValueError(f"it unfolds to {size:,} entries, more than {MOST_ENTRIES:,}")
        return yaml.load(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(cause_words(error)) from error
    except (LookupError, AttributeError) as error:
        raise ValueError("a value is not what its tag (!!) says") from error


def refused(detail: ErrorDetails, known: Sequence[str], guide: str) -> tuple[str, str, str]:
    """What pydantic refuses, in words: the problem, what was expected, and one thing to do.

    ``known`` are the fields of the part that it stands in; ``guide`` is the page that says what fields mean.
    """
    kind, field = detail["type"], detail["loc"][-1] if detail["loc"] else "it"
    if kind == "missing":
        return f"{field} is missing", f"a value for {field}", f"Add it; {guide} says what it means."
    if kind == "extra_forbidden":
        hint = did_you_mean(str(field), known)
        return f"{field} is not a field here", f"one of {', '.join(known)}", hint or "Remove it."
    expected = _EXPECTED[kind].format(**detail.get("ctx", {})) if kind in _EXPECTED else detail["msg"]
    return f"{shown(detail['input'])} is refused", expected, "Correct it there."


def shown(value: object) -> str:
    """A value of a document as a message names it.

    >>> shown("soon"), shown([1]), shown({}), shown(None)
    ('soon', 'a list', 'an empty mapping', 'nothing')
    """
    if isinstance(value, dict | list) and not value:
        return f"an empty {'mapping' if isinstance(value, dict) else 'list'}"
    return _KINDS.get(type(value)) or str(value)[:80]


def _repeated(
    root: yaml.Node | None, loader: type[yaml.SafeLoader | yaml.BaseLoader]
) -> Iterator[tuple[yaml.ScalarNode, yaml.ScalarNode]]:
    """Keys that stand a second time in one mapping, each with the first: one key may be spelt in several ways."""
    read = loader("")
    nodes, visited = [root], set[int]()
    while nodes:
        node = nodes.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            keys: dict[Hashable, yaml.ScalarNode] = {}
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    same = key.value if key.tag == _TAKEN_OVER else read.construct_object(key)
                    first = keys.setdefault(same, key)
                    if first is not key:
                        yield key, first
                nodes.append(value)


def _twice(key: yaml.ScalarNode, first: yaml.ScalarNode) -> str:
    """What is wrong with the second of two keys: YAML reads both as one."""
    if key.value == first.value:
        return f"{key.value} stands twice"
    return f"{key.value} is to YAML the same key as {first.value}"


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """Entries of a document with its repetitions written out, counted without writing them."""
    if not isinstance(node, yaml.SequenceNode | yaml.MappingNode):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST_ENTRIES
        inner = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
        known[id(node)] = 1 + sum(_size(one, known) for one in inner)
    return known[id(node)]
