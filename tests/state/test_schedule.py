"""The schedule: what is made again, what was made last, and two people who change it."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.records import State
from costlib.state.schedule import KIND, Made, Scheduled, entries, note_made, schedule, unschedule

FRAUD = Scheduled(document="one-pager", story="fraud", endings=("pdf", "pptx"))
WEB = Scheduled(document="statement", team="Web", every="month")
MADE = Made(digest="ab12", files=("fraud.pdf",), data_date=date(2026, 10, 20), closed=date(2026, 9, 1))


def names(state: State) -> list[str]:
    return [one.wanted.name for one in entries(state)]


def test_an_empty_schedule_has_no_entry(state: State) -> None:
    assert entries(state) == []


def test_entries_come_back_as_they_were_given_by_name(state: State) -> None:
    schedule(state, WEB, who="Ada")
    schedule(state, FRAUD, who="Ada")
    assert [one.wanted for one in entries(state)] == [FRAUD, WEB]
    assert [one.made for one in entries(state)] == [None, None]


def test_the_same_document_again_replaces_its_entry(state: State) -> None:
    schedule(state, WEB, who="Ada")
    schedule(state, WEB, who="Ben")
    assert state.sequence == 1  # nothing changed
    schedule(state, WEB.model_copy(update={"every": "change"}), who="Ben")
    (entry,) = entries(state)
    assert (entry.wanted.every, entry.version) == ("change", 2)


def test_another_paper_or_team_is_another_document(state: State) -> None:
    for changed in ({}, {"team": "Ads"}, {"paper": "letter"}, {"palette": "print"}, {"logo": False}):
        schedule(state, WEB.model_copy(update=changed), who="Ada")
    assert len(entries(state)) == 5
    assert "statement, Ads" in names(state) and "statement, Web, letter" in names(state)


def test_what_was_made_last_stays_when_the_entry_changes(state: State) -> None:
    schedule(state, WEB, who="Ada")
    note_made(state, WEB, MADE, who="the schedule")
    schedule(state, WEB.model_copy(update={"endings": ("pptx",)}), who="Ada")
    (entry,) = entries(state)
    assert entry.made == MADE
    note_made(state, WEB, MADE.model_copy(update={"digest": "cd34"}), who="the schedule")
    assert (made := entries(state)[0].made) and made.digest == "cd34"


def test_who_did_not_see_a_change_does_not_remove_it(state: State) -> None:
    schedule(state, WEB, who="Ada")
    (seen,) = entries(state)
    schedule(state, WEB.model_copy(update={"every": "change"}), who="Ben")
    with pytest.raises(Conflict, match="saved by Ben"):
        unschedule(state, seen, who="Ada")
    unschedule(state, entries(state)[0], who="Ada")
    assert entries(state) == []


def test_an_entry_that_cannot_be_read_says_which(state: State) -> None:
    state.put(KIND, "poem", {"document": "deck", "every": "noon"}, who="another program")
    with pytest.raises(InputError, match="The schedule's poem cannot be read"):
        entries(state)
