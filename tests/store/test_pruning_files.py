"""Which files go and which stay, on folders written by hand: nothing is loaded, so every case is a few files."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from costlib.store import manifest
from costlib.store.manifest import Manifest, UsagePart
from costlib.store.pruning import KEPT_CUBES, hold, is_open, prune, snapshots
from costlib.store.store import Store
from tests.store.test_manifest import part

USAGE = UsagePart(
    "opencost", "opencost", "ml", "2026-09", "day", "u", 1, "usage/u.parquet", date(2026, 9, 1), date(2026, 9, 1), 1, ()
)


def state(sequence: int) -> Manifest:
    """The state after that many publications: a part, a part of its quarantine and one of usage of its own."""
    own = f"{sequence:03}"
    held = part(delivery=own, path=f"base/bill/{own}.parquet", quarantine=f"quarantine/bill/{own}.parquet")
    usage = replace(USAGE, delivery=own, path=f"usage/ml/{own}.parquet")
    return Manifest(sequence, "rules", "engine", "then", (held,), (usage,))


def write(root: Path, *sequences: int) -> None:
    """What the publications left: snapshot, cube file, parts; a later cube is a later file."""
    for sequence in sequences:
        one = state(sequence)
        snapshot = root / "snapshots" / f"{sequence:06}-{one.generation}.json"
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        manifest.write(one, snapshot)
        named = [*(path for held in one.parts for path in (held.path, held.quarantine)), *(u.path for u in one.usage)]
        for path in named:
            (root / str(path)).parent.mkdir(parents=True, exist_ok=True)
            (root / str(path)).write_text("part")
        cube = cube_of(root, sequence)
        cube.parent.mkdir(exist_ok=True)
        cube.write_text("cube")
        os.utime(cube, (1000 + sequence, 1000 + sequence))


def cube_of(root: Path, sequence: int) -> Path:
    return root / "cubes" / f"cube-{state(sequence).generation}.duckdb"


def numbers(root: Path) -> list[int]:
    return sorted(int(path.stem.partition("-")[0]) for path in (root / "snapshots").glob("*.json"))


def parts(root: Path, folder: str) -> list[int]:
    return sorted(int(path.stem) for path in (root / folder).rglob("*.parquet"))


def cubes(root: Path, *sequences: int) -> list[int]:
    return [sequence for sequence in sequences if cube_of(root, sequence).exists()]


@contextmanager
def reading(path: Path) -> Iterator[None]:
    handle = hold(path)
    try:
        yield
    finally:
        os.close(handle)


class TestGenerations:
    def test_the_newest_stay_with_all_of_their_parts_and_older_ones_go(self, tmp_path: Path) -> None:
        write(tmp_path, *range(1, 7))
        prune(tmp_path, state(6), 3)
        assert numbers(tmp_path) == [4, 5, 6]
        assert [parts(tmp_path, folder) for folder in ("base", "quarantine", "usage")] == [[4, 5, 6]] * 3

    @pytest.mark.parametrize("count", [2, 3, 30])
    def test_as_many_as_there_are_or_fewer_all_stay(self, tmp_path: Path, count: int) -> None:
        write(tmp_path, 1, 2)
        prune(tmp_path, state(2), count)
        assert numbers(tmp_path) == [1, 2] and parts(tmp_path, "base") == [1, 2]

    def test_the_newest_by_number_and_not_by_name_or_time(self, tmp_path: Path) -> None:
        write(tmp_path, 10, 9, 2, 1)
        prune(tmp_path, state(10), 2)
        assert numbers(tmp_path) == [9, 10]

    def test_the_current_parts_stay_also_before_its_snapshot_is_written(self, tmp_path: Path) -> None:
        write(tmp_path, 1, 2, 3)
        (found,) = (tmp_path / "snapshots").glob("*3-*.json")
        found.unlink()
        prune(tmp_path, state(3), 1)
        assert numbers(tmp_path) == [2] and parts(tmp_path, "base") == [2, 3]

    def test_what_was_published_after_the_current_state_is_not_its_to_throw_away(self, tmp_path: Path) -> None:
        """An earlier state was put back: the files of later ones are left where they are named, and their parts go."""
        write(tmp_path, 1, 2, 3)
        prune(tmp_path, state(2), 1)
        assert numbers(tmp_path) == [2, 3]

    def test_a_snapshot_that_cannot_be_read_keeps_every_part(self, tmp_path: Path) -> None:
        write(tmp_path, 1, 2, 3)
        (damaged,) = (tmp_path / "snapshots").glob("*2-*.json")
        damaged.write_text("{")
        prune(tmp_path, state(3), 2)
        assert parts(tmp_path, "base") == [1, 2, 3] and numbers(tmp_path) == [1, 2, 3]

    def test_one_that_is_thrown_away_need_not_be_readable(self, tmp_path: Path) -> None:
        write(tmp_path, 1, 2, 3)
        (damaged,) = (tmp_path / "snapshots").glob("*1-*.json")
        damaged.write_text("{")
        prune(tmp_path, state(3), 2)
        assert parts(tmp_path, "base") == [2, 3] and numbers(tmp_path) == [2, 3]

    def test_an_open_one_stays_with_its_parts(self, tmp_path: Path) -> None:
        write(tmp_path, *range(1, 8))
        with reading(cube_of(tmp_path, 2)):
            prune(tmp_path, state(7), 2)
            assert numbers(tmp_path) == [2, 6, 7]
            assert parts(tmp_path, "base") == parts(tmp_path, "quarantine") == parts(tmp_path, "usage") == [2, 6, 7]
        prune(tmp_path, state(7), 2)
        assert numbers(tmp_path) == parts(tmp_path, "base") == [6, 7]

    @pytest.mark.parametrize("name", ["manifest.json", "manifest-old.json", "000009 copy.json", "000009.json"])
    def test_a_file_of_somebody_else_is_no_snapshot_and_stays(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, 1, 2, 3)
        manifest.write(state(3), tmp_path / "manifest.json")
        (tmp_path / "snapshots" / name).write_text("{}")
        prune(tmp_path, state(3), 2)
        assert {path.name[:6] for path in (tmp_path / "snapshots").iterdir()} == {"000002", "000003", name[:6]}
        assert parts(tmp_path, "base") == [2, 3]
        assert [one.sequence for one in Store(tmp_path).history()] == [2, 3]

    def test_a_million_publications_are_more_than_a_hundred_thousand(self, tmp_path: Path) -> None:
        write(tmp_path, 999_999, 1_000_000, 1_000_001)
        manifest.write(state(1_000_001), tmp_path / "manifest.json")
        assert [one.sequence for one in Store(tmp_path).history()] == [999_999, 1_000_000, 1_000_001]
        prune(tmp_path, state(1_000_001), 2)
        assert [path.name[:7] for path in snapshots(tmp_path)] == ["1000000", "1000001"]

    def test_parts_that_nobody_names_go_and_other_files_stay(self, tmp_path: Path) -> None:
        write(tmp_path, 1)
        left = [tmp_path / folder / "x" / "left.parquet" for folder in ("base", "quarantine", "usage")]
        kept = [tmp_path / "base" / "notes.txt", tmp_path / "elsewhere" / "left.parquet", tmp_path / "rules.yaml"]
        for path in (*left, *kept):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        prune(tmp_path, state(1), 1)
        assert not any(path.exists() for path in left) and all(path.exists() for path in kept)

    def test_an_empty_folder_is_no_error(self, tmp_path: Path) -> None:
        prune(tmp_path, state(1), 1)
        assert list(tmp_path.iterdir()) == []


class TestCubes:
    def test_the_current_one_and_a_few_newest_stay(self, tmp_path: Path) -> None:
        write(tmp_path, *range(1, 9))
        prune(tmp_path, state(8), 30)
        assert cubes(tmp_path, *range(1, 9)) == list(range(8 - KEPT_CUBES, 9))

    def test_the_current_one_stays_however_old_its_file_is(self, tmp_path: Path) -> None:
        write(tmp_path, *range(1, 8))
        prune(tmp_path, state(1), 30)
        assert cubes(tmp_path, *range(1, 8)) == [1, *range(8 - KEPT_CUBES, 8)]

    def test_an_open_one_stays_until_it_is_closed(self, tmp_path: Path) -> None:
        write(tmp_path, *range(1, 8))
        with reading(cube_of(tmp_path, 1)):
            prune(tmp_path, state(7), 30)
            assert cubes(tmp_path, 1, 2) == [1]
        prune(tmp_path, state(7), 30)
        assert cubes(tmp_path, 1) == []

    def test_what_a_broken_publication_left_goes(self, tmp_path: Path) -> None:
        write(tmp_path, 1)
        left = [tmp_path / "cubes" / name for name in (".cube-1.duckdb.77", ".cube-1.duckdb.77.wal")]
        other = tmp_path / "cubes" / "notes.txt"
        for path in (*left, other):
            path.write_text("x")
        prune(tmp_path, state(1), 1)
        assert not any(path.exists() for path in left) and other.exists()


class TestOpen:
    def test_as_long_as_anybody_holds_it(self, tmp_path: Path) -> None:
        path = tmp_path / "cube"
        path.write_text("x")
        assert not is_open(path)
        with reading(path):
            with reading(path):
                assert is_open(path)
            assert is_open(path)
        assert not is_open(path)

    def test_to_ask_holds_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "cube"
        path.write_text("x")
        assert not is_open(path) and not is_open(path)
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def test_a_file_that_is_not_there_is_held_by_nobody(self, tmp_path: Path) -> None:
        assert not is_open(tmp_path / "nothing")
        with pytest.raises(FileNotFoundError):
            hold(tmp_path / "nothing")
