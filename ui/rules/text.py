"""The rule file as text: one entry or one word of it changed in its place, every comment and blank kept.

Everything here is pure: text in, text out. A text that is not YAML cannot be changed so; ``InputError`` says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from costlib.errors import InputError

#: What an organisation without a rule file of its own begins with.
START = "version: 1\nextends: shipped\n\nrules: []\n"
Value = str | int | float


def with_entry(text: str, section: str, entry: str) -> str:
    """The text with an entry, itself a YAML list, as the first of a top-level section; the section is made if missing.

    >>> print(with_entry("version: 1\\nfallback:\\n  - name: b\\n", "fallback", "- name: a\\n"), end="")
    version: 1
    fallback:
      - name: a
      - name: b
    """
    root = _mapping(text)
    node = _child(root, section)
    if node is None:
        return f"{text.rstrip()}\n\n{section}:\n{indent(entry, '  ')}"
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        line = text.rfind("\n", 0, start) + 1
        return text[:line] + indent(entry, " " * node.start_mark.column) + text[line:]
    if isinstance(node, SequenceNode) and node.value:
        entry += yaml.safe_dump(yaml.safe_load(text[start:end]), sort_keys=False, allow_unicode=True)
    rest = text[end:].removeprefix("\n")
    return f"{text[:start].rstrip()}\n{indent(entry, '  ')}{rest}"


def with_value(text: str, path: Sequence[str | int], value: Value) -> str:
    """The text with the word at the path replaced, or put there where the path's last step is new.

    >>> with_value("shared:\\n  - name: gpu # ours\\n    driver: usage\\n", ["shared", 0, "driver"], "even")
    'shared:\\n  - name: gpu # ours\\n    driver: even\\n'
    >>> with_value("shared:\\n  - {name: gpu}\\n", ["shared", 0, "idle"], "own line")
    'shared:\\n  - {name: gpu, idle: own line}\\n'
    """
    node: Node | None = _mapping(text)
    for step in path[:-1]:
        node = _child(node, step)
    if not isinstance(node, MappingNode):
        raise InputError(f"The rule file has no {' > '.join(map(str, path[:-1]))}", fix="Look at the file as text.")
    key, found = str(path[-1]), _child(node, path[-1])
    if found is not None:
        return text[: found.start_mark.index] + _word(value) + text[found.end_mark.index :]
    if node.flow_style:
        place = node.end_mark.index - 1
        before = text[:place].rstrip()
        return f"{before}{', ' if node.value else ''}{key}: {_word(value)}{text[place:]}"
    line = text.find("\n", node.value[0][1].end_mark.index) if isinstance(node.value[0][1], ScalarNode) else -1
    pad = " " * node.start_mark.column
    if line < 0:
        start = node.start_mark.index
        return f"{text[:start]}{key}: {_word(value)}\n{pad}{text[start:]}"
    return f"{text[:line]}\n{pad}{key}: {_word(value)}{text[line:]}"


def place_of(text: str, section: str, name: str) -> int | None:
    """Where in a top-level list the entry of that name stands; None where the text itself has none.

    >>> place_of("shared:\\n  - {name: a}\\n  - {name: b}\\n", "shared", "b")
    1
    """
    node = _child(_mapping(text), section)
    entries = node.value if isinstance(node, SequenceNode) else []
    for index, entry in enumerate(entries):
        found = _child(entry, "name")
        if isinstance(found, ScalarNode) and found.value == name:
            return index
    return None


def line_of_path(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, on which the deepest entry of the path that is there begins, with its name where it has one.

    Raises ``yaml.YAMLError``.

    >>> line_of_path("rules:\\n  - name: a\\n    set:\\n      x_Team: b\\n", ["rules", 0, "set"])
    3
    """
    node = composed(text)
    line = node.start_mark.line if node else 0
    for step in path:
        begin = _key(node, step)
        node = _child(node, step)
        if node is None:
            break
        line = (begin or node).start_mark.line
    return line + 1


def line_of_word(text: str, word: str) -> int | None:
    """The first line, from 1, in which the word stands as an entry of its own; None where it does not.

    >>> line_of_word("rules:\\n  - name: a\\n    set: {x_Taem: b}\\n", "x_Taem")
    3
    """
    seen: set[int] = set()
    waiting: list[Node] = [node for node in [composed(text)] if node]
    lines = []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            lines += [node.start_mark.line + 1] if node.value == word else []
        elif isinstance(node, MappingNode):
            waiting += [inner for pair in node.value for inner in pair]
        else:
            waiting += node.value
    return min(lines, default=None)


def composed(text: str) -> Node | None:
    """The text as YAML nodes with their places; None where it is empty.

    Raises ``yaml.YAMLError``.
    """
    node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return node


def _mapping(text: str) -> MappingNode:
    try:
        node = composed(text)
    except yaml.YAMLError as error:
        raise InputError("The rule file cannot be read", fix="Correct the line that is named.") from error
    if not isinstance(node, MappingNode):
        raise InputError("The rule file holds no sections", expected="version, rules", fix="Begin with version: 1.")
    return node


def _child(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        found: Node | None = next((value for key, value in node.value if key.value == step), None)
        return found
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner: Node = node.value[step]
        return inner
    return None


def _key(node: Node | None, step: str | int) -> Node | None:
    """The name of an entry of a mapping; None where it is not there or the entry has none."""
    keys = (key for key, _ in node.value) if isinstance(node, MappingNode) else ()
    return next((key for key in keys if key.value == step), None)


def _word(value: Value) -> str:
    """A value as one word of YAML, quoted where it must be, also between brackets and braces."""
    word = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=100_000).strip()[1:-1]
    return yaml.safe_dump(value, default_style='"', width=100_000).strip() if "\n" in word else word
