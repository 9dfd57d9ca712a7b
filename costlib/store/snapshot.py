"""Published states that are open for reading: one reader a generation for all pages of a process.

Whoever still reads an older generation keeps its reader open; nobody new is given it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from costlib.rates import Rates
from costlib.store.cube import Attribution
from costlib.store.manifest import Manifest
from costlib.store.reader import Reader
from costlib.store.store import Store
from costlib.store.translated import TranslatedReader

_MOST_TRANSLATED = 2
_readers: dict[Path, Reader] = {}
_translated: dict[tuple[Path, str, Rates], Reader] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Snapshot:
    """One published state and its open cube: what every figure of a page or slide comes from."""

    state: Manifest
    reader: Reader


def snapshot_of(store: Store, rules: Callable[[], Attribution]) -> Snapshot:
    """The store's current state; its cube is built first, with the rules, where this machine has none.

    Raises ``EmptyStore`` where nothing was loaded.
    """
    state = store.current()
    path = store.cube_path(state.generation)
    with _lock:
        if path not in _readers:
            if not path.exists():
                store.ensure_cube(state, rules())
            for older in [other for other in _readers if other.parent == path.parent]:
                del _readers[older]
            _readers[path] = Reader(path, state.generation, state.whole_to)
        return Snapshot(state, _readers[path])


def translated_snapshot(store: Store, rules: Callable[[], Attribution], rates: Rates, currency: str) -> Snapshot:
    """The same state in one currency, by these rates; raises ``EmptyStore`` and ``RateError``."""
    state = snapshot_of(store, rules).state
    key = (store.cube_path(state.generation), currency, rates)
    with _lock:
        if key not in _translated:
            while len(_translated) >= _MOST_TRANSLATED:
                _translated.pop(next(iter(_translated)))
            _translated[key] = TranslatedReader(key[0], state.generation, rates, currency, state.whole_to)
        return Snapshot(state, _translated[key])
