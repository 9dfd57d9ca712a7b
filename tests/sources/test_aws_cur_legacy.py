"""The legacy CUR: the same month as CUR 2.0 gives the same figures; tags, names and runs are its own."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import MissingColumn, UnreadableFile
from costlib.focus import BASE_TEXTS, COST_MEASURES
from costlib.sources import all_sources, source_of_type
from costlib.sources.aws_cur_legacy import SOURCE, tag_key
from costlib.sources.discovery import discover
from costlib.sources.native import NativeColumns
from costlib.store.base import line_item_select
from costlib.store.engine import connect
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.bills import WORDS, few, fresh_folder
from tests.builders import Row, cube_rows, cur_row, load_into, ruleset, total, without, write_csv, write_parquet

UNUSED_UPFRONT = "reservation_unused_amortized_upfront_fee_for_billing_period"
#: What the legacy report calls the columns of CUR 2.0, and what it has in the place of the maps.
NAMES = {
    "line_item_line_item_type": "lineItem/LineItemType",
    "line_item_usage_start_date": "lineItem/UsageStartDate",
    "line_item_usage_account_id": "lineItem/UsageAccountId",
    "line_item_currency_code": "lineItem/CurrencyCode",
    "line_item_product_code": "lineItem/ProductCode",
    "line_item_usage_type": "lineItem/UsageType",
    "line_item_operation": "lineItem/Operation",
    "line_item_usage_amount": "lineItem/UsageAmount",
    "line_item_resource_id": "lineItem/ResourceId",
    "line_item_legal_entity": "lineItem/LegalEntity",
    "line_item_unblended_cost": "lineItem/UnblendedCost",
    "bill_billing_period_start_date": "bill/BillingPeriodStartDate",
    "bill_bill_type": "bill/BillType",
    "bill_billing_entity": "bill/BillingEntity",
    "bill_invoice_id": "bill/InvoiceId",
    "bill_invoicing_entity": "bill/InvoicingEntity",
    "bill_payer_account_id": "bill/PayerAccountId",
    "pricing_unit": "pricing/unit",
    "pricing_term": "pricing/term",
    "pricing_public_on_demand_cost": "pricing/publicOnDemandCost",
    "product_region_code": "product/regionCode",
    "product_sku": "product/sku",
    "product_instance_type": "product/instanceType",
    "reservation_reservation_a_r_n": "reservation/ReservationARN",
    "reservation_effective_cost": "reservation/EffectiveCost",
    UNUSED_UPFRONT: "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
    "reservation_unused_recurring_fee": "reservation/UnusedRecurringFee",
    "savings_plan_savings_plan_a_r_n": "savingsPlan/SavingsPlanARN",
    "savings_plan_savings_plan_effective_cost": "savingsPlan/SavingsPlanEffectiveCost",
    "savings_plan_total_commitment_to_date": "savingsPlan/TotalCommitmentToDate",
    "savings_plan_used_commitment": "savingsPlan/UsedCommitment",
}
MAPS = {"product", "resource_tags", "line_item_usage_account_name", "bill_payer_account_name"}
PLAN = "savings_plan_savings_plan_effective_cost"
#: A month with a line of every type.
MONTH = [
    cur_row(),
    cur_row(line_item_unblended_cost="1.81E-8", pricing_public_on_demand_cost="1.81E-8"),
    cur_row("SavingsPlanCoveredUsage", **{PLAN: "0.7"}, savings_plan_savings_plan_a_r_n="arn:aws:savingsplans::1:s/1"),
    cur_row("SavingsPlanNegation", line_item_unblended_cost="-1"),
    cur_row("SavingsPlanRecurringFee", line_item_unblended_cost="0.8", savings_plan_total_commitment_to_date="0.8",
            savings_plan_used_commitment="0.7"),
    cur_row("SavingsPlanUpfrontFee", line_item_unblended_cost="100"),
    cur_row("DiscountedUsage", line_item_unblended_cost="0", reservation_effective_cost="0.6",
            reservation_reservation_a_r_n="arn:aws:ec2:r/1"),
    cur_row("RIFee", line_item_unblended_cost="50", reservation_unused_recurring_fee="2", **{UNUSED_UPFRONT: "3"}),
    cur_row("Fee", line_item_unblended_cost="600", reservation_reservation_a_r_n="arn:aws:ec2:r/1"),
    cur_row("Tax", line_item_unblended_cost="7", pricing_public_on_demand_cost=None, product_region_code=None),
    cur_row("Credit", line_item_unblended_cost="-5"),
    cur_row("Refund", line_item_unblended_cost="-3", bill_bill_type="Refund"),
]  # fmt: skip


def legacy(row: Row, **more: str | None) -> Row:
    """A CUR 2.0 line as the legacy report has it: product and tag in columns of their own."""
    own = {
        "identity/LineItemId": "l1",
        "lineItem/BlendedCost": "999",
        "product/ProductName": "Amazon Elastic Compute Cloud",
        "product/operation": "RunInstances",
        "resourceTags/user:team": "Search",
    }
    return {NAMES[name]: value for name, value in row.items() if name not in MAPS} | own | more


def focus_rows(path, columns: str, kind: str | None = None) -> list[tuple]:
    """The file's rows as FOCUS rows, in their order."""
    (export,) = discover([path], kind=kind)
    with connect() as connection:
        return connection.execute(f"SELECT {columns} FROM ({line_item_select(export)})").fetchall()


def tags(folder, columns: dict[str, str | None]) -> dict[str, str] | None:
    ((text,),) = focus_rows(write_csv(folder / "cur.csv", [legacy(cur_row(), **columns)]), "Tags")
    return text and json.loads(text)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_a_month_of_every_line_type_is_what_cur_2_makes_of_it(tmp_path, suffix):
    columns = ", ".join((*COST_MEASURES, "ConsumedQuantity", "PricingQuantity", "ChargePeriodStart", *BASE_TEXTS))
    same = columns.replace("BillingAccountName, ", "").replace("SubAccountName, ", "")
    old = focus_rows(write_csv(tmp_path / f"old{suffix}", [legacy(row) for row in MONTH]), same)
    new = focus_rows(write_csv(tmp_path / "new.csv", MONTH), same)
    assert old == new
    assert len(old) == len(MONTH)


def test_the_month_adds_up_to_the_invoice(tmp_path):
    """Billed 1 + 1.81e-8 + 0.8 + 100 + 50 + 600 + 7 - 5 - 3, effective 1 + 1.81e-8 + 0.7 + 0.1 + 0.6 + 5 + 7 - 8."""
    rows = [legacy(row) for row in MONTH]
    rows[2] |= {"lineItem/UnblendedCost": "1"}
    load_into(tmp_path / "store", write_csv(tmp_path / "report-2026-09.csv", rows))
    (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
    assert (entry["source"], entry["source_type"]) == ("aws-cur-legacy:report", "aws-cur-legacy")
    assert entry["sums_in"]["BilledCost"] == entry["sums_store"]["BilledCost"] == "750.8000000181"
    assert total(row["lineItem/UnblendedCost"] for row in rows) == Decimal("750.8000000181")
    assert entry["sums_store"]["EffectiveCost"] == "6.4000000181"
    assert (entry["rows_loaded"], entry["tied_out"]) == (12, True)


def test_costs_in_scientific_notation_keep_every_digit(tmp_path):
    """Amounts of a published legacy report of November 2023, as they stand there."""
    costs = ["5.2E-9", "1.3E-9", "1.8E-9", "1.32E-6", "4.0E-7", "7.8E-9", "2.5E-5", "7.20216E-5", "0.0", "0.07"]
    rows = [legacy(cur_row(line_item_unblended_cost=cost)) for cost in costs]
    found = focus_rows(write_csv(tmp_path / "cur.csv", rows), "BilledCost")
    assert [cost for (cost,) in found] == [Decimal(cost) for cost in costs]


class TestTags:
    @pytest.mark.parametrize(
        ("column", "key"),
        [
            ("resourceTags/user:team", "user_team"),
            ("resourceTags/user:CostCenter", "user_cost_center"),
            ("resourceTags/user:cost centre (EU)", "user_cost_centre_eu"),
            ("resourceTags/aws:createdBy", "aws_created_by"),
            ("resourceTags/user:k8s.io/role", "user_k8s_io_role"),
            ("resource_tags_user_cost_center", "user_cost_center"),
            ("product/team", None),
            ("resourceTags", None),
            ("resource_tags", None),
        ],
    )
    def test_keys_are_those_of_cur_2(self, column, key):
        assert tag_key(column) == key

    def test_a_row_has_the_tags_that_have_a_value(self, tmp_path):
        own = {"resourceTags/user:team": "Search", "resourceTags/user:env": "", "resourceTags/aws:createdBy": "Root"}
        assert tags(tmp_path, own) == {"user_team": "Search", "aws_created_by": "Root"}

    def test_a_row_without_any_has_none(self, tmp_path):
        assert tags(tmp_path, {"resourceTags/user:team": None}) is None

    def test_a_report_without_tag_columns_has_none(self, tmp_path):
        bare = without(legacy(cur_row()), "resourceTags/user:team")
        assert focus_rows(write_csv(tmp_path / "cur.csv", [bare]), "Tags") == [(None,)]

    def test_of_two_keys_that_become_one_the_first_with_a_value_counts(self, tmp_path):
        own = {"resourceTags/user:team": None, "resourceTags/user:cost-center": "A"}
        own |= {"resourceTags/user:CostCenter": "B"}
        assert tags(tmp_path, own) == {"user_cost_center": "A"}

    @few(15)
    @given(st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1))
    def test_any_value_comes_through_as_it_is(self, value):
        with fresh_folder() as folder:
            meant = value.strip(" ")
            found = tags(folder, {"resourceTags/user:team": value})
        assert found == ({"user_team": meant} if meant not in ("", "NULL", "null", "''") else None)

    def test_the_rules_that_serve_cur_2_serve_it(self, tmp_path):
        rules = ruleset({"name": "team", "set": {"x_Team": {"tag": ["user_team"]}}})
        load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", [legacy(cur_row())]), rules=rules)
        assert cube_rows(tmp_path / "store", "SELECT x_Team FROM cube") == [("Search",)]


class TestColumns:
    def test_account_numbers_keep_their_zeros(self, tmp_path):
        row = legacy(cur_row(bill_payer_account_id="000000000012", line_item_usage_account_id="012345678901"))
        found = focus_rows(write_csv(tmp_path / "cur.csv", [row]), "BillingAccountId, SubAccountId, SubAccountName")
        assert found == [("000000000012", "012345678901", "012345678901")]

    def test_the_region_is_the_code_or_where_that_is_empty_the_earlier_column(self, tmp_path):
        rows = [
            legacy(cur_row(), **{"product/region": "us-west-2"}),
            legacy(cur_row(product_region_code=None), **{"product/region": "us-west-2"}),
        ]
        found = focus_rows(write_csv(tmp_path / "cur.csv", rows), "RegionId")
        assert found == [("us-east-1",), ("us-west-2",)]

    def test_a_product_without_a_name_is_called_by_its_code(self, tmp_path):
        row = legacy(cur_row(), **{"product/ProductName": None})
        assert focus_rows(write_csv(tmp_path / "cur.csv", [row]), "ServiceName") == [("AmazonEC2",)]

    def test_net_costs_count_where_the_report_has_them(self, tmp_path):
        net = {"lineItem/NetUnblendedCost": "0.9", "savingsPlan/NetSavingsPlanEffectiveCost": None,
               "reservation/NetEffectiveCost": None, "reservation/NetUnusedRecurringFee": None,
               "reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod": None}  # fmt: skip
        found = focus_rows(write_csv(tmp_path / "cur.csv", [legacy(cur_row(), **net)]), "BilledCost, EffectiveCost")
        assert found == [(Decimal("0.9"), Decimal("0.9"))]

    def test_as_parquet_with_the_names_that_athena_gives_it(self, tmp_path):
        names = {"product_product_name": "Amazon Elastic Compute Cloud", "resource_tags_user_cost_center": "R&D"}
        path = write_parquet(tmp_path / "cur.parquet", [without(cur_row(), *MAPS) | names])
        found = focus_rows(path, "BilledCost, ServiceName, Tags")
        assert found == [(Decimal(1), "Amazon Elastic Compute Cloud", '{"user_cost_center":"R&D"}')]


class TestRecognition:
    @pytest.mark.parametrize("missing", NAMES.values())
    def test_any_one_column_may_be_missing(self, missing):
        columns = NativeColumns({name: "VARCHAR" for name in legacy(cur_row()) if name != missing})
        assert [source.type for source in all_sources() if source.recognises(columns)] == ["aws-cur-legacy"]

    def test_cur_2_stays_cur_2(self):
        for row in (cur_row(), without(cur_row(), "product"), cur_row() | {"product_product_name": "EC2"}):
            columns = NativeColumns(dict.fromkeys(row, "VARCHAR"))
            assert [source.type for source in all_sources() if source.recognises(columns)] == ["aws-cur2"]

    @pytest.mark.parametrize("names", SOURCE.required)
    def test_a_missing_column_is_named_as_the_report_names_it(self, tmp_path, names):
        path = write_csv(tmp_path / "cur.csv", [without(legacy(cur_row()), names[0])])
        with pytest.raises(MissingColumn, match=f"has no column {names[0]}.*legacy AWS CUR"):
            discover([path])

    def test_it_can_be_named(self):
        assert source_of_type("aws-cur-legacy") is SOURCE


class TestRuns:
    RUNS = ("0a1b2c3d-0000-1111-2222-333344445555", "ffffffff-0000-1111-2222-333344445555")

    def test_two_runs_of_a_month_would_count_twice(self, tmp_path):
        for run in self.RUNS:
            write_csv(tmp_path / "report" / "20260901-20261001" / run / "report-1.csv.gz", [legacy(cur_row())])
        with pytest.raises(UnreadableFile, match=r"20260901-20261001 holds 2 runs of one export.*newest run"):
            discover([tmp_path / "report"])

    def test_files_of_one_run_and_runs_of_other_months_belong_together(self, tmp_path):
        months = ("20260801-20260901", "20260901-20261001")
        for month, run in zip(months, self.RUNS, strict=True):
            for part in (1, 2):
                write_csv(tmp_path / "report" / month / run / f"report-{part}.csv.gz", [legacy(cur_row())])
        (export,) = discover([tmp_path / "report"])
        assert len(export.files) == 4
