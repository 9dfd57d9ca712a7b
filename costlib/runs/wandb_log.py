"""The ``run-*.wandb`` file of an offline run: what Weights & Biases wrote while the run went on, record by record.

The file is a log of the LevelDB kind: blocks of 32 KiB, in them pieces of records, each behind a checksum (CRC-32 of
kind and content), a length and a kind (whole, first, middle, last). A record is a protobuf message of the type Record
(``wandb_internal.proto``, as wandb 0.31 writes it); of its many fields those that say what the run was are read here,
by number, so that neither package is needed. A file cut short, as a killed run leaves it, is read up to the cut.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from costlib.errors import UnreadableFile

BLOCK: Final = 32768
_START: Final = b":W&B\xe1\xbe"
_HEAD: Final = struct.Struct("<IHB")
_WHOLE, _FIRST, _LAST = 1, 2, 4
#: Fields of the messages, by number.
RECORD: Final = {"summary": 3, "config": 5, "stats": 7, "run": 17, "exit": 18}
RUN: Final = {
    "run_id": 1,
    "project": 3,
    "config": 4,
    "summary": 5,
    "run_group": 6,
    "job_type": 7,
    "start_time": 17,
}
UPDATE: Final = {"update": 1}
ITEM: Final = {"key": 1, "nested_key": 2, "value_json": 16}
EXIT: Final = {"exit_code": 1}
STATS: Final = {"item": 3}
TIME: Final = {"seconds": 1}

Message = dict[int, list[Any]]


@dataclass
class Logged:
    """What the file says of its run; ``exit_code`` is None where it has no end, ``busy`` is in percent."""

    run_id: str = ""
    project: str = ""
    group: str = ""
    job_type: str = ""
    seconds: int | None = None
    config: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    busy: list[Decimal] = field(default_factory=list)
    exit_code: int | None = None


def logged(path: Path) -> Logged:
    """All that the file says of its run.

    Raises ``UnreadableFile`` where it is no such file, or damaged before its end.
    """
    found = Logged()
    try:
        for record in records(path.read_bytes()):
            _take(found, message(record))
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, IndexError, struct.error) as error:
        raise _unreadable(path, str(error)) from error
    return found


def records(content: bytes) -> Iterator[bytes]:
    """The records of a file, pieces put together; raises ValueError for one that is no such file or damaged."""
    if not content.startswith(_START):
        raise ValueError("it does not begin as a run of Weights & Biases does")
    place, parts = len(_START) + 1, b""
    while place + _HEAD.size <= len(content):
        left = BLOCK - place % BLOCK
        if left < _HEAD.size:
            place += left
            continue
        checksum, length, kind = _HEAD.unpack_from(content, place)
        piece = content[place + _HEAD.size : place + _HEAD.size + length]
        if len(piece) < length:
            return
        if zlib.crc32(piece, zlib.crc32(bytes([kind]))) != checksum:
            raise ValueError(f"the record at byte {place} is damaged")
        parts = piece if kind in (_WHOLE, _FIRST) else parts + piece
        if kind in (_WHOLE, _LAST):
            yield parts
        place += _HEAD.size + length


def message(content: bytes) -> Message:
    """The fields of a protobuf message by number, each with all its values: whole numbers, or bytes.

    >>> message(b"\\x08\\x96\\x01\\x12\\x03abc")
    {1: [150], 2: [b'abc']}
    """
    found: Message = {}
    place = 0
    while place < len(content):
        tag, place = _varint(content, place)
        match tag & 7:
            case 0:
                value, place = _varint(content, place)
                found.setdefault(tag >> 3, []).append(value)
                continue
            case 1:
                length = 8
            case 2:
                length, place = _varint(content, place)
            case 5:
                length = 4
            case other:
                raise ValueError(f"a field of the unknown kind {other}")
        found.setdefault(tag >> 3, []).append(content[place : place + length])
        place += length
    return found


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def _take(found: Logged, record: Message) -> None:
    """Add what a record says; later ones count."""
    for content in record.get(RECORD["run"], ()):
        run = message(content)
        found.run_id = _text(run, RUN["run_id"]) or found.run_id
        found.project = _text(run, RUN["project"]) or found.project
        found.group = _text(run, RUN["run_group"]) or found.group
        found.job_type = _text(run, RUN["job_type"]) or found.job_type
        for moment in run.get(RUN["start_time"], ()):
            found.seconds = message(moment).get(TIME["seconds"], [None])[0]
        for part, target in (("config", found.config), ("summary", found.summary)):
            for held in run.get(RUN[part], ()):
                target.update(_updates(held, UPDATE["update"]))
    for content in record.get(RECORD["config"], ()):
        found.config.update(_updates(content, UPDATE["update"]))
    for content in record.get(RECORD["summary"], ()):
        found.summary.update(_updates(content, UPDATE["update"]))
    for content in record.get(RECORD["stats"], ()):
        found.busy += _busy(_updates(content, STATS["item"]))
    for content in record.get(RECORD["exit"], ()):
        found.exit_code = message(content).get(EXIT["exit_code"], [0])[0]


def _updates(content: bytes, items: int) -> dict[str, Any]:
    """Keys and values of the items of a message; nested keys with dots between them."""
    found = {}
    for item in map(message, message(content).get(items, ())):
        key = _text(item, ITEM["key"]) or ".".join(part.decode() for part in item.get(ITEM["nested_key"], ()))
        found[key] = json.loads(item.get(ITEM["value_json"], [b"null"])[-1], parse_float=Decimal)
    return found


def _busy(stats: dict[str, Any]) -> list[Decimal]:
    """Percent in which each GPU was at work, of one look at the machine (``gpu.0.gpu``, ``gpu.1.gpu``, ...)."""
    return [Decimal(str(value)) for key, value in stats.items() if key.startswith("gpu.") and key.endswith(".gpu")]


def _text(found: Message, number: int) -> str:
    return found[number][-1].decode() if number in found else ""


def _unreadable(path: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{path} cannot be read ({why})",
        expected="the file of an offline run",
        fix="Copy it again; nothing was changed.",
    )
