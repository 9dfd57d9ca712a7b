"""The vendor's file against FOCUS 1.2, and its arithmetic, which is exact."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import pytest

#: Columns that FOCUS 1.2 makes mandatory (specification, feature level Mandatory).
MANDATORY = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ServiceCategory",
    "ServiceName",
)
#: Mandatory columns that may be empty.
NULLABLE = {"BillingAccountName", "ChargeClass", "ChargeDescription", "PricingQuantity", "PricingUnit"}
#: Every column of FOCUS 1.2 that the file may have besides the mandatory ones.
OTHERS = {
    "BillingAccountType",
    "ChargeFrequency",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedUnitPrice",
    "InvoiceId",
    "ListUnitPrice",
    "PricingCategory",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "SubAccountType",
    "Tags",
}
COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
TIMES = ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd")


@pytest.fixture(scope="module")
def charges(written) -> list[dict[str, str]]:
    with written.vendor.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def usage(charges) -> list[dict[str, str]]:
    return [charge for charge in charges if charge["ChargeCategory"] == "Usage"]


def test_all_mandatory_columns_and_no_unknown_one(charges):
    columns = set(charges[0])
    assert columns >= set(MANDATORY)
    unknown = columns - set(MANDATORY) - OTHERS
    assert unknown == {"x_Model"}


@pytest.mark.parametrize("column", sorted(set(MANDATORY) - NULLABLE))
def test_a_mandatory_column_that_may_not_be_null_never_is(charges, column):
    assert all(charge[column] for charge in charges)


def test_about_ten_thousand_charges(charges):
    assert 9_500 <= len(charges) <= 10_500


def test_a_month_of_the_latest_year_costs_fifteen_to_thirty_thousand(charges):
    months: dict[str, Decimal] = defaultdict(Decimal)
    for charge in charges:
        months[charge["BillingPeriodStart"][:7]] += Decimal(charge["BilledCost"])
    assert sorted(months)[0] == "2025-02"
    assert len(months) == 21
    whole = [months[month] for month in sorted(months)[9:-1]]
    assert all(15_000 < cost < 30_000 for cost in whole)
    assert whole[-1] > Decimal("1.4") * whole[0]


@pytest.mark.parametrize("column", TIMES)
def test_times_are_utc_in_iso_8601(charges, column):
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", charge[column]) for charge in charges)


def test_periods_end_after_they_begin_and_charges_lie_in_their_billing_period(charges):
    for charge in charges:
        start, end, first, last = (datetime.fromisoformat(charge[column]) for column in TIMES)
        assert start <= first < last <= end


def test_tokens_are_whole_numbers_and_named(usage):
    assert {charge["ConsumedUnit"] for charge in usage} == {"Tokens"}
    assert all(re.fullmatch(r"[1-9][0-9]*", charge["ConsumedQuantity"]) for charge in usage)


def test_meters_count_input_cached_input_and_output(usage):
    assert {charge["SkuMeter"] for charge in usage} == {"Input tokens", "Cached input tokens", "Output tokens"}


def test_consumed_quantity_is_the_pricing_quantity_in_tokens(usage):
    for charge in usage:
        assert charge["PricingUnit"] == "1000000 Tokens"
        assert Decimal(charge["PricingQuantity"]) * 1_000_000 == Decimal(charge["ConsumedQuantity"])


def test_consumed_quantity_is_empty_where_nothing_was_used(charges):
    for charge in charges:
        if charge["ChargeCategory"] != "Usage":
            assert (charge["ConsumedQuantity"], charge["ConsumedUnit"]) == ("", "")


def test_costs_are_exact_products_of_price_and_quantity(usage):
    for charge in usage:
        quantity = Decimal(charge["PricingQuantity"])
        assert Decimal(charge["ListCost"]) == quantity * Decimal(charge["ListUnitPrice"])
        assert Decimal(charge["ContractedCost"]) == quantity * Decimal(charge["ContractedUnitPrice"])


def test_billed_and_effective_are_the_contracted_cost(charges):
    for charge in charges:
        assert charge["BilledCost"] == charge["EffectiveCost"] == charge["ContractedCost"]


@pytest.mark.parametrize("column", COSTS)
def test_costs_are_plain_decimals(charges, column):
    assert all(re.fullmatch(r"-?\d+(\.\d*[1-9])?", charge[column]) for charge in charges)


def test_ten_per_cent_off_from_march(usage):
    for charge in usage:
        listed, charged = Decimal(charge["ListUnitPrice"]), Decimal(charge["ContractedUnitPrice"])
        share = Decimal("0.9") if charge["ChargePeriodStart"] >= "2026-03-01" else 1
        assert charged == listed * share


def test_the_large_model_became_cheaper_on_the_first_of_may_under_a_new_price(usage):
    prices: dict[tuple[str, bool], set[tuple[str, str]]] = defaultdict(set)
    for charge in usage:
        if charge["x_Model"] == "lumen-large":
            after = charge["ChargePeriodStart"] >= "2026-05-01"
            prices[charge["SkuMeter"], after].add((charge["ListUnitPrice"], charge["SkuPriceId"][-1]))
    assert prices == {
        ("Input tokens", False): {("3", "1")},
        ("Input tokens", True): {("2.5", "2")},
        ("Cached input tokens", False): {("0.3", "1")},
        ("Cached input tokens", True): {("0.25", "2")},
        ("Output tokens", False): {("15", "1")},
        ("Output tokens", True): {("12.5", "2")},
    }


def test_the_small_model_became_cheaper_in_september_2025_and_the_coding_model_kept_its_prices(usage):
    prices: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for charge in usage:
        if charge["x_Model"] != "lumen-large":
            prices[charge["x_Model"], charge["SkuMeter"]].setdefault(
                charge["ListUnitPrice"], charge["ChargePeriodStart"]
            )
    assert {key: list(found) for key, found in prices.items()} == {
        ("lumen-mini", "Input tokens"): ["0.6", "0.4"],
        ("lumen-mini", "Cached input tokens"): ["0.06", "0.04"],
        ("lumen-mini", "Output tokens"): ["2.4", "1.6"],
        ("lumen-code", "Input tokens"): ["2"],
        ("lumen-code", "Cached input tokens"): ["0.2"],
        ("lumen-code", "Output tokens"): ["10"],
    }
    assert prices["lumen-mini", "Input tokens"]["0.4"] == "2025-09-01T00:00:00Z"


def test_the_model_stands_in_the_price_details_too(usage):
    for charge in usage:
        details = json.loads(charge["SkuPriceDetails"])
        assert details["x_Model"] == charge["x_Model"]
        assert charge["SkuMeter"].startswith(details["x_TokenType"])


def test_tags_are_json_objects_and_one_key_has_none(charges):
    by_key = {}
    for charge in charges:
        if charge["ResourceId"]:
            by_key[charge["ResourceId"]] = json.loads(charge["Tags"])
    assert [key for key, tags in by_key.items() if not tags] == ["key_test-cl"]
    assert {tags.get("team") for tags in by_key.values()} == {
        "support-assistant",
        "Support Assistant",
        "search",
        "recs",
        "FRAUD-ML",
        "data-platform",
        None,
    }


def test_a_row_is_one_day_key_and_meter(usage):
    keys = [(charge["ChargePeriodStart"], charge["ResourceId"], charge["SkuMeter"]) for charge in usage]
    assert len(set(keys)) == len(keys)


def test_the_vendor_is_invented_and_says_so(charges):
    for column in ("ProviderName", "PublisherName", "InvoiceIssuerName", "BillingAccountName", "BillingAccountId"):
        (value,) = {charge[column] for charge in charges}
        assert "sample" in value


def test_its_account_is_not_an_account_of_the_cloud(charges):
    assert {charge["BillingAccountId"] for charge in charges} == {"org-northlight-sample"}


def test_seats_are_bought_once_a_month_at_thirty_dollars(charges):
    seats = [charge for charge in charges if charge["ChargeCategory"] == "Purchase"]
    assert len(seats) == 18
    counts = [int(charge["PricingQuantity"]) for charge in seats]
    assert counts == sorted(counts)
    assert (seats[0]["BillingPeriodStart"][:7], counts[0], counts[-1]) == ("2025-05", 20, 70)
    for charge in seats:
        assert charge["ChargeFrequency"] == "Recurring"
        assert Decimal(charge["BilledCost"]) == 30 * int(charge["PricingQuantity"])
        assert (charge["ChargePeriodStart"], charge["ChargePeriodEnd"]) == (
            charge["BillingPeriodStart"],
            charge["BillingPeriodEnd"],
        )


def test_one_credit_and_it_is_negative(charges):
    (credit,) = [charge for charge in charges if charge["ChargeCategory"] == "Credit"]
    assert Decimal(credit["BilledCost"]) == -1500
    assert credit["BillingPeriodStart"] == "2026-01-01T00:00:00Z"


def test_closed_months_are_invoiced_and_the_open_one_is_not(charges):
    invoices = defaultdict(set)
    for charge in charges:
        invoices[charge["BillingPeriodStart"][:7]].add(charge["InvoiceId"])
    assert invoices.pop("2026-10") == {""}
    assert all(found == {f"LUM-{month.replace('-', '')}"} for month, found in invoices.items())


def test_coding_keys_rest_at_weekends(usage):
    weekdays, weekends = [], []
    for charge in usage:
        if charge["ResourceName"].startswith("coding-") and charge["SkuMeter"] == "Input tokens":
            day = datetime.fromisoformat(charge["ChargePeriodStart"])
            (weekends if day.weekday() >= 5 else weekdays).append(int(charge["ConsumedQuantity"]))
    assert sum(weekends) / len(weekends) < 0.25 * sum(weekdays) / len(weekdays)


def test_the_file_ends_lines_the_same_way_everywhere(written):
    raw = written.vendor.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
