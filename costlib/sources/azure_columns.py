"""The columns of an Azure cost export through its variants: EA, MCA, pay-as-you-go, localised headers, earlier names.

Expressions are null where the export does not say. Column reference (read 2026-06):
https://learn.microsoft.com/azure/cost-management-billing/automate/understand-usage-details-fields
"""

from __future__ import annotations

from typing import Final

from costlib.sources.native import NativeColumns, literals

#: Names of one column, the first that an export has is read.
COST: Final = ("CostInBillingCurrency", "Cost", "PreTaxCost")
CURRENCY: Final = ("BillingCurrency", "BillingCurrencyCode", "Currency", "CurrencyCode")
DATE: Final = ("Date", "UsageDateTime", "UsageDate")
PERIOD: Final = ("BillingPeriodStartDate",)
SUBSCRIPTION: Final = ("SubscriptionId", "SubscriptionGuid")
#: EA names the enrolment; pay-as-you-go has no account above the subscription.
BILLING_ACCOUNT: Final = ("BillingAccountId", "EnrollmentNumber", *SUBSCRIPTION)
RESOURCE: Final = ("ResourceId", "InstanceId", "InstanceName")
METER: Final = ("MeterCategory",)
SERVICE: Final = ("ConsumedService",)
CHARGE_TYPE: Final = ("ChargeType",)
PRICING_MODEL: Final = ("PricingModel",)
QUANTITY: Final = ("Quantity", "UsageQuantity")
UNIT_PRICE: Final = ("UnitPrice",)
EFFECTIVE_PRICE: Final = ("EffectivePrice", "ResourceRate")
UNIT: Final = ("UnitOfMeasure",)
BENEFIT: Final = ("BenefitId", "ReservationId")
PAYG_COST: Final = ("PaygCostInBillingCurrency",)

#: Every column read as a number.
NUMBERS: Final = (COST, QUANTITY, UNIT_PRICE, EFFECTIVE_PRICE, PAYG_COST)
_SIGNS: Final = (COST, DATE, SUBSCRIPTION, RESOURCE, METER, SERVICE)
_UNUSED: Final = ("unusedreservation", "unusedsavingsplan")
_PAID: Final = ("purchase", "refund")


def looks_like_azure(columns: NativeColumns) -> bool:
    """Whether the columns are those of an Azure cost export, of any variant and even if some are missing."""
    return columns.has(*METER, *SERVICE) and sum(columns.has(*names) for names in _SIGNS) >= 4


def by_profile(columns: NativeColumns) -> bool:
    """Whether the export is of a Microsoft Customer Agreement, where a billing profile gets the invoice."""
    return columns.has("BillingProfileId") and columns.has("PricingCurrency", "CostInPricingCurrency", "CostInUsd")


def account(columns: NativeColumns) -> str:
    """The billing account: who gets the invoice."""
    return columns.text("BillingProfileId") if by_profile(columns) else columns.text(*BILLING_ACCOUNT)


def month(columns: NativeColumns) -> str:
    """Start of the billing period; pay-as-you-go exports do not say it: the calendar month of the day."""
    if columns.has(*PERIOD):
        return columns.time(*PERIOD)
    return f"DATE_TRUNC('month', {columns.time(*DATE)})"


def charge(columns: NativeColumns) -> str:
    """The type of charge in small letters; exports without that column hold usage only."""
    return f"LOWER({columns.text(*CHARGE_TYPE)})" if columns.has(*CHARGE_TYPE) else "'usage'"


def committed(columns: NativeColumns) -> str:
    """Whether the row is about a reservation or savings plan: its use, its unused rest, its purchase or its refund."""
    benefit = f"{columns.first_text(*BENEFIT)} IS NOT NULL"
    model = f"REPLACE(LOWER({columns.text(*PRICING_MODEL)}), ' ', '') IN ('reservation', 'savingsplan')"
    return f"(COALESCE({model}, {benefit}) OR COALESCE({unused(columns)}, FALSE))"


def unused(columns: NativeColumns) -> str:
    """Whether the row is what nobody used of a commitment."""
    return f"{charge(columns)} IN {literals(_UNUSED)}"


def paid(columns: NativeColumns) -> str:
    """Whether the row is the purchase or refund of a commitment: in the actual view only."""
    return f"({committed(columns)} AND COALESCE({charge(columns)} IN {literals(_PAID)}, FALSE))"


def covered(columns: NativeColumns) -> str:
    """Whether the row is a commitment's use or unused rest: of no cost in the actual view, amortised in the other."""
    return f"({committed(columns)} AND COALESCE({charge(columns)} IN {literals(('usage', *_UNUSED))}, FALSE))"
