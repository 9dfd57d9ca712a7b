"""FOCUS 1.0 to 1.4 from any provider, as CSV, gzip CSV or Parquet.

Columns pass through under the names of 1.4; names of earlier versions and drifting spellings are absorbed
(``costlib.focus.ALIASES``). A billing period that begins at midnight of the biller's own time zone keeps its month,
whether the moment is written with that zone or in UTC; days of use are UTC days. Specification:
https://focus.finops.org, versions 1.0 (June 2024) to 1.4 (June 2026).
"""

from __future__ import annotations

from costlib.focus import ALIASES, BASE_TEXTS, COST_MEASURES, DAY, MONTH, QUANTITIES, TAGS
from costlib.sources.base import Mapped, Source
from costlib.sources.native import NativeColumns, literal

_SIGNS = ("BilledCost", "ChargePeriodStart", "BillingPeriodStart", "ChargeCategory")
#: AWS (g5.4xlarge, ml.p4d.24xlarge) and Azure (Standard_NC24ads_A100_v4) machine names.
_INSTANCE_TYPE = r"\b((?:ml\.)?[a-z][a-z0-9-]*\.(?:[0-9]*x?large|metal[a-z0-9-]*)|Standard_[A-Za-z0-9_]+)\b"
#: The hours by which the first zone is ahead of UTC: so much earlier the first of a month may have begun.
_AHEAD = 14
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


def _instance_type(description: str) -> str:
    """The machine that a charge's description names: before FOCUS 1.1 there is no other place for it."""
    named = f"REGEXP_EXTRACT({description}, {literal(_INSTANCE_TYPE)}, 1)"
    likely = " OR ".join(f"{description} LIKE {literal(sign)}" for sign in ("%large%", "%.metal%", "%Standard_%"))
    return f"CASE WHEN {likely} THEN NULLIF({named}, '') END"


def _first_day(start: str) -> str:
    """The day on which a billing period from this moment on began where it was midnight then; its month is kept."""
    return f"CAST({start} + INTERVAL {_AHEAD} HOUR AS DATE)"


def _end(columns: NativeColumns) -> str:
    """The moment at which a charge's period ends, itself not included."""
    return columns.time("ChargePeriodEnd")


def _mapping(columns: NativeColumns) -> Mapped:
    described = _instance_type(columns.text("ChargeDescription"))
    instance_type = (columns.text("x_InstanceType"), columns.entry(["SkuPriceDetails"], "InstanceType"), described)
    return {
        **{name: columns.number(*spellings(name)) for name in (*COST_MEASURES, *QUANTITIES)},
        DAY: columns.time(*spellings(DAY)),
        MONTH: _first_day(columns.time(*spellings(MONTH), first=True)),
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
    ends=_end,
)
