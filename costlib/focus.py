"""The columns Glidepath knows, spelled once: FOCUS 1.4 as it stands, and ours, which begin with ``x_``.

FOCUS is the FinOps Open Cost and Usage Specification (https://focus.finops.org, version 1.4 of June 2026).
Names of earlier versions are understood on the way in (``ALIASES``) and in queries; the store carries the
names of 1.4 only.

Grains:

* *line item*: one row of a bill, as the provider wrote it;
* *base*: line items of one delivery summed by usage day and every column of ``BASE_DIMENSIONS``;
* *cube*: base rows with our dimensions, summed by usage day and every column of ``CUBE_DIMENSIONS``.

In base and cube a measure is null where, and only where, it is unknown on every line item of the row: known
and unknown line items never share a row, so ``x_LineItems`` counts exactly what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

#: The four cost measures. Billed is the invoice; effective is amortised and the default for decisions.
BILLED, EFFECTIVE, LIST, CONTRACTED = "BilledCost", "EffectiveCost", "ListCost", "ContractedCost"
COST_MEASURES: Final = (BILLED, EFFECTIVE, LIST, CONTRACTED)

MEASURE_NAMES: Final = {
    BILLED: "billed cost",
    EFFECTIVE: "effective cost",
    LIST: "list cost",
    CONTRACTED: "contracted cost",
}

QUANTITIES: Final = ("ConsumedQuantity", "PricingQuantity")
MEASURES: Final = (*COST_MEASURES, *QUANTITIES)

#: Number of line items summed in a row.
LINE_ITEMS: Final = "x_LineItems"

#: Start of the usage period: a timestamp on a line item, its UTC day in base and cube.
DAY: Final = "ChargePeriodStart"
MONTH: Final = "BillingPeriodStart"
ACCOUNT: Final = "BillingAccountId"
CURRENCY: Final = "BillingCurrency"

TIMES: Final = (DAY, MONTH)

#: Provider, account and service facts kept in the base, FOCUS first, ours after.
BASE_TEXTS: Final = (
    ACCOUNT,
    "BillingAccountName",
    "SubAccountId",
    "SubAccountName",
    CURRENCY,
    "InvoiceId",
    "InvoiceIssuerName",
    "ServiceProviderName",
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "PricingCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ServiceCategory",
    "ServiceName",
    "RegionId",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "SkuId",
    "SkuMeter",
    "ConsumedUnit",
    "PricingUnit",
    "x_InstanceType",
    "x_LineItemType",
    "x_Operation",
)
TAGS: Final = "Tags"
SOURCE: Final = "x_Source"
BASE_DIMENSIONS: Final = (DAY, MONTH, *BASE_TEXTS, TAGS, SOURCE)

#: What attribution finds out: who and what caused a cost. Null is always shown, never guessed.
ATTRIBUTES: Final = (
    "x_BusinessUnit",
    "x_Team",
    "x_Project",
    "x_Model",
    "x_Stage",
    "x_Environment",
    "x_Bucket",
    "x_CostType",
    "x_Scope",
)

#: Positions, in the order of ``ATTRIBUTES``, of the rules that decided a row (see ``attribution.rules``).
RULES: Final = "x_Rules"

#: The pool of shared cost that took a row, and what the cost is to its team. Every row has one of ``COST_KINDS``:
#: the team's own, its part of a pool, capacity of a pool that nobody reserved, or what no rule or driver could place.
POOL, COST_KIND = "x_Pool", "x_CostKind"
DIRECT, SHARED, IDLE, UNALLOCATED = "direct", "shared", "idle", "unallocated"
COST_KINDS: Final = (DIRECT, SHARED, IDLE, UNALLOCATED)

CUBE_DIMENSIONS: Final = (
    DAY,
    MONTH,
    *ATTRIBUTES,
    POOL,
    COST_KIND,
    "ServiceProviderName",
    ACCOUNT,
    "BillingAccountName",
    "SubAccountId",
    "SubAccountName",
    "ServiceCategory",
    "ServiceName",
    "RegionId",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "CommitmentDiscountStatus",
    "ConsumedUnit",
    CURRENCY,
    SOURCE,
    RULES,
)

#: Values of ``x_Scope``: the FinOps Framework calls a segment of spend with its own practice a scope.
AI, OTHER = "AI", "Other"

#: What a reader calls a dimension.
LABELS: Final = {
    "x_BusinessUnit": "Business unit",
    "x_Team": "Team",
    "x_Project": "Project",
    "x_Model": "Model",
    "x_Stage": "Stage",
    "x_Environment": "Environment",
    "x_Bucket": "Run, Grow, Transform",
    "x_CostType": "Cost type",
    "x_Scope": "AI or other",
    "x_Pool": "Shared pool",
    "x_CostKind": "Direct, shared, idle",
    "ServiceProviderName": "Provider",
    "BillingAccountName": "Billing account",
    "SubAccountName": "Account",
    "ServiceCategory": "Service category",
    "ServiceName": "Service",
    "RegionId": "Region",
    "ChargeCategory": "Charge category",
    "PricingCategory": "Pricing category",
    "ResourceId": "Resource",
    "x_Source": "Source",
}

#: What a reader calls a null of a dimension; everything else is "not given". Spend with no team is idle capacity that
#: no pool's policy gives to a team, and cost of the kind ``UNALLOCATED``: two kinds, so it is called neither.
NULL_LABELS: Final = {
    column: f"No {LABELS[column].lower()}" for column in ("x_BusinessUnit", "x_Team", "x_Project", "x_Model", "x_Stage")
}

#: Names of earlier FOCUS versions, and common drift, by the name of 1.4.
ALIASES: Final = {
    "EffectiveCost": ("AmortizedCost", "AmortisedCost"),
    "ListCost": ("OnDemandCost",),
    "ChargeCategory": ("ChargeType",),
    "ServiceProviderName": ("ProviderName", "Provider", "PublisherName", "Publisher"),
    "InvoiceIssuerName": ("InvoiceIssuer",),
    "RegionId": ("Region", "RegionName"),
    "SubAccountId": ("SubAccount",),
    "ConsumedQuantity": ("UsageQuantity",),
    "ConsumedUnit": ("UsageUnit",),
}


def label(column: str) -> str:
    """What a reader calls the column.

    >>> label("x_Team"), label("SkuMeter")
    ('Team', 'SkuMeter')
    """
    return LABELS.get(column, column)


def null_label(column: str) -> str:
    """What a reader calls an unknown value of the column.

    >>> null_label("x_Team"), null_label("RegionId")
    ('No team', 'Not given')
    """
    return NULL_LABELS.get(column, "Not given")


def null_words(column: str) -> str:
    """What is said of spend whose value of the column is unknown.

    >>> null_words("x_Team"), null_words("RegionId")
    ('has no team', 'is not given')
    """
    return f"{'has' if column in NULL_LABELS else 'is'} {null_label(column).lower()}"


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A column name without case, blanks and punctuation, to compare drifting spellings.

    >>> fold("Billed Cost") == fold("billed_cost") == fold("BilledCost")
    True
    """
    return "".join(letter for letter in name.lower() if letter.isalnum())


def canonical(name: str, known: Iterable[str]) -> str | None:
    """The known column that ``name`` means, through drift of spelling and names of earlier versions.

    >>> [canonical(name, CUBE_DIMENSIONS) for name in ("providername", "x_team", "Colour")]
    ['ServiceProviderName', 'x_Team', None]
    """
    wanted = fold(name)
    for column in known:
        if wanted in (fold(column), *(fold(alias) for alias in ALIASES.get(column, ()))):
            return column
    return None
