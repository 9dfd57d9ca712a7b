"""DuckDB connections as Glidepath uses them: UTC, offline, bounded memory, spilling where told."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_LIMIT = "2GB"


def connect(
    database: str = ":memory:", *, spill: Path | None = None, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A quiet connection in UTC that never reaches out and uses at most ``MEMORY_LIMIT`` before it spills."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if spill is not None:
        config["temp_directory"] = str(spill)
    connection = duckdb.connect(database, read_only=read_only, config=config)
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    return connection


def version() -> str:
    """Name and version of the engine, for the trace."""
    return f"duckdb {duckdb.__version__}"
