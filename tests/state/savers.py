"""What the tests' other processes do: save, again and again, until told to stop or killed."""

from __future__ import annotations

from multiprocessing.connection import Connection

from costlib.state.errors import Conflict
from costlib.state.records import Put, Record, State


def save_pairs(url: str, started: Connection) -> None:
    """Save two records with one number, the next one each time, without end; tell once when it has begun."""
    state = State(url)
    version = state.sequence // 2
    while True:
        version += 1
        body = {"n": version, "padding": "x" * 20_000}
        state.put_all([Put("pair", key, body, expected(state.get("pair", key))) for key in "ab"], who="A", why="")
        if not started.closed:
            started.send(version)
            started.close()


def expected(record: Record | None) -> int | None:
    return record.version if record else None


def count_up(url: str, who: str, times: int, told: Connection) -> None:
    """Add 1 to a counter ``times`` times, reading it again after each conflict; tell how many conflicts there were."""
    state = State(url)
    conflicts = done = 0
    while done < times:
        seen = state.get("count", "visits")
        try:
            state.put("count", "visits", {"n": seen.body["n"] + 1, "by": who}, who=who, expected=seen.version)
            done += 1
        except Conflict:
            conflicts += 1
    state.close()
    told.send(conflicts)


def open_at_once(url: str, told: Connection) -> None:
    """Open the state and save one record under the process's own name."""
    told.recv()
    state = State(url)
    told.send(state.sequence)
    state.close()
