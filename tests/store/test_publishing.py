"""A load is seen whole or not at all: after a crash at any step, and by readers while it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.errors import EmptyStore, StoreBusy, StoreError, TieOutError
from costlib.store import cube_file, load, lock
from costlib.store import store as publication
from costlib.store.cube import RESOURCE_DAYS
from costlib.store.delivery import Delivery
from costlib.store.lock import loader_lock
from costlib.store.manifest import Manifest
from costlib.store.question import Question
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import TEAM_RULES, cube_rows, focus_row, load_into, opened, ruleset, write, write_csv

REPOSITORY = Path(__file__).parents[2]
RULES_TEXT = "version: 1\nrules:\n  - {name: team tag, set: {x_Team: {tag: [team]}}}\n"


class Crash(BaseException):
    """The process ends here: nothing may catch it."""


def crash_before(monkeypatch, owner, name, call):
    """Make the numbered call of the function the last thing that happens, before it does anything."""
    whole, calls = getattr(owner, name), iter(range(1, 100))

    def counted(*arguments, **named):
        if next(calls) == call:
            raise Crash(f"before {name} {call}")
        return whole(*arguments, **named)

    monkeypatch.setattr(owner, name, counted)


def count_calls(monkeypatch, owner, name, calls):
    """Note the name of every call."""
    whole = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *given, **named: calls.append(name) or whole(*given, **named))


#: Every step of the load below that leaves something on disk, in order: parts, quarantine, cube, snapshot, manifest.
STEPS = [
    (Delivery, "write_part", 1),
    (os, "fsync", 1),
    (load, "write_quarantine", 1),
    (os, "fsync", 2),
    (Delivery, "write_part", 2),
    (os, "fsync", 3),
    (cube_file, "fill", 1),
    (cube_file, "_check", 1),
    (os, "fsync", 4),
    (Path, "replace", 1),
    (os, "fsync", 5),
    (os, "fsync", 6),
    (Path, "replace", 2),
    (os, "fsync", 7),
    (os, "fsync", 8),
    (Path, "replace", 3),
]
AFTER_PUBLICATION = [(os, "fsync", 9), (publication, "prune", 1)]


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A store of one bill, a restated bill with a row for quarantine, and the generation that it makes."""
    folder = tmp_path_factory.mktemp("crash")
    bill = write_csv(folder / "old" / "bill.csv", [focus_row(), focus_row(BillingAccountId="2")])
    load_into(folder / "store", bill)
    rows = [focus_row(BilledCost="7"), focus_row(BilledCost="x"), focus_row(BillingAccountId="2")]
    restated = write_csv(folder / "new" / "bill.csv", rows)
    shutil.copytree(folder / "store", folder / "whole")
    load_into(folder / "whole", restated)
    return folder / "store", restated, Store(folder / "whole").current().generation


def of(step: object) -> str:
    """A step's part of a test's name."""
    return str(getattr(step, "__name__", step))


class TestCrash:
    @pytest.mark.parametrize(("owner", "name", "call"), STEPS, ids=of)
    def test_the_old_state_stays(self, tmp_path, before, monkeypatch, owner, name, call):
        store, restated, _ = before
        root = Path(shutil.copytree(store, tmp_path / "store"))
        manifest = (root / "manifest.json").read_bytes()
        with pytest.raises(Crash):
            crash_before(monkeypatch, owner, name, call)
            load_into(root, restated)
        assert (root / "manifest.json").read_bytes() == manifest
        assert cube_rows(root, "SELECT SUM(BilledCost), SUM(x_LineItems) FROM cube") == [(Decimal(3), 2)]
        assert [state.sequence for state in Store(root).history()] == [1]

    @pytest.mark.parametrize(("owner", "name", "call"), STEPS[1::4], ids=of)
    def test_the_next_load_ends_well(self, tmp_path, before, monkeypatch, owner, name, call):
        store, restated, generation = before
        root = Path(shutil.copytree(store, tmp_path / "store"))
        with monkeypatch.context() as patch, pytest.raises(Crash):
            crash_before(patch, owner, name, call)
            load_into(root, restated)
        load_into(root, restated)
        assert Store(root).current().generation == generation
        assert [state.sequence for state in Store(root).history()] == [1, 2]
        assert cube_rows(root, "SELECT SUM(BilledCost), SUM(x_LineItems) FROM cube") == [(Decimal("8.5"), 2)]

    @pytest.mark.parametrize(("owner", "name", "call"), AFTER_PUBLICATION, ids=of)
    def test_after_the_manifest_is_in_place_the_new_state_is_whole(
        self, tmp_path, before, monkeypatch, owner, name, call
    ):
        store, restated, generation = before
        root = Path(shutil.copytree(store, tmp_path / "store"))
        with monkeypatch.context() as patch, pytest.raises(Crash):
            crash_before(patch, owner, name, call)
            load_into(root, restated)
        assert Store(root).current().generation == generation
        assert cube_rows(root, "SELECT SUM(BilledCost) FROM cube") == [(Decimal("8.5"),)]

    def test_the_list_of_steps_is_whole(self, tmp_path, before, monkeypatch):
        store, restated, _ = before
        root, calls = Path(shutil.copytree(store, tmp_path / "store")), []
        for owner, name in ((os, "fsync"), (Path, "replace"), (Delivery, "write_part"), (load, "write_quarantine")):
            count_calls(monkeypatch, owner, name, calls)
        load_into(root, restated)
        named = [(owner, name) for owner, name, _ in [*STEPS, *AFTER_PUBLICATION]]
        assert sorted(calls) == sorted(name for owner, name in named if owner not in (cube_file, publication))

    def test_a_killed_process_leaves_the_old_state_and_no_lock(self, tmp_path, before):
        store, restated, generation = before
        root = Path(shutil.copytree(store, tmp_path / "store"))
        code = (
            "import os, sys; from pathlib import Path; from costlib.store import cube_file; "
            "from tests.builders import load_into; "
            "cube_file._check = lambda *_: os.kill(os.getpid(), 9); load_into(*map(Path, sys.argv[1:]))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code, root, restated], cwd=REPOSITORY, env=environment(), check=False
        )
        assert ended.returncode == -9
        assert cube_rows(root, "SELECT SUM(BilledCost) FROM cube") == [(Decimal(3),)]
        load_into(root, restated)
        assert Store(root).current().generation == generation

    def test_a_lost_cube_is_built_again_from_the_parts(self, tmp_path, before):
        root = Path(shutil.copytree(before[0], tmp_path / "store"))
        state = Store(root).current()
        Store(root).cube_path(state.generation).unlink()
        Store(root).ensure_cube(state, TEAM_RULES)
        assert cube_rows(root, "SELECT SUM(BilledCost) FROM cube") == [(Decimal(3),)]

    def test_a_lost_cube_is_not_built_with_other_rules(self, tmp_path, before):
        root = Path(shutil.copytree(before[0], tmp_path / "store"))
        state = Store(root).current()
        Store(root).cube_path(state.generation).unlink()
        with pytest.raises(StoreError, match="rules have changed"):
            Store(root).ensure_cube(state, ruleset({"name": "other", "set": {"x_Team": "A"}}))


class TestTieOutOfTheCube:
    @pytest.mark.parametrize(
        ("select", "message"),
        [
            ("SELECT * FROM ({base}) WHERE ServiceName <> 'B'", "does not hold what was loaded"),
            ("FROM ({base}) UNION ALL SELECT * FROM ({base}) WHERE ServiceName = 'B'", "does not hold"),
            ("SELECT * REPLACE (x_Meaning + 1 AS x_Meaning) FROM ({base})", "does not hold"),
            ("SELECT * REPLACE ('2' AS BillingAccountId) FROM ({base}) WHERE ServiceName = 'B' UNION ALL FROM ({base})",
             "no load accounts for"),
        ],
    )  # fmt: skip
    def test_a_cube_that_lost_or_gained_anything_is_not_published(self, tmp_path, focus, select, message):
        class Wrong:
            digest = "wrong"
            splits = ()
            since = TEAM_RULES.since

            def select(self, base):
                return TEAM_RULES.select(select.format(base=base))

            def shares(self, facts):
                return []

        load_into(tmp_path / "store", focus({}))
        before = Store(tmp_path / "store").current()
        with pytest.raises(TieOutError, match=message):
            load_into(tmp_path / "store", focus({"ServiceName": "A"}, {"ServiceName": "B"}), rules=Wrong())
        assert Store(tmp_path / "store").current() == before
        assert not list((tmp_path / "store" / "cubes").glob(".*"))


class TestReadersWhileLoading:
    def test_each_sees_one_whole_state(self, tmp_path):
        root, bill = tmp_path / "store", tmp_path / "bill.csv"
        write(root / "rules.yaml", RULES_TEXT)
        workspace, wrong, seen, done = Workspace(root), [], set(), threading.Event()
        publish(workspace, bill, 1)

        def look():
            while not done.is_set():
                found = workspace.snapshot()
                (row,) = found.reader.ask(Question(measure="BilledCost"))
                known = sum(entry.sums_store["BilledCost"] for part in found.state.parts for entry in part.tie_outs)
                seen.add(row.amount)
                time.sleep(0.002)
                if row.amount != known or found.reader.generation != found.state.generation:
                    wrong.append((row.amount, known))

        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        for cost in range(2, 6):
            publish(workspace, bill, cost)
        patience = time.monotonic() + 20
        while Decimal(5) not in seen and time.monotonic() < patience:
            time.sleep(0.01)
        done.set()
        for reader in readers:
            reader.join()
        assert not wrong
        assert Decimal(5) in seen <= set(map(Decimal, range(1, 6)))

    def test_reading_does_not_write(self, tmp_path, focus):
        root = tmp_path / "store"
        load_into(root, focus({}))
        before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
        with opened(root) as reader:
            reader.ask(Question(by=("ResourceId",)))
            assert reader.rows(f"SELECT COUNT(*) FROM {RESOURCE_DAYS}") == [(1,)]
        assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def publish(workspace, bill, cost):
    workspace.load([write_csv(bill, [focus_row(BilledCost=str(cost))])])


class TestTwoLoaders:
    def test_two_processes_end_as_if_one_came_after_the_other(self, tmp_path):
        write(tmp_path / "store" / "rules.yaml", RULES_TEXT)
        write(tmp_path / "one after the other" / "rules.yaml", RULES_TEXT)
        bills = [write_csv(tmp_path / f"{name}.csv", [focus_row(BillingAccountId=name)] * 400) for name in "ab"]
        loaders = [
            subprocess.Popen(
                [sys.executable, "-m", "costlib", "--store", tmp_path / "store", "load", bill],
                cwd=REPOSITORY, env=environment(), stderr=subprocess.PIPE, text=True,
            )
            for bill in bills
        ]  # fmt: skip
        told = [loader.communicate(timeout=60)[1] for loader in loaders]
        assert [loader.returncode for loader in loaders] == [0, 0], told
        for bill in bills:
            Workspace(tmp_path / "one after the other").load([bill])
        state, expected = (Store(tmp_path / name).current() for name in ("store", "one after the other"))
        assert state.generation == expected.generation
        assert [entry.sequence for entry in Store(tmp_path / "store").history()] == [1, 2]

    def test_who_waits_is_told_once_and_then_gets_in(self, tmp_path):
        messages, entered = [], threading.Event()

        def second():
            with loader_lock(tmp_path, messages.append, wait=30):
                entered.set()

        with loader_lock(tmp_path, messages.append):
            waiting = threading.Thread(target=second)
            waiting.start()
            while not messages:
                time.sleep(0.005)
            time.sleep(3 * lock._PAUSE)
            assert not entered.is_set()
        waiting.join(timeout=10)
        assert entered.is_set()
        assert messages == ["waiting for another load to end"]

    def test_who_waits_too_long_is_refused(self, tmp_path):
        with (
            loader_lock(tmp_path, print),
            pytest.raises(StoreBusy, match=r"Another load has held .* for 0 s\. Expected: .* nothing was changed"),
            loader_lock(tmp_path, lambda message: None, wait=0.0),
        ):
            pass

    def test_an_error_inside_lets_the_next_one_in(self, tmp_path):
        with pytest.raises(ZeroDivisionError), loader_lock(tmp_path, print):
            raise ZeroDivisionError
        with loader_lock(tmp_path, print, wait=0.0):
            pass


class TestFolder:
    def test_nothing_loaded_is_an_empty_store(self, tmp_path):
        with pytest.raises(EmptyStore, match="python -m costlib load"):
            Store(tmp_path).current()
        assert Store(tmp_path).history() == []
        assert list(tmp_path.iterdir()) == []

    def test_a_store_that_is_a_file_is_refused(self, tmp_path, focus):
        with pytest.raises(StoreError, match=r"cannot be written .*--store"):
            load_into(write(tmp_path / "file", "x"), focus({}))

    @pytest.mark.parametrize("name", ["st'ore", "st[ab]*re", "störe 東京", "a b"])
    def test_any_name_of_the_folder_will_do(self, tmp_path, focus, name):
        load_into(tmp_path / name, focus({}))
        assert cube_rows(tmp_path / name, "SELECT COUNT(*) FROM cube") == [(1,)]

    def test_names_of_sources_and_accounts_never_leave_the_folder(self, tmp_path, focus):
        load_into(
            tmp_path / "store", focus({"BillingAccountId": "../../x"}, {"BillingAccountId": ".."}), source="../../y"
        )
        assert {path.name for path in tmp_path.iterdir()} == {"store", "bill.csv"}
        assert cube_rows(tmp_path / "store", "SELECT COUNT(*) FROM cube") == [(2,)]

    def test_an_empty_manifest_is_no_state(self, tmp_path):
        assert Manifest(0, "", "", "").data_date is None


def environment():
    """The environment of a subprocess: this repository's modules and nothing that would colour its output."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"}
