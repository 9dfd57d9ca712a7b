"""AWS Cost Explorer: cost by day and at most two keys, as the table that ``cost_explorer_api`` makes of its answers.

Coarser than any bill: no resources, no meters but where they are asked for, no quantities. Billed cost is the unblended
cost, effective cost the amortised one, both net of negotiated discounts where both are there. List and contracted cost
are not known. The billing month is the month of the day. Unless ``RECORD_TYPE`` is one of the keys the answer does not
tell usage from credits and fees, which then count as usage; tax is told by its service.

API: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html (read 2026-11).
"""

from __future__ import annotations

from typing import Final

from costlib.sources.base import Mapped, Source
from costlib.sources.native import NativeColumns, literal, name_of

TYPE: Final = "aws-cost-explorer"
DAY, ACCOUNT, CURRENCY, ESTIMATED = "CostExplorerDay", "CostExplorerAccount", "Currency", "Estimated"
UNBLENDED, AMORTISED = "UnblendedCost", "AmortizedCost"
NET_UNBLENDED, NET_AMORTISED = "NetUnblendedCost", "NetAmortizedCost"
METRICS: Final = (UNBLENDED, AMORTISED, NET_UNBLENDED, NET_AMORTISED)
#: The name of the linked account, beside its number.
ACCOUNT_NAME: Final = "LinkedAccountName"
TAG: Final = "TAG:"

#: The keys that can be asked for, and the columns that they become; besides, tags.
KEYS: Final = {
    "SERVICE": "ServiceName",
    "LINKED_ACCOUNT": "SubAccountId",
    "REGION": "RegionId",
    "USAGE_TYPE": "SkuMeter",
    "OPERATION": "x_Operation",
    "INSTANCE_TYPE": "x_InstanceType",
    "RECORD_TYPE": "x_LineItemType",
}
#: How Cost Explorer writes that there is none.
_NONE = ("NoRegion", "NoInstanceType", "NoOperation", "NoUsageType")
#: Record types without blanks, by charge category.
_CATEGORIES = {
    "Usage": ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"),
    "Purchase": ("Fee", "RIFee", "Recurringreservationfee", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee"),
    "Tax": ("Tax",),
    "Credit": ("Credit",),
}


def _recognises(columns: NativeColumns) -> bool:
    return columns.has(DAY) and columns.has(UNBLENDED)


def _cost(columns: NativeColumns, gross: str, net: str) -> str:
    """Net where both costs are there net, so that billed and effective cost are of one kind in every row."""
    both = " AND ".join(f"{columns.text(name)} IS NOT NULL" for name in (NET_UNBLENDED, NET_AMORTISED))
    return f"CASE WHEN {both} THEN {columns.number(net)} ELSE {columns.number(gross)} END"


def _category(columns: NativeColumns) -> str:
    if columns.has("RECORD_TYPE"):
        kind = f"REPLACE({columns.text('RECORD_TYPE')}, ' ', '')"
        return name_of(kind, _CATEGORIES, otherwise="'Adjustment'")
    return f"CASE WHEN {columns.text('SERVICE')} = 'Tax' THEN 'Tax' ELSE 'Usage' END"


def _key(columns: NativeColumns, name: str) -> str:
    text = columns.text(name)
    return f"CASE WHEN {text} NOT IN ({', '.join(map(literal, _NONE))}) THEN {text} END"


def _tags(columns: NativeColumns) -> str:
    """The tags asked for as JSON; a tag that a row does not have is left out."""
    names = [name for name in columns.names if name.startswith(TAG)]
    if not names:
        return "NULL::VARCHAR"
    known = " OR ".join(f"{columns.text(name)} IS NOT NULL" for name in names)
    pairs = ", ".join(f"{literal(name.removeprefix(TAG))}: {columns.text(name)}" for name in names)
    document = f"CAST(json_merge_patch('{{}}', to_json({{{pairs}}})) AS VARCHAR)"
    return f"CASE WHEN {known} THEN {document} END"


def _mapping(columns: NativeColumns) -> Mapped:
    day = columns.time(DAY)
    keys = {column: _key(columns, name) for name, column in KEYS.items()}
    return {
        **keys,
        "SubAccountName": columns.first_text(ACCOUNT_NAME, "LINKED_ACCOUNT"),
        "BilledCost": _cost(columns, UNBLENDED, NET_UNBLENDED),
        "EffectiveCost": _cost(columns, AMORTISED, NET_AMORTISED),
        "ChargePeriodStart": day,
        "BillingPeriodStart": f"DATE_TRUNC('month', {day})",
        "BillingAccountId": columns.text(ACCOUNT),
        "BillingCurrency": columns.text(CURRENCY),
        "ServiceProviderName": "'AWS'",
        "InvoiceIssuerName": "NULL::VARCHAR",
        "ChargeCategory": _category(columns),
        "ChargeClass": f"CASE WHEN {columns.text('RECORD_TYPE')} = 'Refund' THEN 'Correction' END",
        "Tags": _tags(columns),
    }


SOURCE = Source(
    type=TYPE,
    title="AWS Cost Explorer",
    recognises=_recognises,
    mapping=_mapping,
    required=((DAY,), (ACCOUNT,), (CURRENCY,), (UNBLENDED,), (AMORTISED,)),
    invoice=lambda columns: _cost(columns, UNBLENDED, NET_UNBLENDED),
    grain="day and two keys",
)
