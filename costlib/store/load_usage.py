"""Loading usage records: a delivery of files becomes usage parts of the manifest, in the place of what it replaces."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from costlib.errors import AlreadyCovered
from costlib.sources.base import UsageRecord
from costlib.store.base import content_digest
from costlib.store.manifest import Manifest, SourceFile, UsageKey, UsagePart, safe_name
from costlib.store.usage import write_records

#: Part of a delivery's name: raised when the same bytes are to be read otherwise than before.
READING = 1


@dataclass(frozen=True)
class UsageExport:
    """Files of usage records that are loaded together; ``read`` gives their records, each file's checked."""

    name: str
    source_type: str
    files: tuple[Path, ...]
    read: Callable[[Sequence[Path]], list[UsageRecord]]


def load_usage(root: Path, state: Manifest, export: UsageExport, supersede: bool) -> tuple[Manifest, int]:
    """The state with the export's records, whose parts are written under ``root``, and how many records are new.

    Raises what ``export.read`` raises, and ``AlreadyCovered`` where another source holds the same cluster and month.
    """
    files = tuple(_source_file(path) for path in export.files)
    name = _delivery_name(export, files)
    held = [part for part in state.usage if (part.source, part.delivery) == (export.name, name)]
    if held and len(held) == held[0].delivery_parts:
        return state, 0
    groups: defaultdict[UsageKey, list[UsageRecord]] = defaultdict(list)
    for record in export.read(export.files):
        groups[(export.name, record.cluster, f"{record.day:%Y-%m}", record.grain)].append(record)
    rivals = _rivals(state, export.name, set(groups), supersede)
    parts = [_write_part(root, export, key, name, records, files, len(groups)) for key, records in groups.items()]
    replaced = {*groups, *rivals}
    kept = [part for part in state.usage if part.key not in replaced]
    usage = tuple(sorted((*kept, *parts), key=lambda part: part.key))
    return replace(state, usage=usage), sum(map(len, groups.values()))


def _rivals(state: Manifest, name: str, keys: set[UsageKey], supersede: bool) -> list[UsageKey]:
    places = {key[1:] for key in keys}
    rivals = [part for part in state.usage if part.source != name and part.key[1:] in places]
    if rivals and not supersede:
        first = rivals[0]
        raise AlreadyCovered(
            f"{first.source} already holds the usage of cluster {first.cluster} for {first.period}",
            expected="one source for each cluster and month",
            fix=f"Load it with --source {first.source}, or add --supersede. Nothing was changed.",
        )
    return [part.key for part in rivals]


def _write_part(
    root: Path,
    export: UsageExport,
    key: UsageKey,
    name: str,
    records: Sequence[UsageRecord],
    files: tuple[SourceFile, ...],
    count: int,
) -> UsagePart:
    source, cluster, period, grain = key
    path = Path("usage") / safe_name(source) / safe_name(cluster) / f"{period}-{grain}-{name}.parquet"
    ordered = sorted(records, key=lambda one: (one.day, one.hour or 0, one.namespace or "", one.node or "", one.kind))
    write_records(ordered, root / path)
    return UsagePart(
        source=source,
        source_type=export.source_type,
        cluster=cluster,
        period=period,
        grain=grain,
        delivery=name,
        delivery_parts=count,
        path=str(path),
        first_day=ordered[0].day,
        last_day=ordered[-1].day,
        rows=len(records),
        files=files,
    )


def _source_file(path: Path) -> SourceFile:
    stat = path.stat()
    return SourceFile(str(path), stat.st_size, stat.st_mtime_ns, content_digest(path))


def _delivery_name(export: UsageExport, files: Sequence[SourceFile]) -> str:
    content = [export.name, export.source_type, READING, sorted(file.digest for file in files)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
