"""What a store keeps: the newest generations, and whatever somebody has open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.errors import InputError
from costlib.settings import read_settings
from costlib.sources.discovery import discover
from costlib.store.load import load
from costlib.store.pruning import KEPT_CUBES, KEPT_GENERATIONS, is_open
from costlib.store.question import Question
from costlib.store.reader import Reader
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import TEAM_RULES, focus_row, opened, write, write_csv
from tests.store.test_publishing import REPOSITORY, environment


def publish(root: Path, cost: int, generations: int) -> str:
    """Load a bill of one row of that cost; the generation that it makes."""
    bill = write_csv(root.parent / "bill.csv", [focus_row(BilledCost=str(cost))])
    store = Store(root, generations)
    load(store, discover([bill]), TEAM_RULES)
    return store.current().generation


def cubes(root: Path) -> set[str]:
    return {path.stem.removeprefix("cube-") for path in (root / "cubes").glob("*.duckdb")}


def billed(reader: Reader) -> Decimal | None:
    (row,) = reader.ask(Question(measure="BilledCost"))
    return row.amount


class TestNewest:
    def test_manifests_and_parts_of_the_newest_stay_and_older_ones_go(self, tmp_path):
        root = tmp_path / "store"
        made = [publish(root, cost, 3) for cost in range(1, 7)]
        assert [state.generation for state in Store(root).history()] == made[-3:]
        assert {path.stem.partition("-")[2] for path in (root / "snapshots").iterdir()} == set(made[-3:])
        named = {str(root / part.path) for state in Store(root).history() for part in state.parts if part.path}
        assert {str(path) for path in (root / "base").rglob("*.parquet")} == named and len(named) == 3

    def test_cubes_of_the_newest_few_stay(self, tmp_path):
        root = tmp_path / "store"
        made = [publish(root, cost, 30) for cost in range(1, 4 + KEPT_CUBES)]
        assert cubes(root) == set(made[-1 - KEPT_CUBES :])
        assert len(Store(root).history()) == len(made)

    def test_one_generation_is_the_current_one(self, tmp_path):
        root = tmp_path / "store"
        last = [publish(root, cost, 1) for cost in (1, 2, 3)][-1]
        assert [state.generation for state in Store(root).history()] == [last]
        with opened(root) as reader:
            assert billed(reader) == 3

    def test_a_state_that_comes_back_finds_its_parts(self, tmp_path):
        root = tmp_path / "store"
        first = publish(root, 1, 2)
        for cost in (2, 3, 4):
            publish(root, cost, 2)
        assert publish(root, 1, 2) == first
        with opened(root) as reader:
            assert billed(reader) == 1

    def test_what_a_broken_load_left_goes(self, tmp_path):
        root = tmp_path / "store"
        publish(root, 1, 5)
        left = [write(root / name, "x") for name in ("base/a/b/2026-09-0.parquet", "cubes/.cube-0.duckdb.1")]
        own = write(root / "usage" / "notes.json", "{}")
        publish(root, 2, 5)
        assert not any(path.exists() for path in left) and own.exists()

    def test_nothing_goes_where_a_kept_manifest_cannot_be_read(self, tmp_path):
        root = tmp_path / "store"
        publish(root, 1, 2)
        next((root / "snapshots").iterdir()).write_text("{")
        before = set((root / "base").rglob("*.parquet"))
        publish(root, 2, 2)
        assert before < set((root / "base").rglob("*.parquet"))


class TestOpen:
    def test_an_open_generation_stays_with_its_parts_until_it_is_closed(self, tmp_path):
        root = tmp_path / "store"
        first = publish(root, 1, 2)
        with opened(root) as reader:
            for cost in range(2, 5 + KEPT_CUBES):
                publish(root, cost, 2)
            assert first in cubes(root) and billed(reader) == 1
            assert next(state.generation for state in Store(root).history()) == first
            Store(root).cube_path(first).unlink()
        publish(root, 99, 2)
        assert first not in {state.generation for state in Store(root).history()}

    def test_another_process_counts_and_a_dead_one_does_not(self, tmp_path):
        root = tmp_path / "store"
        first = publish(root, 1, 1)
        with reading(root) as process:
            for cost in range(2, 5 + KEPT_CUBES):
                publish(root, cost, 1)
            assert first in cubes(root)
            process.kill()
            process.wait()
        publish(root, 99, 1)
        assert first not in cubes(root)

    def test_a_reader_that_is_dropped_holds_nothing(self, tmp_path):
        root = tmp_path / "store"
        path = Store(root).cube_path(publish(root, 1, 1))
        reader = Reader(path, "g")
        assert is_open(path)
        del reader
        assert not is_open(path) and not is_open(tmp_path / "none")

    def test_a_server_lets_go_of_what_it_read_before(self, tmp_path):
        write(tmp_path / "store" / "rules.yaml", "version: 1\nrules: []\n")
        workspace = Workspace(tmp_path / "store")
        for cost in ("1", "2"):
            workspace.load([write_csv(tmp_path / "bill.csv", [focus_row(BilledCost=cost)])])
            workspace.snapshot()
        older, newer = (workspace.store.cube_path(state.generation) for state in workspace.store.history())
        assert (is_open(older), is_open(newer)) == (False, True)


@contextmanager
def reading(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the current generation open."""
    code = (
        "import sys, time; from tests.builders import Path, opened\n"
        "with opened(Path(sys.argv[1])): print('open', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, root], cwd=REPOSITORY, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "open\n"
    yield process
    process.stdout.close()


def test_the_setting_and_its_default(tmp_path):
    assert read_settings({}).kept_generations == KEPT_GENERATIONS
    assert read_settings({"GLIDEPATH_KEPT_GENERATIONS": "2"}).kept_generations == 2


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5"])
def test_a_number_that_keeps_nothing_is_refused(number):
    with pytest.raises(InputError, match=r"GLIDEPATH_KEPT_GENERATIONS is .* a number from 1"):
        read_settings({"GLIDEPATH_KEPT_GENERATIONS": number})
