"""What a publication may throw away: generations beyond the newest few that nobody reads, and what only they used.

Runs under the loader's lock, after the manifest is in place. A generation is *open* while a reader, in any process on
this machine, holds a shared lock on its cube file; the system drops the lock when the reader ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable
from pathlib import Path

from costlib.errors import StoreError
from costlib.store import manifest
from costlib.store.manifest import Manifest

#: Cube files kept besides the current one and the open ones, for readers that are just about to open theirs.
KEPT_CUBES = 3
#: Generations whose manifest and parts are kept, the current one included, where no setting says otherwise.
KEPT_GENERATIONS = 30
#: Folders of parts; what lies there and no kept generation names is left from an old one or from a load that broke off.
_PARTS = ("base", "quarantine", "usage")
_SNAPSHOT = re.compile(r"\d+-\w+")


def hold(path: Path) -> int:
    """A handle under whose shared lock the file is not thrown away until the handle is closed."""
    handle = os.open(path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def is_open(path: Path) -> bool:
    """Whether somebody holds the file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def snapshots(root: Path) -> list[Path]:
    """The manifests of all states, by their number; a file of another name that lies there is none, and stays."""
    found = [path for path in (root / "snapshots").glob("*.json") if _SNAPSHOT.fullmatch(path.stem)]
    return sorted(found, key=lambda path: (_sequence(path), path.name))


def prune(root: Path, current: Manifest, generations: int) -> None:
    """Keep the newest generations, the current one among them, and every open one; throw the rest away."""
    _drop_cubes(root, current.generation)
    wanted = [path for path in reversed(snapshots(root)) if _sequence(path) <= current.sequence]
    kept = [*wanted[:generations], *(path for path in wanted[generations:] if is_open(_cube(root, path)))]
    try:
        states = [current, *filter(None, map(manifest.read, kept))]
    except StoreError:
        return  # a kept generation that cannot be read may name any part
    for path in set(wanted) - set(kept):
        path.unlink(missing_ok=True)
    _drop_parts(root, states)


def _drop_cubes(root: Path, current: str) -> None:
    for unfinished in (root / "cubes").glob(".cube-*"):
        unfinished.unlink(missing_ok=True)
    cubes = [path for path in (root / "cubes").glob("cube-*.duckdb") if path.stem != f"cube-{current}"]
    for path in sorted(cubes, key=lambda path: path.stat().st_mtime_ns, reverse=True)[KEPT_CUBES:]:
        if not is_open(path):
            path.unlink(missing_ok=True)


def _drop_parts(root: Path, states: Iterable[Manifest]) -> None:
    named = {path for state in states for path in _paths(state)}
    for folder in _PARTS:
        for path in (root / folder).rglob("*.parquet"):
            if str(path.relative_to(root)) not in named:
                path.unlink(missing_ok=True)


def _paths(state: Manifest) -> list[str]:
    parts = [path for part in state.parts for path in (part.path, part.quarantine) if path]
    return [*parts, *(part.path for part in state.usage)]


def _sequence(snapshot: Path) -> int:
    return int(snapshot.stem.partition("-")[0])


def _cube(root: Path, snapshot: Path) -> Path:
    return root / "cubes" / f"cube-{snapshot.stem.partition('-')[2]}.duckdb"
