"""A CUR 2.0 export of any size: the sample company's, its days cut into hours, then repeated with other resources."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from costlib import sample

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


def _repeat(connection: duckdb.DuckDBPyConnection, file: Path, target: Path, copies: int) -> None:
    partition, name = file.parent.name, f"{target.name}-00001.snappy.parquet"
    data, metadata = target / "data" / partition, target / "metadata" / partition
    for folder in (data, metadata):
        folder.mkdir(parents=True, exist_ok=True)
    hour = "INTERVAL (copy % 24) HOUR"
    connection.execute(
        f"COPY (SELECT native.* REPLACE (line_item_resource_id || '-' || copy // 24 AS line_item_resource_id, "
        f"line_item_usage_start_date + {hour} AS line_item_usage_start_date) "
        f"FROM read_parquet('{file}', hive_partitioning=false) AS native, range({copies}) AS r(copy)) "
        f"TO '{data / name}' (FORMAT parquet, COMPRESSION snappy)"
    )
    manifest = {"dataFiles": [f"s3://bench/{target.name}/data/{partition}/{name}"]}
    (metadata / f"{target.name}-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
