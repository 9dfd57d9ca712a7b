"""Words of a sentence: nothing of a list is lost, and what is not named is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from costlib.wording import capital, listed

NAMES = st.lists(st.text("abc", min_size=1), max_size=8)


@given(NAMES)
def test_every_name_is_listed_once_and_in_order(names: list[str]) -> None:
    assert listed(names).replace(" and ", ", ").split(", ") == (names or [""])


@given(NAMES, st.integers(1, 8))
def test_names_and_those_counted_are_all(names: list[str], most: int) -> None:
    said = listed(names, most).replace(" and ", ", ").split(", ")
    if len(names) <= most:
        assert said == (names or [""])
    else:
        assert said == [*names[:most], f"{len(names) - most} more"]


@given(st.text())
def test_only_the_first_letter_changes(text: str) -> None:
    assert capital(text).endswith(text[1:])
    assert capital(text) == capital(capital(text))
