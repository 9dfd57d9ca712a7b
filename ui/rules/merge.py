"""Changes that two people made to one text, put together line by line.

Everything here is pure: text in, text out. A *stretch* is what lies between lines that neither of them touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

Lines = list[str]


@dataclass(frozen=True)
class Merged:
    """The text with both changes, and in how many stretches both changed the same lines, where ``mine`` stands."""

    text: str
    both: int


def on_top(base: str, mine: str, theirs: str) -> Merged:
    """My changes of the base on top of theirs; what both put in at one place stands there twice, theirs first.

    >>> on_top("a\\nb\\nc", "a\\nb\\nmine", "theirs\\nb\\nc")
    Merged(text='theirs\\nb\\nmine', both=0)
    >>> on_top("a\\nb", "a\\nmine", "a\\ntheirs")
    Merged(text='a\\nmine', both=1)
    """
    lines, both = Lines(), 0
    for before, my, their in _stretches(base.split("\n"), mine.split("\n"), theirs.split("\n")):
        if my in (before, their):
            lines += their
        elif their == before:
            lines += my
        elif (put := _around(before, my, their) or _around(before, their, my)) is not None:
            lines += put
        else:
            lines += my
            both += 1
    return Merged("\n".join(lines), both)


def changes(before: str, after: str) -> str:
    """The lines that went (-) and came (+), with a line around them.

    >>> print(changes("a\\nb\\nc\\nd", "a\\nb\\nx\\nd"))
     b
    -c
    +x
     d
    """
    found = unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm="")
    return "\n".join(line for line in list(found)[2:] if not line.startswith("@@"))


def _around(before: Lines, added: Lines, changed: Lines) -> Lines | None:
    """What one side put around lines that it left as they were, around what the other made of these; None without."""
    for at in range(len(added) - len(before) + 1):
        if added[at : at + len(before)] == before:
            return [*added[:at], *changed, *added[at + len(before) :]]
    return None


def _stretches(base: Lines, mine: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """Every line that all three share, and every stretch between two of these, in order."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    at, my, their = 0, 0, 0
    for place, line in enumerate(base):
        if place in in_mine and place in in_theirs:
            yield base[at:place], mine[my : in_mine[place]], theirs[their : in_theirs[place]]
            yield [line], [line], [line]
            at, my, their = place + 1, in_mine[place] + 1, in_theirs[place] + 1
    yield base[at:], mine[my:], theirs[their:]


def _places(base: Lines, other: Lines) -> dict[int, int]:
    """Where the lines that both share stand in the other, by their place in the base."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
