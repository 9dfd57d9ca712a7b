"""A generation's cube file: made from all base parts, or from the last file where only months or only rules changed.

All ways end with the same tables (see ``cube_make``). The file is written aside, tied out, checkpointed, synced and
renamed: a path that a reader has open never changes. To copy a file and exchange a month's rows takes a tenth of the
time of writing the other months into a new one. A last file that is missing or damaged is passed over.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from costlib.errors import TieOutError
from costlib.focus import ACCOUNT, COST_MEASURES, CURRENCY, LINE_ITEMS, MEASURES, MONTH, SOURCE
from costlib.store.cube import CUBE, RESOURCE_DAYS, Attribution
from costlib.store.cube_make import fill, refill, refit
from costlib.store.engine import connect
from costlib.store.manifest import Manifest, Part, sync
from costlib.store.parts import parts_select


def build(
    manifest: Manifest, root: Path, attribution: Attribution, target: Path, last: tuple[Manifest, Path] | None = None
) -> None:
    """Write the cube file of the manifest's generation; ``last`` is an earlier state with its cube file.

    Raises ``TieOutError``, and leaves nothing behind, where the cube does not hold what the parts' tie-outs say.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    _discard(aside)
    try:
        if last is None or not _renewed(manifest, root, attribution, aside, *last):
            _discard(aside)
            _make(manifest, root, attribution, aside)
        sync(aside)
        aside.replace(target)
        sync(target.parent)
    finally:
        _discard(aside)


def _make(manifest: Manifest, root: Path, attribution: Attribution, aside: Path) -> None:
    """Write the file from all base parts."""
    with connect(str(aside), spill=aside.parent) as connection:
        fill(connection, parts_select(manifest.parts, root), _usage(manifest, root), attribution)
        _check(connection, manifest)
        connection.execute("CHECKPOINT")


def _renewed(
    manifest: Manifest, root: Path, attribution: Attribution, aside: Path, last: Manifest, last_file: Path
) -> bool:
    """Write the file from the last one, where only rules or only some months changed; False where that cannot be."""
    before, now = _by_month(last), _by_month(manifest)
    months = sorted({*before, *now})
    changed = [month for month in months if _names(before.get(month, ())) != _names(now.get(month, ()))]
    other_rules = manifest.rules != last.rules
    if changed == months or (changed and other_rules) or not last_file.exists():
        return False
    try:
        shutil.copyfile(last_file, aside)
        with connect(str(aside), spill=aside.parent) as connection:
            if other_rules:
                renewed = refit(connection, _usage(manifest, root), attribution)
            else:
                parts = [part for month in changed for part in now.get(month, ())]
                rows = parts_select(parts, root) if parts else None
                renewed = refill(connection, changed, rows, _changed_usage(manifest, last, root), attribution)
            if not renewed:
                return False
            _check(connection, manifest)
            _check_resource_days(connection)
            connection.execute("CHECKPOINT")
    except (OSError, duckdb.Error, TieOutError):
        return False
    return True


def _changed_usage(manifest: Manifest, last: Manifest, root: Path) -> tuple[list[date], list[Path]]:
    """The months whose usage parts are others than before, and the parts of these months."""
    periods = {part.period for part in {*manifest.usage} ^ {*last.usage}}
    paths = [root / part.path for part in manifest.usage if part.period in periods]
    return [_first_day(period) for period in sorted(periods)], paths


def _by_month(manifest: Manifest) -> dict[date, list[Part]]:
    """The parts with rows by billing month."""
    found: dict[date, list[Part]] = {}
    for part in manifest.parts:
        if part.path and part.period:
            found.setdefault(_first_day(part.period), []).append(part)
    return found


def _first_day(period: str) -> date:
    return date.fromisoformat(f"{period}-01")


def _names(parts: Iterable[Part]) -> list[tuple[object, ...]]:
    """What the rows of the parts depend on."""
    return [(part.key, part.delivery) for part in parts]


def _usage(manifest: Manifest, root: Path) -> list[Path]:
    return [root / part.path for part in manifest.usage]


def _discard(path: Path) -> None:
    for one in (path, path.with_name(f"{path.name}.wal")):
        one.unlink(missing_ok=True)


def _check(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    held = {tuple(row[:4]): list(row[4:]) for row in connection.execute(_held_select()).fetchall()}
    for part in manifest.parts:
        for entry in part.tie_outs:
            if not entry.rows_loaded:
                continue
            where = (part.source, part.account, part.period, entry.currency)
            expected = [entry.rows_loaded, *(entry.sums_store[name] for name in COST_MEASURES)]
            if held.pop(where, None) != expected:
                raise TieOutError(
                    f"The cube does not hold what was loaded for {' '.join(map(str, where))}",
                    expected="the same rows and the same money in file, base and cube",
                    fix="Load again; if it comes back, report it with this message. Nothing was published.",
                )
    _refuse_surplus(held)


def _refuse_surplus(held: Mapping[tuple[str | None, ...], Iterable[Decimal | int | None]]) -> None:
    for where in held:
        raise TieOutError(
            f"The cube holds rows of {' '.join(map(str, where))} that no load accounts for",
            expected="only what the manifest lists",
            fix="Load again; nothing was published.",
        )


def _held_select() -> str:
    sums = ", ".join((f"CAST(SUM({LINE_ITEMS}) AS BIGINT)", *(f"SUM({name})" for name in COST_MEASURES)))
    return f"SELECT {SOURCE}, {ACCOUNT}, STRFTIME({MONTH}, '%Y-%m'), {CURRENCY}, {sums} FROM {CUBE} GROUP BY ALL"


def _check_resource_days(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a file whose rows below the cube do not add up to it, as rows of a damaged file would not."""
    sums = ", ".join((f"SUM({LINE_ITEMS})", *(f"SUM({name})" for name in MEASURES)))
    below, above = (f"SELECT {MONTH}, {sums} FROM {table} GROUP BY {MONTH}" for table in (RESOURCE_DAYS, CUBE))
    if connection.execute(f"({below} EXCEPT {above}) UNION ALL ({above} EXCEPT {below})").fetchall():
        raise TieOutError(
            "The resources of a month do not add up to the cube",
            expected="the same money in both",
            fix="Load again; nothing was published.",
        )
