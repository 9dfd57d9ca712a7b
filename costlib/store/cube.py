"""The second stage: attribution applied to the base, and the daily cube that pages read.

The tables of a cube file (see ``cube_file``) are

* ``resource_days``   a view: every base row with our dimensions, pool rows whole. Days and measures lie in the table
                      ``figures``, all else in ``meanings``, which holds every combination once;
* ``pool_shares``     what each receiver takes of each pool and period (see ``splits``);
* ``cube``            the sums over ``CUBE_DIMENSIONS``, pools cut into their parts: what pages read;
* ``resource_parts``  a view: ``resource_days`` with pools cut, for questions below the cube;
* ``pool_days``       each pool by day and receiver, on both bases (see ``pool_days``);
* ``usage``           the usage records that count.

All follow from the base parts, never from an export, so a rule edit costs seconds. Of a row that no pool takes, cube
and ``resource_days`` know nothing beyond its base row, and no row sums base rows of two billing months. So where some
months change, ``refill`` exchanges their rows and leaves the others. What pools take is decided by periods of usage,
which cross billing months: it is made anew from all months, from rows already summed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Protocol

import duckdb

from costlib.focus import (
    ATTRIBUTES,
    BASE_DIMENSIONS,
    COST_KIND,
    CUBE_DIMENSIONS,
    DAY,
    LINE_ITEMS,
    MEASURES,
    MONTH,
    POOL,
    RULES,
    TIMES,
)
from costlib.sources.native import literal
from costlib.store import engine
from costlib.store.pool_days import POOL_DAYS, pool_days_select
from costlib.store.splits import (
    POOL_SHARES,
    Facts,
    Share,
    Split,
    direct_select,
    parts_select,
    split_select,
    write_shares,
)
from costlib.store.usage import USAGE, StoreFacts, create_usage

RESOURCE_DAYS, RESOURCE_PARTS, CUBE, POOL_ROWS = "resource_days", "resource_parts", "cube", "pool_rows"
#: Names a combination of texts and tags; the number is that of the attempt.
_HASH = "HASH({texts}, {since}, {attempt})"
_FIGURES, _MEANINGS, _MEANING = "figures", "meanings", "x_Meaning"
_COMBINATIONS = "combinations"
_TEXTS = ", ".join(name for name in BASE_DIMENSIONS if name not in TIMES)
_SUMS = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
_UNKNOWN = ", ".join(f"{name} IS NULL" for name in MEASURES)


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


def cube_select(table: str) -> str:
    """The SELECT that sums attributed rows to the cube's grain; unknown measures stand apart from known ones."""
    dimensions = ", ".join(CUBE_DIMENSIONS)
    return (
        f"SELECT {dimensions}, {_SUMS}, CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {table} "
        f"GROUP BY {dimensions}, {_UNKNOWN} ORDER BY {DAY}"
    )


def fill(connection: duckdb.DuckDBPyConnection, base: str, usage: Sequence[Path], attribution: Attribution) -> None:
    """Create the tables of a cube file from base rows, given as a SELECT, and usage parts.

    A combination of texts and tags is attributed once and named by its hash; where two have the same, another hash is
    taken.
    """
    attempt = next(attempt for attempt in count() if _combine(connection, base, attribution, attempt))
    connection.execute(f"CREATE TABLE {_MEANINGS} AS {attribution.select(f'FROM {_COMBINATIONS}')}")
    connection.execute(f"DROP TABLE {_COMBINATIONS}")
    connection.execute(f"CREATE TABLE {_FIGURES} AS {_figures_select(base, attribution, attempt)}")
    connection.execute(f"CREATE VIEW {RESOURCE_DAYS} AS {_resource_days_select()}")
    connection.execute(f"CREATE TABLE {CUBE} AS {_direct_select(_FIGURES)}")
    create_usage(connection, usage)
    _cut_pools(connection, attribution)
    connection.execute(f"CREATE VIEW {RESOURCE_PARTS} AS {split_select(RESOURCE_DAYS, attribution.splits)}")
    connection.execute(f"COMMENT ON TABLE {CUBE} IS {literal(_recipe(attribution, attempt))}")


def refill(
    connection: duckdb.DuckDBPyConnection,
    months: Sequence[date],
    base: str | None,
    usage: Sequence[Path] | None,
    attribution: Attribution,
) -> bool:
    """Exchange the rows of these billing months for those of ``base`` (None: there are none any more).

    ``usage`` are all usage parts, None where they are those of before. The tables are then what ``fill`` would make of
    all base rows. False, and tables to be thrown away, where those that are left were made in another way.
    """
    made = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [CUBE]).fetchall()
    if made != [(_recipe(attribution, 0),)]:
        return False
    days = ", ".join(f"DATE {literal(month.isoformat())}" for month in months)
    gone = f"{MONTH} IN ({days})" if months else "FALSE"
    connection.execute(f"DELETE FROM {_FIGURES} WHERE {gone}")
    connection.execute(f"DELETE FROM {CUBE} WHERE {gone} OR {POOL} IS NOT NULL")
    if base is not None and not _add(connection, base, attribution):
        return False
    connection.execute(f"DELETE FROM {_MEANINGS} WHERE {_MEANING} NOT IN (SELECT {_MEANING} FROM {_FIGURES})")
    if usage is not None:
        connection.execute(f"DROP TABLE {USAGE}")
        create_usage(connection, usage)
    for table in (POOL_SHARES, POOL_DAYS):
        connection.execute(f"DROP TABLE {table}")
    _cut_pools(connection, attribution)
    return True


def _combine(connection: duckdb.DuckDBPyConnection, base: str, attribution: Attribution, attempt: int) -> bool:
    """Create the table of combinations of texts and tags; False where two have the same name."""
    select = f"SELECT DISTINCT {_name(attribution, attempt)}, {attribution.since} AS {DAY}, {_TEXTS} FROM ({base})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_COMBINATIONS} AS {select}")
    return _is_unique(connection, _COMBINATIONS)


def _add(connection: duckdb.DuckDBPyConnection, base: str, attribution: Attribution) -> bool:
    """Add base rows; False where two combinations have the same name."""
    if not _combine(connection, base, attribution, 0):
        return False
    columns = f"{_MEANING}, {DAY}, {_TEXTS}"
    known = f"SELECT {columns} FROM {_MEANINGS} SEMI JOIN {_COMBINATIONS} USING ({_MEANING})"
    unknown = f"SELECT {columns} FROM {_COMBINATIONS} EXCEPT {known}"
    connection.execute(f"INSERT INTO {_MEANINGS} BY NAME {attribution.select(unknown)}")
    figures, meanings = "new_figures", f"(FROM {_MEANINGS} SEMI JOIN {_COMBINATIONS} USING ({_MEANING}))"
    connection.execute(f"CREATE TEMP TABLE {figures} AS {_figures_select(base, attribution, 0)}")
    connection.execute(f"INSERT INTO {_FIGURES} BY NAME FROM {figures}")
    connection.execute(f"INSERT INTO {CUBE} BY NAME {_direct_select(figures, meanings)}")
    return _is_unique(connection, _MEANINGS)


def _is_unique(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = f"SELECT COUNT(*) = COUNT(DISTINCT {_MEANING}) FROM {table}"
    return bool(connection.execute(query).fetchall()[0][0])


def _cut_pools(connection: duckdb.DuckDBPyConnection, attribution: Attribution) -> None:
    """Add the parts of all pools to the cube's other rows; the cut is made on thousands of rows, not on resources."""
    splits = attribution.splits
    connection.execute(f"CREATE TEMP TABLE {POOL_ROWS} AS {_whole_select(_FIGURES, _MEANINGS, f'{POOL} IS NOT NULL')}")
    facts = StoreFacts(lambda sql, values: connection.execute(sql, values).fetchall(), POOL_ROWS, CUBE)
    write_shares(connection, attribution.shares(facts))
    if splits:
        parts = cube_select(f"({parts_select(POOL_ROWS, splits)})")
        connection.execute(f"INSERT INTO {CUBE} BY NAME {parts}")
    connection.execute(f"CREATE TABLE {POOL_DAYS} AS {pool_days_select(splits, CUBE)}")


def _name(attribution: Attribution, attempt: int) -> str:
    return f"{_HASH.format(texts=_TEXTS, since=attribution.since, attempt=attempt)} AS {_MEANING}"


def _figures_select(base: str, attribution: Attribution, attempt: int) -> str:
    return f"SELECT {_name(attribution, attempt)}, {', '.join((*TIMES, *MEASURES, LINE_ITEMS))} FROM ({base})"


def _resource_days_select() -> str:
    columns = ", ".join((*BASE_DIMENSIONS, *MEASURES, LINE_ITEMS, *ATTRIBUTES, RULES, POOL))
    meanings = f"SELECT * EXCLUDE ({DAY}) FROM {_MEANINGS}"
    return f"SELECT {columns} FROM {_FIGURES} JOIN ({meanings}) USING ({_MEANING})"


def _whole_select(figures: str, meanings: str, condition: str) -> str:
    """Rows at the cube's grain, pools whole, of the combinations that meet the condition.

    Days and measures are summed by a number for the combinations that are one at this grain; texts come after.
    """
    texts = ", ".join(name for name in CUBE_DIMENSIONS if name not in (*TIMES, COST_KIND))
    times = ", ".join(TIMES)
    return (
        f"WITH alike AS MATERIALIZED (SELECT ROW_NUMBER() OVER () AS x_Alike, LIST({_MEANING}) AS x_Meanings, "
        f"{texts} FROM {meanings} WHERE {condition} GROUP BY {texts}), added AS (SELECT x_Alike, {times}, {_SUMS}, "
        f"CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {figures} JOIN "
        f"(SELECT x_Alike, UNNEST(x_Meanings) AS {_MEANING} FROM alike) USING ({_MEANING}) "
        f"GROUP BY x_Alike, {times}, {_UNKNOWN}) "
        f"SELECT {times}, {texts}, {', '.join(MEASURES)}, {LINE_ITEMS} FROM added JOIN alike USING (x_Alike)"
    )


def _direct_select(figures: str, meanings: str = _MEANINGS) -> str:
    """The cube's rows that no pool took."""
    columns = ", ".join((*CUBE_DIMENSIONS, *MEASURES, LINE_ITEMS))
    rows = f"({_whole_select(figures, meanings, f'{POOL} IS NULL')})"
    return f"SELECT {columns} FROM ({direct_select(rows)}) ORDER BY {DAY}"


def _recipe(attribution: Attribution, attempt: int) -> str:
    """A name for how the rows of a month are made from its base: by which rules, queries and engine."""
    queries = [_figures_select("base", attribution, attempt), _resource_days_select(), _direct_select(_FIGURES)]
    made = [engine.version(), attribution.digest, attribution.select("base"), *queries]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()
