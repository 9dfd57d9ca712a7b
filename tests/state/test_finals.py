"""Final marks: finance alone, with a reason where money does not tie out, never overwritten unseen."""

from __future__ import annotations

import pytest

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.finals import KIND, Mark, history, mark_final, mark_of, take_back
from costlib.state.records import State
from costlib.state.roles import NotAllowed

FRAUD = ("one-pager", "fraud")
UNTIED = "$12.0K of the bill is not in these figures"


def test_without_a_mark_there_is_none(state: State) -> None:
    assert mark_of(state, *FRAUD) is None
    assert history(state, *FRAUD) == []


def test_a_mark_is_kept_with_who_when_and_what_was_marked(state: State) -> None:
    mark_final(state, *FRAUD, Mark(digest="ab12"), who="Ada", role="finance")
    found = mark_of(state, *FRAUD)
    assert found and (found.mark, found.who) == (Mark(digest="ab12"), "Ada")
    assert found.at.isoformat() == "2026-11-01T09:00:00+00:00"
    assert mark_of(state, "deck", "fraud") is mark_of(state, "one-pager", "company") is None


@pytest.mark.parametrize("role", ["viewer", "lead", "admin"])
def test_only_finance_marks_and_takes_back(state: State, role: str) -> None:
    with pytest.raises(NotAllowed, match=f"not marked final by an? {role}"):
        mark_final(state, *FRAUD, Mark(digest="ab12"), who="Ada", role=role)  # type: ignore[arg-type]
    mark_final(state, *FRAUD, Mark(digest="ab12"), who="Ada", role="finance")
    with pytest.raises(NotAllowed):
        take_back(state, *FRAUD, who="Ben", role=role, expected=1)  # type: ignore[arg-type]
    assert mark_of(state, *FRAUD)


@pytest.mark.parametrize("reason", ["", "  "])
def test_untied_money_needs_a_reason(state: State, reason: str) -> None:
    with pytest.raises(InputError, match=r"without a reason while \$12.0K of the bill"):
        mark_final(state, *FRAUD, Mark(digest="ab12", reason=reason, untied=UNTIED), who="Ada", role="finance")
    assert state.sequence == 0
    mark_final(state, *FRAUD, Mark(digest="ab12", reason="Vendor pays", untied=UNTIED), who="Ada", role="finance")
    (entry,) = history(state, *FRAUD)
    assert (entry.why, entry.who) == ("Vendor pays", "Ada")


def test_taken_back_it_is_a_draft_and_the_history_keeps_both(state: State) -> None:
    mark_final(state, *FRAUD, Mark(digest="ab12", reason="checked"), who="Ada", role="finance")
    take_back(state, *FRAUD, who="Ben", role="finance", expected=1)
    assert mark_of(state, *FRAUD) is None
    assert [(one.who, one.why) for one in history(state, *FRAUD)] == [("Ben", "a draft again"), ("Ada", "checked")]


def test_who_did_not_see_the_mark_does_not_overwrite_it(state: State) -> None:
    mark_final(state, *FRAUD, Mark(digest="ab12"), who="Ada", role="finance")
    with pytest.raises(Conflict, match="saved by Ada"):
        mark_final(state, *FRAUD, Mark(digest="cd34"), who="Ben", role="finance")
    mark_final(state, *FRAUD, Mark(digest="cd34"), who="Ben", role="finance", expected=1)
    found = mark_of(state, *FRAUD)
    assert found and (found.mark.digest, found.version) == ("cd34", 2)


def test_a_mark_that_cannot_be_read_says_which(state: State) -> None:
    state.put(KIND, '["one-pager", "fraud"]', {"seal": "ab12"}, who="another program")
    with pytest.raises(InputError, match=r"final mark .*fraud.* cannot be read"):
        mark_of(state, *FRAUD)
