"""A store on disk: where things lie, what is current, and how a generation becomes visible.

<root>/manifest.json            the current state; the only file that is ever replaced
<root>/base/...                 base parts by source, account, billing period and delivery
<root>/quarantine/...           rows set aside, same layout
<root>/cubes/cube-<gen>.duckdb  one file a generation
<root>/snapshots/<n>-<gen>.json the newest manifests that were current (see ``pruning``)
<root>/rules.yaml               the organisation's rules, where it has changed the shipped ones
"""

from __future__ import annotations

from pathlib import Path

from costlib import money
from costlib.errors import EmptyStore, StoreError
from costlib.store import cube_file, engine, manifest
from costlib.store.cube import Attribution
from costlib.store.manifest import Manifest
from costlib.store.pruning import KEPT_GENERATIONS, prune, snapshots


class Store:
    """The store under ``root``. Reading never writes; ``publish`` is for the loader, under its lock.

    ``generations`` is how many of the newest stay; older ones go when something new is published.
    """

    def __init__(self, root: Path, generations: int = KEPT_GENERATIONS) -> None:
        self.root = root.resolve()
        self._generations = generations

    @property
    def engine(self) -> str:
        """Name and version of the engine, for the trace."""
        return engine.version()

    @property
    def spill(self) -> Path:
        """Where the engine may put what does not fit into memory."""
        return self.root / "spill"

    @property
    def manifest_path(self) -> Path:
        """The file whose replacement publishes a generation."""
        return self.root / "manifest.json"

    def manifest(self) -> Manifest | None:
        """The current state; None where nothing was ever loaded."""
        return manifest.read(self.manifest_path)

    def current(self) -> Manifest:
        """The current state.

        Raises ``EmptyStore`` where no bill is loaded, whatever else is.
        """
        found = self.manifest()
        if found is None or not found.has_bill:
            held = sum(part.rows for part in found.usage) if found else 0
            waiting = f"; {money.counted(held, 'usage record')} will count as soon as one is" if held else ""
            raise EmptyStore(
                f"No bill is loaded in {self.root}{waiting}",
                expected="at least one bill",
                fix="Run `python -m costlib demo` for the sample company, or `python -m costlib load FILE`.",
            )
        return found

    def history(self) -> list[Manifest]:
        """The states that were current, as far as they are kept, oldest first."""
        current = self.manifest()
        if current is None:
            return []
        found = map(manifest.read, snapshots(self.root))
        return [*(state for state in found if state and state.sequence < current.sequence), current]

    def cube_path(self, generation: str) -> Path:
        """The generation's cube file."""
        return self.root / "cubes" / f"cube-{generation}.duckdb"

    def publish(self, state: Manifest, attribution: Attribution) -> None:
        """Build the state's cube, tie it out, and make it current in one step.

        Usage records without any bill make no cube: they are kept until a bill comes. Raises ``TieOutError``; the
        current state then stays.
        """
        if state.has_bill:
            self.ensure_cube(state, attribution)
        snapshot = self.root / "snapshots" / f"{state.sequence:06d}-{state.generation}.json"
        snapshot.parent.mkdir(exist_ok=True)
        for unfinished in snapshot.parent.glob(f"{state.sequence:06d}-*.json"):
            unfinished.unlink()
        manifest.write(state, snapshot)
        manifest.write(state, self.manifest_path)
        prune(self.root, state, self._generations)

    def ensure_cube(self, state: Manifest, attribution: Attribution) -> None:
        """Build the state's cube where this store has none.

        Raises ``StoreError`` where the rules are no longer those of the state, so that it cannot be built again.
        """
        if self.cube_path(state.generation).exists():
            return
        if attribution.digest != state.rules:
            raise StoreError(
                f"The cube of generation {state.generation} is gone and the rules have changed since",
                expected="the rules it was built with",
                fix="Apply the rules of today: that publishes the state with them.",
            )
        last = self.manifest()
        before = (last, self.cube_path(last.generation)) if last else None
        cube_file.build(state, self.root, attribution, self.cube_path(state.generation), before)
