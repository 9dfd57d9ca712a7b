"""The store's rows in the columns of FOCUS 1.2, as SQL; ours keep the ``x_`` that the specification asks for.

Grain: a base row (day, resource, SKU, tags), rows of shared pools cut into the parts of those who bear them. What the
store does not know is null, even where the specification allows none: a cost is never made up. From the store's
FOCUS 1.4 to 1.2:

* ``ProviderName`` and ``PublisherName`` both say what 1.4 calls ``ServiceProviderName``;
* a charge period is its usage day, which is all that the base keeps of it;
* a purchase of a commitment has effective cost 0, and what was not used of it is a usage row with the status Unused;
* AWS's rows that only offset what a savings plan covers, all of whose costs are 0, are no charges and are left out;
* a service without a category is in the category Other; a tax has no quantity, and units of time are spelled out.

Specification: https://focus.finops.org/focus-specification/v1-2/ (May 2025; read November 2026).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from costlib.focus import ATTRIBUTES, BILLED, CONTRACTED, COST_KIND, COST_MEASURES, EFFECTIVE, LIST, POOL, SOURCE
from costlib.sources.native import literal, literals

VERSION: Final = "1.2"
#: Whether a row is the unused part of the commitment that its base row buys.
_PART: Final = "x_IsUnusedPart"
_BUYS = "ChargeCategory = 'Purchase' AND CommitmentDiscountId IS NOT NULL"
_OFFSETS = f"x_LineItemType = 'SavingsPlanNegation' AND {' AND '.join(f'{name} = 0' for name in COST_MEASURES)}"
#: FOCUS 1.2, appendix of service categories.
SERVICE_CATEGORIES: Final = (
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Multicloud",
    "Networking",
    "Other",
    "Security",
    "Storage",
    "Web",
)


@dataclass(frozen=True)
class Column:
    """A column of the dataset: its SQL over a row of the store, whether 1.2 lets it be null, the values it may have.

    ``time`` is a moment in UTC.
    """

    name: str
    sql: str = ""
    nullable: bool = True
    values: tuple[str, ...] = ()
    time: bool = False

    @property
    def expression(self) -> str:
        """The column's SQL; its own name where it passes as it is."""
        return self.sql or self.name


def _cost(name: str) -> str:
    """A cost of the row, of which the unused part of a commitment takes the effective one."""
    kept, parted = ("0", name) if name == EFFECTIVE else (name, "0")
    return f"CASE WHEN {_PART} THEN {parted} WHEN {_BUYS} THEN {kept} ELSE {name} END"


def _of_part(value: str, otherwise: str) -> str:
    return f"CASE WHEN {_PART} THEN {value} ELSE {otherwise} END"


def _moment(day: str) -> str:
    return f"CAST(CAST({day} AS TIMESTAMP) AS TIMESTAMPTZ)"


def _measured(value: str, more: str = "TRUE") -> str:
    return f"CASE WHEN NOT {_PART} AND ChargeCategory IS DISTINCT FROM 'Tax' AND {more} THEN {value} END"


def _unit(name: str) -> str:
    """The provider's unit, times in it spelled as the specification's unit format does: Hours, GB-Months."""
    hours = f"REGEXP_REPLACE({name}, '(^|-)(Hrs|Hour|hours)$', '\\1Hours')"
    return f"REGEXP_REPLACE({hours}, '-Mo$', '-Months')"


_CATEGORY = (
    "CASE WHEN CommitmentDiscountType = 'Savings Plan' THEN 'Spend' "
    "WHEN CommitmentDiscountType IN ('Reservation', 'Reserved Instance') THEN 'Usage' END"
)
_STATUS = f"CASE WHEN {_PART} THEN 'Unused' WHEN ChargeCategory = 'Usage' THEN CommitmentDiscountStatus END"

#: A quantity without a unit says nothing; 1.2 lets it be null of what is neither used nor bought.
_COUNTED = "(PricingUnit IS NOT NULL OR ChargeCategory IN ('Usage', 'Purchase'))"

FOCUS_COLUMNS: Final = (
    Column(BILLED, _cost(BILLED), nullable=False),
    Column("BillingAccountId", nullable=False),
    Column("BillingAccountName"),
    Column("BillingCurrency", nullable=False),
    Column("BillingPeriodEnd", _moment("BillingPeriodStart + INTERVAL 1 MONTH"), nullable=False, time=True),
    Column("BillingPeriodStart", _moment("BillingPeriodStart"), nullable=False, time=True),
    Column(
        "ChargeCategory",
        _of_part("'Usage'", "ChargeCategory"),
        nullable=False,
        values=("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
    ),
    Column("ChargeClass", values=("Correction",)),
    Column("ChargeDescription", "NULLIF(CONCAT_WS(', ', ServiceName, SkuMeter, x_Operation), '')"),
    Column(
        "ChargeFrequency",
        _of_part("'Usage-Based'", "ChargeFrequency"),
        nullable=False,
        values=("One-Time", "Recurring", "Usage-Based"),
    ),
    Column("ChargePeriodEnd", _moment("ChargePeriodStart + INTERVAL 1 DAY"), nullable=False, time=True),
    Column("ChargePeriodStart", _moment("ChargePeriodStart"), nullable=False, time=True),
    Column("CommitmentDiscountCategory", _CATEGORY, values=("Spend", "Usage")),
    Column("CommitmentDiscountId"),
    Column("CommitmentDiscountStatus", _STATUS, values=("Used", "Unused")),
    Column("CommitmentDiscountType"),
    Column("ConsumedQuantity", _measured("ConsumedQuantity")),
    Column("ConsumedUnit", _measured(_unit("ConsumedUnit"))),
    Column(CONTRACTED, _cost(CONTRACTED), nullable=False),
    Column(EFFECTIVE, _cost(EFFECTIVE), nullable=False),
    Column("InvoiceId"),
    Column("InvoiceIssuerName", nullable=False),
    Column(LIST, _cost(LIST), nullable=False),
    Column(
        "PricingCategory",
        _of_part("'Committed'", "PricingCategory"),
        values=("Standard", "Dynamic", "Committed", "Other"),
    ),
    Column("PricingQuantity", _measured("PricingQuantity", _COUNTED)),
    Column("PricingUnit", _measured(_unit("PricingUnit"))),
    Column("ProviderName", "ServiceProviderName", nullable=False),
    Column("PublisherName", "ServiceProviderName", nullable=False),
    Column("RegionId"),
    Column("ResourceId"),
    Column("ResourceName"),
    Column("ResourceType"),
    Column("ServiceCategory", "COALESCE(ServiceCategory, 'Other')", nullable=False, values=SERVICE_CATEGORIES),
    Column("ServiceName", nullable=False),
    Column("SkuId"),
    Column("SkuMeter"),
    Column("SubAccountId"),
    Column("SubAccountName"),
    Column("Tags", "CAST(to_json(Tags) AS VARCHAR)"),
)
OWN_COLUMNS: Final = (
    *(Column(name) for name in (*ATTRIBUTES, POOL, COST_KIND)),
    *(Column(name) for name in ("x_InstanceType", "x_LineItemType", "x_Operation", SOURCE)),
    Column("x_LineItems", _of_part("0", "x_LineItems"), nullable=False),
)
COLUMNS: Final = (*FOCUS_COLUMNS, *OWN_COLUMNS)


def dataset_select(rows: str, where: str) -> str:
    """The SELECT of the dataset from the store's rows, those of one day and service beside each other."""
    fields = ", ".join(f"{column.expression} AS {column.name}" for column in COLUMNS)
    parted = f"{_BUYS} AND {EFFECTIVE} <> 0"
    kept = f"(NOT {_PART} OR ({parted})) AND NOT COALESCE({_OFFSETS}, FALSE)"
    return (
        f"SELECT {fields} FROM (SELECT * FROM {rows} {where}) CROSS JOIN (VALUES (FALSE), (TRUE)) AS part({_PART}) "
        f"WHERE {kept} ORDER BY ChargePeriodStart, ServiceName, SkuMeter, ResourceId, x_Team, BilledCost"
    )


def offsets_select(rows: str, where: str) -> str:
    """The SELECT that counts the line items left out because they only offset others."""
    return (
        f"SELECT CAST(COALESCE(SUM(x_LineItems), 0) AS BIGINT) FROM (SELECT * FROM {rows} {where}) "
        f"WHERE COALESCE({_OFFSETS}, FALSE)"
    )


def gaps_select(written: str) -> str:
    """The SELECT of one row: for each of ``gap_names`` how many rows of the dataset are so."""
    counts = [f"COUNT(*) FILTER (WHERE {condition})" for condition in _gaps().values()]
    return f"SELECT {', '.join(counts)} FROM {written}"


def gap_names() -> tuple[tuple[str, str], ...]:
    """Where the dataset may say less than 1.2 asks for: a column and what is the matter with it."""
    return tuple(_gaps())


def _gaps() -> dict[tuple[str, str], str]:
    unknown = {(column.name, "is unknown"): f"{column.name} IS NULL" for column in FOCUS_COLUMNS if not column.nullable}
    other = {
        (column.name, "has a word that is not of FOCUS"): f"{column.name} NOT IN {literals(column.values)}"
        for column in FOCUS_COLUMNS
        if column.values
    }
    unitless = "PricingQuantity IS NOT NULL AND PricingUnit IS NULL"
    return {**unknown, **other, ("PricingUnit", "is unknown beside a quantity"): unitless}


def csv_select(select: str) -> str:
    """The same as text for CSV: moments as ISO 8601 in UTC."""
    moments = ", ".join(
        f"STRFTIME({column.name}, {literal('%Y-%m-%dT%H:%M:%SZ')}) AS {column.name}"
        for column in COLUMNS
        if column.time
    )
    return f"SELECT * REPLACE ({moments}) FROM ({select})"
