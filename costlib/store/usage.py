"""Usage records in the store: hours reserved and used by cluster, namespace and team label, beside the cost parts.

Usage is no money of the bill: it drives how shared cost is split and is never added to a cost. A *usage part* is the
records of one (source, cluster, month, grain); where a day of a cluster is known by the hour, the records of the whole
day do not count, so that nothing counts twice and the hours sum to the day.

Columns: GPU and CPU hours, RAM in GiB hours, each reserved (the larger of request and use) and used (null: unknown),
and the source's own cost in its own currency, which is shown beside the bill and never charged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from costlib.errors import QueryError
from costlib.focus import CURRENCY, EFFECTIVE, POOL
from costlib.periods import Grain
from costlib.sources.base import UsageRecord
from costlib.sources.files import glob_safe
from costlib.sources.native import literal, literals
from costlib.store.manifest import sync
from costlib.store.splits import DirectCost, Usage, period_of

USAGE, USAGE_DAY = "usage", "day"
#: Reserved and used column of each resource that can drive a split.
RESOURCES = {
    "gpu": ("gpu_reserved", "gpu_used"),
    "cpu": ("cpu_reserved", "cpu_used"),
    "ram": ("ram_reserved", "ram_used"),
    "cost": ("cost", "NULL"),
}
TEXTS = ("cluster", "node", "namespace", "label", "kind")
AMOUNTS = ("gpu_reserved", "gpu_used", "cpu_reserved", "cpu_used", "ram_reserved", "ram_used", "cost")
#: Columns of a record and their types.
_COLUMNS = {
    "day": "DATE",
    "hour": "TINYINT",
    **dict.fromkeys(TEXTS, "VARCHAR"),
    **dict.fromkeys(AMOUNTS, "DECIMAL(28,9)"),
}


def write_records(records: Iterable[UsageRecord], path: Path) -> None:
    """Write a usage part as Parquet, in the order given."""
    import pyarrow as pa  # only who loads records pays for it
    import pyarrow.parquet as pq

    types = {"DATE": pa.date32(), "TINYINT": pa.int8(), "VARCHAR": pa.string(), "DECIMAL(28,9)": pa.decimal128(28, 9)}
    schema = pa.schema([(name, types[kind]) for name, kind in _COLUMNS.items()])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([vars(record) for record in records], schema), path, compression="zstd")
    sync(path)


def create_usage(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> None:
    """Create the table of usage records that count; empty where there are no parts."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute(f"CREATE TABLE {USAGE} ({columns})")
    _insert_usage(connection, parts)


def exchange_usage(connection: duckdb.DuckDBPyConnection, months: Sequence[date], parts: Sequence[Path]) -> None:
    """Exchange the records of these months for those that count of ``parts``, which are all parts of the months."""
    if months:
        days = literals(month.isoformat() for month in months)
        connection.execute(f"DELETE FROM {USAGE} WHERE DATE_TRUNC('month', {USAGE_DAY}) IN {days}")
        _insert_usage(connection, parts)


def _insert_usage(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> None:
    if not parts:
        return
    files = ", ".join(literal(glob_safe(path)) for path in parts)
    best = "MAX(CASE WHEN hour IS NULL THEN 0 ELSE 1 END) OVER (PARTITION BY cluster, day)"
    connection.execute(
        f"INSERT INTO {USAGE} BY NAME SELECT * FROM read_parquet([{files}]) "
        f"QUALIFY {best} = CASE WHEN hour IS NULL THEN 0 ELSE 1 END ORDER BY cluster, day, hour"
    )


class StoreFacts:
    """The facts of a cube that is being built or is open: ``run`` answers a query with its rows."""

    def __init__(self, run: Any, pool_rows: str, resource_days: str, usage: str = USAGE) -> None:
        self._run, self._pool_rows, self._resource_days, self._usage = run, pool_rows, resource_days, usage

    def charges(self, pool: str, over: Grain) -> list[tuple[date, str]]:
        """Periods and billing currencies in which the pool has cost, in order."""
        return list(
            self._run(
                f"SELECT DISTINCT {period_of(over)}, {CURRENCY} FROM {self._pool_rows} WHERE {POOL} = ? ORDER BY ALL",
                [pool],
            )
        )

    def direct(self, by: Sequence[str], over: Grain) -> list[DirectCost]:
        """Direct effective cost by dimensions and period: rows of a team that no pool took, where the cost is known."""
        names = ", ".join(by)
        rows = self._run(
            f"SELECT {period_of(over)}, {CURRENCY}, SUM({EFFECTIVE}), {names} FROM {self._resource_days} "
            f"WHERE {POOL} IS NULL AND x_Team IS NOT NULL AND {EFFECTIVE} IS NOT NULL "
            f"GROUP BY 1, 2, {names} ORDER BY ALL",
            [],
        )
        return [DirectCost(row[0], row[1], dict(zip(by, row[3:], strict=True)), row[2]) for row in rows]

    def usage(self, cluster: str, of: str, *, hourly: bool) -> list[Usage]:
        """Usage records of a cluster, by day or by hour.

        Raises ``QueryError`` for a resource that there is not.
        """
        return usage_rows(self._run, cluster, of, hourly=hourly, table=self._usage)


def usage_rows(run: Any, cluster: str, of: str, *, hourly: bool, table: str = USAGE) -> list[Usage]:
    """Usage records of a cluster summed over what is not asked, in order; hours are None where any are unknown.

    Raises ``QueryError`` for a resource that there is not.
    """
    if of not in RESOURCES:
        raise QueryError(f"There is no usage of {of}", expected=", ".join(RESOURCES), fix="Name one of them.")
    reserved, used = RESOURCES[of]
    hour = "hour" if hourly else "NULL::TINYINT"
    rows = run(
        f"SELECT day, {hour} AS h, node, namespace, label, kind, {_whole(reserved)}, {_whole(used)} "
        f"FROM {table} WHERE cluster = ? "
        "GROUP BY 1, h, node, namespace, label, kind ORDER BY ALL",
        [cluster],
    )
    return [Usage(*row) for row in rows]


def _whole(name: str) -> str:
    """The sum of a column, null where any of it is."""
    return f"CASE WHEN COUNT({name}) = COUNT(*) THEN SUM({name}) END"
