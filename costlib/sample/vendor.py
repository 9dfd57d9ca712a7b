"""The vendor's file: FOCUS 1.2 as CSV, the bill of an invented LLM vendor, Lumenary AI (sample vendor).

One row per usage day, API key and meter, plus the seats of a coding tool each month and one credit. Names and
prices are invented. Tokens are whole numbers in ConsumedQuantity; prices are per million tokens, so a cost is
exact at ten decimals and is written without rounding. The first key dates from February 2025, the seats from May.
The small model became cheaper on 1 September 2025, the large one on 1 May 2026; a negotiated 10 % off starts in
March 2026. FOCUS has no token or model column: the model is in SkuPriceDetails and in ``x_Model``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from costlib.periods import add_months, month_start
from costlib.sample import days
from costlib.sample.company import NAME
from costlib.sample.vendor_keys import KEYS, METERS, Key, era, list_price

FILE = "llm-vendor-focus.csv"
VENDOR = "Lumenary AI (sample vendor)"
ACCOUNT = "org-northlight-sample"
SEAT_PRICE = Decimal(30)

_MILLION = 1_000_000
_NEGOTIATED, _DISCOUNT = date(2026, 3, 1), Decimal("0.9")
_FIRST_SEATS = date(2025, 5, 1)

COLUMNS = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingAccountType",
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
    "ContractedUnitPrice",
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
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
    "Tags",
    "x_Model",
)


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the vendor's file into ``folder``; returns its path."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in charge_rows():
            writer.writerow(row)
            count += 1
    progress(f"LLM vendor's bill of the sample: {count:,} charges")
    return path


def charge_rows() -> Iterator[dict[str, str]]:
    """Every charge, by key, meter and day, then the seats and the credit."""
    for key in KEYS:
        for meter, amounts in zip(METERS, _tokens(key), strict=True):
            for number in np.flatnonzero(amounts).tolist():
                yield _usage(key, meter, days.FIRST + timedelta(days=number), int(amounts[number]))
    for month in days.MONTHS:
        if count := _seat_count(month):
            yield _seats(month, count)
    yield _credit()


def _tokens(key: Key) -> tuple[days.IntArray, days.IntArray, days.IntArray]:
    weekend = 0.15 if "coding" in key.name else 0.6
    prompts = days.ramp(key.start, key.end) * days.weekly(weekend) * days.noise(days.stream(key.name), 0.2)
    prompts = prompts * _MILLION * days.since(key.since)
    share = 0.07 if "coding" in key.name else 0.16
    parts = (prompts * (1 - key.cached), prompts * key.cached, prompts * share)
    first, second, third = (part.round().astype(np.int64) for part in parts)
    return first, second, third


def _usage(key: Key, meter: str, day: date, tokens: int) -> dict[str, str]:
    price = list_price(key.model, meter, day)
    charged = price * (_DISCOUNT if day >= _NEGOTIATED else 1)
    quantity = Decimal(tokens) / _MILLION
    sku = f"{key.model}/{meter.lower().replace(' ', '-')}"
    details = {"x_Model": key.model, "x_TokenType": meter.removesuffix(" tokens")}
    return {
        **_common(day, day + timedelta(days=1), quantity * charged, quantity * price),
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{meter} of {key.model}",
        "ChargeFrequency": "Usage-Based",
        "ConsumedQuantity": str(tokens),
        "ConsumedUnit": "Tokens",
        "ContractedUnitPrice": _plain(charged),
        "ListUnitPrice": _plain(price),
        "PricingCategory": "Standard",
        "PricingQuantity": _plain(quantity),
        "PricingUnit": f"{_MILLION} Tokens",
        "ResourceId": f"key_{key.name}",
        "ResourceName": key.name,
        "ResourceType": "API key",
        "ServiceName": "Lumen API",
        "ServiceSubcategory": "Generative AI",
        "SkuId": sku,
        "SkuMeter": meter,
        "SkuPriceDetails": json.dumps(details),
        "SkuPriceId": f"{sku}/{era(key.model, day)[0]}",
        "SubAccountId": f"ws_{key.workspace}",
        "SubAccountName": key.workspace,
        "SubAccountType": "Workspace",
        "Tags": json.dumps(dict(key.tags)),
        "x_Model": key.model,
    }


def _seat_count(month: date) -> int:
    """Seats of a month: two more each month since November 2025, twenty in the first month, May 2025.

    >>> [_seat_count(date(2025, month, 1)) for month in (4, 5, 10, 11, 12)]
    [0, 20, 45, 48, 50]
    """
    if month < _FIRST_SEATS:
        return 0
    age = (month.year - 2025) * 12 + month.month
    return 48 + 2 * (age - 11) if age >= 11 else 20 + 5 * (age - 5)


def _seats(month: date, count: int) -> dict[str, str]:
    cost = SEAT_PRICE * count
    return {
        **_common(month, add_months(month, 1), cost, cost),
        "ChargeCategory": "Purchase",
        "ChargeDescription": "Coding assistant seats",
        "ChargeFrequency": "Recurring",
        "ContractedUnitPrice": _plain(SEAT_PRICE),
        "ListUnitPrice": _plain(SEAT_PRICE),
        "PricingCategory": "Standard",
        "PricingQuantity": str(count),
        "PricingUnit": "Seats",
        "ServiceName": "Lumen Code seats",
        "ServiceSubcategory": "Generative AI",
        "SkuId": "lumen-code/seat",
        "SkuMeter": "Seats",
        "SkuPriceId": "lumen-code/seat/1",
        "SubAccountId": "ws_engineering",
        "SubAccountName": "engineering",
        "SubAccountType": "Workspace",
        "Tags": json.dumps({"project": "coding-tools"}),
    }


def _credit() -> dict[str, str]:
    day, amount = date(2026, 1, 15), Decimal(-1500)
    return {
        **_common(day, day + timedelta(days=1), amount, amount),
        "ChargeCategory": "Credit",
        "ChargeDescription": "Credit for evaluation",
        "ChargeFrequency": "One-Time",
        "ServiceName": "Lumen API",
        "ServiceSubcategory": "Generative AI",
    }


def _common(start: date, end: date, billed: Decimal, listed: Decimal) -> dict[str, str]:
    month = month_start(start)
    closed = add_months(month, 1) <= days.LAST
    return {
        "BilledCost": _plain(billed),
        "BillingAccountId": ACCOUNT,
        "BillingAccountName": NAME,
        "BillingAccountType": "Organization",
        "BillingCurrency": "USD",
        "BillingPeriodStart": _moment(month),
        "BillingPeriodEnd": _moment(add_months(month, 1)),
        "ChargePeriodStart": _moment(start),
        "ChargePeriodEnd": _moment(end),
        "ContractedCost": _plain(billed),
        "EffectiveCost": _plain(billed),
        "InvoiceId": f"LUM-{month:%Y%m}" if closed else "",
        "InvoiceIssuerName": VENDOR,
        "ListCost": _plain(listed),
        "ProviderName": VENDOR,
        "PublisherName": VENDOR,
        "ServiceCategory": "AI and Machine Learning",
    }


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _plain(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
