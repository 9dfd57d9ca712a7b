"""The cube as it lies in a cube file: the rows that no pool took as days and texts apart, the parts of pools whole.

Of the texts of the cube's rows there are a hundred or a thousand, of its days and measures some ten thousand rows.
``cube`` is the view that puts them together.
"""

from __future__ import annotations

import duckdb

from costlib.focus import CUBE_DIMENSIONS, DAY, LINE_ITEMS, MEASURES, TIMES
from costlib.store.cube import CUBE, FIGURES, MEANINGS, NUMBER, added_select, direct_texts_select

DIRECT_DAYS, DIRECT_TEXTS, POOL_PARTS = "direct_days", "direct_texts", "pool_parts"
_COLUMNS = ", ".join((*CUBE_DIMENSIONS, *MEASURES, LINE_ITEMS))
_TEXTS = ", ".join((NUMBER, *(name for name in CUBE_DIMENSIONS if name not in TIMES)))
_NEW = "new_texts"


def create_cube(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the cube's tables and view with the rows that no pool takes, of all figures and meanings."""
    _number(connection, MEANINGS, "0")
    connection.execute(f"CREATE TABLE {DIRECT_TEXTS} AS SELECT {_TEXTS} FROM {_NEW}")
    connection.execute(f"CREATE TABLE {DIRECT_DAYS} AS {_days_select(FIGURES)}")
    direct = f"SELECT {_COLUMNS} FROM {DIRECT_DAYS} JOIN {DIRECT_TEXTS} USING ({NUMBER})"
    connection.execute(f"CREATE TABLE {POOL_PARTS} AS {direct} WITH NO DATA")
    connection.execute(f"CREATE VIEW {CUBE} AS {direct} UNION ALL SELECT {_COLUMNS} FROM {POOL_PARTS}")


def add_rows(connection: duckdb.DuckDBPyConnection, figures: str, meanings: str) -> None:
    """Add the rows of these figures and meanings that no pool takes."""
    _number(connection, meanings, f"(SELECT COALESCE(MAX({NUMBER}), 0) FROM {DIRECT_TEXTS})")
    connection.execute(f"INSERT INTO {DIRECT_TEXTS} SELECT {_TEXTS} FROM {_NEW}")
    connection.execute(f"INSERT INTO {DIRECT_DAYS} {_days_select(figures)}")


def delete_rows(connection: duckdb.DuckDBPyConnection, condition: str) -> None:
    """Delete the rows whose day and billing month meet the condition."""
    for table in (DIRECT_DAYS, POOL_PARTS):
        connection.execute(f"DELETE FROM {table} WHERE {condition}")
    connection.execute(f"DELETE FROM {DIRECT_TEXTS} WHERE {NUMBER} NOT IN (SELECT {NUMBER} FROM {DIRECT_DAYS})")


def _number(connection: duckdb.DuckDBPyConnection, meanings: str, last: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_NEW} AS {direct_texts_select(meanings, last)}")


def _days_select(figures: str) -> str:
    return f"{added_select(figures, _NEW)} ORDER BY {DAY}"
