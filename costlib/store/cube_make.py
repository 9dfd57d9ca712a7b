"""The tables of a cube file: made from all base rows, or from those of another file where much of it stays.

A combination of texts and tags is attributed once and named by its hash; where two have the same, another is taken.

Of a row that no pool takes, cube and ``resource_days`` know nothing beyond its base row, and no row sums base rows of
two billing months. So where some months change, ``refill`` exchanges their rows and leaves the others. Where only the
rules change, ``refit`` takes the base rows as they are, which are the figures and the texts of their combinations.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from costlib.errors import StoreError
from costlib.focus import DAY, MONTH
from costlib.sources.native import literal, literals
from costlib.store.cube import (
    COMBINATIONS,
    FIGURES,
    MEANING,
    MEANINGS,
    RESOURCE_DAYS,
    RESOURCE_PARTS,
    Attribution,
    combinations_select,
    figures_recipe,
    figures_select,
    recipe,
    resource_days_select,
)
from costlib.store.cube_direct import DIRECT_DAYS, add_rows, create_cube, delete_rows
from costlib.store.cube_pools import create_pools, recut_pools
from costlib.store.parts import TEXTS
from costlib.store.splits import split_select
from costlib.store.usage import create_usage, exchange_usage

#: Ways of naming combinations that are tried: a second is hardly ever needed, and without an end a fault would be one.
_ATTEMPTS = 8
#: Columns of a combination.
_COMBINATION = f"{MEANING}, {DAY}, {TEXTS}"


def fill(connection: duckdb.DuckDBPyConnection, parts: str, usage: Sequence[Path], attribution: Attribution) -> None:
    """Create the tables of a cube file from the rows of base parts, given as a SELECT, and usage parts.

    Raises ``StoreError`` where no way of naming combinations tells all of them apart.
    """
    found = (attempt for attempt in range(_ATTEMPTS) if _combine(connection, parts, attribution, attempt))
    attempt = next(found, None)
    if attempt is None:
        raise StoreError(
            f"Two line items of the bills have the same name, {_ATTEMPTS} times over",
            expected="a name for every combination of texts and tags",
            fix="Report it with the rows that differ least; nothing was published.",
        )
    _complete(connection, usage, attribution, attempt)


def refit(connection: duckdb.DuckDBPyConnection, usage: Sequence[Path], attribution: Attribution) -> bool:
    """Make all tables anew but the figures, from these and the combinations' texts.

    False, and tables to be thrown away, where combinations were named in another way.
    """
    if _made(connection, FIGURES) != figures_recipe(attribution, 0):
        return False
    connection.execute(f"CREATE TEMP TABLE {COMBINATIONS} AS SELECT {_COMBINATION} FROM {MEANINGS}")
    for kind in ("VIEW", "TABLE"):
        names = f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE NOT internal AND NOT temporary"
        for (name,) in connection.execute(names).fetchall():
            if name != FIGURES:
                connection.execute(f"DROP {kind} {name}")
    _complete(connection, usage, attribution, 0)
    return True


def refill(
    connection: duckdb.DuckDBPyConnection,
    months: Sequence[date],
    parts: str | None,
    usage: tuple[Sequence[date], Sequence[Path]],
    attribution: Attribution,
) -> bool:
    """Exchange the rows of these billing months for those of ``parts`` (None: there are none any more).

    ``usage`` are the months whose usage records change, and all parts of these months. The tables are then what
    ``fill`` would make of all base rows. False, and tables to be thrown away, where those that are left were made in
    another way.
    """
    if _made(connection, DIRECT_DAYS) != recipe(attribution, 0):
        return False
    gone = f"{MONTH} IN {literals(month.isoformat() for month in months)}" if months else "FALSE"
    touched = {*usage[0], *_usage_months(connection, gone)}
    connection.execute(f"DELETE FROM {FIGURES} WHERE {gone}")
    delete_rows(connection, gone)
    if parts is not None and not _add(connection, parts, attribution):
        return False
    connection.execute(f"DELETE FROM {MEANINGS} WHERE {MEANING} NOT IN (SELECT {MEANING} FROM {FIGURES})")
    exchange_usage(connection, *usage)
    recut_pools(connection, attribution, sorted({*touched, *_usage_months(connection, gone)}))
    return True


def _complete(
    connection: duckdb.DuckDBPyConnection, usage: Sequence[Path], attribution: Attribution, attempt: int
) -> None:
    """Create all other tables from the figures and the combinations, which are dropped."""
    connection.execute(f"CREATE TABLE {MEANINGS} AS {attribution.select(f'FROM {COMBINATIONS}')}")
    connection.execute(f"DROP TABLE {COMBINATIONS}")
    connection.execute(f"CREATE VIEW {RESOURCE_DAYS} AS {resource_days_select()}")
    create_cube(connection)
    create_usage(connection, usage)
    create_pools(connection, attribution)
    connection.execute(f"CREATE VIEW {RESOURCE_PARTS} AS {split_select(RESOURCE_DAYS, attribution.splits)}")
    for table, made in ((DIRECT_DAYS, recipe(attribution, attempt)), (FIGURES, figures_recipe(attribution, attempt))):
        connection.execute(f"COMMENT ON TABLE {table} IS {literal(made)}")


def _combine(
    connection: duckdb.DuckDBPyConnection,
    parts: str,
    attribution: Attribution,
    attempt: int,
    table: tuple[str, str] = ("TABLE", FIGURES),
) -> bool:
    """Create the tables of figures and of their combinations; False where two combinations have the same name."""
    kind, figures = table
    connection.execute(f"CREATE OR REPLACE {kind} {figures} AS {figures_select(parts, attribution, attempt)}")
    select = combinations_select(parts, figures, attribution, attempt)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {COMBINATIONS} AS {select}")
    return _is_unique(connection, COMBINATIONS)


def _add(connection: duckdb.DuckDBPyConnection, parts: str, attribution: Attribution) -> bool:
    """Add the base rows of parts; False where two combinations have the same name."""
    figures = "new_figures"
    if not _combine(connection, parts, attribution, 0, ("TEMP TABLE", figures)):
        return False
    known = f"SELECT {_COMBINATION} FROM {MEANINGS} SEMI JOIN {COMBINATIONS} USING ({MEANING})"
    unknown = f"SELECT {_COMBINATION} FROM {COMBINATIONS} EXCEPT {known}"
    connection.execute(f"INSERT INTO {MEANINGS} BY NAME {attribution.select(unknown)}")
    meanings = f"(FROM {MEANINGS} SEMI JOIN {COMBINATIONS} USING ({MEANING}))"
    connection.execute(f"INSERT INTO {FIGURES} BY NAME FROM {figures}")
    add_rows(connection, figures, meanings)
    return _is_unique(connection, MEANINGS)


def _is_unique(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = f"SELECT COUNT(*) = COUNT(DISTINCT {MEANING}) FROM {table}"
    return bool(connection.execute(query).fetchall()[0][0])


def _usage_months(connection: duckdb.DuckDBPyConnection, condition: str) -> list[date]:
    """The calendar months on whose days the figures of that condition were used."""
    query = f"SELECT DISTINCT CAST(DATE_TRUNC('month', {DAY}) AS DATE) FROM {FIGURES} WHERE {condition}"
    return [month for (month,) in connection.execute(query).fetchall()]


def _made(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """How the table was made; None where it does not say or is not there."""
    query = f"SELECT comment FROM duckdb_tables() WHERE table_name = {literal(table)}"
    return next((made for (made,) in connection.execute(query).fetchall()), None)
