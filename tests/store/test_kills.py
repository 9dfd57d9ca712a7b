"""``kill -9`` at random moments of a load: the old state or the new one, whole, and readers that never notice.

25 kills, or as many as GLIDEPATH_KILLS says.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from costlib.store.question import Question
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import focus_row, write, write_csv

KILLS = int(os.environ.get("GLIDEPATH_KILLS", "25"))
RULES = "version: 1\nrules:\n  - {name: team tag, set: {x_Team: {tag: [team]}}}\n"
#: Loaders begin with all modules loaded, so that a kill hits the load and not the imports.
LOADERS = multiprocessing.get_context("forkserver")
ACCOUNTS = tuple("abc")


def bill(folder: Path, cost: int) -> Path:
    """A bill of three accounts and a row for quarantine; every row costs as much as said."""
    rows = [focus_row(BillingAccountId=name, BilledCost=str(cost)) for name in ACCOUNTS] * 50
    return write_csv(folder / str(cost) / "bill.csv", [*rows, focus_row(BilledCost="?")])


def load(root: str, path: str) -> None:
    Workspace(Path(root)).load([Path(path)])


def start(root: Path, path: Path) -> multiprocessing.process.BaseProcess:
    process = LOADERS.Process(target=load, args=(str(root), str(path)))
    process.start()
    return process


def timed(root: Path, path: Path) -> float:
    """Seconds of a load that nobody stops."""
    began = time.monotonic()
    start(root, path).join()
    return time.monotonic() - began


def known(root: Path) -> Decimal:
    """The cost a row of the published state has, checked from manifest to cube."""
    snapshot = Workspace(root).snapshot()
    (row,) = snapshot.reader.ask(Question(measure="BilledCost"))
    entries = [entry for part in snapshot.state.parts for entry in part.tie_outs]
    assert row.line_items == sum(entry.rows_loaded for entry in entries) == 50 * len(ACCOUNTS)
    assert row.amount == sum(entry.sums_store["BilledCost"] or 0 for entry in entries)
    assert sum(entry.rows_quarantined for entry in entries) == 1 and all(entry.tied_out for entry in entries)
    assert all((root / path).exists() for part in snapshot.state.parts for path in (part.path, part.quarantine) if path)
    assert row.amount is not None
    return row.amount / (50 * len(ACCOUNTS))


class Readers:
    """Threads that ask the store all along; ``faults`` holds what went wrong."""

    def __init__(self, root: Path, number: int = 1) -> None:
        self.faults: list[BaseException] = []
        self.asked = 0
        self._root, self._done = root, threading.Event()
        self._threads = [threading.Thread(target=self._look) for _ in range(number)]

    def _look(self) -> None:
        while not self._done.is_set():
            try:
                known(self._root)
            except BaseException as fault:
                self.faults.append(fault)
                return
            self.asked += 1
            time.sleep(0.03)

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()


def moments(duration: float, number: int) -> Sequence[float]:
    """Seconds into a load: spread over all of it and a little beyond, each at random within its stretch."""
    dice = random.Random(9)
    return [duration * 1.3 * (place + dice.random()) / number for place in dice.sample(range(number), number)]


def test_killed_at_any_moment_it_is_the_old_state_or_the_new_one(tmp_path):
    LOADERS.set_forkserver_preload(["costlib.workspace", "tests.store.test_kills"])
    root = tmp_path / "store"
    write(root / "rules.yaml", RULES)
    bills = {cost: bill(tmp_path, cost) for cost in (1, 2, 3)}
    start(root, bills[1]).join()
    with Readers(root) as readers:
        duration = max(timed(root, bills[cost]) for cost in (2, 3))
        held, ends = known(root), Counter[str]()
        for moment in moments(duration, KILLS):
            wanted = next(cost for cost in bills if cost != held)
            loader = start(root, bills[wanted])
            loader.join(timeout=moment)
            loader.kill()
            loader.join()
            found = known(root)
            assert found in (held, wanted), "neither the old state nor the new one"
            ends["new" if found == wanted else "old"] += 1
            held = found
    assert not readers.faults
    assert readers.asked > KILLS
    assert ends["old"] and ends["new"] and ends.total() == KILLS
    load(str(root), str(bills[1]))
    assert known(root) == 1
    print(f"{KILLS} kills in loads of {duration:.2f} s: {dict(ends)}, {readers.asked} questions meanwhile")


def test_two_loaders_of_which_one_is_killed_end_as_if_it_had_not_been(tmp_path):
    LOADERS.set_forkserver_preload(["costlib.workspace", "tests.store.test_kills"])
    root, alone = tmp_path / "store", tmp_path / "alone"
    for folder in (root, alone):
        write(folder / "rules.yaml", RULES)
    first, second = bill(tmp_path, 1), bill(tmp_path, 2)
    loaders = [start(root, first), start(root, second)]
    time.sleep(0.05)
    loaders[0].kill()
    for loader in loaders:
        loader.join(timeout=60)
    assert loaders[1].exitcode == 0 and known(root) == 2
    load(str(alone), str(second))
    assert Store(alone).current().generation == Store(root).current().generation
