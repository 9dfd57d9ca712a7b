"""The pools of a cube file: what each receiver takes, the cube's rows that are parts of pools, and each pool by day.

What a pool takes in a period follows from rows and usage records of that period, and a period is a day or a month of
usage. So all of it is made calendar month by calendar month; billing months cross these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import duckdb

from costlib.focus import DAY, POOL
from costlib.sources.native import literals
from costlib.store.cube import CUBE, FIGURES, MEANINGS, Attribution, cube_select, whole_select
from costlib.store.cube_direct import POOL_PARTS
from costlib.store.pool_days import POOL_DAYS, pool_days_select
from costlib.store.splits import PERIOD, POOL_SHARES, create_shares, parts_select, write_shares
from costlib.store.usage import USAGE, USAGE_DAY, StoreFacts

POOL_ROWS = "pool_rows"

#: The condition that a column of days meets.
_When = Callable[[str], str]


def create_pools(connection: duckdb.DuckDBPyConnection, attribution: Attribution) -> None:
    """Create the tables of pools, and add the parts of all pools to the cube."""
    create_shares(connection)
    connection.execute(f"CREATE TABLE {POOL_DAYS} AS {pool_days_select(attribution.splits, CUBE)} WITH NO DATA")
    _cut(connection, attribution, lambda day: "TRUE")


def recut_pools(connection: duckdb.DuckDBPyConnection, attribution: Attribution, months: Sequence[date]) -> None:
    """Make what belongs to days of these calendar months anew."""

    def when(day: str) -> str:
        return f"DATE_TRUNC('month', {day}) IN {literals(month.isoformat() for month in months)}" if months else "FALSE"

    connection.execute(f"DELETE FROM {POOL_PARTS} WHERE {when(DAY)}")
    connection.execute(f"DELETE FROM {POOL_SHARES} WHERE {when(PERIOD)}")
    connection.execute(f"DELETE FROM {POOL_DAYS} WHERE {when(DAY)}")
    _cut(connection, attribution, when)


def _cut(connection: duckdb.DuckDBPyConnection, attribution: Attribution, when: _When) -> None:
    """Add the parts of pools on these days; the cut is made on thousands of rows, not on resources."""
    splits = attribution.splits
    if not splits:
        return
    figures, cube = (f"(FROM {table} WHERE {when(DAY)})" for table in (FIGURES, CUBE))
    whole = whole_select(figures, MEANINGS, f"{POOL} IS NOT NULL")
    connection.execute(f"CREATE TEMP TABLE {POOL_ROWS} AS {whole}")
    usage = f"(FROM {USAGE} WHERE {when(USAGE_DAY)})"
    facts = StoreFacts(lambda sql, values: connection.execute(sql, values).fetchall(), POOL_ROWS, cube, usage)
    write_shares(connection, attribution.shares(facts))
    parts = cube_select(f"({parts_select(POOL_ROWS, splits)})")
    connection.execute(f"INSERT INTO {POOL_PARTS} BY NAME {parts}")
    connection.execute(f"INSERT INTO {POOL_DAYS} BY NAME {pool_days_select(splits, cube)}")
