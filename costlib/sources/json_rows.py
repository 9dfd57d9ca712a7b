"""Files of JSON rows, as BigQuery exports tables: one object a line, or one array of objects; plain or gzip.

A field that is null is left out of its row, so no row tells all columns: they are those of the one table that is read
this way (``gcp_columns``). Every column is read as JSON, nested or not.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

from costlib.errors import UnreadableFile
from costlib.sources.gcp_columns import COLUMNS, SIGN

LINES, ARRAY = "json", "json array"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson")
#: The most that one row may take.
ROW_BYTES: Final = 8 << 20
_HEAD_BYTES = 1 << 16
_CHUNK = 1 << 20


def json_format(path: Path, compression: str) -> str | None:
    """``json`` or ``json array`` where the file begins with rows of the table, else None.

    Raises ``UnreadableFile`` for an array that is cut off, which the engine would read as a shorter one.
    """
    head = _head(path, compression)
    if head[:1] not in (b"{", b"[") or f'"{SIGN}"'.encode() not in head:
        return None
    if head[:1] == b"{":
        return LINES
    if _last(path, compression) != b"]":
        raise UnreadableFile(
            f"{path} breaks off: its array of rows is not closed",
            expected="a whole JSON file",
            fix="Export or fetch the file again; nothing was changed.",
        )
    return ARRAY


def holds_rows(path: Path) -> bool:
    """Whether a file with a name such as ``rows.json`` holds rows, by its beginning."""
    if not path.name.lower().endswith(SUFFIXES):
        return False
    head = _head(path, "none")
    return head[:1] in (b"{", b"[") and f'"{SIGN}"'.encode() in head


def json_types() -> tuple[tuple[str, str], ...]:
    """The columns, all JSON."""
    return tuple((name, "JSON") for name in COLUMNS)


def _head(path: Path, compression: str) -> bytes:
    """The first bytes of the text, blanks before it left out; empty where it cannot be read."""
    try:
        with _opened(path, compression) as file:
            return file.read(_HEAD_BYTES).lstrip(b" \r\n\t")
    except (OSError, EOFError, zlib.error):
        return b""


def _last(path: Path, compression: str) -> bytes:
    """The last byte of the text that is no blank; empty where it cannot be read to its end."""
    last = b""
    try:
        with _opened(path, compression) as file:
            for chunk in _chunks(file):
                last = chunk.rstrip(b" \r\n\t")[-1:] or last
    except (OSError, EOFError, zlib.error):
        return b""
    return last


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _opened(path: Path, compression: str) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if compression == "gzip" else path.open("rb")
