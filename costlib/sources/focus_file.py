"""FOCUS 1.0 to 1.4 from any provider, as CSV, gzip CSV or Parquet.

Columns pass through under the names of 1.4; names of earlier versions and drifting spellings are absorbed
(``costlib.focus.ALIASES``). Specification: https://focus.finops.org, versions 1.0 (June 2024) to 1.4 (June 2026).
"""

from __future__ import annotations

from costlib.focus import ALIASES, BASE_TEXTS, COST_MEASURES, QUANTITIES, TAGS, TIMES
from costlib.sources.base import Mapped, Source
from costlib.sources.native import NativeColumns

_SIGNS = ("BilledCost", "ChargePeriodStart", "BillingPeriodStart", "ChargeCategory")
_REQUIRED = (
    "BilledCost",
    "EffectiveCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargePeriodStart",
    "ChargeCategory",
    "ServiceName",
)


def spellings(column: str) -> tuple[str, ...]:
    """The column's name in FOCUS 1.4 and before it."""
    return (column, *ALIASES.get(column, ()))


def _recognises(columns: NativeColumns) -> bool:
    return sum(columns.has(*spellings(sign)) for sign in _SIGNS) >= 3


def _mapping(columns: NativeColumns) -> Mapped:
    instance_type = (columns.text("x_InstanceType"), columns.entry(["SkuPriceDetails"], "InstanceType"))
    return {
        **{name: columns.number(*spellings(name)) for name in (*COST_MEASURES, *QUANTITIES)},
        **{name: columns.time(*spellings(name)) for name in TIMES},
        **{name: columns.first_text(*spellings(name)) for name in BASE_TEXTS},
        TAGS: columns.tags(TAGS),
        "x_InstanceType": f"COALESCE({', '.join(instance_type)})",
    }


SOURCE = Source(
    type="focus",
    title="FOCUS file",
    recognises=_recognises,
    mapping=_mapping,
    required=tuple(spellings(name) for name in _REQUIRED),
    invoice=lambda columns: columns.number("BilledCost"),
)
