"""YAML that people write: read as YAML says, and refused in words where something would be lost or never end."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from costlib.yaml_text import MOST_ENTRIES, RepeatedKey, parsed, refused, shown

WORDS = st.text("abc: -#'\"é", max_size=5)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_what_yaml_writes_is_read_back(document: object) -> None:
    assert parsed(yaml.safe_dump(document, allow_unicode=True)) == document


def test_nothing_is_none_and_numbers_stay_text_where_the_loader_says_so() -> None:
    assert parsed("") is None and parsed("# nothing") is None
    assert parsed("rate: 1.10", yaml.BaseLoader) == {"rate": "1.10"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: a stands twice"),
        ("- {x: 1}\n- {x: 1, y: 2, x: 1}", "line 2: x stands twice"),
        ("deep:\n  - inside:\n      k: 1\n      'k': 2", "line 4: k stands twice"),
    ],
)
def test_a_key_that_stands_twice_is_never_lost(text: str, says: str) -> None:
    with pytest.raises(RepeatedKey) as refusal:
        parsed(text)
    assert str(refusal.value) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yes: 1\ntrue: 2", "line 2: true is to YAML the same key as yes"),
        ("x: {on: 1, Yes: 2}", "line 1: Yes is to YAML the same key as on"),
        ("010: a\n8: b", "line 2: 8 is to YAML the same key as 010"),
        ("1: a\n1.0: b", "line 2: 1.0 is to YAML the same key as 1"),
        ("null: a\n~: b", "line 2: ~ is to YAML the same key as null"),
    ],
)
def test_two_spellings_of_one_key_are_a_key_that_stands_twice(text: str, says: str) -> None:
    """What YAML takes for one key it would keep once, the last of the two."""
    with pytest.raises(RepeatedKey) as refusal:
        parsed(text)
    assert str(refusal.value) == says


def test_keys_are_told_apart_as_the_loader_reads_them() -> None:
    assert parsed("yes: 1\n'yes': 2\n'true': 3") == {True: 1, "yes": 2, "true": 3}
    assert parsed("yes: 1\ntrue: 2\n1: a\n1.0: b", yaml.BaseLoader) == {"yes": "1", "true": "2", "1": "a", "1.0": "b"}


def test_what_is_taken_over_from_elsewhere_is_no_key() -> None:
    assert parsed("a: &a {x: 1}\nb: {<<: *a, y: 2}") == {"a": {"x": 1}, "b": {"x": 1, "y": 2}}
    with pytest.raises(RepeatedKey, match="line 2: << stands twice"):
        parsed("a: &a {x: 1}\nb: {<<: *a, <<: *a}")


@given(st.lists(st.sampled_from(["yes", "true", "On", "no", "'no'", "off", "1", "01", "0x1", "1.0", "a", "'a'"])))
def test_nothing_that_was_written_is_lost(keys: list[str]) -> None:
    """Either every key is there, or one is refused."""
    text = "".join(f"{key}: {at}\n" for at, key in enumerate(keys))
    try:
        found = parsed(text)
    except RepeatedKey:
        return
    assert found is None if not keys else isinstance(found, dict) and len(found) == len(keys)


def test_the_same_key_in_two_mappings_and_the_same_entry_twice_are_sound() -> None:
    assert parsed("- {x: &one {k: 1}}\n- {x: *one}") == [{"x": {"k": 1}}, {"x": {"k": 1}}]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 500 + "]" * 500, "it is nested too deep"),
        ("a: [1, 2", "line 1, column 9: expected ',' or ']'"),
        ("? [a]\n: 1", "line 1, column 3: found unhashable key"),
        ("!!python/object/apply:os.getcwd []", "line 1, column 1: could not determine"),
        ("a: 1\n---\nb: 2", "line 2, column 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(ValueError, match="^" + says.replace("[", r"\[").replace("]", r"\]")):
        parsed(text)


def test_repetitions_may_unfold_to_so_many_entries_and_no_more() -> None:
    wide = "a: &a [" + ", ".join("x" * 999) + "]\nb: ["
    assert parsed(wide + ", ".join(["*a"] * 100) + "]")
    with pytest.raises(ValueError, match=rf"it unfolds to 2\d\d,\d\d\d entries, more than {MOST_ENTRIES:,}"):
        parsed(wide + ", ".join(["*a"] * 200) + "]")
    with pytest.raises(ValueError, match="unfolds"):
        parsed("a: &a [*a]")


class Part(BaseModel, extra="forbid"):
    """A form with a field of each kind."""

    name: str
    count: int = 0
    inner: list[str] = []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, ("name is missing", "a value for name", "Add it; guide.md says what it means.")),
        ({"nme": "a", "name": "a"}, ("nme is not a field here", "one of name, count", "Did you mean name?")),
        ({"zzz": "a", "name": "a"}, ("zzz is not a field here", "one of name, count", "Remove it.")),
        ({"name": "a", "count": "six"}, ("six is refused", "a whole number", "Correct it there.")),
        ({"name": [1]}, ("a list is refused", "text", "Correct it there.")),
        ({"name": "a", "inner": {}}, ("an empty mapping is refused", "a list", "Correct it there.")),
        ([], ("an empty list is refused", "fields and their values", "Correct it there.")),
    ],
)
def test_a_refusal_is_in_words(given: object, words: tuple[str, str, str]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Part.model_validate(given)
    assert refused(refusal.value.errors()[0], ["name", "count"], "guide.md") == words


def test_a_long_value_is_cut() -> None:
    assert shown("x" * 200) == "x" * 80 and shown(True) == "yes or no"


@pytest.mark.parametrize("value", ["!!bool maybe", "!!timestamp foo", "!!int ''"])
def test_a_value_that_its_tag_does_not_fit_is_refused_in_words(value):
    with pytest.raises(ValueError, match=r"a value is not what its tag \(!!\) says"):
        parsed(f"a: {value}")
