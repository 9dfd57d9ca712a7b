"""The tables of editable state and how its database is opened.

Conventions: SQLite in WAL mode (one machine) or PostgreSQL (several replicas), chosen by URL. A transaction that writes
first takes the one row of ``glidepath_meta``, so writers queue, the sequence has no gap and grows in the order of
commits; a transaction that reads sees one moment. Times are UTC. A record that was removed keeps its row without a
body, so that its version never begins again.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, String, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from costlib.errors import InputError
from costlib.state.errors import StateError

#: The version of these tables; a database with another one is refused.
SCHEMA = 1
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_BUSY_SECONDS = 60
_SETUP_LOCK = 7_453_001


class UtcTime(TypeDecorator[datetime]):
    """A moment, stored as UTC; SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of editable state."""


class MetaRow(Base):
    """The one row with the tables' version and the number of the last change."""

    __tablename__ = "glidepath_meta"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    schema_version: Mapped[int]
    sequence: Mapped[int]


class RecordRow(Base):
    """One record as it is now; without a body it has been removed."""

    __tablename__ = "glidepath_record"
    kind: Mapped[str] = mapped_column(String, primary_key=True)
    key: Mapped[str] = mapped_column(String, primary_key=True)
    version: Mapped[int] = mapped_column()
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_by: Mapped[str]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the form SQLAlchemy reads


class ChangeRow(Base):
    """One change, never altered: what the record was before and after, and the version it then had.

    ``batch`` is the first ``seq`` of the changes that were saved together.
    """

    __tablename__ = "glidepath_change"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    batch: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    who: Mapped[str]
    why: Mapped[str]
    kind: Mapped[str] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def parsed_url(url: str) -> URL:
    """The database's address; raises InputError for one that is neither SQLite nor PostgreSQL.

    >>> parsed_url("sqlite:///state.db").database
    'state.db'
    """
    expected = "sqlite:///path/state.db or postgresql+psycopg://user@host/name"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InputError("The address of the state is not a URL", expected=expected, fix=_FIX) from None
    if parsed.drivername not in DRIVERS.values() or not parsed.database or parsed.database == ":memory:":
        raise InputError(f"{shown(parsed)} is no address for the state", expected=expected, fix=_FIX)
    return parsed


_FIX = "Set GLIDEPATH_STATE, or leave it out for a file in the store."


def shown(url: URL) -> str:
    """The address for a message, its password hidden."""
    return url.render_as_string(hide_password=True)


def open_database(url: URL) -> Engine:
    """The engine of a database with the state's tables in it, made where there are none yet.

    Raises StateError where the database cannot be opened, belongs to something else or to a newer version.
    """
    try:
        engine = _engine(url)
    except ModuleNotFoundError as missing:
        raise StateError(f"{shown(url)} needs {missing.name}", fix="Install psycopg[binary].") from None
    except OSError as error:
        raise StateError(f"{shown(url)} cannot be opened ({error.strerror})", fix=_FIX) from error
    with ExitStack() as unless_opened:
        unless_opened.callback(engine.dispose)
        try:
            with engine.execution_options(writes=True).begin() as connection:
                _set_up(connection, shown(url))
        except DBAPIError as error:
            raise unusable(url, error) from error
        unless_opened.pop_all()
    return engine


def unusable(url: URL, error: DBAPIError) -> StateError:
    """What a failure of the database is told as."""
    cause = " ".join(str(error.orig).split())
    return StateError(
        f"The state at {shown(url)} cannot be used: {cause}",
        expected="a database that can be read and written",
        fix="Check that it is there, is not full and is yours; nothing was changed.",
    )


def _engine(url: URL) -> Engine:
    options: dict[str, Any] = {"json_serializer": json.dumps, "pool_timeout": _BUSY_SECONDS}
    if url.drivername == DRIVERS["postgresql"]:
        return create_engine(url, pool_pre_ping=True, **options)
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, **options)
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, record: object) -> None:
    """Our own BEGIN instead of the driver's; a write-ahead log; every commit on the disk before it is told."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _on_sqlite_begin(connection: Connection) -> None:
    """A writer takes the lock at once: it waits for its turn instead of failing half-way."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up(connection: Connection, name: str) -> None:
    """Make the tables in an empty database; refuse one whose version is not ours."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SETUP_LOCK})
    if not inspect(connection).has_table(MetaRow.__tablename__):
        Base.metadata.create_all(connection)
        connection.execute(insert(MetaRow).values(id=1, schema_version=SCHEMA, sequence=0))
    found = connection.execute(select(MetaRow.schema_version)).scalars().all()
    if found != [SCHEMA]:
        newer = found and max(found) > SCHEMA
        raise StateError(
            f"{name} has state tables of version {found[0] if found else 'unknown'}",
            expected=f"version {SCHEMA}",
            fix="Update Glidepath: a newer one wrote them." if newer else "Restore the database from a backup.",
        )
