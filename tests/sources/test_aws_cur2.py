"""CUR 2.0: the four cost measures of every line type by hand, what is optional, and the invoice."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import MissingColumn
from costlib.sources.aws_cur2 import SOURCE
from costlib.sources.discovery import discover
from costlib.sources.native import NativeColumns
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.bills import few, fresh_folder
from tests.builders import (
    Row,
    cube_rows,
    cur_export,
    cur_row,
    load_into,
    mapped,
    read_rows,
    sums_by,
    total,
    without,
    write_csv,
    write_parquet,
)

ARN = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r-1"
PLAN = "arn:aws:savingsplans::111122223333:savingsplan/s-1"
PLAN_COST = "savings_plan_savings_plan_effective_cost"
UNUSED_UPFRONT = "reservation_unused_amortized_upfront_fee_for_billing_period"

#: Line, and its billed, effective, list and contracted cost worked by hand.
LINES = {
    "usage": (cur_row(), ("1", "1", "1.2", "1")),
    "usage without a list price": (cur_row(pricing_public_on_demand_cost=None), ("1", "1", None, "1")),
    "spot": (
        cur_row(pricing_purchase_option="Spot", line_item_unblended_cost="0.3"),
        ("0.3", "0.3", "1.2", "0.3"),
    ),
    "usage under a savings plan": (
        cur_row("SavingsPlanCoveredUsage", **{PLAN_COST: "0.7"}, savings_plan_savings_plan_a_r_n=PLAN),
        ("0", "0.7", "1.2", "1"),
    ),
    "its negation": (cur_row("SavingsPlanNegation", line_item_unblended_cost="-1"), ("0", "0", "0", "0")),
    "its hourly fee, an eighth unused": (
        cur_row("SavingsPlanRecurringFee", line_item_unblended_cost="0.8", savings_plan_total_commitment_to_date="0.8",
                savings_plan_used_commitment="0.7"),
        ("0.8", "0.1", "0", "0"),
    ),
    "its upfront fee": (cur_row("SavingsPlanUpfrontFee", line_item_unblended_cost="100"), ("100", "0", "0", "0")),
    "reserved usage": (
        cur_row("DiscountedUsage", line_item_unblended_cost="0", reservation_effective_cost="0.6"),
        ("0", "0.6", "1.2", None),
    ),
    "the monthly fee of a reservation, partly unused": (
        cur_row("RIFee", line_item_unblended_cost="50", reservation_unused_recurring_fee="2", **{UNUSED_UPFRONT: "3"}),
        ("50", "5", "0", "0"),
    ),
    "the upfront fee of a reservation": (
        cur_row("Fee", line_item_unblended_cost="600", reservation_reservation_a_r_n=ARN),
        ("600", "0", "0", "0"),
    ),
    "another fee": (cur_row("Fee", line_item_unblended_cost="10"), ("10", "10", "10", "10")),
    "tax": (cur_row("Tax", line_item_unblended_cost="7", pricing_public_on_demand_cost=None), ("7", "7", "7", "7")),
    "a credit": (cur_row("Credit", line_item_unblended_cost="-5"), ("-5", "-5", "-5", "-5")),
    "a refund": (cur_row("Refund", line_item_unblended_cost="-3"), ("-3", "-3", "-3", "-3")),
    "a private discount": (cur_row("EdpDiscount", line_item_unblended_cost="-2"), ("-2", "-2", "-2", "-2")),
}  # fmt: skip
MEASURED = "BilledCost, EffectiveCost, ListCost, ContractedCost"


def decimals(texts):
    return tuple(None if text is None else Decimal(text) for text in texts)


def read(*rows: Row, columns: str, folder) -> list[tuple]:
    """The rows of one report as FOCUS rows, in their order."""
    return mapped(write_csv(folder / "lines.csv", rows), columns, kind="aws-cur2")


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    """The four measures of every line above, by its name; all of them stand in one report."""
    rows = [cur_row(pricing_purchase_option=None) | line for line, _ in LINES.values()]
    return dict(zip(LINES, read(*rows, columns=MEASURED, folder=tmp_path_factory.mktemp("lines")), strict=True))


@pytest.mark.parametrize("name", LINES)
def test_the_four_measures(measures, name):
    assert measures[name] == decimals(LINES[name][1])


def test_a_month_of_them_all_adds_up_to_the_invoice(tmp_path):
    """Billed: 1 + 1 + 0.3 + 0.8 + 100 + 50 + 600 + 10 + 7 - 5 - 3 - 2 = 760.1, which is the plain sum of unblended."""
    lines = [line for line, _ in LINES.values()]
    rows = [cur_row(pricing_purchase_option=None) | line for line in lines]
    load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", rows))
    (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
    assert entry["sums_in"]["BilledCost"] == entry["sums_store"]["BilledCost"] == "760.1"
    assert total(row["line_item_unblended_cost"] for row in rows) == Decimal("760.1")
    effective = total(Decimal(costs[1]) for _, costs in LINES.values())
    assert cube_rows(tmp_path / "store", "SELECT SUM(EffectiveCost) FROM cube") == [(effective,)]
    assert entry["tied_out"]


def test_an_invoice_that_does_not_tie_out_is_shown(tmp_path):
    """Covered usage whose negation is not in the export: 1.00 on the invoice is on nobody's bill."""
    covered = cur_row("SavingsPlanCoveredUsage", **{PLAN_COST: "0.7"})
    load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", [covered, cur_row()]))
    (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
    assert (entry["sums_in"]["BilledCost"], entry["sums_store"]["BilledCost"]) == ("2", "1")
    assert entry["untied"] == {"BilledCost": "1", "EffectiveCost": "0", "ListCost": "0", "ContractedCost": "0"}
    assert not entry["tied_out"]


class TestNet:
    """``net_`` columns count where every cost column that the report has comes with its own."""

    NET: ClassVar = {
        "line_item_net_unblended_cost": "0.9",
        "savings_plan_net_savings_plan_effective_cost": "0.6",
        "reservation_net_effective_cost": "0.5",
        "reservation_net_unused_amortized_upfront_fee_for_billing_period": "2.5",
        "reservation_net_unused_recurring_fee": "1.5",
    }

    @pytest.mark.parametrize(
        ("line", "costs"),
        [
            (cur_row(**NET), ("0.9", "0.9", "1.2", "0.9")),
            (cur_row("SavingsPlanCoveredUsage", **NET, **{PLAN_COST: "0.7"}), ("0", "0.6", "1.2", "0.9")),
            (cur_row("DiscountedUsage", **NET, reservation_effective_cost="0.6"), ("0.9", "0.5", "1.2", None)),
            (cur_row("RIFee", **NET), ("0.9", "4", "0", "0")),
            (cur_row("Tax", **NET), ("0.9", "0.9", "0.9", "0.9")),
            (cur_row(**NET | {"line_item_net_unblended_cost": None}), ("1", "1", "1.2", "1")),
        ],
    )
    def test_they_are_read(self, tmp_path, line, costs):
        assert read(line, columns=f"{MEASURED}", folder=tmp_path) == [decimals(costs)]

    @pytest.mark.parametrize("missing", NET)
    def test_all_of_them_or_none(self, tmp_path, missing):
        line = without(cur_row("SavingsPlanCoveredUsage", **self.NET, **{PLAN_COST: "0.7"}), missing)
        assert read(line, columns=MEASURED, folder=tmp_path) == [decimals(("0", "0.7", "1.2", "1"))]

    def test_the_invoice_is_net_too(self, tmp_path):
        load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", [cur_row(**self.NET)]))
        (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
        assert (entry["sums_in"]["BilledCost"], entry["tied_out"]) == ("0.9", True)


#: Line, and its category, frequency, pricing, status of the commitment and class.
CHARGES = {
    "usage": (cur_row(), ("Usage", "Usage-Based", "Standard", None, None)),
    "spot by its term": (cur_row(pricing_term="Spot"), ("Usage", "Usage-Based", "Dynamic", None, None)),
    "spot by its usage type": (
        cur_row(line_item_usage_type="EU-SpotUsage:g5.xlarge"),
        ("Usage", "Usage-Based", "Dynamic", None, None),
    ),
    "covered usage": (cur_row("SavingsPlanCoveredUsage"), ("Usage", "Usage-Based", "Committed", "Used", None)),
    "negation": (cur_row("SavingsPlanNegation"), ("Usage", "One-Time", None, None, None)),
    "hourly fee": (cur_row("SavingsPlanRecurringFee"), ("Purchase", "Recurring", None, "Unused", None)),
    "upfront fee": (cur_row("SavingsPlanUpfrontFee"), ("Purchase", "One-Time", None, None, None)),
    "reserved usage": (cur_row("DiscountedUsage"), ("Usage", "Usage-Based", "Committed", "Used", None)),
    "fee of a reservation": (cur_row("RIFee"), ("Purchase", "Recurring", None, "Unused", None)),
    "fee": (cur_row("Fee"), ("Purchase", "One-Time", None, None, None)),
    "tax": (cur_row("Tax"), ("Tax", "One-Time", None, None, None)),
    "credit": (cur_row("Credit"), ("Credit", "One-Time", None, None, None)),
    "refund": (cur_row("Refund"), ("Adjustment", "One-Time", None, None, "Correction")),
    "usage on a bill that refunds": (
        cur_row(bill_bill_type="Refund"),
        ("Usage", "Usage-Based", "Standard", None, "Correction"),
    ),
    "a type nobody knew": (cur_row("SomethingNew"), ("Adjustment", "One-Time", None, None, None)),
}


class TestWhatALineIs:
    def test_category_frequency_pricing_commitment_and_class(self, tmp_path):
        columns = "ChargeCategory, ChargeFrequency, PricingCategory, CommitmentDiscountStatus, ChargeClass"
        found = read(*(line for line, _ in CHARGES.values()), columns=columns, folder=tmp_path)
        assert dict(zip(CHARGES, found, strict=True)) == {name: charge for name, (_, charge) in CHARGES.items()}

    def test_quantities_are_consumed_by_usage_alone(self, tmp_path):
        lines = [cur_row(kind, line_item_usage_amount="3") for kind in ("Usage", "RIFee")]
        columns = "ConsumedQuantity, ConsumedUnit, PricingQuantity, PricingUnit"
        assert read(*lines, columns=columns, folder=tmp_path) == [(3, "Hrs", 3, "Hrs"), (None, None, 3, "Hrs")]

    def test_the_bill_the_accounts_and_the_service(self, tmp_path):
        columns = (
            "BillingAccountId, BillingAccountName, SubAccountId, SubAccountName, BillingCurrency, InvoiceId, "
            "ServiceProviderName, ServiceCategory, ServiceName, RegionId, SkuId, SkuMeter, x_InstanceType"
        )
        assert read(cur_row(), columns=columns, folder=tmp_path) == [
            ("111122223333", "Payer", "444455556666", "ml-prod", "USD", "INV-1", "AWS", "Compute",
             "Amazon Elastic Compute Cloud", "us-east-1", "SKU1", "BoxUsage:m5.large", "m5.large")
        ]  # fmt: skip

    def test_a_seller_on_the_marketplace_is_the_provider(self, tmp_path):
        line = cur_row(bill_billing_entity="AWS Marketplace", line_item_legal_entity="Acme Models Ltd")
        assert read(line, columns="ServiceProviderName", folder=tmp_path) == [("Acme Models Ltd",)]

    def test_a_product_without_a_name_goes_by_its_code_and_an_unknown_code_has_no_category(self, tmp_path):
        line = cur_row(product=None, line_item_product_code="AmazonNewThing")
        assert read(line, columns="ServiceName, ServiceCategory", folder=tmp_path) == [("AmazonNewThing", None)]

    @pytest.mark.parametrize(
        ("columns", "kind"),
        [
            ({"savings_plan_savings_plan_a_r_n": PLAN}, "Savings Plan"),
            ({"reservation_reservation_a_r_n": ARN}, "Reserved Instance"),
        ],
    )
    def test_the_commitment_that_covers_it(self, tmp_path, columns, kind):
        line = cur_row("SavingsPlanCoveredUsage" if kind == "Savings Plan" else "DiscountedUsage", **columns)
        found = read(line, columns="CommitmentDiscountId, CommitmentDiscountType", folder=tmp_path)
        assert found == [(*columns.values(), kind)]


class TestColumns:
    REQUIRED: ClassVar = [names[0] for names in SOURCE.required]

    @pytest.mark.parametrize("group", ["line_item", "bill", "pricing", "product", "reservation", "savings", "resource"])
    def test_optional_columns_may_be_missing(self, tmp_path, group):
        optional = [name for name in cur_row() if name.startswith(group) and name not in self.REQUIRED]
        found = read(without(cur_row(), *optional), columns="BilledCost, EffectiveCost, x_Defect", folder=tmp_path)
        assert optional
        assert found == [(1, 1, None)]

    def test_all_of_them_may_be_missing_and_are_then_unknown(self, tmp_path):
        bare = {name: value for name, value in cur_row().items() if name in self.REQUIRED}
        load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", [bare]))
        found = cube_rows(tmp_path / "store", f"SELECT {MEASURED}, SubAccountId, RegionId FROM cube")
        assert found == [(1, 1, None, 1, None, None)]

    @pytest.mark.parametrize("column", REQUIRED)
    def test_a_required_one_is_asked_for(self, tmp_path, column):
        with pytest.raises(MissingColumn, match=f"has no column {column}"):
            discover([write_csv(tmp_path / "cur.csv", [without(cur_row(), column)])], kind="aws-cur2")

    def test_it_is_recognised_by_three_of_its_signs(self):
        assert SOURCE.recognises(NativeColumns(dict.fromkeys(self.REQUIRED, "VARCHAR")))
        assert not SOURCE.recognises(NativeColumns(dict.fromkeys(["line_item_unblended_cost"], "VARCHAR")))

    def test_names_of_the_older_report_are_understood(self, tmp_path):
        line = without(cur_row("Fee"), "reservation_reservation_a_r_n") | {"reservation_reservation_arn": ARN}
        assert read(line, columns="CommitmentDiscountId, EffectiveCost", folder=tmp_path) == [(ARN, 0)]


@st.composite
def bills_of_aws(draw: st.DrawFn) -> list[Row]:
    """Lines of all kinds; every covered usage comes with its negation."""
    cents = st.integers(-(10**12), 10**12).map(lambda number: f"{Decimal(number).scaleb(-10):f}")
    rows = []
    for _ in range(draw(st.integers(1, 10))):
        cost = draw(cents)
        kind = draw(st.sampled_from(["Usage", "Tax", "Credit", "Refund", "Fee", "SavingsPlanCoveredUsage", "RIFee"]))
        account = draw(st.sampled_from(["1", "2"]))
        row = cur_row(kind, line_item_unblended_cost=cost, bill_payer_account_id=account, **{PLAN_COST: draw(cents)})
        rows.append(row)
        if kind == "SavingsPlanCoveredUsage":
            rows.append(
                row | {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": minus(cost)}
            )
    return rows


def minus(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text}"


@few(4)
@given(bills_of_aws())
def test_any_bill_adds_up_to_the_plain_sum_of_unblended_cost(bill):
    with fresh_folder() as folder:
        path = write_csv(folder / "cur.csv.gz", bill)
        load_into(folder / "store", path)
        invoice = sums_by(read_rows(path), lambda row: row["bill_payer_account_id"], ["line_item_unblended_cost"])
        held = dict(cube_rows(folder / "store", "SELECT BillingAccountId, SUM(BilledCost) FROM cube GROUP BY 1"))
    assert held == {account: sums["line_item_unblended_cost"] for account, sums in invoice.items()}


def test_gzip_csv_and_typed_parquet_give_the_same_cube(tmp_path):
    lines = [without(line, "pricing_purchase_option") for line, _ in LINES.values()]
    moment = datetime.fromisoformat("2026-09-05T10:00:00")
    typed = {
        name: pa.array([None if line[name] is None else float(line[name]) for line in lines])
        for name in lines[0] if name.endswith(("_cost", "_fee", "_amount", "billing_period", "commitment", "to_date"))
    } | {
        "line_item_usage_start_date": pa.array([moment] * len(lines), pa.timestamp("ms")),
        "bill_billing_period_start_date": pa.array([moment.replace(day=1, hour=0)] * len(lines), pa.timestamp("ms")),
        "resource_tags": pa.array([[("team", "Search")]] * len(lines), pa.map_(pa.string(), pa.string())),
        "product": pa.array(
            [[("product_name", "Amazon Elastic Compute Cloud")]] * len(lines), pa.map_(pa.string(), pa.string())
        ),
    }  # fmt: skip
    load_into(tmp_path / "csv", write_csv(tmp_path / "cur.csv.gz", lines), source="one")
    load_into(tmp_path / "parquet", write_parquet(tmp_path / "cur.parquet", lines, **typed), source="one")
    cubes = [cube_rows(tmp_path / name, "SELECT * FROM cube ORDER BY ALL") for name in ("csv", "parquet")]
    assert cubes[0] == cubes[1]
    assert len(cubes[0]) > 8


def test_both_layouts_of_an_export_give_the_same_cube(tmp_path):
    rows = [line for line, _ in LINES.values() if "pricing_purchase_option" not in line]
    cur_export(tmp_path / "a" / "costs", "2026-09", {"costs-1.parquet": rows})
    cur_export(tmp_path / "b" / "costs", "2026-09", {"costs-1.csv.gz": rows[:3]}, execution="2026-10-01T00-a")
    cur_export(tmp_path / "b" / "costs", "2026-09", {"costs-1.csv.gz": rows[:3], "costs-2.csv.gz": rows[3:]},
               execution="2026-10-02T00-b")  # fmt: skip
    for name in "ab":
        load_into(tmp_path / f"store {name}", tmp_path / name / "costs")
    cubes = [cube_rows(tmp_path / f"store {name}", "SELECT * FROM cube ORDER BY ALL") for name in "ab"]
    assert cubes[0] == cubes[1]
