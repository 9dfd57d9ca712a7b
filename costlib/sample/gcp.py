"""The Google Cloud export: a small research group of its own, Northlight Labs (sample), in USD.

Extracts of the detailed billing export by invoice month, JSON a row a line as BigQuery exports it, August to October
2026, the last one open after 20 October. The group pays its own bill, so the demo writes the files and does not load
them into the company's. About 4,000 USD a month: a GPU machine under a commitment (its discount is a credit), a spot
machine, training jobs on Vertex AI, storage and queries. What the export is known for is in it: credits nested in
rows, a promotion, free use, tax, a correction, labels of resource and project, a month whose last day came late and is
in the next invoice. Names are invented; prices are assumptions of the right order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from costlib.periods import add_months, days_in_month, month_start
from costlib.sample import days

FOLDER: Final = "northlight-labs-sample-gcp"
NAME: Final = "Northlight Labs (sample)"
ACCOUNT: Final = "01AB2C-3D4E5F-678901"
START: Final = date(2026, 8, 1)
#: The day whose rows came when its month's invoice was made.
LATE: Final = date(2026, 8, 31)

_COMPUTE = ("6F81-5844-456A", "Compute Engine")
_VERTEX = ("C7E2-9256-1C43", "Vertex AI")
_STORAGE = ("95FF-2EF5-5EA1", "Cloud Storage")
_QUERIES = ("24E6-581D-38E5", "BigQuery")
_RESEARCH, _DATA = "northlight-labs-research", "northlight-labs-data"
_MICRO = Decimal("0.000001")
_TAX = Decimal("0.08")


@dataclass(frozen=True)
class Meter:
    """What one resource is billed by: units a working day and a day of rest, USD a unit, and the credit's share of it.

    ``usage`` is the unit that Google measures and how many of them are one unit of the price.
    """

    service: tuple[str, str]
    sku: tuple[str, str]
    project: str
    resource: str
    price: str
    work: str
    rest: str
    unit: str
    usage: tuple[str, int]
    credit: tuple[str, str] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    machine: str | None = None


_COMMITTED = ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "0.37")
_HOUR = ("seconds", 3600)
_NODE = Meter(
    _COMPUTE,
    ("9FA1-2B3C-4D5E", "A2 Instance Core running in Americas"),
    _RESEARCH,
    "labs-a100-1",
    "3.67",
    "24",
    "24",
    "hour",
    _HOUR,
    _COMMITTED,
    {"team": "labs", "model": "labs-embedder", "stage": "experimentation"},
    "a2-highgpu-1g",
)
_SPOT = Meter(
    _COMPUTE,
    ("7C5D-1E2F-3A4B", "Spot Preemptible A2 Instance Core running in Americas"),
    _RESEARCH,
    "labs-spot-1",
    "1.15",
    "9.5",
    "2.25",
    "hour",
    _HOUR,
    None,
    {"team": "labs", "stage": "training"},
    "a2-highgpu-1g",
)
_TRAINING = Meter(
    _VERTEX,
    ("5A6B-7C8D-9E0F", "Vertex AI: Training/Pipelines on A2 in Americas"),
    _RESEARCH,
    "training-labs-embedder",
    "4.22",
    "14.5",
    "3",
    "hour",
    _HOUR,
    None,
    {"team": "labs", "model": "labs-embedder", "stage": "training"},
)
_SETS = Meter(
    _STORAGE,
    ("E5F0-6A5D-7BAD", "Standard Storage US Regional"),
    _DATA,
    "northlight-labs-sets",
    "0.02",
    "410.5",
    "410.5",
    "gibibyte month",
    ("byte-seconds", 2_875_833_000_000_000),
)
_ANALYSIS = Meter(
    _QUERIES,
    ("3362-E469-6BEF", "Analysis"),
    _DATA,
    "queries",
    "6.25",
    "1.75",
    "0.125",
    "tebibyte",
    ("bytes", 1_099_511_627_776),
    ("FREE_TIER", "0.04"),
    {"team": "labs"},
)
METERS: Final = (_NODE, _SPOT, _TRAINING, _SETS, _ANALYSIS)


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the extracts under ``folder``; returns their folder. Raises OSError where it cannot be written."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    rows = list(_rows())
    for month in sorted({row["invoice"]["month"] for row in rows}):
        lines = "".join(json.dumps(row) + "\n" for row in rows if row["invoice"]["month"] == month)
        (place / f"{month}.json").write_text(lines, encoding="utf-8", newline="\n")
    progress(f"Google Cloud bill of {NAME}: {len(rows):,} charges")
    return place


def _rows() -> Iterator[dict[str, Any]]:
    """Every row by day; the tax of a closed month on its last day."""
    for day in (day for day in days.dates() if day >= START):
        yield from (_used(meter, day) for meter in METERS)
        yield from _corrections(day)
        if (day + timedelta(days=1)).day == 1:
            yield _tax(month_start(day))


def _corrections(day: date) -> Iterator[dict[str, Any]]:
    """In September a day of storage is given back."""
    if day != date(2026, 9, 14):
        return
    used = _used(_SETS, day)
    yield used | {
        "cost": -used["cost"],
        "cost_at_list": -used["cost_at_list"],
        "usage": {**used["usage"], "amount": 0.0, "amount_in_pricing_units": 0.0},
        "adjustment_info": {"id": "sample-1", "mode": "MANUAL_ADJUSTMENT", "type": "GOODWILL"},
    }


def _used(meter: Meter, day: date) -> dict[str, Any]:
    resting = day.weekday() >= 5
    units = Decimal(meter.rest if resting else meter.work)
    units = units / days_in_month(day) if meter.unit == "gibibyte month" else units
    cost = (units * Decimal(meter.price)).quantize(_MICRO)
    return _row(day, "regular", meter.service, meter.sku, cost) | {
        "project": _project(meter.project),
        "labels": _pairs(meter.labels),
        "system_labels": _pairs({"compute.googleapis.com/machine_spec": meter.machine} if meter.machine else {}),
        "location": {"location": "us-central1", "region": "us-central1", "country": "US"},
        "resource": {
            "name": meter.resource,
            "global_name": f"//sample.googleapis.com/{meter.project}/{meter.resource}",
        },
        "usage": _usage(meter, units),
        "credits": _credits(meter, day, cost),
    }


def _usage(meter: Meter, units: Decimal) -> dict[str, Any]:
    unit, number = meter.usage
    return {
        "amount": float(units * number),
        "unit": unit,
        "amount_in_pricing_units": float(round(units, 6)),
        "pricing_unit": meter.unit,
    }


def _credits(meter: Meter, day: date, cost: Decimal) -> list[dict[str, Any]]:
    """The credit of the meter, and half of a training day in August from a promotion."""
    given = [meter.credit] if meter.credit else []
    given += [("PROMOTION", "0.5")] if meter is _TRAINING and day == date(2026, 8, 17) else []
    return [
        _credit(kind.replace("_", " ").capitalize(), kind, -(cost * Decimal(share)).quantize(_MICRO))
        for kind, share in given
    ]


def _credit(name: str, kind: str, amount: Decimal) -> dict[str, Any]:
    return {"name": name, "full_name": name, "type": kind, "amount": float(amount)}


def _tax(month: date) -> dict[str, Any]:
    """Tax on what the month's own days cost after credits."""
    held = [_used(meter, day) for day in days.dates() if month_start(day) == month for meter in METERS]
    net = sum(Decimal(str(row["cost"])) + sum(Decimal(str(one["amount"])) for one in row["credits"]) for row in held)
    last = add_months(month, 1) - timedelta(days=1)
    sku = ("0000-TAX0-US00", "Tax (sample)")
    row = _row(last, "tax", ("2062-016F-44A2", "Invoice"), sku, (net * _TAX).quantize(_MICRO))
    return row | {"invoice": {"month": f"{month:%Y%m}", "publisher_type": "GOOGLE"}, "credits": []}


def _row(day: date, kind: str, service: tuple[str, str], sku: tuple[str, str], cost: Decimal) -> dict[str, Any]:
    """What every row says; a day that came late is in the next month's invoice."""
    month = add_months(month_start(day), 1) if day == LATE else month_start(day)
    exported = day + timedelta(days=3 if day == LATE else 1)
    return {
        "billing_account_id": ACCOUNT,
        "invoice": {"month": f"{month:%Y%m}", "publisher_type": "GOOGLE"},
        "cost_type": kind,
        "service": {"id": service[0], "description": service[1]},
        "sku": {"id": sku[0], "description": sku[1]},
        "usage_start_time": f"{day.isoformat()} 00:00:00 UTC",
        "usage_end_time": f"{(day + timedelta(days=1)).isoformat()} 00:00:00 UTC",
        "cost": float(cost),
        "cost_at_list": float(cost),
        "currency": "USD",
        "currency_conversion_rate": 1.0,
        "transaction_type": "GOOGLE",
        "seller_name": "Google Inc.",
        "export_time": f"{exported.isoformat()} 06:00:00 UTC",
    }


def _project(name: str) -> dict[str, Any]:
    return {"id": name, "name": f"{name} (sample)", "labels": _pairs({"owner": "labs"})}


def _pairs(labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in labels.items()]
