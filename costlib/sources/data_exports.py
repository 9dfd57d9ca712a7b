"""The folder layout of AWS Data Exports, and which files of it to read.

An export lies under ``<prefix>/<export>/data/BILLING_PERIOD=YYYY-MM/``. Its manifest, which AWS writes last, lies
under ``<prefix>/<export>/metadata/`` in the same partition and lists the data files; only what it lists is read.
An export that overwrites has one manifest a partition. One that creates new files has a folder an execution, all
kept: the newest manifest counts. Layout:
https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html (read 2026-11).

An export of a billing group of AWS Billing Conductor is *pro forma*: what the group is shown, not what anybody pays.
Beside other exports it is left out; named itself it is read under a name of its own. Which view an export shows is
said by ``BILLING_VIEW_ARN`` in its manifest, whose last part is ``primary`` for the invoice and for a billing group
its account or ``billinggroup-...``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from costlib.errors import InputError, UnreadableFile, cause_words

PARTITION = re.compile(r"BILLING_PERIOD=\d{4}-\d{2}", re.IGNORECASE)
#: Ends the name of an export that is not the invoice.
PRO_FORMA = " (pro forma)"

_PRO_FORMA_VIEW = re.compile(r"(billinggroup-.+|\d{12})")


def manifest_files(where: Path) -> dict[tuple[str, str], list[Path]]:
    """Data files to read by export and partition, for every export at, above or below the path.

    A path inside an export's data folder gives that part of it; without a manifest the answer is empty. Raises
    ``UnreadableFile`` where a manifest is damaged or lists a file that is not there, where only some months of an
    export have a manifest, or where versions lie side by side with no manifest to tell them apart.
    """
    roots = export_roots(where)
    aside = set(pro_forma(where))
    found = {
        (root.name + (PRO_FORMA if _is_pro_forma(manifest) else ""), partition): [
            path for path in sorted(set(_listed(manifest, root))) if where in (path, *path.parents)
        ]
        for root in roots
        if root not in aside
        for partition, manifest in _current_manifests(root / "metadata")
    }
    current = {key: files for key, files in found.items() if files}
    if current:
        _refuse_undelivered(where, [root for root in roots if root not in aside], found)
    elif aside:
        raise undelivered(str(where))
    else:
        _refuse_versions(where)
    return current


def pro_forma(where: Path) -> list[Path]:
    """Folders of exports that show a billing group and lie beside others at the path: they are not read with those."""
    roots = export_roots(where)
    groups = [root for root in roots if _shows_a_group(root)]
    return groups if len(groups) < len(roots) else []


def refuse_mixing(names: Iterable[str], held: Collection[str]) -> None:
    """Refuse connections that show a billing group beside ``held`` ones that show the invoice, and the other way round.

    Raises ``InputError``: the accounts differ, so nothing else would notice that the same use counts twice.
    """
    for name in names:
        kind = name.partition(":")[0]
        for other in held:
            if other.partition(":")[0] == kind and name.endswith(PRO_FORMA) != other.endswith(PRO_FORMA):
                raise InputError(
                    f"{name} and {other}, which is loaded, show the same use: one pro forma, one as the invoice",
                    expected="the invoice or what billing groups are shown",
                    fix="Load it into a store of its own with --store; nothing was changed.",
                )


def listed_files(manifest: str, where: str) -> list[str]:
    """The files that the text of a manifest lists, each below the export's ``data`` folder.

    Raises ``UnreadableFile`` for text that is no manifest (``where`` names it), or that lists a place outside.
    """
    try:
        entries = json.loads(manifest)["dataFiles"]
        keys = [entry if isinstance(entry, str) else str(entry["key"]) for entry in entries]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableFile(
            f"{where} is not a whole manifest ({cause_words(error)})",
            expected="a Data Exports manifest with dataFiles",
            fix="Fetch it again.",
        ) from error
    files = [f"/{key}".rpartition("/data/")[2] for key in keys]
    for name in files:
        if not is_inside(name):
            raise UnreadableFile(
                f"{where} lists {name[:80]!r}, which is not a file of the export",
                expected="files below the export's data folder",
                fix="Check who wrote this manifest; nothing was changed.",
            )
    return files


def is_inside(name: str) -> bool:
    """Whether a name with slashes, taken from outside, stays below the folder that it is put in.

    >>> is_inside("BILLING_PERIOD=2026-09/a.parquet"), is_inside("../../etc/passwd"), is_inside("a//b")
    (True, False, False)
    """
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and "\\" not in name and "\x00" not in name


def undelivered(folder: str) -> UnreadableFile:
    """The refusal of data that no manifest speaks for."""
    return UnreadableFile(
        f"{folder} holds data and no manifest says that it is whole",
        expected="a manifest for every month of the export",
        fix="Fetch the export again once AWS has delivered it whole, or load the other months one by one; "
        "nothing was changed.",
    )


def not_there(manifest: str, name: str, folder: str) -> UnreadableFile:
    """The refusal of a manifest that lists a file which is not there."""
    return UnreadableFile(
        f"{manifest} lists {name}, which is not in {folder}",
        expected="every file of the manifest",
        fix="Fetch the export again once AWS has delivered it whole; nothing was changed.",
    )


def export_roots(where: Path) -> list[Path]:
    """Folders of the exports that the path lies in or holds; each has a data and a metadata folder."""
    for path in (where, *where.parents):
        if path.name == "data" and (path.parent / "metadata").is_dir():
            return [path.parent]
    return sorted(path.parent for path in where.rglob("metadata") if path.is_dir() and (path.parent / "data").is_dir())


def _current_manifests(metadata: Path) -> Iterable[tuple[str, Path]]:
    """The newest manifest of each partition: the one in the partition itself, else the latest execution's by name."""
    for partition in sorted(path for path in metadata.iterdir() if PARTITION.fullmatch(path.name)):
        manifests = sorted(path for path in partition.rglob("*Manifest.json"))
        top = [path for path in manifests if path.parent == partition]
        yield from ((partition.name, path) for path in (top or manifests)[-1:])


def _listed(manifest: Path, root: Path) -> list[Path]:
    files = [root / "data" / name for name in listed_files(_text(manifest), str(manifest))]
    for path in files:
        if not path.is_file():
            raise not_there(str(manifest), path.name, str(path.parent))
    return files


def _text(manifest: Path) -> str:
    try:
        return manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{manifest} is not a whole manifest ({cause_words(error)})",
            expected="a Data Exports manifest with dataFiles",
            fix="Fetch it again.",
        ) from error


def _shows_a_group(root: Path) -> bool:
    return any(_is_pro_forma(manifest) for _, manifest in _current_manifests(root / "metadata"))


def _is_pro_forma(manifest: Path) -> bool:
    """Whether the manifest says that its export shows a billing group; a damaged one says nothing."""
    try:
        document = json.loads(_text(manifest))
    except (ValueError, RecursionError):
        return False
    properties = document.get("tableProperties") if isinstance(document, dict) else None
    view = str(properties.get("BILLING_VIEW_ARN", "")) if isinstance(properties, dict) else ""
    return bool(_PRO_FORMA_VIEW.fullmatch(view.rpartition("/")[2]))


def _refuse_undelivered(where: Path, roots: Sequence[Path], listed: Collection[tuple[str, str]]) -> None:
    """Data that no manifest speaks for must not be passed over in silence."""
    for folder in (folder for root in roots for folder in sorted((root / "data").iterdir())):
        known = not PARTITION.fullmatch(folder.name) or any(
            (folder.parent.parent.name + ending, folder.name) in listed for ending in ("", PRO_FORMA)
        )
        if not known and where in folder.parents and any(path.is_file() for path in folder.rglob("*")):
            raise undelivered(str(folder))


def _refuse_versions(where: Path) -> None:
    folders = (path for path in (where, *where.rglob("*")) if path.is_dir() and PARTITION.fullmatch(path.name))
    for partition in folders:
        versions = sorted({path.parent for path in partition.rglob("*") if path.is_file()})
        if len(versions) > 1:
            raise UnreadableFile(
                f"{partition} holds {len(versions)} versions of one month and no manifest says which is whole",
                expected="the export's metadata folder beside its data folder",
                fix=f"Fetch the metadata folder too, or load one version: {versions[-1]}.",
            )
