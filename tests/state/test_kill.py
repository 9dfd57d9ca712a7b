"""A process that is killed while it saves leaves the old or the new, whole, with its history."""

from __future__ import annotations

import random
import sqlite3
import time

import pytest

from costlib.state.records import State
from tests.state import savers
from tests.state.test_conflicts import processes

KILLS = 20


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_killed_save_is_old_or_new_and_whole(url, tmp_path):
    draw = random.Random(7)
    context = processes()
    state = State(url)
    seen = []
    for _ in range(KILLS):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=savers.save_pairs, args=(url, there))
        process.start()
        there.close()
        told = here.recv()
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        process.join(30)
        assert process.exitcode == -9
        here.close()
        process.close()
        one, other = state.all("pair")
        assert one.body == other.body
        assert one.body["n"] >= told
        newest = state.history()
        assert [entry.after["n"] for entry in newest[:2]] == [one.body["n"]] * 2
        assert state.sequence == len(newest) == 2 * one.body["n"]
        seen.append(one.body["n"])
    assert seen == sorted(seen)
    state.close()
    if url.startswith("sqlite"):
        with sqlite3.connect(tmp_path / "state.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()
