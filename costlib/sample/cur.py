"""The AWS export: CUR 2.0 in Parquet, in the folders and with the manifests of AWS Data Exports.

Overwrite style: one data file and one manifest a billing period, the manifest written after its data. Dates in
manifests are those on which AWS would have finished the period: the sixth of the next month, or the morning
after the last usage day. August 2026 was restated: AWS delivered it on 6 September with two days of the recommender's
training counted twice, and again, corrected, on 18 September. The corrected version is in place.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from costlib.periods import add_months
from costlib.sample import days
from costlib.sample.columns import SCHEMA
from costlib.sample.company import PAYER
from costlib.sample.items import Rows, rows
from costlib.sample.lines import DECIMALS
from costlib.sample.table import table

EXPORT = "northlight-sample-cur2"
BUCKET, PREFIX = "northlight-sample-billing", "exports"
RESTATED, CORRECTED = date(2026, 8, 1), date(2026, 9, 18)
_EXPORT_ID = uuid.uuid5(uuid.NAMESPACE_DNS, "export.northlight.example")
_COUNTED_TWICE = ("2026-08-26", "2026-08-27")


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the export under ``folder``; returns its own folder, which holds ``data`` and ``metadata``."""
    found = rows()
    for position, month in enumerate(days.MONTHS):
        part = found.of_month(position)
        _write_period(folder / EXPORT, month, table(part), CORRECTED if month == RESTATED else _finished(month))
        progress(f"AWS bill of the sample, {month:%Y-%m}: {part.count:,} line items")
    return folder / EXPORT


def write_month(folder: Path, month: date) -> Path:
    """Write one billing month of the export under ``folder``, the same bytes; returns the export's folder."""
    part = rows().of_month(days.MONTHS.index(month))
    _write_period(folder / EXPORT, month, table(part), CORRECTED if month == RESTATED else _finished(month))
    return folder / EXPORT


def write_first_delivery(folder: Path) -> Path:
    """Write the restated month under ``folder`` as AWS first delivered it; returns the export's folder."""
    part = counted_twice(rows().of_month(days.MONTHS.index(RESTATED)))
    _write_period(folder / EXPORT, RESTATED, table(part), _finished(RESTATED))
    return folder / EXPORT


def counted_twice(found: Rows) -> Rows:
    """The line items before the correction: two days of the recommender's training twice as long."""
    trained = found.number(lambda line: "training-job/recs-two-tower" in line.meter.resource) > 0
    wrong = trained & np.isin(found.day, [days.index(day) for day in _COUNTED_TWICE])
    times = np.where(wrong, 2.0, 1.0)
    return replace(found, amount=found.amount * times, cost=np.round(found.cost * times, DECIMALS))


def _finished(month: date) -> date:
    """The day on which AWS finishes a month."""
    return min(add_months(month, 1) + timedelta(days=5), days.LAST + timedelta(days=1))


def _write_period(root: Path, month: date, part: pa.Table, finished: date) -> None:
    partition = f"BILLING_PERIOD={month:%Y-%m}"
    name = f"{EXPORT}-00001.snappy.parquet"
    data, metadata = root / "data" / partition, root / "metadata" / partition
    data.mkdir(parents=True, exist_ok=True)
    metadata.mkdir(parents=True, exist_ok=True)
    pq.write_table(part, data / name, compression="snappy", store_schema=False)
    key = f"s3://{BUCKET}/{PREFIX}/{EXPORT}/data/{partition}/{name}"
    text = json.dumps(_manifest(month, [key], finished), indent=2) + "\n"
    (metadata / f"{EXPORT}-Manifest.json").write_text(text, encoding="utf-8", newline="\n")


def _manifest(month: date, files: list[str], finished: date) -> dict[str, object]:
    return {
        "account": PAYER,
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/{EXPORT}-{_EXPORT_ID}",
        "exportName": EXPORT,
        "executionId": str(uuid.uuid5(_EXPORT_ID, f"{month:%Y-%m} {finished.isoformat()}")),
        "executionCreatedAt": f"{finished.isoformat()}T06:12:00.000Z",
        "tableName": "COST_AND_USAGE_REPORT",
        "tableProperties": {
            "INCLUDE_RESOURCES": "TRUE",
            "INCLUDE_SPLIT_COST_ALLOCATION_DATA": "FALSE",
            "TIME_GRANULARITY": "HOURLY",
        },
        "billingPeriod": {
            "start": f"{month.isoformat()}T00:00:00.000Z",
            "end": f"{add_months(month, 1).isoformat()}T00:00:00.000Z",
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
