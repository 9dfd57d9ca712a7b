"""Versions of the rule file: every text with who, when and why, and what was found in its place."""

from __future__ import annotations

import pytest

from costlib.errors import InputError
from costlib.state.file_versions import RATES, RULES, file_versions, keep_version
from costlib.state.records import State


def texts(state: State, name: str = RULES) -> list[str]:
    return [version.text for version in file_versions(state, name)]


def test_the_first_version_has_nothing_before_it(state: State) -> None:
    change = keep_version(state, RULES, "a", found=None, who="Ada", why="begin")
    (version,) = file_versions(state, RULES)
    assert (version.change, version.text, version.who, version.why) == (change, "a", "Ada", "begin")


def test_what_was_in_the_place_of_the_file_is_kept_once(state: State) -> None:
    keep_version(state, RULES, "b", found="a", who="Ada", why="mine")
    keep_version(state, RULES, "c", found="b", who="Ben", why="his")
    assert texts(state) == ["c", "b", "a"]


def test_a_change_from_outside_is_kept_before_it_is_replaced(state: State) -> None:
    keep_version(state, RULES, "b", found="a", who="Ada", why="mine")
    keep_version(state, RULES, "d", found="edited by hand", who="Ada", why="mine again")
    assert texts(state) == ["d", "edited by hand", "b", "a"]


def test_undo_takes_the_last_version_back(state: State) -> None:
    keep_version(state, RULES, "b", found="a", who="Ada", why="mine")
    change = keep_version(state, RULES, "c", found="b", who="Ada", why="worse")
    state.undo(change, who="Ben")
    assert texts(state)[0] == "b"
    keep_version(state, RULES, "d", found="b", who="Ada", why="better")
    assert texts(state)[:2] == ["d", "b"]


def test_files_do_not_know_each_other(state: State) -> None:
    keep_version(state, RULES, "rules", found=None, who="Ada", why="begin")
    keep_version(state, RATES, "rates", found=None, who="Ada", why="begin")
    assert (texts(state), texts(state, RATES)) == (["rules"], ["rates"])


@pytest.mark.parametrize(("who", "why"), [("Ada", ""), ("Ada", "  "), ("", "because"), (" ", "because")])
def test_nobody_and_no_reason_are_refused(state: State, who: str, why: str) -> None:
    with pytest.raises(InputError):
        keep_version(state, RULES, "a", found=None, who=who, why=why)
    assert texts(state) == []


@pytest.mark.parametrize("text", ["it's", "'; DROP TABLE glidepath_record; --", "a\n\tb\r\n", "✓ é 漢", ""])
def test_a_text_is_data(state: State, text: str) -> None:
    keep_version(state, RULES, text, found=None, who="Ada", why="begin")
    assert texts(state) == [text]
