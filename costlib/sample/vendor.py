"""The vendor's file: FOCUS 1.2 as CSV, the bill of an invented LLM vendor, Lumenary AI (sample vendor).

One row per usage day, API key and meter, plus the seats of a coding tool each month and one credit. Names and
prices are invented. Tokens are whole numbers in ConsumedQuantity; prices are per million tokens, so a cost is
exact at ten decimals and is written without rounding. A negotiated 10 % off starts in March 2026, and the large
model became cheaper on 1 May 2026. FOCUS has no token or model column: the model is in SkuPriceDetails and in
``x_Model``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from costlib.periods import add_months, month_start
from costlib.sample import days
from costlib.sample.company import NAME

FILE = "llm-vendor-focus.csv"
VENDOR = "Lumenary AI (sample vendor)"
ACCOUNT = "org-northlight-sample"
SEAT_PRICE = Decimal(30)

_MILLION = 1_000_000
_NEGOTIATED, _DISCOUNT = date(2026, 3, 1), Decimal("0.9")
_CHEAPER = date(2026, 5, 1)

#: Invented list prices, USD a million tokens: input, cached input, output. The large model's fell on 1 May 2026.
_PRICES = {
    "lumen-large": (Decimal("3.00"), Decimal("0.30"), Decimal("15.00")),
    "lumen-mini": (Decimal("0.40"), Decimal("0.04"), Decimal("1.60")),
    "lumen-code": (Decimal("2.00"), Decimal("0.20"), Decimal("10.00")),
}
_LARGE_AFTER = (Decimal("2.50"), Decimal("0.25"), Decimal("12.50"))
_METERS = ("Input tokens", "Cached input tokens", "Output tokens")

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


@dataclass(frozen=True)
class Key:
    """An API key: its workspace, model, tags as typed, and prompt tokens a day in millions, first and last level."""

    name: str
    workspace: str
    model: str
    tags: Mapping[str, str]
    start: float
    end: float
    since: str = "2025-11-01"
    cached: float = 0.3


_KEYS = (
    Key(
        "support-assistant-eval",
        "support",
        "lumen-large",
        {"team": "support-assistant", "model": "support-assistant", "stage": "evaluation"},
        65,
        78,
    ),
    Key(
        "support-summaries",
        "support",
        "lumen-mini",
        {"team": "Support Assistant", "model": "support-assistant"},
        87,
        195,
    ),
    Key(
        "coding-search", "engineering", "lumen-code", {"team": "search", "project": "coding-tools"}, 35, 82, cached=0.6
    ),
    Key("coding-recs", "engineering", "lumen-code", {"team": "recs", "project": "coding-tools"}, 29, 69, cached=0.6),
    Key(
        "coding-fraud", "engineering", "lumen-code", {"team": "FRAUD-ML", "project": "coding-tools"}, 23, 51, cached=0.6
    ),
    Key(
        "coding-data",
        "engineering",
        "lumen-code",
        {"team": "data-platform", "project": "coding-tools"},
        26,
        66,
        cached=0.6,
    ),
    Key("test-cl", "default", "lumen-large", {}, 4, 9, since="2026-01-12"),
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
    for key in _KEYS:
        for meter, amounts in zip(_METERS, _tokens(key), strict=True):
            for number in np.flatnonzero(amounts).tolist():
                yield _usage(key, meter, days.FIRST + timedelta(days=number), int(amounts[number]))
    for position, month in enumerate(days.MONTHS):
        yield _seats(month, 48 + 2 * position)
    yield _credit()


def _tokens(key: Key) -> tuple[days.IntArray, days.IntArray, days.IntArray]:
    weekend = 0.15 if "coding" in key.name else 0.6
    prompts = days.ramp(key.start, key.end) * days.weekly(weekend) * days.noise(days.stream(key.name), 0.2)
    prompts = prompts * _MILLION * days.since(key.since)
    share = 0.07 if "coding" in key.name else 0.16
    parts = (prompts * (1 - key.cached), prompts * key.cached, prompts * share)
    first, second, third = (part.round().astype(np.int64) for part in parts)
    return first, second, third


def list_price(model: str, meter: str, day: date) -> Decimal:
    """USD a million tokens before the negotiated discount.

    >>> [str(list_price("lumen-large", "Input tokens", date(2026, month, 1))) for month in (4, 5)]
    ['3.00', '2.50']
    """
    table = _LARGE_AFTER if model == "lumen-large" and day >= _CHEAPER else _PRICES[model]
    return table[_METERS.index(meter)]


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
        "SkuPriceId": f"{sku}/{'2' if price != _PRICES[key.model][_METERS.index(meter)] else '1'}",
        "SubAccountId": f"ws_{key.workspace}",
        "SubAccountName": key.workspace,
        "SubAccountType": "Workspace",
        "Tags": json.dumps(dict(key.tags)),
        "x_Model": key.model,
    }


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
