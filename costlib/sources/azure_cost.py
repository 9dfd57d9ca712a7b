"""Azure Cost Management exports of actual and amortised cost, EA and MCA, pay-as-you-go, as CSV or Parquet.

The two exports are two views of one bill and are loaded together; ``azure_views`` tells which file shows which:

* Amortised: every row. The use of a commitment and its unused rest are billed 0 and carry the effective cost.
* Actual beside amortised: purchases and refunds of reservations and savings plans, which are billed and of no effective
  cost. All other rows of it stand in the amortised export already and are told apart.
* Actual alone, account by account and month by month: every row. It is the invoice; the effective cost of what a
  commitment covers is not in it and stays unknown.
* Amortised alone: the effective cost is whole, the billed cost lacks what was paid for commitments.

Dates are month first (MM/DD/YYYY) or ISO 8601; ends are inclusive and not read. List cost is known under a Microsoft
Customer Agreement only. List and contracted cost stand on the usage, so commitments carry 0 of either: the columns can
be summed. Accounts are text.

Rules: FinOps toolkit, https://learn.microsoft.com/cloud-computing/finops/focus/convert (read 2026-04).
"""

from __future__ import annotations

from costlib import money
from costlib.sources import azure_columns as azure
from costlib.sources.azure_views import AMORTISED, look_into, place
from costlib.sources.base import Mapped, Source
from costlib.sources.native import NativeColumns, literal, literals, name_of

#: FOCUS service categories by meter category, then by service family; what is not listed here stays unknown.
_METERS = {
    "AI and Machine Learning": (
        "Azure Machine Learning",
        "Azure OpenAI",
        "Azure OpenAI Service",
        "Cognitive Services",
        "Azure AI services",
        "Foundry Models",
    ),
    "Analytics": ("Azure Databricks", "Azure Synapse Analytics", "Azure Data Factory", "HDInsight"),
    "Compute": ("Virtual Machines", "Virtual Machines Licenses", "Azure Kubernetes Service", "Functions"),
    "Databases": ("SQL Database", "SQL Managed Instance", "Azure Cosmos DB", "Azure Database for MySQL"),
    "Management and Governance": ("Log Analytics", "Azure Monitor", "Automation"),
    "Networking": ("Virtual Network", "Load Balancer", "Bandwidth", "VPN Gateway", "Content Delivery Network"),
    "Security": ("Advanced Threat Protection", "Microsoft Defender for Cloud", "Key Vault", "Sentinel"),
    "Storage": ("Storage", "Azure NetApp Files", "Backup"),
}
_FAMILIES = {
    "AI and Machine Learning": ("AI + Machine Learning",),
    "Analytics": ("Analytics",),
    "Compute": ("Compute", "Containers"),
    "Databases": ("Databases",),
    "Developer Tools": ("Developer Tools",),
    "Identity": ("Identity",),
    "Integration": ("Integration",),
    "Internet of Things": ("Internet of Things",),
    "Management and Governance": ("Management and Governance",),
    "Networking": ("Networking",),
    "Security": ("Security",),
    "Storage": ("Storage",),
    "Web": ("Web",),
}
_CATEGORIES = {
    "Usage": ("usage", "unusedreservation", "unusedsavingsplan"),
    "Purchase": ("purchase", "refund"),
    "Tax": ("tax",),
    "Credit": ("credit",),
}
_FREQUENCIES = {"One-Time": ("onetime",), "Recurring": ("recurring",), "Usage-Based": ("usagebased",)}


def _is_amortised(columns: NativeColumns) -> bool:
    return columns.view[:1] == (AMORTISED,)


def _costs(columns: NativeColumns, cost: str, listed: str, agreed: str) -> Mapped:
    """The cost measures from a row's cost, its list cost, and what it would cost at the agreed price."""
    covered, paid, unused = azure.covered(columns), azure.paid(columns), azure.unused(columns)
    unpriced = f"{paid} OR COALESCE({unused}, FALSE)"
    use = cost if _is_amortised(columns) else "NULL"
    return {
        "BilledCost": _invoice(columns, cost),
        "EffectiveCost": f"CASE WHEN {paid} THEN 0 WHEN {covered} THEN {use} ELSE {cost} END",
        "ListCost": f"CASE WHEN {unpriced} THEN 0 ELSE {listed} END" if columns.has(*azure.PAYG_COST) else "NULL",
        "ContractedCost": f"CASE WHEN {unpriced} THEN 0 WHEN {covered} THEN {agreed} ELSE {cost} END",
    }


def _invoice(columns: NativeColumns, cost: str) -> str:
    """What is invoiced of a row: all of its actual cost, and of its amortised cost what no commitment covers."""
    return f"CASE WHEN {azure.covered(columns)} THEN 0 ELSE {cost} END" if _is_amortised(columns) else cost


def _agreed(columns: NativeColumns) -> str:
    """Agreed price by quantity; unknown where the price may be for more than one unit."""
    price, quantity = columns.number(*azure.UNIT_PRICE), columns.number(*azure.QUANTITY)
    product = f"TRY_CAST({price} AS DECIMAL(16,12)) * TRY_CAST({quantity} AS DECIMAL(22,12))"
    single = f"{columns.text(*azure.UNIT)} LIKE '1 %'"
    return f"CASE WHEN {single} THEN TRY_CAST({product} AS {money.SQL_TYPE}) END"


def _finer(columns: NativeColumns) -> Mapped:
    return _costs(columns, columns.finer(*azure.COST), columns.finer(*azure.PAYG_COST), "0")


def _apart(columns: NativeColumns) -> str:
    """Rows of actual cost that the amortised export of the same account and month holds too."""
    places = ", ".join(literal(shown) for shown in columns.view[1:])
    return f"(NOT {azure.paid(columns)} AND COALESCE({place(columns)} IN ({places}), FALSE))" if places else "FALSE"


def _mapping(columns: NativeColumns) -> Mapped:
    cost, listed = columns.number(*azure.COST), columns.number(*azure.PAYG_COST)
    costs = _costs(columns, cost, listed, _agreed(columns))
    return {**costs, **_quantities(columns), **_bill(columns), **_charge(columns), **_what(columns)}


def _quantities(columns: NativeColumns) -> Mapped:
    quantity, unit = columns.number(*azure.QUANTITY), columns.text(*azure.UNIT)
    used = f"{azure.charge(columns)} = 'usage'"
    return {
        "ConsumedQuantity": f"CASE WHEN {used} THEN {quantity} END",
        "ConsumedUnit": f"CASE WHEN {used} THEN {unit} END",
        "PricingQuantity": quantity,
        "PricingUnit": unit,
    }


def _bill(columns: NativeColumns) -> Mapped:
    publisher, third_party = columns.text("PublisherName"), f"{columns.text('PublisherType')} = 'Marketplace'"
    return {
        "ChargePeriodStart": columns.time(*azure.DATE),
        "BillingPeriodStart": azure.month(columns),
        "BillingAccountId": azure.account(columns),
        "BillingAccountName": columns.text("BillingProfileName" if azure.by_profile(columns) else "BillingAccountName"),
        "SubAccountId": columns.text(*azure.SUBSCRIPTION),
        "SubAccountName": columns.first_text("SubscriptionName", *azure.SUBSCRIPTION),
        "BillingCurrency": columns.text(*azure.CURRENCY),
        "InvoiceId": columns.text("InvoiceId"),
        "InvoiceIssuerName": f"COALESCE({columns.text('PartnerName')}, 'Microsoft')",
        "ServiceProviderName": f"COALESCE(CASE WHEN {third_party} THEN {publisher} END, 'Microsoft')",
    }


def _charge(columns: NativeColumns) -> Mapped:
    kind, committed = azure.charge(columns), azure.committed(columns)
    benefit = columns.first_text(*azure.BENEFIT)
    used = f"{kind} IN {literals(_CATEGORIES['Usage'])}"
    savings_plan = (
        f"({kind} = 'unusedsavingsplan' OR LOWER({columns.text(*azure.PRICING_MODEL)}) LIKE 'savings%' "
        f"OR LOWER({benefit}) LIKE '%savingsplan%')"
    )
    return {
        "ChargeCategory": name_of(kind, _CATEGORIES, otherwise=f"CASE WHEN {kind} IS NOT NULL THEN 'Adjustment' END"),
        "ChargeClass": f"CASE WHEN {kind} = 'refund' THEN 'Correction' END",
        "ChargeFrequency": name_of(_word(columns, "Frequency"), _FREQUENCIES, otherwise="NULL"),
        "PricingCategory": f"CASE WHEN NOT COALESCE({used}, FALSE) THEN NULL WHEN {committed} THEN 'Committed' "
        f"WHEN {_word(columns, *azure.PRICING_MODEL)} = 'spot' THEN 'Dynamic' "
        f"WHEN {_word(columns, *azure.PRICING_MODEL)} = 'ondemand' THEN 'Standard' END",
        "CommitmentDiscountId": f"CASE WHEN {committed} THEN {benefit} END",
        "CommitmentDiscountStatus": f"CASE WHEN {kind} LIKE 'unused%' THEN 'Unused' "
        f"WHEN {committed} AND {used} THEN 'Used' END",
        "CommitmentDiscountType": f"CASE WHEN NOT {committed} THEN NULL WHEN {savings_plan} THEN 'Savings Plan' "
        f"ELSE 'Reservation' END",
    }


def _what(columns: NativeColumns) -> Mapped:
    meter, service = columns.text(*azure.METER), columns.first_text(*azure.METER, *azure.SERVICE)
    families = name_of(columns.text("ServiceFamily"), _FAMILIES, otherwise="NULL")
    details = columns.tags("AdditionalInfo")
    return {
        "ServiceCategory": name_of(meter, _METERS, otherwise=families),
        "ServiceName": service,
        "RegionId": f"REPLACE(LOWER({columns.first_text('ResourceLocation', 'Location')}), ' ', '')",
        "ResourceId": columns.text(*azure.RESOURCE),
        "ResourceName": columns.text("ResourceName"),
        "ResourceType": columns.text("ResourceType"),
        "SkuId": columns.first_text("ProductId", "PartNumber", "MeterId"),
        "SkuMeter": columns.text("MeterName"),
        "Tags": columns.tags("Tags"),
        "x_InstanceType": f"JSON_EXTRACT_STRING(TRY_CAST({details} AS JSON), '$.ServiceType')",
        "x_LineItemType": columns.text(*azure.CHARGE_TYPE),
        "x_Operation": columns.text(*azure.SERVICE),
    }


def _word(columns: NativeColumns, *names: str) -> str:
    return f"REPLACE(LOWER({columns.text(*names)}), ' ', '')"


SOURCE = Source(
    type="azure-cost",
    title="Azure export of actual or amortised cost",
    recognises=azure.looks_like_azure,
    mapping=_mapping,
    required=(
        azure.COST,
        azure.CURRENCY,
        azure.DATE,
        ("BillingAccountId", "BillingProfileId", *azure.BILLING_ACCOUNT[1:]),
        azure.METER,
    ),
    invoice=lambda columns: _invoice(columns, columns.number(*azure.COST)),
    look_into=look_into,
    apart=_apart,
    finer=_finer,
)
