"""Line items of an AWS Cost and Usage Report as FOCUS columns: what CUR 2.0 and the legacy report have in common.

The two name the same columns ``line_item_unblended_cost`` and ``lineItem/UnblendedCost``, which ``NativeColumns`` reads
alike. FOCUS columns follow AWS's own FOCUS dictionary where it is right and the specification where it is not:

* Savings Plans: covered usage and its negation are billed 0 (they cancel on the invoice); the covered usage
  carries the effective cost, the recurring fee only the part of the commitment that nobody used.
* Reserved instances: covered usage carries the effective cost, the fee only its unused part.
* List and contracted cost stand on the usage, so fees of commitments carry 0: the columns can be summed. The
  contracted cost of reserved usage is not in the report and stays unknown.
* ``net_`` columns (after negotiated discounts) are read for billed and effective cost together, or for neither.
* Blended cost is an organisation's average and is never read.
* Split cost allocation (``split_line_item_`` columns): a row of a task or pod on EC2 names its instance
  and restates part of its amortised cost (split cost) and of what nobody used of it (unused cost); it carries no cost
  of its own. The instance's line items are replaced by these parts (``store.containers``). A row that does carry a
  cost is a line item like others; on Fargate, where there is no instance, tasks and pods are.

Split columns: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-split-line-item.html (read
2026-07).
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib.sources.base import Mapped
from costlib.sources.native import NativeColumns, literal, literals, name_of

_SP_USAGE, _SP_NEGATION, _SP_FEE, _SP_UPFRONT = (
    "SavingsPlanCoveredUsage",
    "SavingsPlanNegation",
    "SavingsPlanRecurringFee",
    "SavingsPlanUpfrontFee",
)
_RI_USAGE, _RI_FEE = "DiscountedUsage", "RIFee"
_PARENT = "split_line_item_parent_resource_id"

_MEASURED = ("Usage", _SP_USAGE, _RI_USAGE)
_CATEGORIES = {
    "Usage": (*_MEASURED, _SP_NEGATION, "EdpDiscount", "PrivateRateDiscount", "BundledDiscount"),
    "Purchase": ("Fee", _RI_FEE, _SP_FEE, _SP_UPFRONT),
    "Tax": ("Tax",),
    "Credit": ("Credit",),
}

_SIGNS = (
    "line_item_line_item_type",
    "line_item_usage_start_date",
    "line_item_unblended_cost",
    "bill_payer_account_id",
)
#: What the versions name differently: the product's name, its region, the tags and the instance type.
OWN = ("ServiceName", "RegionId", "Tags", "x_InstanceType")

#: FOCUS service categories by product code; what is not listed here stays unknown.
_SERVICE_CATEGORIES = {
    "AI and Machine Learning": (
        "AmazonSageMaker",
        "AmazonBedrock",
        "AmazonComprehend",
        "AmazonTextract",
        "AmazonRekognition",
    ),
    "Analytics": ("AWSGlue", "ElasticMapReduce", "AmazonAthena", "AmazonKinesis", "AmazonRedshift"),
    "Compute": ("AmazonEC2", "AWSLambda", "AmazonECS", "AmazonEKS", "ComputeSavingsPlans"),
    "Databases": ("AmazonRDS", "AmazonDynamoDB", "AmazonElastiCache"),
    "Management and Governance": ("AmazonCloudWatch", "AWSSupportBusiness", "AWSSupportEnterprise", "AWSCloudTrail"),
    "Networking": ("AmazonVPC", "AWSDataTransfer", "AmazonCloudFront", "AWSELB", "AmazonRoute53"),
    "Storage": ("AmazonS3", "AmazonEFS", "AmazonFSx", "AmazonECR"),
}


def mapped(columns: NativeColumns, own: Mapped) -> Mapped:
    """The FOCUS columns that both versions know alike, and ``own``: the names of ``OWN``, as the version reads them."""
    kind = columns.text("line_item_line_item_type")
    return {
        **_costs(columns, kind),
        **_quantities(columns, kind),
        **_bill(columns),
        **_charge(columns, kind),
        **_what(columns, own),
    }


def invoice(columns: NativeColumns) -> str:
    """What adds up to the invoice: the unblended cost, net of negotiated discounts where the report has them."""
    return _netted(columns, ["line_item_unblended_cost"], ["line_item_net_unblended_cost"])


def usage_end(columns: NativeColumns) -> str:
    """The moment at which a line item's time interval ends: an hour, a day or, in a monthly report, a month after."""
    return columns.time("line_item_usage_end_date")


def apart(columns: NativeColumns) -> str:
    """The rows of split cost allocation, which restate cost of their instance; '' where the report has none."""
    if not columns.has(_PARENT):
        return ""
    return f"{columns.text(_PARENT)} IS NOT NULL AND COALESCE({invoice(columns)}, 0) = 0"


def parts(columns: NativeColumns) -> Mapped:
    """Parent and weights of split rows, and the line items that they divide: an instance running, whatever the price.

    Traffic, disks and CPU credits of the instance stay with it: split cost is the cost of running.
    """
    if not columns.has(_PARENT):
        return {}
    kind, meter = columns.text("line_item_line_item_type"), columns.text("line_item_usage_type")
    return {
        "x_Parent": columns.text(_PARENT),
        "x_Weight": _net_or_gross(columns, "split_line_item_net_split_cost", "split_line_item_split_cost"),
        "x_UnusedWeight": _net_or_gross(columns, "split_line_item_net_unused_cost", "split_line_item_unused_cost"),
        "x_Divisible": f"COALESCE({kind} IN {literals(_MEASURED)} AND {columns.text(_PARENT)} IS NULL "
        f"AND {columns.text('line_item_product_code')} = 'AmazonEC2' "
        f"AND {columns.text('line_item_operation')} LIKE 'RunInstances%' AND {meter} NOT LIKE '%CPUCredits%', FALSE)",
    }


def _net_or_gross(columns: NativeColumns, net: str, gross: str) -> str:
    return f"COALESCE({columns.number(net)}, {columns.number(gross)}, 0)"


def is_legacy(columns: NativeColumns) -> bool:
    """Whether facts and tags have a column each, as before CUR 2.0, which keeps them in maps."""
    maps = columns.has("product", "resource_tags")
    return not maps and (any("/" in name for name in columns.names) or columns.has("product_product_name"))


def looks_like_line_items(columns: NativeColumns) -> bool:
    """Whether the columns are those of a Cost and Usage Report, whatever its version and even if one is missing."""
    return sum(columns.has(sign) for sign in _SIGNS) >= 3


def _costs(columns: NativeColumns, kind: str) -> Mapped:
    paid = invoice(columns)
    listed = columns.number("pricing_public_on_demand_cost")
    sp_cost, ri_cost, ri_unused = (_netted(columns, *names) for names in _EFFECTIVE)
    commitment = columns.number("savings_plan_total_commitment_to_date")
    used = columns.number("savings_plan_used_commitment")
    fees = f"{kind} IN {literals((_SP_NEGATION, _SP_FEE, _SP_UPFRONT, _RI_FEE))}"
    reserved_fee = (
        f"{kind} = 'Fee' AND {columns.text('reservation_reservation_a_r_n', 'reservation_reservation_arn')} IS NOT NULL"
    )
    return {
        "BilledCost": f"CASE WHEN {kind} IN {literals((_SP_USAGE, _SP_NEGATION))} THEN 0 ELSE {paid} END",
        "EffectiveCost": f"CASE {kind} WHEN {literal(_SP_USAGE)} THEN {sp_cost} "
        f"WHEN {literal(_SP_FEE)} THEN {commitment} - {used} "
        f"WHEN {literal(_RI_USAGE)} THEN {ri_cost} WHEN {literal(_RI_FEE)} THEN {ri_unused} "
        f"WHEN {literal(_SP_NEGATION)} THEN 0 WHEN {literal(_SP_UPFRONT)} THEN 0 "
        f"ELSE CASE WHEN {reserved_fee} THEN 0 ELSE {paid} END END",
        "ListCost": f"CASE WHEN {kind} IN {literals(_MEASURED)} THEN {listed} "
        f"WHEN {fees} OR {reserved_fee} THEN 0 ELSE {paid} END",
        "ContractedCost": f"CASE WHEN {kind} = {literal(_RI_USAGE)} THEN NULL "
        f"WHEN {fees} OR {reserved_fee} THEN 0 ELSE {paid} END",
    }


#: Effective cost columns: each a group of columns that are added up, without and with negotiated discounts.
_EFFECTIVE = (
    (("savings_plan_savings_plan_effective_cost",), ("savings_plan_net_savings_plan_effective_cost",)),
    (("reservation_effective_cost",), ("reservation_net_effective_cost",)),
    (
        ("reservation_unused_amortized_upfront_fee_for_billing_period", "reservation_unused_recurring_fee"),
        ("reservation_net_unused_amortized_upfront_fee_for_billing_period", "reservation_net_unused_recurring_fee"),
    ),
)


def _has_net(columns: NativeColumns) -> bool:
    """Whether every cost column that the report has comes with its net twin."""
    pairs = [(gross, net) for grosses, nets in _EFFECTIVE for gross, net in zip(grosses, nets, strict=True)]
    return columns.has("line_item_net_unblended_cost") and all(
        columns.has(net) for gross, net in pairs if columns.has(gross)
    )


def _netted(columns: NativeColumns, grosses: Sequence[str], nets: Sequence[str]) -> str:
    def cost(gross: str, net: str) -> str:
        return (
            f"COALESCE({columns.number(net)}, {columns.number(gross)})" if _has_net(columns) else columns.number(gross)
        )

    return " + ".join(cost(gross, net) for gross, net in zip(grosses, nets, strict=True))


def _quantities(columns: NativeColumns, kind: str) -> Mapped:
    amount, unit = columns.number("line_item_usage_amount"), columns.text("pricing_unit")
    measured = f"{kind} IN {literals(_MEASURED)}"
    return {
        "ConsumedQuantity": f"CASE WHEN {measured} THEN {amount} END",
        "ConsumedUnit": f"CASE WHEN {measured} THEN {unit} END",
        "PricingQuantity": amount,
        "PricingUnit": unit,
    }


def _bill(columns: NativeColumns) -> Mapped:
    entity = columns.text("bill_billing_entity")
    seller = f"COALESCE({columns.text('line_item_legal_entity')}, {entity})"
    refund = f"'Refund' IN ({columns.text('line_item_line_item_type')}, {columns.text('bill_bill_type')})"
    return {
        "ChargePeriodStart": columns.time("line_item_usage_start_date"),
        "BillingPeriodStart": columns.time("bill_billing_period_start_date"),
        "BillingAccountId": columns.text("bill_payer_account_id"),
        "BillingAccountName": columns.text("bill_payer_account_name"),
        "SubAccountId": columns.text("line_item_usage_account_id"),
        "SubAccountName": columns.first_text("line_item_usage_account_name", "line_item_usage_account_id"),
        "BillingCurrency": columns.text("line_item_currency_code"),
        "InvoiceId": columns.text("bill_invoice_id"),
        "InvoiceIssuerName": columns.text("bill_invoicing_entity"),
        "ServiceProviderName": f"CASE WHEN {entity} = 'AWS' THEN 'AWS' ELSE {seller} END",
        "ChargeClass": f"CASE WHEN {refund} THEN 'Correction' END",
    }


def _charge(columns: NativeColumns, kind: str) -> Mapped:
    fee = f"{kind} IN {literals((_SP_FEE, _RI_FEE))}"
    option = columns.text("pricing_purchase_option", "pricing_term")
    spot = f"({option} = 'Spot' OR {columns.text('line_item_usage_type')} LIKE '%SpotUsage%')"
    covered = f"{kind} IN {literals((_SP_USAGE, _RI_USAGE))}"
    return {
        "ChargeCategory": name_of(kind, _CATEGORIES, otherwise="'Adjustment'"),
        "ChargeFrequency": f"CASE WHEN {fee} THEN 'Recurring' WHEN {kind} IN {literals(_MEASURED)} THEN 'Usage-Based' "
        f"WHEN {kind} IS NOT NULL THEN 'One-Time' END",
        "PricingCategory": f"CASE WHEN {kind} NOT IN {literals(_MEASURED)} THEN NULL WHEN {covered} THEN 'Committed' "
        f"WHEN {spot} THEN 'Dynamic' ELSE 'Standard' END",
        "CommitmentDiscountId": columns.first_text(
            "savings_plan_savings_plan_a_r_n",
            "savings_plan_savings_plan_arn",
            "reservation_reservation_a_r_n",
            "reservation_reservation_arn",
        ),
        "CommitmentDiscountStatus": f"CASE WHEN {covered} THEN 'Used' WHEN {fee} THEN 'Unused' END",
        "CommitmentDiscountType": f"CASE WHEN {kind} LIKE 'SavingsPlan%' THEN 'Savings Plan' "
        f"WHEN {kind} IN {literals((_RI_USAGE, _RI_FEE))} THEN 'Reserved Instance' END",
    }


def _what(columns: NativeColumns, own: Mapped) -> Mapped:
    code = columns.text("line_item_product_code")
    return {
        "ServiceCategory": name_of(code, _SERVICE_CATEGORIES, otherwise="NULL"),
        "ServiceName": f"COALESCE({own['ServiceName']}, {code})",
        "RegionId": own["RegionId"],
        "ResourceId": columns.text("line_item_resource_id"),
        "SkuId": columns.text("product_sku"),
        "SkuMeter": columns.text("line_item_usage_type"),
        "Tags": own["Tags"],
        "x_InstanceType": own["x_InstanceType"],
        "x_LineItemType": columns.text("line_item_line_item_type"),
        "x_Operation": columns.text("line_item_operation"),
    }
