"""Records: what is saved is what is read, every change leaves its entry, and a change can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.records import Entry, Put, Record, State, View

NINE = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
TEXT = st.text(max_size=8)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def test_a_new_record_has_version_1_and_one_entry(state):
    saved = state.put("plan", "fraud", {"name": "Fraud"}, who="Head of ML", why="first draft")
    assert saved == Record("plan", "fraud", 1, {"name": "Fraud"}, NINE, "Head of ML")
    assert state.get("plan", "fraud") == saved
    assert state.history() == [Entry(1, NINE, "Head of ML", "first draft", "plan", "fraud", None, {"name": "Fraud"}, 1)]


def test_nothing_saved_is_nothing_found(state):
    assert (state.get("plan", "fraud"), state.all("plan"), state.history(), state.sequence) == (None, [], [], 0)


def test_all_gives_living_records_of_one_kind_by_key(state):
    state.put_all([Put("plan", key, {"n": n}) for n, key in enumerate("cab")], who="A", why="")
    state.put("decision", "a", {}, who="A")
    state.remove("plan", "b", who="A", expected=1)
    assert [one.key for one in state.all("plan")] == ["a", "c"]
    assert state.view("plan", "decision") == View(5, (*state.all("decision"), *state.all("plan")))


def test_the_sequence_counts_every_change(state):
    state.put_all([Put("plan", "a", {}), Put("plan", "b", {})], who="A", why="two")
    state.put("plan", "a", {"n": 1}, who="B", expected=1)
    assert state.sequence == 3
    assert [(one.seq, one.key) for one in state.history()] == [(3, "a"), (2, "b"), (1, "a")]
    assert [one.seq for one in state.history("plan", "a")] == [3, 1]
    assert state.history("decision") == []


def test_a_removed_record_keeps_its_history_and_its_versions(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.remove("plan", "a", who="B", why="twice there", expected=1)
    assert state.get("plan", "a") is None
    assert state.history()[0] == Entry(2, NINE.replace(minute=1), "B", "twice there", "plan", "a", {"n": 1}, None, 2)
    assert state.put("plan", "a", {"n": 2}, who="C").version == 3


def test_several_changes_are_made_or_none_is(state):
    state.put("plan", "b", {"n": 1}, who="A")
    with pytest.raises(Conflict):
        state.put_all([Put("plan", "a", {"n": 2}), Put("plan", "b", {"n": 2}, expected=7)], who="B", why="")
    assert state.get("plan", "a") is None
    assert (state.sequence, len(state.history())) == (1, 1)
    assert state.put("plan", "a", {}, who="B").version == 1


def test_one_save_can_remove_and_create(state):
    state.put("plan", "old", {"n": 1}, who="A")
    saved = state.put_all([Put("plan", "old", None, expected=1), Put("plan", "new", {"n": 1})], who="A", why="renamed")
    assert [one.key for one in saved] == ["new"] == [one.key for one in state.all("plan")]


def test_a_record_stands_once_in_a_save(state):
    with pytest.raises(InputError, match="stands twice"):
        state.put_all([Put("plan", "a", {}), Put("plan", "a", {"n": 1})], who="A", why="")


def test_undo_puts_back_what_was_changed(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.put("plan", "a", {"n": 2}, who="B", expected=1)
    assert state.undo(2, who="A").body == {"n": 1}
    newest = state.history()[0]
    assert (newest.seq, newest.who, newest.why) == (3, "A", "undo of change 2")
    assert (newest.before, newest.after) == ({"n": 2}, {"n": 1})


def test_undo_of_a_creation_removes_and_undo_of_that_brings_it_back(state):
    state.put("plan", "a", {"n": 1}, who="A")
    assert state.undo(1, who="A") is None
    assert state.all("plan") == []
    back = state.undo(2, who="A")
    assert (back.body, back.version) == ({"n": 1}, 3)


def test_undo_is_refused_where_the_record_was_changed_since(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.put("plan", "a", {"n": 2}, who="B", expected=1)
    state.put("plan", "a", {"n": 3}, who="C", expected=2)
    with pytest.raises(Conflict, match=r"plan a was saved by C on 2026-11-01 at 09:02 UTC"):
        state.undo(2, who="A")
    assert state.get("plan", "a").body == {"n": 3}


def test_changes_are_undone_one_after_the_other_back_to_the_first(state):
    numbers = iter(range(10_000))

    @settings(max_examples=20)
    @given(st.lists(st.dictionaries(TEXT, st.integers(0, 2), max_size=1), min_size=1, max_size=6))
    def undone(bodies):
        key = f"key {next(numbers)}"
        for version, body in enumerate(bodies):
            state.put("any", key, body, who="A", expected=version or None)
        changes = state.history("any", key)
        for entry, before in zip(changes, [*bodies[-2::-1], None], strict=True):
            found = state.undo(entry.seq, who="B")
            assert (found and found.body) == before
        assert state.get("any", key) is None

    undone()


def test_an_undo_in_the_middle_is_refused_until_what_came_after_it_is_undone(state):
    for version, number in enumerate((1, 2, 3)):
        state.put("plan", "a", {"n": number}, who="A", expected=version or None)
    with pytest.raises(Conflict, match="is now version 3"):
        state.undo(2, who="B")
    state.undo(3, who="B")
    assert state.undo(2, who="B").body == {"n": 1}
    with pytest.raises(Conflict, match="is now version 5"):
        state.undo(2, who="B")


def test_a_conflict_says_what_happened_for_those_who_call_the_record_otherwise(state):
    """A kind and a key as long as they like, by somebody of any name."""
    state.put("plan", "a b UTC", {"n": 1}, who="Ada of UTC: Ltd")
    with pytest.raises(Conflict) as saved:
        state.put("plan", "a b UTC", {"n": 2}, who="B")
    assert saved.value.event == "was saved by Ada of UTC: Ltd on 2026-11-01 at 09:00 UTC"
    state.remove("plan", "a b UTC", who="C", expected=1)
    with pytest.raises(Conflict) as removed:
        state.put("plan", "a b UTC", {"n": 2}, who="B", expected=1)
    assert str(removed.value.event).startswith("was removed by C on 2026-11-01")
    with pytest.raises(Conflict) as never:
        state.put("plan", "c", {"n": 2}, who="B", expected=1)
    assert never.value.event is None


def test_undo_of_a_removal_is_refused_once_it_was_created_and_removed_again(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.remove("plan", "a", who="A", expected=1)
    state.put("plan", "a", {"n": 2}, who="B")
    state.remove("plan", "a", who="B", expected=3)
    with pytest.raises(Conflict, match="was removed by B"):
        state.undo(2, who="A")
    assert state.undo(4, who="A").body == {"n": 2}


def test_undo_of_one_change_of_several_leaves_the_others_and_together_takes_all(state):
    state.put_all([Put("plan", "a", {"n": 1}), Put("plan", "b", {"n": 1})], who="A", why="both")
    assert [one.batch for one in state.history()] == [1, 1]
    state.undo(1, who="A")
    assert [one.key for one in state.all("plan")] == ["b"]
    with pytest.raises(Conflict):
        state.undo(2, who="A", together=True)
    state.undo(3, who="A")
    state.put_all([Put("plan", "a", {"n": 2}, 3), Put("plan", "b", None, 1)], who="A", why="both")
    assert state.undo(6, who="A", together=True).body == {"n": 1}
    assert [(one.key, one.body) for one in state.all("plan")] == [("a", {"n": 1}), ("b", {"n": 1})]
    assert [one.batch for one in state.history()[:2]] == [7, 7]


def test_a_check_sees_what_would_be_and_can_refuse_it(state):
    def refuse(look):
        assert [one.body for one in look("plan").records] == [{"n": 1}]
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        state.put_all([Put("plan", "a", {"n": 1})], who="A", check=refuse)
    assert (state.all("plan"), state.sequence) == ([], 0)


def test_undo_of_what_is_not_in_the_history_is_refused(state):
    with pytest.raises(InputError, match="There is no change 4"):
        state.undo(4, who="A")


def test_money_and_dates_are_kept_as_text(state):
    state.put("plan", "a", {"amount": Decimal("1234567.80"), "day": date(2026, 3, 1)}, who="A")
    assert state.get("plan", "a").body == {"amount": "1234567.8", "day": "2026-03-01"}


def test_yes_in_place_of_1_is_a_change(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.put("plan", "a", {"n": True}, who="A", expected=1)
    assert state.get("plan", "a").body["n"] is True


def test_what_was_handed_in_is_not_held_on_to(state):
    body = {"list": [1]}
    saved = state.put("plan", "a", body, who="A")
    body["list"].append(2)
    saved.body["list"].append(3)
    assert state.get("plan", "a").body == {"list": [1]}


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": Decimal("NaN")}, {"a": {1, 2}}, {"a": b"bytes"}])
def test_what_json_cannot_hold_is_refused(state, body):
    with pytest.raises(InputError, match="A record cannot hold this"):
        state.put("plan", "a", body, who="A")
    assert state.sequence == 0


@pytest.mark.parametrize(
    ("kind", "key", "who", "why"),
    [("", "a", "A", ""), ("plan", " ", "A", ""), ("plan", "a", "", ""), ("plan", "a\x00", "A", ""),
     ("plan", "a", "\ud800", ""), ("plan", "a", "A", "\x00")],
)  # fmt: skip
def test_a_name_that_cannot_be_shown_is_refused(state, kind, key, who, why):
    with pytest.raises(InputError, match="Expected: text for"):
        state.put(kind, key, {}, who=who, why=why)
    assert state.sequence == 0


def test_another_opener_sees_the_same(url):
    one, other = State(url), State(url)
    one.put("plan", "a", {"n": 1}, who="A")
    assert other.get("plan", "a") == one.get("plan", "a")
    one.close()
    assert one.sequence == 1
    one.close()
    other.close()


def test_any_json_is_read_back_as_it_was_saved(url):
    state = State(url)
    numbers = iter(range(10_000))

    @settings(max_examples=40)
    @given(st.dictionaries(TEXT, JSON_VALUES, max_size=4))
    def saved_is_read(body):
        key = f"key {next(numbers)}"
        assert state.put("any", key, body, who="A").body == body
        assert repr(state.get("any", key).body) == repr(body)

    saved_is_read()
    state.close()


def test_replaying_the_history_gives_the_state(url):
    """Whatever is done, the newest entry of each record is what is saved, and the sequence is the number of entries."""
    state = State(url)

    @settings(max_examples=15)
    @given(st.lists(st.tuples(st.sampled_from(["put", "remove", "undo"]), st.sampled_from("ab"), st.integers(1, 9))))
    def replayed(steps):
        for action, key, number in steps:
            found = state.get("replay", key)
            if action == "put":
                state.put("replay", key, {"n": number}, who="A", expected=found.version if found else None)
            elif action == "remove" and found:
                state.remove("replay", key, who="A", expected=found.version)
            elif action == "undo" and state.history("replay", key):
                state.undo(state.history("replay", key)[0].seq, who="A")
        latest = {one.key: one.after for one in reversed(state.history("replay"))}
        assert {one.key: one.body for one in state.all("replay")} == {k: v for k, v in latest.items() if v is not None}
        assert [one.seq for one in state.history()] == list(range(state.sequence, 0, -1))

    replayed()
    state.close()
