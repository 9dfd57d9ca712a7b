"""Refusals: what happened, what was expected, one thing to do."""

from __future__ import annotations

import csv
import gzip
import inspect
import json
import zlib

import pytest

from costlib import errors
from costlib.errors import CostError, InputError, QueryError, StoreError, cause_words, did_you_mean

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CostError)]


@pytest.mark.parametrize("kind", ALL)
def test_a_message_is_three_sentences_and_each_can_be_asked_for(kind):
    error = kind("bill.csv has no rows.", expected="at least one line item.", fix="Export it again.")
    assert str(error) == "bill.csv has no rows. Expected: at least one line item. Export it again."
    assert (error.problem, error.expected, error.fix) == (
        "bill.csv has no rows.",
        "at least one line item.",
        "Export it again.",
    )


def test_what_is_not_said_leaves_no_gap():
    assert str(CostError("It broke")) == "It broke."
    assert str(CostError("It broke", fix="Mend it.")) == "It broke. Mend it."
    assert str(CostError("It broke", expected="whole things")) == "It broke. Expected: whole things."
    assert str(CostError("It broke", fix="")) == "It broke."


def test_every_class_stands_in_the_drawing_and_under_the_right_one():
    assert {kind.__name__ for kind in ALL} == {word for word in (errors.__doc__ or "").split() if word in vars(errors)}
    branches = {kind: kind.__mro__[1] for kind in ALL if kind is not CostError}
    assert set(branches.values()) == {CostError, InputError, StoreError}
    assert branches[QueryError] is CostError


@pytest.mark.parametrize(
    ("word", "hint"),
    [("x_Taem", "Did you mean x_Team?"), ("X_TEAM", "Did you mean x_Team?"), ("zzzz", ""), ("", "")],
)
def test_the_nearest_known_word(word, hint):
    assert did_you_mean(word, ["x_Team", "x_Model", "ServiceName"]) == hint


def test_nothing_is_known():
    assert did_you_mean("x_Team", []) == ""


def long_cell():
    """Read a cell that is longer than the limit, which is one for the whole process."""
    before = csv.field_size_limit(100_000)
    try:
        return list(csv.reader(["x" * 140_000]))
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda: json.loads('{"a": 1,\n "b" 2}'), "line 2, column 6 is not JSON"),
        (lambda: {}["dataFiles"], "there is no dataFiles"),
        (lambda: list(csv.reader(['"a,1'], strict=True)), "a quotation mark is not closed"),
        (lambda: list(csv.reader(['"a"b,1'], strict=True)), "text follows a quotation mark"),
        (long_cell, "a cell is longer than any should be"),
        (lambda: gzip.decompress(gzip.compress(b"words" * 99)[:-9]), "the compressed data breaks off"),
        (lambda: gzip.decompress(gzip.compress(b"words")[:-8] + b"12345678"), "the compressed data is corrupt"),
        (lambda: zlib.decompress(b"no zlib"), "the compressed data is corrupt"),
        (lambda: b"caf\xe9".decode(), "byte 4 is not UTF-8 text"),
        (lambda: json.loads("[" * 100_000), "it is nested too deep"),
        (lambda: list(5), "it has another shape"),
    ],
)
def test_what_a_reader_of_text_meets_is_said_in_words(read, words):
    with pytest.raises(Exception) as met:
        read()
    assert cause_words(met.value) == words
