"""Which view of an Azure bill a file shows: actual cost (the invoice) or amortised (commitments spread over use).

Both exports have the same columns, and most of their rows are the same rows. So the files of a load are looked into:

1. A purchase or refund of a reservation or savings plan, or use of one that costs nothing: actual. Unused commitment,
   or use of one that costs something: amortised. A file with purchases and unused commitment is refused.
2. A file with none of these shows rows that look alike in both views. It is the other view of a file that has, for the
   same account and month, the very same rows apart from commitments.
3. Else the words "actual" and "amortized" in its path tell; else the view of the files in its folder, or of all files
   that hold its accounts and months, where that is one. If that is both, the load is refused: nothing may count twice.

The decimal mark is a comma where the file proves it: a number such as ``0,075`` and none such as ``0.075``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from costlib.errors import UnreadableFile
from costlib.sources import azure_columns as azure
from costlib.sources.files import FILE, DataFile, Layout, as_unreadable, scan
from costlib.sources.native import NativeColumns, literal
from costlib.sources.runs import one_run

ACTUAL, AMORTISED = "actual", "amortised"
_OTHER = {ACTUAL: AMORTISED, AMORTISED: ACTUAL}
_COUNTS = ("paid", "unused", "free", "spread")

#: Numbers that are one with a decimal comma only, or with a decimal point only; ``1,234`` may be either.
_COMMA_ONLY = r"^-?(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+)$"
_POINT_ONLY = r"^-?(0?\.[0-9]+|[0-9]+\.([0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+)([eE].*)?$"

#: Columns that tell one row from another.
_SHARED = (*azure.DATE, *azure.SUBSCRIPTION, *azure.RESOURCE, "MeterId", "MeterName", *azure.QUANTITY, *azure.COST)


@dataclass(frozen=True)
class Evidence:
    """What one file holds for one account and month (``place``, '' where a row does not say them), in rows.

    ``paid`` purchases and refunds of commitments, ``unused`` rest of commitments, use of them ``free`` of cost or with
    the cost ``spread`` over it; ``shared``: count and digest of all other rows, which both views have; ``commas`` and
    ``points``: rows with a number that proves its decimal mark.
    """

    place: str
    paid: int
    unused: int
    free: int
    spread: int
    shared: tuple[int, int]
    commas: int
    points: int


def look_into(files: Sequence[DataFile]) -> tuple[DataFile, ...]:
    """The files with their view and decimal mark in their layouts.

    The view of a file of actual cost names the accounts and months (``8611537 2026-09``) that files of amortised cost
    hold too. Raises ``UnreadableFile``.
    """
    found = _evidence(one_run(files))
    views = told_apart(found)
    amortised = {held.place for path, view in views.items() if view == AMORTISED for held in found[path]} - {""}
    return tuple(_informed(file, views[file.path], amortised, found[file.path]) for file in files)


def _informed(file: DataFile, view: str, amortised: set[str], places: Sequence[Evidence]) -> DataFile:
    shown = sorted({held.place for held in places} & amortised) if view == ACTUAL else []
    commas = any(held.commas for held in places) and not any(held.points for held in places)
    return replace(file, layout=replace(file.layout, decimal="," if commas else ".", view=(view, *shown)))


def told_apart(found: Mapping[Path, Sequence[Evidence]]) -> dict[Path, str]:
    """The view of each file, from what the files hold; a file that could be either and stands alone is actual."""
    views = {path: view for path, places in found.items() if (view := _own_view(path, places))}
    for tell in (_by_shared_rows, _by_name, _by_neighbours):
        for path in sorted(found.keys() - views.keys()):
            if view := tell(path, found, views):
                views[path] = view
    return {path: views.get(path, ACTUAL) for path in found}


def _own_view(path: Path, places: Sequence[Evidence]) -> str | None:
    paid, unused, free, spread = (sum(getattr(held, name) for held in places) for name in _COUNTS)
    if paid and unused:
        raise UnreadableFile(
            f"{path} holds purchases of commitments and commitments spread over their use",
            expected="an export of actual cost or one of amortised cost",
            fix="Fetch the two exports as they are, in files of their own; nothing was changed.",
        )
    if paid:
        return ACTUAL
    if unused or spread > free:
        return AMORTISED
    return ACTUAL if free else None


def _by_shared_rows(path: Path, found: Mapping[Path, Sequence[Evidence]], views: Mapping[Path, str]) -> str | None:
    """The other view of a file with the same rows; of two that say nothing, the second is the actual view."""
    own = {(held.place, held.shared) for held in found[path] if held.shared[0]}
    for other, places in sorted(found.items()):
        if other != path and own & {(held.place, held.shared) for held in places}:
            return _OTHER[views[other]] if other in views else AMORTISED
    return None


def _by_name(path: Path, found: Mapping[Path, Sequence[Evidence]], views: Mapping[Path, str]) -> str | None:
    words = [part.lower() for part in reversed(path.parts)]
    for word in words:
        named = {ACTUAL: "actual" in word, AMORTISED: re.search("amorti[sz]ed", word) is not None}
        if sum(named.values()) == 1:
            return ACTUAL if named[ACTUAL] else AMORTISED
    return None


def _by_neighbours(path: Path, found: Mapping[Path, Sequence[Evidence]], views: Mapping[Path, str]) -> str | None:
    places = {held.place for held in found[path]}
    beside = {other: view for other, view in views.items() if places & {held.place for held in found[other]}}
    near = {view for other, view in beside.items() if other.parent == path.parent}
    candidates = near or set(beside.values())
    if len(candidates) > 1:
        raise UnreadableFile(
            f"{path} may be actual or amortised cost: it holds nothing that only one of them does",
            expected="each of the two exports in a folder of its own",
            fix="Put the files of the two exports into folders named actual and amortized; nothing was changed.",
        )
    return next(iter(candidates), None)


def _evidence(files: Sequence[DataFile]) -> dict[Path, list[Evidence]]:
    groups: defaultdict[Layout, list[Path]] = defaultdict(list)
    for file in files:
        groups[file.layout].append(file.path)
    found: dict[Path, list[Evidence]] = {file.path: [] for file in files}
    for layout, paths in groups.items():
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            try:
                rows = connection.execute(_evidence_select(layout, paths)).fetchall()
            except duckdb.Error as error:
                raise as_unreadable(error, paths) from error
        for path, held, paid, unused, free, spread, count, digest, commas, points in rows:
            found[Path(path)].append(Evidence(held, paid, unused, free, spread, (count, digest), commas, points))
    return found


def _evidence_select(layout: Layout, paths: Sequence[Path]) -> str:
    columns = layout.native()
    covered, paid, unused = azure.covered(columns), azure.paid(columns), azure.unused(columns)
    costs_something = f"COALESCE(REGEXP_MATCHES({columns.text(*azure.COST)}, '^[^eE]*[1-9]'), FALSE)"
    shared = f"NOT {covered} AND NOT {paid}"
    digest = ", ".join(f"COALESCE({columns.text(name)}, '')" for name in _SHARED if columns.has(name))
    conditions = {
        "paid": paid,
        "unused": f"COALESCE({unused}, FALSE)",
        "free": f"{covered} AND NOT {costs_something}",
        "spread": f"{covered} AND {costs_something}",
        "shared": shared,
    }
    counts = ", ".join(f"COUNT(*) FILTER (WHERE {condition}) AS {name}" for name, condition in conditions.items())
    return (
        f"SELECT {FILE}, COALESCE({place(columns)}, '') AS place, {counts}, "
        f"COALESCE(BIT_XOR(HASH({digest})) FILTER (WHERE {shared}), 0) AS digest, "
        f"{_proofs(columns, _COMMA_ONLY)} AS commas, {_proofs(columns, _POINT_ONLY)} AS points "
        f"FROM {scan(layout, paths)} GROUP BY {FILE}, place"
    )


def _proofs(columns: NativeColumns, pattern: str) -> str:
    texts = [columns.text(*names) for names in azure.NUMBERS if columns.has(*names)]
    matches = " OR ".join(f"COALESCE(REGEXP_MATCHES({text}, {literal(pattern)}), FALSE)" for text in texts)
    return f"COUNT(*) FILTER (WHERE {matches})"


def place(columns: NativeColumns) -> str:
    """Account and month of a row in one text, null where either is not known."""
    return f"{azure.account(columns)} || ' ' || STRFTIME({azure.month(columns)}, '%Y-%m')"
