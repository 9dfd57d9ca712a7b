"""What a load would do: the bills are read and tied out as a load would, and nothing is written.

What one did to months that were loaded before is told in the same rows (``restated``): a reader of a closed month must
learn that it has another sum now.

Only what lies on this machine is read. What lies elsewhere is fetched first, and what that costs is said by
``sources.places.announced``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from costlib.focus import BILLED
from costlib.money import total
from costlib.sources import places, source_of_type
from costlib.sources.data_exports import refuse_mixing
from costlib.sources.discovery import Export, discover, split_usage
from costlib.store.delivery import Batch
from costlib.store.load import Loaded, delivered, rivals_of
from costlib.store.manifest import Manifest, Part, TieOut
from costlib.store.parts_read import PartKey
from costlib.store.store import Store


class Change(StrEnum):
    """What a load would do to one account, month and currency."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True)
class Planned:
    """One (connection, account, month, currency) as a load would leave it, beside what the store holds now.

    Billed cost is the bill's own sum, None where unknown or not there.
    """

    connection: str
    kind: str
    account: str | None
    period: str | None
    currency: str | None
    change: Change
    rows: int
    rows_aside: int
    rows_apart: int
    billed: Decimal | None
    rows_now: int
    billed_now: Decimal | None


Tell = Callable[[str], None]


@dataclass(frozen=True)
class Foreseen:
    """What loading some places would change: rows as of ``planned``, and files of usage records that go beside."""

    changes: tuple[Planned, ...]
    usage_files: int


def foreseen(
    store: Store,
    where: Sequence[Path],
    *,
    name: str | None = None,
    kind: str | None = None,
    supersede: bool = False,
    progress: Tell = lambda message: None,
) -> Foreseen:
    """What loading the files and folders would change; places that are not on this machine are passed over.

    Raises what the load would: errors of recognition, those of ``Batch.read``, and ``AlreadyCovered``.
    """
    here = [place for place in where if not is_elsewhere(place)]
    bills, usage = split_usage(here) if here else ([], [])
    exports = discover(bills, name=name, kind=kind) if bills else ()
    state = store.manifest()
    refuse_mixing((export.name for export in exports), {part.source for part in state.parts} if state else set())
    return Foreseen(tuple(planned(store, exports, supersede=supersede, progress=progress)), len(usage))


def restated(done: Sequence[Loaded]) -> list[Planned]:
    """The accounts and months of which loads left other rows or another billed cost than there were before."""
    rows = [row for one in done for row in _in_the_place(one)]
    return [row for row in rows if (row.rows, row.billed) != (row.rows_now, row.billed_now)]


def _in_the_place(one: Loaded) -> list[Planned]:
    new = {(part.key, entry.currency): entry for part in one.parts for entry in part.tie_outs}
    return [
        _row(_export(part), part.key[1:], new.get((part.key, entry.currency)), entry)
        for part in one.replaced
        for entry in part.tie_outs
    ]


def is_elsewhere(place: Path) -> bool:
    """Whether what lies at the place has to be fetched before it can be read.

    >>> is_elsewhere(Path("s3://billing/exports")), is_elsewhere(Path("exports/costs"))
    (True, False)
    """
    return places.is_remote(str(place))


def planned(
    store: Store,
    exports: Sequence[Export],
    *,
    supersede: bool = False,
    progress: Tell = lambda message: None,
) -> list[Planned]:
    """What loading the exports would change, by connection, month and account.

    Raises what the load would: the errors of ``Batch.read`` and ``AlreadyCovered``.
    """
    state = store.manifest() or Manifest(0, "", store.engine, "")
    return [row for export in exports for row in _of_export(store, state, export, supersede, progress)]


def _of_export(store: Store, state: Manifest, export: Export, supersede: bool, progress: Tell) -> list[Planned]:
    progress(f"reading {export.name} {export.partition}".strip())
    if held := delivered(state, export)[2]:
        return [_row(export, part.key[1:], entry, entry) for part in held for entry in part.tie_outs]
    with Batch([export], spill=store.spill) as batch:
        (delivery,) = batch.read()
        keys = delivery.keys()
        rivals = set(rivals_of(state, export.name, keys, supersede))
        found = [(key, entry) for key in keys for entry in delivery.tie_outs(key)]
    now = {(part.key[1:], entry.currency): entry for part in _own(state, export, keys) for entry in part.tie_outs}
    rows = [_row(export, key, entry, now.pop((key, entry.currency), None)) for key, entry in found]
    gone = [_row(export, key, None, entry) for (key, _), entry in now.items()]
    return [*rows, *gone, *(row for part in state.parts if part.key in rivals for row in _superseded(part))]


def _superseded(part: Part) -> list[Planned]:
    """A part of another connection that the export takes the place of."""
    return [_row(_export(part), part.key[1:], None, entry) for entry in part.tie_outs]


def _export(part: Part) -> Export:
    """The export that a part was loaded from, without its files."""
    return Export(part.source, source_of_type(part.source_type), ())


def _own(state: Manifest, export: Export, keys: Sequence[PartKey]) -> list[Part]:
    return [part for part in state.parts if part.source == export.name and part.key[1:] in keys]


def _row(export: Export, key: PartKey, new: TieOut | None, now: TieOut | None) -> Planned:
    change = Change.NEW if now is None else Change.REMOVED if new is None else Change.REPLACED
    entry = new or now
    return Planned(
        connection=export.name,
        kind=export.source.title,
        account=key[0],
        period=key[1],
        currency=entry.currency if entry else None,
        change=Change.UNCHANGED if new is now else change,
        rows=new.rows_loaded if new else 0,
        rows_aside=new.rows_quarantined if new else 0,
        rows_apart=new.rows_apart if new else 0,
        billed=_billed(new),
        rows_now=now.rows_loaded if now else 0,
        billed_now=_billed(now),
    )


def _billed(entry: TieOut | None) -> Decimal | None:
    return total([entry.sums_store[BILLED], entry.sums_quarantined[BILLED]]) if entry else None
