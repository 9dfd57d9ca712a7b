"""Metrics by a query to a database: SQLite or PostgreSQL, read only, whole or not at all.

Conventions: the query gives the columns of a file of metrics (``read``). It runs as it is written, in a transaction
that the database itself keeps from writing, with the session's time zone set to UTC. A password is never shown; where
the address has none, PostgreSQL reads ``~/.pgpass`` or ``PGPASSWORD`` on its own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyarrow as pa
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, Connection, CursorResult, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, ResourceClosedError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from costlib.errors import InputError, UnreadableFile, cause_words
from costlib.metrics.read import COLUMNS, DATABASE, table_of
from costlib.metrics.rows import Cells, places_of

#: Rows that one load takes at most.
MOST_ROWS: Final = 1_000_000
_POSTGRESQL: Final = ("postgresql", "postgresql+psycopg")
_ROWS_AT_ONCE, _SECONDS = 10_000, 15
_EXPECTED: Final = "sql:sqlite:////folder/file.db or sql:postgresql://user@host/database"


def read_database(address: str, query_file: Path, most: int = MOST_ROWS) -> pa.Table:
    """What the query in the file gives, as a table of ``read.SCHEMA``.

    Raises ``InputError`` and its kin for an address, a query or rows that cannot be used.
    """
    url, query = _url(address), _query(query_file)
    name = f"The query {query_file}"
    try:
        with _connected(url) as connection:
            return table_of(_rows(connection, query, name, most), name)
    except DBAPIError as error:
        raise _refused(url, error) from error
    except SQLAlchemyError as error:
        raise InputError(
            f"{name} cannot be run ({type(error).__name__})", expected="one SELECT", fix="Try it by hand first."
        ) from error


def _url(address: str) -> URL:
    fix = "See docs/unit-costs.md for addresses of databases."
    try:
        url = make_url(address.removeprefix(DATABASE))
    except ArgumentError:
        raise InputError("The address of the database is not a URL", expected=_EXPECTED, fix=fix) from None
    if url.drivername not in ("sqlite", *_POSTGRESQL) or not url.database or url.database == ":memory:":
        raise InputError(f"{_shown(url)} is no database that can be asked", expected=_EXPECTED, fix=fix)
    return url.set(drivername=_POSTGRESQL[1]) if url.drivername in _POSTGRESQL else url


def _query(path: Path) -> str:
    try:
        query = path.read_text(encoding="utf-8").strip().rstrip(";").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"The query {path} cannot be read ({cause_words(error)})",
            expected="a file with one SELECT",
            fix="Check the path.",
        ) from error
    if not query:
        raise InputError(f"The query {path} is empty", expected="one SELECT", fix="Write it into the file.")
    return query


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """A connection that only reads."""
    engine = _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sqlite(url: URL) -> Engine:
    if not Path(str(url.database)).is_file():
        raise InputError(f"There is no database {url.database}", expected="a file of SQLite", fix="Check the path.")
    place = f"file:{quote(str(url.database))}?mode=ro"
    return create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(place, uri=True, timeout=_SECONDS), poolclass=NullPool
    )


def _postgresql(url: URL) -> Engine:
    seconds = {} if "connect_timeout" in url.query else {"connect_timeout": _SECONDS}
    engine = create_engine(url, connect_args=seconds, poolclass=NullPool)
    return engine.execution_options(postgresql_readonly=True)


def _rows(connection: Connection, query: str, name: str, most: int) -> Iterator[tuple[str, Cells]]:
    """Each row's place and its cells by our names."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TIME ZONE 'UTC'")
    asked = connection.execution_options(no_parameters=True, stream_results=True, max_row_buffer=_ROWS_AT_ONCE)
    with asked.exec_driver_sql(query) as result:
        places = places_of(_columns(result, name), COLUMNS, name)
        for number, row in enumerate(result, start=1):
            if number > most:
                raise InputError(
                    f"{name} gives more than {most:,} rows",
                    expected=f"at most {most:,} at once, one per day, metric, team and model",
                    fix="Add up in the query, or load some months at a time: a load replaces only the months it holds.",
                )
            yield f"row {number}", {column: row[place] for column, place in places.items()}


def _columns(result: CursorResult[tuple[object, ...]], name: str) -> list[str]:
    try:
        return list(result.keys())
    except ResourceClosedError:
        raise InputError(f"{name} gives no rows", expected="one SELECT", fix="Write a query that reads.") from None


def _refused(url: URL, error: DBAPIError) -> InputError:
    """What a failure of the database is told as: its first line, without the password."""
    cause = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if url.password:
        cause = cause.replace(str(url.password), "***")
    cause = re.sub(r"\[Errno -?\d+\] ", "", cause)
    return InputError(
        f"{_shown(url)} did not answer the query: {cause}",
        expected="a database that can be reached, and a query that only reads",
        fix="Check address, rights and query; nothing was loaded.",
    )


def _shown(url: URL) -> str:
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)
