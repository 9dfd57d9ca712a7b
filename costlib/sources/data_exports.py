"""The folder layout of AWS Data Exports, and which files of it to read.

An export lies under ``<prefix>/<export>/data/BILLING_PERIOD=YYYY-MM/``. Its manifest, which AWS writes last, lies
under ``<prefix>/<export>/metadata/`` in the same partition and lists the data files; only what it lists is read.
An export that overwrites has one manifest a partition. One that creates new files has a folder an execution, all
kept: the newest manifest counts. Layout:
https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html (read 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from costlib.errors import UnreadableFile

_PARTITION = re.compile(r"BILLING_PERIOD=\d{4}-\d{2}", re.IGNORECASE)


def manifest_files(where: Path) -> dict[tuple[str, str], list[Path]]:
    """Data files to read by export and partition, for every export at, above or below the path.

    A path inside an export's data folder gives that part of it; without a manifest the answer is empty. Raises
    ``UnreadableFile`` where a manifest is damaged or lists a file that is not there, where only some months of an
    export have a manifest, or where versions lie side by side with no manifest to tell them apart.
    """
    roots = export_roots(where)
    found = {
        (root.name, partition): [
            path for path in sorted(set(_listed(manifest, root))) if where in (path, *path.parents)
        ]
        for root in roots
        for partition, manifest in _current_manifests(root / "metadata")
    }
    current = {key: files for key, files in found.items() if files}
    if current:
        _refuse_undelivered(where, roots, found)
    else:
        _refuse_versions(where)
    return current


def export_roots(where: Path) -> list[Path]:
    """Folders of the exports that the path lies in or holds; each has a data and a metadata folder."""
    for path in (where, *where.parents):
        if path.name == "data" and (path.parent / "metadata").is_dir():
            return [path.parent]
    return sorted(path.parent for path in where.rglob("metadata") if path.is_dir() and (path.parent / "data").is_dir())


def _current_manifests(metadata: Path) -> Iterable[tuple[str, Path]]:
    """The newest manifest of each partition: the one in the partition itself, else the latest execution's by name."""
    for partition in sorted(path for path in metadata.iterdir() if _PARTITION.fullmatch(path.name)):
        manifests = sorted(path for path in partition.rglob("*Manifest.json"))
        top = [path for path in manifests if path.parent == partition]
        yield from ((partition.name, path) for path in (top or manifests)[-1:])


def _listed(manifest: Path, root: Path) -> list[Path]:
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))["dataFiles"]
        keys = [entry if isinstance(entry, str) else str(entry["key"]) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"{manifest} is not a whole manifest ({error})",
            expected="a Data Exports manifest with dataFiles",
            fix="Fetch it again.",
        ) from error
    files = [root / "data" / f"/{key}".rpartition("/data/")[2] for key in keys]
    for path in files:
        if not path.is_file():
            raise UnreadableFile(
                f"{manifest} lists {path.name}, which is not in {path.parent}",
                expected="every file of the manifest",
                fix="Fetch the export again once AWS has delivered it whole; nothing was changed.",
            )
    return files


def _refuse_undelivered(where: Path, roots: Sequence[Path], listed: Collection[tuple[str, str]]) -> None:
    """Data that no manifest speaks for must not be passed over in silence."""
    for folder in (folder for root in roots for folder in sorted((root / "data").iterdir())):
        known = not _PARTITION.fullmatch(folder.name) or (folder.parent.parent.name, folder.name) in listed
        if not known and where in folder.parents and any(path.is_file() for path in folder.rglob("*")):
            raise UnreadableFile(
                f"{folder} holds data and no manifest says that it is whole",
                expected="a manifest for every month of the export",
                fix="Fetch the export again once AWS has delivered it whole, or load the other months one by one; "
                "nothing was changed.",
            )


def _refuse_versions(where: Path) -> None:
    folders = (path for path in (where, *where.rglob("*")) if path.is_dir() and _PARTITION.fullmatch(path.name))
    for partition in folders:
        versions = sorted({path.parent for path in partition.rglob("*") if path.is_file()})
        if len(versions) > 1:
            raise UnreadableFile(
                f"{partition} holds {len(versions)} versions of one month and no manifest says which is whole",
                expected="the export's metadata folder beside its data folder",
                fix=f"Fetch the metadata folder too, or load one version: {versions[-1]}.",
            )
