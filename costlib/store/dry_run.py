"""What a load would do: the bills are read and tied out as a load would, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from costlib.focus import BILLED
from costlib.money import total
from costlib.sources.discovery import Export
from costlib.store.delivery import Batch, PartKey
from costlib.store.load import delivered, rivals_of
from costlib.store.manifest import Manifest, Part, TieOut
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


def planned(
    store: Store, exports: Sequence[Export], *, progress: Callable[[str], None] = lambda message: None
) -> list[Planned]:
    """What loading the exports would change, by connection, month and account.

    Raises what the load would: the errors of ``Batch.read`` and ``AlreadyCovered``.
    """
    state = store.manifest() or Manifest(0, "", store.engine, "")
    return [row for export in exports for row in _of_export(store, state, export, progress)]


def _of_export(store: Store, state: Manifest, export: Export, progress: Callable[[str], None]) -> list[Planned]:
    progress(f"reading {export.name} {export.partition}".strip())
    if held := delivered(state, export)[2]:
        return [_row(export, part.key[1:], entry, entry) for part in held for entry in part.tie_outs]
    with Batch([export], spill=store.spill) as batch:
        (delivery,) = batch.read()
        keys = delivery.keys()
        rivals_of(state, export.name, keys, supersede=False)
        found = [(key, entry) for key in keys for entry in delivery.tie_outs(key)]
    now = {(part.key[1:], entry.currency): entry for part in _own(state, export, keys) for entry in part.tie_outs}
    rows = [_row(export, key, entry, now.pop((key, entry.currency), None)) for key, entry in found]
    return [*rows, *(_row(export, key, None, entry) for (key, _), entry in now.items())]


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
