"""Two editors and one record: the second is told who saved what and what to do; nothing is lost."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from costlib.errors import CostError
from costlib.state.errors import Conflict, Difference
from costlib.state.records import Put, State
from tests.state import savers

BEFORE = {"title": "Quantise", "saving": {"low": 0.2, "likely": 0.3}}
THEIRS = {"title": "Quantise", "saving": {"low": 0.2, "likely": 0.25}}
YOURS = {"title": "Quantise", "saving": {"low": 0.2, "likely": 0.4}, "owner": "ML"}


def processes():
    """A way to start processes that is quick: one that has read the libraries starts all others."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.state.savers", "psycopg", "sqlalchemy.dialects.sqlite"])
    return context


def test_the_second_editor_is_told_who_saved_what_and_what_to_do(state):
    state.put("initiative", "fraud/quantise", BEFORE, who="A")
    state.put("initiative", "fraud/quantise", THEIRS, who="Head of ML", expected=1)
    with pytest.raises(Conflict) as caught:
        state.put("initiative", "fraud/quantise", YOURS, who="B", expected=1)
    assert str(caught.value) == (
        "initiative fraud/quantise was saved by Head of ML on 2026-11-01 at 09:01 UTC and is now version 2: "
        "saving.likely is 0.25 there and 0.4 here; owner is not set there and ML here. "
        "Expected: version 1, as you saw it. "
        "Open it again and enter what you still want to change; nothing was saved."
    )
    assert caught.value.version == 2
    assert caught.value.differences == (
        Difference("saving.likely", before=0.3, theirs=0.25, yours=0.4),
        Difference("owner", before=None, theirs=None, yours="ML"),
    )
    assert isinstance(caught.value, CostError)
    assert state.get("initiative", "fraud/quantise").body == THEIRS
    assert state.sequence == 2


def test_creating_what_is_there_is_a_conflict(state):
    state.put("plan", "a", {"n": 1}, who="A")
    with pytest.raises(Conflict, match=r"plan a was saved by A .*: n is 1 there and 2 here\. Expected: a new one"):
        state.put("plan", "a", {"n": 2}, who="B")


def test_changing_what_was_removed_is_a_conflict(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.remove("plan", "a", who="C", expected=1)
    with pytest.raises(Conflict, match="plan a was removed by C on 2026-11-01 at 09:01 UTC") as caught:
        state.put("plan", "a", {"n": 2}, who="B", expected=1)
    assert caught.value.version is None


def test_an_old_version_stays_old_after_removal_and_creation(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.remove("plan", "a", who="A", expected=1)
    state.put("plan", "a", {"n": 2}, who="A")
    with pytest.raises(Conflict, match="is now version 3"):
        state.put("plan", "a", {"n": 3}, who="B", expected=1)


def test_changing_what_never_was_is_a_conflict(state):
    with pytest.raises(Conflict, match="plan a does not exist"):
        state.put("plan", "a", {}, who="A", expected=1)
    with pytest.raises(Conflict, match="plan a does not exist"):
        state.remove("plan", "a", who="A", expected=1)


def test_removing_another_version_is_a_conflict(state):
    state.put("plan", "a", {"n": 1}, who="A")
    state.put("plan", "a", {"n": 2}, who="B", expected=1)
    with pytest.raises(Conflict, match=r"saved by B on .* and is now version 2\. Expected: version 1"):
        state.remove("plan", "a", who="A", expected=1)


def test_of_200_saves_by_two_editors_100_are_saved_and_100_told(url):
    state = State(url)
    state.put_all([Put("plan", f"p{n}", {"n": n}) for n in range(100)], who="A", why="")
    together = threading.Barrier(2)

    def edit(who: str) -> tuple[set[str], set[str]]:
        saved, told = set(), set()
        for n in range(100):
            together.wait(timeout=30)
            try:
                state.put("plan", f"p{n}", {"n": n, "by": who}, who=who, expected=1)
                saved.add(f"p{n}")
            except Conflict:
                told.add(f"p{n}")
        return saved, told

    with ThreadPoolExecutor(2) as pool:
        (saved_a, told_a), (saved_b, told_b) = pool.map(edit, ["A", "B"])
    assert saved_a | saved_b == {f"p{n}" for n in range(100)}
    assert (saved_a, saved_b) == (told_b, told_a)
    held = {one.key: one for one in state.all("plan")}
    assert {key for key, one in held.items() if one.body["by"] == "A"} == saved_a
    assert {one.version for one in held.values()} == {2}
    assert state.sequence == 200
    state.close()


def test_200_additions_by_4_processes_are_all_counted(url):
    state = State(url)
    state.put("count", "visits", {"n": 0}, who="A")
    context = processes()
    running = []
    for who in "ABCD":
        here, there = context.Pipe()
        process = context.Process(target=savers.count_up, args=(url, who, 50, there))
        process.start()
        running.append((process, here))
    conflicts = sum(here.recv() for _, here in running)
    for process, here in running:
        process.join(30)
        assert process.exitcode == 0
        here.close()
        process.close()
    assert state.get("count", "visits").body["n"] == 200
    assert [one.after["n"] for one in state.history()] == list(range(200, -1, -1))
    assert state.sequence == 201
    assert conflicts > 0
    state.close()


def test_processes_that_open_an_empty_database_at_once_all_can(url):
    context = processes()
    running = []
    for _ in range(8):
        here, there = context.Pipe()
        process = context.Process(target=savers.open_at_once, args=(url, there))
        process.start()
        running.append((process, here))
    for _, here in running:
        here.send("go")
    assert [here.recv() for _, here in running] == [0] * 8
    for process, here in running:
        process.join(30)
        assert process.exitcode == 0
        here.close()
        process.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_writer_that_does_not_wait_for_its_turn_is_noticed_too(url):
    """Somebody changes the row with another tool between our read and our write: the version in the row decides."""
    state = State(url)
    other = State(url)
    state.put("plan", "a", {"n": 1}, who="A")

    def meddle(session: Session, *_: object) -> None:
        with other._engine.begin() as connection:
            connection.execute(text("UPDATE glidepath_record SET version = version + 1"))

    event.listen(Session, "before_flush", meddle, once=True)
    with pytest.raises(Conflict, match="Another program changed a record"):
        state.put("plan", "a", {"n": 2}, who="B", expected=1)
    assert state.get("plan", "a").body == {"n": 1}
    assert state.sequence == 1
    state.close()
    other.close()
