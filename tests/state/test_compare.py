"""What differs between two bodies, and how it is said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from costlib.state.compare import changed_fields, differences, flat, in_words
from costlib.state.errors import Difference

BODIES = st.recursive(
    st.integers(0, 2) | st.booleans() | st.sampled_from("xy"),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
).map(lambda value: value if isinstance(value, dict) else {"a": value})


def test_nested_fields_have_dotted_names_and_lists_are_whole():
    body = {"a": {"b": {"c": 1}}, "list": [{"d": 2}], "nothing": {}}
    assert flat(body) == {"a.b.c": 1, "list": [{"d": 2}], "nothing": {}}
    assert flat(None) == {}


def test_a_field_that_went_and_one_that_came_differ():
    assert changed_fields({"a": 1, "b": 2}, {"b": 2, "c": 3}) == ["a", "c"]
    assert changed_fields(None, {"a": 1}) == ["a"]
    assert changed_fields({"a": {}}, {"a": {"b": 1}}) == ["a", "a.b"]


def test_yes_is_not_1():
    assert changed_fields({"a": True}, {"a": 1}) == ["a"]
    assert changed_fields({"a": 1.0}, {"a": 1}) == []


def test_a_difference_says_where_each_began():
    assert differences({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}) == [
        Difference("a", before=1, theirs=2, yours=1),
        Difference("b", before=1, theirs=1, yours=3),
    ]


def test_many_differences_are_counted_and_long_values_cut():
    found = [Difference(name, None, "v" * 80, 1) for name in "abcdef"]
    words = in_words(found)
    assert words.startswith("a is " + "v" * 59 + "… there and 1 here; b is")
    assert words.endswith("; 2 more")
    assert in_words([]) == ""


@given(BODIES)
def test_a_body_does_not_differ_from_itself(body):
    assert changed_fields(body, body) == []


@given(BODIES, BODIES)
def test_differences_are_the_same_fields_from_either_side(one, other):
    assert set(changed_fields(one, other)) == set(changed_fields(other, one))
