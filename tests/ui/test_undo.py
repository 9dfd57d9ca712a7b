"""Undo and bring back, on a real history: which change a press is about, in which words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from costlib.state.records import Entry, Put, State
from tests.pages.screen import plain
from ui.undo import line, made, reason, taken_back, undo_label, undo_reason, undo_told

AT = datetime(2026, 11, 3, 12, 3, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """Ana planned Agents (change 1) and Ben altered it (change 2)."""
    found = State(f"sqlite:///{tmp_path / 'state.db'}", now=lambda: AT)
    found.put("layer", "Agents", {"likely": 20}, who="Ana", why="planned")
    found.put("layer", "Agents", {"likely": 30}, who="Ben", why="changed", expected=1)
    yield found
    found.close()


def words(one: Entry) -> str:
    return f"{one.key} {one.why}"


def newest(state: State) -> tuple[Entry, list[Entry]]:
    history = state.history()
    return history[0], history


def test_the_reason_is_the_one_that_the_history_gives(state: State) -> None:
    state.undo(2, who="Cleo")
    assert newest(state)[0].why == undo_reason(2)


def test_a_change_is_undone_brought_back_and_undone_again(state: State) -> None:
    told = []
    for _ in range(3):
        one, history = newest(state)
        label = plain(undo_label(one, history, words))
        state.undo(one.seq, who="Cleo")
        told.append((label, undo_told(one, history, words), line(*newest(state), words)))
    undo = ("Undo: Agents changed, by Ben, 3 Nov 2026 12:03 UTC", "Undone: Agents changed", "undone: Agents changed")
    back = (undo[0].replace("Undo", "Bring back"), "Brought back: Agents changed", "brought back: Agents changed")
    assert told == [undo, back, undo]


def test_each_step_is_what_its_label_says(state: State) -> None:
    amounts = []
    for _ in range(3):
        state.undo(newest(state)[0].seq, who="Cleo")
        record = state.get("layer", "Agents")
        amounts.append(record and record.body["likely"])
    assert amounts == [20, 30, 20]


def test_a_change_of_somebody_is_in_their_words(state: State) -> None:
    one, history = newest(state)
    assert (taken_back(one, history), made(one, history)) == (None, (one, False))
    assert (line(one, history, words), reason(one, history)) == ("Agents changed", "changed")


def test_the_reason_of_an_undo_is_not_a_number(state: State) -> None:
    state.undo(2, who="Cleo")
    assert reason(*newest(state)) == ""


@pytest.mark.parametrize("why", [undo_reason(1), undo_reason(2), undo_reason(3), undo_reason(99), "undo of change"])
def test_who_only_writes_so_has_taken_nothing_back(state: State, why: str) -> None:
    state.put("layer", "Agents", {"likely": 40}, who="Mallory", why=why, expected=2)
    one, history = newest(state)
    assert line(one, history, words) == f"Agents {why}" and reason(one, history) == why


def test_the_same_reason_beside_another_record_is_no_undo(state: State) -> None:
    state.put("layer", "Voice", {"likely": 20}, who="Ana", why=undo_reason(2))
    assert taken_back(*newest(state)) is None


def test_what_was_saved_together_is_taken_back_together(state: State) -> None:
    state.put_all([Put("layer", name, {"likely": 1}) for name in ("Voice", "Search")], who="Ana", why="imported")
    state.undo(4, who="Ben", together=True)
    history = state.history()
    found = {one.key: taken_back(one, history) for one in history[:2]}
    assert {name: one and one.seq for name, one in found.items()} == {"Voice": 3, "Search": 4}
    lines = sorted(line(one, history, words) for one in history[:2])
    assert lines == ["undone: Search imported", "undone: Voice imported"]


def test_long_words_are_cut_on_the_button_alone(state: State) -> None:
    one, history = newest(state)
    label = plain(undo_label(one, history, lambda _: "word " * 60))
    assert label.endswith("word…, by Ben, 3 Nov 2026 12:03 UTC") and len(label) < 130
    assert len(undo_told(one, history, lambda _: "word " * 60)) > 300


def test_words_are_shown_letter_by_letter(state: State) -> None:
    one, history = newest(state)
    assert "<b>" not in undo_label(one, history, lambda _: "<b>$5</b>")
