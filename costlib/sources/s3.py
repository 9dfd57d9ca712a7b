"""AWS Data Exports fetched from S3, what has changed of them.

Where: ``s3://bucket/prefix``, the place of one export, one above it, or one inside its data folder. What the current
manifests list is copied (``s3_mirror``) and then read like any folder of Data Exports (``data_exports``), so that a
load from S3 and a load of the same folder are the same. Files that belong to no export are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from costlib.errors import InputError, UnreadableFile
from costlib.sources.aws_session import client, said_plainly
from costlib.sources.data_exports import PARTITION, is_inside, listed_files, not_there, undelivered
from costlib.sources.files import DATA_SUFFIXES
from costlib.sources.s3_mirror import Item, Mirror

if TYPE_CHECKING:
    from botocore.client import BaseClient

Tell = Callable[[str], None]
Items = Mapping[str, Item]

_SCHEME = "s3:"
_MANIFEST = "Manifest.json"
#: A manifest of ten thousand files is a few megabytes.
MOST_MANIFEST_BYTES = 64 << 20
#: Objects a request of a listing, S3's most.
PAGE = 1000


@dataclass(frozen=True)
class Place:
    """A bucket and the prefix in it, without slashes at its ends; empty for the whole bucket."""

    bucket: str
    prefix: str

    @property
    def root(self) -> str:
        """The prefix to list: the export's, where the place lies in its data folder."""
        parts = self.prefix.split("/")
        inside = "data" in parts and all(PARTITION.fullmatch(part) for part in parts[parts.index("data") + 1 :][:1])
        return "/".join(parts[: parts.index("data")]) if inside else self.prefix

    def holds(self, folder: str) -> bool:
        """Whether the place is above the folder, is it, or lies in it.

        >>> [Place("b", prefix).holds("e/data/M") for prefix in ("", "e", "e/data/M", "e/data/M/run", "e/data/N")]
        [True, True, True, True, False]
        """
        here, there = f"{self.prefix}/", f"{folder}/"
        return not self.prefix or there.startswith(here) or here.startswith(there)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True)
class Month:
    """One billing month of one export (its ``root`` in the bucket): the current manifest and the files it lists."""

    root: str
    partition: str
    manifest: Item
    files: tuple[Item, ...]

    @property
    def label(self) -> str:
        """The export and month as a reader knows them."""
        return f"{self.root.rpartition('/')[2]} {self.partition.partition('=')[2]}".strip()


def is_address(where: str) -> bool:
    """Whether a place to load from is in S3.

    >>> is_address("s3://billing/exports"), is_address("exports/s3")
    (True, False)
    """
    return where.startswith(f"{_SCHEME}/") or where == _SCHEME


def place(where: str) -> Place:
    """The place that the text means; a path's way of writing it, with one slash, too.

    Raises ``InputError``.

    >>> place("s3:/billing/exports/"), str(place("s3://billing"))
    (Place(bucket='billing', prefix='exports'), 's3://billing')
    """
    bucket, _, prefix = where.removeprefix(_SCHEME).strip("/").partition("/")
    if not is_inside(bucket) or (prefix and not is_inside(prefix)):
        raise InputError(f"{where} is no place in S3", expected="s3://bucket/prefix", fix="Name the bucket.")
    return Place(bucket, prefix)


def fetch(where: str, folder: Path, tell: Tell) -> Path:
    """Copy what has changed at the place to below ``folder``; returns the path to load.

    Raises ``InputError`` where S3 refuses or there is no manifest, and ``UnreadableFile`` where an export is not whole
    or changes meanwhile.
    """
    wanted, mirror = _opened(where, folder)
    with said_plainly(str(wanted)):
        s3 = client("s3")
        for month in _months(s3, mirror, wanted, tell):
            changed = mirror.changed(month.files)
            tell(_summary(month, changed))
            mirror.fetch(s3, changed)
            for part in ("data", "metadata"):
                mirror.prune(_folder(month.root, part, month.partition), (month.manifest, *month.files))
    path = mirror.path(wanted.prefix)
    if not path.exists():
        raise InputError(
            f"{wanted} is not part of what AWS delivered last",
            expected="a place that the current manifest lists, or one above it",
            fix="Name the export or the month; nothing was changed.",
        )
    return path


def announced(where: str, folder: Path) -> list[str]:
    """What ``fetch`` would copy, a line a month; reads the listing and the manifests, and fails as ``fetch`` does."""
    wanted, mirror = _opened(where, folder)
    lines: list[str] = []
    with said_plainly(str(wanted)):
        months = _months(client("s3"), mirror, wanted, lines.append)
        return [*(_summary(month, mirror.changed(month.files)) for month in months), *lines]


def _opened(where: str, folder: Path) -> tuple[Place, Mirror]:
    wanted = place(where)
    return wanted, Mirror(folder, wanted.bucket)


def _months(s3: BaseClient, mirror: Mirror, wanted: Place, tell: Tell) -> list[Month]:
    """The months at the place, each by its current manifest."""
    items = {item.key: item for item in _listed(s3, wanted)}
    manifests = _current_manifests(items)
    if not manifests:
        raise InputError(
            f"{wanted} holds no manifest of AWS Data Exports ({len(items):,} objects seen)",
            expected="<prefix>/<export>/metadata/BILLING_PERIOD=YYYY-MM/<export>-Manifest.json",
            fix="Check bucket and prefix; a new export delivers within a day.",
        )
    _refuse_undelivered(wanted, items, manifests.keys())
    here = {key: item for key, item in manifests.items() if wanted.holds(_folder(key[0], "data", key[1]))}
    _refuse_huge(wanted, here.values())
    mirror.fetch(s3, mirror.changed(here.values()))
    months = [_month(mirror, *key, manifest, items) for key, manifest in here.items()]
    for line in _remarks(months, items, {root for root, _ in manifests}):
        tell(line)
    return months


def _listed(s3: BaseClient, wanted: Place) -> Iterator[Item]:
    """The objects below the place; names that could lead elsewhere on disk are passed over."""
    prefix = f"{wanted.root}/" if wanted.root else ""
    paging = {"PageSize": PAGE}
    for page in s3.get_paginator("list_objects_v2").paginate(
        Bucket=wanted.bucket, Prefix=prefix, PaginationConfig=paging
    ):
        for found in page.get("Contents", ()):
            if is_inside(found["Key"]):
                yield Item(found["Key"], found["Size"], found["ETag"], found["LastModified"])


def _in_months(items: Items, part: str) -> Iterator[tuple[str, str, Sequence[str], Item]]:
    """Objects in ``<root>/<part>/BILLING_PERIOD=YYYY-MM/``: root, month, the names below it, the object."""
    for key, item in items.items():
        names = key.split("/")
        for at, name in enumerate(names[:-2]):
            if name == part and PARTITION.fullmatch(names[at + 1]):
                yield "/".join(names[:at]), names[at + 1], names[at + 2 :], item
                break


def _current_manifests(items: Items) -> dict[tuple[str, str], Item]:
    """The current manifest by export and month: the one of the month itself, else the latest execution's by name."""
    found: dict[tuple[str, str], list[tuple[bool, str]]] = {}
    for root, month, names, item in _in_months(items, "metadata"):
        if names[-1].endswith(_MANIFEST):
            found.setdefault((root, month), []).append((len(names) == 1, item.key))
    return {month: items[max(keys)[1]] for month, keys in sorted(found.items())}


def _refuse_undelivered(wanted: Place, items: Items, months: Collection[tuple[str, str]]) -> None:
    """Data that no manifest speaks for must not be passed over in silence."""
    roots = {root for root, _ in months}
    for root, month, _, _ in _in_months(items, "data"):
        folder = _folder(root, "data", month)
        if root in roots and (root, month) not in months and wanted.holds(folder):
            raise undelivered(f"s3://{wanted.bucket}/{folder}")


def _refuse_huge(wanted: Place, manifests: Collection[Item]) -> None:
    for item in manifests:
        if item.size > MOST_MANIFEST_BYTES:
            raise UnreadableFile(
                f"s3://{wanted.bucket}/{item.key} has {item.size:,} bytes",
                expected="a manifest",
                fix="Check who writes to the bucket; nothing was changed.",
            )


def _month(mirror: Mirror, root: str, partition: str, manifest: Item, items: Items) -> Month:
    where = f"s3://{mirror.bucket}/{manifest.key}"
    text = mirror.path(manifest.key).read_text(encoding="utf-8", errors="replace")
    keys = [_folder(root, "data", name) for name in dict.fromkeys(listed_files(text, where))]
    for key in keys:
        if key not in items:
            folder, _, name = key.rpartition("/")
            raise not_there(where, name, f"s3://{mirror.bucket}/{folder}")
    return Month(root, partition, manifest, tuple(items[key] for key in keys))


def _remarks(months: Sequence[Month], items: Items, roots: set[str]) -> Iterator[str]:
    """What a reader should know before the files are copied."""
    for month in months:
        late = sum(item.modified > month.manifest.modified for item in month.files)
        if late:
            yield f"{month.label}: {late} files are newer than their manifest; if AWS is delivering, load again later"
    beside = [key for key in items if key.lower().endswith(DATA_SUFFIXES) and not _below(key, roots)]
    if beside:
        yield f"{len(beside):,} data files belong to no export with a manifest and are left out, the first: {beside[0]}"


def _below(key: str, roots: set[str]) -> bool:
    return any(not root or key.startswith(f"{root}/") for root in roots)


def _summary(month: Month, changed: Sequence[Item]) -> str:
    size = sum(item.size for item in changed) / 1e6
    return f"{month.label}: {len(changed)} of {len(month.files)} files to fetch, {size:,.1f} MB"


def _folder(*names: str) -> str:
    return "/".join(filter(None, names))
