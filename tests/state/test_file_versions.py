"""Versions of the rule file: every text with who, when and why, and what was found in its place."""

from __future__ import annotations

import pytest

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.file_versions import RATES, RULES, file_versions, keep_version, opened_file, overtaken
from costlib.state.records import State


def kept(state: State, name: str, text: str, *, found: str | None, who: str, why: str) -> int:
    """Keep a version of a file that was opened in the same moment."""
    return keep_version(state, name, text, opened=opened_file(state, name, found), found=found, who=who, why=why)


def texts(state: State, name: str = RULES) -> list[str]:
    return [version.text for version in file_versions(state, name)]


def test_the_first_version_has_nothing_before_it(state: State) -> None:
    change = kept(state, RULES, "a", found=None, who="Ada", why="begin")
    (version,) = file_versions(state, RULES)
    assert (version.change, version.text, version.who, version.why) == (change, "a", "Ada", "begin")


def test_what_was_in_the_place_of_the_file_is_kept_once(state: State) -> None:
    kept(state, RULES, "b", found="a", who="Ada", why="mine")
    kept(state, RULES, "c", found="b", who="Ben", why="his")
    assert texts(state) == ["c", "b", "a"]


def test_a_change_from_outside_is_kept_before_it_is_replaced(state: State) -> None:
    kept(state, RULES, "b", found="a", who="Ada", why="mine")
    kept(state, RULES, "d", found="edited by hand", who="Ada", why="mine again")
    assert texts(state) == ["d", "edited by hand", "b", "a"]


def test_undo_takes_the_last_version_back(state: State) -> None:
    kept(state, RULES, "b", found="a", who="Ada", why="mine")
    change = kept(state, RULES, "c", found="b", who="Ada", why="worse")
    state.undo(change, who="Ben")
    assert texts(state)[0] == "b"
    kept(state, RULES, "d", found="b", who="Ada", why="better")
    assert texts(state)[:2] == ["d", "b"]


def test_files_do_not_know_each_other(state: State) -> None:
    kept(state, RULES, "rules", found=None, who="Ada", why="begin")
    kept(state, RATES, "rates", found=None, who="Ada", why="begin")
    assert (texts(state), texts(state, RATES)) == (["rules"], ["rates"])


@pytest.mark.parametrize(("who", "why"), [("Ada", ""), ("Ada", "  "), ("", "because"), (" ", "because")])
def test_nobody_and_no_reason_are_refused(state: State, who: str, why: str) -> None:
    with pytest.raises(InputError):
        kept(state, RULES, "a", found=None, who=who, why=why)
    assert texts(state) == []


@pytest.mark.parametrize("text", ["it's", "'; DROP TABLE glidepath_record; --", "a\n\tb\r\n", "✓ é 漢", ""])
def test_a_text_is_data(state: State, text: str) -> None:
    kept(state, RULES, text, found=None, who="Ada", why="begin")
    assert texts(state) == [text]


class TestOvertaken:
    """Ben opened the file on "a"; what was saved or changed since is told, and nothing of it is written over."""

    def test_who_saved_and_when_is_told_and_nothing_is_written(self, state: State) -> None:
        opened = opened_file(state, RULES, "a")
        kept(state, RULES, "hers", found="a", who="Ada", why="mine")
        with pytest.raises(Conflict) as told:
            keep_version(state, RULES, "his", opened=opened, found="hers", who="Ben", why="his")
        assert told.value.problem.startswith("The file of rules was saved by Ada on 2026-11-01 at 09:0")
        (differs,) = told.value.differences
        assert (differs.before, differs.theirs, differs.yours) == ("a", "hers", "his")
        assert texts(state) == ["hers", "a"]

    def test_a_version_that_is_still_being_published_counts(self, state: State) -> None:
        opened = opened_file(state, RULES, "a")
        kept(state, RULES, "hers", found="a", who="Ada", why="mine")
        with pytest.raises(Conflict, match="saved by Ada"):
            keep_version(state, RULES, "his", opened=opened, found="a", who="Ben", why="his")

    def test_a_version_that_was_taken_back_does_not(self, state: State) -> None:
        opened = opened_file(state, RULES, "a")
        state.undo(kept(state, RULES, "hers", found="a", who="Ada", why="mine"), who="Ada")
        keep_version(state, RULES, "his", opened=opened, found="a", who="Ben", why="his")
        assert texts(state)[0] == "his"

    def test_a_file_that_was_changed_by_hand(self, state: State) -> None:
        opened = opened_file(state, RATES, "a")
        found = overtaken(state, RATES, "his", opened=opened, found="by hand")
        assert found is not None
        assert found.problem == "The file of internal rates was changed outside Glidepath since you opened it"

    def test_a_file_that_was_none_when_it_was_opened(self, state: State) -> None:
        opened = opened_file(state, RULES, None)
        kept(state, RULES, "hers", found=None, who="Ada", why="first")
        with pytest.raises(Conflict, match="saved by Ada"):
            keep_version(state, RULES, "his", opened=opened, found="hers", who="Ben", why="his")
