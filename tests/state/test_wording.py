"""Readers' words in documents: kept sentence by sentence with name and time, taken back, never overwritten unseen."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.records import State
from costlib.state.wording import last_change, reword, reworded

FRAUD = ("one-pager", "fraud")


def words(state: State, document: str = "one-pager", story: str = "fraud") -> dict[str, str]:
    return {name: one.template for name, one in reworded(state, document, story).items()}


def save(state: State, who: str = "Ada", **changed: str | None) -> None:
    """Save as a reader does who looked at what is there now."""
    seen = {name: one.version for name, one in reworded(state, *FRAUD).items()}
    reword(state, *FRAUD, changed, seen=seen, who=who)


def test_a_sentence_is_kept_with_who_and_when(state: State) -> None:
    save(state, ask="Approve {one-off}")
    (found,) = reworded(state, *FRAUD).values()
    assert (found.sentence, found.template, found.who) == ("ask", "Approve {one-off}", "Ada")
    assert found.at.isoformat() == "2026-11-01T09:00:00+00:00"


def test_documents_and_stories_have_words_of_their_own(state: State) -> None:
    save(state, ask="Approve {one-off}")
    assert words(state, "deck", "fraud") == words(state, "one-pager", "search") == {}


def test_names_that_hold_each_others_signs_are_told_apart(state: State) -> None:
    reword(state, 'a", "b', "c", {"x": "one"}, seen={}, who="Ada")
    reword(state, "a", 'b", "c', {"x": "two"}, seen={}, who="Ada")
    assert words(state, 'a", "b', "c") == {"x": "one"}
    assert words(state, "a", 'b", "c') == {"x": "two"}


def test_back_to_our_words_removes_theirs_and_the_history_keeps_them(state: State) -> None:
    save(state, ask="Approve {one-off}")
    save(state, who="Ben", ask=None)
    assert words(state) == {}
    last = last_change(state, *FRAUD)
    assert last and (last.who, last.before, last.after) == ("Ben", {"template": "Approve {one-off}"}, None)


def take_back(state: State) -> None:
    """Undo the last change of the words with everything that was saved with it, as the page does."""
    last = last_change(state, *FRAUD)
    assert last
    state.undo(last.seq, who="Ada", together=True)


def test_ours_stay_ours(state: State) -> None:
    save(state, ask=None)
    assert state.sequence == 0


def test_undo_brings_back_all_that_was_saved_together(state: State) -> None:
    save(state, ask="First", headline="First")
    save(state, who="Ben", ask="Second", headline=None, today="Second")
    assert words(state) == {"ask": "Second", "today": "Second"}
    take_back(state)
    assert words(state) == {"ask": "First", "headline": "First"}


def test_undo_of_an_undo_brings_the_words_back(state: State) -> None:
    save(state, ask="First")
    take_back(state)
    assert words(state) == {}
    take_back(state)
    assert words(state) == {"ask": "First"}


def test_undo_leaves_other_documents_alone(state: State) -> None:
    save(state, ask="First")
    reword(state, "deck", "fraud", {"ask": "Theirs"}, seen={}, who="Ben")
    take_back(state)
    assert words(state) == {} and words(state, "deck") == {"ask": "Theirs"}


def test_nothing_is_the_last_change_of_a_document_in_our_words(state: State) -> None:
    assert (state.sequence, last_change(state, *FRAUD)) == (0, None)


def test_two_readers_of_different_sentences_never_meet(state: State) -> None:
    reword(state, *FRAUD, {"ask": "Ada's"}, seen={}, who="Ada")
    reword(state, *FRAUD, {"headline": "Ben's"}, seen={}, who="Ben")
    assert words(state) == {"ask": "Ada's", "headline": "Ben's"}


def test_the_second_of_two_who_saw_the_same_is_told_and_nothing_of_theirs_is_saved(state: State) -> None:
    save(state, ask="First")
    seen = {name: one.version for name, one in reworded(state, *FRAUD).items()}
    reword(state, *FRAUD, {"ask": "Ada's"}, seen=seen, who="Ada")
    with pytest.raises(Conflict, match="Ada"):
        reword(state, *FRAUD, {"headline": "Ben's", "ask": "Ben's"}, seen=seen, who="Ben")
    assert words(state) == {"ask": "Ada's"}


def test_words_that_no_database_takes_are_refused(state: State) -> None:
    with pytest.raises(InputError):
        save(state, who=" ", ask="First")
    assert words(state) == {}


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(template=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_any_words_come_back_as_they_were(template: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    state = State(f"sqlite:///{tmp_path_factory.mktemp('words')}/state.db")
    save(state, ask=template)
    assert words(state) == {"ask": template}
    state.close()
