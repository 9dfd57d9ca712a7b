"""From exports to a published generation, in one step that readers see whole or not at all.

    lock -> read the export -> check what it replaces -> write parts -> build the cube -> tie out -> publish

All files of one export form one delivery, which replaces what its source held for the same (account, billing
period). Loading the same bytes again changes nothing. A failure, or the power going, at any point leaves the
manifest as it was; what was already written is unreachable and is overwritten by the next try.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from costlib.errors import AlreadyCovered, TieOutError, UnreadableFile
from costlib.focus import BILLED
from costlib.sources.discovery import Export
from costlib.sources.files import DataFile
from costlib.store.base import content_digest, line_item_select
from costlib.store.cube import Attribution
from costlib.store.delivery import Batch, Delivery, Quarantined, batches
from costlib.store.load_usage import UsageExport, load_usage
from costlib.store.lock import loader_lock
from costlib.store.manifest import Key, Manifest, Part, SourceFile, safe_name
from costlib.store.parts_read import PartKey
from costlib.store.quarantine import write_quarantine
from costlib.store.repeated import repeated
from costlib.store.store import Store

Progress = Callable[[str], None]

#: Kinds of bills whose files people put together by hand: nothing in them says which delivery counts.
_COPIED = ("focus", "gcp-billing")


@dataclass(frozen=True)
class Loaded:
    """What a load did: the parts of its delivery as they now stand, whether anything changed, and what went for it."""

    export: str
    parts: tuple[Part, ...]
    changed: bool
    replaced: tuple[Part, ...] = ()

    @property
    def rows_loaded(self) -> int:
        """Line items in the store for this delivery."""
        return sum(entry.rows_loaded for part in self.parts for entry in part.tie_outs)

    @property
    def rows_quarantined(self) -> int:
        """Line items of this delivery that were set aside."""
        return sum(entry.rows_quarantined for part in self.parts for entry in part.tie_outs)


def load(
    store: Store,
    exports: Sequence[Export],
    attribution: Attribution,
    *,
    usage: Sequence[UsageExport] = (),
    supersede: bool = False,
    progress: Progress = lambda message: None,
) -> list[Loaded]:
    """Load the exports and publish one new generation; all of them or, where one is refused, none.

    ``usage`` are usage records, which go beside the bills.

    Raises the errors of ``Batch.read``, ``AlreadyCovered`` where another source holds the same account and period
    and ``supersede`` is not set, ``StoreBusy``, and ``TieOutError``.
    """
    with loader_lock(store.root, progress):
        current = store.manifest() or Manifest(0, "", store.engine, "")
        wanted = current
        done: list[Loaded] = []
        started = time.monotonic()
        for together in batches(exports):
            wanted, loaded = _load_batch(store, wanted, together, supersede, started, progress)
            for one in loaded:
                _refuse_overlap(done, one)
                done.append(one)
        for records in usage:
            wanted, count = load_usage(store.root, wanted, records, supersede)
            progress(f"{records.name}: {count:,} usage records" if count else f"{records.name}: nothing changed")
            done.append(Loaded(records.name, (), changed=bool(count)))
        publish(store, current, replace(wanted, rules=attribution.digest), attribution, progress)
    return done


def _load_batch(
    store: Store, state: Manifest, exports: Sequence[Export], supersede: bool, started: float, progress: Progress
) -> tuple[Manifest, list[Loaded]]:
    """The state with the exports loaded one after the other; those that are new are read together.

    What is told of time counts from ``started``, because no export has a time of its own.
    """
    done: list[Loaded] = []
    found = [delivered(state, export) for export in exports]
    new = [export for export, (_, _, held) in zip(exports, found, strict=True) if not held]
    with Batch(new, spill=store.spill) as batch:
        deliveries = {delivery.export: delivery for delivery in batch.read()}
        for export, (files, name, held) in zip(exports, found, strict=True):
            label = f"{export.name} {export.partition}".strip()
            if held:
                progress(f"{label}: already loaded, nothing changed")
                parts, replaced = tuple(replace(part, files=files) for part in held), []
            else:
                keys = deliveries[export].keys()
                replaced = [*((export.name, *key) for key in keys), *rivals_of(state, export.name, keys, supersede)]
                parts = _write_parts(store, deliveries[export], keys, name, files)
                _refuse_losses(parts)
                rows = sum(entry.rows_in for part in parts for entry in part.tie_outs)
                progress(f"{label}: {export.source.title}, {rows:,} rows, {time.monotonic() - started:.1f} s so far")
            gone = tuple(part for part in state.parts if part.key in replaced)
            state = _with(state, replaced, parts)
            done.append(Loaded(export.name, parts, changed=not held, replaced=gone))
    return state, done


def delivered(state: Manifest, export: Export) -> tuple[tuple[SourceFile, ...], str, tuple[Part, ...]]:
    """The export's files as they are, the name of its delivery, and the delivery's parts where all are current."""
    files = tuple(_source_file(file.path) for file in export.files)
    _refuse_copies(export, files)
    name = _delivery_name(export, files)
    held = tuple(part for part in state.parts if part.source == export.name and part.delivery == name)
    if held and len(held) == held[0].delivery_parts:
        return files, name, held
    _refuse_repeated(export)
    return files, name, ()


def _refuse_copies(export: Export, files: Sequence[SourceFile]) -> None:
    """A copy beside its original would count every line item twice; other kinds of bills tell that by themselves."""
    if export.source.type not in _COPIED:
        return
    held: dict[str, str] = {}
    for file in files:
        if file.digest in held:
            raise UnreadableFile(
                f"{file.path} is a copy of {held[file.digest]}: its line items would count twice",
                expected="each file of a bill once",
                fix="Remove one of the two; nothing was changed.",
            )
        held[file.digest] = file.path


def _refuse_repeated(export: Export) -> None:
    found = repeated(export) if export.source.type in _COPIED else None
    if found:
        raise UnreadableFile(
            f"{found.shared:,} of {found.line_items:,} line items of {found.first} are in {found.second} too: "
            "they would count twice",
            expected="each line item of a bill in one file",
            fix="Keep the newer of the two and remove the one that it replaces; nothing was changed.",
        )


def _with(state: Manifest, replaced: Sequence[Key], parts: Sequence[Part]) -> Manifest:
    """The state with the parts in the place of those with the keys, and of earlier versions of themselves."""
    new = {(part.key, part.delivery): part for part in parts}
    kept = [part for part in state.without(replaced) if (part.key, part.delivery) not in new]
    return replace(state, parts=tuple(sorted((*kept, *new.values()), key=lambda part: part.sort_key)))


def _refuse_losses(parts: Sequence[Part]) -> None:
    """What was read twice must agree; ``BilledCost`` may differ from the invoice, which is shown and not refused."""
    for part in parts:
        for entry in part.tie_outs:
            lost = any(amount for name, amount in entry.untied.items() if name != BILLED)
            if lost or entry.rows_in != entry.rows_loaded + entry.rows_quarantined:
                raise TieOutError(
                    f"{part.files[0].path} gave other rows at the second reading than at the first",
                    expected="a file that stays as it is while it is loaded",
                    fix="Load again once nothing writes to it; nothing was published.",
                )


def _refuse_overlap(done: Sequence[Loaded], new: Loaded) -> None:
    """Partitions of one export must not hold the same month: the second would silently replace the first."""
    keys = {part.key for part in new.parts}
    for earlier in done:
        for part in earlier.parts:
            if part.key in keys:
                raise UnreadableFile(
                    f"Two partitions of {part.source} hold rows of account {part.account} for {part.period}",
                    expected="each billing period in its own partition",
                    fix="Fetch the export again; nothing was changed.",
                )


def rivals_of(state: Manifest, name: str, keys: Sequence[PartKey], supersede: bool) -> list[Key]:
    """Parts of other sources for the same accounts and periods; refused unless they are to be superseded."""
    rivals = [part for part in state.parts if part.source != name and (part.account, part.period) in keys and part.path]
    if rivals and not supersede:
        first = rivals[0]
        raise AlreadyCovered(
            f"{first.source} already holds account {first.account} for {first.period}; {name} would count it twice",
            expected="one source for each account and billing period",
            fix=f"If it is the same bill, load it with --source {first.source}; to replace that one add --supersede. "
            "Nothing was changed.",
        )
    return [part.key for part in rivals]


def _write_parts(
    store: Store, delivery: Delivery, keys: Sequence[PartKey], name: str, files: tuple[SourceFile, ...]
) -> tuple[Part, ...]:
    quarantined = delivery.quarantined()
    return tuple(
        _write_part(store, delivery, key, name, files, [row for row in quarantined if (row.account, row.period) == key])
        for key in keys
    )


def _write_part(
    store: Store,
    delivery: Delivery,
    key: PartKey,
    name: str,
    files: tuple[SourceFile, ...],
    quarantined: Sequence[Quarantined],
) -> Part:
    export, (account, period) = delivery.export, key
    place = f"{safe_name(export.name)}/{safe_name(account or 'unknown')}/{period or 'unknown'}-{name}"
    # An ending of its own: an earlier state may hold the same delivery as a part of format 2, which stays as it is.
    base, aside = Path(f"base/{place}.days.parquet"), Path(f"quarantine/{place}.parquet")
    written = delivery.write_part(key, store.root / base)
    if quarantined:
        write_quarantine(quarantined, store.root / aside)
    return Part(
        source=export.name,
        source_type=export.source.type,
        account=account,
        period=period,
        delivery=name,
        delivery_parts=len(delivery.keys()),
        path=str(base) if written else None,
        quarantine=str(aside) if quarantined else None,
        last_day=delivery.last_day(key),
        files=files,
        tie_outs=delivery.tie_outs(key),
        through=delivery.through(key),
    )


def publish(store: Store, current: Manifest, wanted: Manifest, attribution: Attribution, progress: Progress) -> None:
    """Make the state that is wanted the one after the current; nothing where both hold the same.

    Raises ``TieOutError``; the current state then stays.
    """
    if (wanted.parts, wanted.usage, wanted.rules) == (current.parts, current.usage, current.rules):
        return
    progress("building the daily cube and tying it out")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    store.publish(replace(wanted, sequence=current.sequence + 1, engine=store.engine, published_at=now), attribution)


def _source_file(path: Path) -> SourceFile:
    stat = path.stat()
    return SourceFile(str(path), stat.st_size, stat.st_mtime_ns, content_digest(path))


def _delivery_name(export: Export, files: Sequence[SourceFile]) -> str:
    """A digest of everything a delivery's parts depend on: the bytes of its files and the SELECT that reads them."""
    named = zip(export.files, files, strict=True)
    by_content = sorted((DataFile(Path(file.digest), data.layout) for data, file in named), key=lambda data: data.path)
    content = [export.name, export.source.type, line_item_select(replace(export, files=tuple(by_content)))]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
