"""The manifest: which base parts make up the store's current state, and how each ties out.

One small JSON file, replaced by atomic rename, is the only thing that makes a load visible. A *part* is the base of
one (source, account, billing period); a *generation* is a set of parts and the rules applied to them, named by their
content, so that the same bills and rules have the same name wherever and in whatever order they were loaded. Usage
parts stand beside the cost parts (see ``usage``).

Format 2 added usage parts: a manifest of format 1 is read as one without any; its generation has another name, so its
cube is built anew when the rules are applied. Since format 3 parts are packed (see ``parts``); those of before stay as
they are. Format 4 added ``through``, which nobody knows of parts of before.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from costlib.errors import StoreError
from costlib.focus import COST_MEASURES
from costlib.money import CENT, difference, exact, total
from costlib.store.whole_months import whole_to

Sums = Mapping[str, Decimal | None]
#: Source, account and billing period.
Key = tuple[str, str | None, str | None]
#: Source, cluster, month and grain ("day" or "hour").
UsageKey = tuple[str, str, str, str]
FORMAT = 4
#: Formats that can be read.
READ_FORMATS = (1, 2, 3, FORMAT)
#: How generations are named, which the format of the manifest does not change.
_NAMING = 2


@dataclass(frozen=True)
class SourceFile:
    """A file as it was when it was loaded; ``digest`` is the SHA-256 of its bytes."""

    path: str
    size: int
    modified_ns: int
    digest: str


@dataclass(frozen=True)
class TieOut:
    """Rows and money of one currency of a part, from the file to the cube.

    ``sums_in`` are plain sums over the file's rows (for ``BilledCost``: the invoice, read without the mapping);
    ``sums_store`` are what the base holds; ``sums_quarantined`` what was set aside. A sum is None where no row's value
    is known. ``sums_finer`` is the part of ``sums_in`` that the store's rounding took off, None where it took nothing.
    ``rows_apart`` and ``sums_apart`` are rows that show what others of the bill hold already: they count nowhere else.
    """

    currency: str | None
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    sums_in: Sums
    sums_store: Sums
    sums_quarantined: Sums
    sums_finer: Sums = field(default_factory=dict)
    rows_apart: int = 0
    sums_apart: Sums = field(default_factory=dict)

    @property
    def untied(self) -> dict[str, Decimal]:
        """What file and store differ by, for each cost measure: in less rounding less store less quarantine."""
        return {name: self._untied(name) for name in COST_MEASURES}

    def _untied(self, name: str) -> Decimal:
        nothing = Decimal(0)
        held = total([nothing, self.sums_store[name], self.sums_quarantined[name], self.sums_finer.get(name)])
        return difference(self.sums_in[name] or nothing, held) or nothing

    @property
    def tied_out(self) -> bool:
        """Whether every row, and every measure to the cent, is either in the store or in quarantine."""
        rows = self.rows_in == self.rows_loaded + self.rows_quarantined
        return rows and all(abs(difference) < CENT / 2 for difference in self.untied.values())


@dataclass(frozen=True)
class Part:
    """The base of one (source, account, billing period).

    ``account`` and ``period`` (``2026-09``) are None for rows of quarantine that do not say theirs. ``path`` and
    ``quarantine`` are relative to the store, None where there are no such rows. ``delivery`` names the load's content;
    ``delivery_parts`` counts the parts it had, of which others may have replaced some since. A part that is not
    ``packed`` holds a row for each base row. ``through`` is the last day billed where all use is charged by the month.
    """

    source: str
    source_type: str
    account: str | None
    period: str | None
    delivery: str
    delivery_parts: int
    path: str | None
    quarantine: str | None
    last_day: date | None
    files: tuple[SourceFile, ...]
    tie_outs: tuple[TieOut, ...]
    packed: bool = True
    through: date | None = None

    @property
    def key(self) -> Key:
        """What a delivery replaces."""
        return (self.source, self.account, self.period)

    @property
    def sort_key(self) -> tuple[str, str, str, str]:
        """A stable order, unknown account and period first."""
        return (self.source, self.account or "", self.period or "", self.delivery)


@dataclass(frozen=True)
class UsagePart:
    """The usage records of one (source, cluster, month, grain); ``path`` is relative to the store.

    ``delivery`` names the content of the load, ``grain`` is ``day`` or ``hour``; the days are the first and the last.
    """

    source: str
    source_type: str
    cluster: str
    period: str
    grain: str
    delivery: str
    delivery_parts: int
    path: str
    first_day: date
    last_day: date
    rows: int
    files: tuple[SourceFile, ...]

    @property
    def key(self) -> UsageKey:
        """What a delivery replaces."""
        return (self.source, self.cluster, self.period, self.grain)


@dataclass(frozen=True)
class Manifest:
    """One state of the store. ``sequence`` counts publications; ``rules`` names the rules applied."""

    sequence: int
    rules: str
    engine: str
    published_at: str
    parts: tuple[Part, ...] = field(default=())
    usage: tuple[UsagePart, ...] = field(default=())

    @cached_property
    def generation(self) -> str:
        """The state's name: a digest of its parts and rules, independent of when and in what order they came."""
        keys = [
            *((*part.key, part.delivery, *([part.through] if part.through else [])) for part in self.parts),
            *((*part.key, part.delivery) for part in self.usage),
        ]
        parts = sorted(tuple(map(str, key)) for key in keys)
        return hashlib.sha256(json.dumps([_NAMING, self.rules, parts]).encode()).hexdigest()[:12]

    @property
    def has_bill(self) -> bool:
        """Whether a line item of any bill is loaded; usage records alone have no cost."""
        return any(part.path for part in self.parts)

    @cached_property
    def whole_to(self) -> date | None:
        """The last day of the newest month, where bills by the month hold it as a whole (see ``whole_months``)."""
        return whole_to(self.parts)

    @property
    def data_date(self) -> date | None:
        """The last day with usage, or of the newest month where it is billed as a whole: the store's today."""
        return self.whole_to or max((part.last_day for part in self.parts if part.last_day), default=None)

    def without(self, keys: Iterable[Key]) -> tuple[Part, ...]:
        """The parts whose keys are not among those given.

        Rows of quarantine that do not say their account or period stay as long as any other part of their delivery.
        """
        dropped = set(keys)
        kept = [part for part in self.parts if None in part.key or part.key not in dropped]
        alive = {(part.source, part.delivery) for part in kept if None not in part.key}
        return tuple(part for part in kept if (part.source, part.delivery) in alive)


def read(path: Path) -> Manifest | None:
    """The manifest at the path, None where there is none.

    Raises ``StoreError`` where it is damaged or of another format.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] not in READ_FORMATS:
            raise StoreError(
                f"{path} has format {document['format']}",
                expected=f"format {' or '.join(map(str, READ_FORMATS))}",
                fix="Use the version of Glidepath that wrote it.",
            )
        return _manifest(document)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise StoreError(
            f"{path} is damaged ({error})", expected="a manifest", fix="Copy the newest file of snapshots/ over it."
        ) from error


def write(manifest: Manifest, path: Path) -> None:
    """Replace the file in one step: a reader sees the old manifest or the new one, whole."""
    replace(path, json.dumps({"format": FORMAT, **asdict(manifest)}, default=_plain, indent=1))


def replace(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all, and survives a power cut."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, and survives a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def safe_name(name: str) -> str:
    """A name as part of a path, unique for each name."""
    if re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}", name):
        return name
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:60].strip("-")
    return f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def sync(path: Path) -> None:
    """Make what was written to the file, or the renames in the folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain(value: object) -> str | None:
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _manifest(document: Mapping[str, Any]) -> Manifest:
    return Manifest(
        sequence=document["sequence"],
        rules=document["rules"],
        engine=document["engine"],
        published_at=document["published_at"],
        parts=tuple(_part({"packed": False, **part}) for part in document["parts"]),
        usage=tuple(_usage_part(part) for part in document.get("usage", ())),
    )


def _usage_part(part: Mapping[str, Any]) -> UsagePart:
    days = {name: date.fromisoformat(part[name]) for name in ("first_day", "last_day")}
    return UsagePart(**{**part, **days, "files": tuple(SourceFile(**file) for file in part["files"])})


def _part(part: Mapping[str, Any]) -> Part:
    return Part(
        **{
            **part,
            "last_day": _day(part["last_day"]),
            "through": _day(part.get("through")),
            "files": tuple(SourceFile(**file) for file in part["files"]),
            "tie_outs": tuple(_tie_out(entry) for entry in part["tie_outs"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _tie_out(entry: Mapping[str, Any]) -> TieOut:
    sums = {name: _decimals(value) for name, value in entry.items() if name.startswith("sums_")}
    return TieOut(**{**entry, **sums})


def _decimals(sums: Mapping[str, str | None]) -> Sums:
    return {name: None if text is None else Decimal(text) for name, text in sums.items()}
