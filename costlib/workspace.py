"""The one wiring place: a store, its rules and the generation that is current, for the command line and the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from costlib import sample
from costlib.attribution.rules import SHIPPED, RuleSet, read_rules
from costlib.errors import StoreError
from costlib.focus import EFFECTIVE
from costlib.periods import Window
from costlib.sources.discovery import discover
from costlib.store.line_items import LineItems, line_items
from costlib.store.load import Loaded, load
from costlib.store.manifest import Manifest, replace
from costlib.store.query import Filter, Reader
from costlib.store.store import Store

Progress = Callable[[str], None]
SAMPLE_FOLDER = "exports/sample"


@dataclass(frozen=True)
class Snapshot:
    """One published state and its open cube: what every figure of a page or slide comes from."""

    state: Manifest
    reader: Reader


class Workspace:
    """Everything under one store folder."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root)

    def rules(self) -> RuleSet:
        """The organisation's rules where it has its own, else the shipped ones."""
        return read_rules(self._own_rules if self._own_rules.exists() else SHIPPED)

    @property
    def _own_rules(self) -> Path:
        return self.store.root / "rules.yaml"

    def load(
        self,
        where: Sequence[Path],
        *,
        source: str | None = None,
        kind: str | None = None,
        supersede: bool = False,
        progress: Progress = lambda message: None,
    ) -> list[Loaded]:
        """Load files and folders and publish the result in one step (see ``store.load``)."""
        exports = discover(where, name=source, kind=kind)
        return load(self.store, exports, self.rules(), supersede=supersede, progress=progress)

    def apply_rules(self, progress: Progress = lambda message: None) -> Manifest:
        """Publish the current bills with the rules of today and return the state; no export is read.

        Raises ``EmptyStore`` where nothing was loaded, and ``RuleError``.
        """
        self.store.current()
        load(self.store, [], self.rules(), progress=progress)
        return self.store.current()

    def demo(self, progress: Progress = lambda message: None) -> list[Loaded]:
        """Write the sample company's exports under the store and load them.

        Raises ``StoreError`` where the store holds anything else.
        """
        folder = self.store.root / SAMPLE_FOLDER
        state = self.store.manifest()
        if state and any(not Path(file.path).is_relative_to(folder) for part in state.parts for file in part.files):
            raise StoreError(
                f"{self.store.root} holds other bills than the sample company's",
                expected="an empty store for the sample company",
                fix="Choose another folder with --store.",
            )
        exports = sample.write(folder, progress)
        if not self._own_rules.exists():
            replace(self._own_rules, sample.RULES.read_text(encoding="utf-8"))
        return self.load(exports, progress=progress)

    def is_sample(self, state: Manifest) -> bool:
        """Whether any of the state's bills are the sample company's."""
        folder = self.store.root / SAMPLE_FOLDER
        return any(Path(file.path).is_relative_to(folder) for part in state.parts for file in part.files)

    def snapshot(self) -> Snapshot:
        """The current state, open for reading; the same reader until something new is published.

        Raises ``EmptyStore`` where nothing was loaded.
        """
        state = self.store.current()
        return Snapshot(state, _reader(self, state))

    def line_items(
        self,
        snapshot: Snapshot,
        filters: Sequence[Filter],
        window: Window,
        currency: str,
        measure: str = EFFECTIVE,
        limit: int = 200,
    ) -> LineItems:
        """The line items behind a figure (see ``store.line_items``)."""
        return line_items(snapshot.state, snapshot.reader, self.rules(), filters, window, currency, measure, limit)


_readers: dict[Path, Reader] = {}
_readers_lock = threading.Lock()


def _reader(workspace: Workspace, state: Manifest) -> Reader:
    """The process's one open reader of the generation; its cube is built first where this machine has none."""
    path = workspace.store.cube_path(state.generation)
    with _readers_lock:
        if path not in _readers:
            if not path.exists():
                workspace.store.ensure_cube(state, workspace.rules())
            _readers[path] = Reader(path, state.generation)
        return _readers[path]
