"""OpenCost and Kubecost allocations: who reserved and used a cluster, from a file or over HTTP.

What is read is usage, not money of the bill. A response is ``{"code": 200, "data": [{name: allocation, ...}, ...]}``,
one set a window of an hour or of a day (UTC). ``__idle__`` is capacity of the nodes that nobody reserved,
``__unallocated__`` work without the property asked for, ``__unmounted__`` disks without work. ``null`` stands for a
number that is not one (NaN) and stays unknown.

Hours reserved are the tool's ``cpuCoreHours``, ``gpuHours`` and ``ramByteHours`` (already the larger of request and
use); hours used are the average use times the minutes run. GPU use is ``gpuAllocation.gpuUsageAverage`` or, where that
is missing, ``gpuEfficiency`` of the hours reserved.

Field reference: https://opencost.io/docs/integrations/api (read 2026-07).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from costlib.errors import EmptyExport, MissingColumn, UnreadableFile, cause_words
from costlib.sources.base import UsageRecord

TYPE = "opencost"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_GIB = Decimal(2**30)
_STEP = Decimal("1e-9")
_KINDS = {"__idle__": "idle", "__unallocated__": "unallocated", "__unmounted__": "unmounted"}
#: Kinds that nobody works with: their use is 0, whatever the tool writes.
_QUIET = ("idle", "unmounted")
_NEEDED = ("window", "minutes", "cpuCoreHours", "gpuHours", "ramByteHours", "totalCost")
#: Characters of a file that are enough to tell what it is.
_HEAD = 4096


def is_opencost(path: Path) -> bool:
    """Whether the file begins like a response of the allocation API."""
    if path.suffix.lower() != ".json":
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(_HEAD).lstrip("\ufeff \r\n\t")
    return head.startswith("{") and '"data"' in head and ('"window"' in head or '"code"' in head)


def read_file(path: Path) -> list[UsageRecord]:
    """The usage records of a saved response.

    Raises ``UnreadableFile``, ``MissingColumn`` and ``EmptyExport``, each naming the file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), cause_words(error)) from error
    return read_response(text, str(path))


def read_files(paths: Sequence[Path]) -> list[UsageRecord]:
    """The usage records of saved responses.

    Raises as ``read_file``, and ``UnreadableFile`` where two files hold the same window of a cluster: it would count
    twice.
    """
    found: list[UsageRecord] = []
    seen: dict[tuple[object, ...], Path] = {}
    for path in paths:
        records = read_file(path)
        for place in {(record.cluster, record.day, record.hour) for record in records}:
            if place in seen:
                raise UnreadableFile(
                    f"{seen[place]} and {path} both hold cluster {place[0]} on {place[1]}",
                    expected="each window in one file",
                    fix="Load one of them; nothing was changed.",
                )
            seen[place] = path
        found += records
    return found


def read_response(text: str, where: str) -> list[UsageRecord]:
    """The usage records of a response; ``where`` names it in messages.

    Raises ``UnreadableFile``, ``MissingColumn`` and ``EmptyExport``.
    """
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise _unreadable(where, cause_words(error)) from error
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        raise _unreadable(where, "it has no list named data")
    if document.get("code", 200) != 200:
        raise _unreadable(where, f"the answer has code {document['code']}: {document.get('message', 'no message')}")
    records = [record for found in document["data"] for record in _records(found, where)]
    if not records:
        raise EmptyExport(
            f"{where} holds no allocation", expected="at least one", fix="Check the window that was asked for."
        )
    return records


def _records(found: object, where: str) -> Iterator[UsageRecord]:
    """The records of one window; null stands for a window without any."""
    if found is None:
        return
    if not isinstance(found, dict):
        raise _unreadable(where, "a window is no object of allocations")
    clusters = {_properties(one).get("cluster") for one in found.values() if isinstance(one, dict)} - {None, ""}
    alone = next(iter(clusters)) if len(clusters) == 1 else None
    for name, allocation in found.items():
        if not isinstance(allocation, dict):
            raise _unreadable(where, f"the allocation {name} is no object")
        yield _record(name, allocation, alone, where)


def _record(name: str, allocation: Mapping[str, Any], alone: str | None, where: str) -> UsageRecord:
    place = f"{where}, allocation {name}"
    for field in _NEEDED:
        if field not in allocation:
            raise MissingColumn(
                f"{place} has no {field}",
                expected=", ".join(_NEEDED),
                fix="The tool's answer has changed: ask for its allocation API as documented.",
            )
    properties = _properties(allocation)
    cluster = properties.get("cluster") or alone
    if not cluster:
        raise MissingColumn(
            f"{place} names no cluster",
            expected="properties.cluster",
            fix="Give the tool its cluster's name (CLUSTER_ID) and export again.",
        )
    start, hour = _window(allocation["window"], place)
    run = _amount(allocation, "minutes", place)
    hours = None if run is None else run / 60
    cpu, gpu, ram = (_amount(allocation, field, place) for field in ("cpuCoreHours", "gpuHours", "ramByteHours"))
    kind = _KINDS.get(name.rpartition("/")[2], "allocation")
    if kind in _QUIET:
        hours, allocation = Decimal(0), {**allocation, "gpuAllocation": None, "gpuEfficiency": 0, "gpuUsageAverage": 0}
    cpu_used = _product(_amount(allocation, "cpuCoreUsageAverage", place), hours)
    ram_used = _product(_amount(allocation, "ramByteUsageAverage", place), hours)
    gpu_used = _gpu_used(allocation, gpu, hours, place)
    return UsageRecord(
        day=start.date(),
        hour=hour,
        cluster=str(cluster),
        node=properties.get("node") or None,
        namespace=None if kind != "allocation" else properties.get("namespace") or name,
        label=_team(properties),
        kind=kind,
        gpu_reserved=_stored(_larger(gpu, gpu_used)),
        gpu_used=_stored(gpu_used),
        cpu_reserved=_stored(_larger(cpu, cpu_used)),
        cpu_used=_stored(cpu_used),
        ram_reserved=_stored(_larger(ram, ram_used), _GIB),
        ram_used=_stored(ram_used, _GIB),
        cost=_stored(_amount(allocation, "totalCost", place, signed=True)),
    )


def _window(window: object, place: str) -> tuple[datetime, int | None]:
    """Begin of the window, and its hour where it is one of an hour."""
    try:
        given: Mapping[str, Any] = window if isinstance(window, dict) else {}
        start, end = (_utc(datetime.fromisoformat(str(given[name]))) for name in ("start", "end"))
    except (KeyError, ValueError) as error:
        raise _unreadable(place, f"its window is {window}") from error
    whole = start.replace(minute=0, second=0, microsecond=0)
    if end - start == _HOUR and start == whole:
        return start, start.hour
    if end - start == _DAY and start == whole and not start.hour:
        return start, None
    raise UnreadableFile(
        f"{place} has the window {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
        expected="windows of one hour or of one day, in UTC",
        fix="Ask for step=1h or step=1d without accumulating; nothing was changed.",
    )


def _utc(time: datetime) -> datetime:
    """The time in UTC, as which one without a zone counts, wherever it is read."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _gpu_used(
    allocation: Mapping[str, Any], reserved: Decimal | None, hours: Decimal | None, place: str
) -> Decimal | None:
    if reserved is not None and not reserved:
        return Decimal(0)
    nested = allocation.get("gpuAllocation")
    average = _amount(nested if isinstance(nested, dict) else allocation, "gpuUsageAverage", place)
    if average is not None:
        return _product(average, hours)
    return _product(_amount(allocation, "gpuEfficiency", place), reserved)


def _amount(allocation: Mapping[str, Any], field: str, place: str, *, signed: bool = False) -> Decimal | None:
    value = allocation.get(field)
    if value is None:
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise _unreadable(place, f"{field} is {value!r}") from error
    if not number.is_finite() or (number < 0 and not signed):
        raise _unreadable(place, f"{field} is {value}")
    return number


def _product(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one * other


def _larger(reserved: Decimal | None, used: Decimal | None) -> Decimal | None:
    return reserved if reserved is None or used is None else max(reserved, used)


def _stored(amount: Decimal | None, unit: Decimal = Decimal(1)) -> Decimal | None:
    return None if amount is None else (amount / unit).quantize(_STEP)


def _properties(allocation: Mapping[str, Any]) -> Mapping[str, Any]:
    found = allocation.get("properties")
    return found if isinstance(found, dict) else {}


def _team(properties: Mapping[str, Any]) -> str | None:
    """The team label of the work, else of its namespace: the key ``team``, or one that ends so."""
    for group in ("labels", "namespaceLabels"):
        labels = properties.get(group)
        if not isinstance(labels, dict):
            continue
        for key in sorted(labels):
            if key.lower() == "team" or key.lower().endswith(("_team", "/team", "-team")):
                return str(labels[key]) or None
    return None


def _unreadable(where: str, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{where} cannot be read: {why}",
        expected="a response of the OpenCost or Kubecost allocation API",
        fix="Save it again; nothing was changed.",
    )
