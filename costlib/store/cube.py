"""The second stage: attribution applied to the base, and the daily cube that pages read.

A cube file holds:

* ``resource_days``   a view: every base row with our dimensions, pool rows whole. Days and measures lie in the table
                      ``figures``, all else in ``meanings``, which holds every combination once;
* ``pool_shares``     what each receiver takes of each pool and period (see ``splits``);
* ``cube``            the sums over ``CUBE_DIMENSIONS``, pools cut into their parts: what pages read;
* ``resource_parts``  a view: ``resource_days`` with pools cut, for questions below the cube;
* ``pool_days``       each pool by day and receiver, on both bases (see ``pool_days``);
* ``usage``           the usage records that count.

All are rebuilt from the base parts, never from an export, so a rule edit costs seconds. The file is written aside,
checkpointed, synced and renamed: a path that a reader has open never changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Protocol

import duckdb

from costlib.errors import TieOutError
from costlib.focus import (
    ACCOUNT,
    ATTRIBUTES,
    BASE_DIMENSIONS,
    COST_KIND,
    COST_MEASURES,
    CUBE_DIMENSIONS,
    CURRENCY,
    DAY,
    LINE_ITEMS,
    MEASURES,
    MONTH,
    POOL,
    RULES,
    SOURCE,
    TIMES,
)
from costlib.sources.files import glob_safe
from costlib.sources.native import literal
from costlib.store.engine import connect
from costlib.store.manifest import Manifest, sync
from costlib.store.pool_days import POOL_DAYS, pool_days_select
from costlib.store.splits import Facts, Share, Split, split_select, write_shares
from costlib.store.usage import StoreFacts, create_usage

RESOURCE_DAYS, RESOURCE_PARTS, CUBE, POOL_ROWS = "resource_days", "resource_parts", "cube", "pool_rows"
#: Names a combination of texts and tags; the number is that of the attempt.
_HASH = "HASH({texts}, {since}, {attempt})"
_FIGURES, _MEANINGS, _MEANING = "figures", "meanings", "x_Meaning"


class Attribution(Protocol):
    """What decides our dimensions."""

    @property
    def digest(self) -> str:
        """A name for what it does; another digest makes another generation."""

    @property
    def splits(self) -> tuple[Split, ...]:
        """The pools of shared cost."""

    @property
    def since(self) -> str:
        """An SQL expression over the usage day: the last day up to it on which any rule began or ended to hold."""

    def select(self, base: str) -> str:
        """The SELECT that adds ``ATTRIBUTES``, ``x_Rules`` and ``x_Pool`` to base rows or line items."""

    def shares(self, facts: Facts) -> list[Share]:
        """What each receiver takes of each pool and period."""


def build(manifest: Manifest, root: Path, attribution: Attribution, target: Path) -> None:
    """Write the cube file of the manifest's generation.

    Raises ``TieOutError``, and leaves nothing behind, where the cube does not hold what the parts' tie-outs say.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        with connect(str(aside), spill=target.parent) as connection:
            fill(connection, base_select(manifest, root), [root / part.path for part in manifest.usage], attribution)
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


def fill(connection: duckdb.DuckDBPyConnection, base: str, usage: Sequence[Path], attribution: Attribution) -> None:
    """Create the tables of a cube file from base rows, given as a SELECT, and usage parts."""
    _create_resource_days(connection, base, attribution)
    create_usage(connection, usage)
    splits = attribution.splits
    connection.execute(f"CREATE TEMP TABLE {POOL_ROWS} AS {_pool_rows_select()}")
    write_shares(connection, attribution.shares(_facts(connection)))
    connection.execute(f"CREATE VIEW {RESOURCE_PARTS} AS {split_select(RESOURCE_DAYS, splits)}")
    kept = f"SELECT * FROM {RESOURCE_DAYS} WHERE {POOL} IS NULL"
    rows = f"({kept} UNION ALL BY NAME SELECT * FROM {POOL_ROWS})" if splits else RESOURCE_DAYS
    connection.execute(f"CREATE TABLE {CUBE} AS {cube_select(f'({split_select(rows, splits)})')}")
    connection.execute(f"CREATE TABLE {POOL_DAYS} AS {pool_days_select(splits, CUBE)}")


def _create_resource_days(connection: duckdb.DuckDBPyConnection, base: str, attribution: Attribution) -> None:
    """Attribute every combination of texts and tags once, and leave days and measures as they are.

    A combination is named by its hash; where two have the same, another hash is taken.
    """
    texts = ", ".join(name for name in BASE_DIMENSIONS if name not in TIMES)
    for attempt in count():
        name = f"{_HASH.format(texts=texts, since=attribution.since, attempt=attempt)} AS {_MEANING}"
        select = f"SELECT DISTINCT {name}, {attribution.since} AS {DAY}, {texts} FROM ({base})"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE combinations AS {select}")
        unique = f"SELECT COUNT(*) = COUNT(DISTINCT {_MEANING}) FROM combinations"
        if connection.execute(unique).fetchall()[0][0]:
            break
    connection.execute(f"CREATE TABLE {_MEANINGS} AS {attribution.select('FROM combinations')}")
    connection.execute("DROP TABLE combinations")
    figures = ", ".join((*TIMES, *MEASURES, LINE_ITEMS))
    connection.execute(f"CREATE TABLE {_FIGURES} AS SELECT {name}, {figures} FROM ({base})")
    columns = ", ".join((*BASE_DIMENSIONS, *MEASURES, LINE_ITEMS, *ATTRIBUTES, RULES, POOL))
    meanings = f"SELECT * EXCLUDE ({DAY}) FROM {_MEANINGS}"
    connection.execute(
        f"CREATE VIEW {RESOURCE_DAYS} AS SELECT {columns} FROM {_FIGURES} JOIN ({meanings}) USING ({_MEANING})"
    )


def base_select(manifest: Manifest, root: Path) -> str:
    """The SELECT of every base row of the manifest."""
    paths = (root / part.path for part in manifest.parts if part.path)
    return f"SELECT * FROM read_parquet([{', '.join(literal(glob_safe(path)) for path in paths)}])"


def _facts(connection: duckdb.DuckDBPyConnection) -> StoreFacts:
    return StoreFacts(lambda sql, values: connection.execute(sql, values).fetchall(), POOL_ROWS, RESOURCE_DAYS)


def _pool_rows_select() -> str:
    """Pool rows at the cube's grain: the split is made here, on thousands of rows instead of all resources."""
    dimensions = ", ".join(name for name in CUBE_DIMENSIONS if name != COST_KIND)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    unknown = ", ".join(f"{name} IS NULL" for name in MEASURES)
    return (
        f"SELECT {dimensions}, {sums}, CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {RESOURCE_DAYS} "
        f"WHERE {POOL} IS NOT NULL GROUP BY {dimensions}, {unknown}"
    )


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
