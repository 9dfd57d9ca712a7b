"""A billing export's table as tests have it: rows of ``test_gcp_billing``, the days they were exported, its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.sources.test_gcp_billing import SCHEMA, gcp_row, timed

NAME = "acme-billing.export.gcp_billing_export_resource_v1_01AB"
PARTITION = "_PARTITIONTIME"
TABLE = SCHEMA.append(pa.field(PARTITION, pa.timestamp("us", "UTC")))
_KINDS = {pa.string(): "STRING", pa.float64(): "FLOAT", pa.timestamp("us", "UTC"): "TIMESTAMP"}


def exported(day: str, **changes: Any) -> dict[str, Any]:
    """A row as it stands in the table, exported at noon (UTC) of the day."""
    row = timed(gcp_row(export_time=f"{day} 12:00:00 UTC", **changes))
    return row | {PARTITION: datetime.fromisoformat(day).replace(tzinfo=UTC)}


def resource(schema: pa.Schema = SCHEMA, *, partitioned: bool = True, location: str = "EU") -> dict[str, Any]:
    """The table as BigQuery's API describes it."""
    project, dataset, table = NAME.split(".")
    described = {
        "tableReference": {"projectId": project, "datasetId": dataset, "tableId": table},
        "schema": {"fields": [_described(field) for field in schema]},
        "location": location,
    }
    return described | ({"timePartitioning": {"type": "DAY"}} if partitioned else {})


def fields(schema: pa.Schema = SCHEMA) -> dict[str, str]:
    """Fields by dotted name with their types."""
    return dict(_fields([_described(field) for field in schema]))


def _fields(described: Sequence[Mapping[str, Any]], before: str = "") -> Iterator[tuple[str, str]]:
    for field in described:
        yield before + field["name"], field["type"]
        yield from _fields(field.get("fields", ()), f"{before}{field['name']}.")


def _described(field: pa.Field) -> dict[str, Any]:
    repeated = pa.types.is_list(field.type)
    kind = field.type.value_type if repeated else field.type
    found: dict[str, Any] = {"name": field.name, "mode": "REPEATED" if repeated else "NULLABLE"}
    if pa.types.is_struct(kind):
        return found | {"type": "RECORD", "fields": [_described(inner) for inner in kind]}
    return found | {"type": _KINDS[kind]}


def written(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The rows as a Parquet extract of the whole table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), path)
    return path
