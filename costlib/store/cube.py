"""The second stage: attribution applied to the base, and the daily cube that pages read.

A cube file holds two tables. ``resource_days`` has every base row with our dimensions; ``cube`` sums them over
``CUBE_DIMENSIONS`` and is what pages read. Both are rebuilt from the base parts, never from an export, so a rule edit
costs seconds. The file is written aside, checkpointed, synced and renamed: a path that a reader has open never changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import duckdb

from costlib.errors import TieOutError
from costlib.focus import (
    ACCOUNT,
    COST_MEASURES,
    CUBE_DIMENSIONS,
    CURRENCY,
    DAY,
    LINE_ITEMS,
    MEASURES,
    MONTH,
    SOURCE,
)
from costlib.sources.files import glob_safe
from costlib.sources.native import literal
from costlib.store.engine import connect
from costlib.store.manifest import Manifest, sync

RESOURCE_DAYS, CUBE = "resource_days", "cube"


class Attribution(Protocol):
    """What decides our dimensions."""

    @property
    def digest(self) -> str:
        """A name for what it does; another digest makes another generation."""

    def select(self, base: str) -> str:
        """The SELECT that adds ``ATTRIBUTES`` and ``x_Rules`` to base rows or line items."""


def build(manifest: Manifest, root: Path, attribution: Attribution, target: Path) -> None:
    """Write the cube file of the manifest's generation.

    Raises ``TieOutError``, and leaves nothing behind, where the cube does not hold what the parts' tie-outs say.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        with connect(str(aside), spill=target.parent) as connection:
            _fill(connection, [root / part.path for part in manifest.parts if part.path], attribution)
            _check(connection, manifest)
            connection.execute("CHECKPOINT")
        sync(aside)
        aside.replace(target)
        sync(target.parent)
    finally:
        aside.unlink(missing_ok=True)


def cube_select(table: str) -> str:
    """The SELECT that sums attributed rows to the cube's grain; unknown measures stand apart from known ones."""
    dimensions = ", ".join(CUBE_DIMENSIONS)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    unknown = ", ".join(f"{name} IS NULL" for name in MEASURES)
    return (
        f"SELECT {dimensions}, {sums}, CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {table} "
        f"GROUP BY {dimensions}, {unknown} ORDER BY {DAY}"
    )


def _fill(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], attribution: Attribution) -> None:
    base = f"SELECT * FROM read_parquet([{', '.join(literal(glob_safe(path)) for path in parts)}])"
    connection.execute(f"CREATE TABLE {RESOURCE_DAYS} AS {attribution.select(base)}")
    connection.execute(f"CREATE TABLE {CUBE} AS {cube_select(RESOURCE_DAYS)}")


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
