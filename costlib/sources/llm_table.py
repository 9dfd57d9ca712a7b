"""The table of a month that charges of a model vendor are written as, how it becomes FOCUS, and the counts beside it.

One row a charge, amounts in whole currency with every digit of the vendor's. Where tokens of a line are unknown its
unit is still tokens, so that the unknown is counted. List and contracted cost are not told. An amount below zero is
neither use nor a purchase: an adjustment.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from costlib.focus import BILLED, EFFECTIVE
from costlib.money import exact
from costlib.sources.base import Mapped, Source
from costlib.sources.llm_charges import Charge, Use
from costlib.sources.llm_days import write_text
from costlib.sources.native import NativeColumns, literal

#: Columns after the first, which names the vendor and holds the day.
COLUMNS: Final = (
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    BILLED,
    "SkuId",
    "SkuMeter",
    "ConsumedQuantity",
    "ConsumedUnit",
    "SubAccountId",
    "ResourceId",
    "ServiceTier",
    "LineItemType",
    "Tags",
)
METRIC_COLUMNS: Final = ("day", "metric", "model", "value", "unit")
LINE, PART = "cost line", "part of a cost line by tokens of the key"
_TEXTS: Final = ("BillingAccountId", "BillingAccountName", "BillingCurrency", "SkuId", "SkuMeter", "ConsumedUnit",
                 "SubAccountId", "ResourceId")  # fmt: skip


def vendor_source(kind: str, provider: str, day: str) -> Source:
    """The source of one vendor's tables; ``day`` is their first column."""

    def mapping(columns: NativeColumns) -> Mapped:
        cost, start = columns.number(BILLED), columns.time(day)
        return {
            **{name: columns.text(name) for name in _TEXTS},
            BILLED: cost,
            EFFECTIVE: cost,
            "ChargePeriodStart": start,
            "BillingPeriodStart": f"DATE_TRUNC('month', {start})",
            "ServiceProviderName": literal(provider),
            "InvoiceIssuerName": literal(provider),
            "ServiceCategory": "'AI and Machine Learning'",
            "ServiceName": literal(f"{provider} API"),
            "ChargeCategory": f"CASE WHEN {cost} < 0 THEN 'Adjustment' ELSE 'Usage' END",
            "ChargeFrequency": "'Usage-Based'",
            "ConsumedQuantity": columns.number("ConsumedQuantity"),
            "SubAccountName": columns.text("SubAccountId"),
            "ResourceType": f"CASE WHEN {columns.text('ResourceId')} IS NOT NULL THEN 'API key' END",
            "x_Operation": columns.text("ServiceTier"),
            "x_LineItemType": columns.text("LineItemType"),
            "Tags": columns.tags("Tags"),
        }

    return Source(
        type=kind,
        title=f"{provider}'s cost and usage API",
        recognises=lambda columns: columns.has(day) and columns.has(BILLED),
        mapping=mapping,
        required=tuple((name,) for name in (day, "BillingAccountId", "BillingCurrency", BILLED)),
        invoice=lambda columns: columns.number(BILLED),
        finer=lambda columns: dict.fromkeys((BILLED, EFFECTIVE), columns.finer(BILLED)),
        grain="day, meter, project and API key",
    )


def write_charges(path: Path, day: str, account: tuple[str, str | None], charges: Iterable[Charge]) -> None:
    """Write a month's table; ``day`` names its first column, ``account`` is the organisation's id and name."""
    write_text(path, _csv((day, *COLUMNS), (_row(account, charge) for charge in charges)))


def _row(account: tuple[str, str | None], charge: Charge) -> list[str]:
    line = charge.line
    counts_tokens = line.kind is not None or charge.tokens is not None
    unit = "Tokens" if counts_tokens else line.unit or ""
    quantity = charge.tokens if counts_tokens else line.quantity if line.unit else None
    return [
        line.day.isoformat(),
        account[0],
        account[1] or "",
        line.currency,
        exact(charge.amount) or "",
        line.label,
        line.kind or line.label,
        exact(quantity) or "",
        unit,
        line.project or "",
        charge.key or "",
        line.tier or "",
        PART if charge.is_part else LINE,
        json.dumps({"model": line.model}) if line.model else "",
    ]


def write_counts(path: Path, uses: Iterable[Use]) -> None:
    """Write a month's tokens by kind, and requests, by day and model, as a file of metrics."""
    write_text(path, _csv(METRIC_COLUMNS, _counts(uses)))


def _counts(uses: Iterable[Use]) -> Iterator[list[str]]:
    sums: defaultdict[tuple[date, str, str], int] = defaultdict(int)
    for use in uses:
        sums[use.day, use.kind, use.model or ""] += use.amount
    for (day, kind, model), amount in sorted(sums.items()):
        yield [day.isoformat(), kind.lower(), model, str(amount), "tokens" if "token" in kind.lower() else ""]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
