"""From paths to exports: which files belong together, what kind they are, what the connection is called.

An *export* is what one load reads as one delivery of one source. Its name is the connection's: given, or the type
with the identity of the export (its name in AWS, else the folder's or file's name without the month in it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from costlib.errors import EmptyExport, InputError, UnrecognisedExport
from costlib.sources import Source, all_sources, source_of_type
from costlib.sources.data_exports import export_roots, manifest_files
from costlib.sources.files import DataFile, Layout, data_files, inspect_all
from costlib.sources.native import NativeColumns
from costlib.sources.opencost import is_opencost
from costlib.sources.places import WRITTEN
from costlib.sources.web_address import refuse_unknown

_MONTH = re.compile(r"(?<!\d)20\d{2}-?(0[1-9]|1[0-2])(?![-_]?\d)")
_EXTENSION = re.compile(r"(\.snappy|\.csv|\.gz|\.parquet|\.zip|\.json|\.jsonl|\.ndjson)+$", re.IGNORECASE)


@dataclass(frozen=True)
class Export:
    """The files of one source that are loaded together; ``partition`` where the provider delivers month by month."""

    name: str
    source: Source
    files: tuple[DataFile, ...]
    partition: str = ""

    def by_layout(self) -> list[tuple[Layout, list[DataFile]]]:
        """Files grouped by what one scan can read, in a stable order."""
        groups: dict[Layout, list[DataFile]] = {}
        for file in self.files:
            groups.setdefault(file.layout, []).append(file)
        return list(groups.items())


def discover(where: Sequence[Path], *, name: str | None = None, kind: str | None = None) -> tuple[Export, ...]:
    """The exports that the paths hold, each with its source and the name of its connection.

    ``name`` names the connection and ``kind`` overrides recognition. Raises ``InputError`` and its children.
    """
    chosen = source_of_type(kind) if kind else None
    found: dict[tuple[str, str, str], tuple[Source, list[DataFile]]] = {}
    loose: dict[str, tuple[Source, list[DataFile], list[str]]] = {}
    for path in _absolute(where):
        partitions = manifest_files(path)
        named = [(export, file) for export, files in partitions.items() for file in files]
        recognised = _recognised((file for _, file in named), chosen)
        for ((export_name, partition), _), (file, source) in zip(named, recognised, strict=True):
            found.setdefault((source.type, export_name, partition), (source, []))[1].append(file)
        for file, source in _recognised(_loose_files(path, beside=bool(partitions)), chosen):
            _, members, names = loose.setdefault(source.type, (source, [], []))
            members.append(file)
            names.append(path.name)
    for source, members, names in loose.values():
        found[(source.type, identity(names), "")] = (source, members)
    _refuse_one_name_for_many(name, {key[:2] for key in found})
    return tuple(
        _export(source, files, name or f"{kind_of}:{label}", partition)
        for (kind_of, label, partition), (source, files) in sorted(found.items(), key=lambda item: item[0])
    )


def split_usage(where: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The paths that hold bills, and the files of usage records that lie among them.

    Raises ``InputError`` for a path that does not exist.
    """
    bills, usage = [], []
    for path in _absolute(where):
        beside = [path] if path.is_file() else sorted(path.rglob("*.json"))
        records = [file for file in beside if file.is_file() and is_opencost(file)]
        usage += records
        if not records or (path.is_dir() and data_files(path)):
            bills.append(path)
    return bills, sorted(set(usage))


def _refuse_one_name_for_many(name: str | None, connections: set[tuple[str, str]]) -> None:
    if name and len(connections) > 1:
        raise InputError(
            f"The paths hold {len(connections)} exports, which cannot share the name {name}",
            expected="one export when it is given a name",
            fix="Load them one by one, or leave --source out.",
        )


def identity(names: Iterable[str]) -> str:
    """What files of one load have in common: their name without extension and month, else the first one's.

    >>> identity(["vendor-2026-09.csv.gz", "vendor-2026-10.csv.gz"]), identity(["focus_sample_1.0.csv"])
    ('vendor', 'focus_sample_1.0')
    """
    stems = sorted({_MONTH.sub("", _EXTENSION.sub("", name)).strip("-_. ") for name in names})
    alike = [letters[0] for letters in takewhile(lambda letters: len(set(letters)) == 1, zip(*stems, strict=False))]
    return "".join(alike).strip("-_. ") or stems[0] or "export"


def _absolute(where: Sequence[Path]) -> list[Path]:
    if not where:
        raise InputError("There is nothing to load", expected="a file or a folder", fix="Name at least one.")
    for path in where:
        if not path.exists():
            refuse_unknown(path, WRITTEN)
            raise InputError(f"{path} does not exist", expected="a file or a folder", fix="Check the path.")
    return sorted({path.resolve() for path in where})


def _loose_files(path: Path, *, beside: bool) -> list[Path]:
    """Data files at the path; those ``beside`` exports that have manifests, where it holds such."""
    if beside:
        roots = set(export_roots(path))
        return [file for file in data_files(path) if not roots & set(file.parents)]
    if path.is_file():
        return [path]
    files = data_files(path)
    if not files:
        raise EmptyExport(
            f"{path} holds no CSV or Parquet file", expected="an export", fix="Name the folder of the export itself."
        )
    return files


def _recognised(paths: Iterable[Path], chosen: Source | None) -> list[tuple[DataFile, Source]]:
    return [(file, chosen or _source_of(file)) for file in inspect_all(paths)]


def _source_of(file: DataFile) -> Source:
    columns = NativeColumns(file.layout.columns)
    sources = all_sources()
    for source in sources:
        if source.recognises(columns):
            return source
    first = ", ".join(name[:40] for name in columns.names[:4])
    raise UnrecognisedExport(
        f"{file.path} is of no known kind (its columns begin with {first})",
        expected=" or ".join(source.title for source in sources),
        fix="If it is one of these, name it with --type; nothing was changed.",
    )


def _export(source: Source, files: list[DataFile], name: str, partition: str) -> Export:
    unique = {file.path: file for file in files}
    for file in unique.values():
        source.check(NativeColumns(file.layout.columns), str(file.path))
    return Export(name, source, source.look_into([unique[path] for path in sorted(unique)]), partition)
