"""The columns of CUR 2.0: names, types, and what may stand in them."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from costlib.sample.columns import PRODUCT_NAMES, SCHEMA

#: From AWS's CUR 2.0 table dictionary: what a reader of bills cannot do without, and its type.
NEEDED = {
    "bill_bill_type": "string",
    "bill_billing_period_end_date": "timestamp[ms]",
    "bill_billing_period_start_date": "timestamp[ms]",
    "bill_invoice_id": "string",
    "bill_invoicing_entity": "string",
    "bill_payer_account_id": "string",
    "bill_payer_account_name": "string",
    "cost_category": "map<string, string>",
    "identity_line_item_id": "string",
    "identity_time_interval": "string",
    "line_item_availability_zone": "string",
    "line_item_currency_code": "string",
    "line_item_legal_entity": "string",
    "line_item_line_item_description": "string",
    "line_item_line_item_type": "string",
    "line_item_operation": "string",
    "line_item_product_code": "string",
    "line_item_resource_id": "string",
    "line_item_tax_type": "string",
    "line_item_unblended_cost": "double",
    "line_item_unblended_rate": "string",
    "line_item_usage_account_id": "string",
    "line_item_usage_account_name": "string",
    "line_item_usage_amount": "double",
    "line_item_usage_end_date": "timestamp[ms]",
    "line_item_usage_start_date": "timestamp[ms]",
    "line_item_usage_type": "string",
    "pricing_public_on_demand_cost": "double",
    "pricing_public_on_demand_rate": "string",
    "pricing_purchase_option": "string",
    "pricing_rate_code": "string",
    "pricing_rate_id": "string",
    "pricing_term": "string",
    "pricing_unit": "string",
    "product": "map<string, string>",
    "product_instance_type": "string",
    "product_region_code": "string",
    "product_servicecode": "string",
    "product_sku": "string",
    "reservation_effective_cost": "double",
    "reservation_reservation_a_r_n": "string",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "double",
    "reservation_unused_recurring_fee": "double",
    "resource_tags": "map<string, string>",
    "savings_plan_end_time": "string",
    "savings_plan_recurring_commitment_for_billing_period": "double",
    "savings_plan_savings_plan_a_r_n": "string",
    "savings_plan_savings_plan_effective_cost": "double",
    "savings_plan_savings_plan_rate": "string",
    "savings_plan_start_time": "string",
    "savings_plan_total_commitment_to_date": "string",
    "savings_plan_used_commitment": "string",
}
ACCOUNTS = {"111122223333", "444455556666", "777788889999", "123456789012", "222222222222"}


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_needed_column_has_the_type_that_aws_writes(name):
    assert str(SCHEMA.field(name).type) == NEEDED[name]


def test_no_column_of_net_costs_or_split_cost_allocation():
    assert not [name for name in SCHEMA.names if "_net_" in name or name.startswith("split_line_item_")]


def test_no_column_is_named_twice():
    assert len(set(SCHEMA.names)) == len(SCHEMA.names)


def test_no_cell_is_null(bills):
    """AWS writes the empty text, zero and the empty map; a null would be our invention."""
    for name in SCHEMA.names:
        (nulls,) = bills.row(f"SELECT count(*) FILTER ({name} IS NULL) FROM bill")
        assert nulls == 0, name


def test_line_items_have_ids_of_their_own(bills):
    count, different, shortest, longest = bills.row(
        "SELECT count(*), count(DISTINCT identity_line_item_id), min(length(identity_line_item_id)), "
        "max(length(identity_line_item_id)) FROM bill"
    )
    assert count == different
    assert (shortest, longest) == (52, 52)


def test_accounts_are_reserved_examples_and_text(bills):
    found = {account for (account,) in bills.rows("SELECT DISTINCT line_item_usage_account_id FROM bill")}
    assert found == ACCOUNTS
    assert bills.rows("SELECT DISTINCT bill_payer_account_id FROM bill") == [("111122223333",)]


def test_everything_is_in_dollars(bills):
    assert bills.rows("SELECT DISTINCT line_item_currency_code, pricing_currency FROM bill") == [("USD", "USD")]


def test_a_line_item_covers_an_hour_of_a_machine_or_a_day_or_a_month(bills):
    rows = bills.rows(
        "SELECT DISTINCT line_item_line_item_type, product_instance_type <> '' AS machine, "
        "date_diff('hour', line_item_usage_start_date, line_item_usage_end_date) AS length FROM bill"
    )
    lengths: dict[tuple[str, bool], set[int]] = {}
    for kind, machine, length in rows:
        lengths.setdefault((kind, machine), set()).add(length)
    assert {kind for kind, found in lengths.items() if found == {1}} == {
        ("Usage", True),
        ("SavingsPlanCoveredUsage", True),
        ("SavingsPlanNegation", True),
    }
    assert {kind for kind, found in lengths.items() if found == {24}} == {
        ("Usage", False),
        ("SavingsPlanRecurringFee", False),
        ("Refund", False),
    }
    for kind in ("Tax", "Fee", "Credit"):
        assert lengths[kind, False] <= {24 * 28, 24 * 30, 24 * 31}


def test_every_hour_of_the_day_is_billed(bills):
    (hours,) = bills.row("SELECT count(DISTINCT hour(line_item_usage_start_date)) FROM bill")
    assert hours == 24


def test_the_time_interval_repeats_start_and_end(bills):
    (different,) = bills.row(
        "SELECT count(*) FROM bill WHERE identity_time_interval <> "
        "strftime(line_item_usage_start_date, '%Y-%m-%dT%H:%M:%SZ') || '/' || "
        "strftime(line_item_usage_end_date, '%Y-%m-%dT%H:%M:%SZ')"
    )
    assert different == 0


def test_usage_days_run_from_november_to_the_twentieth_of_october_without_a_gap(bills):
    first, last, count = bills.row(
        "SELECT min(line_item_usage_start_date)::VARCHAR, max(line_item_usage_start_date)::VARCHAR, "
        "count(DISTINCT line_item_usage_start_date::DATE) FROM bill WHERE line_item_line_item_type = 'Usage'"
    )
    assert (first[:10], last[:10], count) == ("2024-11-01", "2026-10-20", 719)


def test_a_billing_period_is_the_calendar_month_of_its_folder(written, bills):
    for folder in (written.cur / "data").iterdir():
        rows = bills.rows(
            "SELECT DISTINCT strftime(bill_billing_period_start_date, '%Y-%m-%d'), bill_billing_period_end_date = "
            f"bill_billing_period_start_date + INTERVAL 1 MONTH FROM read_parquet('{folder.as_posix()}/*.parquet', "
            "hive_partitioning = false)"
        )
        assert rows == [(f"{folder.name.removeprefix('BILLING_PERIOD=')}-01", True)]


def test_closed_months_have_an_invoice_each_and_the_open_month_has_none(bills):
    rows = bills.rows(
        "SELECT strftime(bill_billing_period_start_date, '%Y-%m') AS month, list(DISTINCT bill_invoice_id) "
        "FROM bill GROUP BY month ORDER BY month"
    )
    invoices = [found for _, found in rows]
    assert invoices[-1] == [""]
    assert all(len(found) == 1 and found[0].isdigit() for found in invoices[:-1])
    assert len({found[0] for found in invoices}) == 24


@pytest.mark.parametrize("column", ["line_item_unblended_rate", "pricing_public_on_demand_rate"])
def test_rates_are_plain_decimals_without_exponent(bills, column):
    for (rate,) in bills.rows(f"SELECT DISTINCT {column} FROM bill"):
        assert rate == "" or re.fullmatch(r"[0-9]+(\.[0-9]*[1-9])?", rate), rate


def test_every_product_code_has_its_name_in_the_product_map(bills):
    rows = bills.rows("SELECT DISTINCT line_item_product_code, product['product_name'] FROM bill")
    assert dict(rows) == PRODUCT_NAMES
    assert len(rows) == len(PRODUCT_NAMES)


def test_instances_name_their_type_in_usage_type_and_product(bills):
    rows = bills.rows(
        "SELECT DISTINCT line_item_usage_type, product_instance_type FROM bill "
        "WHERE line_item_product_code IN ('AmazonEC2', 'AmazonSageMaker') AND product_instance_type <> ''"
    )
    assert len(rows) > 15
    assert all(usage_type.endswith(kind) for usage_type, kind in rows)


def test_one_sku_means_one_service_usage_type_and_operation(bills):
    rows = bills.rows(
        "SELECT product_sku, count(DISTINCT (line_item_product_code, line_item_usage_type, line_item_operation)) "
        "FROM bill WHERE product_sku <> '' GROUP BY product_sku"
    )
    assert len(rows) > 60
    assert {count for _, count in rows} == {1}


def test_resource_tags_use_the_key_spelling_of_cur_2(bills):
    keys = {key for (key,) in bills.rows("SELECT DISTINCT unnest(map_keys(resource_tags)) FROM bill")}
    assert {"user_team", "user_model", "user_stage", "user_environment", "user_project"} <= keys
    assert {"user_cost_center", "user_business_unit"} <= keys
    assert all(re.fullmatch(r"(user|aws)_[a-z_]+", key) for key in keys)


def test_schema_has_no_type_that_the_manifest_cannot_name():
    assert {str(field.type) for field in SCHEMA} == set(NEEDED.values())
    assert isinstance(SCHEMA, pa.Schema)
