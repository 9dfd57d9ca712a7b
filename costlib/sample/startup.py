"""A start-up of its own: Tidewater Software (sample), tools for small shops, as one FOCUS 1.2 file.

Ten data scientists, five models in production and data that doubles every five months. Its bill grows from about 8,000
USD in May 2025 to about 50,000 in September 2026: eighteen months, the last open after 20 October. A funding round in
January 2026 hired four of the ten. Everything is invented; prices are those of ``prices``.

What costs more than it must: notebooks that run through nights and weekends (``night_hours``), raw data that nobody
reads after a month and that stays in the dearest storage, endpoints of old demonstrations, and sweeps without a quota.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from costlib.periods import add_months, month_start
from costlib.sample import days
from costlib.sample.startup_meters import ACCOUNT, Meter, meters, night_hours

NAME = "Tidewater Software (sample)"
FILE = "tidewater-sample-focus.csv"
START = date(2025, 5, 1)

__all__ = ["COLUMNS", "FILE", "NAME", "START", "night_hours", "write"]

COLUMNS = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "ResourceId",
    "ServiceCategory",
    "ServiceName",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SubAccountId",
    "SubAccountName",
    "Tags",
)


def write(folder: Path, progress: Callable[[str], None] = lambda message: None) -> Path:
    """Write the start-up's bill into ``folder``; returns the file. Raises OSError where it cannot be written."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = list(_rows())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    progress(f"Bill of {NAME}: {len(rows):,} charges")
    return path


def _rows() -> Iterator[dict[str, str]]:
    """Every charge, by day."""
    held = meters()
    for number, day in list(enumerate(days.dates()))[days.index(START) :]:
        for meter in held:
            if units := Decimal(f"{meter.units[number]:.6f}").normalize():
                yield _usage(meter, day, units)


def _usage(meter: Meter, day: date, units: Decimal) -> dict[str, str]:
    month, price = month_start(day), Decimal(str(meter.price))
    cost, quantity = _plain(units * price), _plain(units)
    closed = add_months(month, 1) <= days.LAST
    return {
        **dict.fromkeys(("BilledCost", "ContractedCost", "EffectiveCost", "ListCost"), cost),
        "BillingAccountId": ACCOUNT,
        "BillingAccountName": NAME,
        "BillingCurrency": "USD",
        "BillingPeriodStart": _moment(month),
        "BillingPeriodEnd": _moment(add_months(month, 1)),
        "ChargeCategory": "Usage",
        "ChargeDescription": f"${_plain(price)} per {meter.unit}, {meter.meter}",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": _moment(day),
        "ChargePeriodEnd": _moment(day + timedelta(days=1)),
        "ConsumedQuantity": quantity,
        "ConsumedUnit": meter.unit,
        "InvoiceId": f"TID-{month:%Y%m}" if closed else "",
        "InvoiceIssuerName": "Amazon Web Services, Inc.",
        "ListUnitPrice": _plain(price),
        "PricingCategory": "Standard",
        "PricingQuantity": quantity,
        "PricingUnit": meter.unit,
        "ProviderName": "AWS",
        "PublisherName": "AWS",
        "RegionId": "us-east-1",
        "ResourceId": meter.resource,
        "ServiceCategory": meter.category,
        "ServiceName": meter.service,
        "SkuId": meter.meter,
        "SkuMeter": meter.meter,
        "SkuPriceDetails": json.dumps({"InstanceType": meter.instance}) if meter.instance else "",
        "SubAccountId": ACCOUNT,
        "SubAccountName": "tidewater (sample)",
        "Tags": json.dumps(dict(meter.tags)),
    }


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
