"""Worked examples of the FOCUS specification as oracles: what is billed when, and what is effective when.

Source: FOCUS specification, worked examples, CC BY 4.0 (https://focus.finops.org). The examples carry only the columns
they are about; account, currency and service are filled in here where the example leaves them out.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.periods import Grain
from costlib.store.question import Question
from tests.builders import Row, cube_rows, load_into, opened, write_csv

COMMITMENT = "<my-commitment-discount-id>"
FILLED_IN = {
    "BillingAccountId": "000-00-000",
    "BillingCurrency": "USD",
    "ServiceName": "Example",
    "BillingPeriodStart": "2023-01-01T00:00:00Z",
    "ChargePeriodStart": "2023-01-01T00:00:00Z",
}


def example(**columns: str | None) -> Row:
    """The example's own columns, completed with the mandatory ones that it leaves out."""
    return FILLED_IN | columns


def bought(**columns: str | None) -> Row:
    return example(
        ChargeCategory="Purchase",
        ChargeFrequency="One-Time",
        PricingCategory="Standard",
        ResourceId=COMMITMENT,
        EffectiveCost="0.00",
        CommitmentDiscountId=COMMITMENT,
        CommitmentDiscountStatus="null",
        ConsumedQuantity="null",
        ConsumedUnit="null",
    ) | columns  # fmt: skip


def used(**columns: str | None) -> Row:
    return example(
        ChargeCategory="Usage",
        ChargeFrequency="Usage-Based",
        PricingCategory="Committed",
        ResourceId="<my-resource-id>",
        BilledCost="0.00",
        EffectiveCost="1.00",
        CommitmentDiscountId=COMMITMENT,
        CommitmentDiscountStatus="Used",
        ConsumedQuantity="1.00",
        ConsumedUnit="Hour",
    ) | columns  # fmt: skip


@pytest.fixture
def load(tmp_path):
    """Loads the rows and returns the store."""

    def write_and_load(*rows: Row):
        (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "example.csv", rows))
        assert (done.rows_loaded, done.rows_quarantined) == (len(rows), 0)
        return tmp_path / "store"

    return write_and_load


def costs(root):
    """Billed, effective and list cost by charge category and status of the commitment."""
    columns = "ChargeCategory, CommitmentDiscountStatus, SUM(BilledCost), SUM(EffectiveCost), SUM(ListCost)"
    rows = cube_rows(root, f"SELECT {columns} FROM cube GROUP BY 1, 2")
    return {(category, status): tuple(sums) for category, status, *sums in rows}


def test_a_commitment_paid_up_front_is_billed_and_has_no_effective_cost(load):
    root = load(bought(BilledCost="8760.00"))
    assert costs(root) == {("Purchase", None): (8760, 0, None)}


def test_a_commitment_paid_hour_by_hour_is_billed_each_hour(load):
    hours = ("2023-01-01T00:00:00Z", "2023-01-01T10:00:00Z", "2023-01-01T20:00:00Z")
    rows = [bought(BilledCost="1.00", ChargeFrequency="Recurring", ChargePeriodStart=hour) for hour in hours]
    assert costs(load(*rows)) == {("Purchase", None): (3, 0, None)}


def test_covered_usage_is_effective_and_not_billed(load):
    assert costs(load(used())) == {("Usage", "Used"): (0, 1, None)}


def test_an_unused_commitment_is_usage_without_quantity(load):
    root = load(
        used(ResourceId=COMMITMENT, CommitmentDiscountStatus="Unused", ConsumedQuantity="null", ConsumedUnit="null")
    )
    assert costs(root) == {("Usage", "Unused"): (0, 1, None)}
    assert cube_rows(root, "SELECT ConsumedQuantity, ConsumedUnit FROM cube") == [(None, None)]


def test_a_commitment_wholly_used_costs_the_same_either_way(load):
    root = load(
        bought(BilledCost="1.50", ListCost="3.00", ChargeFrequency="Recurring"),
        used(EffectiveCost="1.50", ListCost="3.00", ResourceId="<my-large-vm-id>"),
    )
    assert costs(root) == {
        ("Purchase", None): (Decimal("1.5"), 0, 3),
        ("Usage", "Used"): (0, Decimal("1.5"), 3),
    }
    assert cube_rows(root, "SELECT SUM(BilledCost) = SUM(EffectiveCost) FROM cube") == [(True,)]


def test_a_spend_agreement_is_billed_as_used_and_its_rest_at_the_end(load):
    """48 + 120 + 60 used of 1,200 agreed leave 972; dates are written 4/1/25."""
    agreed = {"ServiceCategory": "Database", "ServiceName": "AwesomeDB", "ProviderName": "Acme Co"}
    months = [("4/1/25", "48", "60", "4"), ("5/1/25", "120", "150", "10"), ("6/1/25", "60", "75", "5")]
    rows = [
        example(**agreed, ChargeCategory="Usage", ChargeFrequency="Usage-Based", BilledCost=cost, EffectiveCost=cost,
                ContractedCost=cost, ListCost=listed, ConsumedQuantity=hours, ConsumedUnit="Server Hours",
                BillingPeriodStart=month, ChargePeriodStart=month)
        for month, cost, listed, hours in months
    ]  # fmt: skip
    rest = example(**agreed, ChargeCategory="Usage", ChargeFrequency="One-Time", BilledCost="972", EffectiveCost="972",
                   ContractedCost="972", ListCost="972", ConsumedQuantity=None, ConsumedUnit=None,
                   BillingPeriodStart="3/1/26", ChargePeriodStart="4/1/25")  # fmt: skip
    root = load(*rows, rest)
    with opened(root) as reader:
        billed = reader.ask(Question(by=("BillingPeriodStart",), measure="BilledCost"))
        usage = reader.ask(Question(measure="BilledCost", grain=Grain.MONTH))
        (quantity,) = reader.ask(Question(measure="ConsumedQuantity"))
    assert {row.values[0]: row.amount for row in billed} == {
        "2025-04-01": 48,
        "2025-05-01": 120,
        "2025-06-01": 60,
        "2026-03-01": 972,
    }
    assert [(str(row.period), row.amount) for row in usage] == [
        ("2025-04-01", 1020),
        ("2025-05-01", 120),
        ("2025-06-01", 60),
    ]
    assert (quantity.amount, quantity.unknown) == (19, 1)
    assert sum(row.amount for row in billed) == 1200


def test_an_upfront_payment_in_dollars_commas_and_blanks(load):
    price = "$10,000.00 "
    root = load(
        example(BillingAccountId="12345", ServiceName="ACMECORP Service", ProviderName="ACMECORP", BilledCost=price,
                EffectiveCost=price, ListCost=price, ContractedCost=price, ChargeCategory="Purchase",
                ChargeFrequency="One-Time", BillingPeriodStart="4/1/25", ChargePeriodStart="4/1/25")
    )  # fmt: skip
    assert cube_rows(
        root,
        "SELECT BilledCost, EffectiveCost, ListCost, ContractedCost, ServiceProviderName, "
        "CAST(ChargePeriodStart AS VARCHAR), CAST(BillingPeriodStart AS VARCHAR) FROM cube",
    ) == [(10000, 10000, 10000, 10000, "ACMECORP", "2025-04-01", "2025-04-01")]


def test_tokens_bought_ahead_are_billed_and_effective_only_when_used(load):
    root = load(
        example(BillingAccountId="12345", ServiceName="ACMECORP SERVICE", ChargeCategory="Purchase",
                ChargeFrequency="One-Time", BilledCost="200000.00", EffectiveCost="0.00", ListCost="200000.00",
                ContractedCost="200000.00", PricingQuantity="100000", PricingUnit="Token", ResourceId="abcde",
                BillingPeriodStart="4/1/25", ChargePeriodStart="4/1/25")
    )  # fmt: skip
    assert costs(root) == {("Purchase", None): (200000, 0, 200000)}
    assert cube_rows(root, "SELECT PricingQuantity, ConsumedQuantity FROM cube") == [(100000, None)]
