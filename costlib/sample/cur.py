"""The AWS export: CUR 2.0 in Parquet, in the folders and with the manifests of AWS Data Exports.

Overwrite style: one data file and one manifest a billing period, the manifest written after its data. Dates in
manifests are those on which AWS would have finished the period: the sixth of the next month, or the morning
after the last usage day.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from costlib.periods import add_months
from costlib.sample import days
from costlib.sample.columns import SCHEMA
from costlib.sample.company import PAYER
from costlib.sample.items import rows, table

EXPORT = "northlight-sample-cur2"
BUCKET, PREFIX = "northlight-sample-billing", "exports"
_EXPORT_ID = uuid.uuid5(uuid.NAMESPACE_DNS, "export.northlight.example")


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the export under ``folder``; returns its own folder, which holds ``data`` and ``metadata``."""
    found = rows()
    items = table(found)
    bounds = np.searchsorted(found.month, np.arange(len(days.MONTHS) + 1))
    for month, start, end in zip(days.MONTHS, bounds[:-1], bounds[1:], strict=True):
        part = items.slice(int(start), int(end - start))
        _write_period(folder / EXPORT, month, part)
        progress(f"AWS bill of the sample, {month:%Y-%m}: {part.num_rows:,} line items")
    return folder / EXPORT


def _write_period(root: Path, month: date, part: pa.Table) -> None:
    partition = f"BILLING_PERIOD={month:%Y-%m}"
    name = f"{EXPORT}-00001.snappy.parquet"
    data, metadata = root / "data" / partition, root / "metadata" / partition
    data.mkdir(parents=True, exist_ok=True)
    metadata.mkdir(parents=True, exist_ok=True)
    pq.write_table(part, data / name, compression="snappy")
    key = f"s3://{BUCKET}/{PREFIX}/{EXPORT}/data/{partition}/{name}"
    text = json.dumps(_manifest(month, [key]), indent=2) + "\n"
    (metadata / f"{EXPORT}-Manifest.json").write_text(text, encoding="utf-8", newline="\n")


def _manifest(month: date, files: list[str]) -> dict[str, object]:
    following = add_months(month, 1)
    finished = min(following + timedelta(days=5), days.LAST + timedelta(days=1))
    return {
        "account": PAYER,
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/{EXPORT}-{_EXPORT_ID}",
        "exportName": EXPORT,
        "executionId": str(uuid.uuid5(_EXPORT_ID, f"{month:%Y-%m}")),
        "executionCreatedAt": f"{finished.isoformat()}T06:12:00.000Z",
        "tableName": "COST_AND_USAGE_REPORT",
        "tableProperties": {
            "INCLUDE_RESOURCES": "TRUE",
            "INCLUDE_SPLIT_COST_ALLOCATION_DATA": "FALSE",
            "TIME_GRANULARITY": "DAILY",
        },
        "billingPeriod": {
            "start": f"{month.isoformat()}T00:00:00.000Z",
            "end": f"{following.isoformat()}T00:00:00.000Z",
        },
        "bucket": BUCKET,
        "prefix": PREFIX,
        "contentType": "Parquet",
        "compression": "Parquet",
        "overwrite": "OVERWRITE_REPORT",
        "dataFiles": files,
        "columns": [{"name": field.name, "type": _type_name(field.type)} for field in SCHEMA],
    }


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_map(kind):
        return "map<string,string>"
    return "timestamp" if pa.types.is_timestamp(kind) else str(kind)
