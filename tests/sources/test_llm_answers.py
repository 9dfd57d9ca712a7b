"""Answers of model vendors field by field: what is read, and how it is named if it is something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import UnreadableFile
from costlib.sources.llm_answers import Fields, fields_of

REFERENCE = "the published description"


def answer(text: str | dict[str, Any]) -> Fields:
    return fields_of((text if isinstance(text, str) else json.dumps(text)).encode(), "costs of 5 Sep", REFERENCE)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read()
    assert f"({REFERENCE})" in str(refused.value) and "nothing was changed" in str(refused.value)
    return refused.value.problem


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("0.06", "0.06"), ("1e-7", "1E-7"), ("7", "7"), ("-2", "-2"), ("0", "0"), ("-0.5", "-0.5"),
            ("0.10000000000000000001", "0.10000000000000000001"), ("123456789012345678901", "123456789012345678901"),
        ],
    )  # fmt: skip
    def test_every_digit_as_it_is_written(self, text: str, number: str) -> None:
        found = answer(f'{{"amount": {{"value": {text}}}}}').number("amount.value")
        assert str(found) == number

    @pytest.mark.parametrize("text", ['"0.06"', "true", "[1]", '{"a": 1}', "NaN", "Infinity", "-Infinity"])
    def test_what_is_none_is_refused_with_its_value(self, text: str) -> None:
        said = refusal(lambda: answer(f'{{"amount": {text}}}').number("amount"))
        assert said.startswith("costs of 5 Sep: amount is ")

    def test_a_number_that_is_kept_and_read_again_is_the_same(self) -> None:
        """Days are kept as they were read; a restart goes on from there."""
        first = answer('{"amount": 0.1, "count": 3}')
        again = Fields(json.loads(json.dumps(first.values)), "kept", REFERENCE)
        assert (again.number("amount"), again.number("count"), again.count("count")) == (D("0.1"), D(3), 3)

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
    def test_any_number_comes_back(self, number: D) -> None:
        assert answer(f'{{"n": {number:f}}}').number("n") == number

    def test_a_number_as_text_only_where_text_is_what_the_vendor_writes(self) -> None:
        assert answer({"n": "12.50"}).decimal_text("n") == D("12.50")
        for held in (12.5, 12, None, True):
            refusal(lambda held=held: answer({"n": held}).decimal_text("n"))
        for held in ("12,50", "", "NaN", "inf", "twelve"):
            said = refusal(lambda held=held: answer({"n": held}).decimal_text("n"))
            assert said == f'costs of 5 Sep: n is "{held}"'


class TestCounts:
    @pytest.mark.parametrize("value", [0, 1, 10**15])
    def test_whole_numbers_from_zero(self, value: int) -> None:
        assert answer({"n": value}).count("n") == answer({"n": value}).counted("n") == value

    @pytest.mark.parametrize("value", [-1, 1.5, 1.0, True, False, "1", [], {}])
    def test_anything_else_is_refused(self, value: object) -> None:
        assert "n is " in refusal(lambda: answer({"n": value}).count("n"))
        assert "n is " in refusal(lambda: answer({"n": value}).counted("n"))

    def test_what_is_left_out_is_none_of_it_only_where_the_reference_says_so(self) -> None:
        assert answer({"n": None}).counted("n") == answer({}).counted("n") == 0
        assert refusal(lambda: answer({"n": None, "m": 1}).count("n")) == "costs of 5 Sep: there is no n but m, n"
        assert refusal(lambda: answer({}).count("n")) == "costs of 5 Sep: there is no n but nothing"


class TestTexts:
    def test_one_that_may_be_missing(self) -> None:
        assert [answer(held).text("t") for held in ({"t": "x"}, {"t": ""}, {"t": None}, {})] == ["x", None, None, None]
        assert refusal(lambda: answer({"t": 5}).text("t")) == "costs of 5 Sep: t is 5"

    def test_one_that_must_be_there(self) -> None:
        assert answer({"t": "x"}).needed("t") == "x"
        assert refusal(lambda: answer({"t": ""}).needed("t")) == 'costs of 5 Sep: t is ""'
        assert refusal(lambda: answer({"b": 1, "a": 2}).needed("t")) == "costs of 5 Sep: there is no t but a, b"

    def test_a_long_value_is_cut_in_its_refusal(self) -> None:
        said = refusal(lambda: answer({"t": ["x" * 500]}).needed("t"))
        assert len(said) == len("costs of 5 Sep: t is ") + 60

    def test_a_number_in_its_place_is_shown_as_the_number(self) -> None:
        assert refusal(lambda: answer({"t": 0.5}).needed("t")) == 'costs of 5 Sep: t is "0.5"'


class TestFlags:
    def test_yes_no_and_nothing(self) -> None:
        assert [answer(held).flag("f") for held in ({"f": True}, {"f": False}, {"f": None}, {})] == [
            True, False, False, False,
        ]  # fmt: skip

    @pytest.mark.parametrize("value", [0, 1, "true", []])
    def test_anything_else_is_refused(self, value: object) -> None:
        assert "f is " in refusal(lambda: answer({"f": value}).flag("f"))


class TestInside:
    def test_a_name_with_dots_leads_into_objects(self) -> None:
        found = answer({"a": {"b": {"c": "x"}}})
        assert found.needed("a.b.c") == found.inside("a").inside("b").needed("c") == "x"
        assert found.has("a.b") and found.has("a.b.c") and not found.has("a.b.d") and not found.has("x.b.c")

    def test_where_the_way_ends_early_what_is_there_is_named(self) -> None:
        assert (
            refusal(lambda: answer({"a": {"b": 1}, "z": 2}).needed("a.b.c"))
            == "costs of 5 Sep: there is no a.b.c but b"
        )
        assert refusal(lambda: answer({"a": 1}).needed("a.b")) == "costs of 5 Sep: there is no a.b but a"
        assert answer({"a": 1}).text("a.b") is None

    def test_an_object_can_be_given_a_place_of_its_own(self) -> None:
        found = answer({"a": {"b": 1}})
        assert (found.inside("a").where, found.inside("a", "part").where) == ("costs of 5 Sep", "part")
        assert found.inside("a", "part").reference == REFERENCE
        assert refusal(lambda: answer({"a": [1]}).inside("a")) == "costs of 5 Sep: a is [1]"

    def test_a_list_of_objects(self) -> None:
        rows = answer({"rows": [{"n": 1}, {"n": 2}]}).rows("rows")
        assert [row.count("n") for row in rows] == [1, 2] and {row.where for row in rows} == {"costs of 5 Sep"}
        assert answer({"rows": []}).rows("rows") == []
        for held in ([1], [{"n": 1}, 2], {"n": 1}, "x"):
            assert "rows is " in refusal(lambda held=held: answer({"rows": held}).rows("rows"))


class TestAnswers:
    @pytest.mark.parametrize("text", ["", "[]", "5", "null", "<html>", '{"a": 1', '"x"', "[" * 100_000])
    def test_what_is_no_object_is_refused_by_its_beginning(self, text: str) -> None:
        said = refusal(lambda: answer(text))
        assert said == f"costs of 5 Sep: the answer is no JSON object but {text[:60]!r}"

    def test_bytes_that_are_no_text_are_refused_too(self) -> None:
        assert "no JSON object" in refusal(lambda: fields_of(b"\xff\xfe{", "costs", REFERENCE))
