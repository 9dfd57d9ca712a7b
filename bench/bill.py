"""A CUR 2.0 export of any size: the sample company's, repeated at other hours and, every second time, other resources.

That keeps about as many line items to a day's sum as large bills have (fourteen at ten million).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from costlib import sample
from costlib.sources.discovery import discover
from costlib.sources.native import NativeColumns

#: What sums without any mapping need at least.
NEEDED = (
    "bill_payer_account_id",
    "bill_billing_period_start_date",
    "line_item_currency_code",
    "line_item_line_item_type",
    "line_item_usage_start_date",
    "line_item_usage_account_id",
    "line_item_product_code",
    "line_item_usage_type",
    "line_item_operation",
    "line_item_resource_id",
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "pricing_public_on_demand_cost",
    "pricing_unit",
    "product",
    "resource_tags",
    "savings_plan_savings_plan_effective_cost",
)


def write_bill(folder: Path, line_items: int) -> Path:
    """Write an export of at least that many line items; returns its folder."""
    original = sample.write(folder / "sample")[0]
    files = sorted(original.glob("data/*/*.parquet"))
    target = folder / f"bench-{line_items}"
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        (held,) = connection.execute("SELECT COUNT(*) FROM read_parquet(?)", [list(map(str, files))]).fetchall()[0]
        copies = -(-line_items // held)
        for file in files:
            _repeat(connection, file, target, copies)
    return target


def data_files(export: Path) -> list[str]:
    """The export's data files."""
    return sorted(map(str, export.glob("data/*/*.parquet")))


def columns_read(files: list[str]) -> list[str]:
    """The columns that the mapping of such files reads: what any load of them has to decode."""
    found: dict[str, None] = {}

    class Noting(NativeColumns):
        def find(self, names: Iterable[str]) -> str | None:
            name = super().find(names)
            found.update({name: None} if name else {})
            return name

    (export,) = discover([Path(files[0])])
    export.source.mapping(Noting(export.files[0].layout.columns))
    return list(found)


def some_months(export: Path, folder: Path, months: int) -> Path:
    """The same export with its last months only; returns its folder."""
    for part in ("data", "metadata"):
        for partition in sorted((export / part).iterdir())[-months:]:
            shutil.copytree(partition, folder / export.name / part / partition.name)
    return folder / export.name


def restated(export: Path, folder: Path) -> Path:
    """The export's last month delivered again, a line item less; returns its folder."""
    target = some_months(export, folder, 1)
    (file,) = target.glob("data/*/*.parquet")
    before = file.rename(file.with_suffix(".before"))
    with duckdb.connect() as connection:
        rows = f"SELECT * FROM read_parquet('{before}', hive_partitioning=false) OFFSET 1"
        connection.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION snappy)")
    before.unlink()
    return target


def _repeat(connection: duckdb.DuckDBPyConnection, file: Path, target: Path, copies: int) -> None:
    partition, name = file.parent.name, f"{target.name}-00001.snappy.parquet"
    data, metadata = target / "data" / partition, target / "metadata" / partition
    for folder in (data, metadata):
        folder.mkdir(parents=True, exist_ok=True)
    hour = "INTERVAL (copy % 24) HOUR"
    connection.execute(
        f"COPY (SELECT native.* REPLACE (line_item_resource_id || '-' || copy // 2 AS line_item_resource_id, "
        f"line_item_usage_start_date + {hour} AS line_item_usage_start_date) "
        f"FROM read_parquet('{file}', hive_partitioning=false) AS native, range({copies}) AS r(copy)) "
        f"TO '{data / name}' (FORMAT parquet, COMPRESSION snappy)"
    )
    manifest = {"dataFiles": [f"s3://bench/{target.name}/data/{partition}/{name}"]}
    (metadata / f"{target.name}-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
