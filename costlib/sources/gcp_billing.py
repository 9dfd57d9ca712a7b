"""Google Cloud's billing export to BigQuery, standard and detailed, as extracts in Parquet or JSON.

* Credits are nested in the row that they are for and are netted there, once: billed cost is cost and credits.
* The billing period is the invoice's month (Pacific time), the usage day is UTC: late use of August may be billed in
  September. Extracts are therefore to hold whole invoice months; a load replaces (account, invoice month).
* Google does not amortise commitments in this export: effective cost is the billed one. List cost is known where the
  export has ``cost_at_list``; contracted cost is the cost before credits.
* Labels keep their keys; those of the project, tags and Google's own labels get ``project/``, ``tag/``, ``system/``
  before theirs. Names of keys are Google's: small letters, digits, ``_`` and ``-``.
* Amounts that BigQuery calls FLOAT64 are read as the shortest decimal of the double; NUMERIC ones to the last digit.

Mapping: Google's FOCUS view of the export (March 2024) but for what differs from the specification: charge
categories in FOCUS's words, the project as sub-account, the end of the period exclusive.
"""

from __future__ import annotations

from costlib.sources.base import Mapped, Source
from costlib.sources.gcp_columns import LINE_ITEMS, MACHINE, credit, credit_types, invoice_month, system_label, tags
from costlib.sources.native import NativeColumns, literals, name_of

#: FOCUS service categories by Google's service; what is not listed here stays unknown.
_SERVICES = {
    "AI and Machine Learning": (
        "Vertex AI",
        "Cloud Machine Learning Engine",
        "Gemini API",
        "Cloud Natural Language",
        "Cloud Speech API",
        "Cloud Vision API",
        "Translate",
    ),
    "Analytics": ("BigQuery", "BigQuery Reservation API", "Cloud Dataflow", "Cloud Dataproc", "Cloud Pub/Sub"),
    "Compute": ("Compute Engine", "Kubernetes Engine", "Cloud Run", "Cloud Run Functions", "App Engine"),
    "Databases": ("Cloud SQL", "Cloud Spanner", "Cloud Bigtable", "Cloud Firestore", "Cloud Memorystore for Redis"),
    "Management and Governance": ("Cloud Logging", "Cloud Monitoring", "Stackdriver Logging", "Support"),
    "Networking": ("Networking", "Cloud DNS", "Cloud Load Balancing"),
    "Security": ("Cloud Key Management Service (KMS)", "Secret Manager", "Security Command Center"),
    "Storage": ("Cloud Storage", "Cloud Filestore", "Artifact Registry"),
}
_SIGNS = ("billing_account_id", "invoice", "usage_start_time", "sku", "cost_type")


def _recognises(columns: NativeColumns) -> bool:
    signs = sum(columns.has(sign) for sign in _SIGNS)
    return columns.has("billing_account_id") and signs >= 4 and not columns.has(LINE_ITEMS)


def _billed(columns: NativeColumns) -> str:
    return f"{columns.number('cost')} + {columns.read('credits', credit(columns), 'a list of credits with amounts')}"


def _mapping(columns: NativeColumns) -> Mapped:
    return {**_money(columns), **_charge(columns), **_what(columns)}


def _money(columns: NativeColumns) -> Mapped:
    regular = f"{columns.text('cost_type')} = 'regular'"
    return {
        "BilledCost": _billed(columns),
        "EffectiveCost": _billed(columns),
        "ListCost": columns.number("cost_at_list"),
        "ContractedCost": columns.number("cost"),
        "ConsumedQuantity": f"CASE WHEN {regular} THEN {columns.field_number('usage.amount')} END",
        "ConsumedUnit": f"CASE WHEN {regular} THEN {columns.field('usage.unit')} END",
        "PricingQuantity": columns.field_number("usage.amount_in_pricing_units"),
        "PricingUnit": columns.field("usage.pricing_unit"),
        "BillingCurrency": columns.text("currency"),
    }


def _charge(columns: NativeColumns) -> Mapped:
    kind, meter = columns.text("cost_type"), columns.field("sku.description")
    commitment = f"COALESCE({meter} LIKE 'Commitment%', FALSE)"
    regular = f"{kind} = 'regular'"
    covered = (
        f"COALESCE(LEN(LIST_FILTER({credit_types(columns)}, lambda t: t LIKE 'COMMITTED_USAGE_DISCOUNT%')) > 0, FALSE)"
    )
    corrected = " OR ".join(
        f"{columns.field(f'adjustment_info.{name}')} IS NOT NULL" for name in ("id", "mode", "type")
    )
    return {
        "ChargePeriodStart": columns.time("usage_start_time"),
        "BillingPeriodStart": invoice_month(columns),
        "ChargeCategory": f"CASE WHEN {commitment} AND {regular} THEN 'Purchase' ELSE "
        f"{name_of(kind, {'Usage': ('regular',), 'Tax': ('tax',)}, otherwise=_adjusted(kind))} END",
        "ChargeClass": f"CASE WHEN {corrected} THEN 'Correction' END",
        "ChargeFrequency": f"CASE WHEN {commitment} THEN 'Recurring' WHEN {regular} THEN 'Usage-Based' "
        "ELSE 'One-Time' END",
        "PricingCategory": f"CASE WHEN {kind} <> 'regular' OR {kind} IS NULL THEN NULL "
        f"WHEN {commitment} OR {covered} THEN 'Committed' "
        f"WHEN {meter} LIKE 'Spot Preemptible%' OR {meter} LIKE 'Preemptible%' THEN 'Dynamic' ELSE 'Standard' END",
        "CommitmentDiscountId": columns.field("subscription.instance_id"),
        "CommitmentDiscountStatus": f"CASE WHEN {covered} THEN 'Used' END",
        "CommitmentDiscountType": f"CASE WHEN {commitment} OR {covered} THEN 'Committed Use Discount' END",
        "x_LineItemType": kind,
    }


def _adjusted(kind: str) -> str:
    """Adjustment for Google's words for it; another word is shown as it is, none stays unknown."""
    return f"CASE WHEN {kind} IN {literals(('adjustment', 'rounding_error'))} THEN 'Adjustment' ELSE {kind} END"


def _what(columns: NativeColumns) -> Mapped:
    service = columns.field("service.description")
    return {
        "BillingAccountId": columns.text("billing_account_id"),
        "SubAccountId": columns.field("project.id"),
        "SubAccountName": f"COALESCE({columns.field('project.name')}, {columns.field('project.id')})",
        "InvoiceIssuerName": "'Google Cloud'",
        "ServiceProviderName": f"CASE WHEN {columns.text('transaction_type')} <> 'GOOGLE' "
        f"THEN COALESCE({columns.text('seller_name')}, 'Google Cloud') ELSE 'Google Cloud' END",
        "ServiceCategory": name_of(service, _SERVICES, otherwise="NULL"),
        "ServiceName": service,
        "RegionId": f"COALESCE({columns.field('location.region')}, {columns.field('location.location')})",
        "ResourceId": columns.field("resource.global_name"),
        "ResourceName": columns.field("resource.name"),
        "SkuId": columns.field("sku.id"),
        "SkuMeter": columns.field("sku.description"),
        "Tags": tags(columns),
        "x_InstanceType": system_label(columns, MACHINE),
    }


SOURCE = Source(
    type="gcp-billing",
    title="Google Cloud billing export",
    recognises=_recognises,
    mapping=_mapping,
    required=(
        ("billing_account_id",),
        ("invoice",),
        ("cost",),
        ("currency",),
        ("usage_start_time",),
        ("cost_type",),
        ("service",),
        ("credits",),
    ),
    invoice=_billed,
)
