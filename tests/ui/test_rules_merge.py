"""Two people's changes to one text: each is kept, and where both changed the same lines it is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.rules.merge import Merged, changes, on_top

LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "both"),
    [
        ("a\nb\nc", "a\nb\nC", "A\nb\nc", "A\nb\nC", 0),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd", 0),
        ("a\nb", "a\nmine", "a\ntheirs", "a\nmine", 1),
        ("a\nb", "a\nsame", "a\nsame", "a\nsame", 0),
        ("a\nz", "a\nmine\nz", "a\ntheirs\nz", "a\ntheirs\nmine\nz", 0),
        ("a\nb\nz", "a\nb\nmine\nz", "a\nB\nz", "a\nB\nmine\nz", 0),
        ("a\nb\nz", "a\nB\nz", "a\nb\ntheirs\nz", "a\nB\ntheirs\nz", 0),
    ],
)
def test_each_change_is_kept(base: str, mine: str, theirs: str, text: str, both: int) -> None:
    assert on_top(base, mine, theirs) == Merged(text, both)


@given(LINES, LINES)
def test_who_changed_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert on_top(base, changed, base) == on_top(base, base, changed) == on_top(base, changed, changed)
    assert on_top(base, changed, base) == Merged(changed, 0)


def test_changes_of_a_text_that_stayed_are_none() -> None:
    assert changes("a\nb", "a\nb") == ""
