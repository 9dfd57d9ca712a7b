"""A copy of objects of one S3 bucket on disk, in which only changed objects are fetched anew.

The copy lies under ``<folder>/s3/<bucket>/<key>``. An object counts as unchanged while its entity tag and size are
those of the last time; the tags are kept in ``<folder>/s3/<bucket>.json``. Every object is asked for with the tag it
was listed with, so that one that changes meanwhile is refused, not mixed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from costlib.errors import UnreadableFile

if TYPE_CHECKING:
    from botocore.client import BaseClient

TRIES = 4
_AT_ONCE = 4
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Item:
    """One object of the bucket; ``tag`` is its entity tag, ``size`` its bytes."""

    key: str
    size: int
    tag: str
    modified: datetime


class Mirror:
    """The copy of one bucket under a folder. Keys that are asked of it stay below it (``data_exports.is_inside``)."""

    def __init__(self, folder: Path, bucket: str) -> None:
        self.bucket = bucket
        self.root = folder / "s3" / bucket
        self._index = folder / "s3" / f"{bucket}.json"
        self._known = _read_index(self._index)

    def path(self, key: str) -> Path:
        """Where an object lies; the whole copy for the empty key."""
        return self.root.joinpath(*key.split("/")) if key else self.root

    def changed(self, items: Iterable[Item]) -> list[Item]:
        """The objects that the copy does not hold as they are now."""
        return [item for item in items if not self._holds(item)]

    def fetch(self, client: BaseClient, items: Sequence[Item]) -> None:
        """Fetch the objects; those that came whole before a failure are kept and not fetched again.

        Raises ``UnreadableFile`` for a transfer that keeps breaking off, and the errors of the client.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for item in pool.map(lambda item: _fetched(client, self.bucket, item, self.path(item.key)), items):
                self._known[item.key] = [item.tag, item.size]
                self._write_index()

    def prune(self, folder: str, wanted: Iterable[Item]) -> None:
        """Remove the files below a folder of the bucket that are not wanted any more."""
        kept = {self.path(item.key) for item in wanted}
        for path in sorted(self.path(folder).rglob("*")):
            if path.is_file() and path not in kept:
                path.unlink()

    def _holds(self, item: Item) -> bool:
        path = self.path(item.key)
        known = self._known.get(item.key) == [item.tag, item.size]
        return known and path.is_file() and path.stat().st_size == item.size

    def _write_index(self) -> None:
        temporary = self._index.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(self._known, indent=0, sort_keys=True), encoding="utf-8")
        temporary.replace(self._index)


def _read_index(path: Path) -> dict[str, list[str | int]]:
    """Tag and size by key; nothing where there is no index, or a damaged one: all is fetched again then."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _fetched(client: BaseClient, bucket: str, item: Item, path: Path) -> Item:
    """Fetch one object in the version that was listed."""
    temporary = path.with_name(f".{os.getpid()}.{path.name}"[:200])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _transfer(client, bucket, item, temporary)
        temporary.replace(path)
    except OSError as error:
        raise UnreadableFile(
            f"s3://{bucket}/{item.key} cannot be written to {path.parent} ({error.strerror or error})",
            expected="a folder of your own with enough room, and names that the disk can hold",
            fix="Make room or choose another folder with --store; nothing was changed.",
        ) from error
    return item


def _transfer(client: BaseClient, bucket: str, item: Item, to: Path) -> None:
    """Copy the object to a file; a transfer that breaks off is tried again."""
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.exceptions import IncompleteReadError, ResponseStreamingError
    from urllib3.exceptions import HTTPError

    for attempt in range(1, TRIES + 1):
        try:
            body = client.get_object(Bucket=bucket, Key=item.key, IfMatch=item.tag)["Body"]
            with to.open("wb") as file:
                for chunk in body.iter_chunks(_CHUNK):
                    file.write(chunk)
            return
        except (NoConnection, IncompleteReadError, ResponseStreamingError, HTTPError) as error:
            to.unlink(missing_ok=True)
            if attempt == TRIES:
                raise UnreadableFile(
                    f"s3://{bucket}/{item.key} broke off {TRIES} times ({str(error)[:200]})",
                    expected="a whole transfer",
                    fix="Load again; what came whole is kept, nothing was changed.",
                ) from error
